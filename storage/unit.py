"""One transaction, and the base of every repository in it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.dml import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite.dml import Insert as SqliteInsert
from sqlalchemy.ext.asyncio import AsyncConnection

Parameters = dict[str, Any] | list[dict[str, Any]]
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

    async def _run(self, statement: Executable, parameters: Parameters) -> int:
        """Runs a change once, or once for each of a list; returns how many rows a single one changed."""
        if not parameters:
            return 0
        result = await self.unit.connection.execute(statement, parameters)
        return result.rowcount

    async def _changed(self, statement: Executable, **parameters: Any) -> bool:
        """Whether a guarded change found its row as expected."""
        return await self._run(statement, {"scope": self.carrier, **parameters}) > 0

    async def _add_missing(self, into: Table, parameters: Parameters) -> int:
        """Inserts, and leaves alone what is there already."""
        return await self._run(_insert_missing(self.unit.connection.dialect.name, into), parameters)


def upsert(unit: Unit, into: Table) -> Upsert:
    """An INSERT that can be given a conflict clause, of the engine in use."""
    return sqlite.insert(into) if unit.alone else postgresql.insert(into)


@cache
def _insert_missing(dialect: str, into: Table) -> Executable:
    return (sqlite.insert(into) if dialect == "sqlite" else postgresql.insert(into)).on_conflict_do_nothing()
