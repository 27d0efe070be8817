"""Builders for the pure rules: loads, reports and facts with defaults. All of it is SAMPLE data."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.alert import Alert, End, Notice, notice
from bot.domain.assess import assess
from bot.domain.assessment import Assessment, Hold
from bot.domain.clearance import fold
from bot.domain.coverage import UNCOVERED, Ear, Hearing, Liveness
from bot.domain.facts import About, BrokerFacts, Facts
from bot.domain.kinds import Kind, Level
from bot.domain.load import Direction, Load, LoadKind, Shipment, ShipmentType
from bot.domain.manifest import Manifest, manifest_of
from bot.domain.numbers import NumberKind
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track

ETA = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)
POLICY = Policy()
HOME = ZoneInfo("America/Toronto")
CCN = "9XYZPARS000123"
ALIVE = Hearing(Ear("rns", Liveness.ALIVE))
CANT_TELL = Hearing(Ear("rns", Liveness.CANT_TELL))
DEAD = Hearing(Ear("rns", Liveness.DEAD))
MINUTE = timedelta(minutes=1)

_TRACKS = {
    Status.MATCHED: Track.MATCH,
    Status.NOT_MATCHED: Track.MATCH,
    Status.NO_CARGO: Track.MATCH,
    Status.ON_FILE: Track.MANIFEST,
    Status.HOLD_REMOVED: Track.AGENCY,
    Status.ARRIVED: Track.ARRIVAL,
}


def before(hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """A moment before the ETA (negative: after it)."""
    return ETA - timedelta(hours=hours, minutes=minutes, seconds=seconds)


def a_report(status: Status, prepared: datetime | None = None, **more: Any) -> Report:
    """One customs report, prepared 9 h before the ETA and received a minute later, on its usual track."""
    prepared = prepared or before(9)
    fields: dict[str, Any] = {
        "kind": NumberKind.CCN,
        "key": CCN,
        "raw": status.value,
        "track": _TRACKS.get(status, Track.RELEASE),
        "feed": "rns",
        "received": prepared + MINUTE,
        "prepared": prepared,
    }
    return Report(status=status, **(fields | more))


def a_word(status: Status = Status.READY, at: datetime | None = None, **more: Any) -> Report:
    """What a person was told by telephone: `READY` accepted, `NO_RELEASE` not filed."""
    at = at or before(3)
    return a_report(status, at, **({"received": at, "authority": Authority.PERSON, "feed": "", "by": "Maria"} | more))


def a_shipment(id_: str = "s1", **more: Any) -> Shipment:
    """A PARS with its number, by PCB, papers sent 9 h before the ETA."""
    fields: dict[str, Any] = {"type": ShipmentType.PARS, "ccn": CCN, "broker": "PCB", "papers_sent": before(9)}
    return Shipment(id_, **(fields | more))


def a_load(**more: Any) -> Load:
    """A loaded truck into Canada, known for two days, with one PARS."""
    fields: dict[str, Any] = {
        "id": "l1",
        "number": "SAMPLE-1234",
        "direction": Direction.CA,
        "kind": LoadKind.LOADED,
        "known_at": before(48),
        "trips": ("9XYZ77001",),
        "eta": ETA,
        "shipments": (a_shipment(),),
    }
    return Load(**(fields | more))


def on_file(prepared: datetime | None = None, **more: Any) -> Report:
    """The trip's manifest accepted, eight hours before the ETA."""
    return a_report(Status.ON_FILE, prepared or before(8), key="9XYZ77001", **({"kind": NumberKind.TRIP} | more))


def about(
    reports: Sequence[Report] = (),
    words: Sequence[Report] = (),
    hearing: Hearing = ALIVE,
    broker: BrokerFacts | None = None,
    **more: Any,
) -> About:
    """Facts of one shipment that a live feed covers."""
    return About(fold(reports, words), hearing, broker or BrokerFacts("PCB"), **more)


def the_facts(
    *shipments: About, trip: Iterable[Report] | None = None, manifest_hearing: Hearing = ALIVE, **more: Any
) -> Facts:
    """Facts of a load whose shipments are s1, s2 …; its manifest is accepted unless `trip` says otherwise."""
    manifest: Manifest = manifest_of([on_file()] if trip is None else list(trip))
    found = {f"s{n}": one for n, one in enumerate(shipments, 1)}
    return Facts(about=found, manifest=manifest, manifest_hearing=manifest_hearing, **more)


def see(
    now: datetime,
    *reports: Report,
    words: Sequence[Report] = (),
    load: Load | None = None,
    policy: Policy = POLICY,
    **more: Any,
) -> Assessment:
    """What the rules say at a moment of a load with one shipment; `more` goes to `about`."""
    return assess(load or a_load(), the_facts(about(reports, words, **more)), policy, now)


def hold(found: Assessment, kind: Kind) -> Hold | None:
    """The hold of that kind, standing or waited for."""
    return next((h for h in found.holds if h.kind is kind), None)


def level_of(found: Assessment, kind: Kind) -> Level | None:
    """The level of that kind; None when it does not stand."""
    one = hold(found, kind)
    return one.level if one else None


def kinds(found: Assessment) -> set[Kind]:
    """All kinds that stand or are waited for."""
    return {h.kind for h in found.holds}


def tell(
    alert: Alert | None, found: Assessment, now: datetime, policy: Policy = POLICY, end: End | None = None
) -> Notice:
    """`notice` at the carrier's home."""
    return notice(alert, found, now, policy, HOME, end)


NOBODY = UNCOVERED
