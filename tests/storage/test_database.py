"""The database as a whole: ready, one run, duties, other processes, backup."""

import asyncio

import pytest
from sqlalchemy import select

from bot.domain.numbers import NumberKind
from storage.database import Database
from storage.errors import AlreadyRunning, StorageError
from storage.loads import load_table
from tests.storage.world import NOW, load

CCN = NumberKind.CCN


async def test_ready_says_what_to_do(db: Database, open_db, tmp_path) -> None:
    await db.ready()
    empty = open_db(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StorageError, match="run holdwatch migrate"):
        await empty.ready()
    for url in ("postgresql+asyncpg://postgres@/none?host=/nowhere", f"sqlite+aiosqlite:///{tmp_path}"):
        with pytest.raises(StorageError, match="does not answer"):
            await open_db(url).ready()
    for url in ("mysql://host/name", "sqlite+aiosqlite://"):
        with pytest.raises(StorageError, match="sqlite\\+aiosqlite:///"):
            open_db(url)


async def test_one_run_at_a_time_on_sqlite_and_any_number_on_postgresql(db: Database, db_url: str, open_db) -> None:
    other = open_db(db_url)
    with db.single_run():
        if db_url.startswith("sqlite"):
            with (
                pytest.raises(AlreadyRunning, match=r"another holdwatch run uses .* nothing was changed"),
                other.single_run(),
            ):
                pass
        else:
            with other.single_run():
                pass
    with other.single_run():
        pass


async def test_one_process_has_a_duty(db: Database, db_url: str, open_db) -> None:
    other = open_db(db_url)
    async with db.duty("telegram") as first:
        assert first.mine
        assert await first.held()
        async with other.duty("telegram") as second, other.duty("mailbox") as third:
            assert second.mine == db_url.startswith("sqlite")
            assert third.mine
    async with other.duty("telegram") as second:
        assert second.mine


async def test_what_another_process_wrote_is_noticed_and_what_we_wrote_is_not(sqlite_db, sqlite_url, open_db) -> None:
    other = open_db(sqlite_url)
    before = await sqlite_db.data_version()
    async with sqlite_db.dock(NOW, write=True) as dock:
        await dock.settings.save("a", "1")
    assert await sqlite_db.data_version() == before
    async with other.dock(NOW, write=True) as dock:
        await dock.settings.save("a", "2")
    assert await sqlite_db.data_version() != before


async def test_a_backup_is_whole_while_others_write(sqlite_db, open_db, tmp_path) -> None:
    stop = asyncio.Event()
    written = 0

    async def write() -> None:
        nonlocal written
        while not stop.is_set() and written < 5_000:
            async with sqlite_db.work("north", NOW, write=True) as work:
                await work.loads.add([load(f"{written}a"), load(f"{written}b")])
            written += 1

    writer = asyncio.create_task(write())
    while written < 5:
        await asyncio.sleep(0.001)
    await sqlite_db.backup(tmp_path / "kept" / "copy.db")
    stop.set()
    await writer
    with pytest.raises(StorageError, match="is there already; nothing was written"):
        await sqlite_db.backup(tmp_path / "kept" / "copy.db")
    copy = open_db(f"sqlite+aiosqlite:///{tmp_path / 'kept' / 'copy.db'}")
    await copy.ready()
    async with copy.work("north", NOW) as work:
        numbers = [n for (n,) in await work.unit.connection.execute(select(load_table.c.number))]
    assert 10 <= len(numbers) <= 2 * written
    assert {n[:-1] + "a" for n in numbers} | {n[:-1] + "b" for n in numbers} == set(numbers)


async def test_postgresql_is_backed_up_by_its_own_tool(postgres_db: Database, tmp_path) -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        await postgres_db.backup(tmp_path / "copy.db")
