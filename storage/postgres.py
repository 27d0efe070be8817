"""The distributed engine: PostgreSQL, shared by any number of processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import URL, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from storage.engine import Duty, to_the_end, told, transaction
from storage.errors import StorageError
from storage.types import decoded
from storage.unit import Unit

_POOL = 10


class PostgresEngine:
    """PostgreSQL; units that read see one snapshot and cannot write."""

    def __init__(self, url: URL) -> None:
        self._writer = create_async_engine(
            url, json_deserializer=decoded, pool_size=_POOL, max_overflow=_POOL, pool_pre_ping=True
        )
        self._readers = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Duties hold a connection for hours: they must not take it from the pool.
        self._duties = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def unit(self, now: datetime, write: bool) -> AsyncIterator[Unit]:
        """A transaction."""
        async with transaction(self._writer if write else self._readers, now, write) as unit:
            yield unit

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that nobody else changes the schema meanwhile."""
        async with self._writer.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(lock_number("migrate"))))
            yield connection

    @asynccontextmanager
    async def duty(self, name: str) -> AsyncIterator[Duty]:
        """Takes a duty if nobody has it, and gives it back at the end."""
        with told():
            connection = await self._duties.connect()
        try:
            with told():
                taken = await connection.scalar(select(func.pg_try_advisory_lock(lock_number(name))))
            yield Duty(bool(taken), connection)
        finally:
            with suppress(DBAPIError):  # a connection that is gone has given it back already
                await to_the_end(connection.close())

    async def data_version(self) -> int | None:
        """None: other processes are heard by other means."""
        return None

    async def backup(self, path: Path) -> None:
        """Refused: PostgreSQL has its own tool."""
        raise StorageError(f"nothing was written: a PostgreSQL database is backed up with pg_dump -Fc -f {path}")

    async def close(self) -> None:
        """Closes all connections."""
        await to_the_end(self._writer.dispose())
        await to_the_end(self._duties.dispose())


def lock_number(name: str) -> int:
    """The number under which PostgreSQL knows a lock of ours."""
    return int.from_bytes(sha256(f"holdwatch {name}".encode()).digest()[:8], "big", signed=True)
