"""What benches stand on: an installation on either engine, and as many loads as wanted."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, opened
from bot.clock import Clock
from bot.config import read_config
from bot.domain.load import Direction, Hand, LoadRow
from bot.feeds.registry import SOURCES
from bot.watch.hands import Hands
from bot.watch.intake import add_rows
from storage.ids import new_id
from storage.routes import RouteRecord
from tests.bench.copies import multiply
from tests.bench.messages import day, paps, pars
from tests.storage.server import postgres_server

CARRIER = "home"
#: Loads that are added the way people add them; more are copies of these.
SLICE = 500
#: The number of the first load; copies count on.
FIRST = 1_000_000
CONFIG = """
[carriers.home]
name = "SAMPLE Carrier"
codes = ["SMPL"]

[feeds.rns]
source = "{source}"
{settings}
[waits]
cbp = "off"
cbsa = "off"
"""


@dataclass(frozen=True)
class Still(Clock):
    """Civil time that stands still, so that no load becomes due by itself."""

    moment: datetime = datetime(2026, 1, 15, tzinfo=UTC)

    def civil(self) -> datetime:
        return self.moment


@contextmanager
def engine(name: str) -> Iterator[tuple[str, Path]]:
    """The URL of an empty database of `sqlite` or `postgresql`, and the folder that goes with it."""
    var = Path(tempfile.mkdtemp(prefix="holdwatch-bench-"))
    try:
        if name == "postgresql":
            with postgres_server() as url:
                yield url, var
        else:
            yield f"sqlite+aiosqlite:///{var / 'holdwatch.db'}", var
    finally:
        shutil.rmtree(var, ignore_errors=True)


@asynccontextmanager
async def installation(
    url: str, var: Path, now: datetime | None = None, source: str = "cbsa_rns", settings: str = ""
) -> AsyncIterator[App]:
    """A carrier with one feed of release messages and a place that hears its loads; `now` stands still.

    `settings` are more lines of the feed's settings."""
    config = var / "holdwatch.toml"
    config.write_text(CONFIG.format(source=source, settings=settings), "utf-8")
    clock = Still(moment=now) if now else Clock()
    async with opened(read_config(config, var, SOURCES), url, clock, var) as app:
        async with app.database.work(CARRIER, app.clock.civil(), write=True) as work:
            if not await work.routes.on():
                here = RouteRecord(new_id(), "slack", "T0SAMPLE01", "C0DISPATCH", "dispatch", "SAMPLE", work.now)
                await work.routes.save(here)
        yield app


def rows(first: int, count: int, now: datetime, to: Direction = Direction.CA) -> list[LoadRow]:
    """SAMPLE loads on their way to the border, with their papers sent, from three hours to a day and a half away."""
    return [
        LoadRow(
            f"line {number}",
            {
                "number": str(number),
                "direction": to.value,
                **({"pars": pars(number)} if to is Direction.CA else {"paps": paps(number)}),
                "trip": f"SMPL{number}T",
                "crossing": "Ambassador Bridge",
                "eta": (now + timedelta(hours=3, minutes=(number * 7) % 1980)).isoformat(),
                "truck": f"T{number % 400}",
                "trailer": f"R{number % 900}",
                "broker": f"SAMPLE Broker {number % 20}",
                "papers_sent": (now - timedelta(minutes=20 + number % 60)).isoformat(),
            },
        )
        for number in range(first, first + count)
    ]


async def add_loads(app: App, first: int, count: int, to: Direction = Direction.CA) -> None:
    """Adds loads as a list of a TMS does."""
    by = Hands(Hand.FILE, "SAMPLE list")
    for start in range(first, first + count, SLICE):
        async with app.database.work(CARRIER, app.clock.civil(), write=True) as work:
            made = rows(start, min(SLICE, first + count - start), app.clock.civil(), to)
            await add_rows(work, app.world, made, by)


async def seed(app: App, count: int) -> None:
    """Has so many loads stored with the answers they really get, numbered from FIRST on.

    A slice of them is added, and customs heard about a third of it; the others are exact copies of that slice.
    """
    await add_loads(app, FIRST, min(SLICE, count))
    await app.ingest.keep(list(day(FIRST, min(SLICE, count) // 3, app.clock.civil(), known=True)))
    if count > SLICE:
        await multiply(app.database, CARRIER, SLICE, count // SLICE)
