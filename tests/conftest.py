"""Databases for tests: `db` runs a test on both engines, `sqlite_db` and `postgres_db` on one."""

import asyncio
import os
import shutil
import tempfile
import zoneinfo
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import Database
from tests.storage.server import postgres_server

zoneinfo.reset_tzpath(to=())  # zones of the locked tzdata, as in main

#: A file system in memory: a commit costs no turn of a disk there.
_MEMORY, _ROOM = Path("/dev/shm"), 2 * 1024**3
#: Where tests are that take longest: they begin first, so that at the end no worker waits for one of them.
_LONG = ("tests/stories/", "tests/season/", "tests/cli/", "tests/standins/", "tests/watch/test_many")

#: Ends connections that a test left behind, and empties the tables: quicker than a database a test, or TRUNCATE of all.
_EMPTY = """
DO $$
DECLARE name text; gone bigint;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', false);  -- no row asks for those that name it
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone > 1000 THEN EXECUTE format('TRUNCATE %I CASCADE', name); END IF;
    END LOOP;
END $$
"""


def pytest_configure() -> None:
    """Puts what tests write into memory where there is room, and has no example of Hypothesis measured by time."""
    if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None
    settings.register_profile(
        "default", settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


async def _migrated(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


async def _run(url: str, statement: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql(statement)
    await engine.dispose()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server with the migrated database `own`, started when the first test asks for it."""
    with postgres_server() as url:
        asyncio.run(_run(url, "CREATE DATABASE own"))
        asyncio.run(_migrated(_named(url, "own")))
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrated(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file that only this test has."""
    shutil.copy(sqlite_template, tmp_path / "holdwatch.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'holdwatch.db'}"


@pytest.fixture
async def postgres_own_url(postgres_url: str) -> str:
    """The URL of a migrated PostgreSQL database that is empty and that nobody else uses."""
    url = _named(postgres_url, "own")
    await _run(url, _EMPTY)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database that only this test has, of each engine."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_own_url")


@pytest.fixture
async def open_db() -> AsyncIterator[Callable[[str], Database]]:
    """Opens databases by URL, and closes them at the end: another one of the same URL is another process's view."""
    opened: list[Database] = []

    def open_(url: str) -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield open_
    for database in opened:
        await database.close()


@pytest.fixture
def db(db_url: str, open_db: Callable[[str], Database]) -> Database:
    """A migrated, empty database, of each engine."""
    return open_db(db_url)


@pytest.fixture
def sqlite_db(sqlite_url: str, open_db: Callable[[str], Database]) -> Database:
    """A migrated, empty SQLite database."""
    return open_db(sqlite_url)


@pytest.fixture
def postgres_db(postgres_own_url: str, open_db: Callable[[str], Database]) -> Database:
    """A migrated, empty PostgreSQL database."""
    return open_db(postgres_own_url)
