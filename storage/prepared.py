"""Statements as the driver takes them: compiled once, with what makes their parameters and reads their rows.

SQLAlchemy would look up each statement, build the parameters and convert the values of each row anew, which took most
of the time of a batch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, CompoundSelect, Dialect, Select, Table, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate
from sqlalchemy.types import TypeEngine

from storage.types import read_json

Rows = Sequence[tuple[Any, ...]]
Asking = Select[Any] | CompoundSelect[Any, Any] | ReturningUpdate[Any] | ReturningDelete[Any]
#: What makes another value of the one in this place.
Turn = tuple[int, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of a statement, and how its parameters are made: by `names`, or of `always` what never differs."""

    text: str
    names: tuple[str, ...]
    binders: tuple[Turn, ...]
    always: Mapping[str, Any]

    def values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Parameters as the driver takes them."""
        return self.many([row])[0] if self.names else ()

    def many(self, rows: Sequence[Mapping[str, Any]]) -> Rows:
        """Rows of parameters as the driver takes them."""
        always, count = self.always, len(rows)
        columns = [[always[n]] * count if n in always else [row[n] for row in rows] for n in self.names]
        return _turned(columns, self.binders)


@dataclass(frozen=True, slots=True)
class Question(Prepared):
    """A statement that gives rows; `readers` make the values of its columns ours."""

    readers: tuple[Turn, ...]

    def read(self, rows: Rows) -> Rows:
        """Rows of the driver with our values."""
        return _turned(list(zip(*rows, strict=True)), self.readers) if rows and self.readers else rows


def _turned(columns: list[Any], turns: Iterable[Turn]) -> Rows:
    """Rows of columns, some of which are made into others: a column at a time, for that is quick."""
    for place, turn in turns:
        columns[place] = map(turn, columns[place])
    return list(zip(*columns, strict=True))


@lru_cache(maxsize=256)
def insertion(dialect: Dialect, into: Table, missing: bool) -> Prepared:
    """The INSERT of whole rows; `missing` leaves alone what is there already."""
    made = sqlite.insert(into) if dialect.name == "sqlite" else postgresql.insert(into)
    statement = made.on_conflict_do_nothing() if missing else made
    return Prepared(*_compiled(dialect, statement, [column.name for column in into.columns]))


@lru_cache(maxsize=256)
def change(dialect: Dialect, statement: UpdateBase) -> Prepared:
    """A change that is made once for all calls."""
    return Prepared(*_compiled(dialect, statement, None))


@lru_cache(maxsize=512)
def question(dialect: Dialect, statement: Asking) -> Question:
    """A question that is made once for all calls."""
    types = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
    readers = _those((place, _reader(kind, dialect)) for place, kind in enumerate(types))
    return Question(*_compiled(dialect, statement, None), readers)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, JSON) and dialect.name == "sqlite":
        return read_json
    return kind.result_processor(dialect, None)


def _those(turns: Iterable[tuple[int, Callable[[Any], Any] | None]]) -> tuple[Turn, ...]:
    return tuple((place, turn) for place, turn in turns if turn is not None)


def _compiled(
    dialect: Dialect, statement: UpdateBase | Asking, names: list[str] | None
) -> tuple[str, tuple[str, ...], tuple[Turn, ...], Mapping[str, Any]]:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    order = tuple(compiled.positiontup or ())
    types = [compiled.binds[name].type.dialect_impl(dialect) for name in order]
    binders = _those((place, kind.bind_processor(dialect)) for place, kind in enumerate(types))
    always = {name: compiled.binds[name].value for name in order if not compiled.binds[name].required}
    return compiled.string, order, binders, always
