"""One statement for the commonest question says exactly what the long way says."""

from bot.domain.status import Status
from bot.watch.query import at_a_glance, brief, holds_still
from storage.database import Database
from storage.glance import Glance
from tests.handlers.commands.desk import HOUR, PARS, Desk, held


async def same(desk: Desk, number: str) -> None:
    """The short way and the long way tell the same of a load."""
    record = await desk.load(number)
    async with desk.db.work("home", desk.now) as work:
        seen = await at_a_glance(work, desk.world, f"#{number.lower()}")
        assert seen is not None and seen == (record, await brief(work, desk.world, record))


async def test_a_glance_tells_what_the_long_way_tells(db: Database) -> None:
    desk = await Desk(db).opened()
    await held(desk)
    await desk.say("/load 1234 pars SMPLPARS100124, SMPLPARS100125")
    await desk.say("/load 1234 …124 broker Northway")
    await desk.say("/load 1234 importer ACME")
    await same(desk, "1234")
    await desk.say("/load 1234 pars -SMPLPARS100125")
    await desk.say("1234 got it")
    await same(desk, "1234")
    await desk.say("/load A77 add to=CA kind=empty")
    await same(desk, "A77")
    await desk.say("1234 cancel")
    await same(desk, "1234")


async def test_t8_past_its_moment_a_load_is_looked_at_afresh(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    await desk.add()
    record = await desk.load()
    assert record.look_at is not None and holds_still(record, desk.now)
    desk.now = record.look_at
    async with sqlite_db.work("home", desk.now) as work:
        assert await at_a_glance(work, desk.world, "1234") is None
    desk.now += 3 * HOUR
    assert (await desk.ask("1234")).title.startswith("1234 HOLD")


async def test_a_glance_sees_its_own_carrier_only_and_the_open_one_of_two(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    await desk.add()
    await desk.hears(PARS, Status.READY)
    await desk.say("1234 cancel")
    again = await desk.add(pars="SMPLPARS100777", more='eta="tomorrow 14:00"')
    async with sqlite_db.work("home", desk.now) as work:
        seen = await at_a_glance(work, desk.world, "1234")
        assert seen is not None and seen[0].id == again.id
        assert len(await Glance(work.unit, "home").of_number("1234")) == 2
        assert await Glance(work.unit, "north").of_number("1234") == []
