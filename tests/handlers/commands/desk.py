"""A desk that talks to the bot like a person: a line in, words out, on a real database (SAMPLE data)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.config import world_crossings
from bot.domain.carrier import Carrier, FeedCover
from bot.domain.coverage import Ear, Liveness
from bot.domain.numbers import NumberKind, key_of
from bot.domain.report import Report
from bot.domain.route import Account, Place
from bot.domain.status import Status, Track
from bot.watch.ingest import hear
from bot.watch.look import reassess
from bot.watch.world import World
from handlers.console import plain
from handlers.entry import Entry
from handlers.reply import Line, Reply
from storage.alerts import AlertRecord
from storage.database import Database
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.people import PersonRecord
from storage.work import Work

#: A Tuesday morning in winter, 09:00 in Toronto.
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DESK = Place("slack", "T1", "CDESK", "dispatch")
OTHER_DESK = Place("slack", "T1", "CNORTH", "north")
MARIA = Account("slack", "T1", "UMARIA", "Maria")
BOSS = Account("slack", "T1", "UBOSS", "Bo")
STRANGER = Account("slack", "T1", "UNOBODY", "Somebody")
OPERATOR = Account("console", "", "operator", "operator")
CONSOLE = Place("console", "", "terminal")
PARS = "SMPLPARS100123"


def cover(name: str = "rns", *, deaf: bool = False) -> FeedCover:
    """A feed that tells of releases and manifests of any number."""
    return FeedCover(name, frozenset({Track.RELEASE, Track.MATCH, Track.MANIFEST}))


def carriers(*ids: str) -> tuple[Carrier, ...]:
    """Carriers that share one feed."""
    return tuple(Carrier(i, f"SAMPLE {i}", feeds=(cover(),)) for i in ids)


@dataclass(frozen=True)
class Configured:
    """What of the configuration the entry needs."""

    carriers: tuple[Carrier, ...]


@dataclass
class Desk:
    """One installation and its clock. `last` is the last Reply."""

    db: Database
    ids: tuple[str, ...] = ("home",)
    now: datetime = NOW
    woken: int = 0
    sent: int = 0
    bot: str = ""
    last: Reply = field(default_factory=lambda: Reply(""))

    def __post_init__(self) -> None:
        all_ = carriers(*self.ids)
        self.world = World({c.id: c for c in all_}, world_crossings(), lambda: self.now)
        self.world.ears = {"rns": Ear("rns", Liveness.ALIVE, self.now, self.now)}
        self.entry = Entry(self.db, self.world, Configured(all_), lambda: self.now, self._wake, lambda: self.bot)

    def _wake(self) -> None:
        self.woken += 1

    def line(self, text: str, who: Account = MARIA, where: Place = DESK, **more: object) -> Line:
        """A line as a door hands it in."""
        self.sent += 1
        return replace(Line(text, who, where, f"test:{self.sent}"), **more)

    async def ask(self, text: str, who: Account = MARIA, where: Place = DESK, **more: object) -> Reply:
        """Types a line; the Reply."""
        self.last = await self.entry(self.line(text, who, where, **more))
        return self.last

    async def say(self, text: str, who: Account = MARIA, where: Place = DESK, **more: object) -> str:
        """Types a line; everything that comes back, as plain text."""
        return plain(await self.ask(text, who, where, **more))

    async def opened(self, place: Place = DESK, carrier: str = "") -> "Desk":
        """Has a place hear alerts, typed by a workspace admin, and Maria in it."""
        more = f" carrier={carrier}" if carrier else ""
        reply = await self.ask(f"/route here{more}", BOSS, place, workspace_admin=True)
        assert "hears all loads" in reply.title, plain(reply)
        async with self.db.work(carrier or self.ids[0], self.now, write=True) as work:
            await work.members.add(place, [MARIA.external])
        self.entry.forget()
        return self

    async def admin(self, work: Work, account: Account, name: str, role: str = "admin") -> PersonRecord:
        """Makes somebody a person with a role, as an earlier day did."""
        person = PersonRecord(new_id(), name, key_of(name), role, self.now)
        await work.people.add([person])
        await work.people.link(account, person.id)
        self.entry.forget()
        return person

    async def add(self, number: str = "1234", pars: str = PARS, more: str = "eta=13:00 papers=08:30") -> LoadRecord:
        """Adds a load by a line."""
        reply = await self.ask(f'/load {number} add to=CA port="Ambassador Bridge" pars={pars} broker=PCB {more}')
        assert "is watched now" in reply.title, plain(reply)
        return await self.load(number)

    async def hears(
        self, number: str, status: Status, track: Track = Track.RELEASE, carrier: str = "", **more: object
    ) -> None:
        """A feed says something of a number."""
        kind = NumberKind.TRIP if track is Track.MANIFEST else NumberKind.CCN
        values: dict[str, object] = {"raw": "23", "prepared": self.now, "received": self.now, "feed": "rns", **more}
        report = Report(kind, key_of(number), status, track, **values)
        async with self.db.work(carrier or self.ids[0], self.now, write=True) as work:
            await reassess(work, self.world, await hear(work, [(report, None)]))

    async def pass_(self, span: timedelta) -> None:
        """Lets time pass, and looks at what is due."""
        self.now += span
        for carrier in self.ids:
            async with self.db.work(carrier, self.now, write=True) as work:
                await reassess(work, self.world, await work.loads.open_ids())

    async def load(self, number: str = "1234", carrier: str = "") -> LoadRecord:
        """The newest load of that number as stored."""
        async with self.db.work(carrier or self.ids[0], self.now) as work:
            return (await work.loads.of_numbers([key_of(number)]))[key_of(number)][0]

    async def alert(self, number: str = "1234", carrier: str = "") -> AlertRecord | None:
        """The last alert of a load."""
        record = await self.load(number, carrier)
        async with self.db.work(carrier or self.ids[0], self.now) as work:
            return (await work.alerts.last_of([record.id])).get(record.id)


async def held(desk: Desk, number: str = "1234") -> LoadRecord:
    """A load in trouble: no news of its number, and the border is near."""
    await desk.add(number, more="eta=13:00 papers=06:00")
    await desk.pass_(2 * HOUR)
    alert = await desk.alert(number)
    assert alert is not None
    return await desk.load(number)


def lines_of(reply: Reply) -> Sequence[str]:
    """What the taps of a reply type."""
    return [b.line for b in reply.buttons]
