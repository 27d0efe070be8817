"""The database: opens units of work, migrates, backs up."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from storage.dock import Dock
from storage.engine import Duty, Engine, current_revision
from storage.errors import StorageError
from storage.migrations.run import head, upgrade
from storage.postgres import PostgresEngine
from storage.runlock import run_lock
from storage.sqlite import SqliteEngine
from storage.work import Work

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Database:
    """One database, `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`. Nothing is opened before it is used."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.engine: Engine
        self._file: Path | None = None
        if parsed.get_backend_name() == "sqlite":
            self.engine = engine = SqliteEngine(parsed.set(drivername="sqlite+aiosqlite"))
            self._file = engine.path
        elif parsed.get_backend_name() == "postgresql":
            self.engine = PostgresEngine(parsed.set(drivername="postgresql+asyncpg"))
        else:
            raise StorageError(
                f"'{parsed.drivername}' is no database that holdwatch knows: "
                "write sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER@HOST/NAME"
            )

    @asynccontextmanager
    async def work(self, carrier: str, now: datetime, write: bool = False) -> AsyncIterator[Work]:
        """A unit of one carrier: committed at its normal end if it writes, else rolled back."""
        if not carrier:
            raise ValueError("a unit of work belongs to a carrier")
        async with self.engine.unit(now, write) as unit:
            yield Work(unit, carrier)
        for hook in unit.hooks if write else ():
            hook()

    @asynccontextmanager
    async def dock(self, now: datetime, write: bool = False) -> AsyncIterator[Dock]:
        """A unit across carriers: keys only, and what belongs to no carrier."""
        async with self.engine.unit(now, write) as unit:
            yield Dock(unit)
        for hook in unit.hooks if write else ():
            hook()

    def duty(self, name: str) -> AbstractAsyncContextManager[Duty]:
        """A task that only one process may do at a time (a queue that is emptied by reading); see `Duty.mine`."""
        return self.engine.duty(name)

    def single_run(self) -> AbstractContextManager[None]:
        """Keeps a second `holdwatch run` off an SQLite file (AlreadyRunning); PostgreSQL takes any number."""
        return run_lock(self._file) if self._file else nullcontext()

    @property
    def alone(self) -> bool:
        """Whether whoever runs here is the only one that runs (SQLite, see `single_run`)."""
        return self._file is not None

    async def migrate(self) -> None:
        """Brings the schema up to date; safe when several processes start at once."""
        async with self.engine.migrating() as connection:
            await connection.run_sync(upgrade)

    async def ready(self) -> None:
        """Returns when the database answers and its schema is ours; else StorageError says what to do."""
        try:
            async with self.engine.unit(_ANY_TIME, False) as unit:
                revision = await unit.connection.run_sync(current_revision)
        except (DBAPIError, OSError) as error:
            raise StorageError(f"the database does not answer: {error}") from error
        if revision != head():
            raise StorageError(
                f"the database has schema {revision or 'none'}, this version needs {head()}: run holdwatch migrate"
            )

    async def data_version(self) -> int | None:
        """On SQLite a number that changes when another process has written; None on PostgreSQL."""
        return await self.engine.data_version()

    async def backup(self, path: Path) -> None:
        """Writes a consistent copy to a new file while everything goes on; PostgreSQL: says to use pg_dump."""
        await self.engine.backup(path)

    async def close(self) -> None:
        """Closes all connections."""
        await self.engine.close()
