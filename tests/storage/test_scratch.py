"""The database for trying things out: units that are undone leave nothing, and it says what changed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.load import Direction, LoadKind
from bot.domain.numbers import NumberKind
from storage.claims import ClaimRecord
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


async def both(database: Scratch) -> None:
    with database.together():
        await add(database, "2")
        await fail(database)


async def numbers(database: Scratch) -> list[str]:
    async with database.work("home", NOW) as work:
        return sorted((await work.loads.of_numbers(["1", "2", "3"])).keys())


async def test_a_unit_that_fails_leaves_nothing_and_the_one_around_it_goes_on(scratch: Scratch) -> None:
    with scratch.together():
        await add(scratch, "1")
        with pytest.raises(ValueError, match="no"):
            await fail(scratch)
        await add(scratch, "2")
    assert await numbers(scratch) == ["1", "2"]
    async with scratch.work("home", NOW) as work:
        assert await work.settings.find("clock") is None


async def test_units_that_are_one_are_undone_together_by_an_error(scratch: Scratch) -> None:
    await add(scratch, "1")
    with pytest.raises(ValueError, match="no"):
        await both(scratch)
    assert await numbers(scratch) == ["1"]


async def test_a_feed_that_spoke_among_others_has_the_last_word_that_was_its_own(scratch: Scratch) -> None:
    async with scratch.dock(NOW, write=True) as dock:
        for feed in ("rns", "ace", "quiet"):
            await dock.feeds.ensure(feed, "alive", NOW)
            await dock.feeds.heard(feed, NOW)
    earlier = NOW.replace(hour=13)
    scratch.heard({"rns": earlier, "ace": None})
    async with scratch.dock(NOW) as dock:
        states = await dock.feeds.all()
    assert {feed: state.last_word for feed, state in states.items()} == {"rns": earlier, "ace": None, "quiet": NOW}


async def test_it_knows_the_numbers_that_were_taken_off_loads(scratch: Scratch) -> None:
    await add(scratch, "1")
    async with scratch.work("home", NOW, write=True) as work:
        (load,) = (await work.loads.of_numbers(["1"]))["1"]
        keys = ("SMPLPARS1", "SMPLPARS2")
        ids = await work.numbers.upsert((NumberKind.CCN, key, key) for key in keys)
        claims = [ClaimRecord(new_id(), ids[NumberKind.CCN, key], load.id, None, NOW) for key in keys]
        await work.claims.add(claims)
        assert scratch.left_numbers() == set()
        await work.claims.drop([claims[0].id], NOW)
    assert scratch.left_numbers() == {"SMPLPARS1"}


async def test_it_knows_what_is_due_and_what_comes(scratch: Scratch) -> None:
    later = NOW.replace(hour=18)
    await add(scratch, "1", NOW)
    await add(scratch, "2", later)
    assert [(carrier, at) for carrier, _, at in scratch.due(later)] == [("home", NOW)]
    assert (scratch.next_eta(NOW), scratch.next_eta(later), scratch.last_eta()) == (later, None, later)
