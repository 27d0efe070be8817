"""Kept messages are read again: what a fix understands replaces what stood; arrival stays (house rule 1)."""

import json
from datetime import UTC, datetime, timedelta

from bot.config import world_crossings
from bot.domain.carrier import Carrier
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.protocol import Arrived, Problem, Reader, Reading
from bot.watch.ingest import Ear, Ingest
from bot.watch.replay import replay_feed, replay_wanted, setting_of
from bot.watch.world import World
from storage.database import Database

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


class Lines:
    """A source whose messages are lines `NUMBER word`; version 1 does not know `ok`."""

    name = "lines"
    authority = Authority.CUSTOMS
    covers = frozenset({Track.RELEASE})

    def __init__(self, version: int) -> None:
        self.version = version

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        number, word = body.decode().split()
        known = {"ok": Status.READY} if self.version > 1 else {}
        status = known.get(word, Status.UNKNOWN)
        problems = () if word in known else (Problem("line 1", f"unknown word {word}", word),)
        report = Report(NumberKind.CCN, number, status, Track.RELEASE, word)
        return Reading((report,), (), problems, ref=number)


def rig(db: Database, version: int) -> tuple[Ingest, dict[str, Ear]]:
    """An ingest whose one feed is read by this version."""
    world = World({"home": Carrier("home", "SAMPLE")}, world_crossings(), lambda: NOW)
    ears = {"rns": Ear("rns", Lines(version), Reader(UTC), ("home",))}
    return Ingest(db, world, ears, lambda: NOW, lambda: None), ears


async def heard(db: Database, number: str) -> list[tuple[Status, datetime | None]]:
    """What stands of a number."""
    async with db.work("home", NOW) as work:
        ids = await work.numbers.find([(NumberKind.CCN, number)])
        reports = await work.reports.of_numbers(ids.values())
        return [(r.status, r.received) for told in reports.values() for r in told]


async def kept(db: Database) -> None:
    """Two messages that version 1 could not read, an hour apart."""
    ingest, _ears = rig(db, 1)
    for n, number in enumerate(("SMPLPARS100123", "SMPLPARS100124")):
        await ingest.keep([Arrived("rns", f"{number} ok".encode(), "f", NOW - timedelta(hours=2 - n))])


async def test_what_a_fix_understands_replaces_what_stood_and_arrival_stays(db: Database) -> None:
    await kept(db)
    assert await heard(db, "SMPLPARS100123") == [(Status.UNKNOWN, NOW - timedelta(hours=2))]
    ingest, ears = rig(db, 2)
    assert await replay_feed(db, ingest, ears["rns"], NOW) == 2
    assert await heard(db, "SMPLPARS100123") == [(Status.READY, NOW - timedelta(hours=2))]
    async with db.dock(NOW) as dock:
        assert await dock.problems.counts() == {}
    assert await replay_feed(db, ingest, ears["rns"], NOW) == 0
    assert await replay_feed(db, ingest, ears["rns"], NOW, everything=True) == 2
    assert await heard(db, "SMPLPARS100124") == [(Status.READY, NOW - timedelta(hours=1))]


async def test_a_wish_from_chat_is_done_once_and_only_for_its_time(sqlite_db: Database) -> None:
    await kept(sqlite_db)
    ingest, ears = rig(sqlite_db, 2)
    assert await replay_wanted(sqlite_db, ingest, ears, lambda: NOW) == 0
    wish = {"since": (NOW - timedelta(minutes=90)).isoformat(), "by": "Bo", "at": NOW.isoformat()}
    async with sqlite_db.dock(NOW, write=True) as dock:
        await dock.settings.save(setting_of("rns"), json.dumps(wish))
    assert await replay_wanted(sqlite_db, ingest, ears, lambda: NOW) == 1
    assert [s for s, _at in await heard(sqlite_db, "SMPLPARS100123")] == [Status.UNKNOWN]
    assert [s for s, _at in await heard(sqlite_db, "SMPLPARS100124")] == [Status.READY]
    assert await replay_wanted(sqlite_db, ingest, ears, lambda: NOW) == 0
