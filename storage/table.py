"""Tables made from the dataclass of their rows: a field is a column, so the two cannot drift apart."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, ForeignKey, Index, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from storage.types import JSON, Day, Instant, Member

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

_PLAIN: dict[Any, TypeEngine[Any]] = {
    str: Text(),
    bool: Boolean(),
    int: BigInteger(),
    bytes: LargeBinary(),
    datetime: Instant(),
    date: Day(),
}


def _type_of(hint: Any) -> tuple[TypeEngine[Any], bool]:
    """The column type of an annotation, and whether it may be null."""
    optional = False
    if isinstance(hint, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
        optional = True
    if hint in _PLAIN:
        return _PLAIN[hint], optional
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Member(hint), optional
    if get_origin(hint) is not None:
        return JSON, optional
    raise TypeError(f"no column type for {hint}")


def table(
    name: str,
    row: type,
    *more: SchemaItem,
    key: tuple[str, ...] = ("id",),
    scoped: bool = True,
    refers: Mapping[str, str] | None = None,
    types: Mapping[str, TypeEngine[Any]] | None = None,
) -> Table:
    """The table of a row dataclass; a scoped one also has the column `carrier`, which no row shows."""
    columns: list[Column[Any]] = (
        [Column("carrier", Text, nullable=False, primary_key="carrier" in key)] if scoped else []
    )
    for field, hint in get_type_hints(row).items():
        kind, optional = _type_of(hint)
        target = (refers or {}).get(field)
        columns.append(
            Column(
                field,
                (types or {}).get(field, kind),
                *((ForeignKey(target),) if target else ()),
                primary_key=field in key,
                nullable=optional,
            )
        )
    return Table(name, metadata, *columns, *more)


def partial(name: str, *columns: str, where: ColumnElement[bool], unique: bool = False) -> Index:
    """An index over the rows that meet a condition, on both engines."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


@cache
def names_of(row: type[Any]) -> tuple[str, ...]:
    """The names of a row's fields, in order."""
    return tuple(field.name for field in fields(row))


@cache
def _reader(row: Any) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names_of(row))


def columns_of(of: Table, row: type) -> list[Column[Any]]:
    """The columns that make a row, in the order of its fields."""
    return [of.c[name] for name in names_of(row)]


def values_of(row: Any, **more: Any) -> dict[str, Any]:
    """A row's fields as parameters of a statement."""
    return dict(zip(names_of(row.__class__), _reader(row.__class__)(row), strict=True), **more)


def batch(rows: Iterable[Any], **more: Any) -> list[dict[str, Any]]:
    """Rows as parameters of one executemany."""
    return [values_of(row, **more) for row in rows]
