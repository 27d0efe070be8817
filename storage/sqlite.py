"""The embedded engine: one writer, a few readers, one file.

Durability: `synchronous=FULL`. In WAL mode `NORMAL` may forget the last commits when the power fails, and a
message is acknowledged to its sender once it is committed; a batch pays for one fsync, not a message.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.engine import Duty, to_the_end, transaction
from storage.errors import StorageError
from storage.inthread import Nearby, Pace
from storage.types import decoded
from storage.unit import Unit

_BUSY_MS = 10_000
_WAL = "PRAGMA journal_mode=WAL"
_WAL_TRIES, _WAL_SLEEP = 400, 0.025
_READERS = 4
_BOTH = ("PRAGMA foreign_keys=ON", f"PRAGMA busy_timeout={_BUSY_MS}", "PRAGMA temp_store=MEMORY")
#: Pages that the log may hold before a commit moves them into the file; SQLite's own 1000 are the pages of one batch,
#: and moving them after each took a third of the time of a commit. This is a log of 16 MB.
_MOVED = "PRAGMA wal_autocheckpoint=4000"
_WRITER = (*_BOTH, _WAL, "PRAGMA synchronous=FULL", "PRAGMA cache_size=-32000", _MOVED)
_READER = (*_BOTH, "PRAGMA cache_size=-4000", "PRAGMA query_only=ON")


class SqliteEngine:
    """SQLite in WAL mode; units that write stand in line, those that read cannot write."""

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise StorageError("the database must be a file: write sqlite+aiosqlite:///var/holdwatch.db")
        self.path = Path(url.database)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = _engine(url, _WRITER, "BEGIN IMMEDIATE", 1)
        self._readers = _engine(url, _READER, "BEGIN", _READERS)
        self._line = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._connections = 0
        self._pace = Pace()
        event.listen(self._writer.sync_engine, "connect", self._count)

    def _near(self, connection: Any) -> Nearby:
        """Once it has begun a unit waits for nobody until it commits, and one that reads never does, so its short
        statements can run right here."""
        return Nearby(connection, self._pace)

    def _count(self, *_: object) -> None:
        self._connections += 1

    @asynccontextmanager
    async def unit(self, now: datetime, write: bool) -> AsyncIterator[Unit]:
        """A transaction; one that writes has the database to itself from its first statement."""
        if not write:
            async with transaction(self._readers, now, write, self._near) as unit:
                yield unit
            return
        async with self._alone(), transaction(self._writer, now, write, self._near) as unit:
            yield unit

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if self._holder is task and task is not None:
            raise RuntimeError("this task has a unit open that writes; a second one would wait for ever")
        async with self._line:
            self._holder = task
            try:
                yield
            finally:
                self._holder = None

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that nobody else changes the schema meanwhile."""
        async with self._alone(), self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def duty(self, name: str) -> AsyncIterator[Duty]:
        """Every duty is ours: on SQLite one program runs at a time (`single_run`)."""
        yield Duty(True)

    async def data_version(self) -> int | None:
        """A number that changes when another process has written; it may rarely change without."""
        async with self._alone(), self._writer.connect() as connection:
            raw = await connection.get_raw_connection()
            cursor = await raw.driver_connection.execute("PRAGMA data_version")  # type: ignore[union-attr]
            (version,) = await cursor.fetchone()
            await cursor.close()
        return (self._connections << 40) + int(version)

    async def backup(self, path: Path) -> None:
        """A consistent copy while others read and write; `path` must not exist yet."""
        await asyncio.to_thread(_copy, self.path, path)

    async def close(self) -> None:
        """Closes all connections."""
        await to_the_end(self._readers.dispose())
        await to_the_end(self._writer.dispose())


def _engine(url: URL, pragmas: tuple[str, ...], begin: str, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        json_deserializer=decoded,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=60,
        pool_reset_on_return=None,  # every unit ends its transaction itself
        connect_args={"isolation_level": None, "cached_statements": 256},
    )

    def prepare(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            if pragma == _WAL:
                connection.run_async(_switch_to_wal)
            else:
                cursor.execute(pragma)
        cursor.close()

    def open_(connection: Connection) -> None:
        # One visit to the connection's thread; a cursor of SQLAlchemy makes three.
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.run_async(lambda connected: connected.execute_fetchall(begin))
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, (), error, sqlite3.Error) from error

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", open_)
    return engine


async def _switch_to_wal(connected: Any) -> None:
    """Turns WAL on; unlike all else this does not wait by `busy_timeout` while another process does the same."""
    for attempt in range(_WAL_TRIES):
        try:
            await connected.execute_fetchall(_WAL)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _WAL_TRIES - 1:
                raise
            await asyncio.sleep(_WAL_SLEEP)
        else:
            return


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        raise StorageError(f"{target} is there already; nothing was written, name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(part)) as there:
        here.backup(there)  # one step: in WAL mode a reader holds up no writer
        there.execute("PRAGMA journal_mode=DELETE")
    part.rename(target)
