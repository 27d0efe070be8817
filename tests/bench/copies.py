"""Many loads out of a few: exact copies of loads that were added and looked at as always, made inside the database."""

from itertools import product

from sqlalchemy import JSON, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.alerts import alert_table
from storage.claims import claim_table
from storage.database import Database
from storage.loads import load_table
from storage.numbers import number_table
from storage.posts import post_table
from storage.reports import report_table
from storage.said import said_table
from storage.shipments import shipment_table
from storage.types import Document

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_IDS = frozenset({"id", "load_id", "shipment_id", "number_id", "alert_id", "post_id"})
#: How a row finds its load; each load has one shipment.
_OF_LOAD = "JOIN one ON one.load_id = t.load_id"
_TABLES: tuple[tuple[Table, str], ...] = (
    (load_table, "JOIN one ON one.load_id = t.id"),
    (shipment_table, _OF_LOAD),
    (said_table, _OF_LOAD),
    (number_table, "JOIN claim c ON c.number_id = t.id JOIN one ON one.load_id = c.load_id"),
    (claim_table, _OF_LOAD),
    (report_table, "JOIN claim c ON c.number_id = t.number_id JOIN one ON one.load_id = c.load_id"),
    (alert_table, _OF_LOAD),
    (post_table, _OF_LOAD),
)


def _copied(table: Table, name: str, postgres: bool) -> str:
    """A column of a copy: ids take the copy's mark, numbers and what names them the copy's number."""
    column = f't."{name}"'
    if name in _IDS:
        return f"substr({column}, 1, 9) || copy.mark || substr({column}, 13)"
    if table is load_table and name == "key":
        return f"{column} || copy.mark"
    if name == "reverse":
        return "reverse(replace(t.key, one.number, CAST(CAST(one.number AS integer) + copy.ahead AS text)))"
    kind = table.c[name].type
    document = isinstance(kind, (JSON, Document))
    if kind.python_type is not str and not document:
        return column
    own = "substr(one.shipment_id, 1, 9) || copy.mark || substr(one.shipment_id, 13)"
    number = "CAST(CAST(one.number AS integer) + copy.ahead AS text)"
    if document:
        made = f"replace(replace(CAST({column} AS text), one.shipment_id, {own}), one.number, {number})"
        return f"CAST({made} AS jsonb)" if postgres else made
    return f"replace(replace({column}, one.shipment_id, {own}), one.number, {number})"


async def _copy(connection: AsyncConnection, postgres: bool) -> None:
    one = "SELECT l.id AS load_id, l.number, s.id AS shipment_id FROM load l JOIN shipment s ON s.load_id = l.id"
    await connection.execute(text(f"CREATE TEMPORARY TABLE one AS {one}"))
    for table, join in _TABLES:
        names = [c.name for c in table.columns]
        made = ", ".join(_copied(table, name, postgres) for name in names)
        into = ", ".join(f'"{name}"' for name in names)
        of = f'"{table.name}" t {join} CROSS JOIN copy'
        await connection.execute(text(f'INSERT INTO "{table.name}" ({into}) SELECT {made} FROM {of}'))
    for name in ("one", "copy"):
        await connection.execute(text(f"DROP TABLE {name}"))


async def multiply(database: Database, carrier: str, slice_: int, times: int) -> None:
    """Makes of the `slice_` loads that there are `times` as many; all but numbers and ids is the same."""
    marks = ["".join(letters) for letters in product(_LETTERS, repeat=3)]
    async with database.engine.migrating() as connection:
        postgres = connection.dialect.name == "postgresql"
        if not postgres:
            raw = await connection.get_raw_connection()
            await raw.driver_connection.create_function("reverse", 1, lambda t: t[::-1])  # type: ignore[union-attr]
        (taken,) = (await connection.execute(text("SELECT DISTINCT substr(id, 10, 3) FROM load"))).scalars()
        free = [mark for mark in marks if mark != taken]
        await connection.execute(text("CREATE TEMPORARY TABLE copy (ahead integer, mark text)"))
        rows = [{"ahead": n * slice_, "mark": free[n]} for n in range(1, times)]
        await connection.execute(text("INSERT INTO copy VALUES (:ahead, :mark)"), rows)
        await _copy(connection, postgres)
    await settle(database)


async def settle(database: Database) -> None:
    """Has PostgreSQL know its tables, as it does by itself within a minute."""
    async with database.engine.migrating() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ANALYZE"))
