"""What tests of the watch stand on: a carrier with its feeds, lists, customs' messages, and all tables to compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.config import world_crossings
from bot.domain.carrier import Carrier, FeedCover
from bot.domain.coverage import Ear as Hears
from bot.domain.coverage import Liveness
from bot.domain.load import Hand, LoadRow
from bot.domain.status import Track
from bot.feeds.protocol import Arrived, Reader, Source
from bot.feeds.sources.broker_json import SOURCE as BROKER
from bot.feeds.sources.cbsa_notices import SOURCE as NOTICES
from bot.feeds.sources.cbsa_rns import SOURCE as RNS
from bot.feeds.sources.load_csv import SOURCE as LISTS
from bot.watch.hands import Hands
from bot.watch.ingest import Ear, Ingest
from bot.watch.intake import RowResult, add_rows
from bot.watch.world import World
from storage.database import Database
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.routes import RouteRecord
from storage.table import metadata
from tests.standins import customs

#: A Tuesday in winter, 09:00 in Toronto.
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PARS = "SMPLPARS100123"
TRANSACTION = "12345000067897"
FILE = Hands(Hand.FILE, "loads.csv", "import:1")


def person(name: str = "Maria", delivery: str = "") -> Hands:
    """A dispatcher who types a line of its own."""
    return Hands(Hand.PERSON, name, delivery or new_id())


def carrier(name: str = "home", code: str = "SMPL", zone: str = "America/Toronto") -> Carrier:
    cover = FeedCover("rns", frozenset({Track.RELEASE, Track.MATCH, Track.MANIFEST}))
    return Carrier(name, f"SAMPLE {name}", codes=frozenset({code}), home=zone, feeds=(cover,))


def world(*carriers: Carrier, feed: Liveness = Liveness.ALIVE) -> World:
    known = {c.id: c for c in carriers or (carrier(),)}
    made = World(known, world_crossings(), lambda: datetime.now(UTC))
    made.ears = {"rns": Hears("rns", feed, NOW - DAY, NOW)}
    return made


def row(number: str = "1234", where: str = "line 2", **cells: str) -> LoadRow:
    return LoadRow(where, {"number": number, **cells})


def rows(*cells: Mapping[str, str]) -> list[LoadRow]:
    return [LoadRow(f"line {i}", one) for i, one in enumerate(cells, 2)]


async def add(
    db: Database, the_world: World, *of: LoadRow, by: Hands = FILE, now: datetime = NOW, whose: str = "home"
) -> list[RowResult]:
    async with db.work(whose, now, write=True) as work:
        return await add_rows(work, the_world, of, by)


async def the_load(db: Database, number: str = "1234", whose: str = "home") -> LoadRecord:
    """The newest load of a number."""
    async with db.work(whose, NOW) as work:
        return (await work.loads.of_numbers([number.upper()]))[number.upper()][0]


async def numbers_of(db: Database, load: LoadRecord, whose: str = "home") -> list[str]:
    async with db.work(whose, NOW) as work:
        return [s.ccn for s in (await work.shipments.of_loads([load.id])).get(load.id, [])]


async def held(db: Database, number: str = "1234", whose: str = "home", *, waiting: bool = False) -> set[str]:
    """Kinds that stand against a load, as last assessed; `waiting`: those too whose clock has not begun."""
    record = await the_load(db, number, whose)
    return {h["kind"] for h in record.assessment["holds"] if waiting or h.get("level") is not None}


async def route(db: Database, external: str = "C1", door: str = "slack", whose: str = "home") -> None:
    async with db.work(whose, NOW, write=True) as work:
        await work.routes.save(RouteRecord(new_id(), door, "T1", external, external, "Maria", NOW))


async def tables(db: Database, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {}
    async with db.work("home", NOW) as work:
        for table in metadata.sorted_tables:
            if table.name not in but:
                got = await work.unit.connection.execute(select(table))
                found[table.name] = sorted((tuple(r) for r in got.fetchall()), key=repr)
    return found


def rns(code: str = "9", *, pars: str = PARS, at: datetime = NOW, transaction: str = TRANSACTION) -> bytes:
    """A release message as customs sends it, Eastern time: `9`, `4`, `14+01` (an error and its code); SAMPLE."""
    return customs.rns(code, pars, transaction, f"{at - 5 * HOUR:%Y%m%d%H%M}")


def notice(text: str = "NOT MATCHED", *, pars: str = PARS, at: datetime = NOW) -> bytes:
    """A completeness notice (GOVCBR D4), SAMPLE."""
    return customs.notice(text, pars, TRANSACTION, f"{at - 5 * HOUR:%Y%m%d%H%M}")


@dataclass
class Feeds:
    """Feeds of one installation; `now` is civil time, `woken` how often delivery was woken, `mark` ends their names."""

    db: Database
    world: World
    now: datetime = NOW
    carriers: tuple[str, ...] = ("home",)
    more: Mapping[str, Source] = field(default_factory=dict)
    woken: int = 0
    mark: str = ""

    def __post_init__(self) -> None:
        zone = carrier().zone
        sources: dict[str, Source] = {"rns": RNS, "d4": NOTICES, "broker": BROKER, "loads": LISTS, **self.more}
        self.ears = {
            name + self.mark: Ear(
                name + self.mark, s, Reader(zone), self.carriers, Hand.FILE if name == "loads" else Hand.FEED
            )
            for name, s in sources.items()
        }
        self.ingest = Ingest(self.db, self.world, self.ears, lambda: self.now, lambda: self.wake())

    def wake(self) -> None:
        self.woken += 1

    def arrived(self, body: bytes, feed: str = "rns", **more: Any) -> Arrived:
        return replace(Arrived(feed, body, f"{feed}.edi", self.now), **more)

    async def hears(self, *bodies: bytes, feed: str = "rns") -> tuple[int, int]:
        """Takes messages in; how many were new, and how many repeated."""
        kept = await self.ingest.keep([self.arrived(body, feed + self.mark) for body in bodies])
        return kept.kept, kept.repeated

    async def problems(self) -> list[str]:
        async with self.db.dock(self.now) as dock:
            return [p.why for p in reversed(await dock.problems.of_feeds(self.ears, 100))]


async def answers(db: Database, ids: Iterable[str] = (), whose: str = "home") -> dict[str, str]:
    """The answer of each open load, by number."""
    async with db.work(whose, NOW) as work:
        loads = await work.loads.of(list(ids) or await work.loads.open_ids())
    return {r.number: r.answer for r in loads.values()}
