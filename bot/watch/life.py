"""Whether each feed is alive; its first failure and its return are told once (RULES C2, C3)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.coverage import Ear, Liveness
from bot.watch.tell import tell_feed
from bot.watch.touches import touch_open
from bot.watch.world import World
from storage.database import Database
from storage.feeds import FeedState

log = logging.getLogger(__name__)

#: A feed that turned so short before the program began may have been left between its turn and its loads.
_UNSURE = timedelta(minutes=10)
#: So long after the program began a feed that we open ourselves may still be on its way to be heard.
_UNHEARD = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a feed shows that it lives: a heartbeat file not older than `max_age` (machine time); none: can't tell.

    `implied` is a file that counts as one if it is there. Of a feed that we open ourselves (`told`) its reader notes
    signs of life, each good until a time. One that `idles` is asked only while there is something to ask.
    """

    feed: str
    carriers: tuple[str, ...]
    heartbeat: Path | None = None
    max_age: timedelta = timedelta(minutes=10)
    implied: Path | None = None
    told: bool = False
    idles: bool = False


def _beats(state: FeedState | None, now: datetime) -> bool:
    """Whether a message lately showed that the feed lives, whatever its file says (C2)."""
    return state is not None and state.alive_until is not None and now < state.alive_until


def fails(state: FeedState) -> bool:
    """Whether the last that was heard of a feed is that it failed."""
    at = state.last_error_at
    return at is not None and (state.last_good is None or state.last_good < at)


class Life:
    """Looks at pulses, turns states, refreshes the ears of the world, and has changes told."""

    def __init__(
        self, database: Database, world: World, pulses: Sequence[Pulse], civil: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._world = world
        self._pulses = {p.feed: p for p in pulses}
        self._civil = civil
        self._began = civil()
        self._knows = False
        #: Carrier and feed ('' for all feeds) whose loads are still to be made due.
        self._due: set[tuple[str, str]] = set()

    async def look(self) -> None:
        """Looks once at every feed; a change of state is told, in the unit that notes it, and makes loads due."""
        now = self._civil()
        async with self._database.dock(now, write=True) as dock:
            states = await dock.feeds.all()
            standings = {n: self._standing(p, states.get(n), now) for n, p in self._pulses.items()}
            for pulse in self._pulses.values():
                before = states.get(pulse.feed)
                standing = Liveness.ALIVE if _beats(before, now) else standings[pulse.feed]
                if before is None:
                    await dock.feeds.ensure(pulse.feed, standing.value, now)
                elif before.state != standing.value and await dock.feeds.turn(
                    pulse.feed, before.state, standing.value, now
                ):
                    log.warning("a feed turned", extra={"action": "feed.turned", "feed": pulse.feed, "state": standing})
                    for carrier in pulse.carriers:
                        await tell_feed(dock.work(carrier), self._world, pulse.feed, standing, before)
                if standing is Liveness.ALIVE and not pulse.told:
                    await dock.feeds.lives(pulse.feed, now, before.alive_until if before else None)
        await self.refresh()

    async def refresh(self) -> None:
        """Reads how feeds and outages stand, and makes loads due by what is new here.

        Another process may have changed them and made the loads due, and this one may have looked at those loads
        meanwhile by what it knew before.
        """
        now = self._civil()
        async with self._database.dock(now) as dock:
            states = await dock.feeds.all()
            outages = {c for c in self._world.carriers if await dock.work(c).outages.on()}
        ears = {
            name: Ear(name, Liveness(s.state), s.since, s.last_word)
            for name, s in states.items()
            if name in self._pulses
        }
        turned = {n for n, ear in ears.items() if self._is_news(ear, now)}
        self._due |= {(carrier, name) for name in turned for carrier in self._pulses[name].carriers}
        if self._knows:
            self._due |= {(carrier, "") for carrier in outages ^ self._world.outages}
        self._knows = True
        self._world.ears, self._world.outages = ears, frozenset(outages)
        await self._make_due(now)

    def _is_news(self, ear: Ear, now: datetime) -> bool:
        """Whether loads were looked at by another state of this feed, or may have been before the program began."""
        if not self._knows:
            return ear.since is not None and now - ear.since < _UNSURE
        before = self._world.ears.get(ear.feed)
        return before is None or before.liveness is not ear.liveness

    async def _make_due(self, now: datetime) -> None:
        while self._due:
            carrier, feed = one = self._due.pop()
            try:
                await touch_open(self._database, carrier, now, covered_by=feed)
            except BaseException:  # it is tried again at the next look
                self._due.add(one)
                raise

    def _standing(self, pulse: Pulse, before: FeedState | None, now: datetime) -> Liveness:
        if pulse.told:
            return self._by_signs(before, now, pulse.idles)
        named = pulse.heartbeat or pulse.implied
        if named is None:
            return Liveness.CANT_TELL
        try:
            beat = datetime.fromtimestamp(named.stat().st_mtime, UTC)
        except OSError:
            return Liveness.DEAD if pulse.heartbeat else Liveness.CANT_TELL
        return Liveness.ALIVE if abs(self._world.machine() - beat) <= pulse.max_age else Liveness.DEAD

    def _by_signs(self, before: FeedState | None, now: datetime, idles: bool) -> Liveness:
        """By the last sign of life; a feed that its reader has had no time yet to hear stays as it was."""
        if before is not None and before.alive_until is not None and now < before.alive_until:
            return Liveness.ALIVE
        gave_up = before is not None and before.last_error_at is not None and before.last_error_at == before.alive_until
        if now - self._began < _UNHEARD and not gave_up:
            return Liveness(before.state) if before is not None else Liveness.CANT_TELL
        if idles and before is not None and not (gave_up or fails(before)):
            return Liveness.ALIVE if before.state == Liveness.ALIVE else Liveness.CANT_TELL
        return Liveness.DEAD
