"""One transaction, and the base of every repository in it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Dialect, Executable, Table, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.dml import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite.dml import Insert as SqliteInsert
from sqlalchemy.ext.asyncio import AsyncConnection

#: The name of a parameter, what makes a value of a row fit for the driver, or else the value it always has.
Binder = tuple[str, Callable[[Any], Any] | None, Any]
Upsert = PostgresqlInsert | SqliteInsert


class Unit:
    """A connection inside a transaction, the moment it was opened for, and what to do once it is committed."""

    def __init__(self, connection: AsyncConnection, now: datetime, writes: bool) -> None:
        self.connection = connection
        self.now = now
        self.writes = writes
        self.hooks: list[Callable[[], None]] = []

    @property
    def alone(self) -> bool:
        """Whether nobody else can write while this unit does (SQLite)."""
        return self.connection.dialect.name == "sqlite"


class Repository:
    """Statements of one aggregate; `carrier` scopes each of them."""

    def __init__(self, unit: Unit, carrier: str = "") -> None:
        self.unit = unit
        self.carrier = carrier

    async def _rows(self, statement: Executable, **parameters: Any) -> Sequence[tuple[Any, ...]]:
        """Rows of a statement; the carrier is always among its parameters, as `scope`."""
        result = await self.unit.connection.execute(statement, {"scope": self.carrier, **parameters})
        return cast("Sequence[tuple[Any, ...]]", result.fetchall())

    async def _one(self, statement: Executable, **parameters: Any) -> tuple[Any, ...] | None:
        rows = await self._rows(statement, **parameters)
        return rows[0] if rows else None

    async def _run(self, statement: Executable, parameters: dict[str, Any]) -> int:
        """Runs a change; returns how many rows it changed."""
        result = await self.unit.connection.execute(statement, parameters)
        return result.rowcount

    async def _each(self, statement: UpdateBase, rows: Sequence[dict[str, Any]]) -> None:
        """Runs a change, which must be made once for all calls, for each row of parameters."""
        if rows:
            await self._many(*_change(self.unit.connection.dialect, statement), rows)

    async def _changed(self, statement: Executable, **parameters: Any) -> bool:
        """Whether a guarded change found its row as expected."""
        return await self._run(statement, {"scope": self.carrier, **parameters}) > 0

    async def _insert(self, into: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows that name every column."""
        await self._insert_all(into, rows, missing=False)

    async def _add_missing(self, into: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Inserts, and leaves alone what is there already; for a single row says how many were inserted."""
        return await self._insert_all(into, rows, missing=True)

    async def _insert_all(self, into: Table, rows: Sequence[dict[str, Any]], missing: bool) -> int:
        if not rows:
            return 0
        return await self._many(*_insertion(self.unit.connection.dialect, into, missing), rows)

    async def _many(self, text: str, binders: list[Binder], rows: Sequence[dict[str, Any]]) -> int:
        values = [tuple([value if bind is None else bind(row[name]) for name, bind, value in binders]) for row in rows]
        # One tuple is run alone: only then does every driver say how many rows it changed.
        result = await self.unit.connection.exec_driver_sql(text, values if len(values) > 1 else values[0])
        return result.rowcount


def upsert(unit: Unit, into: Table) -> Upsert:
    """An INSERT that can be given a conflict clause, of the engine in use."""
    return sqlite.insert(into) if unit.alone else postgresql.insert(into)


@lru_cache(maxsize=256)
def _insertion(dialect: Dialect, into: Table, missing: bool) -> tuple[str, list[Binder]]:
    made = sqlite.insert(into) if dialect.name == "sqlite" else postgresql.insert(into)
    statement = made.on_conflict_do_nothing() if missing else made
    return _prepared(dialect, statement, [column.name for column in into.columns])


@lru_cache(maxsize=256)
def _change(dialect: Dialect, statement: UpdateBase) -> tuple[str, list[Binder]]:
    return _prepared(dialect, statement, None)


def _prepared(dialect: Dialect, statement: UpdateBase, names: list[str] | None) -> tuple[str, list[Binder]]:
    """The text of a statement, and how its parameters are made of a row.

    SQLAlchemy would build the parameters of each row anew, which took most of the time of a batch.
    """
    compiled = statement.compile(dialect=dialect, column_keys=names)
    binders: list[Binder] = []
    for name in compiled.positiontup or ():
        parameter = compiled.binds[name]
        bind = parameter.type.dialect_impl(dialect).bind_processor(dialect) or _same
        if parameter.required:
            binders.append((name, bind, None))
        else:
            binders.append((name, None, bind(parameter.value)))
    return compiled.string, binders


def _same(value: Any) -> Any:
    return value
