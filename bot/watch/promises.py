"""Once a day each broker's own time is measured and fixed as what it promises from then on (RULES T1)."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.domain.policy import Policy
from bot.domain.promise import Fixed, OpenHours, Pace, measured_promise, pace_of, taken, within
from bot.watch.brokers import open_hours
from bot.watch.turns import in_turns
from bot.watch.world import World
from storage.database import Database
from storage.errors import GONE
from storage.ids import new_id
from storage.parties import PartyRecord
from storage.promises import PromiseRecord, Timed
from storage.work import Work

log = logging.getLogger(__name__)

#: So long after midnight at the carrier's home the day's promises are fixed.
_AFTER_MIDNIGHT = timedelta(minutes=10)
#: A promise holds for papers sent from so long after it was fixed: until then every process has read it.
_AHEAD = timedelta(minutes=5)
#: Papers older than this are due whatever the promise was, so earlier ones need not be known.
WINDOW = timedelta(days=14)
_EVERY_SECONDS = 60.0
_MOST = 500


class Promising:
    """Fixes each carrier's promises once a day, and keeps what was fixed in the world."""

    def __init__(self, database: Database, world: World, civil: Callable[[], datetime]) -> None:
        self._database = database
        self._world = world
        self._civil = civil
        self._done: dict[str, date] = {}

    async def refresh(self) -> None:
        """Reads what was fixed lately: another process may have done it."""
        for carrier in self._world.carriers:
            async with self._database.work(carrier, self._civil()) as work:
                await read(work, self._world)

    async def look(self) -> None:
        """Fixes the promises of carriers whose day is new; a day that was missed is made up for by the next."""
        now = self._civil()
        for name, carrier in self._world.carriers.items():
            today = (now - _AFTER_MIDNIGHT).astimezone(carrier.zone).date()
            if self._done.get(name) != today:
                await fix(self._database, self._world, name, now, today)
                self._done[name] = today

    async def run(self) -> None:
        """Looks every minute until cancelled, and reads what another process may have fixed."""
        while True:
            try:
                await self.look()
                await self.refresh()
            except GONE as why:
                log.warning("promises wait for the database", extra={"action": "promise.database", "why": str(why)})
            except Exception:  # yesterday's promises still hold: whatever is wrong must not stop the watch
                log.exception("promises were not fixed", extra={"action": "promise.failed"})
            await asyncio.sleep(_EVERY_SECONDS)


async def read(work: Work, world: World) -> None:
    """Has the world know what was fixed lately; most brokers' promises stay the same from day to day."""
    first = (work.now - WINDOW).astimezone(world.carriers[work.carrier].zone).date()
    known: dict[str, list[Fixed]] = {}
    for row in await work.promises.since(first.isoformat()):
        promise = timedelta(minutes=row.minutes) if row.minutes is not None else None
        rows = known.setdefault(row.broker_id, [])
        before = next((f for f in reversed(rows) if f.pace is row.pace), None)
        if before is None or before.promise != promise:
            rows.append(Fixed(row.since, row.pace, promise))
    world.promises.update({broker: tuple(rows) for broker, rows in known.items()})


async def fix(database: Database, world: World, carrier: str, now: datetime, day: date) -> None:
    """Measures each broker of a carrier and fixes the day's rows, once however many processes try."""
    rows: list[PromiseRecord] = []
    async with database.work(carrier, now) as work:
        await read(work, world)
        done = bool(await work.promises.since(day.isoformat()))
        brokers = [] if done else [p for p in await work.parties.all() if "broker" in p.roles]
    for broker in brokers:
        async with database.work(carrier, now) as work:
            rows += await _rows(work, world, broker, day)
    if not rows:
        return
    async with database.work(carrier, now, write=True) as work:
        before = dict(world.promises)
        await work.promises.add(rows)
        await read(work, world)
        for broker_id in {row.broker_id for row in rows}:
            if world.promises.get(broker_id) != before.get(broker_id):
                loads = await work.finder.listed(broker_id=broker_id, limit=_MOST)
                await work.loads.touch([r.id for r in loads], now + _AHEAD)
    log.info("promises were fixed", extra={"action": "promise.fixed", "carrier": carrier, "rows": len(rows)})


async def _rows(work: Work, world: World, broker: PartyRecord, day: date) -> list[PromiseRecord]:
    """A broker's rows of a day, one for each pace; also where nothing is known any more of what was."""
    policy = world.carriers[work.carrier].policy
    hours = open_hours(broker)
    times: dict[Pace, list[timedelta]] = {fixed.pace: [] for fixed in world.promises.get(broker.id, ())}
    async for one in in_turns(await work.promises.timed(broker.id, work.now - policy.promise_window), world):
        time = _time(one, policy, hours)
        if time is not None:
            times.setdefault(pace_of(one.direction, agency=bool(one.agency)), []).append(time)
    return [_row(broker.id, pace, known, policy, work.now, day) for pace, known in times.items()]


def _time(one: Timed, policy: Policy, hours: OpenHours | None) -> timedelta | None:
    """How long it took, by what its load could hear; each shipment counts once."""
    start, end = one.since - policy.window_before, one.until
    heard = [filing for at, filing in one.heard if start <= at and (end is None or at <= end)]
    return taken(one.papers, heard, hours)


def _row(broker: str, pace: Pace, times: list[timedelta], policy: Policy, now: datetime, day: date) -> PromiseRecord:
    promise = measured_promise(times, policy)
    return PromiseRecord(
        id=new_id(),
        broker_id=broker,
        pace=pace,
        day=day.isoformat(),
        since=now + _AHEAD,
        minutes=_minutes(promise) if promise is not None else None,
        samples=len(times),
        half=_minutes(within(times, 50)) if times else 0,
        most=_minutes(within(times, 90)) if times else 0,
    )


def _minutes(length: timedelta) -> int:
    """Whole minutes, a part of one counted as one: nothing is promised sooner than it was measured."""
    return -int(-length.total_seconds() // 60)
