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

log = logging.getLogger(__name__)

#: A feed that turned so short before the program began may have been left between its turn and its loads.
_UNSURE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a feed shows that it lives: a heartbeat file not older than `max_age` (machine time); none: can't tell.

    `implied` is a file that counts as one if it is there.
    """

    feed: str
    carriers: tuple[str, ...]
    heartbeat: Path | None = None
    max_age: timedelta = timedelta(minutes=10)
    implied: Path | None = None


class Life:
    """Looks at pulses, turns states, refreshes the ears of the world, and has changes told."""

    def __init__(
        self, database: Database, world: World, pulses: Sequence[Pulse], civil: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._world = world
        self._pulses = {p.feed: p for p in pulses}
        self._civil = civil
        self._first = True

    async def look(self) -> None:
        """Looks once at every feed; a change of state is told, in the unit that notes it, and makes loads due."""
        due: list[Pulse] = []
        now = self._civil()
        first, self._first = self._first, False
        async with self._database.dock(now, write=True) as dock:
            states = await dock.feeds.all()
            for pulse in self._pulses.values():
                standing = self._standing(pulse)
                before = states.get(pulse.feed)
                if first and before is not None and now - before.since < _UNSURE:
                    due.append(pulse)
                if before is None:
                    await dock.feeds.ensure(pulse.feed, standing.value, now)
                elif before.state != standing.value and await dock.feeds.turn(
                    pulse.feed, before.state, standing.value, now
                ):
                    log.warning("a feed turned", extra={"action": "feed.turned", "feed": pulse.feed, "state": standing})
                    due.append(pulse)
                    for carrier in pulse.carriers:
                        await tell_feed(dock.work(carrier), self._world, pulse.feed, standing, before)
                if standing is Liveness.ALIVE:
                    await dock.feeds.lives(pulse.feed, now, None)
        await self.refresh()
        for pulse in due:
            for carrier in pulse.carriers:
                await touch_open(self._database, carrier, now, covered_by=pulse.feed)

    async def refresh(self) -> None:
        """Reads how feeds and outages stand; another process may have changed them."""
        async with self._database.dock(self._civil()) as dock:
            states = await dock.feeds.all()
            outages = {c for c in self._world.carriers if await dock.work(c).outages.on()}
        self._world.ears = {
            name: Ear(name, Liveness(s.state), s.since, s.last_word)
            for name, s in states.items()
            if name in self._pulses
        }
        self._world.outages = frozenset(outages)

    def _standing(self, pulse: Pulse) -> Liveness:
        named = pulse.heartbeat or pulse.implied
        if named is None:
            return Liveness.CANT_TELL
        try:
            beat = datetime.fromtimestamp(named.stat().st_mtime, UTC)
        except OSError:
            return Liveness.DEAD if pulse.heartbeat else Liveness.CANT_TELL
        return Liveness.ALIVE if abs(self._world.machine() - beat) <= pulse.max_age else Liveness.DEAD
