"""A pile read aside is kept as one read in place, whatever happens to the other process (SAMPLE data)."""

import os
import signal
from dataclasses import replace
from datetime import timedelta

from bot.domain.report import Report
from bot.feeds.aside import PILE, Aside
from bot.feeds.protocol import Arrived
from bot.watch.ingest import Ingest
from storage.database import Database
from tests.bench.messages import day
from tests.patience import until
from tests.watch.ground import NOW, Feeds, world


def pile(count: int) -> list[Arrived]:
    return [Arrived("rns", m.body, m.name, NOW) for m in day(1, count, NOW)][:count]


async def told(feeds: Feeds, arrivals: list[Arrived]) -> tuple[list[Report], list[Report]]:
    """What is stored about these, and what they say when they are read in place."""
    ear = feeds.ears["rns"]
    read = [r for a in arrivals for r in ear.source.read(a.body, ear.reader, NOW).reports]
    async with feeds.db.work("home", NOW) as work:
        ids = await work.numbers.find({(r.kind, r.key) for r in read})
        stored = await work.reports.of_numbers(ids.values())
    said = [r.heard(NOW, "rns", ear.source.authority) for r in read]
    return sorted((r for own in stored.values() for r in own), key=_place), sorted(said, key=_place)


def _place(report: Report) -> tuple[str, str, int]:
    return report.key, report.ref, report.position


async def test_a_pile_is_kept_the_same_and_through_the_death_of_the_reader(sqlite_db: Database) -> None:
    feeds = Feeds(sqlite_db, world())
    aside = Aside({n: (e.source.name, e.reader) for n, e in feeds.ears.items()})
    feeds.ingest = Ingest(sqlite_db, feeds.world, feeds.ears, lambda: NOW, feeds.wake, ahead=aside.ahead)
    arrivals = pile(900)
    try:
        await until(lambda: aside.ready)
        first = await feeds.ingest.keep(arrivals[:400])
        assert aside._process is not None
        os.kill(aside._process.pid, signal.SIGKILL)
        second = await feeds.ingest.keep(arrivals[400:])
        again = await feeds.ingest.keep(arrivals)
    finally:
        await aside.close()
    assert (first.kept, second.kept, again.kept, again.repeated) == (400, 500, 0, 900)
    stored, said = await told(feeds, arrivals)
    assert stored == said and len(said) >= 900


async def test_an_answer_to_a_poll_that_says_the_same_is_no_new_row_however_it_was_read(sqlite_db: Database) -> None:
    feeds = Feeds(sqlite_db, world())
    aside = Aside({n: (e.source.name, e.reader) for n, e in feeds.ears.items()})
    feeds.ingest = Ingest(sqlite_db, feeds.world, feeds.ears, lambda: NOW, feeds.wake, ahead=aside.ahead)
    answers = [replace(a, observation=True) for a in pile(250)]
    try:
        await feeds.ingest.keep(answers)
        await until(lambda: aside.ready)
        for minutes in (1, 2):
            later = [replace(a, received=NOW + timedelta(minutes=minutes)) for a in answers]
            assert (await feeds.ingest.keep(later)).kept == 0
    finally:
        await aside.close()


async def test_answers_to_polls_that_say_the_same_are_the_same_wherever_they_were_read(sqlite_db: Database) -> None:
    feeds = Feeds(sqlite_db, world())
    aside = Aside({n: (e.source.name, e.reader) for n, e in feeds.ears.items()})
    moment = [NOW]
    feeds.ingest = Ingest(sqlite_db, feeds.world, feeds.ears, lambda: moment[0], feeds.wake, ahead=aside.ahead)
    answers = [replace(a, observation=True) for a in pile(PILE)]
    assert (await feeds.ingest.keep(answers[:20])).kept == 20  # few are read in place
    try:
        await until(lambda: aside.ready)
        for _round in range(2):
            moment[0] += timedelta(minutes=1)
            again = await feeds.ingest.keep([replace(a, received=moment[0]) for a in answers])
    finally:
        await aside.close()
    assert (again.kept, again.repeated) == (0, PILE)
    async with sqlite_db.dock(moment[0]) as dock:
        assert await dock.raws.count() == PILE
