"""The loopback server of the Slack stand-in: Web API with faults, response URLs, the Socket Mode door."""

import asyncio
import json
import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.standins.holds import AFTER, BEFORE, Holds
from tests.standins.slack_http import HttpDelivery
from tests.standins.slack_socket import SocketMode
from tests.standins.slack_state import BOT_USER, Json, Message, State
from tests.standins.slack_web import RefusedError, WebApi, content

HTML = "<html><body><h1>SAMPLE 500</h1></body></html>"


@dataclass
class Fault:
    """What the next call to one of `methods` (any when empty) meets; `done` lets it take effect first."""

    kind: str
    methods: tuple[str, ...] = ()
    seconds: float = 1.0
    done: bool = False


@dataclass
class ResponseUrl:
    """Five uses in thirty minutes."""

    user: str
    channel: str
    source: Message | None
    born: float
    uses: int = 0


class Server:
    """State plus transports plus the HTTP server around them."""

    def __init__(self, *, ack_seconds: float, trigger_seconds: float) -> None:
        self.state = State()
        self.bot_token = "xoxb-sample-" + secrets.token_hex(6)
        self.app_token = "xapp-sample-" + secrets.token_hex(6)
        self.signing_secret = secrets.token_hex(16)
        self.revoked = False
        self.web = WebApi(self.state, trigger_seconds=trigger_seconds)
        self.socket = SocketMode(self.state, ack_seconds=ack_seconds)
        self.http = HttpDelivery(self.state, secret=self.signing_secret, ack_seconds=ack_seconds)
        self.faults: deque[Fault] = deque()
        self.holds = Holds()
        self.response_urls: dict[str, ResponseUrl] = {}
        self.base = ""
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The value for SLACK_API_URL."""
        return f"{self.base}/api/"

    async def start(self) -> None:
        """Listens on a free loopback port."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/response/{key}", self._response)
        app.router.add_get("/link", self.socket.connected)
        app.router.add_get("/files/{key}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Closes everything."""
        for link in list(self.socket.links):
            await link.close()
        await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def fault(
        self, kind: str, times: int = 1, *, methods: tuple[str, ...] = (), seconds: float = 1.0, done: bool = False
    ) -> None:
        """Arms faults: `429`, `500` (HTML body), `reset`, `slow` or an error word of Slack."""
        self.faults.extend(Fault(kind, methods, seconds, done) for _ in range(times))

    def _armed(self, method: str) -> Fault | None:
        for fault in self.faults:
            if not fault.methods or method in fault.methods:
                self.faults.remove(fault)
                return fault
        return None

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await arguments(request)
        held = self.holds.of(method, f"{args.get('text')} {args.get('blocks')}")
        if held == AFTER:
            await self._answer(method, request, args)
        if held in (BEFORE, AFTER):
            await asyncio.Event().wait()
        fault = self._armed(method)
        if fault is not None:
            if fault.done:
                await self._answer(method, request, args)
            broken = await self._broken(fault, request)
            if broken is not None:
                return broken
        return await self._answer(method, request, args)

    async def _broken(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        if fault.kind == "429":
            headers = {"Retry-After": str(int(fault.seconds))}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault.kind == "500":
            return web.Response(status=500, text=HTML, content_type="text/html")
        if fault.kind == "reset":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        return web.json_response({"ok": False, "error": fault.kind})

    async def _file(self, request: web.Request) -> web.Response:
        """A file for whoever has the token; others get the page to sign in, with 200."""
        body = self.state.files.get(request.match_info["key"])
        fault = self._armed("files")
        if fault is not None and (broken := await self._broken(fault, request)) is not None:
            return broken  # type: ignore[return-value]
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            self.state.refuse("files", "not_authed")
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        return web.Response(body=body) if body is not None else web.Response(status=404)

    async def _answer(self, method: str, request: web.Request, args: Json) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))
        try:
            self._authorized(method, token)
            if method == "apps.connections.open":
                url = f"{self.base.replace('http', 'ws', 1)}/link?ticket={self.socket.ticket()}"
                return web.json_response({"ok": True, "url": url})
            if method not in self.web.methods:
                raise RefusedError("unknown_method", method)
            self.web.calls.append((method, args))
            return web.json_response({"ok": True} | await self.web.methods[method](args))
        except RefusedError as refused:
            self.state.refuse(method, refused.error, refused.detail)
            status = 429 if refused.error == "ratelimited" else 200
            headers = {"Retry-After": "1"} if status == 429 else {}
            meta = {"response_metadata": {"messages": [f"[ERROR] {refused.detail}"]}} if refused.detail else {}
            return web.json_response({"ok": False, "error": refused.error} | meta, status=status, headers=headers)

    def _authorized(self, method: str, token: str) -> None:
        if not token:
            raise RefusedError("not_authed")
        if method == "apps.connections.open":
            if token != self.app_token:
                raise RefusedError("not_allowed_token_type" if token == self.bot_token else "invalid_auth")
        elif token != self.bot_token:
            raise RefusedError("invalid_auth")
        if self.revoked:
            raise RefusedError("token_revoked")

    def response_url(self, user: str, channel: str, source: Message | None = None) -> str:
        """A fresh response URL for one interaction."""
        key = secrets.token_hex(8)
        self.response_urls[key] = ResponseUrl(user, channel, source, time.monotonic())
        return f"{self.base}/response/{key}"

    async def _response(self, request: web.Request) -> web.Response:
        fault = self._armed("response_url")
        if fault is not None:
            broken = await self._broken(fault, request)
            if isinstance(broken, web.Response):
                return broken
        url = self.response_urls.get(request.match_info["key"])
        if url is None or url.uses >= 5 or time.monotonic() - url.born > 1800:
            self.state.refuse("response_url", "expired_url" if url else "invalid_url")
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        url.uses += 1
        try:
            self.said(url.user, url.channel, await request.json(), url.source)
        except RefusedError as refused:
            self.state.refuse("response_url", refused.error, refused.detail)
            return web.json_response({"ok": False, "error": refused.error}, status=400)
        return web.json_response({"ok": True})

    def said(self, user: str, channel: str, body: Json, source: Message | None = None) -> Message:
        """Puts an acknowledged or response_url message where Slack would."""
        if source is not None and body.get("delete_original"):
            (self.state.log if source in self.state.log else self.state.ephemerals).remove(source)
            return source
        text, blocks = content(body)
        if source is not None and body.get("replace_original"):
            source.text, source.blocks, source.edits = text, blocks, source.edits + 1
            return source
        made = Message(channel, self.state.next_ts(), BOT_USER, text, blocks, str(body.get("thread_ts") or ""))
        if body.get("response_type") == "in_channel":
            self.state.log.append(made)
        else:
            made.only_for = user
            self.state.ephemerals.append(made)
        return made


async def arguments(request: web.Request) -> Json:
    """Query, form or JSON arguments as one object."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body: Any = json.loads(await request.text() or "{}")
        return args | (body if isinstance(body, dict) else {})
    if request.method == "POST":
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return args
