"""BorderConnect on loopback: one queue that is emptied by reading, by WebSocket and by HTTP; it refuses and fails.

It does what the real one is said to do (border-formats 5), and what no document rules out: lost lines, frames sent
twice, slow answers. `careful` pings after each frame and takes back what was not confirmed when a line breaks; else a
frame that was handed over is gone, whoever had it.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

KEY = "SAMPLE-key-of-a-carrier"
SUFFIX = "sample"


@dataclass
class Reader:
    """One connection: what it was handed, and what of it was confirmed."""

    ws: web.WebSocketResponse
    sent: list[str] = field(default_factory=list)
    confirmed: int = 0


@dataclass
class BorderConnect:
    """The vendor's state. `lose_after` breaks each line after so many frames, `twice` hands every n-th over twice."""

    key: str = KEY
    within: float = 10.0
    careful: bool = True
    lose_after: int = 0
    twice: int = 0
    slow: float = 0.0
    busy: int = 0
    retry_after: str = "1"
    at_once: int = 3
    mute: bool = False
    queue: deque[str] = field(default_factory=deque)
    readers: list[Reader] = field(default_factory=list)
    connects: int = 0
    asked: int = 0
    refused: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    url: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, *messages: object) -> None:
        """Puts messages into the queue."""
        self.queue.extend(json.dumps(message) for message in messages)
        self._news.set()

    @property
    def socket_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/api/sockets/{SUFFIX}"

    @property
    def receive_url(self) -> str:
        return f"{self.url}/api/receive/{SUFFIX}"

    @property
    def quiet(self) -> bool:
        """Whether all that it had was handed over, and by a careful one confirmed."""
        return not self.queue and (not self.careful or all(r.confirmed == len(r.sent) for r in self.readers))

    def take_back(self, frames: Iterable[str]) -> None:
        """Frames that nobody confirmed stand in front again."""
        self.queue.extendleft(reversed(list(frames)))
        self._news.set()

    # The socket

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from its key to its end."""
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        self.connects += 1
        if not await self._admitted(ws):
            await ws.close()
            return ws
        if self.mute:
            await asyncio.sleep(60)
        await ws.send_str(json.dumps({"data": "API_RESPONSE", "status": "OK", "message": "Connected"}))
        reader = Reader(ws)
        self.readers.append(reader)
        handing = asyncio.ensure_future(self._hand(reader))
        try:
            await self._hear(reader)
        finally:
            handing.cancel()
            self.readers.remove(reader)
            left = reader.sent[reader.confirmed :]
            if self.careful:
                self.take_back(left)
            else:
                self.unconfirmed += left
        return ws

    async def _admitted(self, ws: web.WebSocketResponse) -> bool:
        try:
            first = await ws.receive(self.within)
        except TimeoutError:
            self.refused.append("late first frame")
            return False
        if first.type is not WSMsgType.TEXT:
            return False
        if json.loads(first.data) != {"apiKey": self.key}:
            self.refused.append("wrong key")
            said = {"data": "API_RESPONSE", "status": "ACCESS_DENIED_ERROR", "message": "Invalid API key"}
            await ws.send_str(json.dumps(said))
            return False
        return True

    async def _hand(self, reader: Reader) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                while not self.queue:
                    self._news.clear()
                    await self._news.wait()
                await asyncio.sleep(self.slow)
                if not self.queue:
                    continue
                if self.lose_after and len(reader.sent) >= self.lose_after:
                    await self._nearly_confirmed(reader)
                    self._cut(reader.ws)
                    return
                await self._hand_one(reader, self.queue.popleft())

    async def _hand_one(self, reader: Reader, frame: str) -> None:
        reader.sent.append(frame)
        self.handed.append(frame)
        again = self.twice and len(self.handed) % self.twice == 0
        for _ in range(2 if again else 1):
            await reader.ws.send_str(frame)
        if self.careful:
            await reader.ws.ping(str(len(reader.sent)).encode())

    async def _nearly_confirmed(self, reader: Reader) -> None:
        """Lets a careful one hear of all but the last two, else nothing would ever be read."""
        while self.careful and reader.confirmed < max(1, len(reader.sent) - 2):
            await asyncio.sleep(0.001)

    @staticmethod
    def _cut(ws: web.WebSocketResponse) -> None:
        """Breaks the line without a word."""
        if ws._req is not None and ws._req.transport is not None:
            ws._req.transport.abort()

    def cut(self) -> None:
        """Breaks all lines."""
        for reader in list(self.readers):
            self._cut(reader.ws)

    async def _hear(self, reader: Reader) -> None:
        while True:
            message = await reader.ws.receive()
            if message.type is WSMsgType.PONG:
                with contextlib.suppress(ValueError):
                    reader.confirmed = max(reader.confirmed, int(bytes(message.data)))
            elif message.type is WSMsgType.PING:
                await reader.ws.pong(message.data)
            elif message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return

    # HTTP

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """One look into the queue."""
        self.asked += 1
        if request.headers.get("Api-Key") != self.key:
            code = "INVALID_API_KEY" if "Api-Key" in request.headers else "MISSING_API_KEY"
            self.refused.append(code)
            return web.json_response({"status": "FAILURE", "errorCode": code}, status=401)
        if self.busy:
            self.busy -= 1
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            said = {"status": "FAILED", "errorCode": "TOO_MANY_REQUESTS"}
            return web.json_response(said, status=429, headers=headers)
        if self.lose_after and self.asked % self.lose_after == 0:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        await asyncio.sleep(self.slow)
        taken = [json.loads(self.queue.popleft()) for _ in range(min(self.at_once, len(self.queue)))]
        self.handed += map(json.dumps, taken)
        if self.twice and taken:
            self.queue.extendleft([json.dumps(taken[-1])] if len(self.handed) % self.twice == 0 else [])
        return web.json_response(taken)

    async def wrong(self, _: web.Request) -> web.Response:
        """Anything but GET."""
        return web.json_response({"status": "FAILED", "errorCode": "WRONG_HTTP_METHOD"}, status=405)


@asynccontextmanager
async def borderconnect(vendor: BorderConnect | None = None, port: int | None = None) -> AsyncIterator[BorderConnect]:
    """A vendor that listens."""
    vendor = vendor or BorderConnect()
    app = web.Application()
    app.add_routes(
        [
            web.get(f"/api/sockets/{SUFFIX}", vendor.socket),
            web.get(f"/api/receive/{SUFFIX}", vendor.receive),
            web.post(f"/api/receive/{SUFFIX}", vendor.wrong),
        ]
    )
    server = TestServer(app, port=port)
    await server.start_server()
    vendor.url = str(server.make_url("")).rstrip("/")
    try:
        yield vendor
    finally:
        vendor.cut()
        await server.close()


def rns(number: str, code: str = "9", at: str = "2026-11-24 12:00:00", name: str = "") -> dict[str, object]:
    """An RNS answer (SAMPLE)."""
    status = {"dateTime": at, "releaseCode": {"number": code, "shortName": name}}
    return {"data": "RNS_SHIPMENT", "cargoControlNumber": number, "status": status}


def notice(number: str, type_: str) -> dict[str, object]:
    """A completeness notice (SAMPLE); it carries no time."""
    return {"data": "ACI_NOTICE", "type": type_, "cargoControlNumber": number}
