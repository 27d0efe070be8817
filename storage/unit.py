"""One transaction, and the base of every repository in it."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Executable, Table, UpdateBase, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.dml import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite.dml import Insert as SqliteInsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.prepared import Asking, Prepared, change, insertion, question

Upsert = PostgresqlInsert | SqliteInsert


class Unit:
    """A connection inside a transaction, the moment it was opened for, and what to do once it is committed."""

    def __init__(
        self,
        connection: AsyncConnection,
        now: datetime,
        writes: bool,
        driven: Callable[[Any], Any] = lambda connection: connection,
        driver: Any = None,
    ) -> None:
        """What runs ready-made statements (SQLite) is `driver`, or else what `driven` makes of the driver's own
        connection."""
        self.connection = connection
        self.now = now
        self.writes = writes
        self.hooks: list[Callable[[], None]] = []
        self._driven = driven
        self._driver = driver

    @property
    def alone(self) -> bool:
        """Whether nobody else can write while this unit does (SQLite)."""
        return self.connection.dialect.name == "sqlite"

    async def fetched(self, text: str, values: tuple[Any, ...]) -> Sequence[tuple[Any, ...]]:
        """Rows as the driver gives them."""
        if not self.alone:
            return cast("Sequence[tuple[Any, ...]]", (await self.connection.exec_driver_sql(text, values)).fetchall())
        try:
            # At most one visit to the connection's thread; SQLAlchemy makes four, most of the time of a short question.
            return cast("Sequence[tuple[Any, ...]]", await (await self._sqlite()).execute_fetchall(text, values))
        except sqlite3.Error as error:
            raise DBAPIError.instance(text, values, error, sqlite3.Error) from error

    async def changed(self, text: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Runs a change for each row of parameters; returns how many rows it changed, if there was one."""
        # One tuple is run alone: only then does every driver say how many rows it changed.
        alone = len(rows) == 1
        if not self.alone:
            return (await self.connection.exec_driver_sql(text, rows[0] if alone else list(rows))).rowcount
        try:
            driver = await self._sqlite()
            cursor = await (driver.execute(text, rows[0]) if alone else driver.executemany(text, rows))
        except sqlite3.Error as error:
            raise DBAPIError.instance(text, rows, error, sqlite3.Error) from error
        return int(cursor.rowcount)

    async def _sqlite(self) -> Any:
        if self._driver is None:
            self._driver = self._driven((await self.connection.get_raw_connection()).driver_connection)
        return self._driver


class Repository:
    """Statements of one aggregate; `carrier` scopes each of them."""

    def __init__(self, unit: Unit, carrier: str = "") -> None:
        self.unit = unit
        self.carrier = carrier

    async def _rows(self, statement: Asking, **parameters: Any) -> Sequence[tuple[Any, ...]]:
        """Rows of a statement, which must be made once for all calls; the carrier is its parameter `scope`."""
        asked = question(self.unit.connection.dialect, statement)
        parameters["scope"] = self.carrier
        return asked.read(await self.unit.fetched(asked.text, asked.values(parameters)))

    async def _rows_once(self, statement: Executable, **parameters: Any) -> Sequence[tuple[Any, ...]]:
        """Rows of a statement that is made for this call."""
        result = await self.unit.connection.execute(statement, {"scope": self.carrier, **parameters})
        return cast("Sequence[tuple[Any, ...]]", result.fetchall())

    async def _one(self, statement: Asking, **parameters: Any) -> tuple[Any, ...] | None:
        rows = await self._rows(statement, **parameters)
        return rows[0] if rows else None

    async def _run(self, statement: Executable, parameters: dict[str, Any]) -> int:
        """Runs a change; returns how many rows it changed."""
        result = await self.unit.connection.execute(statement, parameters)
        return result.rowcount

    async def _each(self, statement: UpdateBase, rows: Sequence[dict[str, Any]]) -> None:
        """Runs a change, which must be made once for all calls, for each row of parameters."""
        if rows:
            await self._many(change(self.unit.connection.dialect, statement), rows)

    async def _changed(self, statement: Executable, **parameters: Any) -> bool:
        """Whether a guarded change found its row as expected."""
        return await self._run(statement, {"scope": self.carrier, **parameters}) > 0

    async def _in_turn(self, matter: int) -> bool:
        """Has units of this carrier that are at the same matter go one after the other; whether there may have been
        another one, whose rows this one sees from now on."""
        if self.unit.alone:
            return False
        await self.unit.connection.execute(select(func.pg_advisory_xact_lock(matter, func.hashtext(self.carrier))))
        return True

    async def _insert(self, into: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows that name every column."""
        await self._insert_all(into, rows, missing=False)

    async def _add_missing(self, into: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Inserts, and leaves alone what is there already; for a single row says how many were inserted."""
        return await self._insert_all(into, rows, missing=True)

    async def _insert_all(self, into: Table, rows: Sequence[dict[str, Any]], missing: bool) -> int:
        if not rows:
            return 0
        return await self._many(insertion(self.unit.connection.dialect, into, missing), rows)

    async def _many(self, prepared: Prepared, rows: Sequence[dict[str, Any]]) -> int:
        return await self.unit.changed(prepared.text, prepared.many(rows))


def upsert(unit: Unit, into: Table) -> Upsert:
    """An INSERT that can be given a conflict clause, of the engine in use."""
    return sqlite.insert(into) if unit.alone else postgresql.insert(into)
