"""Wait times from the public pages to the words of a line, by a stand-in that also fails (SAMPLE data)."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.cli.waiting import wait_sources
from bot.domain.load import Direction
from bot.domain.waits import Flow, Lane
from bot.feeds.waits import read_cbsa
from bot.feeds.waits_http import Page
from bot.watch.waits import EVERY, Queues, Source
from handlers.console import plain
from handlers.views.views import desk as desk_view
from storage.database import Database
from tests.handlers.commands.desk import Desk
from tests.patience import PATIENCE, until
from tests.standins.waits import WaitPages, wait_pages

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def pages() -> AsyncIterator[WaitPages]:
    """At 08:50 of a winter's morning Windsor is full and Sarnia is not, both ways."""
    async with wait_pages() as shown:
        shown.into_canada("Ambassador Bridge", "2026-11-24 08:50 EST", "55 minutes")
        shown.into_canada("Blue Water Bridge", "2026-11-24 08:55 EST", "15 minutes")
        shown.into_us("380001", "45", "At 8:00 am EST", fast="10")
        yield shown


def queues_of(desk: Desk, pages: WaitPages, db: Database | None = None) -> Queues:
    sources = wait_sources({"cbp": f"{pages.url}/cbp", "cbsa": f"{pages.url}/cbsa"})
    return Queues(db or desk.db, desk.world, lambda: desk.now, sources)


async def heard(desk: Desk, pages: WaitPages) -> Queues:
    queues = queues_of(desk, pages)
    assert [await queues.ask(source) for source in queues.sources] == [EVERY, EVERY]
    return queues


async def test_port_tells_every_wait_with_its_age_and_source_and_the_quicker_bridge(
    desk_of_each: Desk, pages: WaitPages
) -> None:
    desk = desk_of_each
    await heard(desk, pages)
    said = await desk.say("/port Windsor")
    assert "wait into Canada: 55 min by CBSA 08:50 (10 min ago)" in said
    assert "wait into the US: 45 min by CBP 08:00 (1 h ago); FAST lane 10 min by CBP 08:00 (1 h ago)" in said
    assert "The next bridge is 40 min faster: Blue Water Bridge, 15 min by CBSA 08:55 (5 min ago)" in said
    listed = await desk.say("/port list")
    assert "Wait into CA" in listed and "55 min" in listed and "45 min" in listed


async def test_the_status_the_card_and_the_board_show_the_wait_and_what_changing_needs(
    desk: Desk, pages: WaitPages
) -> None:
    await heard(desk, pages)
    await desk.add("1234", more="eta=11:30 papers=08:30")
    said = await desk.say("/load 1234 status")
    assert "55 min by CBSA 08:50 (10 min ago)" in said
    assert "The next bridge is 40 min faster: Blue Water Bridge" in said
    assert "amend the manifest to office 0440" in said
    line = said.split("then type: ")[1].splitlines()[0].strip()
    (brief,) = (await desk_view(desk.db, desk.world, "home", desk.now)).loads
    assert brief.queue is not None
    assert brief.queue.wait.minutes == 55
    changed = await desk.say(line)
    assert "Blue Water Bridge" in changed
    after = await desk.say("/load 1234 status")
    assert "15 min by CBSA 08:55" in after
    assert "faster" not in after


async def test_a_load_that_is_far_or_there_is_offered_no_other_bridge(desk: Desk, pages: WaitPages) -> None:
    await heard(desk, pages)
    await desk.add("1234", more="eta=14:30 papers=08:30")
    far = await desk.say("/load 1234 status")
    assert "55 min by CBSA" in far
    assert "faster" not in far
    await desk.ask("/load 1234 eta 08:58")
    assert "faster" not in await desk.say("/load 1234 status")


async def test_waits_change_no_answer_and_make_no_load_due(desk: Desk, pages: WaitPages) -> None:
    before = await desk.add("1234", more="eta=11:30 papers=08:30")
    await heard(desk, pages)
    after = await desk.load("1234")
    assert (after.look_at, after.assessment) == (before.look_at, before.assessment)


async def test_an_old_wait_is_said_to_be_old_and_is_not_used(desk: Desk, pages: WaitPages) -> None:
    await heard(desk, pages)
    await desk.add("1234", more="eta=12:30 papers=08:30")
    desk.now += timedelta(minutes=70)
    said = await desk.say("/port Windsor")
    assert "55 min by CBSA 08:50 (1 h 20 ago), too old to count" in said
    assert "faster" not in said
    assert "CBSA 08:50" not in await desk.say("/load 1234 status")


async def test_the_same_page_is_not_sent_again_and_counts_as_read(desk: Desk, pages: WaitPages) -> None:
    queues = await heard(desk, pages)
    desk.now += 5 * MINUTE
    for source in queues.sources:
        await queues.ask(source)
    assert pages.answered == [200, 200, 304, 304]
    assert {w.fetched for w in desk.world.waits.all} == {desk.now}
    pages.into_canada("Ambassador Bridge", "2026-11-24 09:04 EST", "Closed")
    for source in queues.sources:
        await queues.ask(source)
    assert pages.answered[4:] == [304, 200]
    wait = desk.world.waits.of("Ambassador Bridge", Direction.CA)[Lane.COMMERCIAL]
    assert wait.flow is Flow.CLOSED
    assert "It is closed here; the next bridge runs: Blue Water Bridge" in await desk.say("/port Windsor")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (429, "HTTP 429"),
        (500, "HTTP 500"),
        (404, "HTTP 404"),
        ("html", "a web page came, not CBSA's list of offices"),
        ("cut", "it is not CBSA's list of offices"),
        ("slow", "no answer within 1 s"),
    ],
)
async def test_a_source_that_fails_is_logged_once_said_and_forgiven(
    desk: Desk, pages: WaitPages, fault: int | str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.watch.waits")
    source = Source("cbsa", Page(f"{pages.url}/cbsa", seconds=1.0), read_cbsa)
    queues = Queues(desk.db, desk.world, lambda: desk.now, [source])
    pages.fails = [fault, 503, 503]
    assert [await queues.ask(source) for _ in range(3)] == [1 * MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert f"No wait times from CBSA since 09:00 (now): {why}." in await desk.say("/port Windsor")
    again = Queues(desk.db, desk.world, lambda: desk.now, [source])
    assert await again.ask(source) == EVERY
    assert "No wait times" not in await desk.say("/port Windsor")
    assert [r.action for r in caplog.records] == ["waits.silent", "waits.back"]  # type: ignore[attr-defined]


async def test_a_server_that_asks_to_be_left_alone_is(desk: Desk, pages: WaitPages) -> None:
    queues = queues_of(desk, pages)
    pages.fails, pages.retry_after = [429, 503], "1200"
    assert [await queues.ask(source) for source in queues.sources] == [20 * MINUTE, 20 * MINUTE]


async def test_nobody_there_is_a_failure_and_what_was_known_stays(desk: Desk, pages: WaitPages) -> None:
    queues = await heard(desk, pages)
    queues.sources = wait_sources({"cbsa": "http://127.0.0.1:9/cbsa"})
    assert await queues.ask(queues.sources[0]) == MINUTE
    said = await desk.say("/port Windsor")
    assert "it can't be reached (ConnectError)" in said
    assert "55 min by CBSA 08:50" in said


async def test_a_page_of_no_use_is_asked_for_whole_again(desk: Desk, pages: WaitPages) -> None:
    pages.cbsa = ['"Nowhere","x","2026-11-24 08:50 EST","5 minutes","No delay"']
    queues = queues_of(desk, pages)
    cbsa = queues.sources[1]
    assert await queues.ask(cbsa) == MINUTE
    assert "no crossing that we know is in it" in await desk.say("/port Windsor")
    await queues.ask(cbsa)
    assert pages.marks == ["", ""]


async def test_a_word_that_cannot_be_read_is_shown_as_it_came(desk: Desk, pages: WaitPages) -> None:
    pages.into_canada("Ambassador Bridge", "2026-11-24 08:50 EST", "ask the officer")
    await heard(desk, pages)
    said = await desk.say("/port Windsor")
    assert "a word we cannot read: “ask the officer” by CBSA 08:50 (10 min ago)" in said


async def test_another_process_sees_what_was_kept(desk: Desk, pages: WaitPages) -> None:
    await heard(desk, pages)
    kept, desk.world.waits = desk.world.waits, type(desk.world.waits)()
    assert "wait into" not in plain(await desk.ask("/port Windsor"))
    await Queues(desk.db, desk.world, lambda: desk.now).refresh()
    assert desk.world.waits == kept


async def test_the_beat_asks_at_once_goes_on_after_a_fault_and_stops(desk: Desk, pages: WaitPages) -> None:
    queues = queues_of(desk, pages)
    task = asyncio.create_task(queues.run())
    await until(lambda: len(desk.world.waits.all) >= 4)
    task.cancel()
    await asyncio.wait([task], timeout=PATIENCE)
    assert task.cancelled()


async def test_without_a_source_nothing_is_asked_and_nothing_said(desk: Desk) -> None:
    await Queues(desk.db, desk.world, lambda: desk.now).run()
    assert "wait" not in (await desk.say("/port Windsor")).casefold()
