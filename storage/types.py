"""Column types that mean the same on both engines, and `among`, an IN that takes any number of values."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    DateTime,
    Dialect,
    Text,
    bindparam,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: A JSON document: jsonb on PostgreSQL.
JSON = sqlalchemy.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

#: Text whose order is that of its bytes on both engines, so that a prefix is a range of an index.
BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")


_DECODER = json.JSONDecoder()


def decoded(text: str) -> Any:
    """What a JSON text says, in less than the time of `json.loads`, which looks for white space around it."""
    return _DECODER.raw_decode(text)[0]


def read_json(value: Any) -> Any:
    """What SQLite gives of a JSON column, read; SQLAlchemy's own reader goes through three functions for a null, and
    most documents are empty."""
    if value.__class__ is not str:
        return value
    return [] if value == "[]" else {} if value == "{}" else decoded(value)


class Written(Mapping[str, Any]):
    """A JSON document as its text, which is read only when somebody asks what it says."""

    __slots__ = ("_said", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._said: dict[str, Any] | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What it says."""
        if self._said is None:
            self._said = decoded(self.text)
        return self._said

    def __getitem__(self, name: str) -> Any:
        return self.said[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.said)

    def __len__(self) -> int:
        return len(self.said)

    def __repr__(self) -> str:
        return f"Written({self.text!r})"


class Document(TypeDecorator[Mapping[str, Any]]):
    """A JSON document that few who read its row look into: SQLite gives it as text, `Written` is written as it is."""

    impl = sqlalchemy.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else sqlalchemy.JSON())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        return _document

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.name == "postgresql":  # which keeps what the text says, and not the text
            return self.load_dialect_impl(dialect).result_processor(dialect, coltype)
        return Written


def _document(value: Mapping[str, Any]) -> str:
    return value.text if isinstance(value, Written) else json.dumps(dict(value))


def _zoned(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError(f"a stored time needs a zone, {value.isoformat()} has none")
    return value


@lru_cache(maxsize=8192)
def _microseconds(value: datetime | None) -> int | None:
    moment = _zoned(value)
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=8192)
def _from_microseconds(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(0, 0, value)


def _from_zoned(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: microseconds since 1970 on SQLite, timestamptz on PostgreSQL. Refuses naive times."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _zoned if dialect.name == "postgresql" else _microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _from_zoned if dialect.name == "postgresql" else _from_microseconds


class Day(TypeDecorator[date]):
    """A day without a time, as ISO text on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Member(TypeDecorator[Enum]):
    """A member of an enum, stored as its value (text or whole number)."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.impl = BigInteger() if issubclass(kind, int) else Text()  # type: ignore[assignment]
        self.kind = kind
        self._by_member: dict[Any, Any] = {None: None, **{m: m.value for m in kind}}
        self._by_value: dict[Any, Enum | None] = {None: None, **{member.value: member for member in kind}}

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return self._by_member.__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Enum | None]:
        return self._by_value.__getitem__


class Many(TypeDecorator[Iterable[str]]):
    """A list of texts as one parameter: an array on PostgreSQL, a JSON list on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        # Sorted, SQLite makes the list that it looks up in a third of the time.
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(sorted(value or ()))


class among(FunctionElement[bool]):  # noqa: N801  reads like a function where it is used
    """`among(column, parameter)`: the column's value is one of the texts of a `Many` parameter.

    One statement text whatever the number of values, so that it is compiled and prepared once, and no
    engine's limit of parameters is met.
    """

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Itself: SQLite would else be asked for `(… IN …) = 1`, for which it takes no index."""
        return self


@compiles(among)
def _among(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(values, **kw)}))"


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} = ANY ({compiler.process(values, **kw)})"


def many(name: str) -> BindParameter[Any]:
    """A parameter that holds a list of texts."""
    return bindparam(name, type_=Many())


class _Checked(FunctionElement[str]):
    type = Text()
    inherit_cache = True


@compiles(_Checked)
def _checked(element: _Checked, compiler: SQLCompiler, **kw: Any) -> str:
    (column,) = element.clauses
    return compiler.process(column, **kw)


@compiles(_Checked, "sqlite")
def _checked_sqlite(element: _Checked, compiler: SQLCompiler, **kw: Any) -> str:
    (column,) = element.clauses
    return "+" + compiler.process(column, **kw)


def checked(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The column, to be compared row by row and never to be searched by.

    SQLite keeps no statistics of a young database and would rather walk through all rows of a carrier than look
    up the ids it is given.
    """
    return _Checked(column)


def fixed(value: str) -> ColumnElement[str]:
    """A text written into the statement: a parameter would hide from SQLite that a partial index fits."""
    return literal_column(f"'{value}'")
