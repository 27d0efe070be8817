"""How revisions write tables down: `name:type?` is a column, text unless a type is named, `?` where it may be null."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import BYTEWISE, JSON, Instant

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "": sa.Text(),
    "bytewise": BYTEWISE,
    "int": sa.BigInteger(),
    "flag": sa.Boolean(),
    "blob": sa.LargeBinary(),
    "instant": Instant(),
    "json": JSON,
}


def column(word: str) -> sa.Column[Any]:
    """A column from its word."""
    name, _, kind = word.rstrip("?").partition(":")
    return sa.Column(name, _TYPES[kind], nullable=word.endswith("?"))


def create(
    name: str, columns: str, *, key: str = "id", unique: tuple[str, ...] = (), refers: Mapping[str, str] | None = None
) -> None:
    """Creates a table; names of constraints follow those of the metadata."""
    op.create_table(
        name,
        *(column(word) for word in columns.split()),
        sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}"),
        *(sa.UniqueConstraint(*one.split(), name="_".join(["uq", name, *one.split()])) for one in unique),
        *(sa.ForeignKeyConstraint([c], [to], name=f"fk_{name}_{c}") for c, to in (refers or {}).items()),
    )


def index(name: str, table: str, columns: str, *, where: str = "", unique: bool = False) -> None:
    """Creates an index, over the rows that meet a condition if one is given."""
    if not where:
        op.create_index(name, table, columns.split(), unique=unique)
        return
    condition = sa.text(where)
    op.create_index(name, table, columns.split(), unique=unique, sqlite_where=condition, postgresql_where=condition)
