"""Release messages, from bytes to committed clearance, answers, holds and outbox."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path

from bot.app import App
from bot.clock import machine
from bot.feeds.protocol import Arrived
from storage.alerts import alert_table
from storage.journal import journal_table
from storage.numbers import number_table
from storage.outbox import outbox_table
from storage.posts import post_table
from storage.raws import raw_table
from storage.reports import report_table
from tests.bench.copies import settle
from tests.bench.dialects import DIALECTS
from tests.bench.ground import CARRIER, FIRST, add_loads, engine, installation
from tests.bench.measure import Watch, batches, median, ms, percentile, table, yardstick
from tests.bench.messages import day
from tests.bench.stages import sampled

_BATCH = 500
_ROUND = 4 * _BATCH
_HOW = f"piles of {_ROUND} written in batches of {_BATCH}"
_INTO = (raw_table, number_table, report_table, alert_table, post_table, outbox_table, journal_table)


class Bare:
    """The same rows once more, into empty tables of another file, with nothing but executemany and a commit a batch."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._after = {t.name: "" for t in _INTO}
        self._there = sqlite3.connect(source.with_suffix(".bare"), isolation_level=None)
        with closing(sqlite3.connect(source)) as here:
            made = here.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC").fetchall()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
            self._there.execute(f"PRAGMA {pragma}")
        for (sql,) in made:
            self._there.execute(sql)
        self.fresh()

    def fresh(self) -> list[tuple[str, list[tuple[object, ...]]]]:
        """Rows that came since the last call, by the statement that inserts them."""
        found = []
        with closing(sqlite3.connect(self._source)) as here:
            for of in _INTO:
                names = [c.name for c in of.columns]
                into = ", ".join(f'"{n}"' for n in names)
                asked = f'SELECT {into} FROM "{of.name}" WHERE id > ? ORDER BY id'
                rows = here.execute(asked, (self._after[of.name],)).fetchall()
                if rows:
                    self._after[of.name] = rows[-1][names.index("id")]
                    found.append((f'INSERT INTO "{of.name}" ({into}) VALUES ({", ".join("?" * len(names))})', rows))
        return found

    def insert(self, fresh: list[tuple[str, list[tuple[object, ...]]]], batches: int) -> None:
        """Inserts them, in as many transactions as ingest took."""
        for nth in range(batches):
            self._there.execute("BEGIN IMMEDIATE")
            for statement, rows in fresh:
                share = -(-len(rows) // batches)
                self._there.executemany(statement, rows[nth * share : (nth + 1) * share])
            self._there.execute("COMMIT")

    def close(self) -> None:
        """Ends it."""
        self._there.close()


@contextmanager
def _bare(var: Path, name: str) -> Iterator[Bare | None]:
    if name != "sqlite":
        yield None
        return
    bare = Bare(var / "holdwatch.db")
    try:
        yield bare
    finally:
        bare.close()


async def _round(app: App, messages: Sequence[Arrived], watch: Watch) -> None:
    with watch:
        await app.ingest.keep(list(messages))


async def _reading_aside(app: App) -> None:
    """Returns when the process that reads piles stands, as it does a second after the first of a backlog came."""
    async with asyncio.timeout(30):
        while app.aside is not None and not app.aside.ready:
            await asyncio.sleep(0.05)


async def _lone(app: App, first: int, count: int) -> list[float]:
    times = []
    for one in list(day(first, count, app.clock.civil()))[:count]:
        start = time.perf_counter()
        await app.ingest.keep([one])
        times.append(time.perf_counter() - start)
    return times


async def measure(name: str, loads: int, lone: int = 400) -> None:
    """One engine: rate, lone messages, the fraction of bare inserts, and where the time goes."""
    with engine(name) as (url, var):
        async with installation(url, var, machine()) as app:
            await add_loads(app, FIRST, loads + lone)
            await settle(app.database)
            messages = list(day(FIRST, loads, app.clock.civil()))
            await _reading_aside(app)
            whole, inserts, trips, rates = Watch(), Watch(), [], []
            with _bare(var, name) as bare:
                for part in batches(messages, _ROUND):
                    wall, cpu = whole.wall, whole.cpu
                    await _round(app, part, whole)
                    rates.append(len(part) / (whole.wall - wall))
                    trips.append((whole.cpu - cpu) / len(part) / yardstick())
                if bare is not None:  # afterwards: writing another file in between cools down what is measured
                    fresh = bare.fresh()
                    with inserts:
                        bare.insert(fresh, -(-len(messages) // _BATCH))
            alone = await _lone(app, FIRST + loads, lone)
            many = len(messages)
            cost = whole.cpu / many
            print(f"\n**Ingest, {name}**: {many} messages, {loads} loads, {_HOW}\n")
            rows = [
                ("messages a second, whole run", f"{many / whole.wall:.0f}"),
                ("messages a second, best round", f"{max(rates):.0f}"),
                ("processor time of a message", f"{cost * 1e6:.0f} µs"),
                ("… in JSON round trips of one answer, measured beside it", f"{median(trips):.0f}"),
                ("a lone message, p50", ms(percentile(alone, 0.5))),
                ("a lone message, p99", ms(percentile(alone, 0.99))),
            ]
            if bare is not None:
                rows.insert(2, ("of the rate of bare executemany", f"{inserts.wall / whole.wall:.0%}"))
            print(table(("", name), rows))
            await _profile(app, loads)


async def every(name: str, sources: Sequence[str], loads: int) -> None:
    """One engine: the same day in the words of each of these sources, each in a process of its own as it is at work."""
    found = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for source in sources:
            found.append(await asyncio.get_running_loop().run_in_executor(pool, _alone, name, source, loads))
    print(f"\n**Ingest by source, {name}**: {loads} loads, {_HOW}\n")
    head = ("source", "messages a second", "best round", "processor time each", "best round", "answers then")
    print(table(head, found))


def _alone(name: str, source: str, loads: int) -> tuple[str, ...]:
    return asyncio.run(_of_source(name, source, loads))


async def _of_source(name: str, source: str, loads: int) -> tuple[str, ...]:
    dialect = DIALECTS[source]
    with engine(name) as (url, var):
        async with installation(url, var, machine(), source, dialect.settings) as app:
            await add_loads(app, FIRST, loads, dialect.direction)
            await settle(app.database)
            now = app.clock.civil()
            messages = list(day(FIRST, loads, now, said=dialect.said, observed=dialect.observed))
            await _reading_aside(app)
            best, whole = Watch(float("inf"), float("inf")), Watch()
            for part in batches(messages, _ROUND):
                one = Watch()
                await _round(app, part, one)
                best.wall, best.cpu = min(best.wall, one.wall / len(part)), min(best.cpu, one.cpu / len(part))
                whole.wall, whole.cpu = whole.wall + one.wall, whole.cpu + one.cpu
            async with app.database.work(CARRIER, now) as work:
                answers = await work.loads.counts()
    many = len(messages)
    told = ", ".join(f"{count} {answer}" for answer, count in sorted(answers.items()))
    cost, least = f"{whole.cpu / many * 1e6:.0f} µs", f"{best.cpu * 1e6:.0f} µs"
    return source, f"{many / whole.wall:.0f}", f"{1 / best.wall:.0f}", cost, least, told


async def _profile(app: App, loads: int) -> None:
    """Once more with the stages counted, on the next messages about the same loads."""
    messages = list(day(FIRST, min(loads, 2000), app.clock.civil()))
    with sampled() as found:
        for batch in batches(messages, _BATCH):
            await app.ingest.keep(list(batch))
    print("\nWhere the time of a batch goes:\n")
    print(table(("stage", "share"), [(stage, f"{share:.0%}") for stage, share in found.shares() if share >= 0.01]))
