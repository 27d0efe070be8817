"""The migrated schema is the one that the code speaks of, on both engines."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.load import Hand, Said
from bot.domain.numbers import NumberKind
from storage.database import Database
from storage.ids import new_id
from storage.migrations.run import _config
from storage.people import PersonRecord
from storage.schema import TABLES, metadata
from tests.storage.world import NOW, build


def differences(connection: Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


def described(connection: Connection) -> dict[str, Any]:
    """Columns, keys and indexes with their conditions, as the database itself tells them."""
    found = inspect(connection)
    if connection.dialect.name == "sqlite":
        indexes = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        )
    else:
        indexes = connection.execute(text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
    return {
        "indexes": sorted((name, " ".join(sql.split())) for name, sql in indexes if name != "alembic_version_pkc"),
        "tables": {
            table.name: (
                [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table.name)],
                found.get_pk_constraint(table.name),
                sorted(found.get_unique_constraints(table.name), key=lambda u: str(u["name"])),
                sorted(found.get_foreign_keys(table.name), key=lambda f: str(f["name"])),
            )
            for table in TABLES
        },
    }


async def test_migrations_make_what_the_metadata_says(db: Database) -> None:
    async with db.dock(NOW, write=True) as dock:
        connection = dock.unit.connection
        assert await connection.run_sync(differences) == []
        migrated = await connection.run_sync(described)
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        made = await connection.run_sync(described)
    assert len(migrated["tables"]) == len(TABLES) == len(metadata.tables)
    assert migrated == made


async def test_migrating_twice_or_at_once_changes_nothing(db: Database, db_url: str, open_db) -> None:
    other = open_db(db_url)
    await asyncio.gather(db.migrate(), other.migrate(), db.migrate())
    await other.ready()


async def test_several_processes_may_migrate_an_empty_database_at_once(open_db, tmp_path) -> None:
    several = [open_db(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'empty.db'}") for _ in range(8)]
    await asyncio.gather(*(one.migrate() for one in several))
    await several[0].ready()


async def test_a_new_file_that_another_process_is_about_to_write_is_waited_for(open_db, tmp_path) -> None:
    path = tmp_path / "new.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(0.2, other.execute, "ROLLBACK")
        database = open_db(f"sqlite+aiosqlite:///{path}")
        await database.migrate()
        await database.ready()


async def test_words_of_before_are_the_only_person_s_who_bears_their_name(db: Database) -> None:
    world = await build(db, "north")
    lees = [PersonRecord(new_id(), "lee", f"LEE{n}", "dispatcher", NOW) for n in range(2)]
    hands = (("lee", Hand.PERSON), ("maria", Hand.PERSON), ("maria", Hand.FILE), ("gone", Hand.PERSON))
    async with db.work("north", NOW, write=True) as work:
        await work.people.add(lees)
        await work.people.change(world.person.id, name="maria")
        await work.said.add([(world.load.id, Said("truck", who, hand, who, NOW)) for who, hand in hands])
        await work.unit.connection.execute(text("UPDATE said SET person = NULL"))
    async with db.dock(NOW, write=True) as dock:
        await dock.unit.connection.run_sync(again, "0004")
        rows = await dock.unit.connection.execute(
            text("SELECT who, hand, person FROM said WHERE field = 'truck' AND value = who ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [
            ("lee", 3, None), ("maria", 3, world.person.id), ("maria", 0, None), ("gone", 3, None)
        ]  # fmt: skip


async def test_what_a_database_holds_outlives_the_way_back_and_forward(db: Database) -> None:
    await build(db, "north")
    lost = {"on_until", "on_call_since"}  # an older program does not know these
    names = ("load", "shipment", "claim", "report", "party", "alias", "person", "alert", "post", "outbox", "said")

    async def rows(connection: AsyncConnection) -> dict[str, list[Any]]:
        kept = {name: [c for c in metadata.tables[name].c if c.name not in lost] for name in names}
        return {n: sorted(map(tuple, await connection.execute(select(*c))), key=repr) for n, c in kept.items()}

    async with db.dock(NOW, write=True) as dock:
        before = await rows(dock.unit.connection)
        await dock.unit.connection.run_sync(again, "0007")
        assert all(before.values()) and await rows(dock.unit.connection) == before
        assert await dock.unit.connection.run_sync(differences) == []


async def test_a_database_of_before_knows_which_numbers_nobody_claims(db: Database) -> None:
    world = await build(db, "north")

    async def unclaimed(connection: AsyncConnection) -> set[str]:
        return set((await connection.execute(text("SELECT id FROM number WHERE claimed_at IS NULL"))).scalars())

    async with db.work("north", NOW, write=True) as work:
        await work.numbers.upsert([(NumberKind.CCN, "1234PARS1", "1234PARS1")])
        orphans = await unclaimed(work.unit.connection)
        held = await work.claims.of_loads([world.later.id])
        await work.claims.drop([c.id for c in held], NOW)
        given_up = {c.number_id for c in held}
        still = {c.number_id for c in await work.claims.loads_of(given_up)}
    async with db.dock(NOW, write=True) as dock:
        assert orphans and given_up and await unclaimed(dock.unit.connection) == orphans | given_up
        await dock.unit.connection.run_sync(again, "0012")
        assert await unclaimed(dock.unit.connection) == orphans | (given_up - still)


def again(connection: Connection, before: str) -> None:
    """Goes back to a revision, and forward again."""
    for way in (command.downgrade, command.upgrade):
        config = _config()
        config.attributes["connection"] = connection
        way(config, before if way is command.downgrade else "head")
