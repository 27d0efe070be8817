"""The importer's own security before customs speaks: the hold `carm` (RULES K), and what joins another's cause."""

from collections.abc import Mapping

from bot.domain.assessment import Hold
from bot.domain.bench import Bench
from bot.domain.carm.fixes import Fixer, fix_of
from bot.domain.carm.reasons import Verdict
from bot.domain.carm.telling import telling
from bot.domain.carm.verdict import Readiness, holds_from
from bot.domain.facts import About
from bot.domain.kinds import KINDS, Cause, Kind, Level
from bot.domain.load import Direction, Shipment, ShipmentType
from bot.domain.report import Report

#: Who is told of as the one to move, by who can mend it.
_CAUSES = {Fixer.BROKER: Cause.BROKER, Fixer.OWN: Cause.OURS}


def importer(bench: Bench, shipment: Shipment, about: About, good: Report | None) -> None:
    """Adds the hold of an importer that is NOT OK, or whose broker still waits for its access; it waits until the day
    before pickup. NOT KNOWN never holds, and an acceptance of this very shipment ends it."""
    facts = about.carm
    if facts is None or good is not None or not asked_of(bench, shipment):
        return
    _hand_over(bench, facts.readiness)
    start = holds_from(facts.readiness, bench.load.pickup, bench.eta.at, facts.rules)
    if start is None:
        return
    reason = telling(facts.readiness)
    bench.holds.append(
        Hold(
            Kind.CARM,
            shipment.id,
            _CAUSES.get(fix_of(reason).fixer, Cause.IMPORTER),
            bench.level(((Level.WARN, max(start, bench.grace)),)),
            fact=False,
            stops=KINDS[Kind.CARM].stops,
            since=reason.since,
            detail={"start": start.isoformat(), **facts.said},
        )
    )


def asked_of(bench: Bench, shipment: Shipment) -> bool:
    """Whether the shipment needs the importer's own security: only an electronic release into Canada does."""
    return bench.load.direction is Direction.CA and shipment.type is ShipmentType.PARS


def joins(bench: Bench, about: About, cause: Cause) -> Mapping[str, str]:
    """What the readiness adds to a hold for which the broker is called: nothing while the importer is CARM OK."""
    facts = about.carm
    if facts is None or bench.load.direction is not Direction.CA or cause is Cause.OURS:
        return {}
    found = facts.readiness
    if found.verdict is Verdict.OK or not found.reasons:
        return {}
    _hand_over(bench, found)
    return facts.said


def _hand_over(bench: Bench, of: Readiness) -> None:
    """The verdict is exactly valid until this moment (RULES T8)."""
    if of.look_again_at is not None:
        bench.tick.passed(of.look_again_at)
