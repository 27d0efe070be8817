"""Feeds that turn: whoever hears of it has the loads looked at by what is so now (C3, T8)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import read_config
from bot.domain.load import Hand, LoadRow
from bot.feeds.registry import SOURCES
from bot.watch.hands import Hands
from bot.watch.life import Life, Pulse
from bot.watch.look import reassess
from bot.watch.rows import add_rows
from bot.watch.world import World
from storage.database import Database
from storage.errors import Again

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CELLS = {"number": "L1", "pars": "SMPLPARS100001", "eta": "2026-11-25T18:00:00+00:00"}


def program(database: Database, folder: Path, now: datetime = NOW) -> tuple[World, Life]:
    """One process: what it knows, and its look at the feed rns, whose heartbeat lies in the folder."""
    config = read_config(None, folder, SOURCES)
    world = World({c.id: c for c in config.carriers}, config.crossings, lambda: datetime.now(UTC))
    return world, Life(database, world, [Pulse("rns", ("home",), folder / "heartbeat")], lambda: now)


async def due(database: Database, now: datetime) -> int:
    async with database.dock(now) as dock:
        return len(await dock.due_loads(now))


async def look_at_all(database: Database, world: World, now: datetime) -> None:
    async with database.work("home", now, write=True) as work:
        await reassess(work, world, await work.loads.open_ids())


@pytest.fixture
async def load(sqlite_db: Database, tmp_path: Path) -> None:
    """A load that the living feed covers, looked at and not due."""
    (tmp_path / "heartbeat").touch()
    world, life = program(sqlite_db, tmp_path)
    await life.look()
    async with sqlite_db.work("home", NOW, write=True) as work:
        await add_rows(work, world, [LoadRow("line 1", CELLS)], Hands(Hand.FILE, "loads.csv", "d1"))
    await look_at_all(sqlite_db, world, NOW)


async def test_loads_looked_at_by_what_another_program_has_changed_meanwhile_become_due_again(
    sqlite_db: Database, tmp_path: Path, load: None
) -> None:
    first = program(sqlite_db, tmp_path, LATER)[1]
    stale, second = program(sqlite_db, tmp_path, LATER)
    await second.refresh()
    (tmp_path / "heartbeat").unlink()
    await first.look()
    assert await due(sqlite_db, LATER) == 1
    await look_at_all(sqlite_db, stale, LATER)
    assert await due(sqlite_db, LATER) == 0
    await second.look()
    assert await due(sqlite_db, LATER) == 1
    await look_at_all(sqlite_db, stale, LATER)
    await second.look()
    assert await due(sqlite_db, LATER) == 0


async def test_an_outage_that_another_program_was_told_of_makes_loads_due_here(
    sqlite_db: Database, tmp_path: Path, load: None
) -> None:
    _, life = program(sqlite_db, tmp_path, LATER)
    await life.look()
    async with sqlite_db.work("home", LATER, write=True) as work:
        await work.outages.start("cbsa", "Robin", LATER)
    await life.refresh()
    assert await due(sqlite_db, LATER) == 1


class Busy(Database):
    """A database whose next units of work, so many of them, find it busy."""

    left = 0

    def work(self, carrier, now, write=False):  # type: ignore[no-untyped-def]
        if self.left:
            self.left -= 1
            raise Again("busy")
        return super().work(carrier, now, write)


async def test_loads_that_could_not_be_made_due_are_made_due_at_the_next_look(
    sqlite_db: Database, sqlite_url: str, tmp_path: Path, load: None
) -> None:
    database = Busy(sqlite_url)
    try:
        _, life = program(database, tmp_path, LATER)
        await life.look()
        (tmp_path / "heartbeat").unlink()
        database.left = 1
        with pytest.raises(Again):
            await life.look()
        assert await due(sqlite_db, LATER) == 0
        await life.look()
        assert await due(sqlite_db, LATER) == 1
    finally:
        await database.close()
