"""Finding loads by what people read out, and by the filters of a list."""

from bot.domain.load import Life
from bot.domain.numbers import NumberKind
from storage.database import Database
from tests.storage.world import HOUR, NOW, build, load

CCN = NumberKind.CCN


async def test_search_finds_a_load_by_all_that_can_be_read_out(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW) as work:

        async def what(text: str, *, more: bool = False) -> list[tuple[str, str]]:
            return [(hit.load.number, hit.what) for hit in await work.finder.search(text, more=more)]

        assert await what("1234") == [("1234", "number")]
        assert await what("#1234") == [("1234", "number")]
        assert await what(world.load.key.upper()) == [("1234", "key")]
        assert await what("t7") == [("1234", "truck")]
        assert await what("TR9") == [("1234", "trailer")]
        assert await what("12345000000017") == [("1300", "transaction"), ("1234", "transaction")]
        assert await what("1234 pars 777124") == [("1300", "ccn"), ("1234", "ccn")]
        assert await what("7124") == [("1300", "ccn"), ("1234", "ccn")]
        assert await what("24") == await what("") == await what("~zzzz") == await what("%124") == []


async def test_search_puts_open_loads_first_and_the_exact_number_before_the_rest(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        await work.loads.add([load("1234", occurrence=2, life=Life.CLOSED), load("T55", truck="1234")])
        assert [(h.load.occurrence, h.load.life) for h in await work.finder.search("1234")] == [
            (1, "open"),
            (2, "closed"),
        ]
        assert [(h.load.number, h.what) for h in await work.finder.search("1234", more=True)] == [
            ("1234", "number"), ("T55", "truck"), ("1234", "number"),
        ]  # fmt: skip
        assert (await work.finder.search("777124"))[0].load.id == world.later.id


async def test_a_list_keeps_every_filter_and_shows_the_worst_first(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        await work.loads.add([
            load("2", level=3, crossing="ambassador", eta=NOW),
            load("3", level=3, eta=NOW - HOUR),
            load("4", answer="go"),
        ])  # fmt: skip

        async def listed(**filters) -> list[str]:
            return [one.number for one in await work.finder.listed(**filters)]

        assert await listed() == ["3", "2", "1234", "1300", "4"]
        assert await listed(crossings=["ambassador", "x"]) == ["2"]
        assert await listed(answers=["go", "hold"]) == ["1234", "4"]
        assert await listed(broker_id=world.broker.id) == ["1234"]
        assert await listed(driver_id="d1") == ["1234"]
        assert await listed(life=Life.CLOSED) == []
        assert await listed(limit=1) == ["3"]
