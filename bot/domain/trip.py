"""The trip's manifest at one moment (RULES A3; K, `our_manifest`)."""

import re

from bot.domain.assessment import But, Condition, Hold, evidence
from bot.domain.bench import Bench, heard, said_by
from bot.domain.clock import by_manifest
from bot.domain.journey import NUMBERED
from bot.domain.kinds import Cause, Kind
from bot.domain.load import Direction
from bot.domain.order import latest, outdates, said_at
from bot.domain.report import Report
from bot.domain.status import Authority

#: Names of two letters or more: an initial tells nobody apart.
_NAME = re.compile(r"[^\W\d_]{2,}")


def manifest(bench: Bench) -> None:
    """The trip's manifest: missing or refused is a hold of our own, unseen a condition, its hour another (A3, K)."""
    load, facts, policy, tick = bench.load, bench.facts, bench.policy, bench.tick
    found, hearing = facts.manifest, facts.manifest_hearing
    if found.rejected is not None:
        since = found.rejected.received or load.known_at
        detail = {"rejected": "yes"}
        if found.rejected.authority is not Authority.PERSON:
            detail |= said_by(found.rejected)
        missing = by_manifest(bench.eta.at, policy, bench.grace)
        bench.fact_hold(Kind.OUR_MANIFEST, "", found.rejected, since, missing, detail=detail)
        return
    _names(bench)
    unread = latest(r for r in (found.unread, facts.journey.unread) if r is not None)
    if unread is not None and (found.accepted is not None or hearing.ear is None):
        bench.fact_hold(Kind.UNREAD, "", unread, unread.received or load.known_at, detail=said_by(unread))
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


def held(bench: Bench) -> None:
    """Customs holds the truck itself: nothing is said of which shipment it is about."""
    word = bench.facts.journey.held
    if word is not None:
        since = word.received or bench.load.known_at
        bench.fact_hold(Kind.EXAM, "", word, since, detail=said_by(word))


def against(bench: Bench) -> None:
    """Bad news of a trip of several shipments takes away a go until each of them has a later good word: it does not
    say of which it is (F8). That of a trip with one shipment stands in the fold of this one."""
    word, load = bench.facts.journey.against, bench.load
    numbered = [s for s in load.shipments if s.type in NUMBERED]
    if word is None or (len(load.shipments) == 1 and numbered):
        return
    told = [bench.facts.about[s.id].clearance for s in numbered if s.id in bench.facts.about]
    good = [r for c in told if (r := c.good or c.inbond or c.word) is not None]
    if any(not outdates(r, word) for r in good):
        since = word.received or load.known_at
        bench.fact_hold(Kind.UNREAD, "", word, since, key="which", detail=said_by(word))


def _names(bench: Bench) -> None:
    """The manifest names another truck, trailer or (into the US) driver than the load has (K, `our_manifest`)."""
    for report in bench.facts.journey.named:
        other = _other(bench, report)
        if other:
            what, filed, ours = other
            since = report.received or bench.load.known_at
            level = bench.level(by_manifest(bench.eta.at, bench.policy, max(bench.grace, since)))
            detail = {"names": what, "filed": filed, "ours": ours}
            bench.holds.append(
                Hold(
                    Kind.OUR_MANIFEST,
                    "",
                    Cause.OURS,
                    level,
                    fact=True,
                    stops=True,
                    since=since,
                    key="names",
                    evidence=evidence(report),
                    detail=detail,
                )
            )
            return


def _other(bench: Bench, report: Report) -> tuple[str, str, str] | None:
    """What the manifest names otherwise: (truck, trailer or driver, as filed, as the load has it)."""
    ours = {"truck": bench.load.truck, "trailer": bench.load.trailer}
    if bench.load.direction is Direction.US:
        ours["driver"] = bench.load.driver
    for what, own in ours.items():
        filed = [text for kind, text in report.carries if kind == what and text.strip()]
        if own and filed and not any(_same(what, own, text) for text in filed):
            return what, ", ".join(filed), own
    return None


def _same(what: str, own: str, filed: str) -> bool:
    """Whether two texts name the same unit, whatever spaces and dashes; a person by any name they share."""
    if what == "driver":
        return not set(_NAME.findall(own.casefold())).isdisjoint(_NAME.findall(filed.casefold()))
    return _key(own) == _key(filed)


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper())).lstrip("0")
