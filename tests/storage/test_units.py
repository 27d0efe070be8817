"""Units of work: what they commit, what they refuse, and how two at once behave."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from bot.domain.load import Life
from bot.domain.numbers import NumberKind
from storage.database import Database
from storage.errors import Again, NotFound, Stale
from storage.ids import new_id
from storage.settings import setting_table
from tests.patience import PATIENCE
from tests.storage.world import NOW, build, load

CCN = NumberKind.CCN


async def test_a_unit_that_writes_is_kept_and_one_that_fails_leaves_nothing(db: Database) -> None:
    told: list[str] = []
    async with db.work("north", NOW, write=True) as work:
        work.after_commit(lambda: told.append("kept"))
        await work.loads.add([load("1")])
        assert told == []

    async def break_off() -> None:
        async with db.work("north", NOW, write=True) as work:
            work.after_commit(lambda: told.append("lost"))
            await work.loads.add([load("2")])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await break_off()
    async with db.work("north", NOW) as work:
        assert set(await work.loads.of_numbers(["1", "2"])) == {"1"}
    assert told == ["kept"]


async def test_a_unit_that_reads_cannot_write(db: Database) -> None:
    world = await build(db, "north")
    for attempt in (
        lambda w: w.loads.change(world.load.id, truck="T9"),
        lambda w: w.loads.add([load("2")]),
        lambda w: w.unit.connection.execute(insert(setting_table), {"key": "a", "value": "b"}),
        lambda w: w.unit.connection.exec_driver_sql("DELETE FROM report"),
    ):
        with pytest.raises(DBAPIError, match=r"read-?only"):
            async with db.work("north", NOW) as work:
                await attempt(work)
    with pytest.raises(RuntimeError, match="write=True"):
        async with db.work("north", NOW) as work:
            await work.loads.lock([world.load.id])
    async with db.work("north", NOW) as work:
        assert (await work.loads.get(world.load.id)).truck == "T7"


async def test_a_unit_that_reads_sees_one_moment(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW) as reading:
        assert (await reading.loads.get(world.load.id)).truck == "T7"
        async with db.work("north", NOW, write=True) as work:
            await work.loads.change(world.load.id, truck="T9")
        assert (await reading.loads.get(world.load.id)).truck == "T7"
    async with db.work("north", NOW) as reading:
        assert (await reading.loads.get(world.load.id)).truck == "T9"


async def test_lock_first_of_two_writers_none_is_lost(db: Database) -> None:
    world = await build(db, "north")

    async def one_more() -> None:
        async with db.work("north", NOW, write=True) as work:
            there = (await work.loads.lock([world.load.id]))[world.load.id]
            await asyncio.sleep(0.005)
            await work.loads.change(world.load.id, extra={"count": int(there.extra.get("count", 0)) + 1})

    await asyncio.gather(*(one_more() for _ in range(12)))
    async with db.work("north", NOW) as work:
        stored = await work.loads.get(world.load.id)
    assert stored.extra["count"] == 12


async def test_two_writers_of_the_same_numbers_get_the_same_ids(db: Database) -> None:
    keys = [f"1234PARS{n:06}" for n in range(40)]

    async def upsert(order: list[str]) -> dict[object, str]:
        async with db.work("north", NOW, write=True) as work:
            return await work.numbers.upsert([(CCN, key, key) for key in order])

    answers = await asyncio.gather(*(upsert(keys[n:] + keys[:n]) for n in range(8)), upsert(keys[::-1]))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == len(keys)


async def test_a_number_is_locked_until_the_unit_that_claims_it_ends(postgres_db: Database) -> None:
    order: list[str] = []
    locked = asyncio.Event()

    async def claim() -> None:
        async with postgres_db.work("north", NOW, write=True) as work:
            await work.numbers.upsert([(CCN, "A1", "A1")])
            locked.set()
            await asyncio.sleep(0.1)
            order.append("claimed")

    async def hear() -> None:
        await locked.wait()
        async with postgres_db.work("north", NOW, write=True) as work:
            await work.numbers.upsert([(CCN, "A1", "A1")])
            order.append("heard")

    await asyncio.gather(claim(), hear())
    assert order == ["claimed", "heard"]


async def test_units_that_block_each_other_say_try_again(postgres_db: Database) -> None:
    world = await build(postgres_db, "north")
    both = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> None:
        async with postgres_db.work("north", NOW, write=True) as work:
            await work.loads.lock([first])
            await both.wait()
            await work.loads.lock([second])

    ends = await asyncio.gather(
        cross(world.load.id, world.later.id), cross(world.later.id, world.load.id), return_exceptions=True
    )
    assert sorted(type(end).__name__ for end in ends) == ["Again", "NoneType"]
    assert isinstance(next(end for end in ends if end), Again)


async def test_a_second_writing_unit_inside_the_first_is_refused_not_waited_for(sqlite_db: Database) -> None:
    async with sqlite_db.work("north", NOW, write=True):
        with pytest.raises(RuntimeError, match="wait for ever"):
            async with sqlite_db.work("north", NOW, write=True):
                pass


async def test_a_cancelled_unit_leaves_nothing_and_lets_go(db: Database) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with db.work("north", NOW, write=True) as work:
            await work.loads.add([load("1")])
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(PATIENCE), db.work("north", NOW, write=True) as work:
        assert await work.loads.of_numbers(["1"]) == {}


async def test_an_ended_load_is_not_ended_again(db: Database) -> None:
    world = await build(db, "north")

    async def end(life: Life) -> bool:
        async with db.work("north", NOW, write=True) as work:
            return await work.loads.end(world.load.id, life, "by word", NOW)

    assert sorted(await asyncio.gather(end(Life.CROSSED), end(Life.CANCELLED), end(Life.CLOSED))) == [0, 0, 1]
    async with db.work("north", NOW) as work:
        ended = await work.loads.get(world.load.id)
    assert (ended.ended_at, ended.look_at) == (NOW, None)


async def test_an_alert_is_saved_only_over_the_version_that_was_read(db: Database) -> None:
    world = await build(db, "north")

    async def save() -> None:
        async with db.work("north", NOW, write=True) as work:
            await work.alerts.save([world.alert])

    await save()
    with pytest.raises(Stale, match="nothing was written"):
        await save()
    async with db.work("north", NOW) as work:
        assert (await work.alerts.of([world.alert.id]))[world.alert.id].version == 2


async def test_a_load_has_one_open_alert(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        assert await work.alerts.add([replace(world.alert, id=new_id())]) == set()
        await work.alerts.save([replace(world.alert, ended_at=NOW)])
        second = replace(world.alert, id=new_id())
        assert await work.alerts.add([second]) == {second.id}


async def test_times_keep_their_microseconds_and_their_zone_and_naive_ones_are_refused(db: Database) -> None:
    eta = datetime(2026, 3, 8, 6, 59, 59, 999_999, tzinfo=UTC)
    regina = eta.astimezone(ZoneInfo("America/Regina"))
    old = datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
    async with db.work("north", NOW, write=True) as work:
        await work.loads.add([load("1", eta=regina, pickup=old)])
    async with db.work("north", NOW) as work:
        (found,) = (await work.loads.of_numbers(["1"]))["1"]
        within = await work.finder.listed(eta_from=eta, eta_until=eta + timedelta(microseconds=1))
    assert (found.eta, found.pickup) == (eta, old)
    assert found.eta is not None
    assert found.eta.utcoffset() == timedelta(0)
    assert [one.id for one in within] == [found.id]
    with pytest.raises(Exception, match="needs a zone"):
        async with db.work("north", NOW, write=True) as work:
            await work.loads.add([load("2", eta=eta.replace(tzinfo=None))])


async def test_unknown_rows_are_named_in_a_sentence(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        for attempt in (
            work.loads.get("x"),
            work.loads.change("x", truck="T"),
            work.shipments.change("x", note=""),
            work.parties.change("x", note=""),
            work.people.change("x", name="X"),
        ):
            with pytest.raises(NotFound, match=r"not .* any more"):
                await attempt
