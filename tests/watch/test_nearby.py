"""Near misses among numbers without a load: never one that a load has, found by an index (SAMPLE data)."""

from datetime import timedelta

from sqlalchemy import text

from bot.domain.nearness import blurs_near
from bot.domain.numbers import NumberKind
from bot.domain.status import Status, Track
from bot.watch.nearby import near_to, orphans_near
from storage.database import Database
from tests.handlers.commands.desk import HOUR, NOW, PARS, Desk, held
from tests.storage.world import report

OURS = "SMPLPARS104523"


async def told(database: Database, *keys: str, at: timedelta = timedelta()) -> None:
    """Numbers of which something was told."""
    async with database.work("home", NOW, write=True) as work:
        ids = await work.numbers.upsert((NumberKind.CCN, key, key) for key in keys)
        await work.reports.add(
            (ids[NumberKind.CCN, key], None, report(key, received=NOW - at, prepared=NOW - at)) for key in keys
        )


async def test_only_numbers_that_look_alike_are_read_however_many_there_are(db: Database) -> None:
    near = ["SMPLPARS1O4523", "SMPLPARS105423", "SMPL104523", "SMPLPARS109523", "SMPLPARS104528", "SMPLPARS-104523"]
    await told(db, *near, *(f"SMPLPARS9{n:05}" for n in range(2000)))
    async with db.work("home", NOW) as work:
        found = await work.numbers.orphans_alike(blurs_near(OURS), NOW - HOUR)
        assert {n.key for n in found} == set(near)
        assert await work.numbers.orphans_alike(blurs_near(OURS), NOW + HOUR) == []


async def test_the_search_is_by_an_index_on_both_engines(db: Database) -> None:
    await told(db, *(f"SMPLPARS9{n:05}" for n in range(3000)))
    async with db.work("home", NOW, write=True) as work:
        connection = work.unit.connection
        if connection.dialect.name == "sqlite":
            plan = await connection.execute(
                text("EXPLAIN QUERY PLAN SELECT id FROM number WHERE carrier = 'home' AND blur IN ('A', 'B')")
            )
            steps = " ".join(row[3] for row in plan)
        else:
            await connection.execute(text("ANALYZE number"))
            plan = await connection.execute(
                text("EXPLAIN SELECT id FROM number WHERE carrier = 'home' AND blur = ANY(ARRAY['A', 'B'])")
            )
            steps = " ".join(row[0] for row in plan)
    assert "ix_number_blur" in steps, steps


async def test_a_number_that_a_load_has_is_never_held_against_another(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    await held(desk)
    near = ["SMPLPARS1OO123", "SMPLPARS100132", "SMPL100123", "SMPLPARS109123", "SMPLPARS-100123", "SMPLPARS130123"]
    for number in near:
        await desk.hears(number, Status.NOT_MATCHED, Track.MATCH)
    for place, number in enumerate(near):
        said = await desk.say("1234")
        asked = [n for n in near if f"{n} is on file and PARS {PARS} is not" in said]
        assert len(asked) == 1 and asked[0] not in near[:place]
        await desk.add(f"13{place:02}", pars=number)
        await desk.pass_(HOUR / 60)
    assert "look at the sticker" not in await desk.say("1234")


async def test_an_orphan_makes_the_load_in_trouble_due_that_it_is_near_to(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    record = await held(desk)
    async with sqlite_db.work("home", desk.now, write=True) as work:
        for slip in ("SMPLPARS1OO123", "SMPLPARS100132", "SMPL100123", "SMPLPARS100128"):
            assert await near_to(work, [slip]) == {record.id}
        assert await near_to(work, ["SMPLPARS200124", "OTHR100999"]) == await near_to(work, []) == set()


async def test_what_is_near_is_told_as_of_each_moment(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    record = await held(desk)
    slip = "SMPLPARS1OO123"
    await told(sqlite_db, slip, "SMPLPARS200124", at=HOUR)
    async with sqlite_db.work("home", NOW) as work:
        (row,) = (await work.shipments.of_loads([record.id]))[record.id]
        orphans = await orphans_near(work, {row.ccn: {n.blur for n in await work.numbers.alike([slip])}})
    assert orphans.heard(row.ccn, alike=True) == {NOW - HOUR}
    assert orphans.heard(row.ccn, alike=False) == set()
    late = NOW + 24 * HOUR
    assert [orphans.of(row, record, [], at) for at in (NOW - 2 * HOUR, late, NOW + 50 * 24 * HOUR)] == ["", slip, ""]
    matched = report(row.ccn, received=NOW, prepared=NOW, status=Status.MATCHED, track=Track.MATCH)
    assert orphans.of(row, record, [matched], late) == ""


async def test_many_loads_at_rest_are_not_searched_for(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    for n in range(25):
        await desk.add(f"14{n:02}", pars=f"SMPLPARS3{n:02}00", more="eta=22:00 papers=08:59")
    await held(desk)
    await desk.hears("SMPLPARS1OO123", Status.MATCHED, Track.MATCH)
    await desk.pass_(HOUR / 60)  # all of them are looked at in one unit
    assert "look at the sticker" in await desk.say("1234")
