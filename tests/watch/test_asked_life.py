"""Feeds that are asked: what proves that they live, when they are dead, and what is no death yet (C2)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.asking import patience, poller, vitals_of
from bot.config import read_config
from bot.domain.coverage import Liveness
from bot.feeds.registry import SOURCES
from bot.feedtables import Feed
from bot.watch.life import Life, Pulse
from storage.database import Database
from tests.watch.ground import HOUR, MINUTE, NOW, route, world

TOML = """
[feeds.acme]
source = "json_poll"
arrival = "poll"
url = "https://api.example/{number}"
answer = { status = "s" }
words = { A = "READY" }
[feeds.list]
source = "json_poll"
arrival = "poll"
url = "https://api.example/all"
every = "5min"
answer = { items = "x[*]", number = "n", status = "s" }
words = { A = "READY" }
"""


class Desk:
    """Two feeds that are asked, and a time that a test sets."""

    def __init__(self, db: Database, folder: Path) -> None:
        (folder / "holdwatch.toml").write_text(TOML)
        self.db, self.now, self.world = db, NOW, world()
        config = read_config(folder / "holdwatch.toml", folder, SOURCES)
        self.feeds: dict[str, Feed] = {f.name: f for f in config.feeds}
        pulses = [Pulse(f.name, ("home",), max_age=patience(f), told=True, idles=f.asks) for f in self.feeds.values()]
        self.life = Life(db, self.world, pulses, lambda: self.now)
        self.vitals = vitals_of(db, self.world, config.feeds, lambda: self.now)

    async def state(self, feed: str, later: timedelta = timedelta()) -> Liveness:
        self.now += later
        await self.life.look()
        return self.world.ears[feed].liveness

    async def words(self) -> int:
        async with self.db.dock(self.now) as dock:
            return (await dock.counts())["outbox_waiting"]


@pytest.fixture
async def desk(db: Database, tmp_path: Path) -> Desk:
    found = Desk(db, tmp_path)
    await route(db)
    await found.state("acme")
    found.now += HOUR
    return found


async def test_c2_an_answer_proves_life_and_a_feed_with_nothing_to_ask_stays_as_it_was(desk: Desk) -> None:
    await desk.vitals.answered("acme")
    assert await desk.state("acme") is Liveness.ALIVE
    assert await desk.state("acme", 9 * HOUR) is Liveness.ALIVE


async def test_c2_a_feed_that_was_never_asked_can_not_be_told(desk: Desk) -> None:
    assert await desk.state("acme") is Liveness.CANT_TELL


async def test_c2_a_list_that_is_not_answered_any_more_is_dead_after_three_times(desk: Desk) -> None:
    await desk.vitals.answered("list")
    assert await desk.state("list", 14 * MINUTE) is Liveness.ALIVE
    await desk.vitals.failed("list", "it answers 502")
    assert await desk.state("list", 2 * MINUTE) is Liveness.DEAD


async def test_one_lost_connection_after_a_long_pause_is_no_death_and_no_answer_for_two_minutes_is(desk: Desk) -> None:
    await desk.vitals.answered("acme")
    await desk.state("acme")
    assert await desk.state("acme", 3 * HOUR) is Liveness.ALIVE
    await desk.vitals.failed("acme", "it could not be reached (ConnectError)")
    assert await desk.state("acme", MINUTE) is Liveness.ALIVE
    await desk.vitals.failed("acme", "it could not be reached (ConnectError)")
    assert await desk.state("acme", 2 * MINUTE) is Liveness.DEAD


async def test_a_death_and_the_return_are_told_once_each(desk: Desk) -> None:
    await desk.vitals.answered("list")
    await desk.state("list")
    for _ in range(40):
        await desk.vitals.failed("list", "it answers 502")
        await desk.state("list", MINUTE)
    assert await desk.state("list") is Liveness.DEAD
    assert await desk.words() == 1
    for _ in range(5):
        await desk.vitals.answered("list")
        assert await desk.state("list", MINUTE) is Liveness.ALIVE
    assert await desk.words() == 2


async def test_a_refused_key_is_dead_at_once(desk: Desk) -> None:
    await desk.vitals.answered("acme")
    await desk.state("acme")
    await desk.vitals.refused("acme", "it does not take our key (401)", "mark", 3600)
    assert await desk.state("acme", timedelta(seconds=5)) is Liveness.DEAD


async def test_settings_make_the_poller(desk: Desk) -> None:
    async def keep(arrived: object) -> None:
        raise AssertionError(arrived)

    one = poller(desk.feeds["list"], desk.db, desk.world, keep, desk.vitals, lambda: datetime.now(NOW.tzinfo))
    assert (one.poll.per_minute, one.poll.observation, one.poll.largest) == (60, True, 5_000_000)
    assert one.poll.split is not None
    assert [r.url for r in await one.asks.due()] == ["https://api.example/all"]
