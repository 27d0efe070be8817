"""The composition root: wires everything once, runs it in one TaskGroup, stops cleanly."""

import asyncio
import gc
import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.asking import askers, vitals_of
from bot.clock import Clock, machine
from bot.config import Arrival, Config
from bot.domain.carrier import Way
from bot.domain.coverage import Liveness
from bot.domain.load import Hand
from bot.domain.route import Place
from bot.feedparts import desk_of, ear_of, hook_of, pulse_of, tray_of
from bot.feeds import webhook
from bot.feeds.aside import Aside, cores
from bot.feeds.folder import Drop, Folder
from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES
from bot.lines import lines
from bot.watch.acknowledge import Acknowledge
from bot.watch.asker import Asker
from bot.watch.called import Called
from bot.watch.carm_learn import Learning
from bot.watch.carm_remind import Reminding
from bot.watch.deliver import Deliver, Door
from bot.watch.ingest import Ear, Ingest
from bot.watch.jobs import Jobs
from bot.watch.life import Life
from bot.watch.promises import Promising
from bot.watch.reads import in_place
from bot.watch.replay import replay_wanted
from bot.watch.touches import touch_all
from bot.watch.waits import Queues
from bot.watch.world import World
from handlers.announcer import Announcer
from handlers.entry import Entry
from handlers.reply import Reply
from storage.database import Database
from storage.runs import dead, living

log = logging.getLogger(__name__)

#: Name of the feed that the drop folder for lists of loads is.
LOADS = "loads"


@dataclass(slots=True)
class Doors:
    """What talks to people: doors by name, what they run beside, and the routes they add to the one HTTP server."""

    by_name: dict[str, Door[Reply]] = field(default_factory=dict)
    run: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    routes: list[web.RouteDef] = field(default_factory=list)
    hourly: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    telegram_name: Callable[[], str] = lambda: ""


class App:
    """One installation: a database, its carriers, and everything that works on it."""

    def __init__(
        self,
        config: Config,
        database: Database,
        clock: Clock,
        var: Path,
        *,
        sample: bool = False,
        interval: Callable[[Place], timedelta] | None = None,
    ) -> None:
        self.config, self.database, self.clock, self.var = config, database, clock, var
        self.doors = Doors()
        carriers = {c.id: c for c in config.carriers}
        samples = frozenset(carriers) if sample else frozenset[str]()
        self.world = World(carriers, config.crossings, machine, sample=samples, carm=config.carm)
        self.queues = Queues(database, self.world, clock.civil)
        self.promising = Promising(database, self.world, clock.civil)
        self.called = Called(database, self.world, clock.civil)
        learning = Learning(database, self.world, clock.civil, self.wake)
        self.reminding = Reminding(database, self.world, clock.civil, self.wake, learning)
        self.life = Life(database, self.world, [pulse_of(f) for f in config.feeds], clock.civil)
        self.ears = self._ears()
        desks = {f.name: desk_of(f) for f in config.feeds if f.acknowledge}
        self.acknowledge = Acknowledge(database, desks, clock.civil, time.monotonic)
        trays = {f.name: tray_of(f) for f in config.feeds if f.cover.asks is Way.FILE}
        self.asker = Asker(database, trays, clock.civil)
        self.aside = Aside({n: (e.source.name, e.reader) for n, e in self.ears.items()}) if cores() > 1 else None
        ahead = self.aside.ahead if self.aside is not None else in_place
        self.ingest = Ingest(database, self.world, self.ears, clock.civil, self.wake, ahead=ahead)
        self.entry = Entry(database, self.world, config, clock.civil, self.wake, lambda: self.doors.telegram_name())
        self.deliver: Deliver[Reply] = Deliver(
            database, self.world, self.doors.by_name, Announcer(self.world), clock.civil, interval
        )
        self.vitals = vitals_of(database, self.world, config.feeds, clock.civil)
        self.jobs = Jobs(
            database, self.world, self.life, clock.civil, self._told, self._noticed, self._hourly, self._wanted
        )

    def _told(self) -> None:
        """Something was written for people or for a feed: hand it over."""
        self.deliver.wake()
        self.asker.wake()

    def wake(self) -> None:
        """Something was committed: deliver it, acknowledge it, and look at what became due."""
        self._told()
        self.acknowledge.wake()
        self.jobs.due()

    def _ears(self) -> dict[str, Ear]:
        ears = {f.name: ear_of(f) for f in self.config.feeds}
        home = self.config.carriers[0]
        ears[LOADS] = Ear(LOADS, SOURCES["load_csv"], Reader(home.zone), (home.id,), Hand.FILE)
        return ears

    async def _noticed(self) -> None:
        self.entry.forget()
        await self.queues.refresh()

    async def _wanted(self) -> None:
        await self.called.refresh()
        await replay_wanted(self.database, self.ingest, self.ears, self.clock.civil)

    async def _hourly(self) -> None:
        for look in self.doors.hourly:
            await look()

    async def open(self) -> None:
        """Brings the database up to date and knows how the feeds stand; loads are looked at if settings changed."""
        await self.database.migrate()
        now = self.clock.civil()
        async with self.database.dock(now, write=True) as dock:
            for name in (*(f.name for f in self.config.feeds), LOADS):
                await dock.feeds.ensure(name, Liveness.CANT_TELL.value, now)
        await self.acknowledge.begin()
        await self.life.look()
        await self.queues.refresh()
        await self.promising.refresh()
        await self.called.refresh()
        await self._settings_changed()

    async def _settings_changed(self) -> None:
        """What an operator changed in the file may change every answer."""
        said = hashlib.sha256(_canonical(self.config).encode()).hexdigest()
        async with self.database.dock(self.clock.civil()) as dock:
            before = await dock.settings.find("config")
        if before == said:
            return
        if before is not None:
            await touch_all(self.database, self.world, self.clock.civil)
        # Afterwards: a kill in between must have it done again.
        async with self.database.dock(self.clock.civil(), write=True) as dock:
            await dock.settings.save("config", said)

    def folders(self) -> list[Folder]:
        """The drop folders: one for each folder feed, and the one for lists of loads."""
        drops = [
            Drop(f.name, f.folder, f.settle.total_seconds(), _often(f.settle.total_seconds()), largest=f.max_bytes)
            for f in self.config.feeds
            if f.arrival is Arrival.FOLDER
        ]
        drops.append(Drop(LOADS, self.var / "loads"))
        return [Folder(d, self.ingest.keep, self.clock.civil, time.monotonic) for d in drops]

    def askers(self) -> list[Callable[[], Awaitable[None]]]:
        """What asks vendors, a loop for each feed that is asked."""
        civil = self.clock.civil
        return askers(self.config.feeds, self.database, self.world, self.ingest.keep, self.vitals, civil)

    def lines(self) -> list[Callable[[], Awaitable[None]]]:
        """What reads the queues that are emptied by reading, a loop for each."""
        feeds, spools = self.config.feeds, self.var / "spool"
        return lines(feeds, spools, self.database.duty, self.ingest.keep, self.vitals, self.clock.civil)

    def hooks(self) -> list[web.RouteDef]:
        """The webhook route, when a feed arrives that way."""
        hooks = {f.name: hook_of(f) for f in self.config.feeds if f.arrival is Arrival.WEBHOOK}
        return webhook.routes(hooks, self.ingest.keep, self.clock.civil, time.time) if hooks else []

    async def run(self, extra: Sequence[Callable[[], Awaitable[None]]] = ()) -> None:
        """Runs until cancelled; what is being sent is finished within some seconds."""
        with living(self.var / "runs", self.deliver.holder):
            await self._take_up()
            try:
                async with asyncio.TaskGroup() as group:
                    own = (
                        self.deliver.run,
                        self.jobs.run,
                        self.queues.run,
                        self.promising.run,
                        self.reminding.run,
                        self.acknowledge.run,
                        self.asker.run,
                    )
                    for work in (*own, *self.askers(), *self.lines(), *self.doors.run, *extra):
                        group.create_task(_forever(work))
                    for folder in self.folders():
                        group.create_task(folder.run())
            finally:
                await self.deliver.land(timedelta(seconds=5))

    async def _take_up(self) -> None:
        """What a run that crashed had begun to send must not wait until its lease is over."""
        with dead(self.var / "runs") as gone:
            if not (gone or self.database.alone):
                return
            async with self.database.dock(self.clock.civil(), write=True) as dock:
                await dock.free_outbox(None if self.database.alone else gone)


def _canonical(config: Config) -> str:
    """What of the configuration decides answers, as a text that is the same for the same settings in every process."""
    feeds = [(f.name, f.source, str(f.zone), sorted(f.overrides.items())) for f in config.feeds]
    decides = {"carriers": [asdict(c) for c in config.carriers], "crossings": [asdict(c) for c in config.crossings.all]}
    carm = [str(entry.value) for entry in config.carm.entries.values()]
    return json.dumps(decides | {"feeds": feeds, "carm": carm}, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)


def _often(settle: float) -> float:
    """Seconds between two looks into a folder whose files settle that fast."""
    return min(max(settle, 0.05), 0.5)


async def _forever(work: Callable[[], Awaitable[None]]) -> None:
    await work()


def _collect_less() -> None:
    """Has the collector look less often, and no more at what was there from the start.

    Messages and their answers make no cycles to speak of; looking for them took a sixth of the time of ingest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@asynccontextmanager
async def opened(config: Config, url: str, clock: Clock, var: Path, *, sample: bool = False) -> AsyncIterator[App]:
    """An app with its database open; closed at the end whatever happened."""
    database = Database(url)
    app = App(config, database, clock, var, sample=sample)
    try:
        await app.open()
        _collect_less()
        yield app
    finally:
        if app.aside is not None:
            await app.aside.close()
        await database.close()


async def clock_of(database: Database) -> Clock:
    """The civil clock that a running sample keeps in its database, else the machine's."""
    async with database.dock(machine()) as dock:
        said = await dock.settings.find("clock")
    return Clock.from_json(json.loads(said)) if said else Clock()
