"""The HTTP side of the Telegram stand-in: bodies of every kind, the token, faults on demand, a list of refusals."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.standins.holds import AFTER, BEFORE, Holds
from tests.standins.telegram_methods import Methods
from tests.standins.telegram_state import User
from tests.standins.telegram_text import Refused

PAGE = "<html><head><title>500 Internal Server Error</title></head><body>nginx</body></html>"


@dataclass(frozen=True)
class Refusal:
    """Something Telegram would not have taken."""

    method: str
    code: int
    description: str
    params: dict[str, Any] = field(compare=False)


@dataclass
class Fault:
    """What goes wrong with the next `left` calls of a method ('' for every method but getUpdates)."""

    kind: str
    left: int
    method: str
    seconds: float

    def meets(self, method: str, params: dict[str, Any]) -> bool:
        """Whether it strikes this call."""
        if self.kind == "markup" and not params.get("parse_mode"):
            return False
        return self.left > 0 and (method == self.method or (not self.method and method != "getupdates"))


class Server(Methods):
    """Answers /bot<token>/<method> on a free port of the loopback."""

    def __init__(self, token: str, username: str, tap_patience: float) -> None:
        super().__init__(User(int(token.split(":")[0]), "Holdwatch", True, username), tap_patience)
        self.token = token
        self.url = ""
        self.refused: list[Refusal] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._faults: list[Fault] = []
        self.holds = Holds()
        self._runner: web.AppRunner | None = None

    def fail(self, kind: str, times: int = 1, *, method: str = "", seconds: float = 1.0) -> None:
        """Lets the next calls go wrong.

        `429` (retry after `seconds`), `500` (an HTML page), `reset` (nothing done, connection cut), `lost` (done, and
        the answer never arrives), `slow` (done after `seconds`), `markup` (whatever has a parse_mode can't be parsed).
        These are not recorded as refusals: the bot did nothing wrong.
        """
        if kind not in ("429", "500", "reset", "lost", "slow", "markup"):
            raise ValueError(kind)
        self._faults.append(Fault(kind, times, method.lower(), seconds))

    async def open(self) -> None:
        """Starts listening."""
        app = web.Application(client_max_size=20_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stops listening and pushing."""
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        params: dict[str, Any] = {}
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401, "Unauthorized")
            params = await _params(request)
            self.calls.append((name, params))
            held = self.holds.of(name, self._outgoing(params))
            if held == AFTER:
                await self._run(name, params)
            if held in (BEFORE, AFTER):
                await asyncio.Event().wait()
            fault = next((f for f in self._faults if f.meets(name, params)), None)
            if fault is not None:
                fault.left -= 1
                return await self._faulty(fault, request, name, params)
            return _ok(await self._run(name, params))
        except Refused as no:
            if not _gone(request):
                self.refused.append(Refusal(name, no.code, no.description, params))
            return _no(no)

    async def _file(self, request: web.Request) -> web.Response:
        """A file that somebody sent."""
        body = self.files.get(request.match_info["path"].removeprefix("sent/"))
        fault = next((f for f in self._faults if f.left > 0 and f.method == "file"), None)
        if fault is not None:
            fault.left -= 1
            return await self._faulty(fault, request, "file", {})
        if request.match_info["token"] != self.token or body is None:
            return _no(Refused(404, "Not Found"))
        return web.Response(body=body)

    def _outgoing(self, params: dict[str, Any]) -> str:
        """The text of what nobody asked for; '' of an answer to what somebody typed."""
        named = str(params.get("chat_id") or "")
        chat = self.chats.get(int(named)) if named.lstrip("-").isdecimal() else None
        above = self._replied(chat, params) if chat is not None else None
        return "" if above is not None and above.sender is not self.bot else str(params.get("text") or "")

    async def _run(self, name: str, params: dict[str, Any]) -> Any:
        if name not in self.table:
            raise Refused(404, "Not Found: method not found")
        return await self.table[name](params)

    async def _faulty(self, fault: Fault, request: web.Request, name: str, params: dict[str, Any]) -> web.Response:
        if fault.kind == "429":
            wait = int(fault.seconds)
            return _no(Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
        if fault.kind == "500":
            return web.Response(status=500, text=PAGE, content_type="text/html")
        if fault.kind == "markup":
            return _no(Refused(400, "Bad Request: can't parse entities: Unsupported start tag"))
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return _ok(await self._run(name, params))
        if fault.kind == "lost":
            await self._run(name, params)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _params(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            return {**params, **(json.loads(raw) if raw else {})}
        except (ValueError, TypeError):
            raise Refused(400, "Bad Request: can't parse JSON object") from None
    if request.method == "POST":
        params.update(await request.post())
    return params


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _no(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)
