"""The battery through ingest, for all sources: other carriers' numbers, the same twice, half of what arrives bad."""

from typing import Any

import pytest

from bot.domain.load import LoadRow
from bot.feeds.protocol import Arrived
from bot.feeds.registry import SOURCES
from bot.watch.ingest import Ear, Ingest
from storage.database import Database
from tests.feeds.battery.bad import of_others, syntax
from tests.fuzz.corpus import RECEIVED, reader, seeds
from tests.watch.ground import add, carrier, tables, world

#: The column of a list of loads that claims a number of each kind.
_COLUMNS = {"ccn": "pars", "scn": "paps", "trip": "trip"}
_MOST = 10
_GARBAGE = (b"\0\xff garbage", b"{", b"<html>Sign in</html>", b"UNH+1+", b"ISA*00*")


class House:
    """One carrier with its loads beside another one, and one feed of a source that may speak for these carriers."""

    def __init__(self, db: Database, source: str, carriers: tuple[str, ...]) -> None:
        self.db, self.source, self.carriers = db, source, carriers
        self.world = world(carrier("home", "SMPL"), carrier("north", "OTHR"))
        ear = Ear("feed", SOURCES[source], reader(source), carriers)
        self.ingest = Ingest(db, self.world, {"feed": ear}, lambda: RECEIVED, lambda: None)

    async def hears(self, *bodies: bytes) -> tuple[int, int]:
        kept = await self.ingest.keep([Arrived("feed", body, f"{n}.bin", RECEIVED) for n, body in enumerate(bodies)])
        return kept.kept, kept.repeated

    async def watches(self, bodies: list[bytes]) -> None:
        """Has home watch a load for each number that its messages name."""
        found = {
            (r.kind.value, r.key)
            for body in bodies
            for r in SOURCES[self.source].read(body, reader(self.source), RECEIVED).reports
        }
        rows = [
            LoadRow(f"line {n}", {"number": f"L{n}", "direction": "US" if kind == "scn" else "CA", _COLUMNS[kind]: key})
            for n, (kind, key) in enumerate(sorted(found))
            if kind in _COLUMNS and of_others(key.encode()) != key.encode()
        ]
        await add(self.db, self.world, *rows, now=RECEIVED)

    async def rows(self, table: str) -> list[tuple[Any, ...]]:
        return (await tables(self.db))[table]


def some(source: str) -> list[bytes]:
    found = [s.body for s in seeds(source)]
    return found[:: max(1, -(-len(found) // _MOST))]


@pytest.mark.parametrize("carriers", [("home",), ("home", "north")], ids=["one carrier", "two carriers"])
@pytest.mark.parametrize("source", SOURCES)
async def test_numbers_of_another_carrier_never_reach_this_ones_loads(
    source: str, carriers: tuple[str, ...], sqlite_db: Database
) -> None:
    bodies, house = some(source), House(sqlite_db, source, carriers)
    await house.watches(bodies)
    before = await house.rows("load")
    await house.hears(*map(of_others, bodies))
    after = await house.rows("load")
    assert set(map(repr, before)) <= set(map(repr, after))


@pytest.mark.parametrize("source", SOURCES)
async def test_the_same_twice_is_kept_once_and_changes_nothing(source: str, sqlite_db: Database) -> None:
    bodies, house = list(dict.fromkeys(some(source))), House(sqlite_db, source, ("home",))
    await house.watches(bodies)
    assert await house.hears(*bodies) == (len(bodies), 0)
    before = {name: await house.rows(name) for name in ("report", "load", "problem")}
    assert await house.hears(*bodies, *bodies) == (0, 2 * len(bodies))
    assert {name: await house.rows(name) for name in before} == before


@pytest.mark.parametrize("source", SOURCES)
async def test_half_a_batch_bad_costs_nothing_of_the_other_half(source: str, sqlite_db: Database) -> None:
    bodies, house = list(dict.fromkeys(some(source))), House(sqlite_db, source, ("home",))
    read = [SOURCES[source].read(body, reader(source), RECEIVED) for body in bodies]
    batch = [one for n, body in enumerate(bodies) for one in (_GARBAGE[n % 5] + b"%d" % n, body)]
    assert await house.hears(*batch) == (len(batch), 0)
    # Papers that a mail speaks of wait at their number for the load that gets it.
    waiting = sum(len(one.loads) for one in read) if source == "email_drop" else 0
    assert len(await house.rows("report")) == sum(len(one.reports) for one in read) + waiting
    lost = [body for body in batch[::2] if not (syntax(body) == "lines" and source == "load_csv")]
    assert len(await house.rows("problem")) >= sum(len(one.problems) for one in read) + len(lost)
