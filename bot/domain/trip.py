"""The trip's manifest at one moment (RULES A3; K, `our_manifest`)."""

from bot.domain.assessment import But, Condition, Hold
from bot.domain.bench import Bench, heard
from bot.domain.clock import by_manifest
from bot.domain.kinds import Cause, Kind
from bot.domain.load import Direction
from bot.domain.order import said_at


def manifest(bench: Bench) -> None:
    """The trip's manifest: missing or refused is a hold of our own, unseen a condition, its hour another (A3, K)."""
    load, facts, policy, tick = bench.load, bench.facts, bench.policy, bench.tick
    found, hearing = facts.manifest, facts.manifest_hearing
    if found.rejected is not None:
        since = found.rejected.received or load.known_at
        detail = {"code": found.rejected.reason or found.rejected.raw, "rejected": "yes"}
        missing = by_manifest(bench.eta.at, policy, bench.grace)
        bench.fact_hold(Kind.OUR_MANIFEST, "", found.rejected, since, missing, detail=detail)
        return
    if found.accepted is not None:
        fast = load.fast and load.direction is Direction.US
        earliest = said_at(found.accepted) + (policy.manifest_hour_fast if fast else policy.manifest_hour)
        if max(bench.eta.at, tick.now) < earliest and not tick.passed(earliest):
            bench.buts.append(Condition(But.NOT_BEFORE, until=earliest))
        return
    if hearing.ear is None:
        bench.buts.append(Condition(But.MANIFEST_UNSEEN))
        return
    level = bench.level(by_manifest(bench.eta.at, policy, bench.grace))
    detail = heard(hearing) | ({} if load.trips else {"no_trip": "yes"})
    if facts.outage_on:
        bench.hidden += 1
        level, detail = None, {"outage": "on"}
    kind, replaces = (Kind.UNWATCHED, Kind.OUR_MANIFEST) if hearing.deaf else (Kind.OUR_MANIFEST, None)
    bench.holds.append(Hold(kind, "", Cause.OURS, level, fact=False, stops=True, replaces=replaces, detail=detail))
