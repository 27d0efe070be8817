"""SQLite in this very thread, in the forms in which SQLAlchemy and our repositories want a connection.

Handing every statement to another thread and back takes several times as long as a short statement itself.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import Executable, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.prepared import change

T = TypeVar("T")

#: Seconds. After a statement of the first length others have a turn; one of the second goes to the connection's own
#: thread from then on; after one of the third all do: a disk that is slow, or asleep, must not hold up those who chat.
_TURN, _HEAVY, _LONG = 0.001, 0.03, 0.1
#: Seconds that all stay there: a single stop of the machine costs little, a disk that goes on being slow keeps them.
_AWAY_FIRST, _AWAY_MOST = 1.0, 60.0
#: Seconds after which a heavy statement may show again how long it takes: it may just have had many rows to find.
_HEAVY_FOR = 60.0


class Cursor:
    """A cursor that answers at once where SQLAlchemy awaits it."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> "Cursor":
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    async def execute(self, text: str, values: Sequence[Any] = ()) -> None:
        self._cursor.execute(text, values)

    async def executemany(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        self._cursor.executemany(text, rows)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class Driver:
    """A connection in this very thread, as SQLAlchemy's asyncio dialect wants one."""

    def __init__(self, path: Path) -> None:
        self.plain = self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)

    def __await__(self) -> Generator[Any, None, "Driver"]:
        yield from ()
        return self

    def cursor(self) -> Cursor:
        return Cursor(self.plain.cursor())

    async def execute_fetchall(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        return self.plain.execute(text, values).fetchall()

    async def execute(self, text: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self.plain.execute(text, values)

    async def executemany(self, text: str, rows: Sequence[Sequence[Any]]) -> sqlite3.Cursor:
        return self.plain.executemany(text, rows)

    async def create_function(self, *args: Any, **more: Any) -> None:
        self.plain.create_function(*args, **more)

    async def commit(self) -> None:
        """Units end by themselves."""

    async def rollback(self) -> None:
        """Units end by themselves."""

    async def close(self) -> None:
        self.plain.close()

    def stop(self) -> None:
        self.plain.close()


class Direct:
    """A connection whose ready-made statements go straight to the driver."""

    def __init__(self, connection: AsyncConnection, plain: sqlite3.Connection) -> None:
        self._plain = plain
        self.dialect = connection.dialect
        self._execute = connection.execute
        self._met: WeakSet[Executable] = WeakSet()
        self.get_raw_connection = connection.get_raw_connection

    async def execute(self, statement: Executable, values: Mapping[str, Any]) -> Any:
        """A change that is asked for a second time was made once for all calls, and is prepared."""
        if not isinstance(statement, UpdateBase) or statement._returning or statement not in self._met:
            self._met.add(statement)
            return await self._execute(statement, values)
        prepared = change(self.dialect, statement)
        return await self.exec_driver_sql(prepared.text, prepared.values(values))

    async def exec_driver_sql(self, text: str, values: Any = ()) -> sqlite3.Cursor:
        try:
            if isinstance(values, list):
                return self._plain.executemany(text, values)
            return self._plain.execute(text, values)
        except sqlite3.Error as error:
            raise DBAPIError.instance(text, values, error, sqlite3.Error) from error


class Pace:
    """How long statements take in this thread, and until when they had better not run here."""

    def __init__(self) -> None:
        self._away_until = 0.0
        self._away = _AWAY_FIRST
        self._heavy: dict[str, float] = {}

    async def run(self, text: str, here: Callable[[], T], there: Callable[[], Awaitable[T]]) -> T:
        """Runs a statement here, or in the connection's thread while it, or all of them, are slow."""
        begun = monotonic()
        if begun < self._away_until or begun < self._heavy.get(text, 0.0):
            return await there()
        found = here()
        took = monotonic() - begun
        if took > _HEAVY:
            self._heavy[text] = begun + took + _HEAVY_FOR
        if took > _LONG:
            self._leave(begun, begun + took)
        if took > _TURN:
            await asyncio.sleep(0)
        return found

    def _leave(self, begun: float, now: float) -> None:
        """Twice as long as the last time, unless they have been here for a while since."""
        lately = begun - self._away_until < _AWAY_MOST
        self._away = min(self._away * 2, _AWAY_MOST) if lately and self._away_until else _AWAY_FIRST
        self._away_until = now + self._away


class Nearby:
    """A connection of aiosqlite whose ready-made statements run here: only its owner uses it, one after the other."""

    def __init__(self, connection: Any, pace: Pace) -> None:
        self._far = connection
        self._plain: sqlite3.Connection = connection._conn
        self._pace = pace

    async def execute_fetchall(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Rows, as of a list."""
        return await self._pace.run(
            text, lambda: self._plain.execute(text, values).fetchall(), lambda: self._far.execute_fetchall(text, values)
        )

    async def execute(self, text: str, values: Sequence[Any] = ()) -> Any:
        """A change."""
        return await self._pace.run(
            text, lambda: self._plain.execute(text, values), lambda: self._far.execute(text, values)
        )

    async def executemany(self, text: str, rows: Sequence[Sequence[Any]]) -> Any:
        """A change for each row."""
        return await self._pace.run(
            text, lambda: self._plain.executemany(text, rows), lambda: self._far.executemany(text, rows)
        )
