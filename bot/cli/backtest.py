"""`holdwatch backtest`: recorded loads and messages through the same rules, with a virtual clock and no chat."""

import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.app import App
from bot.cli.recording import Recording, RecordingError, read_recording
from bot.cli.tally import Tally
from bot.clock import Clock
from bot.config import SettingsError
from bot.domain.numbers import key_of
from bot.domain.route import Account, Place
from bot.watch.backtest import LONGEST, Backtest, Typed
from bot.watch.backtest import Problem as Fault
from bot.watch.carm_learn import Learning
from bot.watch.life import Life, Pulse
from bot.watch.past import Known, Time
from bot.watch.recorded import DISPATCH, Recorder
from bot.watch.stretch import Stretch
from handlers.announcer import Announcer
from handlers.console import plain
from handlers.reply import Line, Reply, Result
from storage.ids import new_id
from storage.people import PersonRecord
from storage.routes import RouteRecord
from storage.scratch import Scratch
from storage.work import Work

DOOR = "backtest"
_DISPATCH = Place(DOOR, "", DISPATCH, DISPATCH)
_MOST_FAULTS = 20


def backtest(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="holds loads.csv, messages.jsonl, lines.jsonl")],
    policy: Annotated[Path | None, typer.Option(help="a TOML file with values of [policy] to try")] = None,
    as_data: Annotated[bool, typer.Option("--json", help="print one JSON object a line")] = False,
) -> None:
    """What would have been told, when and to whom; nothing of this installation is read or changed."""
    with tempfile.TemporaryDirectory(prefix="holdwatch-backtest-") as var:
        try:
            recording = read_recording(folder, policy, Path(var))
        except (RecordingError, SettingsError) as why:
            print(why, file=sys.stderr)
            raise typer.Exit(2) from None
        _collect_less()
        faults = asyncio.run(_run(recording, Path(var), Tally(folder), as_data=as_data))
    _say(faults)
    raise typer.Exit(1 if faults else 0)


def _collect_less() -> None:
    """The recording is there for the whole run: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _say(faults: list[Fault]) -> None:
    for one in faults[:_MOST_FAULTS]:
        print(f"{one.where}: {one.why}", file=sys.stderr)
    if len(faults) > _MOST_FAULTS:
        print(f"… and {len(faults) - _MOST_FAULTS} more problems", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class _Virtual(Clock):
    """A clock that shows what the run says."""

    time: Time | None = None

    def civil(self) -> datetime:
        return self.time.now if self.time is not None else Clock().civil()


async def _run(recording: Recording, var: Path, tally: Tally, *, as_data: bool) -> list[Fault]:
    out = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    async with running(recording, var, text=as_data) as run:
        with Progress(*columns, TimeRemainingColumn(), console=out, transient=True, disable=not out.is_terminal) as bar:
            task = bar.add_task("backtest", total=len(recording.happenings))
            async for event in run.run(recording.happenings, lambda done: bar.update(task, completed=done)):
                if as_data:
                    print(json.dumps(event.to_json(), ensure_ascii=False))
                tally.add(event)
    if not as_data:
        tally.show(recording)
    return [*(Fault(*one) for one in recording.faults), *run.problems]


@asynccontextmanager
async def running(
    recording: Recording, var: Path, longest: timedelta = LONGEST, *, text: bool = True
) -> AsyncIterator[Backtest]:
    """A backtest with all that it stands on, in a database that is thrown away; it takes so much together at most.
    Without `text` its lines do not say in which words people were told."""
    database, time = Scratch(var / "backtest.db"), Time(recording.happenings[0].at)
    app = App(recording.config, database, _Virtual(time=time), var)
    try:
        app.world.machine = time.civil
        app.world.drivers_door = DOOR
        for name, ear in app.ears.items():
            source = Known(ear.source)
            age = recording.ages.get(name)
            app.ears[name] = replace(ear, source=source, max_age=age or ear.max_age)
        app.life = _life(app, recording)
        await app.open()
        await _enter(app, recording)
        recorder = Recorder(database, Announcer(app.world), shown if text else None)
        stretch = Stretch(database, app.world, app.ears, time, recorder, app.jobs.many)

        learning = Learning(database, app.world, time.civil, lambda: None)

        async def daily() -> None:
            await learning.look()
            await app.promising.look()
            await app.promising.refresh()

        yield Backtest(database, app.world, app.ingest, app.life, stretch, _Desk(app), recording.ages, daily, longest)
    finally:
        await database.close()


def _life(app: App, recording: Recording) -> Life:
    """Feeds that give signs of life live by them; of the others nobody can tell."""
    feeds = recording.config.feeds
    pulses = [Pulse(f.name, f.carriers, told=f.name in recording.ages) for f in feeds]
    return Life(app.database, app.world, pulses, app.clock.civil)


def shown(reply: Reply) -> str:
    """A message as text, without its buttons."""
    return plain(replace(reply, buttons=())).rstrip("\n")


async def _enter(app: App, recording: Recording) -> None:
    """The dispatch place, and every driver with a chat."""
    now = app.clock.civil()
    for carrier in recording.config.carriers:
        async with app.database.work(carrier.id, now, write=True) as work:
            await work.routes.save(RouteRecord(new_id(), DOOR, "", DISPATCH, DISPATCH, DOOR, now))
            for name in sorted(recording.drivers):
                await _person(work, name, "driver")


async def _person(work: Work, name: str, role: str) -> None:
    person = PersonRecord(new_id(), name, key_of(name), role, work.now)
    await work.people.add([person])
    await work.people.link(Account(DOOR, "", name, name), person.id)


@dataclass
class _Desk:
    """Who types the lines: each person is known from his first one on."""

    app: App

    def __post_init__(self) -> None:
        self._known: set[str] = set()
        self._count = 0

    async def __call__(self, typed: Typed) -> str:
        await self._enter(typed)
        self._count += 1
        driver = typed.role == "driver"
        who = Account(DOOR, "", typed.who, typed.who)
        where = Place(DOOR, "", typed.who) if driver else _DISPATCH
        reply = await self.app.entry(Line(typed.line, who, where, f"backtest:{self._count}", private=driver))
        return "" if reply.result is Result.OK else f"'{typed.line}' was not taken: {reply.title}"

    async def _enter(self, typed: Typed) -> None:
        if typed.who in self._known or typed.role == "driver":
            return
        self._known.add(typed.who)
        for carrier in self.app.world.carriers:
            async with self.app.database.work(carrier, typed.at, write=True) as work:
                await _person(work, typed.who, typed.role)
        self.app.entry.forget()
