"""A queue emptied by reading, as the memory sees it: brought again, alive or not (RULES C2, F1; SAMPLE data)."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.coverage import Liveness
from bot.domain.numbers import NumberKind
from bot.feeds.registry import SOURCES
from bot.watch.life import Life, Pulse
from bot.watch.vitals import PATIENCE, Vitals
from storage.database import Database
from tests.standins.borderconnect import notice, rns
from tests.watch.ground import HOUR, MINUTE, NOW, PARS, Feeds, add, answers, row, world

SECOND = timedelta(seconds=1)


def feeds_of(db: Database) -> Feeds:
    return Feeds(db, world(), more={"bc": SOURCES["borderconnect"]})


async def said(db: Database) -> list[str]:
    """Statuses told about the number, in the order received."""
    async with db.work("home", NOW) as work:
        ids = await work.numbers.find([(NumberKind.CCN, PARS)])
        reports = [r for own in (await work.reports.of_numbers(ids.values())).values() for r in own]
    return [r.status.value for r in sorted(reports, key=lambda r: r.received or NOW)]


async def test_f1_what_a_run_had_stored_before_a_kill_is_no_news_when_it_is_brought_again(db: Database) -> None:
    feeds = feeds_of(db)
    await add(db, feeds.world, row(pars=PARS, eta="2026-11-24 14:30"))
    words = ("MATCHED", "NOT_MATCHED", "MATCHED")
    stream = [
        feeds.arrived(json.dumps(notice(PARS, word) | {"n": n}).encode(), "bc", received=NOW + n * SECOND)
        for n, word in enumerate(words)
    ]
    await feeds.ingest.keep(stream)
    assert await said(db) == list(words)
    before = await answers(db)
    kept = await feeds.ingest.keep([replace(one, held=True) for one in stream])
    assert (kept.kept, kept.repeated) == (0, 3)
    assert await said(db) == list(words)
    assert await answers(db) == before


async def test_f1_bad_news_that_its_sender_says_again_after_better_is_news(db: Database) -> None:
    feeds = feeds_of(db)
    await add(db, feeds.world, row(pars=PARS, eta="2026-11-24 14:30"))
    for n, word in enumerate(("NOT_MATCHED", "MATCHED", "NOT_MATCHED")):
        body = json.dumps(notice(PARS, word)).encode()
        await feeds.ingest.keep([feeds.arrived(body, "bc", received=NOW + n * SECOND, held=n == 2)])
    assert await said(db) == ["NOT_MATCHED", "MATCHED", "NOT_MATCHED"]


@pytest.mark.parametrize("again", range(4))
async def test_a_stream_cut_anywhere_and_brought_again_ends_as_if_it_had_not_been_cut(db: Database, again: int) -> None:
    feeds = feeds_of(db)
    await add(db, feeds.world, row(pars=PARS, eta="2026-11-24 14:30"))
    stream = [notice(PARS, "MATCHED"), notice(PARS, "NOT_MATCHED"), rns(PARS, "9", f"{NOW:%Y-%m-%d %H:%M:%S}")]
    held = [
        feeds.arrived(json.dumps(one).encode(), "bc", received=NOW + n * SECOND, held=True)
        for n, one in enumerate(stream)
    ]
    await feeds.ingest.keep(held[:again])
    await feeds.ingest.keep(held)
    assert await said(db) == ["MATCHED", "NOT_MATCHED", "READY"]


class Times:
    """A civil clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def looks(db: Database, life: Life) -> str:
    await life.look()
    async with db.dock(NOW) as dock:
        return (await dock.feeds.all())["bc"].state


async def test_c2_a_line_lives_by_its_signs_and_not_by_its_news(sqlite_db: Database) -> None:
    now = Times()
    vitals = Vitals(sqlite_db, now, now)
    life = Life(sqlite_db, world(), [Pulse("bc", ("home",), told=True)], now)
    assert await looks(sqlite_db, life) == Liveness.CANT_TELL
    now.now += PATIENCE
    assert await looks(sqlite_db, life) == Liveness.DEAD
    await vitals.answered("bc")
    assert await looks(sqlite_db, life) == Liveness.ALIVE
    now.now += PATIENCE - SECOND
    assert await looks(sqlite_db, life) == Liveness.ALIVE
    await vitals.failed("bc", "it closed the line")
    now.now += 2 * SECOND
    assert await looks(sqlite_db, life) == Liveness.DEAD


async def test_c2_another_process_and_a_new_start_give_the_reader_time_before_the_line_is_dead(db: Database) -> None:
    now = Times()
    await Life(db, world(), [Pulse("bc", ("home",), told=True)], now).look()
    await Vitals(db, now, now).answered("bc")
    assert await looks(db, Life(db, world(), [Pulse("bc", ("home",), told=True)], now)) == Liveness.ALIVE
    now.now += HOUR
    started = Life(db, world(), [Pulse("bc", ("home",), told=True)], now)
    assert await looks(db, started) == Liveness.ALIVE
    now.now += PATIENCE
    assert await looks(db, started) == Liveness.DEAD


async def test_c2_a_key_that_is_not_taken_is_a_dead_line_at_once_and_stays_untried_for_these_settings(
    sqlite_db: Database,
) -> None:
    now = Times()
    vitals = Vitals(sqlite_db, now, now)
    life = Life(sqlite_db, world(), [Pulse("bc", ("home",), told=True)], now)
    await life.look()
    await vitals.answered("bc")
    assert await looks(sqlite_db, life) == Liveness.ALIVE
    now.now += SECOND
    await vitals.refused("bc", "it does not take our key", "mark", 900)
    assert await looks(sqlite_db, life) == Liveness.DEAD
    assert await vitals.refusal("bc", "mark") == 900
    assert await vitals.refusal("bc", "other settings") == 0
    now.now += 15 * MINUTE
    assert await vitals.refusal("bc", "mark") == 0
