"""The SAMPLE day: a carrier of its own, a clock that runs fast, and a morning of freight through the real doors."""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App
from bot.clock import Clock, machine
from bot.config import Arrival, Config, Feed, world_crossings
from bot.domain.carrier import Carrier, FeedCover
from bot.feeds.registry import SOURCES
from bot.sample.freight import ENDS, STORY, TELLS_BY_JSON
from bot.sample.stage import Stage
from bot.sample.story import Step
from bot.sample.waits import sample_waits

CARRIER, CODE, HOME = "sample", "SMPL", "America/Toronto"
#: Civil seconds in one of the machine's: 6 h 40 of freight are over in 105 seconds.
SPEED = 230.0
_BEGINS = timedelta(hours=4, minutes=56)
#: Feed, its source, and the brokers of whom alone it tells.
_FEEDS = (("rns", "cbsa_rns", ()), ("notices", "cbsa_notices", ()), ("broker", "broker_json", (TELLS_BY_JSON,)))
#: How often a gateway touches its heartbeat file, and after how long it counts as dead (machine time).
_BEAT, _DEAD = 1.0, timedelta(seconds=3)
#: How often, and how many times, it is seen whether a dropped file was taken.
_LOOK, _LOOKS = 0.02, 250


def sample_config(var: Path) -> Config:
    """The configuration of the sample; `var` is its own folder, var/sample."""
    feeds = tuple(_feed(var, name, source, brokers) for name, source, brokers in _FEEDS)
    code = frozenset({CODE})
    carrier = Carrier(CARRIER, "SAMPLE Freight", code, code, HOME, feeds=tuple(f.cover for f in feeds))
    return Config((carrier,), feeds, world_crossings())


def _feed(var: Path, name: str, source: str, brokers: tuple[str, ...]) -> Feed:
    reads = SOURCES[source]
    folder = var / "feeds" / name
    cover = FeedCover(name, reads.covers, frozenset({CODE}), frozenset(brokers), reads.directions, reads.authority)
    return Feed(
        name,
        source,
        Arrival.FOLDER,
        (CARRIER,),
        cover,
        ZoneInfo(HOME),
        folder,
        heartbeat_file=folder / "heartbeat",
        heartbeat_max_age=_DEAD,
        settle=timedelta(0),  # files come by a rename: they are whole when they appear
    )


def prepare(var: Path) -> Clock:
    """Takes an earlier day away, lets the gateways live, and starts the clock of a new morning before five.

    Hold the database's `single_run` meanwhile: a day that is being played would be taken away too.
    """
    for name in ("holdwatch.db", "holdwatch.db-wal", "holdwatch.db-shm"):
        (var / name).unlink(missing_ok=True)
    for name in ("feeds", "loads"):
        shutil.rmtree(var / name, ignore_errors=True)
    for name, _source, _brokers in _FEEDS:
        (var / "feeds" / name).mkdir(parents=True)
        (var / "feeds" / name / "heartbeat").touch()
    now = machine()
    midnight = now.astimezone(ZoneInfo(HOME)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Clock((midnight + _BEGINS).astimezone(now.tzinfo), now, SPEED)


async def play(app: App, story: Sequence[Step] = STORY) -> None:
    """Plays the day by the app's clock, says once that it is over, and keeps the feeds alive until cancelled."""
    stage = Stage(app)
    await stage.enter(tour())
    async with asyncio.TaskGroup() as group:
        group.create_task(_beating(app, stage))
        for step in story:
            await _until(app.clock, stage.moment(step.at))
            await stage.act(step)
            await _taken(stage)
        await _until(app.clock, stage.moment(ENDS))
        await stage.over()


async def _beating(app: App, stage: Stage) -> None:
    """Gateways show that they live. A second is four minutes here, so pulses are felt every second."""
    waits = sample_waits(app.clock.civil, ZoneInfo(HOME))
    while True:
        await app.queues.ask(waits)
        stage.beat()
        await app.life.look()
        await asyncio.sleep(_BEAT)


async def _until(clock: Clock, moment: datetime) -> None:
    """Waits by machine time for a civil moment."""
    left = moment - clock.civil()
    await asyncio.sleep(max(0.0, left.total_seconds() / clock.speed))


async def _taken(stage: Stage) -> None:
    """Lets a dropped file be taken before anything else happens: the story has one order on every machine."""
    for _look in range(_LOOKS):
        if not stage.waiting():
            return
        await asyncio.sleep(_LOOK)


def tour() -> list[str]:
    """Lines worth typing while the day is played."""
    return [
        "/hold list",
        "/load S101 why",
        "/load S109 status",
        "/load S110 log",
        "/load SMPLPARS100102",
        "/broker HARB",
        "/feed list",
        "/port Windsor",
        "/help load",
    ]
