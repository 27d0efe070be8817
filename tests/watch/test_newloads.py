"""Loads of a stretch of the past are entered together, each due when it was known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import read_config
from bot.domain.load import LoadRow
from bot.feeds.registry import SOURCES
from bot.watch.newloads import NewLoads
from bot.watch.world import World
from storage.scratch import Scratch

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
async def scratch(tmp_path: Path) -> AsyncIterator[Scratch]:
    database = Scratch(tmp_path / "scratch.db")
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def new(scratch: Scratch, tmp_path: Path) -> NewLoads:
    config = read_config(None, tmp_path, SOURCES)
    return NewLoads(scratch, World({c.id: c for c in config.carriers}, config.crossings, lambda: NOON))


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def row(n: int, **more: str) -> LoadRow:
    cells = {"number": f"L{n}", "pars": f"SMPLPARS{n:06d}", "eta": "2026-11-25T02:00:00+00:00"}
    return LoadRow(f"line {n}", cells | more)


async def test_loads_entered_together_are_known_said_and_due_each_at_its_own_moment(
    scratch: Scratch, new: NewLoads
) -> None:
    for n in (1, 2):
        new.add(after(n), [row(n)])
    await new.enter(after(10))
    assert [at for _, _, at in scratch.due(after(10))] == [after(1), after(2)]
    async with scratch.work("home", after(10)) as work:
        loads = {r.number: r for own in (await work.loads.of_numbers(["L1", "L2"])).values() for r in own}
        assert {n: r.known_at for n, r in loads.items()} == {"L1": after(1), "L2": after(2)}
        assert {n: r.answer for n, r in loads.items()} == {"L1": "", "L2": ""}
        said = await work.said.of_loads([r.id for r in loads.values()])
        assert {s.at for s in said[loads["L2"].id]} == {after(2)}
        claims = await work.claims.of_loads([loads["L2"].id])
        assert {c.since for c in claims} == {after(2)}


async def test_what_is_later_than_the_stretch_waits_for_its_turn(scratch: Scratch, new: NewLoads) -> None:
    new.add(after(1), [row(1)])
    new.add(after(5), [row(2), row(3, eta="never")])
    await new.enter(after(5))
    assert [r.number for r in new.results] == ["L1"]
    assert new
    await new.enter(after(6))
    assert [(r.number, r.outcome) for r in new.results] == [("L1", "added"), ("L2", "added"), ("L3", "refused")]
    assert not new
