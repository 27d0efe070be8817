"""The one HTTP server: who may see what, what every answer carries, and whether all is well."""

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

log = logging.getLogger(__name__)

COOKIE = "holdwatch_board"
_KEPT = 30 * 24 * 3600
#: A webhook says how large its own messages may be; this is the limit of what reads the body in one piece.
_LARGEST = 2_000_000
#: What proxies add: with any of these, whoever asks is not the person at this machine.
_FORWARDED = re.compile(
    r"x-forwarded-.*|forwarded|forwarded-for|via|x-real-ip|x-original-.*|x-client-ip|x-cluster-client-ip|cf-.*"
    r"|true-client-ip|fastly-client-ip|cdn-loop|x-envoy-.*|x-appengine-.*|fly-.*|x-azure-.*|x-proxyuser-ip"
    r"|x-arr-.*|x-host|tailscale-.*|ngrok-.*",
    re.IGNORECASE,
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Server": "holdwatch",
}
_SIGNED_IN = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={path}">'
    '<title>Holdwatch</title><p><a href="{path}">You are signed in. Go on.</a></p></html>'
)
_STRANGER = (
    "Sign in first. From this machine itself no sign-in is needed: open http://127.0.0.1 with this server's port.\n"
    "From elsewhere, or through a proxy, set HOLDWATCH_BOARD_TOKEN and open this page once with ?token=… at its end, "
    "or send Authorization: Bearer ….\n"
)


@dataclass(frozen=True, slots=True)
class Health:
    """Asked by /readyz and /metrics: `faults` are sentences, none when all is well; `gauge` sets the gauges."""

    faults: Callable[[], Awaitable[Sequence[str]]]
    gauge: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may see the board and the metrics."""

    token: str = field(default="", repr=False)

    @property
    def cookie(self) -> str:
        """What stands in the cookie: made of the token, and not the token."""
        return hmac.new(self.token.encode(), b"holdwatch board cookie", hashlib.sha256).hexdigest()

    def lets_in(self, request: web.Request) -> bool:
        """Whether this request comes from the machine itself, or brings the token."""
        return at_home(request) or self._signed_in(request)

    def fits(self, given: str) -> bool:
        """Whether this is the token."""
        return bool(self.token) and _same(given, self.token)

    def _signed_in(self, request: web.Request) -> bool:
        if not self.token:
            return False
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        known = scheme.lower() == "bearer" and _same(bearer.strip(), self.token)
        return known or _same(request.cookies.get(COOKIE, ""), self.cookie)


def at_home(request: web.Request) -> bool:
    """Whether a request comes from this machine, through no proxy, and under a name of this machine.

    The name matters: a page elsewhere can have its own name resolve to 127.0.0.1 and read what we answer.
    """
    if request.transport is None or any(_FORWARDED.fullmatch(name) for name in request.headers):
        return False
    peer = request.transport.get_extra_info("peername")
    return bool(peer) and _loopback(str(peer[0])) and _loopback(_host(request.headers.get("Host", "")))


def _host(header: str) -> str:
    """The name in a Host header, without its port."""
    found = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|([^:\[\]]+)(?::\d+)?", header.strip())
    return (found[1] or found[2]) if found else ""


def _loopback(name: str) -> bool:
    if name.lower() in ("localhost", "localhost."):
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or bool(mapped and mapped.is_loopback)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


class Web:
    """Collects routes and serves them; `guarded` ones are seen only through the gate, and `/` leads to the first."""

    def __init__(
        self,
        health: Health,
        *,
        routes: Sequence[web.RouteDef] = (),
        guarded: Sequence[web.RouteDef] = (),
        token: str = "",
    ) -> None:
        self._health = health
        self._gate = Gate(token)
        self._routes = [
            *routes,
            *(_with(route, self._through_gate(route.handler)) for route in guarded),
            web.get("/healthz", self._alive),
            web.get("/readyz", self._ready),
            web.get("/metrics", self._through_gate(self._metrics)),
        ]
        self._home = guarded[0].path if guarded else "/healthz"
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listens; returns the port, which the system chose if it was 0. OSError when it is taken."""
        app = web.Application(middlewares=[_outermost()], client_max_size=_LARGEST)
        app.add_routes([*self._routes, web.get("/", self._to_home)])
        # A reader that hangs on must not hold up a stop.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stops listening, lets what is being answered end."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _through_gate(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            given = request.query.get("token", "")
            if given and self._gate.fits(given):
                return self._sign_in(request)
            if not self._gate.lets_in(request):
                log.warning("a stranger was not let in", extra={"action": "web.stranger", "path": request.path})
                return web.Response(status=401, text=_STRANGER, headers={"WWW-Authenticate": "Bearer"})
            return await handler(request)

        return guarded

    def _sign_in(self, request: web.Request) -> web.Response:
        # No redirect: a Strict cookie is not sent along one that began on another page, such as a chat's.
        path = re.sub(r"[^\w/~.-]", "", "/" + request.path.lstrip("/"))
        answer = web.Response(text=_SIGNED_IN.format(path=path), content_type="text/html")
        secure = request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
        answer.set_cookie(
            COOKIE, self._gate.cookie, max_age=_KEPT, httponly=True, samesite="Strict", path="/", secure=secure
        )
        return answer

    async def _to_home(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": self._home})

    async def _alive(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:
        faults = await self._faults()
        if not faults:
            return web.Response(text="ready\n")
        # Names of feeds and chats are nobody's business but the carrier's.
        said = "\n".join(faults) if self._gate.lets_in(request) else "details are told to who may see the board"
        return web.Response(status=503, text=f"not ready\n{said}\n")

    async def _faults(self) -> Sequence[str]:
        try:
            async with asyncio.timeout(5):
                return await self._health.faults()
        except TimeoutError:
            return ["the database does not answer within 5 s"]

    async def _metrics(self, request: web.Request) -> web.Response:
        await self._health.gauge()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _with(route: web.RouteDef, handler: Handler) -> web.RouteDef:
    return web.RouteDef(route.method, route.path, handler, route.kwargs)


def _outermost() -> Middleware:
    """Every answer carries the headers; what breaks is logged, and answered in words."""

    @web.middleware
    async def outermost(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            answer = await handler(request)
        except web.HTTPException as answered:
            answer = web.Response(
                status=answered.status, text=f"{answered.status}: {_WORDS.get(answered.status, '')}\n"
            )
            answer.headers.update(_allow(answered.headers))
        except asyncio.CancelledError:
            raise
        except Exception:  # whatever broke, a stranger reads no stack trace
            log.exception("a request failed", extra={"action": "web.failed", "path": request.path})
            answer = web.Response(status=500, text="That broke on our side. Nothing was changed; the log says more.\n")
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    return outermost


_WORDS = {
    404: "there is nothing here; the board is at /board.",
    405: "this address does not take that method.",
    413: "that is too large; nothing was kept.",
}


def _allow(headers: Mapping[str, str]) -> dict[str, str]:
    return {"Allow": headers["Allow"]} if "Allow" in headers else {}
