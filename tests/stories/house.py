"""A running Holdwatch that a test can stop hard and open again on the same database and folders."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App
from bot.clock import Clock, machine
from bot.config import read_config
from bot.doors import Chats
from bot.feeds.folder import Folder
from bot.feeds.registry import SOURCES
from bot.settings import Environment
from handlers.web import Health, Web
from storage.database import Database
from tests.patience import PATIENCE

HOME = ZoneInfo("America/Toronto")
#: A Tuesday in winter.
DAY = datetime(2026, 11, 24, tzinfo=HOME)
CONFIG = """
[carriers.home]
name = "SAMPLE Carrier"
codes = ["SMPL"]

[feeds.rns]
source = "cbsa_rns"
settle = "0.02s"
heartbeat_file = "rns.alive"
heartbeat_max_age = "12h"

[policy]
"""
#: What a life of the program started, so that a kill ends it and nothing else.
_LIFE: ContextVar["set[asyncio.Task[Any]] | None"] = ContextVar("life", default=None)


@dataclass(frozen=True)
class HandClock(Clock):
    """Civil time that only the test moves."""

    moments: list[datetime] = field(default_factory=list)

    def civil(self) -> datetime:
        return self.moments[-1]

    def moves(self, to: datetime) -> None:
        """Puts it forward."""
        self.moments.append(to)


def recording(loop: asyncio.AbstractEventLoop) -> None:
    """Has every task remembered by the life that started it."""

    def factory(loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **more: Any) -> "asyncio.Task[Any]":
        task = asyncio.Task(coro, loop=loop, **more)
        life = _LIFE.get()
        if life is not None:
            life.add(task)
            task.add_done_callback(life.discard)
        return task

    loop.set_task_factory(factory)  # type: ignore[arg-type]  # the stub knows no **more


class Brisk(App):
    """The folder for lists settles as fast as those of the feeds: what falls into it here is whole at once."""

    def folders(self) -> list[Folder]:
        """The drop folders."""
        return [replace(f, drop=replace(f.drop, settle=0.02, poll=0.05)) for f in super().folders()]


class House:
    """One installation. `kill` ends a life of it as a crash would; `open` begins the next one."""

    def __init__(self, var: Path, url: str, environment: Callable[[], dict[str, Any]], port: int) -> None:
        self.var = var
        self.url = url
        self.port = port
        self.clock = HandClock(moments=[DAY.replace(hour=8).astimezone(UTC)])
        self.config = CONFIG
        self.kills = 0
        self.app: App
        self.chats: Chats
        self.wired: Callable[[App], Awaitable[None]] = _nobody
        self.environment = environment
        self._life: set[asyncio.Task[Any]] = set()
        self._main: asyncio.Task[None] | None = None
        self._ahead = timedelta()
        recording(asyncio.get_running_loop())
        self.beat()

    @property
    def alive(self) -> Path:
        """The heartbeat file of the feed."""
        return self.var / "rns.alive"

    def beat(self) -> None:
        """The gateway shows that it lives."""
        self.alive.touch()

    def machine(self) -> datetime:
        """The machine's time; each kill puts it forward, so that the leases of the dead have run out."""
        return machine() + self._ahead

    def waits(self, span: timedelta) -> None:
        """Machine time goes on: what is tried again later is tried now."""
        self._ahead += span
        self.app.wake()

    async def open(self) -> None:
        """Begins a life and returns when the doors are open."""
        token = _LIFE.set(self._life)
        try:
            path = self.var / "holdwatch.toml"
            path.write_text(self.config, "utf-8")
            self.config_read = read_config(path, self.var, SOURCES)
            database = Database(self.url)
            self.app = Brisk(self.config_read, database, self.clock, self.var, interval=lambda place: timedelta())
            self.app.world.machine = self.machine
            self.chats = Chats(self.app, Environment(**self.environment()))
            self.chats.register()
            await self.app.open()
            await self.wired(self.app)
            self._web = Web(Health(self.faults, _nothing), routes=[*self.app.doors.routes, *self.app.hooks()])
            await self._web.start("127.0.0.1", self.port)
            self._main = asyncio.create_task(self.app.run())
        finally:
            _LIFE.reset(token)
        await self.until(lambda: not self.chats.faults())

    async def faults(self) -> list[str]:
        """What is wrong now, as /readyz is told."""
        return [*self.chats.faults(), *(f"{door}: {why}" for door, why in self.app.deliver.barred.items())]

    async def until(self, true: Callable[[], object]) -> None:
        """Waits until something is the case; the program must not die meanwhile."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self.lives()
                await asyncio.sleep(0.005)

    def lives(self) -> None:
        """Fails when the program ended by itself."""
        if self._main is not None and self._main.done():
            self._main.result()
            raise AssertionError("the program ended")

    async def kill(self) -> None:
        """Ends everything the program does wherever it stands: nothing is finished, told or recorded any more."""
        self.kills += 1
        await self._end()
        self._ahead += timedelta(minutes=3)

    async def _end(self) -> None:
        """Cancels again and again, so that what would be done on a clean stop is not done either."""
        for _ in range(200):
            left = [t for t in self._life if not t.done()]
            if not left:
                break
            for task in left:
                if not _closes(task):
                    task.cancel()
            await asyncio.wait(left, timeout=0.01)
        # What the system would close for a process that is gone.
        await self._web.stop()
        for door in (self.chats.slack, self.chats.telegram):
            if door is not None:
                await door.close()
        await self.app.database.close()
        if self._main is not None:
            with contextlib.suppress(BaseException):
                self._main.result()
        self._main = None

    async def close(self) -> None:
        """Ends the last life."""
        if self._main is not None:
            await self._end()


def _closes(task: asyncio.Task[Any]) -> bool:
    """Whether it gives a connection back: the system does that for a process that is gone."""
    return getattr(task.get_coro(), "__qualname__", "") == "AsyncConnection.close"


async def _nobody(app: App) -> None:
    """Nobody sits at the terminal."""


async def _nothing() -> None:
    """No gauges to set."""


def local(text: str, day: datetime = DAY) -> datetime:
    """A wall time of the story's day, `+1 03:10` the day after."""
    days, _, clock = text.rpartition(" ")
    hour, minute = clock.split(":")
    return (day + timedelta(days=int(days or 0))).replace(hour=int(hour), minute=int(minute)).astimezone(UTC)
