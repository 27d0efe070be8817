"""F9, house rule 1: files that were stored when the database went away are brought again, and are no news (SAMPLE)."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.feeds.folder import Drop, Folder
from bot.feeds.protocol import Arrived
from storage.database import Database
from storage.errors import Away
from tests.attack.ground import PARS, Ground

LINE = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30'


async def test_f9_a_refusal_and_its_end_brought_twice_by_a_folder_leave_the_go(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    place, lost = tmp_path / "feed", [True]
    place.mkdir()

    async def keep(arrivals: list[Arrived]) -> None:
        await ground.ingest.keep(arrivals)
        if lost:
            lost.pop()
            raise Away("SAMPLE: the line broke behind the first of them")

    def now() -> datetime:
        ground.now += timedelta(seconds=1)
        return ground.now

    folder = Folder(Drop("pcb", place, settle=0), keep, now, lambda: 0.0)
    for name, status in (("1", "rejected"), ("2", "accepted")):
        body = {"sender": "PCB", "statuses": [{"number": PARS, "status": status}]}
        (place / f"{name}.json").write_text(json.dumps(body))
    with pytest.raises(Away):
        await folder.look()
    ground.now += timedelta(minutes=5)
    before = await ground.kinds()
    assert "rejected" not in before
    assert await folder.look() == 2
    assert await ground.kinds() == before


Keep = Callable[[list[Arrived]], Awaitable[object]]


def watch(ground: Ground, place: Path, keep: Keep | None = None) -> Folder:
    """The folder as a run that has just started watches it."""

    def now() -> datetime:
        ground.now += timedelta(seconds=1)
        return ground.now

    place.mkdir(exist_ok=True)
    return Folder(Drop("pcb", place, settle=0), keep or ground.ingest.keep, now, lambda: 0.0)


def drop(place: Path, name: str, status: str) -> None:
    """Their broker writes a status that has neither a time nor a reference of its own."""
    place.mkdir(exist_ok=True)
    body = {"sender": "PCB", "statuses": [{"number": PARS, "status": status}]}
    (place / f"{name}.json").write_text(json.dumps(body))


async def killed(ground: Ground, place: Path) -> None:
    """A run takes what is there and is killed when it is stored and not moved away."""

    async def keep(arrivals: list[Arrived]) -> None:
        await ground.ingest.keep(arrivals)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watch(ground, place, keep).look()
    ground.now += timedelta(minutes=5)


async def test_f9_a_refusal_and_its_end_that_a_killed_run_left_where_they_lay_leave_the_go(
    db: Database, tmp_path: Path
) -> None:
    ground, place = Ground(db), tmp_path / "feed"
    await ground.types(LINE)
    for name, status in (("1", "rejected"), ("2", "accepted"), ("3", "rejected"), ("4", "accepted")):
        drop(place, name, status)
    await killed(ground, place)
    before = await ground.kinds()
    await killed(ground, place)
    assert await watch(ground, place).look() == 4
    assert await ground.kinds() == before


async def test_f9_files_that_could_not_be_moved_away_say_nothing_anew_after_a_start(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ground, place = Ground(sqlite_db), tmp_path / "feed"
    await ground.types(LINE)
    drop(place, "1", "rejected")
    drop(place, "2", "accepted")
    day = place / "done" / f"{ground.now:%Y-%m-%d}"
    day.parent.mkdir()
    day.write_text("SAMPLE: in the way")
    assert await watch(ground, place).look() == 2
    assert "rejected" not in await ground.kinds()
    day.unlink()
    assert await watch(ground, place).look() == 2
    assert "rejected" not in await ground.kinds()


@pytest.mark.parametrize("name", ["1", "5"])
async def test_a5_a_refusal_that_is_written_anew_after_a_kill_takes_the_go_away(
    sqlite_db: Database, tmp_path: Path, name: str
) -> None:
    """The same bytes, and even the same name: it is another file, and so the broker said it again."""
    ground, place = Ground(sqlite_db), tmp_path / "feed"
    await ground.types(LINE)
    drop(place, "1", "rejected")
    drop(place, "2", "accepted")
    await killed(ground, place)
    assert await watch(ground, place).look() == 2
    assert "rejected" not in await ground.kinds()
    drop(place, name, "rejected")
    assert await watch(ground, place).look() == 1
    assert "rejected" in await ground.kinds()


async def test_a5_a_refusal_that_is_linked_into_the_folder_again_takes_the_go_away(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ground, place = Ground(sqlite_db), tmp_path / "feed"
    await ground.types(LINE)
    drop(place, "1", "rejected")
    drop(place, "2", "accepted")
    await watch(ground, place).look()
    shutil.move(place / "done" / f"{ground.now:%Y-%m-%d}" / "1.json", place / "1.json")
    assert await watch(ground, place).look() == 1
    assert "rejected" in await ground.kinds()


async def test_f9_two_runs_that_watch_one_folder_take_each_file_once(sqlite_db: Database, tmp_path: Path) -> None:
    ground, place = Ground(sqlite_db), tmp_path / "feed"
    await ground.types(LINE)
    drop(place, "1", "rejected")
    drop(place, "2", "accepted")
    came = list[str]()

    async def keep(arrivals: list[Arrived]) -> None:
        came.extend(one.name for one in arrivals)
        await asyncio.sleep(0.05)
        await ground.ingest.keep(arrivals)

    runs = [watch(ground, place, keep) for _ in range(3)]
    assert sum(await asyncio.gather(*(run.look() for run in runs))) == 2
    assert sorted(came) == ["1.json", "2.json"]
    assert "rejected" not in await ground.kinds()


async def test_a_run_that_hangs_with_the_files_in_its_hands_is_not_waited_for_for_ever(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ground, place, moment = Ground(sqlite_db), tmp_path / "feed", [0.0]
    await ground.types(LINE)
    drop(place, "1", "rejected")

    async def hang(arrivals: list[Arrived]) -> None:
        await asyncio.sleep(60)

    hanging = asyncio.create_task(watch(ground, place, hang).look())
    await asyncio.sleep(0.1)
    other = Folder(Drop("pcb", place, settle=0), ground.ingest.keep, lambda: ground.now, lambda: moment[0])
    try:
        assert [await other.look(), await other.look()] == [0, 0]
        moment[0] = 61.0
        assert await other.look() == 1
        assert "rejected" in await ground.kinds()
    finally:
        hanging.cancel()
        await asyncio.wait({hanging})


async def test_f9_a_long_interchange_that_a_killed_run_left_where_it_lay_brings_the_same_pieces(tmp_path: Path) -> None:
    place, came = tmp_path / "feed", list[Arrived]()
    place.mkdir()
    head, tail = b"UNB+UNOA:3+A+B+261124:0900+SAMPLE1'", b"UNZ+40000+SAMPLE1'"
    body = b"".join(b"UNH+%d+CUSRES:D:96A:UN'BGM+961+SAMPLE SAMPLE SAMPLE+11'UNT+3+%d'" % (n, n) for n in range(40_000))
    (place / "long.edi").write_bytes(head + body + tail)
    moments = (datetime(2026, 11, 24, 9, tzinfo=UTC) + timedelta(seconds=n) for n in range(1000))

    async def keep(arrivals: list[Arrived]) -> None:
        came.extend(arrivals)
        if len(came) == 2:
            raise asyncio.CancelledError

    def run() -> Folder:
        return Folder(Drop("rns", place, settle=0), keep, lambda: next(moments), lambda: 0.0)

    with pytest.raises(asyncio.CancelledError):
        await run().look()
    assert await run().look() == 1
    assert [replace(one, held=True) for one in came[:2]] == came[2:4]
    times = [one.received for one in came[2:]]
    assert len(times) > 2 and times == sorted(set(times))
