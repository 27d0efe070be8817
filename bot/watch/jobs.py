"""What the bot does by itself: looks at what is due, watches the feeds' pulse, notices other processes, tidies up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client import Counter, Histogram

from bot.watch.calls import gather_calls
from bot.watch.life import Life
from bot.watch.look import reassess
from bot.watch.outage import Shown, attend
from bot.watch.suspect import suspect
from bot.watch.world import World
from storage.database import Database
from storage.errors import GONE

log = logging.getLogger(__name__)

#: Loads of one sweep unit: short enough that people who type do not wait for the lock.
SLICE = 100
_NOTICE_SECONDS = 0.2
_PULSE_SECONDS = 5
_MANY_SECONDS = 30
_KEEP_LINES = timedelta(days=3)
_KEEP_SENT = timedelta(days=30)
_AGAIN = timedelta(minutes=1)

_SWEPT = Counter("holdwatch_swept", "Loads looked at because they were due")
_FAULTS = Counter("holdwatch_sweep_faults", "Loads that could not be looked at; each is tried again every minute")
_ROUND = Histogram("holdwatch_sweep_seconds", "How long a slice of the sweep takes")


async def sweep(database: Database, world: World, now: datetime, limit: int = SLICE) -> int:
    """Looks at the loads that are due, at most `limit`; returns how many. Loads at rest cost nothing."""
    async with database.dock(now) as dock:
        due = await dock.due_loads(now, limit)
    by_carrier: dict[str, list[str]] = {}
    for carrier, load in due:
        by_carrier.setdefault(carrier, []).append(load)
    for carrier, loads in by_carrier.items():
        if carrier not in world.carriers:
            await _rest(database, carrier, loads, now)
            continue
        with _ROUND.time():
            await _look(database, world, carrier, loads, now)
    _SWEPT.inc(len(due))
    return len(due)


async def _rest(database: Database, carrier: str, loads: list[str], now: datetime) -> None:
    """Loads of a carrier that is not in the settings any more rest; they are looked at again when it is back."""
    async with database.work(carrier, now, write=True) as work:
        for load in loads:
            await work.loads.change(load, look_at=None)
    log.warning("loads of a carrier that is not set up rest", extra={"action": "sweep.no_carrier", "carrier": carrier})


async def _look(database: Database, world: World, carrier: str, loads: list[str], now: datetime) -> None:
    """Looks at loads in one unit; one that cannot be looked at must not hide the others, and is tried again."""
    try:
        async with database.work(carrier, now, write=True) as work:
            await reassess(work, world, loads)
    except GONE:
        raise
    except Exception:  # a fault of one load, whatever it is, is found by halving
        if len(loads) > 1:
            middle = len(loads) // 2
            await _look(database, world, carrier, loads[:middle], now)
            await _look(database, world, carrier, loads[middle:], now)
            return
        _FAULTS.inc()
        log.exception("a load could not be looked at", extra={"action": "sweep.fault", "load": loads[0]})
        async with database.work(carrier, now, write=True) as work:
            await work.loads.change(loads[0], look_at=now + _AGAIN)


class Jobs:
    """The loops and the timetable. Memory of what is due is in the tables; the scheduler only keeps the beat."""

    def __init__(
        self,
        database: Database,
        world: World,
        life: Life,
        civil: Callable[[], datetime],
        wake: Callable[[], None],
        noticed: Callable[[], Awaitable[None]],
        hourly: Callable[[], Awaitable[None]],
        wanted: Callable[[], Awaitable[object]],
    ) -> None:
        self._database = database
        self._world = world
        self._life = life
        self._civil = civil
        self._wake = wake
        self._noticed = noticed
        self._hourly = hourly
        self._wanted = wanted
        self._due = asyncio.Event()
        self._calls: dict[str, dict[str, frozenset[str]]] = {}
        self._outages: dict[str, Shown | None] = {}
        self.last_sweep: datetime | None = None

    def due(self) -> None:
        """Something became due: look now."""
        self._due.set()

    async def run(self) -> None:
        """Runs until cancelled; a database that is gone for a while is waited for."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        every = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(self._guarded(self._life.look), "interval", seconds=_PULSE_SECONDS, **every)
        scheduler.add_job(self._guarded(self._wanted), "interval", seconds=_PULSE_SECONDS, **every)
        scheduler.add_job(self._guarded(self.many), "interval", seconds=_MANY_SECONDS, **every)
        scheduler.add_job(self._guarded(self._hourly), "interval", hours=1, **every)
        scheduler.add_job(self._guarded(self.tidy), "interval", hours=6, **every)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._sweeping())
                group.create_task(self._noticing())
        finally:
            scheduler.shutdown(wait=False)

    def _guarded(self, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def guarded() -> None:
            try:
                await job()
            except GONE as why:
                log.warning("a job waits for the database", extra={"action": "job.database", "why": str(why)})
            except Exception:  # one job that fails must not stop the watch
                log.exception("a job failed", extra={"action": "job.failed"})

        return guarded

    async def _sweeping(self) -> None:
        while True:
            self._due.clear()
            pause = 0.0
            try:
                if not await sweep(self._database, self._world, self._civil()):
                    pause = 0.25
                else:
                    self._wake()
                self.last_sweep = self._world.machine()
            except GONE as why:
                log.warning("the sweep waits for the database", extra={"action": "sweep.database", "why": str(why)})
                pause = 1.0
            if not pause:
                await asyncio.sleep(0)
                continue
            with suppress(TimeoutError):  # not wait_for: on Python 3.11 it loses a stop that comes with a wake
                async with asyncio.timeout(pause):
                    await self._due.wait()

    async def _noticing(self) -> None:
        """Another process (`ask`, `import`) wrote: deliver and look at once, and forget what was remembered."""
        seen: int | None = None
        while True:
            await asyncio.sleep(_NOTICE_SECONDS)
            try:
                version = await self._database.data_version()
            except GONE:
                continue
            if version is None or version == seen:
                continue
            seen = version
            await self._guarded(self._noticed)()
            await self._guarded(self._life.refresh)()
            self._wake()
            self.due()

    async def many(self, *, silence: bool = True, calls: bool = True) -> None:
        """What only many loads together show: customs may be down, or is (C4), one call serves several loads (N4).
        Either may be left out by whoever knows that nothing is new about it."""
        for carrier in self._world.carriers:
            async with self._database.work(carrier, self._civil(), write=True) as work:
                if silence:
                    await suspect(work, self._world)
                self._outages[carrier] = await attend(work, self._world, self._outages.get(carrier))
                if calls:
                    self._calls[carrier] = await gather_calls(work, self._world, self._calls.get(carrier, {}))
                work.after_commit(self._wake)

    async def tidy(self) -> None:
        """Forgets answered lines and sent rows that nobody needs any more."""
        for carrier in self._world.carriers:
            async with self._database.work(carrier, self._civil(), write=True) as work:
                await work.lines.forget(work.now - _KEEP_LINES)
                await work.outbox.forget(self._world.machine() - _KEEP_SENT)
