"""A long interchange dropped into a folder: how fast it is taken in, and how much memory that needs."""

import asyncio
import contextlib
import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

from bot.app import App
from bot.clock import machine
from bot.feeds.pieces import pieces
from tests.bench.ground import FIRST, add_loads, engine, installation
from tests.bench.measure import table
from tests.bench.messages import FEED, pars

_PAGE = os.sysconf("SC_PAGE_SIZE")
_OTHERS = 4_000_000


def _answers(numbers: Iterator[int]) -> Iterator[bytes]:
    """Release messages without their envelopes."""
    stamp = machine().strftime("%Y%m%d%H%M")
    for ref, number in enumerate(numbers, 1):
        yield (
            f"UNH+{ref}+CUSRES:D:96A:UN'BGM+:::125+12345{number % 10**9:09}+11'LOC+22+0453:129::1234'"
            f"DTM+9:{stamp}:203'GIS+34'RFF+XC:{pars(number)}'RFF+TN:12345{number % 10**9:09}'UNT+8+{ref}'"
        ).encode()


def interchange(path: Path, megabytes: int, loads: int) -> int:
    """Writes one interchange of so many megabytes, a tenth of it about the loads that are known; how many messages."""
    size, count = megabytes * 1_000_000, 0

    def numbers() -> Iterator[int]:
        nth = 0
        while True:
            yield FIRST + nth // 10 % loads if nth % 10 == 0 else _OTHERS + nth
            nth += 1

    with path.open("wb") as file:
        written = file.write(b"UNB+UNOA:3+CBSA+SMPL+260115:1031+SAMPLE'")
        for message in _answers(numbers()):
            written += file.write(message)
            count += 1
            if written >= size:
                break
        file.write(f"UNZ+{count}+SAMPLE'".encode())
    return count


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


async def _watch(peak: list[int]) -> None:
    while True:
        peak.append(max(peak.pop(), _resident()))
        await asyncio.sleep(0.05)


def _cut(path: Path) -> tuple[float, int]:
    """Seconds that cutting alone takes, and how many pieces there are."""
    start = time.perf_counter()
    with path.open("rb") as file:
        count = sum(1 for _ in pieces(file))
    return time.perf_counter() - start, count


async def _taken(app: App) -> float:
    folder = next(f for f in app.folders() if f.drop.feed == FEED)
    start = time.perf_counter()
    while not await folder.look():
        await asyncio.sleep(0.05)
    return time.perf_counter() - start


async def measure(name: str, loads: int, megabytes: int) -> None:
    """One engine: messages a second, and what memory grows by."""
    with engine(name) as (url, var):
        async with installation(url, var, machine()) as app:
            await add_loads(app, FIRST, loads)
            place = next(f.folder for f in app.config.feeds if f.name == FEED)
            place.mkdir(parents=True, exist_ok=True)
            path = place / "sample.edi"
            count = interchange(path, megabytes, loads)
            size = path.stat().st_size
            cutting, pieces_ = _cut(path)
            gc.collect()
            before, peak = _resident(), [0]
            watching = asyncio.create_task(_watch(peak))
            seconds = await _taken(app)
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            print(f"\n**One interchange of {size / 1e6:.0f} MB, {name}**: {count} messages, {loads} loads\n")
            rows = [
                ("messages a second", f"{count / seconds:.0f}"),
                ("megabytes a second", f"{size / 1e6 / seconds:.1f}"),
                ("… of cutting alone", f"{size / 1e6 / cutting:.0f}"),
                ("pieces", str(pieces_)),
                ("memory before", f"{before / 1e6:.0f} MB"),
                ("memory at its peak", f"{peak[0] / 1e6:.0f} MB"),
            ]
            print(table(("", name), rows))
