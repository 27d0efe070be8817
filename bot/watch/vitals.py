"""How feeds fare that we open ourselves, noted where every process sees it (RULES C2): signs of life and errors."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.coverage import Liveness
from bot.watch.life import fails
from storage.database import Database
from storage.dock import Dock

#: Without an answer for this long, a feed that we poll or that has a line to us is dead.
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Vitals:
    """Notes of pollers and sockets. `civil` dates what people see, `machine` when a refused key may be shown again."""

    database: Database
    civil: Callable[[], datetime]
    machine: Callable[[], datetime]
    patience: Mapping[str, timedelta] = field(default_factory=dict)
    #: Asks the admins to look at a feed's key, in the unit that notes its refusal.
    ask: Callable[[Dock, str, str], Awaitable[None]] | None = None

    async def answered(self, feed: str) -> None:
        """The vendor answered, or its line is up: a sign of life, good for a while."""
        now = self.civil()
        async with self.database.dock(now, write=True) as dock:
            await dock.feeds.lives(feed, now, now + self.patience.get(feed, PATIENCE))
            if await dock.settings.find(_name(feed)):
                await dock.settings.save(_name(feed), "")

    async def failed(self, feed: str, why: str) -> None:
        """It did not; what it said before stays good for as long as it was."""
        now = self.civil()
        async with self.database.dock(now, write=True) as dock:
            state = (await dock.feeds.of([feed])).get(feed)
            if feed in self.patience and state is not None and state.state == Liveness.ALIVE and not fails(state):
                # Long ago answered, asked now for the first time since: one lost connection is no dead feed.
                await dock.feeds.beats(feed, now + PATIENCE)
            await dock.feeds.failed(feed, why, now)

    async def refused(self, feed: str, why: str, fingerprint: str, seconds: float) -> None:
        """Our key is not taken: the feed is dead from now on, and these settings are not tried for a while."""
        now = self.civil()
        until = self.machine() + timedelta(seconds=seconds)
        async with self.database.dock(now, write=True) as dock:
            before = await dock.settings.find(_name(feed))
            if self.ask is not None and not (before and json.loads(before).get("settings") == fingerprint):
                await self.ask(dock, feed, why)  # once for these settings, until they were taken
            await dock.feeds.failed(feed, why, now)
            await dock.feeds.gives_up(feed, now)
            await dock.settings.save(_name(feed), json.dumps({"settings": fingerprint, "until": until.isoformat()}))

    async def refusal(self, feed: str, fingerprint: str) -> float:
        """Seconds for which these settings must not be tried; 0 for settings that were changed meanwhile."""
        async with self.database.dock(self.civil()) as dock:
            said = await dock.settings.find(_name(feed))
        noted = json.loads(said) if said else {}
        if noted.get("settings") != fingerprint:
            return 0.0
        return max(0.0, (datetime.fromisoformat(noted["until"]) - self.machine()).total_seconds())


def _name(feed: str) -> str:
    return f"refused:{feed}"
