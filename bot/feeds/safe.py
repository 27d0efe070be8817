"""Bytes that nobody can bring again: in a file first, in the database as soon as it takes them."""

import asyncio
import contextlib
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.feeds.protocol import Arrived
from bot.feeds.spool import Spool

log = logging.getLogger(__name__)

#: Returning is the promise that the bytes are safe.
Keeper = Callable[[list[Arrived]], Awaitable[object]]
_BATCH, _BATCH_BYTES = 2_000, 16_000_000
_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
#: From this size on a file that never empties is written anew with what is still to be kept.
_TOO_LONG = 64_000_000


@dataclass(slots=True)
class Safe:
    """Takes what came, writes it to the spool, and has `store` keep it, in order, however long that takes.

    More than `most` bytes are not held: who reads a queue waits in `room`, and the queue stays with its vendor.
    """

    feed: str
    spool: Spool
    store: Keeper
    most: int = 64_000_000
    _waiting: deque[Arrived] = field(default_factory=deque)
    #: What the disk did not take: it is held, and written with what comes next.
    _refused: list[Arrived] = field(default_factory=list)
    _bytes: int = 0
    #: How many were put, how many of them are on disk for good, and how many are stored.
    _taken: int = 0
    _synced: int = 0
    _kept: int = 0
    _disk: asyncio.Lock = field(default_factory=asyncio.Lock)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _dirty: asyncio.Event = field(default_factory=asyncio.Event)
    _less: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, arrived: Arrived) -> None:
        """Takes one arrival; on return it survives our end, and once `written` returned also a loss of power."""
        new = [*self._refused, arrived]
        try:
            self.spool.append(new)
            self._refused = []
        except OSError as why:
            if not self._refused:
                log.error("the spool takes nothing more: %s", why, extra=self._named("spool.full"))
            self._refused = new
        self._waiting.append(arrived)
        self._bytes += len(arrived.body)
        self._taken += 1
        self._news.set()
        self._dirty.set()

    async def written(self) -> None:
        """Returns when all that was put so far is on disk for good; where the disk does not take it, when stored."""
        until = self._taken
        async with self._disk:
            if self._synced < until and not self._refused:
                reached = self._taken
                with contextlib.suppress(OSError):
                    await asyncio.shield(asyncio.to_thread(self.spool.sync))
                    self._synced = reached
        while self._synced < until and self._kept < until:
            self._less.clear()
            await self._less.wait()

    async def keep(self, arrivals: Sequence[Arrived]) -> None:
        """A keeper: returns when they are safe."""
        for one in arrivals:
            self.put(one)
        await self.written()

    async def room(self) -> None:
        """Waits until no more is held than may be."""
        while self._bytes >= self.most:
            self._less.clear()
            await self._less.wait()

    async def beside(self, work: Callable[[], Awaitable[None]]) -> None:
        """Runs what brings messages, and has them kept, until cancelled. What an earlier run left comes first."""
        await self._begin()
        try:
            async with asyncio.TaskGroup() as group:
                for loop in (self._storing, self._syncing):
                    group.create_task(loop())
                await work()
        finally:
            self.spool.close()

    async def _begin(self) -> None:
        """Takes up what an earlier run left. Nothing is read while there is no place to put it safely."""
        pause = _PAUSE
        while True:
            try:
                left = self.spool.open()
                break
            except OSError as why:
                if pause == _PAUSE:
                    log.error("nothing is read: the spool can't be opened: %s", why, extra=self._named("spool.shut"))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        if left:
            log.warning("%d messages of an earlier run are kept now", len(left), extra=self._named("spool.left"))
            self._waiting.extend(left)
            self._taken = self._synced = len(left)
            self._bytes = sum(len(one.body) for one in left)
            self._news.set()

    async def _syncing(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await self.written()

    async def _storing(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while batch := self._batch():
                await self._stored(batch)
                async with self._disk:
                    self._done(batch)

    def _batch(self) -> list[Arrived]:
        """The first that wait, as many as make one batch."""
        batch: list[Arrived] = []
        size = 0
        for one in self._waiting:
            size += len(one.body)
            if batch and (len(batch) >= _BATCH or size > _BATCH_BYTES):
                break
            batch.append(one)
        return batch

    def _done(self, batch: list[Arrived]) -> None:
        for _ in batch:
            self._bytes -= len(self._waiting.popleft().body)
        self._kept += len(batch)
        if not self._waiting:
            self._refused.clear()
        if not self._waiting or self.spool.size > _TOO_LONG > 4 * self._bytes:
            try:
                self.spool.only(list(self._waiting))
            except OSError:  # that costs space, and brings what is kept once more after the next start
                log.warning("the spool can't be shortened", exc_info=True, extra=self._named("spool.long"))
        self._less.set()

    async def _stored(self, batch: list[Arrived]) -> None:
        pause, failures = _PAUSE, 0
        while True:
            try:
                await self.store(batch)
            except Exception:  # most likely the database is away: what came is on disk, and it is tried again
                failures += 1
                if failures == 1:
                    log.exception("messages wait on disk to be kept", extra=self._named("spool.waits"))
            else:
                if failures:
                    log.info("messages that waited are kept", extra=self._named("spool.kept"))
                return
            await asyncio.sleep(pause * (0.5 + random.random() / 2))
            batch = [replace(one, held=True) for one in batch]  # it may have been stored all the same
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _named(self, action: str) -> dict[str, str]:
        return {"action": action, "feed": self.feed}
