"""Reading in a process of its own: what comes in a pile is read on another core while what was read before is written.

A backlog after an outage, a night of files: reading is a quarter of the work of a message, of XML and X12 a half. The
process starts with the first pile and ends after a quiet minute; until it stands, and wherever it fails, reading is
done in place. It reads and nothing else: it opens no file and no database, and ends when its pipe does.
"""

import asyncio
import contextlib
import logging
import os
import pickle
import struct
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.report import Report
from bot.feeds.protocol import Arrived, Reader, Reading

log = logging.getLogger(__name__)

#: So many arrivals together are worth the way there and back.
PILE = 200
#: Larger piles are handed over in pieces that both sides hold in memory.
_FIRST, _PIECE = 125, 500
_BYTES = 4 * 1024 * 1024
_QUIET_SECONDS = 60.0
#: A piece is read in a fraction of a second; who does not answer for so long is stopped, or its feed would wait.
_PATIENCE_SECONDS = 60.0
_OTHER = "bot.feeds.aside_process"
#: In front of each pickle on the way.
SIZE = struct.Struct(">I")

#: What comes back: of each reading its reports as tuples, and a tuple of the rest; None where a source failed.
Told = list[tuple[list[tuple[Any, ...]], tuple[Any, ...]]] | None


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class Aside:
    """The process and the way to it. `feeds` are the names of sources and what they need, by feed."""

    feeds: Mapping[str, tuple[str, Reader]]
    quiet: float = _QUIET_SECONDS
    _process: asyncio.subprocess.Process | None = None
    _starting: "asyncio.Task[None] | None" = None
    _ending: "asyncio.Task[None] | None" = None
    _timer: asyncio.TimerHandle | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ready(self) -> bool:
        """Whether it stands; when it does not, it is started, and is there for a later pile."""
        if self._process is not None:
            return True
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        return False

    async def read(self, arrivals: Sequence[Arrived]) -> list[Reading] | None:
        """Readings of these in order; None when they have to be read in place."""
        if any(a.problem for a in arrivals) or not self.ready or sum(len(a.body) for a in arrivals) > _BYTES:
            return None
        async with self._turn:
            process = self._process
            if process is None:
                return None
            whole = False
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    told = await _exchange(process, [(a.feed, a.body, a.received, a.observation) for a in arrivals])
                whole = True
            except Exception as why:  # whatever it was, a message must not wait for it
                log.warning("reading aside failed, it goes on in place: %s", why, extra={"action": "aside.failed"})
                return None
            finally:
                if not whole:  # half an answer may lie in the pipe
                    await self._end()
            self._rest()
        return None if told is None else [_reading(*one) for one in told]

    async def ahead(
        self, arrivals: Sequence[Arrived]
    ) -> AsyncGenerator[tuple[Sequence[Arrived], Sequence[Reading] | None], None]:
        """A pile in pieces with their readings: while whoever asks is busy with one piece, the next is being read.

        The first one is left to whoever asks, who would else wait for it with nothing to do.
        """
        if len(arrivals) < PILE:
            yield arrivals, None
            return
        first, *pieces = _pieces(arrivals)
        coming = asyncio.ensure_future(self.read(pieces[0]))
        try:
            await asyncio.sleep(0)  # it is asked for before the first is read
            yield first, None
            for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
                readings = await coming
                if after is not None:
                    coming = asyncio.ensure_future(self.read(after))
                yield piece, readings
        finally:
            await asyncio.gather(coming, return_exceptions=True)

    async def close(self) -> None:
        """Ends the process, if there is one."""
        if self._starting is not None:
            self._starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._starting
        self._tired()
        if self._ending is not None:
            await self._ending

    async def _start(self) -> None:
        process: asyncio.subprocess.Process | None = None
        try:
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", _OTHER, stdin=pipe, stdout=pipe, limit=_BYTES
            )  # fmt: skip
            if await _exchange(process, dict(self.feeds)) != []:
                raise EOFError("it does not answer")
        except Exception as why:  # whatever it was, it can be done without
            log.warning("reading stays in place: %s", why, extra={"action": "aside.none"})
            if process is not None:
                await _stop(process)
            return  # not tried again: `_starting` stays
        except asyncio.CancelledError:
            if process is not None:
                await _stop(process)
            raise
        self._process, self._starting = process, None
        self._rest()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self.quiet, self._tired)

    def _tired(self) -> None:
        self._ending = asyncio.get_running_loop().create_task(self._sleep())

    async def _sleep(self) -> None:
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if self._timer is not None:
            self._timer.cancel()
        if process is not None:
            await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.communicate()


async def _exchange(process: asyncio.subprocess.Process, asked: object) -> Told:
    assert process.stdin is not None
    assert process.stdout is not None
    data = pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)
    process.stdin.write(SIZE.pack(len(data)) + data)
    await process.stdin.drain()
    (size,) = SIZE.unpack(await process.stdout.readexactly(SIZE.size))
    told: Told = pickle.loads(await process.stdout.readexactly(size))
    return told


def _reading(reports: list[tuple[Any, ...]], rest: tuple[Any, ...]) -> Reading:
    return Reading(tuple([Report(*one) for one in reports]), *rest)


def _pieces(arrivals: Sequence[Arrived]) -> Iterator[Sequence[Arrived]]:
    """The first one is small, for meanwhile the second is read; both together are as long as one of the others."""
    yield arrivals[:_FIRST]
    yield arrivals[_FIRST:_PIECE]
    for start in range(_PIECE, len(arrivals), _PIECE):
        yield arrivals[start : start + _PIECE]
