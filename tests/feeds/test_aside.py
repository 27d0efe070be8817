"""Reading in a process of its own: the same readings in the same order, and in place where it fails (SAMPLE data)."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.aside import PILE, Aside
from bot.feeds.protocol import Arrived, Problem, Reader, Reading
from bot.feeds.registry import SOURCES
from tests.bench.dialects import DIALECTS
from tests.bench.messages import day
from tests.patience import PATIENCE, until

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
READER = Reader(ZoneInfo("America/Toronto"), words={"accepted": "READY"})


def pile(source: str, count: int) -> list[Arrived]:
    said = DIALECTS[source]
    made = [Arrived(source, m.body, m.name, NOW) for m in day(1, count, NOW, said=said.said, observed=said.observed)]
    made[3] = Arrived(source, b"\x00 SAMPLE garbage \xff", "3", NOW)
    return made[:count]


def in_place(arrivals: list[Arrived]) -> list[Reading]:
    found = [(SOURCES[a.feed], a, SOURCES[a.feed].read(a.body, READER, a.received)) for a in arrivals]
    return [
        replace(said, reports=tuple(r.heard(a.received, a.feed, source.authority) for r in said.reports))
        for source, a, said in found
    ]


@asynccontextmanager
async def standing(*sources: str, quiet: float = 60) -> AsyncIterator[Aside]:
    aside = Aside({source: (source, READER) for source in sources}, quiet)
    try:
        await until(lambda: aside.ready)
        yield aside
    finally:
        await aside.close()


def process_of(aside: Aside) -> int:
    assert aside._process is not None
    return aside._process.pid


async def test_it_reads_as_the_sources_do_whatever_they_are() -> None:
    async with standing(*DIALECTS) as aside:
        for source in DIALECTS:
            arrivals = pile(source, 30)
            assert await aside.read(arrivals) == in_place(arrivals)


async def test_a_pile_comes_back_in_order_piece_by_piece() -> None:
    arrivals = pile("cbsa_rns", 1_500)
    async with standing("cbsa_rns") as aside:
        taken: list[Arrived] = []
        async for piece, readings in aside.ahead(arrivals):
            assert readings == (in_place(list(piece)) if taken else None)  # the first is left to whoever asks
            taken += piece
    assert taken == arrivals and len(arrivals) > PILE


async def test_what_it_never_read_is_read_in_place() -> None:
    aside = Aside({"cbsa_rns": ("cbsa_rns", READER)})
    assert await aside.read(pile("cbsa_rns", 10)) is None
    await aside.close()
    async with standing("cbsa_rns") as other:
        broken = Arrived("cbsa_rns", b"", "a file", NOW, Problem("a file", "SAMPLE: too large"))
        assert await other.read([broken]) is None
        assert await other.read([Arrived("nobody's feed", b"", "a file", NOW)]) is None
        assert await other.read(pile("cbsa_rns", 10)) is not None


async def test_killed_it_comes_back_for_a_later_pile() -> None:
    async with standing("cbsa_rns") as aside:
        before = process_of(aside)
        os.kill(before, signal.SIGKILL)
        arrivals = pile("cbsa_rns", 20)
        assert await aside.read(arrivals) is None
        async with asyncio.timeout(PATIENCE):
            while (told := await aside.read(arrivals)) is None:
                await asyncio.sleep(0.02)
        assert told == in_place(arrivals) and process_of(aside) != before


async def test_who_gives_up_waiting_leaves_no_half_answer_to_the_next() -> None:
    async with standing("cbsa_rns") as aside:
        reading = asyncio.ensure_future(aside.read(pile("cbsa_rns", 500)))
        await asyncio.sleep(0.001)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        arrivals = pile("cbsa_rns", 20)
        async with asyncio.timeout(PATIENCE):
            while (told := await aside.read(arrivals)) is None:
                await asyncio.sleep(0.02)
        assert told == in_place(arrivals)


async def test_it_ends_after_a_quiet_time() -> None:
    async with standing("cbsa_rns", quiet=0.05) as aside:
        process = process_of(aside)
        async with asyncio.timeout(PATIENCE):
            while Path(f"/proc/{process}").exists():
                await asyncio.sleep(0.02)
        assert aside._process is None


async def test_it_ends_when_the_one_who_asks_is_no_more() -> None:
    pipe = asyncio.subprocess.PIPE
    alone = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.feeds.aside_process", stdin=pipe)
    assert alone.stdin is not None
    alone.stdin.close()
    async with asyncio.timeout(PATIENCE):
        assert await alone.wait() == 0


async def test_what_cannot_be_handed_over_is_read_in_place_and_leaves_no_process() -> None:
    aside = Aside({"cbsa_rns": ("cbsa_rns", replace(READER, words=MappingProxyType({})))})
    assert not aside.ready
    starting = aside._starting
    assert starting is not None
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait([starting])
    assert starting.exception() is None and not aside.ready
    assert await aside.read(pile("cbsa_rns", 10)) is None
    await aside.close()
