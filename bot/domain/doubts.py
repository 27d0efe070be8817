"""What can stand against a shipment whose release is good: another filer, another port, an agency, an unread word."""

from datetime import datetime

from bot.domain.assessment import But, Condition, Hold
from bot.domain.bench import Bench, checking
from bot.domain.clock import by_clock
from bot.domain.facts import About
from bot.domain.kinds import Cause, Kind
from bot.domain.load import Shipment, ShipmentType
from bot.domain.numbers import filer_of
from bot.domain.order import outdates, said_at
from bot.domain.report import Report
from bot.domain.status import Status

#: A transaction number that begins so means the importer pays at the port (carm.md).
_PAY_AT_PORT = "00000"


def doubts_on_good(bench: Bench, shipment: Shipment, about: About, good: Report) -> None:
    clearance = about.clearance
    if clearance.unread is not None and (clearance.good is not None or not outdates(good, clearance.unread)):
        unread(bench, shipment, clearance.unread)
    if clearance.refiled is not None:
        since = clearance.refiled.received or bench.load.known_at
        checking(bench, shipment, clearance.refiled, since, {"refiled": clearance.refiled.transaction})
    if clearance.dispute is not None:
        bench.buts.append(Condition(But.DISPUTED, shipment.id, detail=clearance.dispute.by or clearance.dispute.feed))
    if clearance.conditional:
        bench.buts.append(Condition(But.CFIA, shipment.id, detail=good.note))
    if good.transaction.startswith(_PAY_AT_PORT):
        bench.buts.append(Condition(But.PAY_AT_PORT, shipment.id))
    if shipment.type is ShipmentType.INBOND:
        bench.buts.append(Condition(But.INBOND, shipment.id))
    filers = about.broker.filers if about.broker else frozenset()
    named = good.transaction if good.status is Status.READY else ""
    if filers and named and named not in about.filer_ok and filer_of(named) not in filers | {_PAY_AT_PORT}:
        since = good.received or said_at(good)
        bench.fact_hold(Kind.OTHER_FILER, shipment.id, good, since, detail={"transaction": named})


def unread(bench: Bench, shipment: Shipment, report: Report) -> None:
    since = report.received or said_at(report)
    bench.fact_hold(Kind.UNREAD, shipment.id, report, since, detail={"code": report.raw})


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
    start = max(due, bench.eta.at - bench.policy.agency_before)
    steps = by_clock(start, bench.eta.at, bench.policy, papers_known=True, deciding=False, not_before=bench.grace)
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
