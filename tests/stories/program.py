"""A Holdwatch in a process of its own, which a test kills with -9 and starts again on the same database and folders."""

import asyncio
import contextlib
import gc
import io
import json
import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.app import App
from bot.config import read_config
from bot.feeds.registry import SOURCES
from handlers.console import CONSOLE, plain
from handlers.reply import Line
from storage.database import Database
from tests.stories.house import HandClock, House
from tests.stories.people import ConsolePeople, readable

#: The server that processes are forked of has everything loaded: a start costs what the program itself needs.
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.stories.program", "handlers.slack.door", "handlers.telegram.door"])


@dataclass(frozen=True)
class FileClock(HandClock):
    """Civil time that stands in a file, so that two processes have the same."""

    path: Path = Path()

    def civil(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text("utf-8"))

    def moves(self, to: datetime) -> None:
        """Puts it forward."""
        new = self.path.with_suffix(".new")
        new.write_text(to.isoformat(), "utf-8")
        new.replace(self.path)


@dataclass(frozen=True)
class Plan:
    """What the process is to be."""

    var: Path
    url: str
    settings: dict[str, Any]
    port: int
    console: bool


class Paper(io.StringIO):
    """A terminal that prints into a file. Where a test wants it, it stands still for ever before or after words are
    printed: before when they come for the first time, after when they come again."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path
        self._came = path.with_suffix(".came")

    def write(self, text: str) -> int:
        """Prints."""
        came = json.loads(self._came.read_text("utf-8")) if self._came.exists() and text.strip() else None
        if came is not None:
            came[text] = came.get(text, 0) + 1
            self._came.write_text(json.dumps(came), "utf-8")
        if came is None or came[text] > 1:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(text)
        if came is not None and came[text] < 3:
            self._file.with_suffix(".held").write_text("after" if came[text] > 1 else "before", "utf-8")
            time.sleep(600)
        return len(text)


class TerminalPeople(ConsolePeople):
    """The operator at the terminal of another process."""

    def __init__(self, program: "Program") -> None:
        super().__init__()
        self._program = program
        self.paper = program.var / "terminal"
        program.console = True

    async def types(self, line: str) -> str:
        """A line at the prompt; the answer as it is printed."""
        self._typed += 1
        return readable(await self._program.asks(line, f"console:story:{self._typed}"))

    def printed(self) -> str:
        """What stands on the terminal."""
        return self.paper.read_text("utf-8") if self.paper.exists() else ""


def live(plan: Plan, hands: Connection) -> None:
    """The process: a House that does what it is told through the pipe."""
    asyncio.run(_live(plan, hands))


async def _live(plan: Plan, hands: Connection) -> None:
    with Database(plan.url).single_run():
        house = House(plan.var, plan.url, lambda: plan.settings, plan.port)
        house.clock = FileClock(path=plan.var / "clock")
        sitting = ConsolePeople()
        if plan.console:
            sitting.out = Paper(plan.var / "terminal")
            house.wired = sitting.sit
        await house.open()
        told: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        asyncio.get_running_loop().add_reader(hands.fileno(), lambda: told.put_nowait(hands.recv()))
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, house.app.wake)
        hands.send("open")
        while True:
            line, delivery = await told.get()
            who = await house.app.entry.account_of("")
            hands.send(plain(await house.app.entry(Line(line, who, CONSOLE, delivery))))
            house.lives()


class Abroad(App):
    """The app as the test sees it: its database, and a pipe to the process that runs it (`pid` while its doors are
    open)."""

    hands: Connection
    pid = 0

    def wake(self) -> None:
        """Has the process look. By a signal: one that stands still must not hold up the test with a full pipe."""
        with contextlib.suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGUSR1)


class Program(House):
    """The same installation as a `House`, with every life a process."""

    app: Abroad
    console = False
    dead = True

    def __init__(self, *more: Any) -> None:
        super().__init__(*more)
        # One for all lives: who waits for something asks it while the program is dead, too.
        self._database = Database(self.url)
        start = self.clock.civil()
        self.clock = FileClock(path=self.var / "clock")
        self.clock.moves(start)

    async def open(self) -> None:
        """Starts the process and returns when its doors are open."""
        (self.var / "holdwatch.toml").write_text(self.config, "utf-8")
        self.config_read = read_config(self.var / "holdwatch.toml", self.var, SOURCES)
        self.app = Abroad(self.config_read, self._database, self.clock, self.var)
        self.app.hands, theirs = _FORKED.Pipe()
        plan = Plan(self.var, self.url, dict(self.environment()), self.port, self.console)
        self.process = _FORKED.Process(target=live, args=(plan, theirs), daemon=True)
        self.process.start()
        self.dead = False
        theirs.close()
        assert await self.hears() == "open"
        self.app.pid = self.process.pid or 0

    async def hears(self) -> Any:
        """What the process says next."""
        hands = self.app.hands
        await self.until(hands.poll)
        return hands.recv()

    async def asks(self, line: str, delivery: str) -> Any:
        """Types a line at its terminal; the answer."""
        self.app.hands.send((line, delivery))
        return await self.hears()

    def lives(self) -> None:
        """Fails when the process ended by itself."""
        assert self.dead or self.process.is_alive(), f"the program ended: {self.process.exitcode}"

    async def kill(self) -> None:
        """kill -9."""
        self.kills += 1
        await self._end()

    async def _end(self) -> None:
        self.dead, self.app.pid = True, 0
        self.process.kill()
        await asyncio.to_thread(self.process.join, 10)
        self.app.hands.close()

    async def close(self) -> None:
        """Ends the last life."""
        if not self.dead:
            await self._end()
        await self._database.close()
        gc.collect()  # what a crash left open shows itself here, and not in another test
