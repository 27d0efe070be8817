"""Short statements run in the thread that asks; slow ones are sent to the connection's own."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from storage import inthread
from storage.database import Database
from storage.inthread import Pace
from tests.storage.world import NOW, load


async def _there() -> str:
    return "there"


async def test_after_a_long_statement_the_next_ones_go_elsewhere_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(inthread, "monotonic", lambda: now[0])

    def takes(seconds: float) -> str:
        now[0] += seconds
        return "here"

    pace = Pace()

    async def asked(seconds: float) -> str:
        return await pace.run(f"at {now[0]}", lambda: takes(seconds), _there)

    assert [await asked(0.02) for _ in range(3)] == ["here"] * 3
    for away in (1, 2, 4, 8, 16, 32, 60, 60):  # as long as the disk stays slow
        assert await asked(0.2) == "here"
        assert await asked(0.01) == "there"
        now[0] += away - 0.1
        assert await asked(0.01) == "there"
        now[0] += 0.2
        assert await asked(0.01) == "here"
    now[0] += 61
    assert [await asked(0.2), await asked(0.01)] == ["here", "there"]
    now[0] += 1.1
    assert await asked(0.01) == "here", "it was quick for a while: one stop more is a new one"


async def test_a_statement_that_takes_long_goes_elsewhere_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(inthread, "monotonic", lambda: now[0])

    def takes(seconds: float) -> str:
        now[0] += seconds
        return "here"

    pace = Pace()

    async def asked(text: str, seconds: float) -> str:
        return await pace.run(text, lambda: takes(seconds), _there)

    assert await asked("board", 0.05) == "here"
    assert [await asked("board", 0.05), await asked("load", 0.001)] == ["there", "here"]
    now[0] += 59
    assert await asked("board", 0.05) == "there"
    now[0] += 2
    assert [await asked("board", 0.01), await asked("board", 0.01)] == ["here", "here"], "it may be quick by now"


@pytest.mark.parametrize("slow", [False, True])
async def test_a_unit_that_writes_does_the_same_here_and_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, slow: bool
) -> None:
    if slow:
        monkeypatch.setattr(inthread, "_LONG", -1.0)  # whatever is run here was too long
    threads: set[str] = set()

    def noted(statement: str) -> None:
        if statement.startswith("INSERT INTO load"):
            threads.add(threading.current_thread().name)

    db = Database(f"sqlite+aiosqlite:///{tmp_path}/holdwatch.db")
    try:
        await db.migrate()
        async with db.work("north", NOW, write=True) as work:
            raw = await work.unit.connection.get_raw_connection()
            assert raw.driver_connection is not None
            await raw.driver_connection.set_trace_callback(noted)
            first, second, third = load("1"), load("2"), load("3")
            await work.loads.add([first])
            await work.loads.add([second, third])
            assert set(await work.loads.of([first.id, second.id, third.id])) == {first.id, second.id, third.id}
            with pytest.raises(DBAPIError, match="UNIQUE"):
                await work.loads.add([first])
        async with db.work("north", NOW) as work:
            assert set(await work.loads.of_numbers(["1", "2", "3"])) == {"1", "2", "3"}
    finally:
        await db.close()
    here = threading.current_thread().name
    assert here in threads
    assert (threads != {here}) is slow
