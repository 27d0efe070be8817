"""Answers to polls: the same again says that it still is so (house rule 1), and how late each of them counts (F1)."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.protocol import Reader, Reading
from bot.watch.replay import replay_feed
from storage.database import Database
from tests.watch.ground import HOUR, MINUTE, NOW, PARS, Feeds, add, answers, held, person, rns, row, tables, world

ETA = "2026-11-24 12:30"


@dataclass
class Page:
    """A source whose page says `STATUS at|never whatever` of one number; what comes last is the vendor's own clock."""

    name: str = "page"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset(Direction)
    content_types: tuple[str, ...] = ()

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        status, at, _clock = body.decode().split()
        prepared = None if at == "never" else datetime.fromisoformat(at)
        found = Report(NumberKind.CCN, PARS, Status[status], Track.RELEASE, status, prepared=prepared, position=1)
        return Reading((found,), ref=PARS)


class Desk(Feeds):
    """A page that is polled beside customs' own messages."""

    async def sees(self, body: str, at: datetime) -> None:
        self.now = at
        await self.ingest.keep([self.arrived(body.encode(), "page", observation=True)])

    async def reports(self) -> list[tuple[Status, datetime | None]]:
        async with self.db.work("home", self.now) as work:
            ids = await work.numbers.find([(NumberKind.CCN, PARS)])
            told = await work.reports.of_numbers(ids.values())
            return [(r.status, r.observed) for r in told[ids[NumberKind.CCN, PARS]] if r.feed == "page"]


@pytest.fixture
async def desk(db: Database) -> Desk:
    the_world = world()
    found = Desk(db, the_world, more={"page": Page()})
    await add(db, the_world, row(direction="CA", pars=PARS, eta=ETA, crossing="Windsor", kind="loaded"), by=person())
    async with db.dock(NOW, write=True) as dock:
        await dock.feeds.ensure("page", "alive", NOW)
    return found


async def test_an_answer_that_differs_only_by_the_vendors_clock_is_seen_again_and_stored_once(desk: Desk) -> None:
    for minute in range(5):
        await desk.sees(f"EXAM never {minute}", NOW + minute * MINUTE)
    found = await tables(desk.db)
    assert (len(found["raw"]), len(found["report"])) == (1, 1)
    assert await desk.reports() == [(Status.EXAM, NOW + 4 * MINUTE)]


async def test_an_answer_that_comes_back_is_as_new_as_it_was_seen(desk: Desk) -> None:
    for minute, said in enumerate(("EXAM", "AWAITING_PROCESSING", "EXAM")):
        await desk.sees(f"{said} never {minute}", NOW + minute * MINUTE)
    assert await desk.reports() == [(Status.EXAM, NOW + 2 * MINUTE), (Status.AWAITING_PROCESSING, NOW + MINUTE)]


async def test_another_answer_about_the_same_number_is_no_reference_used_twice(desk: Desk) -> None:
    await desk.sees("AWAITING_PROCESSING never 1", NOW)
    await desk.sees("READY never 2", NOW + MINUTE)
    assert await desk.problems() == []


async def test_f1_bad_news_of_a_poll_counts_when_it_was_last_seen(desk: Desk) -> None:
    await desk.sees(f"EXAM {(NOW - HOUR).isoformat()} 1", NOW)
    desk.now = NOW + MINUTE
    await desk.hears(rns("4", at=NOW + MINUTE))
    assert "exam" not in await held(desk.db)
    await desk.sees(f"EXAM {(NOW - HOUR).isoformat()} 2", NOW + 30 * MINUTE)
    assert "exam" in await held(desk.db)


async def test_f1_good_news_of_a_poll_is_never_newer_than_it_says_however_often_it_is_seen(desk: Desk) -> None:
    await desk.sees(f"READY {(NOW - HOUR).isoformat()} 1", NOW - 50 * MINUTE)
    desk.now = NOW
    await desk.hears(rns("14+531", at=NOW))
    for minute in (1, 20, 40):
        await desk.sees(f"READY {(NOW - HOUR).isoformat()} {minute}", NOW + minute * MINUTE)
    assert "rejected" in await held(desk.db)
    assert await answers(desk.db) == {"1234": "hold"}


async def test_f1_good_news_that_states_no_time_counts_when_it_was_seen(desk: Desk) -> None:
    await desk.hears(rns("14+531", at=NOW))
    await desk.sees("READY never 1", NOW + 10 * MINUTE)
    assert "rejected" not in await held(desk.db)


async def test_an_answer_seen_again_has_the_load_looked_at(desk: Desk) -> None:
    await desk.sees("EXAM never 1", NOW)
    desk.now = NOW + MINUTE
    await desk.hears(rns("4", at=NOW + MINUTE))
    assert "exam" not in await held(desk.db)
    await desk.sees("EXAM never 2", NOW + 2 * MINUTE)
    assert "exam" in await held(desk.db)


async def test_the_same_answer_again_is_no_word(desk: Desk) -> None:
    await desk.sees("READY never 1", NOW)
    await desk.sees("READY never 2", NOW + HOUR)
    async with desk.db.dock(desk.now) as dock:
        state = (await dock.feeds.of(["page"]))["page"]
    assert (state.messages, state.last_word) == (1, NOW)


async def test_read_again_an_answer_counts_as_it_was_last_seen(desk: Desk) -> None:
    await desk.sees("EXAM never 1", NOW)
    await desk.sees("EXAM never 2", NOW + HOUR)
    before = await desk.reports()
    await replay_feed(desk.db, desk.ingest, desk.ears["page"], NOW + 2 * HOUR, everything=True)
    assert await desk.reports() == before == [(Status.EXAM, NOW + HOUR)]


async def test_f1_a_page_that_replaces_its_own_refusal_by_a_later_acceptance_ends_it(desk: Desk) -> None:
    await desk.sees(f"EXAM {(NOW - HOUR).isoformat()} 1", NOW)
    assert "exam" in await held(desk.db)
    await desk.sees(f"RELEASED {(NOW - 2 * MINUTE).isoformat()} 2", NOW + 5 * MINUTE)
    assert "exam" not in await held(desk.db)


async def test_f1_a_page_that_falls_back_to_an_older_acceptance_ends_no_refusal(desk: Desk) -> None:
    await desk.sees(f"READY {(NOW - 2 * HOUR).isoformat()} 1", NOW - HOUR)
    await desk.sees(f"REJECTED {(NOW - HOUR).isoformat()} 2", NOW)
    await desk.sees(f"READY {(NOW - 2 * HOUR).isoformat()} 3", NOW + 5 * MINUTE)
    assert "rejected" in await held(desk.db)
    assert await answers(desk.db) == {"1234": "hold"}
