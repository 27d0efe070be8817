"""Builders for CARM: words about one importer, made in a line each."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.plan import Plan
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import Readiness, readiness

ET = ZoneInfo("America/Toronto")
FEED, BROKER, PORTAL, IMPORTER, STAFF, FILE = Source
ACME = Subject("acme", "0001", "pcb", "load-1")
_ids = count(1)


@cache
def rules() -> CarmRules:
    return CarmRules.parse(files("bot.domain.carm").joinpath("rules.toml").read_text("utf-8"))


def at(text: str) -> datetime:
    """A moment in CBSA's zone: `2026-11-21 02:10`, or a day at 10:00."""
    moment = datetime.fromisoformat(text if " " in text else f"{text} 10:00")
    return moment.replace(tzinfo=ET).astimezone(UTC)


NOW = at("2026-11-21")


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def say(
    item: Item, state: str, source: Source = BROKER, when: datetime | None = None, *,
    rm: str = "", broker: str = "", load: str = "", until: date | None = None, supersedes: str = "",
    importer: str = "acme", recorded: datetime | None = None,
) -> Evidence:  # fmt: skip
    when = when or days_ago(1)
    return Evidence(
        f"e{next(_ids):06}", importer, item, state, source, when, recorded or when,
        valid_until=until, supersedes=supersedes, rm=rm, broker=broker, load=load,
    )  # fmt: skip


def known() -> Evidence:
    """ACME is importer of record."""
    return say(Item.IOR, "confirmed", IMPORTER, days_ago(60))


def released(when: datetime) -> Evidence:
    return say(Item.LAST_GOOD_RELEASE, "released", FEED, when)


def judged(*evidence: Evidence, now: datetime = NOW, plan: Plan | None = None, of: Subject = ACME) -> Readiness:
    """The verdict with ACME known as importer of record."""
    return readiness([known(), *evidence], of, now, rules(), plan)


def whys(found: Readiness) -> list[str]:
    return [reason.why.value for reason in found.reasons]


def items(found: Iterable[Evidence]) -> list[Item]:
    return [record.item for record in found]
