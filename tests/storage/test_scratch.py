"""The database for trying things out: units and attempts that are undone leave nothing, and changes are noted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.load import Direction, LoadKind
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.scratch import Scratch

NOW = datetime(2026, 11, 24, 14, tzinfo=UTC)


@pytest.fixture
async def scratch(tmp_path: Path) -> AsyncIterator[Scratch]:
    database = Scratch(tmp_path / "scratch.db")
    await database.migrate()
    yield database
    await database.close()


async def add(database: Scratch, number: str, eta: datetime | None = None) -> None:
    async with database.work("home", NOW, write=True) as work:
        (key,) = await work.loads.new_keys(1)
        record = LoadRecord(new_id(), key, number, number, Direction.CA, LoadKind.LOADED, NOW, eta=eta, look_at=eta)
        await work.loads.add([record])


async def fail(database: Scratch) -> None:
    async with database.work("home", NOW, write=True) as work:
        await work.settings.save("clock", "x")
        raise ValueError("no")


async def numbers(database: Scratch) -> list[str]:
    async with database.work("home", NOW) as work:
        return sorted((await work.loads.of_numbers(["1", "2", "3"])).keys())


async def test_a_unit_that_fails_leaves_nothing_and_the_one_around_it_goes_on(scratch: Scratch) -> None:
    with scratch.attempt():
        await add(scratch, "1")
        with pytest.raises(ValueError, match="no"):
            await fail(scratch)
        await add(scratch, "2")
    assert await numbers(scratch) == ["1", "2"]
    async with scratch.work("home", NOW) as work:
        assert await work.settings.find("clock") is None


async def test_an_attempt_that_failed_leaves_nothing_of_its_units(scratch: Scratch) -> None:
    await add(scratch, "1")
    with scratch.attempt() as attempt:
        await add(scratch, "2")
        attempt.failed = True
    with pytest.raises(ValueError, match="no"), scratch.attempt():
        await fail(scratch)
    assert await numbers(scratch) == ["1"]


async def test_it_knows_what_is_due_and_what_comes(scratch: Scratch) -> None:
    later = NOW.replace(hour=18)
    await add(scratch, "1", NOW)
    await add(scratch, "2", later)
    assert [(carrier, at) for carrier, _, at in scratch.due(later)] == [("home", NOW)]
    assert (scratch.next_eta(NOW), scratch.next_eta(later), scratch.last_eta()) == (later, None, later)
