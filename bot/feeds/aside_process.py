"""The other process of `aside`: reads what it is asked to read, and ends when the pipe does."""

import contextlib
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, BinaryIO

from bot.domain.report import Report
from bot.feeds.aside import SIZE, Told
from bot.feeds.protocol import Reader, Source, telling
from bot.feeds.registry import SOURCES

#: Bytes that the pipe may hold: with an answer in it this process can read on before somebody fetches that.
_ROOM = 1024 * 1024
_RAW: Callable[[Report], tuple[Any, ...]] = attrgetter(*[f.name for f in fields(Report)])


def _told(
    source: Source, reader: Reader, feed: str, body: bytes, received: datetime, observes: bool
) -> tuple[list[Any], tuple[Any, ...]]:
    found = source.read(body, reader, received)
    reports = [_RAW(report.heard(received, feed, source.authority, observes)) for report in found.reports]
    said = telling(found) if observes else ""
    return reports, (found.loads, found.problems, found.ref, found.made, found.beat, said)


def _take(pipe: BinaryIO) -> Any:
    head = pipe.read(SIZE.size)
    if len(head) < SIZE.size:
        return None
    return pickle.loads(pipe.read(SIZE.unpack(head)[0]))


def _give(pipe: BinaryIO, told: object) -> None:
    data = pickle.dumps(told, pickle.HIGHEST_PROTOCOL)
    pipe.write(SIZE.pack(len(data)) + data)
    pipe.flush()


def _make_room(pipe: int) -> None:
    """Has a pipe hold more, where the system lets it."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _ROOM)


def serve(asks: BinaryIO, answers: BinaryIO) -> None:
    """Reads what is asked for until the pipe ends."""
    feeds: dict[str, tuple[str, Reader]] = _take(asks) or {}
    ears = {name: (SOURCES[source], reader) for name, (source, reader) in feeds.items()}
    _give(answers, [])
    while (asked := _take(asks)) is not None:
        try:
            told: Told = [_told(*ears[feed], feed, *rest) for feed, *rest in asked]
        except Exception:  # the same happens in place, and is told there with all its circumstances
            told = None
        _give(answers, told)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks
    _make_room(sys.stdout.fileno())
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no answer
    with contextlib.suppress(BrokenPipeError, EOFError, pickle.UnpicklingError):
        serve(sys.stdin.buffer, answers)
