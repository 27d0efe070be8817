"""Arrival by folder: takes the settled files of one feed, and moves each away only after it is kept."""

import asyncio
import contextlib
import logging
import os
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from bot.feeds.locking import alone
from bot.feeds.pieces import PIECE, Uncut, cuttable, pieces
from bot.feeds.protocol import Arrived, Problem
from bot.feeds.taken import Mark, Taken

log = logging.getLogger(__name__)

_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
_BATCH_FILES, _BATCH_BYTES = 2_000, 16 * 1024 * 1024
#: An interchange larger than this is read piece by piece, up to so many times what a file may have that is read whole.
_LONG, _TIMES = 2 * PIECE, 100
_PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
#: Another process that has the folder for longer than that, and leaves files in it, may hang.
_POLITE = 60.0
#: Between two pieces of one file, so that they keep their order also where their moments are told again.
_NEXT = timedelta(microseconds=1)

#: Returning is the promise that the bytes are safe. Whatever it answers is of no use here.
Keeper = Callable[[list[Arrived]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Drop:
    """Settings of one feed's folder; times in seconds. `heartbeat` names a file that is left where it lies."""

    feed: str
    path: Path
    settle: float = 1.0
    poll: float = 0.5
    largest: int = 20 * 1024 * 1024
    heartbeat: str = "heartbeat"


@dataclass(slots=True)
class _File:
    path: Path
    mark: Mark
    arrived: Arrived


@dataclass(slots=True)
class Folder:
    """Watches one folder. `now` is civil time for what arrives, `machine` monotonic seconds for settling."""

    drop: Drop
    keep: Keeper
    now: Callable[[], datetime]
    machine: Callable[[], float]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: dict[str, tuple[Mark, float]] = field(default_factory=dict)
    _stuck: dict[str, Mark] = field(default_factory=dict)
    _there: set[str] = field(default_factory=set)
    _taken: Taken = field(init=False)
    _kept_out: float | None = None
    _failures: int = 0

    def __post_init__(self) -> None:
        self._taken = Taken(self.drop.path / "done" / ".taken", self.drop.feed)

    async def run(self) -> None:
        """Look, sleep and look again until cancelled; a failure waits and is tried again."""
        while True:
            pause = self.drop.poll
            try:
                await self.look()
                if self._failures:
                    log.info("folder works again", extra={"action": "folder", "feed": self.drop.feed})
                self._failures = 0
            except Exception:  # whatever failed, the files are still there and the watch must go on
                pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
                self._failures += 1
                if self._failures == 1:
                    log.exception("folder failed, files stay", extra={"action": "folder", "feed": self.drop.feed})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):  # wait_for may lose a stop that comes with a wake (3.11)
                    await self.wake.wait()
            self.wake.clear()

    async def look(self) -> int:
        """Take what is settled now, in the order of names; how many files were kept and moved."""
        settled = await asyncio.to_thread(self._settled)
        if not settled:
            return 0
        with alone(self.drop.path / "done" / ".lock") as ours:
            if not ours and self._waits():
                return 0
            self._kept_out = None
            await asyncio.to_thread(self._taken.read)
            return await self._take(self._taken.first({name: self._seen[name][0] for name in settled}))

    def _waits(self) -> bool:
        """Whether another process takes the files of this folder: what two take at once comes twice."""
        if self._kept_out is None:
            self._kept_out = self.machine()
        return self.machine() - self._kept_out < _POLITE

    async def _take(self, settled: list[str]) -> int:
        taken, start = 0, 0
        while start < len(settled):
            if self._size(settled[start]) > _LONG and await asyncio.to_thread(self._is_long, settled[start]):
                batch, start = [await self._cut(settled[start])], start + 1
            else:
                batch, start = await asyncio.to_thread(self._batch, settled, start)
                if batch:
                    await asyncio.to_thread(self._note, batch)
                    await self.keep([item.arrived for item in batch])
            await asyncio.to_thread(self._move, batch)
            taken += len(batch)
        return taken

    def _note(self, batch: list[_File]) -> None:
        self._taken.note({item.path.name: (item.mark, item.arrived.received) for item in batch}, self._there)

    def _settled(self) -> list[str]:
        """Names of files that have not changed for the settle interval."""
        for folder in (self.drop.path, self.drop.path / "done", self.drop.path / "bad"):
            folder.mkdir(parents=True, exist_ok=True)
        moment, seen = self.machine(), {}
        self._there = set()
        for entry in os.scandir(self.drop.path):
            name = entry.name
            if name.startswith(".") or name.lower().endswith(_UNFINISHED) or name == self.drop.heartbeat:
                continue
            with contextlib.suppress(OSError):
                if not entry.is_dir(follow_symlinks=False):
                    mark = _mark(entry.stat(follow_symlinks=False))
                    before = self._seen.get(name)
                    self._there.add(name)
                    if self._stuck.get(name) == mark:
                        continue
                    seen[name] = before if before and before[0] == mark else (mark, moment)
        self._seen = seen
        return sorted(name for name, (_, since) in seen.items() if moment - since >= self.drop.settle)

    def _batch(self, names: list[str], start: int) -> tuple[list[_File], int]:
        """Files read from `start` on, as many as one batch holds, and where the next begins."""
        batch: list[_File] = []
        size, index = 0, start
        while index < len(names) and len(batch) < _BATCH_FILES and (not batch or size < _BATCH_BYTES):
            if index > start and self._size(names[index]) > _LONG and self._is_long(names[index]):
                break
            taken = self._read(names[index])
            index += 1
            if taken:
                batch.append(taken)
                size += len(taken.arrived.body)
        return batch, index

    def _size(self, name: str) -> int:
        return self._seen[name][0][0]

    def _is_long(self, name: str) -> bool:
        """Whether this is an interchange that is read piece by piece."""
        if self._size(name) > self.drop.largest * _TIMES:
            return False
        try:
            with _opened(self.drop.path / name) as file:
                return cuttable(file.read(4096))
        except OSError:
            return False

    async def _cut(self, name: str) -> _File:
        """Keeps a long interchange piece by piece. It is moved after the last: a kill brings the same pieces again."""
        path, mark = self.drop.path / name, self._seen[name][0]
        shown, number, problem = os.fsencode(name).decode("utf-8", "replace"), 0, None
        received, held = self._since(name, mark)
        await asyncio.to_thread(self._taken.note, {name: (mark, received)}, self._there)
        with _opened(path) as file:
            found = pieces(file, PIECE, self.drop.largest)
            while True:
                try:
                    body = await asyncio.to_thread(next, found, None)
                except (OSError, Uncut) as why:
                    said = f"{shown} can't be read to its end: {why}. It is in the folder bad"
                    problem = Problem(shown, f"{said}; what was read of it before is kept, in {number} pieces")
                    break
                if body is None:
                    break
                number += 1
                at = received + (number - 1) * _NEXT
                await self.keep([Arrived(self.drop.feed, body, f"{shown}#{number}", at, part=number, held=held)])
        taken = _File(path, mark, Arrived(self.drop.feed, b"", shown, received, problem, held=held))
        if problem:
            await self.keep([taken.arrived])
        return taken

    def _read(self, name: str) -> _File | None:
        """One file, or what is wrong with it; None when it changed or went meanwhile."""
        path, mark = self.drop.path / name, self._seen[name][0]
        shown = os.fsencode(name).decode("utf-8", "replace")
        try:
            body, why = _contents(path, mark, self.drop.largest)
        except FileNotFoundError:
            return None
        except OSError as error:
            body, why = b"", f"can't be read: {error.strerror or error}"
        if body is None:
            return None
        problem = Problem(shown, f"{shown} {why}. It is in the folder bad, nothing in it was read") if why else None
        received, held = self._since(name, mark)
        return _File(path, mark, Arrived(self.drop.feed, body, shown, received, problem, held=held))

    def _since(self, name: str, mark: Mark) -> tuple[datetime, bool]:
        """When a file was taken first, and whether that was before: it may have been stored then, and is not said a
        second time."""
        before = self._taken.since(name, mark)
        return before or self.now(), before is not None

    def _move(self, batch: list[_File]) -> None:
        for item in batch:
            home = self.drop.path / ("bad" if item.arrived.problem else "done") / f"{item.arrived.received:%Y-%m-%d}"
            try:
                # Else it was written again since: the new contents are to come.
                if _mark(item.path.lstat())[:3] == item.mark[:3]:
                    home.mkdir(parents=True, exist_ok=True)
                    item.path.replace(_free(home, item.path.name))
                self._taken.moved([item.path.name])
            except FileNotFoundError:
                continue
            except OSError:
                self._stuck[item.path.name] = item.mark
                log.warning(
                    "file was kept but can't be moved away: left where it is",
                    exc_info=True,
                    extra={"action": "folder", "feed": self.drop.feed},
                )


def _mark(found: os.stat_result) -> Mark:
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)), "rb")


def _contents(path: Path, mark: Mark, largest: int) -> tuple[bytes | None, str]:
    """The bytes of a regular file and what is wrong with it; None when it is no longer the file that settled."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return b"", "is a link or a device, not a file"
    if found.st_size > largest:
        return b"", f"has {found.st_size // 1024} KiB, more than the {largest // 1024} KiB this feed takes"
    with _opened(path) as file:
        body = file.read(largest + 1)
        return (body, "") if _mark(os.fstat(file.fileno())) == mark and len(body) == mark[0] else (None, "")


def _free(home: Path, name: str) -> Path:
    """A name in `home` that nobody has, held by an empty file: a move must never overwrite what came before."""
    for number in range(100_000):
        place = home / (f"{name}.{number}" if number else name)
        try:
            place.open("xb").close()
        except FileExistsError:
            continue
        return place
    raise FileExistsError(f"{home} is full of files named {name}")
