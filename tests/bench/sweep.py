"""A sweep over a hundred due loads, with few and with many loads at rest."""

import time
from contextlib import AsyncExitStack

from bot.app import App
from bot.clock import machine
from bot.watch.jobs import SLICE, sweep
from tests.bench.ground import CARRIER, engine, installation, seed
from tests.bench.measure import median, ms, percentile, table

_FEW = 1_000


async def _once(app: App, due: list[str]) -> tuple[float, float]:
    """Makes these loads due and looks at them: seconds of the clock and of this thread."""
    now = app.clock.civil()
    async with app.database.work(CARRIER, now, write=True) as work:
        await work.loads.touch(due, now)
    wall, cpu = time.perf_counter(), time.process_time()
    looked = await sweep(app.database, app.world, now)
    assert looked == SLICE
    return time.perf_counter() - wall, time.process_time() - cpu


async def measure(name: str, many: int, rounds: int = 40) -> None:
    """One engine: both databases in turn, round by round."""
    async with AsyncExitStack() as stack:
        apps = []
        for count in (_FEW, many):
            url, var = stack.enter_context(engine(name))
            apps.append(await stack.enter_async_context(installation(url, var, machine())))
            await seed(apps[-1], count)
        due = []
        for app in apps:
            async with app.database.work(CARRIER, app.clock.civil()) as work:
                ids = await work.loads.open_ids("", 1_000_000)
            due.append(ids[:: len(ids) // SLICE][:SLICE])
            for _ in range(3):
                await _once(app, due[-1])
        found: list[list[tuple[float, float]]] = [[], []]
        for _ in range(rounds):
            for app, own, times in zip(apps, due, found, strict=True):
                times.append(await _once(app, own))
    few, lots = ([median([t[kind] for t in times]) for kind in (0, 1)] for times in found)
    print(f"\n**Sweep of {SLICE} due loads, {name}**, medians of {rounds}, in turn\n")
    rows = [
        ("clock", ms(few[0]), ms(lots[0]), f"{lots[0] / few[0]:.2f}"),
        ("processor", ms(few[1]), ms(lots[1]), f"{lots[1] / few[1]:.2f}"),
        ("clock, p99", *(ms(percentile([t[0] for t in times], 0.99)) for times in found), ""),
    ]
    print(table(("", f"{_FEW:,} at rest", f"{many:,} at rest", "ratio"), rows))
