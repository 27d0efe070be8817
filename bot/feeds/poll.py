"""Arrival by asking: requests that are due, at the vendor's pace; an answer is kept before anything else is asked.

What to ask is an `Asks`; how the feed fares is told to a `Vitals`: nothing here knows the database.
"""

import asyncio
import contextlib
import hashlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from bot.feeds.asked import wrap
from bot.feeds.fetch import Answer, Failed, Fetch, Outcome, Refused, Unusable, Wait
from bot.feeds.protocol import Arrived, Problem, Request

log = logging.getLogger(__name__)

__all__ = ["Asks", "Fixed", "Poll", "Poller", "Request", "Vitals"]

#: Seconds of the first pause after failures in a row, and of the longest.
_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
#: Failures in a row from which on it is the vendor, and not the one number that was asked about.
_IN_A_ROW = 2
#: A key that was refused is not shown again for this long, unless the settings change.
_REFUSED_SECONDS = 3_600.0

_T = TypeVar("_T")
#: Returning is the promise that the bytes are safe.
Keeper = Callable[[list[Arrived]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Poll:
    """Settings of one polled feed; times in seconds.

    `observation`: the same answer again says that it still is so. A queue that is emptied by reading is none, and is
    asked again at once while it brings something (`drain`).
    """

    feed: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    per_minute: float = 60.0
    look: float = 15.0
    timeout: float = 20.0
    largest: int = 5_000_000
    nothing: frozenset[int] = frozenset({204})
    observation: bool = True
    drain: bool = False
    #: What a body that came as an answer really is, for a vendor that says all things that way; none: an answer.
    meaning: Callable[[bytes], Outcome] | None = None
    #: Why an answer is none that can be read ('' when it can): it is kept all the same, and proves no life.
    sound: Callable[[bytes], str] | None = None
    #: An answer about many numbers as (subject, answer) for each, so that one that moves is stored alone.
    split: Callable[[bytes], Sequence[tuple[str, bytes]]] | None = None
    #: What the fingerprint of the settings is made of besides the headers: the address.
    address: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes with the settings that a refusal may be due to; tells nothing of the key."""
        text = "\n".join((self.feed, self.address, *(f"{k}: {v}" for k, v in sorted(self.headers.items()))))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Asks(Protocol):
    """What to ask: `due` gives the requests that are due now, most urgent first, and has them told how they went."""

    async def due(self) -> Sequence[Request]: ...

    def asked(self, request: Request, *, answered: bool) -> None: ...


class Vitals(Protocol):
    """Who notes how a feed fares. Telling people, and telling them once, is its matter."""

    async def answered(self, feed: str) -> None: ...

    async def failed(self, feed: str, why: str) -> None: ...

    async def refused(self, feed: str, why: str, fingerprint: str, seconds: float) -> None: ...

    async def refusal(self, feed: str, fingerprint: str) -> float:
        """Seconds for which these settings must not be tried, 0 when they may."""
        ...


@dataclass(slots=True)
class Fixed:
    """One address, asked every so many seconds."""

    url: str
    every: float
    machine: Callable[[], float] = time.monotonic
    _next: float = float("-inf")

    async def due(self) -> Sequence[Request]:
        """The one request, when its time has come."""
        return [Request(self.url, conditional=True)] if self.machine() >= self._next else []

    def asked(self, request: Request, *, answered: bool) -> None:
        """Waits for the next time; after a failure the poller's own pauses decide."""
        if answered:
            self._next = self.machine() + self.every


@dataclass(slots=True)
class Poller:
    """Asks for one feed. `now` is civil time for what arrives, `machine` monotonic seconds for pacing."""

    poll: Poll
    asks: Asks
    keep: Keeper
    vitals: Vitals
    now: Callable[[], datetime]
    machine: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    #: Whether it is our turn, for a queue that only one may read.
    held: Callable[[], Awaitable[bool]] | None = None
    _fetch: Fetch = field(init=False)
    _unkept: list[Arrived] = field(default_factory=list)
    _last: float = float("-inf")
    _said: float = float("-inf")
    _failures: int = 0
    _good: bool = False

    def __post_init__(self) -> None:
        p = self.poll
        self._fetch = Fetch({"Accept-Encoding": "gzip", **p.headers}, p.timeout, p.largest, p.nothing)

    async def run(self) -> None:
        """Asks until cancelled, or it is our turn no more; whatever fails, it waits and asks again."""
        try:
            await self._sleep(await self._noted(self.vitals.refusal(self.poll.feed, self.poll.fingerprint)) or 0.0)
            while self.held is None or await self.held():
                try:
                    pause = await self.round()
                except Exception:  # most likely the database is away: what was answered is held, and kept later
                    pause = self._back_off()
                    if self._failures == 1:
                        log.exception("polling failed and is tried again", extra=self._named("poll.fault"))
                await self._sleep(pause)
        finally:
            with contextlib.suppress(Exception):
                await self._fetch.close()

    async def round(self) -> float:
        """Asks what is due, in order, for at most `look` seconds; the seconds to wait before the next round."""
        await self._keep_held()
        begun = self.machine()
        for request in await self.asks.due():
            again = True
            while again:
                await self._pace()
                outcome = self._meant(await self._fetch.get(request))
                pause = await self._take(request, outcome)
                if pause:
                    return pause
                if self.machine() - begun >= self.poll.look:
                    return 0.0  # what is due may have changed meanwhile
                again = self.poll.drain and isinstance(outcome, Answer) and outcome.body is not None
        return max(0.0, self.poll.look - (self.machine() - begun))

    def _meant(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Answer) and outcome.body is not None and self.poll.meaning is not None:
            return self.poll.meaning(outcome.body)
        return outcome

    async def _take(self, request: Request, outcome: Outcome) -> float:
        """Takes an outcome in; seconds for which nothing is to be asked."""
        match outcome:
            case Answer(body):
                why = await self._kept(request, body)
                return await self._unwell(request, why) if why else await self._well(request)
            case Unusable(why):
                name = request.about or "answer"
                self._unkept.append(self._arrived(request, b"", Problem(name, f"{why}: nothing in it was read")))
                await self._keep_held()
                return await self._well(request)
            case Refused(why, sure) if sure or not self._good:
                self.asks.asked(request, answered=False)
                log.error("a vendor does not take our key", extra=self._named("poll.refused"))
                feed, mark = self.poll.feed, self.poll.fingerprint
                await self._noted(self.vitals.refused(feed, why, mark, _REFUSED_SECONDS))
                self._good = False
                return _REFUSED_SECONDS
            case Wait(seconds, why):
                await self._ill(why)
                return seconds
            case Refused(why) | Failed(why):
                self._good = self._good and not isinstance(outcome, Refused)
                return await self._unwell(request, why)

    async def _kept(self, request: Request, body: bytes | None) -> str:
        """Has an answer kept; why it is none that can be read, '' when it is."""
        if body is None:
            return ""
        parts = [(request.about, body)] if request.about or not self.poll.split else self.poll.split(body)
        self._unkept += [self._arrived(request, wrap(about, part)) for about, part in parts]
        await self._keep_held()
        return self.poll.sound(body) if self.poll.sound else ""

    def _arrived(self, request: Request, body: bytes, problem: Problem | None = None) -> Arrived:
        name = request.about or "answer"
        return Arrived(self.poll.feed, body, name, self.now(), problem, observation=self.poll.observation)

    async def _keep_held(self) -> None:
        """Keeps what was answered before anything else is asked: a queue may have been emptied for it."""
        if self._unkept:
            await self.keep(self._unkept)
            self._unkept = []

    async def _well(self, request: Request) -> float:
        if self._failures:
            log.info("polling works again", extra=self._named("poll.works"))
        if self._failures or not self._good or self.machine() - self._said >= self.poll.look:
            await self._noted(self.vitals.answered(self.poll.feed))
            self._said = self.machine()
        self._failures, self._good = 0, True
        self.asks.asked(request, answered=True)
        return 0.0

    async def _unwell(self, request: Request, why: str) -> float:
        """It failed: others are asked at once, unless it is the vendor that fails."""
        self.asks.asked(request, answered=False)
        await self._ill(why)
        return self._pause() if self._failures >= _IN_A_ROW or not request.about else 0.0

    async def _ill(self, why: str) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("polling failed: %s", why, extra=self._named("poll.failed"))
        await self._noted(self.vitals.failed(self.poll.feed, why))

    def _back_off(self) -> float:
        self._failures += 1
        return self._pause()

    def _pause(self) -> float:
        """Doubled with each failure in a row, and spread, so that many who failed together do not return together."""
        whole = min(_PAUSE * 2.0 ** min(self._failures - 1, 10), _LONGEST_PAUSE)
        return whole * (0.5 + self.chance() / 2)

    async def _pace(self) -> None:
        wait = self._last + 60.0 / self.poll.per_minute - self.machine()
        if wait > 0:
            await self.sleep(wait)
        self._last = self.machine()

    async def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            await self.sleep(seconds)
        else:
            await asyncio.sleep(0)

    async def _noted(self, note: Awaitable[_T]) -> _T | None:
        """What the vitals say; that they can't be written must not stop the asking."""
        try:
            return await note
        except Exception:  # whatever is wrong with them
            log.warning("how a feed fares could not be noted", exc_info=True, extra=self._named("poll.unnoted"))
            return None

    def _named(self, action: str) -> dict[str, str]:
        return {"action": action, "feed": self.poll.feed}
