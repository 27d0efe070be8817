"""Slack over HTTP: one route, and nothing gets in without a fresh signature."""

import time
from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import Clock, SignatureVerifier

PATH = "/slack/events"
WINDOW = 300


class MachineClock(Clock):
    """The verifier's clock, out of a function."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


class Events:
    """Answers Slack's requests after their signature was checked."""

    def __init__(self, app: AsyncApp, secret: str, *, now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._verifier = SignatureVerifier(secret, MachineClock(now))

    def routes(self) -> list[web.RouteDef]:
        """What the one HTTP server mounts."""
        return [web.post(PATH, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """401 for what Slack did not sign within five minutes; else what bolt answers."""
        body = await request.read()
        if not self._signed(body, request):
            return web.Response(status=401, text="The signature does not fit or is too old.")
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

    def _signed(self, body: bytes, request: web.Request) -> bool:
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        given = request.headers.get("X-Slack-Signature", "")
        # The library raises on a time that is no number and on bytes that are no text.
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and given.isascii()):
            return False
        try:
            return self._verifier.is_valid(body, stamp, given)
        except UnicodeDecodeError:
            return False
