"""The same recording, minute by minute: everything is done each minute as the live loops would, nothing is skipped."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.backtest import running
from bot.cli.recording import Recording
from bot.feeds.protocol import Arrived
from bot.watch.backtest import Backtest, Heard, Listed, Typed
from bot.watch.eventlines import Event
from bot.watch.hands import Hand, Hands
from bot.watch.jobs import sweep
from bot.watch.rows import add_rows

MINUTE = timedelta(minutes=1)


class Steps:
    """One run: it has what a backtest has, and uses none of its short cuts."""

    def __init__(self, run: Backtest, recording: Recording) -> None:
        self._run, self._recording = run, recording
        self._time = run.stretch.time
        self._alive = {feed: recording.happenings[0].at + age for feed, age in recording.ages.items()}
        self.events: list[Event] = []

    async def to(self, end: datetime) -> list[Event]:
        """Everything up to a moment."""
        now, rest = self._recording.happenings[0].at, list(self._recording.happenings)
        await self._feeds(now)
        while now <= end:
            here = [one for one in rest if one.at == now]
            rest = rest[len(here) :]
            await self._minute(now, here)
            now += MINUTE
        return self.events

    async def _minute(self, now: datetime, here: list[object]) -> None:
        self._time.now = now
        for one in here:
            if isinstance(one, Listed):
                async with self._run.database.work("home", now, write=True) as work:
                    await add_rows(work, self._run.world, one.rows, Hands(Hand.FILE, "loads.csv", "stepped"))
                await self._take(now)
        signs = [one for one in here if isinstance(one, Heard)]
        for one in signs:
            self._sign(one)
        await self._feeds(now)
        if bodies := [Arrived(one.feed, one.body, one.where, now) for one in signs if one.body is not None]:
            await self._run.ingest.keep(bodies)
            await self._take(now)
        await self._sweep(now)
        for one in here:
            if isinstance(one, Typed):
                assert not await self._run.types(one)
                await self._run.life.refresh()
                await self._take(now)
        await self._sweep(now)
        await self._run.stretch.many()
        await self._take(now)

    async def _sweep(self, now: datetime) -> None:
        while await sweep(self._run.database, self._run.world, now):
            await self._take(now)

    def _sign(self, one: Heard) -> None:
        age = self._recording.ages[one.feed]
        if one.body is None:
            self._alive[one.feed] = max(self._alive[one.feed], one.at + age)
            return
        read = self._run.stretch.inbox.read(Arrived(one.feed, one.body, one.where, one.at))
        if read.alive_at is not None:
            self._alive[one.feed] = max(self._alive[one.feed], read.alive_at + age)

    async def _feeds(self, now: datetime) -> None:
        async with self._run.database.dock(now, write=True) as dock:
            for feed, until in self._alive.items():
                await dock.feeds.beats(feed, until)
        await self._run.life.look()
        await self._take(now)

    async def _take(self, now: datetime) -> None:
        step = await self._run.stretch.recorder.take(now)
        self.events += step.events


async def stepped(recording: Recording, var: Path, end: datetime) -> list[Event]:
    """What a recording tells up to a moment, minute by minute."""
    async with running(recording, var) as run:
        return await Steps(run, recording).to(end)
