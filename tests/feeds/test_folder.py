"""Arrival by folder: settled files only, kept before moved, nothing lost or overwritten."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.feeds.folder import Drop, Folder
from bot.feeds.protocol import Arrived

NOW = datetime(2026, 1, 15, 20, tzinfo=UTC)
DAY = "2026-01-15"


class Kept:
    """Keeps what arrives, or fails as told."""

    def __init__(self) -> None:
        self.batches: list[list[Arrived]] = []
        self.fail: Exception | None = None
        self.before: Callable[[], object] = lambda: None

    async def __call__(self, arrived: list[Arrived]) -> None:
        self.before()
        if self.fail:
            raise self.fail
        self.batches.append(arrived)

    def names(self) -> list[str]:
        return [one.name for batch in self.batches for one in batch]


class Desk:
    """A folder, what it kept, and a hand on its clock."""

    def __init__(self, path: Path, **settings) -> None:
        self.path = path / "feed"
        self.kept = Kept()
        self.moment = 0.0
        drop = Drop("rns", self.path, settle=1.0, poll=0.005, **settings)
        self.folder = Folder(drop, self.kept, lambda: NOW, lambda: self.moment)
        self.path.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, body: bytes = b"SAMPLE") -> Path:
        (self.path / name).write_bytes(body)
        return self.path / name

    async def later(self, seconds: float = 1.0) -> int:
        self.moment += seconds
        return await self.folder.look()

    async def settled(self) -> int:
        await self.folder.look()
        return await self.later()

    def files(self, under: str = "") -> list[str]:
        """What lies there, without what the folder keeps for itself."""
        found = [p for p in (self.path / under).rglob("*") if not p.is_dir()]
        return sorted(str(p.relative_to(self.path)) for p in found if p.name not in (".taken", ".lock"))


async def test_a_file_is_kept_once_it_has_settled_and_then_moved_to_done(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a.edi")
    assert await desk.folder.look() == 0
    assert await desk.later(0.5) == 0
    assert await desk.later(0.5) == 1
    assert desk.kept.batches == [[Arrived("rns", b"SAMPLE", "a.edi", NOW)]]
    assert desk.files() == [f"done/{DAY}/a.edi"]


async def test_a_file_that_grows_is_left_alone_until_it_rests(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.put("a.edi", b"SAM")
    await desk.folder.look()
    path.write_bytes(b"SAMPLE")
    assert await desk.later() == 0
    assert await desk.later() == 1
    assert desk.kept.batches[0][0].body == b"SAMPLE"


@pytest.mark.parametrize("name", [".hidden", "a.edi.tmp", "a.EDI.PART", "a.filepart", "b~"])
async def test_unfinished_and_hidden_files_are_left_alone(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path)
    desk.put(name)
    assert await desk.settled() == 0
    assert desk.files() == [name]


async def test_files_are_kept_in_the_order_of_their_names(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name in ("b", "a", "c", "10", "9"):
        desk.put(name)
    assert await desk.settled() == 5
    assert desk.kept.names() == ["10", "9", "a", "b", "c"]
    assert len(desk.kept.batches) == 1


async def test_large_files_come_in_several_batches(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name in "abc":
        desk.put(name, b"x" * 9_000_000)
    assert await desk.settled() == 3
    assert [len(batch) for batch in desk.kept.batches] == [2, 1]


async def test_a_failed_keeping_leaves_the_file_and_it_is_kept_later(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a.edi")
    desk.kept.fail = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        await desk.settled()
    assert desk.files() == ["a.edi"]
    desk.kept.fail = None
    assert await desk.later() == 1
    assert desk.files() == [f"done/{DAY}/a.edi"]


async def test_a_kill_between_keeping_and_moving_delivers_the_same_again_and_loses_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a.edi")

    async def keep_and_die(arrived: list[Arrived]) -> None:
        await desk.kept(arrived)
        raise asyncio.CancelledError

    desk.folder.keep = keep_and_die
    with pytest.raises(asyncio.CancelledError):
        await desk.settled()
    again = Desk(tmp_path)
    assert await again.settled() == 1
    assert again.kept.batches == [[replace(one, held=True) for one in batch] for batch in desk.kept.batches]
    assert again.files() == [f"done/{DAY}/a.edi"]


async def test_a_file_of_the_same_name_never_overwrites_what_is_done(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for body in (b"first", b"second", b"first"):
        desk.put("a.edi", body)
        assert await desk.settled() == 1
    done = desk.path / "done" / DAY
    assert {p.name: p.read_bytes() for p in done.iterdir()} == {
        "a.edi": b"first",
        "a.edi.1": b"second",
        "a.edi.2": b"first",
    }


async def test_a_file_written_again_while_it_is_kept_stays_and_is_kept_anew(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a.edi", b"old")
    desk.kept.before = lambda: desk.put("a.edi", b"newer")
    await desk.settled()
    desk.kept.before = lambda: None
    assert desk.files() == ["a.edi"]
    await desk.settled()
    assert [batch[0].body for batch in desk.kept.batches] == [b"old", b"newer"]
    assert desk.files() == [f"done/{DAY}/a.edi"]


async def test_a_file_too_large_goes_to_bad_and_people_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, largest=1024)
    desk.put("big.edi", b"x" * 1025)
    desk.put("fits.edi", b"x" * 1024)
    assert await desk.settled() == 2
    big, fits = desk.kept.batches[0]
    assert (big.body, fits.problem) == (b"", None)
    assert big.problem is not None
    assert "big.edi has 1 KiB, more than the 1 KiB this feed takes" in big.problem.why
    assert desk.files() == [f"bad/{DAY}/big.edi", f"done/{DAY}/fits.edi"]


async def test_links_are_not_followed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "secret").write_bytes(b"not for the feed")
    (desk.path / "link.edi").symlink_to(tmp_path / "secret")
    (desk.path / "folder").symlink_to(tmp_path, target_is_directory=True)
    assert await desk.settled() == 2
    assert [one.body for one in desk.kept.batches[0]] == [b"", b""]
    assert all(one.problem and "link" in one.problem.why for one in desk.kept.batches[0])
    assert (tmp_path / "secret").read_bytes() == b"not for the feed"


async def test_a_pipe_goes_to_bad_and_nothing_waits_for_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    os.mkfifo(desk.path / "pipe")
    assert await asyncio.wait_for(desk.settled(), 60) == 1
    assert desk.files() == [f"bad/{DAY}/pipe"]


async def test_a_file_that_can_not_be_moved_is_not_told_for_ever(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a.edi")
    await desk.folder.look()
    (desk.path / "done" / DAY).write_bytes(b"in the way")
    assert await desk.later() == 1
    assert await desk.settled() == 0
    desk.put("a.edi", b"other")
    assert await desk.settled() == 1


async def test_a_name_of_any_bytes_can_be_shown(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    Path(os.fsdecode(os.fsencode(desk.path) + b"/\xff.edi")).write_bytes(b"SAMPLE")
    assert await desk.settled() == 1
    assert desk.kept.names() == ["\ufffd.edi"]


async def test_the_heartbeat_file_is_never_taken(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("heartbeat", b"")
    await desk.settled()
    await desk.settled()
    assert desk.files() == ["heartbeat"]


async def test_running_makes_its_folders_survives_failures_and_wakes_when_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "deep")
    desk.kept.fail = OSError("database is away")
    desk.put("a.edi")
    running = asyncio.create_task(desk.folder.run())
    try:
        async with asyncio.timeout(60):
            while not (desk.path / "bad").is_dir():
                await asyncio.sleep(0.005)
            desk.moment = 5
            while not desk.folder._failures:
                await asyncio.sleep(0.005)
            desk.kept.fail = None
            desk.folder.wake.set()
            while not desk.kept.batches:
                await asyncio.sleep(0.005)
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
