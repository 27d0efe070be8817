"""Two units that say the same at the same moment: both end well, and what they said stands once (SAMPLE data)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

import pytest

from bot.domain.load import ShipmentType
from bot.domain.numbers import NumberKind
from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from bot.watch import intake
from bot.watch.message import Ear, Message, groups
from bot.watch.rows import RowResult
from storage.database import Database
from storage.errors import Again, Clash
from storage.raws import arrived
from tests.patience import PATIENCE
from tests.storage.waiting import until_one_waits
from tests.watch.ground import NOW, PARS, add, numbers_of, person, row, the_load, world


async def patiently(step: Callable[[], Awaitable[list[RowResult]]]) -> tuple[list[RowResult], list[Exception]]:
    """What the step returned, and the times it had to be repeated, as `import` and the doors do."""
    told: list[Exception] = []
    for attempt in range(8):
        try:
            return await step(), told
        except Again as why:
            told.append(why)
            await asyncio.sleep(0.01 * 2**attempt)
    raise AssertionError(f"it was never taken: {told}")


async def test_two_additions_of_one_new_load_at_once_make_one_load(postgres_db: Database) -> None:
    home = world()
    clashed = 0
    for n in range(6):
        one = row(f"90{n}", pars=f"SMPLPARS20010{n}", direction="CA")
        found = await asyncio.gather(*(patiently(lambda one=one: add(postgres_db, home, one)) for _ in range(4)))
        outcomes = sorted(result.outcome for results, _ in found for result in results)
        assert outcomes == ["added", "same", "same", "same"]
        clashed += sum(isinstance(why, Clash) for _, told in found for why in told)
        load = await the_load(postgres_db, f"90{n}")
        assert await numbers_of(postgres_db, load) == [f"SMPLPARS20010{n}"]
    assert clashed, "the additions were never at once"


async def test_a_row_that_is_there_twice_for_good_is_a_fault_on_sqlite(sqlite_db: Database) -> None:
    """One writes at a time there: only a mistake of ours can clash, and repeating it helps nobody."""
    await add(sqlite_db, world(), row(pars=PARS))
    load = await the_load(sqlite_db)
    with pytest.raises(Exception, match="UNIQUE") as told:
        async with sqlite_db.work("home", load.known_at, write=True) as work:
            await work.loads.add([load])
    assert not isinstance(told.value, Again)


def test_a_message_that_brings_loads_has_a_unit_of_its_own() -> None:
    ear = Ear("rns", SOURCES["cbsa_rns"], Reader(UTC), ("home",))
    raw = arrived("rns", "cbsa_rns", b"", NOW)
    plain, bringing = Message(ear, Reading(), raw), Message(ear, Reading(loads=(row(),)), raw)
    assert [len(g) for g in groups([plain, plain, bringing, plain, bringing, bringing, plain, plain])] == [
        2, 1, 1, 1, 1, 2,
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["numbers", "trip"])
async def test_undo_locks_numbers_before_the_load_as_all_do_that_claim_them(postgres_db: Database, line: str) -> None:
    home, maria = world(), person()
    await add(postgres_db, home, row(pars=PARS, trip="SMPLTRIP0001"))
    load = await the_load(postgres_db)
    async with postgres_db.work("home", NOW, write=True) as work:
        if line == "trip":
            await intake.trip(work, home, load.id, "SMPLTRIP0002", maria)
        else:
            await intake.numbers(work, home, load.id, ShipmentType.PARS, f"-{PARS}", maria)

    async def undo() -> None:
        async with postgres_db.work("home", NOW, write=True) as work:
            await intake.undo(work, home, load.id, person())

    number = (NumberKind.TRIP, "SMPLTRIP0001") if line == "trip" else (NumberKind.CCN, PARS)
    async with postgres_db.work("home", NOW, write=True) as work:
        await work.numbers.upsert([(*number, number[1])])
        undone = asyncio.create_task(undo())
        await until_one_waits(postgres_db)  # it waits for the number, and must not hold the load meanwhile
        await asyncio.wait_for(work.loads.lock([load.id]), PATIENCE)
    await undone
    now = await the_load(postgres_db)
    assert now.trips == ["SMPLTRIP0001"] and await numbers_of(postgres_db, now) == [PARS]
