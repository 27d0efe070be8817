"""Desks: one carrier on SQLite, on each engine, and two carriers side by side."""

import pytest

from storage.database import Database
from tests.handlers.commands.desk import BOSS, DESK, OTHER_DESK, Desk


@pytest.fixture
async def desk(sqlite_db: Database) -> Desk:
    """A carrier's desk with one place that hears all, and Maria in it."""
    return await Desk(sqlite_db).opened()


@pytest.fixture
async def desk_of_each(db: Database) -> Desk:
    """The same on each engine."""
    return await Desk(db).opened()


@pytest.fixture
async def two(sqlite_db: Database) -> Desk:
    """Two carriers that share a feed: `home` is heard in one place, `north` in another."""
    desk = Desk(sqlite_db, ("home", "north"))
    for carrier, place in (("home", DESK), ("north", OTHER_DESK)):
        async with sqlite_db.work(carrier, desk.now, write=True) as work:
            await desk.admin(work, BOSS, f"Bo of {carrier}")
        await desk.ask(f"/route here carrier={carrier}", BOSS, place)
        assert "hears all loads" in desk.last.title
    return desk
