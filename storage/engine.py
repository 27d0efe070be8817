"""What the two engines have in common: how a unit is opened, ended, and its errors told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.errors import Again, Away, Clash
from storage.unit import Unit

_PASSING = ("40001", "40P01", "55P03")
#: Two units made the same new row at once. SQLite has one writer: there it is a fault of ours, and stays one.
_TWICE = "23505"


class Engine(Protocol):
    """One kind of database."""

    def unit(self, now: datetime, write: bool) -> AbstractAsyncContextManager[Unit]: ...

    def migrating(self) -> AbstractAsyncContextManager[AsyncConnection]: ...

    def duty(self, name: str) -> AbstractAsyncContextManager["Duty"]: ...

    async def data_version(self) -> int | None: ...

    async def backup(self, path: Path) -> None: ...

    async def close(self) -> None: ...


class Duty:
    """A task that one process at a time does; `mine` says whether it is this one."""

    def __init__(self, mine: bool, connection: AsyncConnection | None = None) -> None:
        self.mine = mine
        self._connection = connection

    async def held(self) -> bool:
        """Whether the duty is still ours: it is lost with the connection that holds it."""
        if self.mine and self._connection is not None:
            try:
                await self._connection.exec_driver_sql("SELECT 1")
            except DBAPIError:
                self.mine = False
        return self.mine


def passing(error: DBAPIError) -> bool:
    """Whether the same unit may succeed when it is repeated."""
    code = getattr(error.orig, "sqlstate", None)
    return code in _PASSING or "database is locked" in str(error.orig) or "database is busy" in str(error.orig)


def away(error: DBAPIError) -> bool:
    """Whether the database, or the way to it, is gone for a while; asyncpg's word for that is no OperationalError.

    SQLSTATE 08 is a lost connection, 53 no resources, 57 a server that stops or starts.
    """
    code = str(getattr(error.orig, "sqlstate", None) or "")
    return error.connection_invalidated or code[:2] in ("08", "53", "57") or "connection was closed" in str(error.orig)


@contextmanager
def told() -> Iterator[None]:
    """Names the errors of a database that is busy or away."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _TWICE:
            raise Clash("somebody else just wrote the same; nothing was written, it will be tried again") from error
        if passing(error):
            raise Again("the database was busy; nothing was written, it will be tried again") from error
        if away(error):
            raise Away("the database went away for a moment; it will be tried again") from error
        raise


async def to_the_end(step: Coroutine[object, object, None]) -> None:
    """Awaits a step that must not be left half done, also when the task is cancelled meanwhile."""
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


@asynccontextmanager
async def transaction(
    engine: AsyncEngine, now: datetime, write: bool, driven: Callable[[Any], Any] = lambda connection: connection
) -> AsyncIterator[Unit]:
    """A unit on a connection of `engine`: committed when it ends well and writes, else rolled back. For `driven` see
    `Unit`."""
    with told():
        connection = await engine.connect()
    try:
        with told():
            await connection.begin()
            unit = Unit(connection, now, write, driven)
            yield unit
            await to_the_end(connection.commit() if write else connection.rollback())
    except BaseException:  # cancelled too: an open transaction would hold up everybody
        with suppress(DBAPIError):  # a connection that is gone needs none
            await to_the_end(connection.rollback())
        raise
    finally:
        with suppress(DBAPIError):
            await to_the_end(connection.close())


def current_revision(connection: Connection) -> str | None:
    """The schema revision of a database, None when it has no schema of ours yet."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])
