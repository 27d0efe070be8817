"""What can stand against a shipment whose release is good: another filer, another port, an agency, an unread word."""

from datetime import datetime

from bot.domain.assessment import But, Condition, Hold, evidence
from bot.domain.bench import Bench, checking, said_by
from bot.domain.clock import by_clock
from bot.domain.facts import About
from bot.domain.kinds import KINDS, Cause, Kind, Level
from bot.domain.load import Direction, Shipment, ShipmentType
from bot.domain.numbers import filer_of, filers_for
from bot.domain.order import outdates, said_at
from bot.domain.report import Report
from bot.domain.status import Status

#: A transaction number that begins so means the importer pays at the port (carm.md).
PAY_AT_PORT = "00000"


def doubts_on_good(bench: Bench, shipment: Shipment, about: About, good: Report) -> None:
    clearance = about.clearance
    odd = clearance.unread if clearance.good is not None else clearance.unreadable
    if odd is not None and (clearance.good is not None or not outdates(good, odd)):
        unread(bench, shipment, odd)
    if clearance.refiled is not None:
        since = clearance.refiled.received or bench.load.known_at
        checking(bench, shipment, clearance.refiled, since, {"refiled": clearance.refiled.transaction})
    if clearance.dispute is not None:
        bench.buts.append(Condition(But.DISPUTED, shipment.id, detail=clearance.dispute.by or clearance.dispute.feed))
    if clearance.conditional:
        bench.buts.append(Condition(But.CFIA, shipment.id, detail=good.note))
    southbound = bench.load.direction is Direction.US
    if good.transaction.startswith(PAY_AT_PORT) and not southbound:
        bench.buts.append(Condition(But.PAY_AT_PORT, shipment.id))
    if shipment.type is ShipmentType.INBOND:
        bench.buts.append(Condition(But.INBOND, shipment.id))
    filers = filers_for(about.broker.filers, southbound=southbound) if about.broker else frozenset()
    named = good.transaction if good.status is Status.READY else ""
    known = filers if southbound else filers | {PAY_AT_PORT}
    if filers and named and named not in about.filer_ok and filer_of(named, southbound=southbound) not in known:
        since = good.received or said_at(good)
        bench.fact_hold(Kind.OTHER_FILER, shipment.id, good, since, detail={"transaction": named})


def too_early(bench: Bench, shipment: Shipment, about: About) -> None:
    """Customs warns that the truck may come before its review time is over (border-formats 2.2, 8.2)."""
    if about.clearance.too_early is not None and not about.clearance.released:
        bench.buts.append(Condition(But.TOO_EARLY, shipment.id))


def stale(bench: Bench, shipment: Shipment, about: About, good: Report) -> None:
    """An acceptance that customs was asked to confirm and did not (K, `stale`): a condition, and `warn` near the ETA.

    Before the answer is due it is only an open question; a released shipment is asked no more.
    """
    asked = about.asked
    if asked is None or asked.answered is not None or good.status is not Status.READY or said_at(good) > asked.at:
        return
    if not bench.tick.passed(asked.at + bench.policy.answer_within):
        return
    when = asked.at.isoformat()
    bench.buts.append(Condition(But.STALE, shipment.id, detail=f"{when} {asked.of}".rstrip()))
    steps = ((Level.WARN, max(asked.at, bench.eta.at - bench.policy.stale_before)),)
    level, row = bench.level(steps), KINDS[Kind.STALE]
    if level is None:
        return
    bench.holds.append(
        Hold(
            Kind.STALE,
            shipment.id,
            row.cause,
            min(level, Level.WARN),
            fact=False,
            stops=False,
            since=asked.at,
            evidence=evidence(good),
            detail={"asked": when} | ({"of": asked.of} if asked.of else {}),
        )
    )


def unread(bench: Bench, shipment: Shipment, report: Report) -> None:
    since = report.received or said_at(report)
    bench.fact_hold(Kind.UNREAD, shipment.id, report, since, detail=said_by(report))


def port(bench: Bench, shipment: Shipment, about: About) -> None:
    clearance, crossings = about.clearance, bench.facts.crossings
    named = clearance.good or clearance.last
    if crossings is None or named is None or not named.office or clearance.released:
        return
    if shipment.type not in (ShipmentType.PARS, ShipmentType.PAPS) or named.sub_location.strip("0"):
        return
    if not crossings.fits(named.office, bench.facts.crossing, bench.load.direction):
        since = named.received or said_at(named)
        bench.fact_hold(Kind.PORT_MISMATCH, shipment.id, named, since, detail={"office": named.office})


def agency(bench: Bench, shipment: Shipment, about: About, due: datetime) -> None:
    if not shipment.agency or about.agency_ok or about.clearance.released:
        return
    if shipment.agency.upper() in about.clearance.confirmed:
        return
    start = max(due, bench.eta.at - bench.policy.agency_before)
    steps = by_clock(start, bench.eta.at, bench.policy, papers_known=True, deciding=False, not_before=bench.grace)
    if bench.load.direction is Direction.US and "FDA" in shipment.agency.upper():
        # Prior notice must reach the FDA two hours before arrival by road: after that no call mends it in time.
        steps += ((Level.CRITICAL, max(bench.eta.at - bench.policy.fda_before, bench.grace)),)
    bench.holds.append(
        Hold(
            Kind.AGENCY_PENDING,
            shipment.id,
            Cause.BROKER,
            bench.level(steps),
            fact=False,
            stops=True,
            detail={"agency": shipment.agency},
        )
    )
