"""Reading BorderConnect's queue by WebSocket and by HTTP, from a stand-in that fails in every way."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.feeds.drain import Drain
from bot.feeds.poll import Fixed, Poll, Poller
from bot.feeds.protocol import Arrived
from bot.feeds.safe import Safe
from bot.feeds.socket import Line, Socket
from bot.feeds.sources.borderconnect_line import HEADER, greeted, hello, meaning
from bot.feeds.spool import Spool
from tests.feeds.asking import Notes
from tests.patience import until
from tests.standins.borderconnect import KEY, BorderConnect, borderconnect, notice, rns


@dataclass
class Turn:
    """Whose turn it is."""

    mine: bool = True

    async def held(self) -> bool:
        return self.mine


@dataclass
class Reading:
    """One reader of the stand-in's queue, and what became of what it read."""

    kept: list[Arrived]
    notes: Notes
    turn: Turn
    away: bool = False

    @property
    def said(self) -> list[object]:
        return [json.loads(one.body) for one in self.kept]

    async def keep(self, arrivals: list[Arrived]) -> None:
        if self.away:
            raise ConnectionError("the database is away")
        known = {(one.body, one.received) for one in self.kept}
        self.kept += [one for one in arrivals if (one.body, one.received) not in known]

    @asynccontextmanager
    async def turns(self) -> AsyncIterator[Turn]:
        yield self.turn


async def _quickly(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 0.02))


def reading() -> Reading:
    return Reading([], Notes(), Turn())


def socket(vendor: BorderConnect, it: Reading, folder: Path, key: str = KEY, **more: float) -> Socket:
    line = Line("bc", vendor.socket_url, hello(key), greeted, "mark", **more)  # type: ignore[arg-type]
    safe = Safe("bc", Spool(folder, "bc"), it.keep)
    turns: Callable[[], AbstractAsyncContextManager[Turn]] = it.turns
    return Socket(line, safe, it.notes, turns, lambda: datetime.now(UTC), sleep=_quickly)


def drain(vendor: BorderConnect, it: Reading, folder: Path, key: str = KEY) -> Drain:
    poll = Poll(
        "bc", {HEADER: key}, per_minute=60_000, look=0.02, timeout=60, observation=False, drain=True, meaning=meaning
    )
    safe = Safe("bc", Spool(folder, "bc"), it.keep)
    now = lambda: datetime.now(UTC)  # noqa: E731
    poller = Poller(poll, Fixed(vendor.receive_url, 0.0), safe.keep, it.notes, now, sleep=_quickly)
    return Drain(poller, safe, it.turns, sleep=_quickly)


@asynccontextmanager
async def running(work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def many(count: int) -> list[object]:
    return [rns(f"8SMPPARS{n:06}") for n in range(count)]


@pytest.fixture(params=["socket", "drain"])
def way(request: pytest.FixtureRequest) -> Callable[[BorderConnect, Reading, Path], Socket | Drain]:
    return {"socket": socket, "drain": drain}[request.param]


async def test_every_message_is_kept_once_and_in_order(way, tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        it = reading()
        vendor.say(*many(100))
        async with running(way(vendor, it, tmp_path).run):
            await until(lambda: len(it.kept) >= (100 if way is socket else 34))
            await until(lambda: len(_flat(it)) == 100)
            vendor.say(notice("8SMPPARS000001", "MATCHED"))
            await until(lambda: len(_flat(it)) == 101)
        assert _flat(it) == [*many(100), notice("8SMPPARS000001", "MATCHED")]
        assert vendor.refused == [] and it.notes.said[0] == "answered"
        assert not any(one.observation for one in it.kept)


def _flat(it: Reading) -> list[object]:
    return [one for said in it.said for one in (said if isinstance(said, list) else [said])]


async def test_lines_that_break_lose_nothing_of_a_vendor_that_watches(tmp_path: Path) -> None:
    async with borderconnect(BorderConnect(lose_after=7)) as vendor:
        it = reading()
        vendor.say(*many(60))
        async with running(socket(vendor, it, tmp_path).run):
            await until(lambda: vendor.quiet and {json.dumps(s) for s in it.said} == {json.dumps(m) for m in many(60)})
        assert vendor.connects >= 60 // 7
        assert any(said.startswith("failed") for said in it.notes.said)


async def test_answers_that_break_off_and_slow_ones_lose_nothing(tmp_path: Path) -> None:
    async with borderconnect(BorderConnect(lose_after=3, slow=0.05)) as vendor:
        it = reading()
        vendor.say(*many(20))
        async with running(drain(vendor, it, tmp_path).run):
            await until(lambda: len(_flat(it)) == 20)
        assert _flat(it) == many(20)


async def test_what_is_handed_over_twice_is_brought_as_it_came(tmp_path: Path) -> None:
    async with borderconnect(BorderConnect(twice=4)) as vendor:
        it = reading()
        vendor.say(*many(12))
        async with running(socket(vendor, it, tmp_path).run):
            await until(lambda: len(it.kept) == 15)
        assert len({one.body for one in it.kept}) == 12


async def test_a_wrong_key_is_told_and_not_shown_again_for_long(tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        for way_, folder in ((socket, "a"), (drain, "b")):
            it, vendor.refused[:] = reading(), []
            slept: list[float] = []

            async def sleep(seconds: float, slept: list[float] = slept) -> None:
                slept.append(seconds)
                await asyncio.sleep(0.02)

            reader = way_(vendor, it, tmp_path / folder, "SAMPLE-wrong")
            (reader if isinstance(reader, Socket) else reader.poller).sleep = sleep
            async with running(reader.run):
                await until(lambda it=it: any(s.startswith("refused: it does not take our key") for s in it.notes.said))
                await until(lambda slept=slept: any(s >= 900 for s in slept))
            assert len(vendor.refused) == 1 and it.kept == []
            assert "SAMPLE-wrong" not in str(it.notes.said)


async def test_a_key_that_was_refused_before_is_not_tried_with_the_same_settings(tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        it = reading()
        it.notes.barred["mark"] = 600.0
        async with running(socket(vendor, it, tmp_path).run):
            await asyncio.sleep(0.2)
            assert vendor.connects == 0
            it.notes.barred.clear()
            await until(lambda: vendor.connects == 1)


async def test_the_key_stands_in_no_line_of_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with borderconnect(BorderConnect(lose_after=2)) as vendor:
        it = reading()
        vendor.say(*many(6))
        one = socket(vendor, it, tmp_path / "a")
        async with running(one.run):
            await until(lambda: vendor.quiet)
        async with running(socket(vendor, it, tmp_path / "b", "SAMPLE-another-key").run):
            await until(lambda: bool(vendor.refused))
        assert KEY not in repr(one)
    assert KEY not in caplog.text and "SAMPLE-another-key" not in caplog.text


@pytest.mark.parametrize("after", ["5", ""])
async def test_a_vendor_that_asks_for_peace_is_left_alone(tmp_path: Path, after: str) -> None:
    async with borderconnect(BorderConnect(busy=1, retry_after=after)) as vendor:
        it, slept = reading(), list[float]()
        vendor.say(*many(3))

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            await asyncio.sleep(0.01)

        one = drain(vendor, it, tmp_path)
        one.poller.sleep = sleep
        async with running(one.run):
            await until(lambda: len(_flat(it)) == 3)
        assert float(after or 60) in slept
        assert "failed" in it.notes.said[0]


async def test_while_the_database_is_away_the_queue_is_read_on_and_all_is_on_disk(way, tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        it = reading()
        it.away = True
        vendor.say(*many(30))
        async with running(way(vendor, it, tmp_path).run):
            await until(lambda: vendor.quiet)
            await asyncio.sleep(0.1)
            assert it.kept == []
        # Stopped with nothing stored: the next run takes it up, before anything else.
        it.away = False
        vendor.say(rns("8SMPPARS999999"))
        async with running(way(vendor, it, tmp_path).run):
            await until(lambda: len(_flat(it)) == 31)
        assert _flat(it) == [*many(30), rns("8SMPPARS999999")]


async def test_a_stop_keeps_what_had_arrived(tmp_path: Path) -> None:
    async with borderconnect(BorderConnect(careful=False)) as vendor:
        it = reading()
        it.away = True
        for _ in range(6):
            vendor.say(*[rns(f"8SMPPARS{len(vendor.handed) + n:06}") for n in range(40)])
            async with running(socket(vendor, it, tmp_path).run):
                await until(lambda: len(vendor.readers) == 1)
                await asyncio.sleep(0.03)
            await until(lambda: not vendor.readers)
        it.away = False
        async with running(socket(vendor, it, tmp_path).run):
            await until(lambda: len(it.kept) >= len(vendor.handed) and not vendor.queue)
        assert [json.dumps(said) for said in it.said] == vendor.handed


async def test_one_process_reads_and_another_takes_over(tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        one, two = reading(), reading()
        two.turn.mine = False
        async with running(socket(vendor, one, tmp_path / "a").run), running(socket(vendor, two, tmp_path / "b").run):
            vendor.say(*many(10))
            await until(lambda: len(one.kept) == 10)
            assert vendor.connects == 1 and two.kept == []
            one.turn.mine, two.turn.mine = False, True
            vendor.cut()
            await until(lambda: vendor.connects >= 2)
            vendor.say(rns("8SMPPARS999999"))
            await until(lambda: len(two.kept) == 1)
        assert len(one.kept) == 10


async def test_two_readers_of_one_queue_get_different_messages(tmp_path: Path) -> None:
    async with borderconnect(BorderConnect(slow=0.002)) as vendor:
        one, two = reading(), reading()
        async with running(socket(vendor, one, tmp_path / "a").run), running(socket(vendor, two, tmp_path / "b").run):
            await until(lambda: len(vendor.readers) == 2)
            vendor.say(*many(40))
            await until(lambda: len(one.kept) + len(two.kept) == 40)
        assert one.kept and two.kept


async def test_a_line_that_is_silent_also_to_a_ping_is_given_up(tmp_path: Path) -> None:
    async with borderconnect(BorderConnect(mute=True)) as vendor:
        it = reading()
        async with running(socket(vendor, it, tmp_path, within=0.1).run):
            await until(lambda: vendor.connects >= 2)
        assert "did not answer our key" in it.notes.said[0]


async def test_a_quiet_line_lives_as_long_as_it_answers_pings(tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        it = reading()
        async with running(socket(vendor, it, tmp_path, beat=0.05).run):
            await until(lambda: it.notes.said.count("answered") >= 5)
        assert vendor.connects == 1


async def test_a_message_that_is_larger_than_this_feed_takes_is_told(tmp_path: Path) -> None:
    async with borderconnect() as vendor:
        it = reading()
        vendor.say({"data": "SYSTEM_ALERT", "message": "x" * 3000}, rns("8SMPPARS000001"))
        async with running(socket(vendor, it, tmp_path, largest=2000).run):
            await until(lambda: len(it.kept) == 2)
        assert it.kept[0].body == b"" and it.kept[0].problem is not None and json.loads(it.kept[1].body)
