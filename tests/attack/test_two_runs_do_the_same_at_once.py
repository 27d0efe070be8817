"""Two runs on one PostgreSQL whose people and lists do the same at once: nobody is told to try again, nothing is there
twice (SAMPLE data)."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from bot.domain.load import Hand, LoadRow
from bot.feeds.protocol import Arrived
from bot.watch.hands import Hands
from bot.watch.parties_rows import take_parties
from handlers.reply import Result
from storage.database import Database
from storage.dock import Dock
from storage.errors import Again
from tests.attack.ground import PARS, Ground
from tests.handlers.commands.desk import DESK, MARIA, OPERATOR

LINE = (
    f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} trip=SMPLT1 broker="NEW SAMPLE" eta=13:00 papers=08:30'
)


@pytest.fixture
async def runs(postgres_own_url: str, open_db: Callable[[str], Database]) -> list[Ground]:
    found = [Ground(open_db(postgres_own_url)) for _ in range(2)]
    found[1].sent = 100_000  # deliveries of its own
    await found[0].ask("/load 1 add to=CA eta=13:00", OPERATOR)
    return found


async def all_say(runs: list[Ground], *lines: str) -> Counter[str]:
    """What so many people are told who type these lines at once, by turns in either run."""
    asked = [runs[n % 2].ask(line, OPERATOR) for n, line in enumerate(lines)]
    return Counter(reply.title for reply in await asyncio.gather(*asked))


async def parties(run: Ground) -> Counter[str]:
    async with run.db.work("home", run.now) as work:
        return Counter(party.name for party in await work.parties.all())


async def test_many_who_add_the_same_new_load_of_a_new_broker_at_once_make_one_of_each(runs: list[Ground]) -> None:
    told = await all_say(runs, *[LINE] * 12)
    assert told == {"Load 1234 is watched now.": 1, "Load 1234 says that already; nothing was changed.": 11}
    assert await parties(runs[0]) == {"NEW SAMPLE": 1}


async def test_two_who_make_one_of_two_parties_crosswise_at_once_are_both_answered(runs: list[Ground]) -> None:
    for name in ("AAAAA SAMPLE", "ZZZZZ SAMPLE"):
        await runs[0].ask(f'/broker "={name}" set phone=555-0101', OPERATOR)
    lines = ['/broker "AAAAA SAMPLE" same as "ZZZZZ SAMPLE"', '/broker "ZZZZZ SAMPLE" same as "AAAAA SAMPLE"'] * 3
    told = await all_say(runs, *lines)
    assert sum(n for title, n in told.items() if "either name finds it" in title) == 1
    assert sum(n for title, n in told.items() if "are one already" in title) == 5


async def test_an_address_book_that_is_imported_twice_at_once_is_there_once(runs: list[Ground]) -> None:
    rows = [LoadRow(f"line {n}", {"name": f"BOOK{n} SAMPLE", "roles": "importer"}) for n in range(20)]

    async def take(run: Ground, own: list[LoadRow]) -> list[str]:
        async with run.db.work("home", run.now, write=True) as work:
            return [one.outcome for one in await take_parties(work, own, "America/Toronto", Hands(Hand.FILE, "book"))]

    outcomes = await asyncio.gather(take(runs[0], rows), take(runs[1], rows[::-1]), take(runs[0], rows))
    assert Counter(one for own in outcomes for one in own) == {"added": 20, "same": 40}
    assert set((await parties(runs[0])).values()) == {1}


async def test_lists_with_the_same_new_loads_at_once_are_taken_by_either_run(runs: list[Ground]) -> None:
    kept = await asyncio.gather(*(_list(run, n) for n, run in enumerate(runs)))
    assert kept == [0, 0]
    assert {f"LIST{n} SAMPLE": 1 for n in range(5)}.items() <= (await parties(runs[0])).items()


async def _list(run: Ground, order: int) -> int:
    """Has a broker's list with thirty loads taken; how many problems came of it."""
    loads = [
        {
            "number": str(5000 + n), "direction": "CA", "crossing": "Ambassador Bridge", "eta": "2026-11-24 15:00",
            "broker": f"LIST{n % 5} SAMPLE", "pars": f"SMPLPARS77{n:04}",
        }
        for n in range(30)
    ]  # fmt: skip
    body = json.dumps({"message_id": f"{order}", "loads": loads[:: -1 if order else 1]}).encode()
    await run.ingest.keep([Arrived("pcb", body, "list", run.now)])
    async with run.db.dock(run.now) as dock:
        return sum((await dock.problems.counts()).values())


async def test_somebody_whose_first_two_lines_come_at_once_becomes_one_person(runs: list[Ground]) -> None:
    await runs[0].opened()
    for run in runs:
        run.entry.forget()
    replies = await asyncio.gather(
        *(runs[n % 2].ask(f"/load {700 + n} add to=CA eta=13:00", MARIA, DESK) for n in range(6))
    )
    assert {reply.result for reply in replies} == {Result.OK}
    async with runs[0].db.work("home", runs[0].now) as work:
        names = Counter(person.name for person in await work.people.all())
    assert names["Maria"] == 1 and not any("(" in name for name in names)


class Met(Database):
    """A database in which the next units, so many of them, stand in each other's way."""

    left = 0

    @asynccontextmanager
    async def dock(self, now: datetime, write: bool = False) -> AsyncIterator[Dock]:
        if self.left:
            self.left -= 1
            raise Again("another was in its way")
        async with super().dock(now, write) as dock:
            yield dock


async def test_a_line_that_only_reads_is_repeated_before_anybody_is_told_to_try_again(sqlite_url: str) -> None:
    database = Met(sqlite_url)
    try:
        desk = Ground(database)
        await desk.ask(LINE, OPERATOR)
        database.left = 2
        assert "1234" in (await desk.ask("/load 1234 status", OPERATOR)).title
        database.left = 3
        assert (await desk.ask("/load 1234 status", OPERATOR)).result is Result.REFUSED
    finally:
        await database.close()
