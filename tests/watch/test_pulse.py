"""Feeds that die and come back, sweeps, touches and tidying (RULES C2, C3, T8; SAMPLE data)."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.assess import assess
from bot.domain.coverage import Liveness
from bot.domain.written import to_text
from bot.watch.gather import gather
from bot.watch.jobs import Jobs, sweep
from bot.watch.life import Life, Pulse
from bot.watch.look import reassess
from bot.watch.touches import SLICE, touch_open
from storage.database import Database
from tests.storage.world import load
from tests.watch.ground import HOUR, MINUTE, NOW, PARS, Feeds, add, held, rns, route, row, rows, the_load, world

ETA = "2026-11-24 14:30"
LISTED = {"eta": ETA, "papers_sent": "2026-11-24 04:00"}


def beats(path: Path, ago: timedelta) -> None:
    at = (datetime.now(UTC) - ago).timestamp()
    path.touch()
    os.utime(path, (at, at))


def life_of(db: Database, watching, path: Path | None, implied: Path | None = None, now=NOW) -> Life:
    return Life(db, watching, [Pulse("rns", ("home",), path, 10 * MINUTE, implied)], lambda: now)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(timedelta(), Liveness.ALIVE), (9 * MINUTE, Liveness.ALIVE), (11 * MINUTE, Liveness.DEAD),
     (None, Liveness.DEAD), (-HOUR, Liveness.DEAD)],
)  # fmt: skip
async def test_c2_a_heartbeat_file_is_fresh_stale_absent_or_of_a_clock_gone_wrong(sqlite_db, tmp_path, ago, expected):
    path, watching = tmp_path / "rns.alive", world()
    if ago is not None:
        beats(path, ago)
    await life_of(sqlite_db, watching, path).look()
    assert watching.ears["rns"].liveness is expected


async def test_c2_a_folder_without_heartbeat_cannot_tell_until_one_is_there(sqlite_db, tmp_path):
    path, watching = tmp_path / "heartbeat", world()
    life = life_of(sqlite_db, watching, None, implied=path)
    await life.look()
    assert watching.ears["rns"].liveness is Liveness.CANT_TELL
    beats(path, timedelta())
    await life.look()
    assert watching.ears["rns"].liveness is Liveness.ALIVE


async def events(db: Database) -> list[str]:
    async with db.work("home", NOW) as work:
        return [e.words["state"] for e in await work.log.since(NOW - HOUR) if e.what == "feed"]


async def test_c3_a_feed_that_dies_and_returns_is_told_once_by_two_processes(db, db_url, open_db, tmp_path):
    path = tmp_path / "rns.alive"
    beats(path, timedelta())
    await route(db)
    lives = [life_of(one, world(), path) for one in (db, open_db(db_url))]
    for life in lives:
        await life.look()
    beats(path, HOUR)
    await asyncio.gather(*(life.look() for life in lives))
    async with db.work("home", NOW) as work:
        (post,) = (await work.posts.of_topics(["feed:rns"]))["feed:rns"]
        assert [r.kind for r in await work.outbox.waiting([f"card:{post.id}", f"post:{post.id}"])] == ["card"]
    beats(path, timedelta())
    await asyncio.gather(*(life.look() for life in lives))
    assert await events(db) == ["dead", "alive"]
    async with db.work("home", NOW) as work:
        kinds = [r.kind for r in await work.outbox.waiting([f"card:{post.id}", f"post:{post.id}"])]
        assert sorted(kinds) == ["card", "word"] and not await work.posts.of_topics(["feed:rns"])


async def test_c3_losing_a_feed_lowers_no_level_and_clears_nothing(sqlite_db, tmp_path):
    path, watching = tmp_path / "rns.alive", world()
    await route(sqlite_db)
    beats(path, timedelta())
    life = life_of(sqlite_db, watching, path)
    await life.look()
    await add(sqlite_db, watching, row(pars=PARS, **LISTED))
    late = NOW + 4 * HOUR
    await sweep(sqlite_db, watching, late)
    before = await the_load(sqlite_db)
    assert "not_matched" in await held(sqlite_db) and before.level
    path.unlink()
    await life_of(sqlite_db, watching, path, now=late).look()
    assert await sweep(sqlite_db, watching, late) == 1
    after = await the_load(sqlite_db)
    assert "unwatched" in await held(sqlite_db) and after.level >= before.level
    async with sqlite_db.work("home", NOW) as work:
        assert (await work.alerts.last_of([after.id]))[after.id].ended_at is None


async def test_only_loads_that_a_feed_covers_become_due_by_it_slice_after_slice(sqlite_db):
    count = 2 * SLICE + 1
    async with sqlite_db.work("home", NOW, write=True) as work:
        await work.loads.add(
            load(f"L{n}", look_at=NOW + HOUR, coverage={"manifest": ["rns" if n % 2 else "other"]})
            for n in range(count)
        )
    assert await touch_open(sqlite_db, "home", NOW, covered_by="d4") == 0
    assert await touch_open(sqlite_db, "home", NOW, covered_by="rns") == count // 2
    async with sqlite_db.dock(NOW) as dock:
        due = await dock.due_loads(NOW, count)
    assert len(due) == count // 2
    assert await touch_open(sqlite_db, "home", NOW) == count


async def test_a_sweep_takes_the_longest_due_first_and_no_more_than_its_limit(sqlite_db):
    watching = world()
    listed = [{"number": f"L{n}", "pars": f"SMPLPARS{n:06}", **LISTED} for n in range(5)]
    await add(sqlite_db, watching, *rows(*listed))
    late = NOW + 30 * MINUTE
    async with sqlite_db.work("home", NOW, write=True) as work:
        for n, load in enumerate(await work.loads.open_ids()):
            await work.loads.change(load, look_at=NOW + n * MINUTE)
    assert await sweep(sqlite_db, watching, late, limit=2) == 2
    async with sqlite_db.dock(late) as dock:
        due = {load for _, load in await dock.due_loads(late)}
    assert due == {(await the_load(sqlite_db, f"L{n}")).id for n in (2, 3, 4)}
    assert [await sweep(sqlite_db, watching, late) for _ in range(2)] == [3, 0]


async def test_t8_what_the_sweep_stored_is_what_a_look_from_nothing_finds(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    listed = [
        {"number": f"L{n}", "pars": f"SMPLPARS{n:06}", "eta": f"2026-11-24 {10 + n}:30", "broker": f"B{n % 2}"}
        for n in range(8)
    ]
    await add(sqlite_db, feeds.world, *rows(*listed))
    for step in range(12):
        feeds.now = NOW + step * 37 * MINUTE
        code, pars = ("9", "5", "4", "14+01")[step % 4], f"SMPLPARS{step % 8:06}"
        await feeds.hears(rns(code, pars=pars, at=feeds.now, transaction=""))
        for _ in range(20):
            if not await sweep(sqlite_db, feeds.world, feeds.now):
                break
        async with sqlite_db.work("home", feeds.now) as work:
            for case in await gather(work, feeds.world, await work.loads.open_ids()):
                found = assess(case.load, case.facts, feeds.world.carriers["home"].policy, feeds.now)
                stored = dict(case.record.assessment)
                assert stored | {"look_again_at": 0} == json.loads(to_text(found)) | {"look_again_at": 0}, (
                    step,
                    case.record.number,
                )
                assert case.record.look_at is None or case.record.look_at > feeds.now


async def test_looking_again_at_once_writes_and_says_nothing(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    await route(sqlite_db)
    await add(sqlite_db, feeds.world, row(pars=PARS, **LISTED))
    await feeds.hears(rns("5"))
    before = await the_load(sqlite_db)
    async with sqlite_db.work("home", NOW, write=True) as work:
        (one,) = await reassess(work, feeds.world, [before.id])
    assert one.notice.said == () and await the_load(sqlite_db) == before


async def test_answered_lines_and_sent_rows_are_forgotten_in_time_and_not_before(sqlite_db):
    watching = world()
    jobs = Jobs(
        sqlite_db, watching, life_of(sqlite_db, watching, None), lambda: NOW, lambda: None, nothing, nothing, nothing
    )
    async with sqlite_db.work("home", NOW - 73 * HOUR, write=True) as work:
        await work.lines.add("old", {}, NOW - 73 * HOUR)
        await work.lines.add("new", {}, NOW - 71 * HOUR)
    await jobs.tidy()
    async with sqlite_db.work("home", NOW) as work:
        assert await work.lines.find("old") is None and await work.lines.find("new") is not None


async def nothing() -> None:
    """A job of somebody else."""
