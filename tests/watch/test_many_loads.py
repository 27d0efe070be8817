"""What only many loads together show: one call for several loads (N4), and an outage that is suggested (C4)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.config import read_config
from bot.domain.coverage import Ear, Liveness
from bot.domain.load import Hand, LoadRow
from bot.feeds.registry import SOURCES
from bot.watch.calls import call_topic, gather_calls
from bot.watch.hands import Hands
from bot.watch.look import reassess
from bot.watch.many import Gate, part_of
from bot.watch.parties_merge import merge
from bot.watch.rows import add_rows
from bot.watch.suspect import SUSPICION, suspect
from bot.watch.world import World
from handlers.announcer import Announcer
from storage.database import Database
from storage.ids import new_id
from storage.routes import RouteRecord

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
BY = Hands(Hand.FILE, "loads.csv", "d1")


@pytest.fixture
def world(tmp_path) -> World:
    config = read_config(None, tmp_path, SOURCES)
    ears = {f.name: Ear(f.name, Liveness.ALIVE) for f in config.feeds}
    return World({c.id: c for c in config.carriers}, config.crossings, lambda: datetime.now(UTC), ears=ears)


def row(n: int, broker: str) -> LoadRow:
    cells = {"number": f"L{n}", "pars": f"SMPLPARS{n:06d}", "eta": "2026-11-24T18:00:00+00:00", "broker": broker}
    return LoadRow(f"line {n}", cells | {"papers_sent": "2026-11-24T10:00:00+00:00"})


async def hold_all(database: Database, world: World, rows: list[LoadRow]) -> None:
    async with database.work("home", NOW, write=True) as work:
        await work.routes.save(RouteRecord(new_id(), "slack", "T1", "C1", "dispatch", "Robin", NOW))
        await add_rows(work, world, rows, BY)
    async with database.work("home", NOW + timedelta(minutes=10), write=True) as work:
        await reassess(work, world, await work.loads.open_ids())


async def test_n4_three_loads_of_one_broker_make_one_call_that_ends_when_it_is_not_needed(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB") for n in (1, 2, 3)] + [row(4, "WIL")])
    later = NOW + timedelta(minutes=11)
    async with sqlite_db.work("home", later, write=True) as work:
        named = await gather_calls(work, world, {})
        (broker,) = named
        (post,) = (await work.posts.of_topics([call_topic(broker)]))[call_topic(broker)]
        reply = await Announcer(world).card(work, post)
        assert reply is not None
        assert reply.title == "One call to PCB: 3 shipments wait."
        assert await gather_calls(work, world, named) == named
        load = (await work.finder.search("L1"))[0].load
        await work.loads.change(load.id, assessment={})
        assert await gather_calls(work, world, named) == {}
        ended = await Announcer(world).card(work, post)
        assert ended is not None
        assert "not needed any more" in ended.title


async def test_n4_a_call_that_an_earlier_run_of_the_program_posted_ends_too(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB") for n in (1, 2, 3)])
    async with sqlite_db.work("home", NOW + timedelta(minutes=11), write=True) as work:
        (broker,) = await gather_calls(work, world, {})
        load = (await work.finder.search("L1"))[0].load
        await work.loads.change(load.id, assessment={})
        assert await gather_calls(work, world, {}) == {}
        assert await work.posts.of_topics([call_topic(broker)]) == {}


async def test_n4_two_loads_are_no_call(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(1, "PCB"), row(2, "PCB")])
    async with sqlite_db.work("home", NOW + timedelta(minutes=11), write=True) as work:
        assert await gather_calls(work, world, {}) == {}


async def test_c4_five_silent_numbers_over_two_brokers_suggest_an_outage_and_declare_none(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB" if n % 2 else "WIL") for n in range(1, 6)])
    async with sqlite_db.work("home", NOW + timedelta(minutes=11), write=True) as work:
        assert await suspect(work, world)
        (post,) = (await work.posts.of_topics([SUSPICION]))[SUSPICION]
        reply = await Announcer(world).card(work, post)
        assert reply is not None
        assert [b.line for b in reply.buttons] == ["/feed outage cbsa on"]
        assert await work.outages.on() == {}


async def test_c4_one_word_of_customs_since_they_fell_due_is_no_outage(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB" if n % 2 else "WIL") for n in range(1, 6)])
    async with sqlite_db.dock(NOW + timedelta(minutes=11), write=True) as dock:
        await dock.feeds.ensure("rns", "alive", NOW)
        await dock.feeds.heard("rns", NOW)
        assert not await suspect(dock.work("home"), world)


async def test_c4_a_broker_who_still_speaks_says_nothing_of_customs(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB" if n % 2 else "WIL") for n in range(1, 6)])
    async with sqlite_db.dock(NOW + timedelta(minutes=11), write=True) as dock:
        await dock.feeds.ensure("broker", "alive", NOW)
        await dock.feeds.heard("broker", NOW)
        assert await suspect(dock.work("home"), world)


async def test_c4_one_broker_alone_is_no_outage(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB") for n in range(1, 8)])
    async with sqlite_db.work("home", NOW + timedelta(minutes=11), write=True) as work:
        assert not await suspect(work, world)


async def test_c4_two_brokers_that_are_one_by_now_are_no_outage(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(n, "PCB" if n % 2 else "WIL") for n in range(1, 6)])
    async with sqlite_db.work("home", NOW + timedelta(minutes=11), write=True) as work:
        two = {p.name: p for p in await work.parties.all()}
        assert await merge(work, two["WIL"], two["PCB"], BY) is not None
        assert not await suspect(work, world)


async def test_n4_the_gate_counts_the_loads_of_two_brokers_that_are_one_by_now_together(sqlite_db, world):
    await hold_all(sqlite_db, world, [row(1, "PCB"), row(2, "WIL"), row(3, "WIL")])
    async with sqlite_db.work("home", NOW + timedelta(minutes=11), write=True) as work:
        two = {p.name: p for p in await work.parties.all()}
        await merge(work, two["WIL"], two["PCB"], BY)
        loads = await work.loads.of(await work.loads.open_ids())
        shipments, merged = await work.shipments.of_loads(list(loads)), await work.parties.merged()
        gate = Gate(world.carriers["home"].policy)
        for load in loads.values():
            gate.put(load.id, part_of(load, shipments[load.id], merged))
        assert gate.opens(None, False)
