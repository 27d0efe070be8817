"""A night as a script: who says what at which minute, and what dispatch and the driver see then (SAMPLE data).

Bytes go through real sources and lines through the entry; civil time is the script's. Between two lines of the script
every moment is swept at which a load is due, and every minute is assessed: what is not good is never go, nor cleared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import world_crossings
from bot.domain.assess import assess
from bot.domain.assessment import Assessment, Hold
from bot.domain.carrier import Carrier, FeedCover, Way
from bot.domain.coverage import Ear as Heard
from bot.domain.coverage import Liveness
from bot.domain.load import Direction
from bot.domain.numbers import key_of
from bot.domain.policy import Policy
from bot.domain.route import Account, Place
from bot.domain.status import Authority, Track
from bot.feeds.protocol import Arrived, Reader, Source
from bot.feeds.registry import SOURCES
from bot.watch.deliver import Deliver
from bot.watch.gather import gather
from bot.watch.ingest import Ear, Ingest
from bot.watch.jobs import sweep
from bot.watch.touches import touch_open
from bot.watch.world import World
from handlers.announcer import Announcer
from handlers.console import plain
from handlers.entry import Entry
from handlers.reply import Line
from storage.database import Database
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.people import PersonRecord
from tests.nights.chat import Chat, Post

HOME = ZoneInfo("America/Toronto")
#: A Tuesday in winter.
DAY = datetime(2026, 11, 24, tzinfo=HOME)
MIDNIGHT = DAY.astimezone(UTC)
MINUTE = timedelta(minutes=1)
DESK = Place("slack", "T1", "CDESK", "dispatch")
CAB = Place("telegram", "", "700", "Singh")
BOSS, MARIA = Account("slack", "T1", "UBOSS", "Bo"), Account("slack", "T1", "UMARIA", "Maria")
SINGH = Account("telegram", "", "700", "Singh")
_CA, _US = frozenset({Direction.CA}), frozenset({Direction.US})
#: Feeds of the night: source, what it covers, where to, and who speaks there.
FEEDS: Mapping[str, tuple[str, frozenset[Track], frozenset[Direction], Authority]] = {
    "rns": ("cbsa_rns", frozenset({Track.RELEASE}), _CA, Authority.CUSTOMS),
    "d4": ("cbsa_notices", frozenset({Track.MATCH}), _CA, Authority.CUSTOMS),
    "bc": ("borderconnect", frozenset({Track.MANIFEST}), _CA | _US, Authority.CUSTOMS),
    "ace": ("ace_truck_350", frozenset({Track.RELEASE, Track.AGENCY, Track.ARRIVAL}), _US, Authority.CUSTOMS),
    "pcb": ("broker_json", frozenset(), _CA | _US, Authority.BROKER),
    "loads": ("load_csv", frozenset(), _CA | _US, Authority.CUSTOMS),
    "mail": ("email_drop", frozenset(), _CA | _US, Authority.EMAIL),
}


@dataclass(frozen=True)
class _Configured:
    carriers: tuple[Carrier, ...]


@dataclass
class Night:
    """A desk with its feeds; through `asks` customs can be asked. `good` are the loads that may go now, by the script.

    With a `pace` the sweep comes round only so often, and only every tenth minute is looked at: for hundreds of loads.
    """

    db: Database
    now: datetime = MIDNIGHT
    asks: tuple[str, ...] = ()
    pace: timedelta = timedelta()
    policy: Policy = field(default_factory=Policy)
    good: set[str] = field(default_factory=set)
    chat: Chat = field(default_factory=Chat)
    typed: int = 0
    minutes: int = 0

    def __post_init__(self) -> None:
        covers = tuple(
            FeedCover(name, tracks, directions=ways, authority=authority, asks=Way.FILE if name in self.asks else None)
            for name, (_, tracks, ways, authority) in FEEDS.items()
            if tracks
        )
        carrier = Carrier(
            "home", "SAMPLE Carrier", codes=frozenset({"SMPL"}), scacs=frozenset({"SMPL"}), feeds=covers,
            policy=self.policy,
        )  # fmt: skip
        self.world = World({"home": carrier}, world_crossings(), lambda: self.now)
        self.world.ears = {name: Heard(name, Liveness.ALIVE, self.now, self.now) for name in FEEDS}
        self.entry = Entry(self.db, self.world, _Configured((carrier,)), lambda: self.now, lambda: None, lambda: "")
        ears = {n: Ear(n, self.source(n), Reader(HOME), ("home",)) for n in FEEDS}
        self.ingest = Ingest(self.db, self.world, ears, lambda: self.now, lambda: None)
        doors = {"slack": self.chat, "telegram": self.chat}
        self.deliver = Deliver(self.db, self.world, doors, Announcer(self.world), lambda: self.now)

    def source(self, feed: str) -> Source:
        """Who reads a feed's bytes."""
        return SOURCES[FEEDS[feed][0]]

    async def begins(self, clock: str = "00:00") -> "Night":
        """Maria sits down at the desk; Singh drives."""
        self.now = local(clock)
        answer = await self.entry(replace(self._line("/route here"), who=BOSS, workspace_admin=True))
        assert "hears all loads" in answer.title, plain(answer)
        singh = PersonRecord(new_id(), "Singh", key_of("Singh"), "driver", self.now)
        async with self.db.work("home", self.now, write=True) as work:
            await work.members.add(DESK, [MARIA.external])
            await work.people.add([singh])
            await work.people.link(SINGH, singh.id)
        self.entry.forget()
        await self.types("/broker PCB set phone=555-0101 night=555-0102")
        return self

    # What happens

    async def at(self, clock: str) -> None:
        """Time passes, and all that is due on the way is done."""
        await self.until(local(clock))

    async def until(self, target: datetime) -> None:
        for _ in range(2_000):
            due = min([at for r in (await self.open_loads()).values() if (at := r.look_at)], default=target)
            until = max(self.now, min(max(due, self.now + self.pace), target))
            await self._passes(until)
            self.now = until
            await sweep(self.db, self.world, self.now)
            await self._settles()
            while await self._due() and self.pace:
                await sweep(self.db, self.world, self.now)
            if self.now == target and not await self._due():
                return
        raise AssertionError("a load is due again and again")

    async def types(self, line: str) -> str:
        """Maria types; everything that comes back."""
        answer = plain(await self.entry(self._line(line)))
        await self._settles()
        return answer

    async def hears(self, feed: str, *bodies: bytes) -> None:
        """Bytes arrive by a feed."""
        name = f"{feed}.{'eml' if feed == 'mail' else 'dat'}"
        await self.ingest.keep([Arrived(feed, body, name, self.now) for body in bodies])
        await self._settles()

    async def lives(self, feed: str, liveness: Liveness) -> None:
        """A feed dies, or is back."""
        self.world.ears[feed] = Heard(feed, liveness, self.now, self.now)
        await touch_open(self.db, "home", self.now, covered_by=feed)
        await self.until(self.now)

    async def outage(self, *, on: bool) -> None:
        """Maria declares an outage of customs, or its end."""
        await self.types(f"/feed outage cbsa {'on' if on else 'off'}")
        self.world.outages = frozenset({"home"} if on else ())
        await touch_open(self.db, "home", self.now)
        await self.until(self.now)

    def may_go(self, *loads: str) -> None:
        """From here on these loads are good; all others, and they before, must never be called so."""
        self.good |= set(loads)

    def must_not_go(self, *loads: str) -> None:
        """From here on these are good no more."""
        self.good -= set(loads)

    # What is seen

    def card(self, number: str = "1234", place: Place = DESK) -> str:
        """The one card of a load in a place, as it reads now."""
        (card,) = self.cards(number, place)
        return card.texts[-1]

    def cards(self, number: str = "1234", place: Place = DESK) -> list[Post]:
        """Its cards there: there must never be two."""
        there = [p for p in self.chat.posts if p.place.external == place.external and not p.under]
        return [p for p in there if number in (p.texts[-1] if place is CAB else p.texts[-1].splitlines()[0])]

    def sees(self, *texts: str, call: str = "", cause: str = "", number: str = "1234") -> None:
        """What stands on the card now: its first line, then the rest; whom to call first, and whose move it is."""
        card = self.card(number)
        first, *rest = texts
        assert first in card.splitlines()[0], card
        assert all(text in card for text in rest), card
        if call:
            assert f"Call first: {call}" in card, card
        if cause:
            assert f"Cause: {cause}." in card, card

    def ends(self, first: str, number: str = "1234", driver: str = "") -> None:
        """How the card of an alert reads in the end, and that everybody who was told heard of it."""
        title = self.card(number).splitlines()[0]
        assert title.startswith(f"{number} {first}"), title
        assert self.words(number)[-1].startswith(f"{number} {first}"), self.words(number)
        if driver:
            assert driver in self.cab()[-1], self.cab()

    def words(self, number: str = "1234", place: Place = DESK) -> list[str]:
        """First lines of what was said under the card."""
        there = [p for p in self.chat.posts if p.place.external == place.external and p.under]
        return [p.texts[-1].splitlines()[0] for p in there if number in p.texts[-1]]

    def cab(self) -> list[str]:
        """What the driver reads now, the first line of each message."""
        return [p.texts[-1].splitlines()[0] for p in self.chat.posts if p.place.external == CAB.external]

    async def found(self, number: str = "1234") -> Assessment:
        """The load as a look from nothing finds it now."""
        record = await self.load(number)
        async with self.db.work("home", self.now) as work:
            (case,) = await gather(work, self.world, [record.id])
        return assess(case.load, case.facts, self.policy, self.now)

    async def stands(self, number: str = "1234") -> dict[str, Hold]:
        """What stands against it, by kind."""
        return {h.kind.value: h for h in (await self.found(number)).standing}

    async def load(self, number: str = "1234") -> LoadRecord:
        """The newest load of a number."""
        async with self.db.work("home", self.now) as work:
            return (await work.loads.of_numbers([key_of(number)]))[key_of(number)][0]

    # What must hold at any minute

    async def open_loads(self) -> dict[str, LoadRecord]:
        """Loads that are watched now, by number."""
        async with self.db.work("home", self.now) as work:
            return {r.number: r for r in (await work.loads.of(await work.loads.open_ids())).values()}

    async def _due(self) -> bool:
        async with self.db.dock(self.now) as dock:
            return bool(await dock.due_loads(self.now, 1))

    async def _passes(self, until: datetime) -> None:
        """Every minute until then is what was said last, and no go that is none."""
        if until - self.now < MINUTE:
            return
        async with self.db.work("home", self.now) as work:
            cases = await gather(work, self.world, await work.loads.open_ids())
        for case in cases:
            for minute in _between(self.now, until, 10 * MINUTE if self.pace else MINUTE):
                found, record = assess(case.load, case.facts, self.policy, minute), case.record
                self.minutes += 1
                said = (record.answer, record.level)
                if not self.pace:
                    assert (found.answer.value, int(found.level or 0)) == said, f"{record.number} at {minute:%H:%M}"
                self._checks(record.number, found.is_go, f"at {minute.astimezone(HOME):%d %H:%M}")

    async def _settles(self) -> None:
        """All that waits is said, and none of it is a go that is none."""
        before = len(self.chat.shown)
        await self.deliver.drain()
        for record in (await self.open_loads()).values():
            self._checks(record.number, record.answer in ("go", "go_but"), "as stored")
        for text in self.chat.shown[before:]:
            first = text.splitlines()[0]
            if "CLEARED" in first or " GO" in first:
                assert any(number in first for number in self.good), f"said too early: {text}"

    def _checks(self, number: str, go: bool, when: str) -> None:
        assert not go or number in self.good, f"{number} was go {when}, {self.now.astimezone(HOME):%H:%M}"

    def _line(self, text: str) -> Line:
        self.typed += 1
        return Line(text, MARIA, DESK, f"night:{self.typed}")


def _between(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    minute = start + step
    while minute < end:
        yield minute
        minute += step


def local(clock: str) -> datetime:
    """A wall time of the night's day; `+1 03:10` is the day after."""
    days, _, time = clock.rpartition(" ")
    hour, minute = time.split(":")
    return (DAY + timedelta(days=int(days or 0))).replace(hour=int(hour), minute=int(minute)).astimezone(UTC)
