"""Briefs of loads whose importer is not CARM OK, by the real rules."""

from datetime import datetime
from typing import Any

from bot.domain.brief import Brief
from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.verdict import readiness
from bot.domain.facts import CarmFacts
from tests.domain.carm.says import ACME, BROKER, FEED, known, rules, say
from tests.handlers.briefs import about, before, one, pars

ROOMY = pars(papers=1.9)


def facts(*told: Evidence, now: datetime | None = None) -> CarmFacts:
    """ACME as importer, by these words."""
    return CarmFacts(readiness([known(), *told], ACME, now or before(1.8), rules()), rules())


def said(item: Item, state: str, source: Any = BROKER, hours: float = 100, **more: Any) -> Evidence:
    """A word of some hours before the ETA."""
    return say(item, state, source, before(hours), **more)


def of(*told: Evidence, papers: float = 1.9) -> Any:
    """A load whose importer stands so."""

    def made(hours: float) -> Brief:
        return one(pars(papers=papers), about(carm=facts(*told, now=before(hours))), hours)

    return made


CARM = {
    "carm": of(said(Item.RPP, "suspended")),
    "carm-pending": of(
        said(Item.DELEGATION, "pending", broker="pcb"), said(Item.LAST_GOOD_RELEASE, "released", FEED, broker="pcb")
    ),
    "carm-stale": of(said(Item.RPP, "active", Source.IMPORTER_SAID, hours=24 * 120), papers=6),
}
