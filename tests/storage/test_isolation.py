"""Nothing of one carrier is seen or changed through another one's door (house rule 8)."""

import inspect
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.errors import NotFound, Stale
from storage.schema import TABLES
from storage.work import Work
from tests.storage.calls import ADDS, CHANGES, READS, Call
from tests.storage.world import (
    NOW,
    World,
    build,
)

#: They belong to the installation and hold nothing of a carrier's.
SHARED = {"feeds", "problems", "settings"}
CARRIER = "north"


class _UndoError(Exception):
    """Ends a unit without a trace."""


def methods() -> set[str]:
    """Every public coroutine of every repository of a unit of work."""
    work = Work(None, "x")  # type: ignore[arg-type]
    return {
        f"{name}.{method}"
        for name, repository in vars(work).items()
        if name not in {"unit", "carrier"} | SHARED
        for method, member in inspect.getmembers(repository, inspect.iscoroutinefunction)
        if not method.startswith("_")
    }


def test_every_method_of_every_repository_is_tried_below() -> None:
    tried = [*READS, *CHANGES, *ADDS]
    assert len(tried) == len(set(tried))
    assert set(tried) == methods()


def test_every_table_but_the_shared_ones_has_a_carrier() -> None:
    assert {t.name for t in TABLES if "carrier" not in t.c} == {"raw", "problem", "feed_state", "setting", "wait"}


async def rows_of(work: Work, carrier: str) -> list[Any]:
    """Every stored row of a carrier."""
    found = []
    for table in TABLES:
        if "carrier" in table.c:
            rows = await work.unit.connection.execute(select(table).where(table.c.carrier == carrier))
            found.append((table.name, sorted(map(repr, rows))))
    return found


async def outcome(db: Database, carrier: str, call: Call, world: World, before: list[Any]) -> tuple[Any, bool]:
    """What a call by `carrier` returned (None where it is refused), and whether rows of CARRIER changed by it."""
    result: Any = None
    changed = False
    try:
        async with db.work(carrier, NOW, write=True) as work:
            with suppress(NotFound, Stale):
                result = await call(work, world)
            changed = bool(before) and await rows_of(work, CARRIER) != before
            raise _UndoError
    except _UndoError:
        return result, changed


async def stored(db: Database) -> list[Any]:
    async with db.work(CARRIER, NOW) as work:
        return await rows_of(work, CARRIER)


async def test_reading_as_another_carrier_finds_nothing(db: Database) -> None:
    world = await build(db, CARRIER)
    for name, call in READS.items():
        own, _ = await outcome(db, CARRIER, call, world, [])
        assert own, f"{name} should find something of its own, else this proves nothing"
        foreign, _ = await outcome(db, "south", call, world, [])
        assert not foreign, name


async def test_changing_as_another_carrier_changes_nothing(db: Database) -> None:
    world = await build(db, CARRIER)
    before = await stored(db)
    for name, call in CHANGES.items():
        _, own = await outcome(db, CARRIER, call, world, before)
        assert own, f"{name} should change something of its own, else this proves nothing"
        result, foreign = await outcome(db, "south", call, world, before)
        assert not foreign, name
        assert not result, name


async def test_adding_as_another_carrier_touches_no_row_of_ours(db: Database) -> None:
    world = await build(db, CARRIER)
    before = await stored(db)
    for name, call in ADDS.items():
        _, foreign = await outcome(db, "south", call, world, before)
        assert not foreign, name


async def test_two_carriers_may_have_the_same_of_everything(db: Database) -> None:
    north = await build(db, "north")
    south = await build(db, "south")
    for carrier, own, other in (("north", north, south), ("south", south, north)):
        async with db.work(carrier, NOW, write=True) as work:
            for text in ("1234", "124", "T7", "TR9", "12345000000017", "1234 PARS 777124"):
                found = {hit.load.id for hit in await work.finder.search(text)}
                assert own.load.id in found, text
                assert not found & {other.load.id, other.later.id}, text
            seen = {k: repr(await call(work, other)) for k, call in READS.items() if k != "loads.get"}
            assert [k for k, text in seen.items() if other.load.id in text or other.number_id in text] == []


async def test_a_unit_of_work_needs_a_carrier(sqlite_db: Database) -> None:
    with pytest.raises(ValueError, match="belongs to a carrier"):
        async with sqlite_db.work("", NOW):
            pass
