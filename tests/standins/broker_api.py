"""A broker's HTTP API on loopback, SAMPLE: it answers about numbers, and can be told to fail in every way one meets."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "SAMPLE-key-of-the-api"


class BrokerApi:
    """What it knows by number, what it will do to the next requests, and who asked what."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        #: One word for each request to come; when none is left it behaves.
        self.plan: deque[str] = deque()
        self.asked: list[str] = []
        self.keys: list[str] = []
        self.key = KEY
        self.etag = ""
        self.hurt = asyncio.Event()
        self.url = ""

    def count(self, number: str) -> int:
        """How often a number was asked about."""
        return self.asked.count(number)

    def body(self, number: str) -> bytes:
        """What it says of a number; its own clock changes with every answer."""
        said = self.known.get(number, [])
        return json.dumps({"served": datetime.now(UTC).isoformat(), "shipments": said}).encode()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers, or does what it was told."""
        number = request.query.get("number", "")
        self.asked.append(number)
        self.keys.append(request.headers.get("X-Api-Key", ""))
        word, _, more = (self.plan.popleft() if self.plan else "ok").partition(":")
        if word != "ok":
            self.hurt.set()
        if request.headers.get("X-Api-Key") != self.key:
            return web.json_response({"error": "who are you?"}, status=401)
        if word in ("lost", "half"):
            return await self._break(request, number if word == "half" else "")
        if word == "slow":
            await asyncio.sleep(float(more))
        return _unwell(word, more) or self._well(request, number)

    async def _break(self, request: web.Request, number: str) -> web.StreamResponse:
        """Ends the connection, in the middle of the answer about a number."""
        assert request.transport is not None
        whole = self.body(number)
        response = web.StreamResponse(headers={"Content-Length": str(len(whole))})
        if number:
            await response.prepare(request)
            await response.write(whole[: len(whole) // 2])
        request.transport.close()
        return response

    def _well(self, request: web.Request, number: str) -> web.Response:
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304)
        response = web.Response(body=self.body(number), content_type="application/json")
        if self.etag:
            response.headers["ETag"] = self.etag
        response.enable_compression()
        return response


def _unwell(word: str, more: str) -> web.Response | None:
    """The answer of a vendor that does not feel well; None: it does."""
    match word:
        case "html":
            return web.Response(text="<html><b>Sorry</b></html>", content_type="text/html")
        case "large":
            return web.Response(body=b"[" + b" " * int(more) + b"]")
        case "date":
            at = datetime.now(UTC) + timedelta(seconds=float(more))
            return web.Response(status=429, headers={"Retry-After": format_datetime(at, usegmt=True)})
        case "429":
            return web.Response(status=429, headers={"Retry-After": more} if more else {})
        case "elsewhere":
            raise web.HTTPFound(more)
        case "here":
            raise web.HTTPFound(f"/status?number={more}")
    return web.Response(status=int(word)) if word.isdecimal() else None


@asynccontextmanager
async def broker_api(known: Mapping[str, Any] | None = None) -> AsyncIterator[BrokerApi]:
    """The API, up on loopback; `url` holds {number}."""
    api = BrokerApi()
    api.known.update(known or {})
    app = web.Application()
    app.router.add_get("/status", api.answer)
    server = TestServer(app)
    await server.start_server()
    api.url = str(server.make_url("/status")) + "?number={number}"
    try:
        yield api
    finally:
        await server.close()
