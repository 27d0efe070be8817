"""A stretch of past time: its messages are taken in together, then each load is looked at as of its own moments."""

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.domain.coverage import Ear as Hears
from bot.domain.coverage import Liveness
from bot.watch.eventlines import Event
from bot.watch.inbox import Inbox, Whose
from bot.watch.ingest import Ear
from bot.watch.many import EVERYTHING, Gates
from bot.watch.moments import LEAST, Moment
from bot.watch.newloads import NewLoads
from bot.watch.outage import AHEAD
from bot.watch.past import EPOCH, Time, beat
from bot.watch.recorded import Recorder
from bot.watch.walks import Walks
from bot.watch.waves import Waves, Ways
from bot.watch.world import World
from storage.scratch import Scratch


class Many(Protocol):
    """The job that looks at many loads together."""

    async def __call__(self, *, silence: bool = ..., calls: bool = ...) -> None: ...


#: Loads of which all is read together.
_MOST = 500


class Stretch:
    """What is still to be done of the past. `begun` is the moment up to which all is done."""

    def __init__(
        self,
        database: Scratch,
        world: World,
        ears: Mapping[str, Ear],
        time: Time,
        recorder: Recorder[Any],
        many: Many,
    ) -> None:
        self._database, self._world, self.time = database, world, time
        self.recorder, self.many = recorder, many
        self.inbox = Inbox(database, world, ears, time)
        self.new = NewLoads(database, world)
        self._waves = Waves(database, world, recorder, self.turn)
        self._gates = Gates(world, self.inbox.customs)
        self._events: list[Event] = []
        #: When the job that looks at many loads has work, for customs is down.
        self._tick: datetime | None = None
        self._attended = self.begun = EPOCH
        #: Numbers of loads.
        self._claimed: set[str] = set()

    def begin(self, at: datetime) -> None:
        """Nothing was before this moment."""
        self.begun = at

    def claims(self, keys: set[str]) -> None:
        """These numbers are loads' from now on."""
        self._claimed |= keys

    def knows(self, keys: set[str]) -> bool:
        """Whether a load has one of these numbers, or a message spoke of it before."""
        return not (self._claimed.isdisjoint(keys) and self.inbox.strange.isdisjoint(keys))

    async def take(self, at: datetime) -> None:
        """Takes down what a step at this moment told."""
        step = await self.recorder.take(at)
        self._events += step.events
        self._gates.add(step.parts)
        if self._world.outages and at > self._attended:
            self._tick = min(self._tick or beat(at), beat(at))

    def ready(self, *, everything: bool = False) -> list[Event]:
        """Lines that nothing can come before any more: in order of time, then of loads, then as they came."""
        self._events.sort(key=lambda e: (e.at, e.load or ""))
        split = len(self._events) if everything else bisect_right(self._events, self.begun - LEAST, key=lambda e: e.at)
        found, self._events = self._events[:split], self._events[split:]
        return found

    async def settle(self, end: datetime) -> None:
        """Does all that happens before a moment: loads are looked at first, and what that told is written up to each
        beat at which many loads together show something."""
        if self.begun >= end:
            return
        with self._database.together():
            await self.new.enter(end)
            heard, words = await self.inbox.take_in(end)
            ways = await self._looked(heard, end)
            while self.begun < end:
                tick = self._next_tick(end, [at for at in words if at > self.begun])
                # What a line at the very beat made due is looked at before many loads are.
                at, self.begun = self.begun, end if tick is None else max(self.begun, tick) + LEAST
                self._events += await self._waves.write(ways, self.begun)
                if words:
                    self.inbox.say_last(self.begun - LEAST)
                self.turn(self.begun - LEAST)
                if tick is not None:
                    await self._look_at_many(max(tick, at - LEAST))

    def _next_tick(self, end: datetime, words: list[datetime]) -> datetime | None:
        """The first beat before a moment at which the job that looks at many loads has something to do. While customs
        is down that is whenever a load comes near (C4)."""
        if self._world.outages:
            near = self._database.next_eta(self.begun + AHEAD)
            moments = [self._tick, beat(near - AHEAD + LEAST) if near is not None else None]
            self._tick = min((m for m in moments if m is not None), default=None)
        else:
            self._tick = None
        out = self._tick if self._tick is not None and self._tick < end else None
        found = self._gates.first(end if out is None else out + LEAST, words)
        return found if found is not None else out

    async def _look_at_many(self, tick: datetime) -> None:
        self._tick = None
        self.time.now = self._attended = tick
        finds = EVERYTHING if self._world.outages else self._gates.opens(tick)
        await self.many(silence=finds.silence, calls=finds.calls)
        self._gates.ran(tick)
        await self.take(tick)

    async def _looked(self, heard: Mapping[Whose, Sequence[datetime]], end: datetime) -> Ways:
        """What looks at all loads that have a moment before this one come to."""
        whose: dict[str, list[str]] = {}
        for carrier, load in sorted({*heard, *((c, load) for c, load, _ in self._database.due(end))}):
            whose.setdefault(carrier, []).append(load)
        ways: dict[Whose, deque[Moment]] = {}
        for carrier, loads in whose.items():
            times = {load: heard[carrier, load] for load in loads if (carrier, load) in heard}
            walks = Walks(self._world, carrier, self.begun, end, self._hear, self.inbox.blurs)
            for start in range(0, len(loads), _MOST):
                # Nothing is near before everything: what is near to a number is asked as of each moment.
                async with self._database.dock(EPOCH) as dock:
                    found = await walks.of(dock.work(carrier), loads[start : start + _MOST], times)
                ways |= {(carrier, load): deque(moments) for load, moments in found.items()}
        self._gates.add((m.at, *whose, m.part) for whose, moments in ways.items() for m in moments)
        return ways

    def turn(self, at: datetime) -> None:
        """Sets clock and ears to a moment."""
        self.time.now = at
        self._hear(at)

    def _hear(self, at: datetime) -> None:
        """Sets ears to a moment: of a feed that lives nobody is told the last word."""
        if any(ear.liveness is not Liveness.ALIVE for ear in self._world.ears.values()):
            self._world.ears = {name: self._as_of(ear, at) for name, ear in self._world.ears.items()}

    def _as_of(self, ear: Hears, at: datetime) -> Hears:
        return ear if ear.liveness is Liveness.ALIVE else replace(ear, last_word=self.inbox.last(ear.feed, at))
