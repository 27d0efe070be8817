"""One truck, one load: trips that a feed brings, and loads that dispatch calls by numbers of its own (SAMPLE data)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.load import Hand, Life
from bot.feeds.sources.borderconnect import SOURCE as BORDERCONNECT
from bot.watch import intake
from bot.watch.hands import Hands
from bot.watch.rows import RowResult
from storage.database import Database
from storage.errors import Again
from storage.loads import LoadRecord
from tests.watch.ground import (
    HOUR,
    NOW,
    PARS,
    Feeds,
    add,
    carrier,
    held,
    numbers_of,
    person,
    row,
    rows,
    tables,
    the_load,
    world,
)

TRIP = "SMPLTRIP0001"
OTHER = "SMPLPARS100124"
FEED = Hands(Hand.FEED, "bc", "raw:1")


def trip(*pars: str, number: str = TRIP, at: str = "2026-11-24 14:30:00", **more: Any) -> bytes:
    """A trip made in BorderConnect, into Canada."""
    shipments = [{"shipmentType": "PARS", "cargoControlNumber": n} for n in pars]
    return json.dumps(
        {
            "data": "ACI_TRIP", "operation": "CREATE", "tripNumber": number, "portOfEntry": "0453",
            "estimatedArrivalDateTime": at, "truck": {"number": "88"}, "shipments": shipments, **more,
        }
    ).encode()  # fmt: skip


def feeds(db: Database, **more: Any) -> Feeds:
    return Feeds(db, world(), more={"bc": BORDERCONNECT}, **more)


async def open_loads(db: Database, whose: str = "home") -> dict[str, LoadRecord]:
    async with db.work(whose, NOW) as work:
        return {r.number: r for r in (await work.loads.of(await work.loads.open_ids())).values()}


async def claims(db: Database, whose: str = "home") -> dict[str, set[str]]:
    """Open loads by the numbers they claim."""
    found: dict[str, set[str]] = {}
    async with db.work(whose, NOW) as work:
        loads = await work.loads.of(await work.loads.open_ids())
        held = await work.claims.of_loads(loads)
        numbers = await work.numbers.of({c.number_id for c in held})
    for claim in held:
        found.setdefault(numbers[claim.number_id].key, set()).add(loads[claim.load_id].number)
    return found


@pytest.mark.parametrize("shared", [{"trip": TRIP}, {"pars": PARS}, {"trip": TRIP, "pars": PARS}])
async def test_a_trip_joins_the_load_that_has_its_number_or_a_shipment_of_it(db: Database, shared: dict[str, str]):
    feed = feeds(db)
    await add(db, feed.world, row(direction="CA", **shared), by=person())
    await feed.hears(trip(PARS, OTHER), feed="bc")
    load = (await open_loads(db))["1234"]
    assert await claims(db) == {TRIP: {"1234"}, PARS: {"1234"}, OTHER: {"1234"}}
    assert (load.truck, load.trips) == ("88", [TRIP])
    assert load.eta == NOW + 5 * HOUR + HOUR / 2
    assert "number_reused" not in await held(db, waiting=True)
    assert await feed.problems() == []


async def test_a_trip_fills_gaps_and_never_overrides_what_others_said(db: Database):
    feed = feeds(db)
    await add(db, feed.world, row(direction="CA", trip=TRIP, eta="2026-11-24 16:00"), by=person())
    await add(db, feed.world, row(direction="CA", truck="T7"))
    empty = json.loads(trip()) | {"shipments": []}
    await feed.hears(json.dumps(empty).encode(), feed="bc")
    load = await the_load(db)
    assert (load.truck, load.eta, load.kind) == ("T7", NOW + 7 * HOUR, "loaded")
    assert load.crossing == "Ambassador Bridge"
    await feed.hears(trip(PARS, at="2026-11-24 18:00:00", truck={"number": "T9"}), feed="bc")
    load = await the_load(db)
    assert (load.truck, load.eta) == ("T7", NOW + 7 * HOUR) and await numbers_of(db, load) == [PARS]


async def test_a_trip_changes_what_it_said_itself(db: Database):
    feed = feeds(db)
    await add(db, feed.world, row(direction="CA", trip=TRIP), by=person())
    await feed.hears(trip(PARS), feed="bc")
    await feed.hears(trip(PARS, at="2026-11-24 18:00:00", operation="UPDATE"), feed="bc")
    assert (await the_load(db)).eta == NOW + 9 * HOUR


async def test_a_trip_that_nobody_knows_is_a_load(db: Database):
    feed = feeds(db)
    await add(db, feed.world, row(pars="SMPLPARS100999"), row("1235", "line 3", paps="SMPL900001", trip=TRIP))
    await feed.hears(trip(PARS), trip(PARS, operation="UPDATE"), feed="bc")
    assert sorted(await open_loads(db)) == ["1234", "1235", TRIP]  # the one into the US has another trip of this number


async def test_a_trip_of_several_csa_shipments_is_taken_whole(db: Database):
    feed = feeds(db)
    csa = [{"shipmentType": "CSA", "cargoControlNumber": f"SMPLCSA100{n}"} for n in range(3)]
    await feed.hears(trip(PARS, shipments=[*json.loads(trip(PARS))["shipments"], *csa]), feed="bc")
    assert await feed.problems() == []
    load = await the_load(db, TRIP)
    assert await numbers_of(db, load) == [PARS, ""]
    async with db.work("home", NOW) as work:
        said = [s.value for s in (await work.said.of_loads([load.id]))[load.id] if s.field == "note"]
    assert said == ["CSA SMPLCSA1000, CSA SMPLCSA1001, CSA SMPLCSA1002"]


async def test_a_trip_of_two_loads_is_refused_by_name(db: Database):
    feed = feeds(db)
    await add(db, feed.world, *rows({"number": "1234", "pars": PARS}, {"number": "1235", "pars": OTHER}))
    await feed.hears(trip(PARS, OTHER), feed="bc")
    told = await feed.problems()
    assert all("1234, 1235" in why and "nothing of it was taken" in why for why in told) and len(told) == 2
    assert await claims(db) == {PARS: {"1234"}, OTHER: {"1235"}}


@pytest.mark.parametrize("shared", [{"trip": TRIP}, {"pars": PARS}])
async def test_a_load_that_dispatch_enters_later_takes_over_the_one_of_the_trip(db: Database, shared: dict[str, str]):
    feed = feeds(db)
    await feed.hears(trip(PARS), feed="bc")
    before = await the_load(db, TRIP)
    (told,) = await add(db, feed.world, row(direction="CA", broker="PCB", **shared), by=person())
    assert (told.outcome, told.load_id) == ("changed", before.id)
    assert told.sentences[0] == f"trip {TRIP} was watched already: it bears this number now"
    await feed.hears(trip(PARS, OTHER, operation="UPDATE"), feed="bc")
    assert await claims(db) == {TRIP: {"1234"}, PARS: {"1234"}, OTHER: {"1234"}}
    assert "number_reused" not in await held(db, waiting=True)


async def test_a_row_that_says_no_direction_takes_over_too_or_leaves_no_trace(db: Database):
    feed = feeds(db)
    before = await tables(db)
    (told,) = await add(db, feed.world, row(trip=TRIP, broker="PCB"), by=person())
    assert told.outcome == "refused" and "no row says where it goes" in told.sentences[0]
    assert await tables(db) == before
    await feed.hears(trip(PARS), feed="bc")
    (told,) = await add(db, feed.world, row(trip=TRIP, broker="PCB"), by=person())
    assert told.outcome == "changed" and set(await open_loads(db)) == {"1234"}


async def test_two_loads_of_trips_are_not_one_of_dispatch(db: Database):
    feed = feeds(db)
    await feed.hears(trip(PARS), trip(OTHER, number="SMPLTRIP0002"), feed="bc")
    (told,) = await add(db, feed.world, row(pars=f"{PARS}, {OTHER}"), by=person())
    assert told.outcome == "refused" and f"{TRIP}, SMPLTRIP0002" in told.sentences[0]
    assert set(await open_loads(db)) == {TRIP, "SMPLTRIP0002"}


async def test_what_was_taken_over_can_be_undone(db: Database):
    feed, maria = feeds(db), person()
    await feed.hears(trip(PARS), feed="bc")
    await add(db, feed.world, row(pars=PARS, broker="PCB"), by=maria)
    async with db.work("home", NOW, write=True) as work:
        await intake.undo(work, feed.world, (await work.loads.open_ids())[0], maria)
    assert set(await open_loads(db)) == {TRIP}


@pytest.mark.parametrize("by", ["pars", "trip", "row"])
async def test_a_load_of_a_trip_ends_when_dispatch_s_own_gets_a_number_of_it(db: Database, by: str):
    feed = feeds(db)
    await add(db, feed.world, row(direction="CA", truck="T7"))
    await feed.hears(trip(PARS, OTHER), feed="bc")
    assert set(await open_loads(db)) == {"1234", TRIP}
    own, made = await the_load(db), await the_load(db, TRIP)
    async with db.work("home", NOW, write=True) as work:
        if by == "pars":
            await intake.numbers(work, feed.world, own.id, intake.ShipmentType.PARS, PARS, person())
        elif by == "trip":
            await intake.trip(work, feed.world, own.id, TRIP, person())
        else:
            await intake.add_rows(work, feed.world, [row(pars=PARS)], person())
    assert await claims(db) == {TRIP: {"1234"}, PARS: {"1234"}, OTHER: {"1234"}}
    load = await the_load(db)
    assert (load.truck, load.eta) == ("T7", made.eta) and "number_reused" not in await held(db, waiting=True)
    ended = await the_load(db, TRIP)
    assert (ended.life, ended.end_why) == (Life.CANCELLED, "the same truck as load 1234")


async def test_a_load_of_a_trip_that_a_person_worked_on_is_not_ended(db: Database):
    feed = feeds(db)
    await add(db, feed.world, row(direction="CA"))
    await feed.hears(trip(PARS), feed="bc")
    made, own = await the_load(db, TRIP), await the_load(db)
    async with db.work("home", NOW, write=True) as work:
        await intake.set_field(work, feed.world, made.id, "note", "call Maria", person())
        await intake.numbers(work, feed.world, own.id, intake.ShipmentType.PARS, PARS, person())
    assert set(await open_loads(db)) == {"1234", TRIP}


@pytest.mark.parametrize("end", ["cancel", "crossed"])
async def test_a_trip_that_is_said_again_brings_back_no_load_that_is_over(db: Database, end: str):
    feed = feeds(db)
    await add(db, feed.world, row(pars=PARS, trip=TRIP, eta="2026-11-24 14:30"), by=person())
    own = await the_load(db)
    async with db.work("home", NOW, write=True) as work:
        if end == "cancel":
            await intake.cancel(work, feed.world, own.id, "", person())
        else:
            await intake.crossed(work, feed.world, own.id, NOW, person())
    await feed.hears(trip(PARS, operation="SYNC"), feed="bc")
    assert await open_loads(db) == {}
    async with db.work("home", NOW) as work:
        assert TRIP not in await work.loads.of_numbers([TRIP])


async def test_a_sticker_used_again_on_another_trip_is_another_load_and_said(db: Database):
    feed = feeds(db)
    await add(db, feed.world, row(pars=PARS, trip=TRIP, eta="2026-11-24 14:30"), by=person())
    async with db.work("home", NOW, write=True) as work:
        await intake.crossed(work, feed.world, (await work.loads.open_ids())[0], NOW, person())
    feed.now = NOW + 72 * HOUR
    await feed.hears(trip(PARS, number="SMPLTRIP0002", at="2026-11-28 14:30:00"), feed="bc")
    assert set(await open_loads(db)) == {"SMPLTRIP0002"}
    assert "number_reused" in await held(db, "SMPLTRIP0002")


async def test_a_trip_joins_no_load_of_another_carrier(db: Database):
    two = world(carrier(), carrier("north", "NRTH"))
    await add(db, two, row(pars=PARS, trip=TRIP), by=person(), whose="north")
    feed = Feeds(db, two, more={"bc": BORDERCONNECT})
    await feed.hears(trip(PARS), feed="bc")
    await add(db, two, row("1235", pars=PARS), by=person(), whose="north")
    assert (set(await open_loads(db)), set(await open_loads(db, "north"))) == ({TRIP}, {"1234", "1235"})
    assert (await the_load(db, "1234", "north")).truck == ""


async def test_a_row_of_a_feed_with_a_number_of_its_own_is_that_load(db: Database):
    await add(db, world(), row("1234", pars=PARS, trip=TRIP), by=FEED)
    await add(db, world(), row("1235", pars=OTHER, trip=TRIP), by=FEED)
    assert set(await open_loads(db)) == {"1234", "1235"}


async def patiently(step: Callable[[], Awaitable[list[RowResult]]]) -> list[RowResult]:
    """What the step returned, repeated as the doors do where another unit was in the way."""
    for attempt in range(8):
        try:
            return await step()
        except Again:
            await asyncio.sleep(0.01 * 2**attempt)
    raise AssertionError("it was never taken")


async def test_a_trip_and_dispatch_at_once_make_one_load(db: Database):
    home = world()
    for n in range(6):
        number, pars = f"SMPLTRIP100{n}", f"SMPLPARS20010{n}"
        of_trip = row(number, direction="CA", trip=number, pars=pars, truck="88")
        own = row(f"90{n}", direction="CA", pars=pars, broker="PCB")
        feed = replace(FEED, delivery=f"raw:{n}")
        pair = [lambda r=of_trip, f=feed: add(db, home, r, by=f), lambda r=own: add(db, home, r, by=person())]
        await asyncio.gather(*(patiently(step) for step in (pair if n % 2 else reversed(pair))))
        assert (await claims(db))[pars] == {f"90{n}"}
        load = await the_load(db, f"90{n}")
        assert (load.truck, load.trips) == ("88", [number])


async def test_one_trip_by_two_readers_at_once_is_one_load(db: Database):
    home = world()
    of_trip = row(TRIP, direction="CA", trip=TRIP, pars=PARS)
    await asyncio.gather(*(patiently(lambda: add(db, home, of_trip, by=FEED)) for _ in range(4)))
    assert await claims(db) == {TRIP: {TRIP}, PARS: {TRIP}}
