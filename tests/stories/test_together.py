"""What comes at the same moment: whatever the order turns out to be, nothing is lost and every answer is whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import App
from bot.domain.load import Direction
from bot.domain.numbers import key_of
from bot.feeds.protocol import Arrived
from handlers.console import CONSOLE
from handlers.entry import Entry
from handlers.reply import Line, Result
from storage.database import Database
from storage.loads import LoadRecord
from tests.stories.rig import Story, story

ROUNDS = 20


@asynccontextmanager
async def neighbour(it: Story) -> AsyncIterator[App]:
    """Another process on the same database, as `holdwatch ask` is."""
    database = Database(it.house.url)
    app = App(it.house.config_read, database, it.house.clock, it.var)
    try:
        yield app
    finally:
        await database.close()


async def after(turns: int, what: Awaitable[object]) -> object:
    """The same, so many turns of the loop later, so that each round meets in another place."""
    for _ in range(turns):
        await asyncio.sleep(0 if turns < 8 else 0.0005)
    return await what


async def ask(entry: Entry, text: str, delivery: str) -> None:
    """Types a line; it must be carried out."""
    reply = await entry(Line(text, await entry.account_of(""), CONSOLE, delivery))
    assert reply.result is Result.OK, reply


def pars(n: int) -> str:
    """The number of load n."""
    return f"SMPLPARS3{n:05}"


def message(it: Story, n: int, code: str = "9") -> Arrived:
    """Customs' word about load n."""
    return Arrived("rns", it.rns(code, pars=pars(n), transaction=f"12345{n:08}1"), f"{n}{code}.edi", it.now)


def adding(n: int, eta: str = "14:00") -> str:
    """The line that adds load n."""
    return (
        f'/load {2000 + n} add to=CA port="Ambassador Bridge" eta={eta} papers=08:30 broker=PCB pars={pars(n)} '
        f"trip=SMPLTRIP3{n:04}"
    )


async def loads(it: Story) -> dict[int, LoadRecord]:
    """The loads as stored."""
    async with it.house.app.database.work("home", it.now) as work:
        keys = [key_of(str(2000 + n)) for n in range(ROUNDS)]
        found = await work.loads.of_numbers(keys)
    assert all(len(rows) == 1 and rows[0].direction is Direction.CA for rows in found.values())
    return {int(rows[0].number) - 2000: rows[0] for rows in found.values()}


async def ready(it: Story) -> None:
    """Every load stands on its acceptance, and what is stored is what a look from nothing finds."""
    await it.settled()
    stored = await loads(it)
    assert len(stored) == ROUNDS
    for n, record in stored.items():
        (shipment,) = record.assessment["shipments"]
        assert shipment["rests_on"]["status"] == "READY", (n, record.assessment)
        assert record.answer == "go, but"
    assert await it.stale() == []


async def test_a_report_and_its_load_at_once_find_each_other(db_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, db_url, "console") as it, neighbour(it) as other:
        await it.at("08:40")
        for n in range(ROUNDS):
            entry = (it.house.app if n % 2 else other).entry
            await asyncio.gather(
                after(n % 5, it.house.app.ingest.keep([message(it, n)])), after(n // 2, ask(entry, adding(n), f"a{n}"))
            )
        await ready(it)


async def test_a_report_and_another_eta_at_once_both_count(db_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, db_url, "console") as it, neighbour(it) as other:
        await it.at("08:40")
        for n in range(ROUNDS):
            await ask(it.house.app.entry, adding(n), f"a{n}")
        for n in range(ROUNDS):
            entry = (it.house.app if n % 2 else other).entry
            await asyncio.gather(
                after(n % 5, it.house.app.ingest.keep([message(it, n)])),
                after(n // 2, ask(entry, f"/load {2000 + n} eta 15:{n + 10}", f"e{n}")),
            )
        await ready(it)
        etas = {n: record.eta for n, record in (await loads(it)).items()}
        assert etas == {n: it.moment(f"15:{n + 10}") for n in range(ROUNDS)}


async def test_lines_of_another_process_and_a_long_batch_at_once_all_count(db_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, db_url, "console") as it, neighbour(it) as other:
        await it.at("08:40")
        added = [ask(other.entry, adding(n), f"a{n}") for n in range(ROUNDS)]
        heard = [it.house.app.ingest.keep([message(it, n)]) for n in range(ROUNDS)]
        told = await asyncio.gather(*(after(i, one) for i, one in enumerate(added)), *heard)
        assert len(told) == 2 * ROUNDS
        await ready(it)


async def test_a_list_of_loads_and_their_reports_at_once_find_each_other(db_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, db_url, "console") as it:
        await it.at("08:40")
        head = "number,direction,crossing,eta,broker,papers_sent,pars,trip\n"
        for n in range(ROUNDS):
            row = f"{2000 + n},CA,Ambassador Bridge,2026-11-24 14:00,PCB,2026-11-24 08:30,{pars(n)},SMPLTRIP3{n:04}\n"
            listed = Arrived("loads", (head + row).encode(), f"{n}.csv", it.now)
            keep = it.house.app.ingest.keep
            await asyncio.gather(after(n % 7, keep([listed])), after(n // 3, keep([message(it, n)])))
        await ready(it)


async def test_an_owner_and_the_end_at_once_end_in_the_end(db_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, db_url, "console") as it, neighbour(it) as other:
        await it.at("08:40")
        for n in range(ROUNDS):
            await ask(it.house.app.entry, adding(n), f"a{n}")
        await it.at("12:00")
        for n in range(ROUNDS):
            owns = Line(f"/load {2000 + n} got it", await other.entry.account_of(""), CONSOLE, f"o{n}")
            await asyncio.gather(
                after(n % 5, it.house.app.ingest.keep([message(it, n)])), after(n // 2, other.entry(owns))
            )
        await ready(it)
        async with it.house.app.database.work("home", it.now) as work:
            assert await work.alerts.open() == []
        shown = [s.text for s in it.sees() if s.under]
        for n in range(ROUNDS):
            assert sum(f"{2000 + n} CLEARED" in text for text in shown) == 1
