"""Nights on a real database of SQLite."""

import pytest

from storage.database import Database
from tests.nights.night import Night


@pytest.fixture
async def night(sqlite_db: Database) -> Night:
    """The desk at midnight."""
    return await Night(sqlite_db).begins()


@pytest.fixture
async def asking(sqlite_db: Database) -> Night:
    """The same where the gateway takes questions to customs."""
    return await Night(sqlite_db, asks=("rns",)).begins()
