"""Random histories of a shipment and of a load, for properties."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.domain.coverage import Hearing
from bot.domain.facts import BrokerFacts, Facts
from bot.domain.load import Direction, Load, LoadKind, ShipmentType
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from tests.domain.builders import (
    ALIVE,
    CANT_TELL,
    DEAD,
    ETA,
    MINUTE,
    NOBODY,
    a_load,
    a_report,
    a_shipment,
    a_word,
    about,
    before,
    on_file,
    the_facts,
)

SENDERS = [("rns", Authority.CUSTOMS), ("d4", Authority.CUSTOMS), ("pcb", Authority.BROKER)]
ONE, TWO = "12345000067897", "12345000067900"
_AGENCY = [Status.HELD, Status.HOLD_REMOVED, Status.WARNING]
_MANIFEST = [Status.ON_FILE, Status.REJECTED, Status.CANCELLED]
_RELEASE = [s for s in Status if s not in (Status.HOLD_REMOVED, Status.ACQUITTED, Status.ARRIVED)]
_LIKELY = [Status.MATCHED, Status.READY, Status.READY, Status.READY, Status.NOT_MATCHED, Status.RELEASED]


@st.composite
def reports(draw: Callable, most: int = 7, minutes: tuple[int, int] = (-60, 720)) -> list[Report]:
    """Reports prepared in different minutes, received in the order in which they were prepared."""
    spots = sorted(draw(st.lists(st.integers(*minutes), max_size=most, unique=True)), reverse=True)
    found: list[Report] = []
    arrived = before(1000)
    for number, spot in enumerate(spots):
        prepared = before(minutes=spot)
        arrived = max(arrived + timedelta(seconds=1), prepared + draw(st.integers(0, 3)) * MINUTE)
        found.append(replace(draw(one_report()), prepared=prepared, received=arrived, ref=f"r{number}"))
    return found


@st.composite
def one_report(draw: Callable) -> Report:
    """One report of any sense on a track where it makes some."""
    track = draw(st.sampled_from([Track.RELEASE, Track.RELEASE, Track.MATCH, Track.AGENCY, Track.MANIFEST]))
    feed, authority = draw(st.sampled_from(SENDERS))
    statuses = {Track.AGENCY: _AGENCY, Track.MANIFEST: _MANIFEST}.get(track)
    status = draw(st.sampled_from(statuses) if statuses else st.sampled_from(_LIKELY) | st.sampled_from(_RELEASE))
    return a_report(
        status,
        track=track,
        feed=feed,
        authority=authority,
        transaction=draw(st.sampled_from(["", "", ONE, ONE, TWO])),
        reason=draw(st.sampled_from(["", "", "docs", "464"])),
        hold_key=draw(st.sampled_from(["", "cfia"])) if track is Track.AGENCY else "",
    )


@st.composite
def words(draw: Callable) -> list[Report]:
    """Up to two telephone words."""
    found = []
    for minutes in draw(st.lists(st.integers(-30, 600), max_size=2, unique=True)):
        status = draw(st.sampled_from([Status.READY, Status.READY, Status.NO_RELEASE]))
        found.append(a_word(status, before(minutes=minutes)))
    return found


def known_by(history: list[Report], now: datetime) -> list[Report]:
    """What has arrived."""
    return [r for r in history if r.received is not None and r.received <= now]


moments = st.integers(-5 * 60, 16 * 60).map(lambda m: before(minutes=m))
hearings = st.sampled_from([ALIVE, ALIVE, CANT_TELL, DEAD, NOBODY])


@st.composite
def loads(draw: Callable, assumed: bool = True, kinds: list[ShipmentType] | None = None) -> Load:
    """A load with one or two shipments, known for days or minutes."""
    types = kinds or [ShipmentType.PARS, ShipmentType.PARS, ShipmentType.INBOND, ShipmentType.CSA, ShipmentType.A49]
    shipments = tuple(
        a_shipment(
            f"s{n}",
            type=draw(st.sampled_from(types)),
            ccn=draw(st.sampled_from(["9XYZPARS000123"] * 4 + [""])),
            papers_sent=draw(st.none() | st.integers(0, 900).map(lambda m: before(minutes=m))),
            agency=draw(st.sampled_from(["", "", "CFIA"])),
        )
        for n in range(1, draw(st.integers(1, 2)) + 1)
    )
    return a_load(
        shipments=shipments,
        eta=draw(st.sampled_from([ETA] * 4 + [None])) if assumed else ETA,
        pickup=before(4),
        known_at=before(minutes=draw(st.integers(-30, 1500))),
        kind=draw(st.sampled_from([LoadKind.LOADED, LoadKind.LOADED, LoadKind.EMPTY])),
        fast=draw(st.booleans()),
        direction=draw(st.sampled_from([Direction.CA, Direction.CA, Direction.US])),
    )


@st.composite
def worlds(draw: Callable, load: Load, outages: bool = True) -> Callable[[datetime], Facts]:
    """Facts of a load as a function of the moment: what had arrived by then."""
    told = [draw(reports()) for _ in load.shipments]
    by_phone = [draw(words()) for _ in load.shipments]
    trip = [replace(r, track=Track.MANIFEST) for r in draw(st.lists(trips(), max_size=3))]
    listening = [draw(hearings) for _ in load.shipments]
    manifest = draw(hearings)
    near = draw(st.sampled_from(["", "", "9XYZPARSOOO123"]))
    earlier = draw(st.sampled_from(["", "", "", "SAMPLE-0007"]))
    filers = draw(st.sampled_from([frozenset(), frozenset({"12345"}), frozenset({"99999"})]))
    agency_ok = draw(st.booleans())
    amended = draw(st.none() | moments)
    outage = outages and draw(st.sampled_from([False, False, True]))

    def at(now: datetime, deafer: Callable[[Hearing], Hearing] = lambda h: h, out: bool = outage) -> Facts:
        return the_facts(
            *(
                about(
                    known_by(told[n], now),
                    known_by(by_phone[n], now),
                    deafer(listening[n]),
                    BrokerFacts("PCB", filers=filers),
                    near=near,
                    earlier=earlier,
                    agency_ok=agency_ok,
                )
                for n in range(len(load.shipments))
            ),
            trip=known_by(trip, now),
            manifest_hearing=deafer(manifest),
            amended=amended if amended and amended <= now else None,
            outage_on=out,
        )

    return at


@st.composite
def trips(draw: Callable) -> Report:
    """A word about the trip's manifest."""
    status = draw(st.sampled_from([Status.ON_FILE, Status.ON_FILE, Status.REJECTED]))
    return replace(on_file(draw(moments)), status=status, raw=status.value)
