"""Which numbers a feed is asked about: those of open loads near the border, in a rhythm, one query a round."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.carrier import FeedCover
from bot.domain.load import Direction
from bot.domain.numbers import NumberKind
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.rhythm import every
from bot.domain.status import Authority, Status, Track
from bot.watch.ahead import NumbersAhead
from bot.watch.world import World
from storage.database import Database
from storage.sqlite import SqliteEngine
from tests.watch.ground import HOUR, MINUTE, NOW, add, carrier, row, world

URL = "https://api.example/status?number={number}"
COVER = FeedCover("pcb", frozenset({Track.RELEASE}), directions=frozenset({Direction.CA}), authority=Authority.BROKER)


def listening(cover: FeedCover = COVER) -> World:
    return world(replace(carrier(), feeds=(cover,)))


def pars(n: int) -> str:
    return f"SMPLPARS{n:06}"


async def load(db: Database, the_world: World, n: int, eta: datetime | None, **more: str) -> None:
    cells = {"direction": "CA", "pars": pars(n), "kind": "loaded", "eta": eta.isoformat() if eta else "", **more}
    await add(db, the_world, row(str(n), **cells))


class Desk(NumbersAhead):
    """The numbers of one feed, at a time that a test sets."""

    def __init__(self, db: Database, the_world: World, cover: FeedCover = COVER) -> None:
        self.now = NOW
        super().__init__(db, the_world, cover, ["home"], URL, lambda: self.now)

    async def numbers(self) -> list[str]:
        return [request.about.split()[1] for request in await self.due()]

    async def ask(self, answered: bool = True) -> list[str]:
        found = await self.due()
        for request in found:
            self.asked(request, answered=answered)
        return [request.about.split()[1] for request in found]


@pytest.mark.parametrize(
    ("left", "often"),
    [
        (25 * HOUR, None),
        (24 * HOUR, 30 * MINUTE),
        (5 * HOUR, 30 * MINUTE),
        (4 * HOUR, 10 * MINUTE),
        (91 * MINUTE, 10 * MINUTE),
        (90 * MINUTE, 5 * MINUTE),
        (-2 * HOUR, 5 * MINUTE),
        (-3 * HOUR, 30 * MINUTE),
        (-25 * HOUR, None),
    ],
)
def test_a_number_is_asked_about_more_often_as_its_load_comes_nearer(left: timedelta, often: timedelta | None) -> None:
    assert every(Policy(), NOW + left, NOW) == often


async def test_the_nearest_load_is_asked_about_first_and_loads_that_rest_are_not(db: Database) -> None:
    the_world = listening()
    for n, eta in ((1, NOW + 9 * HOUR), (2, NOW + HOUR), (3, NOW + 48 * HOUR), (4, NOW + 3 * HOUR), (5, None)):
        await load(db, the_world, n, eta)
    desk = Desk(db, the_world)
    (first, *_) = await desk.due()
    assert first.url == f"https://api.example/status?number={pars(2)}"
    assert await desk.numbers() == [pars(2), pars(4), pars(1), pars(5)]


async def test_each_number_is_asked_about_once_in_its_rhythm(db: Database) -> None:
    the_world = listening()
    await load(db, the_world, 1, NOW + HOUR)
    await load(db, the_world, 2, NOW + 9 * HOUR)
    desk = Desk(db, the_world)
    assert await desk.ask() == [pars(1), pars(2)]
    found = {}
    for minute in range(1, 31):
        desk.now = NOW + minute * MINUTE
        found[minute] = await desk.ask()
    assert [m for m, asked in found.items() if pars(1) in asked] == [5, 10, 15, 20, 25, 30]
    assert [m for m, asked in found.items() if pars(2) in asked] == [30]


async def test_a_number_that_failed_is_asked_again_soon_and_then_ever_later(db: Database) -> None:
    the_world = listening()
    await load(db, the_world, 1, NOW + 9 * HOUR)
    desk = Desk(db, the_world)
    asked = []
    for minute in range(61):
        desk.now = NOW + minute * MINUTE
        if await desk.ask(answered=False):
            asked.append(minute)
    assert asked == [0, 1, 3, 7, 15, 31]


async def said(db: Database, status: Status, at: datetime, feed: str = "pcb") -> None:
    async with db.work("home", at, write=True) as work:
        ids = await work.numbers.upsert([(NumberKind.CCN, pars(1), pars(1))])
        report = Report(NumberKind.CCN, pars(1), status, Track.RELEASE, "x", feed=feed, observed=at)
        await work.reports.add([(ids[NumberKind.CCN, pars(1)], None, report)])


async def test_after_a_restart_what_was_just_answered_is_not_asked_again(db: Database) -> None:
    the_world = listening()
    await load(db, the_world, 1, NOW + 9 * HOUR)
    await said(db, Status.AWAITING_PROCESSING, NOW + MINUTE)
    desk = Desk(db, the_world)
    desk.now = NOW + 2 * MINUTE
    assert await desk.numbers() == []
    desk.now = NOW + 31 * MINUTE
    assert await desk.numbers() == [pars(1)]


@pytest.mark.parametrize(
    ("status", "feed", "asked"),
    [
        (Status.RELEASED, "pcb", []),
        (Status.RELEASED, "another", [pars(1)]),
        (Status.READY, "pcb", [pars(1)]),
        (Status.REJECTED, "pcb", [pars(1)]),
    ],
)
async def test_only_a_release_by_this_feed_is_the_last_word(
    db: Database, status: Status, feed: str, asked: list[str]
) -> None:
    the_world = listening()
    await load(db, the_world, 1, NOW + 9 * HOUR)
    await said(db, status, NOW + MINUTE, feed)
    desk = Desk(db, the_world)
    desk.now = NOW + 2 * HOUR
    assert await desk.numbers() == asked


async def test_c1_a_broker_is_not_asked_about_the_numbers_of_another(db: Database) -> None:
    the_world = listening(replace(COVER, brokers=frozenset({"PCB"})))
    await load(db, the_world, 1, NOW + HOUR, broker="PCB")
    await load(db, the_world, 2, NOW + HOUR, broker="WIL")
    assert await Desk(db, the_world).numbers() == [pars(1)]


async def test_a_feed_into_canada_is_not_asked_about_paps(db: Database) -> None:
    the_world = listening(replace(COVER, directions=frozenset(Direction)))
    await add(db, the_world, row("7", direction="US", paps="SMPL7777", eta=(NOW + HOUR).isoformat(), kind="loaded"))
    assert await Desk(db, the_world).numbers() == []
    asks = Desk(db, the_world, replace(COVER, directions=frozenset(Direction)))
    assert [r.about for r in await asks.due()] == ["scn SMPL7777"]


async def test_a_number_in_an_address_is_quoted(db: Database) -> None:
    the_world = listening()
    await add(db, the_world, row("8", direction="CA", pars="SMPL-A/B&C=1", eta=(NOW + HOUR).isoformat()))
    (request,) = await Desk(db, the_world).due()
    assert request.url.endswith("number=SMPL-A%2FB%26C%3D1")


async def test_five_hundred_numbers_cost_one_query_a_round_whatever_rests(sqlite_db: Database) -> None:
    the_world = listening()
    rows = [
        row(str(n), f"line {n}", direction="CA", pars=pars(n), eta=(NOW + (HOUR if n < 500 else 90 * HOUR)).isoformat())
        for n in range(700)
    ]
    await add(sqlite_db, the_world, *rows)
    desk = Desk(sqlite_db, the_world)
    assert isinstance(sqlite_db.engine, SqliteEngine)
    statements: list[str] = []

    def traced(connection: Any, *_: Any) -> None:
        connection.run_async(lambda driver: driver.set_trace_callback(statements.append))

    engine = sqlite_db.engine._readers.sync_engine
    await sqlite_db.close()  # so that the next connection is listened to
    event.listen(engine, "connect", traced)
    assert len(await desk.numbers()) == 500
    event.remove(engine, "connect", traced)
    assert len([s for s in statements if s.startswith(("SELECT", "WITH"))]) == 1
