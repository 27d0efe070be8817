"""Which queues are read that are emptied by reading, and how. Part of the composition root."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

from bot.feeds.drain import Drain
from bot.feeds.poll import Fixed, Poll, Poller
from bot.feeds.safe import Keeper, Safe
from bot.feeds.socket import Line, Socket, Turn
from bot.feeds.sources.borderconnect_line import HEADER, greeted, hello, meaning
from bot.feeds.spool import Spool
from bot.feedtables import Arrival, Feed
from bot.watch.vitals import Vitals

#: A message that is too large for us is lost, for its vendor forgets it: what a feed says is no limit here.
_LARGEST = 64_000_000
#: The vendor of a queue has forgotten what an answer holds that we gave up.
_PATIENT = 120.0


def lines(
    feeds: Iterable[Feed],
    spools: Path,
    duty: Callable[[str], AbstractAsyncContextManager[Turn]],
    keep: Keeper,
    vitals: Vitals,
    civil: Callable[[], datetime],
) -> list[Callable[[], Awaitable[None]]]:
    """What reads queues, a loop for each: with several processes one of them does."""
    found: list[Callable[[], Awaitable[None]]] = []
    for feed in feeds:
        if feed.queue:
            safe = Safe(feed.name, Spool(spools / feed.name, feed.name), keep)
            reader = _socket if feed.arrival is Arrival.SOCKET else _drain
            found.append(reader(feed, safe, _turn(duty, feed.name), vitals, civil))
    return found


def _turn(
    duty: Callable[[str], AbstractAsyncContextManager[Turn]], feed: str
) -> Callable[[], AbstractAsyncContextManager[Turn]]:
    return lambda: duty(f"queue:{feed}")


def _socket(
    feed: Feed,
    safe: Safe,
    turn: Callable[[], AbstractAsyncContextManager[Turn]],
    vitals: Vitals,
    civil: Callable[[], datetime],
) -> Callable[[], Awaitable[None]]:
    mark = hashlib.sha256("\n".join((feed.name, feed.url, feed.secret)).encode()).hexdigest()[:16]
    line = Line(feed.name, feed.url, hello(feed.secret), greeted, mark, largest=max(feed.max_bytes, _LARGEST))
    return Socket(line, safe, vitals, turn, civil).run


def _drain(
    feed: Feed,
    safe: Safe,
    turn: Callable[[], AbstractAsyncContextManager[Turn]],
    vitals: Vitals,
    civil: Callable[[], datetime],
) -> Callable[[], Awaitable[None]]:
    every = feed.every.total_seconds()
    poll = Poll(
        feed.name,
        {HEADER: feed.secret},
        per_minute=feed.per_minute,
        look=min(every, 15.0),
        timeout=max(feed.timeout.total_seconds(), _PATIENT),
        largest=max(feed.max_bytes, _LARGEST),
        observation=False,
        drain=True,
        meaning=meaning,
        address=feed.url,
    )
    return Drain(Poller(poll, Fixed(feed.url, every), safe.keep, vitals, civil), safe, turn).run
