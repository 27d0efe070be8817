"""C4: 300 loads, and customs is silent for three hours, with late messages six hours after (SAMPLE data)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.carrier import Carrier, FeedCover
from bot.domain.kinds import Level
from bot.domain.load import LoadRow
from bot.domain.numbers import key_of
from bot.domain.route import Account
from bot.domain.status import Track
from bot.watch.calls import gather_calls
from bot.watch.jobs import sweep
from bot.watch.outage import Shown, attend
from bot.watch.suspect import SUSPICION, suspect
from handlers.announcer import Announcer
from storage.alerts import AlertRecord
from storage.database import Database
from storage.ids import new_id
from storage.journal import journal_table
from storage.loads import LoadRecord
from storage.outbox import outbox_table
from storage.people import PersonRecord
from storage.posts import PostRecord, post_table
from tests.handlers.commands.desk import NOW, Desk
from tests.handlers.plain import plain
from tests.watch.ground import FILE, HOUR, MINUTE, Feeds, add, rns

#: Loads that are late before anybody knows that customs is down; that are heard of while it is; of which only late
#: messages tell; that nobody ever filed. Of the second there is one that is refused, of the third one.
EARLY, HEARD, LATE, SILENT = range(8), range(8, 80), range(80, 290), range(290, 300)
REFUSED, REFUSED_THEN_LATE = 20, 100
#: Whose drivers have a chat, and come while customs is down.
DRIVERS = {0: "Singh", 9: "Kaur", 100: "Lee"}


def at(clock: str) -> datetime:
    """A wall time of the day in Toronto."""
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=0, minute=0) + (hour + 5) * HOUR + minute * MINUTE


def pars(n: int) -> str:
    return f"SMPLPARS3{n:05d}"


def number(n: int) -> str:
    return f"N{n:03d}"


def row(n: int) -> LoadRow:
    early = n in EARLY
    eta = at("14:30") + n * MINUTE if early else at("17:30") + n * MINUTE
    if n in SILENT:  # the last of the list comes first
        eta = at("18:30") + (SILENT.stop - n) * MINUTE
    cells = {
        "number": number(n), "pars": pars(n), "broker": ("PCB", "WIL", "NWC")[n % 3], "trip": f"SMPLTRIP{n:04d}",
        "eta": eta.isoformat(), "papers_sent": at("08:00" if early else "09:00").isoformat(),
        "driver": DRIVERS.get(n, ""),
    }  # fmt: skip
    return LoadRow(f"line {n + 2}", cells)


@dataclass
class Night:
    """A desk with customs' feed, its jobs, and a clock that the test moves."""

    desk: Desk
    calls: dict[str, frozenset[str]] = field(default_factory=dict)
    shown: Shown | None = None

    def __post_init__(self) -> None:
        cover = FeedCover("rns", frozenset({Track.RELEASE, Track.MATCH}))
        self.desk.world.carriers = {"home": Carrier("home", "SAMPLE home", feeds=(cover,))}
        self.feeds = Feeds(self.desk.db, self.desk.world)

    async def until(self, clock: str) -> None:
        """Time passes, and every half hour what is due is looked at and the jobs run; messages come at their time."""
        while self.desk.now < at(clock):
            self.desk.now = self.feeds.now = min(self.desk.now + 30 * MINUTE, at(clock))
            await self.settles()

    async def settles(self) -> None:
        while await sweep(self.desk.db, self.desk.world, self.desk.now):
            pass
        async with self.desk.db.work("home", self.desk.now, write=True) as work:
            await suspect(work, self.desk.world)
            self.shown = await attend(work, self.desk.world, self.shown)
            self.calls = await gather_calls(work, self.desk.world, self.calls)

    async def hears(self, code: str, which: Iterable[int], made: datetime | None = None) -> None:
        """Customs says something of loads, made at another time than it comes."""
        made = made or self.desk.now
        await self.feeds.hears(*(rns(code, pars=pars(n), at=made, transaction=f"12345{n:09d}") for n in which))

    async def rows(self, table: Any) -> list[Any]:
        async with self.desk.db.work("home", self.desk.now) as work:
            return list(await work.unit.connection.execute(select(table).order_by(table.c.id)))

    async def told(self, event: str) -> list[str]:
        """The loads of which this was said, in order."""
        loads = await self.loads()
        return [loads[e.load_id].number for e in await self.rows(journal_table) if e.what == event and e.load_id]

    async def loads(self) -> dict[str, LoadRecord]:
        async with self.desk.db.work("home", self.desk.now) as work:
            return await work.loads.of(await work.loads.open_ids())

    async def alert(self, n: int) -> AlertRecord:
        found = await self.desk.alert(number(n))
        assert found is not None
        return found

    async def drills(self) -> list[dict[str, Any]]:
        """What drivers were told to do."""
        return [r.content for r in await self.rows(outbox_table) if r.content and "drill" in r.content]

    async def cards(self, topic: str) -> list[tuple[bool, str]]:
        """Whether each post of a topic is over, and how it reads."""
        posts = [PostRecord(*row[1:]) for row in await self.rows(post_table) if row.topic == topic]
        async with self.desk.db.work("home", self.desk.now) as work:
            read = [await Announcer(self.desk.world).card(work, post) for post in posts]
        return [(p.ended_at is not None, plain(r) if r else "") for p, r in zip(posts, read, strict=True)]


@pytest.fixture
async def night(sqlite_db: Database) -> Night:
    it = Night(await Desk(sqlite_db).opened())
    async with sqlite_db.work("home", it.desk.now, write=True) as work:
        await work.feeds.ensure("rns", "alive", it.desk.now)
        for name in DRIVERS.values():
            person = PersonRecord(new_id(), name, key_of(name), "driver", it.desk.now)
            await work.people.add([person])
            await work.people.link(Account("telegram", "", f"chat of {name}", name), person.id)
    await add(sqlite_db, it.desk.world, *map(row, range(300)), by=FILE, now=it.desk.now)
    return it


async def until_late_messages(night: Night) -> None:
    """Customs is declared down, speaks again after three hours, and of what it held back nothing came yet."""
    await night.desk.say("/feed outage cbsa on")
    await night.until("12:30")
    await night.hears("14+531", [REFUSED])
    await night.until("13:30")
    await night.hears("9", [n for n in HEARD if n != REFUSED])
    await night.until("16:00")
    await night.hears("14+531", [REFUSED_THEN_LATE])
    await night.until("17:00")


async def test_c4_three_silent_hours_and_late_messages_make_one_card_and_no_false_word(night: Night) -> None:
    await night.until("11:05")
    assert sorted(await night.told("raised")) == [number(n) for n in EARLY]
    ((over, asked),) = await night.cards(SUSPICION)
    assert not over
    assert "Is CBSA down? 8 overdue numbers of 3 brokers" in asked

    await until_late_messages(night)
    before = set(map(number, [*EARLY, REFUSED, REFUSED_THEN_LATE]))
    assert set(await night.told("raised")) == before, "silence is told of nobody while customs is down"
    assert [(await night.alert(n)).level for n in EARLY] == [int(Level.WARN)] * len(EARLY), "and lowers nothing told"
    assert await night.told("cleared") == []
    ((over, card),) = await night.cards("outage:cbsa")
    assert not over
    assert f"hides {len(EARLY) + len(LATE) - 1 + len(SILENT)} reasons" in card
    assert "12345-000000009" in card
    assert [c["load"] for c in await night.drills()] == [number(n) for n in sorted(DRIVERS)], "each driver once"
    assert (await night.drills())[0]["papers"] == [[pars(0), ""]]

    await night.hears("9", [*EARLY, *LATE], at("11:30"))
    await night.settles()
    assert sorted(await night.told("cleared")) == [number(n) for n in EARLY]
    await night.desk.say("/feed outage cbsa off")
    await night.settles()
    silent = [number(n) for n in reversed(SILENT)]
    told = await night.told("raised")
    assert told[-len(SILENT) :] == silent, "at its end loads are told again, by ETA"
    assert set(told) == before | set(silent)
    assert [over for over, _card in await night.cards("outage:cbsa")] == [True], "one card, and it is over"
    assert [over for over, _card in await night.cards(SUSPICION)] == [True]
    assert "The outage of CBSA is over, 11:05 to 17:00." in (await night.cards("outage:cbsa"))[0][1]

    await night.until("17:25")
    answers = {r.number: r.answer for r in (await night.loads()).values()}
    holds = {n for n, answer in answers.items() if answer == "hold"}
    assert holds == {number(n) for n in (REFUSED, REFUSED_THEN_LATE, *SILENT)}
    assert {answers[number(n)] for n in [*EARLY, *HEARD, *LATE]} == {"go, but", "hold"}
    assert sorted(await night.told("cleared")) == [number(n) for n in EARLY], "no word of a clearance that was none"
    assert len(await night.drills()) == len(DRIVERS)


async def test_c4_an_outage_of_canadian_customs_hides_nothing_of_a_load_into_the_us(night: Night) -> None:
    southbound = {"number": "S1", "to": "US", "paps": "SMPL00012345", "broker": "PCB", "eta": at("13:00").isoformat()}
    await add(night.desk.db, night.desk.world, LoadRow("line 2", southbound), now=night.desk.now)
    await night.desk.say("/feed outage cbsa on")
    await night.until("12:00")
    assert (await night.desk.load("S1")).answer == "hold"
    assert await night.told("raised") == ["S1"]


async def test_e6_a_driver_who_comes_later_or_is_bound_later_is_told_too_and_once(night: Night) -> None:
    await night.desk.say("/feed outage cbsa on")
    await night.until("09:30")
    assert [c["load"] for c in await night.drills()] == [number(0)]
    await night.until("12:00")
    assert [c["load"] for c in await night.drills()] == [number(0), number(9)]
    await night.desk.say(f"/load {number(9)} driver Lee")
    await night.until("12:30")
    assert [c["load"] for c in await night.drills()] == [number(0), number(9), number(9)]
    await night.until("13:30")
    assert len(await night.drills()) == len(DRIVERS) + 1
    assert timedelta() < night.desk.now - at("13:00")
