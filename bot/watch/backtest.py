"""A run through the past: recorded loads, messages and lines through the same watch as live, on a virtual clock.

Between two events nothing happens but what the clock brings, and loads have little to do with each other: messages of
a stretch of time are taken in together, and every load is looked at as of each of its own moments in it.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.domain.load import LoadRow
from bot.domain.numbers import key_of
from bot.feeds.protocol import Arrived
from bot.watch.eventlines import Event
from bot.watch.ingest import Ingest
from bot.watch.life import Life
from bot.watch.moments import LEAST
from bot.watch.newloads import LISTS
from bot.watch.past import Pending, Time
from bot.watch.rows import RowResult, add_rows
from bot.watch.stretch import Stretch
from bot.watch.world import World
from storage.scratch import Scratch

#: How much is taken together at most: it is held in memory.
LONGEST, _MOST = timedelta(hours=12), 5000
_AFTER = timedelta(hours=24)
_DAY = timedelta(days=1)
#: When a day's promises are fixed, at a carrier's home.
_MORNING = time(0, 10)
#: Happenings between two words of how far it is.
_SHOWN = 100
_BETWEEN = re.compile(r"[,;\n]|=>|->|→")
_NUMBERS = ("pars", "paps", "inbond", "entry", "trip")


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of loads that became known at one moment."""

    at: datetime
    rows: tuple[LoadRow, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, or a sign of life when it has no body; `where` is its place in the recording."""

    at: datetime
    feed: str
    body: bytes | None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that somebody typed."""

    at: datetime
    who: str
    role: str
    line: str
    where: str = ""


Happening = Listed | Heard | Typed
#: Types a line; what is wrong with it, '' when nothing is.
Types = Callable[[Typed], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the recording that could not be taken."""

    where: str
    why: str


class Backtest:
    """One run. `ages` is for how long a sign of life of each feed that gives any is good."""

    def __init__(
        self,
        database: Scratch,
        world: World,
        ingest: Ingest,
        life: Life,
        stretch: Stretch,
        types: Types,
        ages: Mapping[str, timedelta],
        daily: Callable[[], Awaitable[None]],
        longest: timedelta = LONGEST,
    ) -> None:
        self.database = database
        self.world = world
        self.ingest = ingest
        self.life = life
        self.stretch = stretch
        self.types = types
        self._ages = ages
        self._daily = daily
        self._longest = longest
        self._carrier = next(iter(world.carriers))
        self._alive: dict[str, datetime] = {}
        self._morning = datetime.max.replace(tzinfo=UTC)
        self._known: set[str] = set()
        self._time: Time = stretch.time
        self._last: datetime | None = None
        self.problems: list[Problem] = []

    async def run(self, happenings: Sequence[Happening], passed: Callable[[int], None]) -> AsyncIterator[Event]:
        """Lines of what would have been told, in order of time; `passed` hears how many happenings are over."""
        start = happenings[0].at
        await self._begin(start)
        listed = max((count for count, one in enumerate(happenings) if isinstance(one, Listed)), default=-1)
        for count, one in enumerate(happenings):
            if count > listed and await self._over(one.at):
                break
            await self._until(one.at)
            match one:
                case Listed():
                    await self._list(one)
                case Heard():
                    await self._hear(one)
                case Typed():
                    await self._type(one)
            for event in self.stretch.ready():
                yield event
            if count % _SHOWN == 0:
                passed(count)
        await self._to_the_end(happenings[-1].at)
        for event in self.stretch.ready(everything=True):
            yield event

    async def _begin(self, start: datetime) -> None:
        self._time.now = start
        self.stretch.begin(start)
        self._alive = {feed: start + age for feed, age in self._ages.items()}
        await self._look_at_feeds(start)
        await self._begin_day(start)

    async def _begin_day(self, at: datetime) -> None:
        """What is done once a day (T1)."""
        self._time.now = at
        await self._daily()
        await self.stretch.take(at)
        nights = [(at.astimezone(c.zone) + _DAY).date() for c in self.world.carriers.values()]
        zones = [c.zone for c in self.world.carriers.values()]
        days = [datetime.combine(n, _MORNING, z).astimezone(UTC) for n, z in zip(nights, zones, strict=True)]
        early = [datetime.combine(at.astimezone(z).date(), _MORNING, z).astimezone(UTC) for z in zones]
        self._morning = min(day for day in [*early, *days] if day > at)

    async def _over(self, at: datetime) -> bool:
        """Whether the run ends before this: a day after the last ETA."""
        if self._last is not None and at <= self._last + _AFTER:
            return False
        if self.stretch.new:
            await self.stretch.settle(at)
        self._last = self.database.last_eta()
        return self._last is not None and at > self._last + _AFTER

    async def _to_the_end(self, last: datetime) -> None:
        if self.stretch.new:
            await self.stretch.settle(last + LEAST)
        eta = self.database.last_eta()
        await self._until((eta or last) + _AFTER + LEAST)
        await self.stretch.settle((eta or last) + _AFTER + LEAST)
        self._note(self.stretch.new.results)

    async def _until(self, at: datetime) -> None:
        """Lets time pass up to a moment: feeds die on the way, and stretches do not grow too long."""
        while True:
            dies = min((m for f, m in self._alive.items() if self._lives(f)), default=None)
            step = self.stretch.begun + self._longest
            if self._morning <= min(at, step, dies or at):
                await self.stretch.settle(self._morning)
                await self._begin_day(self._morning)
            elif dies is not None and dies <= min(at, step):
                await self.stretch.settle(dies)
                await self._look_at_feeds(dies)
            elif step < at:
                await self.stretch.settle(step)
            else:
                return

    def _lives(self, feed: str) -> bool:
        ear = self.world.ears.get(feed)
        return ear is not None and ear.liveness.value == "alive"

    async def _look_at_feeds(self, at: datetime) -> None:
        self._time.now = at
        async with self.database.dock(at, write=True) as dock:
            for feed, until in self._alive.items():
                await dock.feeds.beats(feed, until)
        await self.life.look()
        await self.stretch.take(at)

    async def _sign(self, feed: str, at: datetime, until: datetime) -> None:
        if feed not in self._ages:
            return
        self._alive[feed] = max(until, self._alive[feed])
        if not self._lives(feed) and self._alive[feed] > at:
            await self.stretch.settle(at)
            await self._look_at_feeds(at)

    async def _list(self, listed: Listed) -> None:
        numbers = {key_of(row.cells.get("number") or "") for row in listed.rows}
        named = {n for row in listed.rows for n in _named(row)}
        # The job that looks at many loads must not find one that nobody knows yet.
        now = bool(self.world.outages or numbers & self._known or self.stretch.knows(named))
        if now or self.stretch.inbox.speaks_of(named):
            await self.stretch.settle(listed.at)
        self._known |= numbers
        self.stretch.claims(named)
        if not now:
            self.stretch.new.add(listed.at, listed.rows)
            return
        self.stretch.turn(listed.at)
        async with self.database.work(self._carrier, listed.at, write=True) as work:
            results = await add_rows(work, self.world, listed.rows, LISTS)
        self._note(results)
        self.stretch.inbox.forsaken()
        await self.stretch.take(listed.at)

    def _note(self, results: Sequence[RowResult]) -> None:
        self.problems += [
            Problem(f"loads.csv {r.where}", f"load {r.number}: {s}" if r.number else s)
            for r in results
            if r.outcome == "refused"
            for s in r.sentences
        ]

    async def _hear(self, heard: Heard) -> None:
        if heard.body is None:
            age = self._ages.get(heard.feed)
            await self._sign(heard.feed, heard.at, heard.at + age if age else heard.at)
            return
        one = self.stretch.inbox.read(Arrived(heard.feed, heard.body, heard.where, heard.at))
        self.problems += [Problem(heard.where, f"{p.where}: {p.why}") for p in one.reading.problems]
        if one.alive_at is not None and heard.feed in self._ages:
            await self._sign(heard.feed, heard.at, one.alive_at + self._ages[heard.feed])
        if self.stretch.inbox.alone(one):
            await self._take_alone(one)
            return
        self.stretch.inbox.add(one)
        if len(self.stretch.inbox) >= _MOST:
            await self.stretch.settle(heard.at)

    async def _take_alone(self, one: Pending) -> None:
        at = one.arrived.received
        await self.stretch.settle(at + LEAST)
        self.stretch.turn(at)
        await self.stretch.inbox.now(self.ingest, one)
        await self.stretch.take(at)

    async def _type(self, typed: Typed) -> None:
        await self.stretch.settle(typed.at + LEAST)
        self.stretch.turn(typed.at)
        self.stretch.claims({key for word in typed.line.split() if (key := key_of(word))})
        why = await self.types(typed)
        if why:
            self.problems.append(Problem(typed.where, why))
        self.stretch.inbox.forsaken()
        await self.life.refresh()
        await self.stretch.take(typed.at)


def _named(row: LoadRow) -> list[str]:
    """Keys of the numbers in a row."""
    found = []
    for name in _NUMBERS:
        for word in _BETWEEN.split(row.cells.get(name) or ""):
            key = key_of(word.strip().lstrip("-"))
            if key:
                found.append(key)
    return found
