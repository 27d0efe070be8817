"""A queue that is emptied by reading: what came is on disk before anything else, and in memory until it is kept.

The vendor forgets a message when it hands it over, so nobody can bring it again. What the network holds and what came
within the last milliseconds before a kill is lost with it; all that reached the file is not, whatever happens to the
database or to us. A file that an earlier run left is taken up first, in its order. 2026-11: one record is a line of
JSON, the bytes as they came, and a line end; a last record that was cut short is kept as far as it goes, and told.
"""

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.feeds.locking import take
from bot.feeds.protocol import Arrived, Problem

#: Runs that share one folder, each with a file of its own.
_SLOTS = 64
_LONGEST_HEAD = 4_096
_CUT = "a message was cut short when Holdwatch ended in the middle of it: what is left of it is kept, ask the sender"
_TORN = "the file of messages that were not kept yet is damaged from here on: what is left of it is kept"


class Spool:
    """The file of one feed and one run."""

    def __init__(self, folder: Path, feed: str) -> None:
        self._folder = folder
        self._feed = feed
        self._locks: list[int] = []
        self._slots: list[int] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def open(self) -> list[Arrived]:
        """Claims a file of our own; what it and files of runs that are no more hold, oldest run first."""
        self._folder.mkdir(parents=True, exist_ok=True)
        left: list[Arrived] = []
        own: Path | None = None
        for slot in range(_SLOTS):
            path = self._folder / f"{slot}.spool"
            if own is not None and not path.exists():
                continue
            if not self._lock(self._folder / f"{slot}.lock"):
                continue
            if path.exists():
                left += read(path.read_bytes(), self._feed, datetime.fromtimestamp(path.stat().st_mtime, UTC))
            own = own or path
        if own is None:
            raise OSError(f"{self._folder} has {_SLOTS} files of runs that are still there")
        left.sort(key=lambda one: one.received)
        self._begin(own, left)
        for path in self._folder.glob("*.spool"):
            if path != own and int(path.stem) in self._slots:
                path.unlink()
        return left

    def append(self, arrivals: Sequence[Arrived]) -> None:
        """Writes them behind what is there; on return they survive our own end, after `sync` a loss of power too."""
        assert self._file is not None
        data = b"".join(map(_record, arrivals))
        try:
            self._file.write(data)
            self._file.flush()
        except OSError:  # a half record would hide those that follow it
            self._again(self._file)
            raise
        self.size += len(data)

    def sync(self) -> None:
        """Has the system put what was written on the disk."""
        assert self._file is not None
        os.fsync(self._file.fileno())

    def only(self, arrivals: Sequence[Arrived]) -> None:
        """Forgets all but these, which are the last of what is there."""
        assert self._file is not None
        if arrivals:
            self._begin(Path(self._file.name), arrivals)
            return
        self._file.seek(0)
        self._file.truncate()
        self.size = 0

    def _again(self, file: IO[bytes]) -> None:
        """Opens the file as it was before a write that failed, without what that write left in memory."""
        with contextlib.suppress(OSError):
            file.close()
        self._file = Path(file.name).open("r+b")  # noqa: SIM115
        self._file.truncate(self.size)
        self._file.seek(self.size)

    def close(self) -> None:
        """Lets go of the files; another run may take them up."""
        if self._file is not None:
            self._file.close()
            self._file = None
        for descriptor in self._locks:
            os.close(descriptor)
        self._locks.clear()
        self._slots.clear()

    def _lock(self, path: Path) -> bool:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            take(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._locks.append(descriptor)
        self._slots.append(int(path.stem))
        return True

    def _begin(self, path: Path, arrivals: Sequence[Arrived]) -> None:
        """Makes the file hold exactly these, and stays open behind them."""
        if self._file is not None:
            self._file.close()
        new = path.with_suffix(".new")
        data = b"".join(map(_record, arrivals))
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _settle(path.parent)
        self._file = path.open("r+b")
        self._file.seek(0, os.SEEK_END)
        self.size = len(data)


def _settle(folder: Path) -> None:
    """Has the name of a new file survive a loss of power, where the system can."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _record(one: Arrived) -> bytes:
    head: dict[str, object] = {"size": len(one.body), "received": one.received.isoformat(), "name": one.name}
    if one.observation:
        head["observation"] = True
    if one.problem is not None:
        head["problem"] = [one.problem.where[:500], one.problem.why[:500]]
    return json.dumps(head).encode() + b"\n" + one.body + b"\n"


def read(data: bytes, feed: str, written: datetime) -> list[Arrived]:
    """The records of a file last written at a time; of one that was cut short what is left, and that it was."""
    found: list[Arrived] = []
    at = 0
    while at < len(data):
        end = data.find(b"\n", at, at + _LONGEST_HEAD)
        head = _head(data[at:end]) if end >= 0 else None
        if head is None:
            found += _rest(data[at:], feed, written, _CUT if end < 0 else _TORN)
            break
        size, received, name, observation, problem = head
        body, at = data[end + 1 : end + 1 + size], end + size + 2
        if len(body) < size:
            found += _rest(body, feed, written, _CUT)
            break
        found.append(Arrived(feed, body, name, received, problem, observation=observation, held=True))
    return found


def _head(line: bytes) -> tuple[int, datetime, str, bool, Problem | None] | None:
    try:
        head = json.loads(line)
        problem = Problem(*head["problem"]) if "problem" in head else None
        received = datetime.fromisoformat(head["received"])
        size, name = head["size"], head["name"]
        known = isinstance(size, int) and size >= 0 and isinstance(name, str) and received.tzinfo is not None
        return (size, received.astimezone(UTC), name, bool(head.get("observation")), problem) if known else None
    except (ValueError, KeyError, TypeError):
        return None


def _rest(left: bytes, feed: str, written: datetime, why: str) -> list[Arrived]:
    """What is left of a message, kept for people to look at, and the word that it is not whole."""
    rest = [Arrived(feed, left, "cut short", written)] if left.strip() else []
    return [*rest, Arrived(feed, b"", f"cut short {written:%Y-%m-%d %H:%M:%S}", written, Problem("spool", why))]
