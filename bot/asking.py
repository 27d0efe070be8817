"""Which feeds are asked, and how: pollers made of their settings. Part of the composition root."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.feeds.poll import Asks, Fixed, Keeper, Poll, Poller
from bot.feeds.sources import candata, json_poll
from bot.feedtables import Arrival, Feed
from bot.watch.ahead import NumbersAhead
from bot.watch.gone import tell_admins
from bot.watch.vitals import PATIENCE, Vitals
from bot.watch.world import World
from storage.database import Database
from storage.dock import Dock
from storage.errors import GONE

log = logging.getLogger(__name__)

#: Why an answer of a source is none that can be read. A source that is not here is a queue, and read elsewhere.
_SOUND: dict[str, Callable[[bytes], str]] = {"candata": candata.unsound, "json_poll": json_poll.unsound}
_DUTY_SECONDS = 15.0
_LOOK_SECONDS = 15.0


def is_asked(feed: Feed) -> bool:
    """Whether a feed is asked by a poller of this module."""
    return feed.arrival is Arrival.POLL and feed.source in _SOUND


def patience(feed: Feed) -> timedelta:
    """How long an answer of a feed that is asked proves that it lives."""
    if feed.queue:
        return PATIENCE if feed.arrival is Arrival.SOCKET else max(PATIENCE, 3 * feed.every)
    return feed.heartbeat_max_age if feed.asks else max(feed.heartbeat_max_age, 3 * feed.every)


def vitals_of(database: Database, world: World, feeds: Iterable[Feed], civil: Callable[[], datetime]) -> Vitals:
    """Who notes how feeds fare, and asks the admins to mend a key."""
    carriers = {f.name: f.carriers for f in feeds}

    async def ask(dock: Dock, feed: str, why: str) -> None:
        for carrier in carriers.get(feed, ()):
            await tell_admins(dock.work(carrier), world, {"refused": feed, "why": why})

    return Vitals(database, civil, world.machine, {f.name: patience(f) for f in feeds if is_asked(f) or f.queue}, ask)


def poller(
    feed: Feed, database: Database, world: World, keep: Keeper, vitals: Vitals, civil: Callable[[], datetime]
) -> Poller:
    """The poller of a feed."""
    poll = Poll(
        feed.name,
        feed.headers,
        per_minute=feed.per_minute,
        look=min(_LOOK_SECONDS, feed.every.total_seconds()),
        timeout=feed.timeout.total_seconds(),
        largest=feed.max_bytes,
        nothing=feed.nothing,
        sound=_SOUND[feed.source],
        split=partial(json_poll.parts, places=feed.places) if feed.source == json_poll.SOURCE.name else None,
        address=feed.url,
    )
    asks: Asks = (
        NumbersAhead(database, world, feed.cover, feed.carriers, feed.url, civil)
        if feed.asks
        else Fixed(feed.url, feed.every.total_seconds())
    )
    return Poller(poll, asks, keep, vitals, civil)


def askers(
    feeds: Sequence[Feed], database: Database, world: World, keep: Keeper, vitals: Vitals, civil: Callable[[], datetime]
) -> list[Callable[[], Awaitable[None]]]:
    """What asks, a loop for each feed: with several processes one of them does, for the vendor's limit is one."""
    return [
        partial(_asking, database, feed.name, poller(feed, database, world, keep, vitals, civil))
        for feed in feeds
        if is_asked(feed)
    ]


async def _asking(database: Database, feed: str, one: Poller) -> None:
    while True:
        try:
            async with database.duty(f"poll:{feed}") as duty:
                if duty.mine:
                    one.held = duty.held
                    await one.run()
        except GONE as why:
            log.warning("polling waits for the database", extra={"action": "poll.database", "why": str(why)})
        await asyncio.sleep(_DUTY_SECONDS)
