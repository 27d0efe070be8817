"""Asks the sources of wait times on their beat and keeps what they say; commands only read what was kept."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from prometheus_client import Counter

from bot.domain.crossings import Crossing, Crossings
from bot.domain.load import Direction
from bot.domain.policy import Policy
from bot.domain.waits import SOURCES, Judging, Queue, Trouble, Unanswered, Wait, Waits, next_bridge, wait_for
from bot.feeds.protocol import Problem
from bot.watch.world import World
from storage.database import Database
from storage.dock import Dock
from storage.errors import GONE

log = logging.getLogger(__name__)

#: The public sources renew themselves about hourly; five minutes is polite and never misses much.
EVERY = timedelta(minutes=5)
_AGAIN, _MOST = timedelta(minutes=1), timedelta(minutes=30)
#: Under which name the first failure of a source is kept until it answers again.
_TROUBLE = "waits:"

_ASKED = Counter("holdwatch_waits_asked", "Questions for wait times", ["source", "outcome"])


class Page(Protocol):
    """An address: its bytes, None where they did not change; raises Unanswered."""

    async def __call__(self) -> bytes | None: ...

    def forget(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where waits come from and how they are read."""

    name: str
    page: Page
    read: Callable[[bytes, Crossings, datetime], tuple[Sequence[Wait], Sequence[Problem]]]


class Queues:
    """Keeps waits, and the world's picture of them."""

    def __init__(
        self, database: Database, world: World, civil: Callable[[], datetime], sources: Sequence[Source] = ()
    ) -> None:
        self._database = database
        self._world = world
        self._civil = civil
        self.sources = tuple(sources)
        self._last: dict[str, Sequence[Wait]] = {}
        self._failures: dict[str, int] = {}
        self._told: set[str] = set()

    async def refresh(self) -> None:
        """Reads what is kept into the world: another process may have asked."""
        async with self._database.dock(self._civil()) as dock:
            waits = await dock.waits.all()
            silent = await troubles(dock)
        self._world.waits = Waits(tuple(waits), silent)

    async def run(self) -> None:
        """Asks each source on its beat until cancelled."""
        async with asyncio.TaskGroup() as group:
            for source in self.sources:
                group.create_task(self._beat(source))

    async def _beat(self, source: Source) -> None:
        while True:
            pause = EVERY
            try:
                pause = await self.ask(source)
            except GONE as why:
                log.warning("wait times wait for the database", extra={"action": "waits.database", "why": str(why)})
            except Exception:  # waits are a help: whatever is wrong with them must not stop the watch
                log.exception("wait times failed", extra={"action": "waits.failed", "source": source.name})
            await asyncio.sleep(pause.total_seconds())

    async def ask(self, source: Source) -> timedelta:
        """Asks one source once; how long until it is asked again."""
        try:
            waits = await self._heard(source)
        except Unanswered as why:
            _ASKED.labels(source.name, "failed").inc()
            return await self._failed(source, why)
        _ASKED.labels(source.name, "heard").inc()
        await self._keep(source.name, waits)
        return EVERY

    async def _heard(self, source: Source) -> Sequence[Wait]:
        body = await source.page()
        now = self._civil()
        if body is None:
            return [replace(wait, fetched=now) for wait in self._last.get(source.name, ())]
        waits, problems = source.read(body, self._world.crossings, now)
        if not waits:
            source.page.forget()
            raise Unanswered(problems[0].why if problems else "no crossing that we know is in it")
        self._last[source.name] = waits
        for problem in problems:
            self._tell_once(source.name, problem)
        return waits

    def _tell_once(self, source: str, problem: Problem) -> None:
        if problem.why not in self._told and len(self._told) < 1_000:
            self._told.add(problem.why)
            log.warning(
                "a wait time could not be read",
                extra={"action": "waits.unread", "source": source, "where": problem.where, "why": problem.why},
            )

    async def _keep(self, name: str, waits: Sequence[Wait]) -> None:
        async with self._database.dock(self._civil(), write=True) as dock:
            await dock.waits.save(waits)
            if await _trouble(dock, name):
                await dock.settings.save(_TROUBLE + name, "")
                log.info("wait times are back", extra={"action": "waits.back", "source": name})
        self._failures.pop(name, None)
        await self.refresh()

    async def _failed(self, source: Source, why: Unanswered) -> timedelta:
        self._failures[source.name] = times = self._failures.get(source.name, 0) + 1
        async with self._database.dock(self._civil(), write=True) as dock:
            if await _trouble(dock, source.name) is None:
                told = {"since": dock.now.isoformat(), "why": str(why)}
                await dock.settings.save(_TROUBLE + source.name, json.dumps(told))
                extra = {"action": "waits.silent", "source": source.name, "why": str(why)}
                log.warning("no wait times: what is kept ages, nothing else depends on it", extra=extra)
        await self.refresh()
        return max(why.after or timedelta(), min(_AGAIN * 2.0 ** min(times - 1, 8), _MOST))


async def troubles(dock: Dock) -> tuple[Trouble, ...]:
    """The sources that do not answer."""
    return tuple(t for t in [await _trouble(dock, name) for name in SOURCES] if t)


async def _trouble(dock: Dock, name: str) -> Trouble | None:
    said = await dock.settings.find(_TROUBLE + name)
    if not said:
        return None
    told = json.loads(said)
    return Trouble(name.upper(), datetime.fromisoformat(told["since"]), told["why"])


def judging(policy: Policy, now: datetime) -> Judging:
    """When waits count, by a carrier's policy."""
    return Judging(now, policy.wait_fresh, policy.wait_gain)


def queue_of(
    world: World,
    policy: Policy,
    crossing: Crossing | None,
    direction: Direction,
    eta: datetime,
    now: datetime,
    *,
    fast: bool,
) -> Queue | None:
    """What is said of waits with a load that is on its way; None where nothing fresh is known."""
    if crossing is None or not world.waits.all:
        return None
    by = judging(policy, now)
    wait = wait_for(world.waits, crossing.name, direction, by, fast=fast)
    if wait is None:
        return None
    near = timedelta() < eta - now <= policy.wait_near
    better = next_bridge(crossing, direction, world.waits, world.crossings, by, fast=fast) if near else None
    return Queue(wait, better)
