"""Two units that say the same at the same moment: both end well, and what they said stands once (SAMPLE data)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

import pytest

from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from bot.watch.message import Ear, Message, groups
from bot.watch.rows import RowResult
from storage.database import Database
from storage.errors import Again, Clash
from storage.raws import arrived
from tests.watch.ground import NOW, PARS, add, numbers_of, row, the_load, world


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
