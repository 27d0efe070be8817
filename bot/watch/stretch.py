"""A stretch of past time: its messages are taken in together, then each load is looked at as of its own moments."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from bot.domain.coverage import Ear as Hears
from bot.domain.coverage import Liveness
from bot.domain.numbers import NumberKind, blur
from bot.domain.status import Authority
from bot.feeds.protocol import Arrived
from bot.watch.ingest import Ear, Ingest
from bot.watch.many import Gate, Part
from bot.watch.moments import look_each
from bot.watch.newloads import NewLoads
from bot.watch.outage import AHEAD
from bot.watch.past import EPOCH, Known, Pending, Time, beat
from bot.watch.recorded import Event, Step
from bot.watch.world import World
from storage.errors import StorageError
from storage.scratch import Scratch
from storage.work import Work

#: The least time there is: a stretch ends before its end.
LEAST = timedelta(microseconds=1)
#: A load that is due again and again at one moment would be looked at for ever.
_MOST = 5000

Change = tuple[datetime, str, str, Part]


class Records(Protocol):
    """What takes down what was told."""

    async def take(self, at_of: Callable[[str], datetime | None], now: datetime) -> Step: ...
    def keep(self) -> None: ...
    def undo(self) -> None: ...


class Stretch:
    """What is still to be done of the past. `begun` is the moment up to which all is done."""

    def __init__(
        self,
        database: Scratch,
        world: World,
        ears: Mapping[str, Ear],
        time: Time,
        recorder: Records,
        many: Callable[[], Awaitable[None]],
    ) -> None:
        self._database, self._world, self._ears, self.time = database, world, ears, time
        self.recorder, self.many = recorder, many
        self._ingest = Ingest(database, world, ears, time.civil, lambda: None, self._note)
        self.new = NewLoads(database, world)
        self._gates = {c.id: Gate(c.policy) for c in world.carriers.values()}
        self._pending: list[Pending] = []
        self._due: dict[str, set[str]] = {}
        self._seen: set[bytes] = set()
        self._words: dict[str, list[datetime]] = {}
        self._events: list[Event] = []
        self._later: list[Change] = []
        self._tick: datetime | None = None
        self._attended = EPOCH
        self.begun = EPOCH
        #: Numbers of loads, and when others were heard of first.
        self._claimed: set[str] = set()
        self._strange: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def begin(self, at: datetime) -> None:
        """Nothing was before this moment."""
        self.begun = at

    async def _note(self, work: Work, world: World, loads: set[str]) -> None:
        self._due.setdefault(work.carrier, set()).update(loads)

    def claims(self, keys: set[str]) -> None:
        """These numbers are loads' from now on."""
        self._claimed |= keys

    def knows(self, keys: set[str]) -> bool:
        """Whether a load has one of these numbers."""
        return not self._claimed.isdisjoint(keys)

    def speaks_of(self, keys: set[str]) -> bool:
        """Whether a message that is still to be taken in names one of these numbers, or one that looks like it."""
        alike = set(map(blur, keys))
        return any(blur(key) in alike for one in self._pending for key in one.keys)

    def read(self, arrived: Arrived) -> Pending:
        """A message, read."""
        ear = self._ears[arrived.feed]
        return Pending(arrived, ear.source.read(arrived.body, ear.reader, arrived.received))

    def alone(self, one: Pending) -> bool:
        """Whether it must be taken in at its own moment: it brings loads, it repeats another, or it names only a
        transaction, so that only what was told before shows which loads it concerns."""
        digest = sha256(one.arrived.body).digest()
        again = digest in self._seen
        self._seen.add(digest)
        if again or one.reading.loads:
            return True
        return any(r.kind is NumberKind.TRANSACTION for r in one.reading.reports)

    def add(self, one: Pending) -> None:
        """Plans a message's turn."""
        source = self._ears[one.arrived.feed].source
        if isinstance(source, Known):
            source.readings[one.arrived.body, one.arrived.received] = one.reading
        self._pending.append(one)
        for key in one.keys:
            if key not in self._claimed:
                self._strange.setdefault(key, one.arrived.received)
        self._words.setdefault(one.arrived.feed, []).append(one.arrived.received)

    async def now(self, ingest: Ingest, one: Pending) -> None:
        """Takes a message in at this moment, as it would be live."""
        self._words.setdefault(one.arrived.feed, []).append(one.arrived.received)
        await ingest.keep([one.arrived])
        await self.take(one.arrived.received)

    async def take(self, at: datetime) -> None:
        """Takes down what a step at this moment told."""
        step = await self.recorder.take(lambda _load: at, at)
        self.recorder.keep()
        self._events += step.events
        self._later += step.parts
        if self._world.outages and at > self._attended:
            self._tick = min(self._tick or beat(at), beat(at))

    def ready(self, *, everything: bool = False) -> list[Event]:
        """Lines that nothing can come before any more: in order of time, then of loads, then as they came."""
        self._events.sort(key=lambda e: (e.at, e.load or ""))
        split = len(self._events) if everything else bisect_right(self._events, self.begun - LEAST, key=lambda e: e.at)
        found, self._events = self._events[:split], self._events[split:]
        return found

    async def settle(self, end: datetime) -> None:
        """Does all that happens before a moment."""
        while self.begun < end:
            self._attend()
            target = end if self._tick is None else min(end, max(self._tick + LEAST, self.begun + LEAST))
            tick = await self._attempt(target)
            if tick is not None:
                self._tick = tick
            if self._tick is not None and self._tick < self.begun:
                await self._look_at_many(self._tick)

    def _attend(self) -> None:
        """While customs is down the job that looks at many loads has work whenever one comes near (C4)."""
        if not self._world.outages:
            return
        near = self._database.next_eta(self.begun + AHEAD)
        moments = [m for m in (self._tick, beat(near - AHEAD + LEAST) if near is not None else None) if m is not None]
        self._tick = min(moments, default=None)

    async def _look_at_many(self, tick: datetime) -> None:
        self._tick = None
        if not self._world.outages and not any(self._opens(carrier, tick) for carrier in self._gates):
            return
        self.time.now = tick
        self._attended = tick
        await self.many()
        for carrier, gate in self._gates.items():
            gate.ran(self._heard(carrier, tick), carrier in self._world.outages)
        await self.take(tick)

    def _opens(self, carrier: str, at: datetime) -> bool:
        return self._gates[carrier].opens(self._heard(carrier, at), carrier in self._world.outages)

    def _heard(self, carrier: str, at: datetime) -> datetime | None:
        covers = self._world.carriers[carrier].feeds
        words = (self._last(c.feed, at) for c in covers if c.authority is Authority.CUSTOMS)
        return max((word for word in words if word is not None), default=None)

    def _last(self, feed: str, at: datetime) -> datetime | None:
        words = self._words.get(feed, [])
        place = bisect_right(words, at)
        return words[place - 1] if place else None

    async def _attempt(self, end: datetime) -> datetime | None:
        """Does what happens before a moment, unless many loads together show something before: then nothing is done.

        The beat at which they do, if they do.
        """
        taken = [one for one in self._pending if one.arrived.received < end]
        ears = self._world.ears
        with self._database.attempt() as attempt:
            step = await self._waves(taken, end)
            self._world.ears = ears
            later = [c for c in self._later if c[0] < end]
            tick, before = self._first_tick([*later, *step.parts])
            attempt.failed = tick is not None and tick + LEAST < end and tick >= self.begun
        if attempt.failed:
            self.recorder.undo()
            for gate, load, part in reversed(before):
                gate.put(load, part)
            return tick
        self.recorder.keep()
        self.new.keep(end)
        self._later = [c for c in self._later if c[0] >= end]
        self._pending = self._pending[len(taken) :]
        for one in taken:
            source = self._ears[one.arrived.feed].source
            if isinstance(source, Known):
                source.readings.pop((one.arrived.body, one.arrived.received), None)
        self._events += step.events
        self.begun = end
        return tick

    def _first_tick(self, changes: list[Change]) -> tuple[datetime | None, list[tuple[Gate, str, Part]]]:
        """The first beat at which the job that looks at many loads would find something new."""
        before: list[tuple[Gate, str, Part]] = []
        beats: dict[datetime, list[Change]] = {}
        for change in sorted(changes, key=lambda c: c[0]):
            beats.setdefault(beat(change[0]), []).append(change)
        if any(gate.asks for gate in self._gates.values()):
            for one in self._pending:
                beats.setdefault(beat(one.arrived.received), [])
        for tick in sorted(beats):
            for _, carrier, load, part in beats[tick]:
                gate = self._gates[carrier]
                before.append((gate, load, gate.put(load, part)))
            if any(self._opens(carrier, tick) for carrier in self._gates):
                return tick, before
        return None, before

    async def _waves(self, taken: list[Pending], end: datetime) -> Step:
        """Takes messages in, then looks at every load at each of its moments: the first of all loads together, and so
        on."""
        told = Step([], [])
        await self.new.enter(end)
        times = await self._taken_in(taken)
        last: dict[str, datetime] = {}
        for _wave in range(_MOST):
            moments = self._moments(times, last, end)
            if not moments:
                return told
            async with self._database.dock(end, write=True) as dock:
                for carrier, own in moments.items():
                    await look_each(dock.work(carrier), self._world, own, self._turn, self._strange)
            looked = {load: at for own in moments.values() for load, at in own.items()}
            for load, at in looked.items():
                last[load] = at
                times[load] = (times[load][0], [t for t in times[load][1] if t > at]) if load in times else ("", [])
            step = await self.recorder.take(looked.get, end)
            told = Step(told.events + step.events, told.parts + step.parts)
        raise StorageError(f"loads stay due before {end.isoformat()}: nobody would ever be done looking at them")

    def _moments(
        self, times: Mapping[str, tuple[str, list[datetime]]], last: Mapping[str, datetime], end: datetime
    ) -> dict[str, dict[str, datetime]]:
        found: dict[str, dict[str, datetime]] = {}
        for load, (carrier, own) in times.items():
            if own:
                found.setdefault(carrier, {})[load] = own[0]
        for carrier, load, at in self._database.due(end):
            own_ = found.setdefault(carrier, {})
            at = max(at, last[load] + LEAST if load in last else self.begun)
            own_[load] = min(at, own_.get(load, at))
        return found

    async def _taken_in(self, taken: list[Pending]) -> dict[str, tuple[str, list[datetime]]]:
        """Stores messages; carrier and moments of the loads that they concern."""
        if not taken:
            return {}
        self._due.clear()
        self.time.now = taken[-1].arrived.received
        await self._ingest.keep([one.arrived for one in taken])
        by_key: dict[str, set[datetime]] = {}
        for one in taken:
            for key in one.keys:
                by_key.setdefault(key, set()).add(one.arrived.received)
        found: dict[str, tuple[str, list[datetime]]] = {}
        async with self._database.dock(self.time.now) as dock:
            for carrier, loads in self._due.items():
                work = dock.work(carrier)
                claims = await work.claims.of_loads(loads)
                keys = {id_: n.key for id_, n in (await work.numbers.of({c.number_id for c in claims})).items()}
                own: dict[str, set[datetime]] = {load: set() for load in loads}
                for claim in claims:
                    own[claim.load_id] |= by_key.get(keys.get(claim.number_id, ""), set())
                strange = {t for key, at in by_key.items() if key in self._strange for t in at}
                found |= {load: (carrier, sorted(at or strange)) for load, at in own.items()}
        return found

    def _turn(self, at: datetime) -> None:
        """Sets clock and ears to a moment; of a feed that lives nobody is told the last word."""
        self.time.now = at
        self._world.ears = {name: self._as_of(ear, at) for name, ear in self._world.ears.items()}

    def _as_of(self, ear: Hears, at: datetime) -> Hears:
        return ear if ear.liveness is Liveness.ALIVE else replace(ear, last_word=self._last(ear.feed, at))
