"""Arrival by WebSocket: one reader of a queue that is emptied by reading; each frame is on disk before anything else.

A ping of the vendor is answered only when all frames before it are on disk: a vendor that watches for that knows what
arrived. Nothing else is an acknowledgement here.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp

from bot.feeds.poll import Vitals
from bot.feeds.protocol import Arrived, Problem
from bot.feeds.safe import Safe

log = logging.getLogger(__name__)

_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
#: Between two looks whether another process gave up the reading.
_TURN_SECONDS = 5.0
_REFUSED_SECONDS = 900.0
_LAST_WORDS = 1.0
_OURS = {"127.0.0.1", "localhost", "::1"}
_T = TypeVar("_T")


class Greeting(Enum):
    """What a frame says before the vendor took our key."""

    WELCOME = "welcome"
    REFUSED = "refused"
    #: No greeting at all: a message like those that follow.
    MESSAGE = "message"


class Turn(Protocol):
    """Whether it is this process that reads."""

    mine: bool

    async def held(self) -> bool: ...


class Lost(Exception):
    """The line is gone, or never was; a sentence says how."""


class Refused(Exception):
    """The vendor does not take our key."""


@dataclass(frozen=True, slots=True)
class Line:
    """Settings of one feed; times in seconds. `hello` is the first frame, with the key in it."""

    feed: str
    url: str
    hello: str = field(repr=False)
    greeted: Callable[[bytes], Greeting]
    fingerprint: str = ""
    within: float = 10.0
    beat: float = 30.0
    largest: int = 20_000_000


@dataclass(slots=True)
class Socket:
    """Reads one queue. `turn` gives the right to read, `now` is civil time for what arrives."""

    line: Line
    safe: Safe
    vitals: Vitals
    turn: Callable[[], AbstractAsyncContextManager[Turn]]
    now: Callable[[], datetime]
    machine: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    _failures: int = 0
    _told: float = float("-inf")

    async def run(self) -> None:
        """Reads until cancelled; whatever fails, it waits and begins again."""
        await self.safe.beside(self._listening)

    async def _listening(self) -> None:
        while True:
            pause = _TURN_SECONDS
            try:
                async with self.turn() as turn:
                    if turn.mine:
                        pause = await self._reading(turn)
            except Exception as why:  # most likely the database is away, and with it the right to read
                log.warning("reading waits: %s", why, extra=self._named("socket.waits"))
            await self.sleep(pause)

    async def _reading(self, turn: Turn) -> float:
        """Connects and reads as long as it is our turn; seconds to wait before the next try."""
        wait = await self._noted(self.vitals.refusal(self.line.feed, self.line.fingerprint))
        if wait:
            return min(wait, _REFUSED_SECONDS)
        while await turn.held():
            try:
                await self._connected(turn)
            except Refused:
                log.error("a vendor does not take our key", extra=self._named("socket.refused"))
                why = "it does not take our key: see secret and url of this feed"
                mark = self.line.fingerprint
                await self._noted(self.vitals.refused(self.line.feed, why, mark, _REFUSED_SECONDS))
                return _REFUSED_SECONDS
            except Lost as why:
                await self._ill(str(why))
            except (aiohttp.ClientError, OSError, TimeoutError) as why:
                # The words of the library may hold the address: only its kind is told.
                await self._ill(f"it could not be reached ({type(why).__name__})")
            await self.sleep(self._pause())
        return _TURN_SECONDS

    async def _connected(self, turn: Turn) -> None:
        """One connection from its first frame to its end; raises Lost or Refused."""
        # A proxy for the outside world does not know this machine's own servers.
        own = urlsplit(self.line.url).hostname in _OURS
        async with aiohttp.ClientSession(trust_env=not own) as session:
            async with asyncio.timeout(self.line.within):
                ws = await session.ws_connect(self.line.url, autoping=False, max_msg_size=2 * self.line.largest)
            try:
                await ws.send_str(self.line.hello)
                await self._welcomed(ws)
                await self._up()
                await self._listen(ws, turn)
            finally:
                await self._last_words(ws)

    async def _welcomed(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """Waits until the vendor took the key; a frame that is no greeting is a message, and says as much."""
        try:
            async with asyncio.timeout(self.line.within):
                frame = await self._frame(ws, None)
        except TimeoutError:
            raise Lost(f"it did not answer our key within {self.line.within:g} s") from None
        match self.line.greeted(frame):
            case Greeting.REFUSED:
                raise Refused
            case Greeting.MESSAGE:
                self._take(frame)

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse, turn: Turn) -> None:
        asked, looked = False, self.machine()
        while True:
            if self.machine() - looked >= _TURN_SECONDS:
                if not await turn.held():
                    return
                looked = self.machine()
            await self.safe.room()
            try:
                frame = await self._frame(ws, self.line.beat)
            except TimeoutError:
                if asked:
                    raise Lost(f"it is silent for {2 * self.line.beat:g} s, also to a ping") from None
                asked = True
                await ws.ping()
                continue
            asked = False
            if frame:
                self._take(frame)
            await self._alive()

    async def _frame(self, ws: aiohttp.ClientWebSocketResponse, seconds: float | None) -> bytes:
        """The next frame, b'' for a sign of life without one; TimeoutError, Lost."""
        message = await ws.receive(seconds)
        match message.type:
            case aiohttp.WSMsgType.TEXT:
                return str(message.data).encode("utf-8", "surrogatepass")
            case aiohttp.WSMsgType.BINARY:
                return bytes(message.data)
            case aiohttp.WSMsgType.PING:
                await self.safe.written()
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    # On a line that broke there may be frames yet that arrived before.
                    await ws.pong(message.data)
                return b""
            case aiohttp.WSMsgType.PONG:
                return b""
        raise Lost(f"it closed the line ({ws.close_code or 'without a word'})")

    def _take(self, frame: bytes) -> None:
        """Puts one frame where it is safe."""
        if len(frame) > self.line.largest:
            why = f"a message of {len(frame) // 1024} KiB is more than this feed takes: nothing in it was read"
            named = f"frame of {self.now().isoformat()}"
            self.safe.put(Arrived(self.line.feed, b"", named, self.now(), Problem("frame", why)))
        else:
            self.safe.put(Arrived(self.line.feed, frame, "frame", self.now()))

    async def _last_words(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """What arrived here is taken before the line is closed: the vendor has forgotten it already."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_LAST_WORDS):
                while not ws.closed:
                    frame = await self._frame(ws, 0.05)
                    if frame and self.line.greeted(frame) is Greeting.MESSAGE:
                        self.safe.put(Arrived(self.line.feed, frame, "frame", self.now()))
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_LAST_WORDS):
                await ws.close()

    async def _up(self) -> None:
        if self._failures:
            log.info("the line is back", extra=self._named("socket.works"))
        self._failures, self._told = 0, float("-inf")
        await self._alive()

    async def _alive(self) -> None:
        """Tells that the line is up, once a beat."""
        if self.machine() - self._told >= self.line.beat:
            self._told = self.machine()
            await self._noted(self.vitals.answered(self.line.feed))

    async def _ill(self, why: str) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("the line is lost: %s", why, extra=self._named("socket.lost"))
        await self._noted(self.vitals.failed(self.line.feed, why))

    def _pause(self) -> float:
        """Doubled with each failure in a row, and spread, so that many who lost the line do not return together."""
        whole = min(_PAUSE * 2.0 ** min(max(self._failures - 1, 0), 10), _LONGEST_PAUSE)
        return whole * (0.5 + self.chance() / 2)

    async def _noted(self, note: Awaitable[_T]) -> _T | None:
        """What the vitals say; that they can't be written must not stop the reading."""
        try:
            return await note
        except Exception:  # whatever is wrong with them
            log.warning("how a feed fares could not be noted", exc_info=True, extra=self._named("socket.unnoted"))
            return None

    def _named(self, action: str) -> dict[str, str]:
        return {"action": action, "feed": self.line.feed}
