"""The one HTTP server: who gets in, what every answer carries, and what it says when something is wrong."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from handlers.web import COOKIE, HEADERS, Gate, Health, Web, at_home

TOKEN = "SAMPLE-board-token"
STRANGE = {"Host": "board.example"}


@dataclass
class Served:
    """A running server and a plain client of it."""

    url: str
    faults: list[str] = field(default_factory=list)
    client: aiohttp.ClientSession = field(default=None)  # type: ignore[assignment]

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.client.get(self.url + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def serving(token: str = "") -> AsyncIterator[Served]:
    served = Served("")

    async def faults() -> Sequence[str]:
        return served.faults

    async def gauge() -> None:
        if "gauge" in served.faults:
            raise RuntimeError("SAMPLE secret detail")

    async def board(_request: web.Request) -> web.Response:
        return web.Response(text="the board")

    async def broken(_request: web.Request) -> web.Response:
        raise RuntimeError("SAMPLE secret detail")

    async def hook(request: web.Request) -> web.Response:
        return web.Response(status=202, text=str(len(await request.read())))

    server = Web(
        Health(faults, gauge),
        routes=[web.post("/hooks/x", hook), web.get("/broken", broken)],
        guarded=[web.get("/board", board)],
        token=token,
    )
    port = await server.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        served.url, served.client = f"http://127.0.0.1:{port}", client
        try:
            yield served
        finally:
            await server.stop()


FORWARDING = (
    "X-Forwarded-For", "X-Forwarded-Host", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP",
    "True-Client-IP", "X-Client-IP", "X-Envoy-External-Address",
)  # fmt: skip


@pytest.mark.parametrize("header", FORWARDING)
@pytest.mark.parametrize("path", ["/board", "/metrics"])
async def test_a_request_that_was_forwarded_needs_the_token(path: str, header: str) -> None:
    async with serving() as served:
        assert (await served.get(path))[0] == 200
        status, text = await served.get(path, **{header: "127.0.0.1"})
        assert status == 401
        assert "the board" not in text
        assert "Sign in" in text


@pytest.mark.parametrize("path", ["/board", "/metrics"])
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "[::2]:1", ""]
)
async def test_a_name_that_is_not_this_machines_gets_nothing(path: str, host: str) -> None:
    async with serving() as served:
        assert (await served.get(path, Host=host))[0] == 401


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:99", "[::1]:8080", "127.3.2.1"]
)
async def test_names_of_this_machine_get_the_board(host: str) -> None:
    async with serving() as served:
        assert await served.get("/board", Host=host) == (200, "the board")


async def test_the_token_opens_the_board_through_a_proxy_and_a_wrong_one_does_not() -> None:
    async with serving(TOKEN) as served:
        assert (await served.get("/board", **STRANGE))[0] == 401
        assert (await served.get("/board", **STRANGE, Authorization="Bearer wrong"))[0] == 401
        assert (await served.get("/board", **STRANGE, Authorization=f"Basic {TOKEN}"))[0] == 401
        assert (await served.get("/board?token=wrong", **STRANGE))[0] == 401
        assert (await served.get("/board", **STRANGE, Authorization=f"Bearer {TOKEN}"))[0] == 200
        assert (await served.get("/metrics", **STRANGE, Via="1.1 x", Authorization=f"bearer {TOKEN}"))[0] == 200


async def test_without_a_token_no_token_opens() -> None:
    async with serving() as served:
        for given in ("", "Bearer ", "Bearer None"):
            assert (await served.get("/board", **STRANGE, Authorization=given))[0] == 401
        assert (await served.get("/board?token=", **STRANGE))[0] == 401
        assert (await served.get("/board", **STRANGE, Cookie=f"{COOKIE}={Gate('').cookie}"))[0] == 401


async def test_a_token_in_the_address_signs_in_once_with_a_cookie_that_is_not_the_token() -> None:
    async with serving(TOKEN) as served:
        async with served.client.get(f"{served.url}/board?token={TOKEN}", headers=STRANGE) as answer:
            page, cookie = await answer.text(), answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert TOKEN not in cookie + page
        assert 'url=/board"' in page
        value = cookie.split(";")[0]
        assert await served.get("/board", **STRANGE, Cookie=value) == (200, "the board")
        assert (await served.get("/board", **STRANGE, Cookie=f"{COOKIE}={TOKEN}"))[0] == 401


async def test_signing_in_leads_nowhere_else() -> None:
    async with serving(TOKEN) as served:
        status, text = await served.get(f"//evil.example/board?token={TOKEN}")
        assert status == 404
        assert "evil" not in text


@pytest.mark.parametrize("path", ["/board", "/metrics", "/healthz", "/readyz", "/broken", "/nothing", "/hooks/x"])
async def test_every_answer_carries_the_security_headers(path: str) -> None:
    async with serving() as served, served.client.get(served.url + path) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_what_breaks_shows_no_stack_trace() -> None:
    async with serving() as served:
        served.faults.append("gauge")
        for path in ("/broken", "/metrics"):
            status, text = await served.get(path)
            assert status == 500
            assert "Traceback" not in text
            assert "secret" not in text
            assert "Nothing was changed" in text


async def test_alive_is_told_to_everybody_and_ready_says_what_is_wrong_only_to_who_may_see() -> None:
    async with serving() as served:
        assert await served.get("/healthz", **STRANGE) == (200, "ok\n")
        assert await served.get("/readyz", **STRANGE) == (200, "ready\n")
        served.faults.append("slack does not let us in: token_revoked")
        assert await served.get("/readyz") == (503, "not ready\nslack does not let us in: token_revoked\n")
        status, text = await served.get("/readyz", **STRANGE)
        assert status == 503
        assert "slack" not in text
        assert (await served.get("/healthz"))[0] == 200


async def test_metrics_are_in_the_form_that_prometheus_reads() -> None:
    async with serving() as served, served.client.get(served.url + "/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "# TYPE " in await answer.text()


async def test_webhooks_need_no_board_token_and_large_bodies_are_refused_in_words() -> None:
    async with serving(TOKEN) as served:
        async with served.client.post(served.url + "/hooks/x", data=b"abc", headers=STRANGE) as answer:
            assert (answer.status, await answer.text()) == (202, "3")
        async with served.client.post(served.url + "/hooks/x", data=io.BytesIO(b"x" * 3_000_000)) as answer:
            assert answer.status == 413
            assert "nothing was kept" in await answer.text()


async def test_the_root_leads_to_the_board_and_a_taken_port_is_an_error() -> None:
    async with serving() as served:
        async with served.client.get(served.url + "/", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, "/board")
        port = int(served.url.rpartition(":")[2])

        async def fine() -> Sequence[str]:
            return ()

        async def still() -> None:
            return None

        with pytest.raises(OSError, match="address already in use"):
            await Web(Health(fine, still)).start("127.0.0.1", port)


class Wire(asyncio.Transport):
    """A connection from an address."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 5)})


@pytest.mark.parametrize(
    ("peer", "home"),
    [
        ("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.0.0.7", False), ("172.17.0.1", False),
        ("2001:db8::1", False), ("::ffff:10.0.0.7", False), ("", False),
    ],
)  # fmt: skip
def test_only_a_loopback_peer_is_at_home_whatever_name_it_calls(peer: str, home: bool) -> None:
    request = make_mocked_request("GET", "/board", {"Host": "127.0.0.1"}, transport=Wire(peer))
    assert at_home(request) is home
