"""Arrival by HTTP: POST /hooks/<feed>, signed; answers 2xx only after the bytes are kept."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.feeds.protocol import Arrived, Keep

log = logging.getLogger(__name__)

#: How far a signature's time may be from ours, in seconds.
WINDOW = 300
_SLOWEST = 30.0
_MOST_SIGNATURES = 8
_UNSIGNED = "This is not signed as this feed expects. Nothing was kept."


@dataclass(frozen=True, slots=True)
class Hook:
    """Settings of one feed: `secrets` sign, several while one is changed; `bearers` are the tokens allowed, if any."""

    feed: str
    secrets: tuple[str, ...] = ()
    bearers: tuple[str, ...] = ()
    largest: int = 20 * 1024 * 1024


def signature(secret: str, stamp: int, body: bytes) -> str:
    """The header value that signs a body at a machine time in whole seconds."""
    return f"t={stamp},v1={_mac(secret, str(stamp), body)}"


def routes(
    hooks: Mapping[str, Hook], keep: Keep, now: Callable[[], datetime], machine: Callable[[], float]
) -> list[web.RouteDef]:
    """The webhook's routes; `now` is civil time for what arrives, `machine` seconds since 1970 for signatures."""

    async def arrive(request: web.Request) -> web.Response:
        hook = hooks.get(request.match_info["feed"])
        if hook is None:
            return _answer(404, "There is no such feed here. Nothing was kept; look at the address.")
        refused = _envelope_fault(request, hook)
        if refused:
            return refused
        try:
            async with asyncio.timeout(_SLOWEST):
                body = await _body(request, hook.largest)
        except TimeoutError:
            return _answer(408, "The message came too slowly. Nothing was kept; send it again.")
        if body is None:
            return _too_large(hook)
        if not _allowed(request.headers, body, hook, machine()):
            return _answer(401, _UNSIGNED)
        if not body:
            return _answer(400, "The message is empty. Nothing was kept.")
        return await _keep(Arrived(hook.feed, body, "webhook", now()), keep)

    return [web.post("/hooks/{feed}", arrive)]


async def _keep(arrived: Arrived, keep: Keep) -> web.Response:
    try:
        async with asyncio.timeout(_SLOWEST):
            kept = await keep([arrived])
    except Exception:  # whatever failed, the sender keeps the message only if told that we did not
        log.exception("message not kept", extra={"action": "webhook", "feed": arrived.feed})
        answer = _answer(503, "The message could not be kept just now. Send it again in a moment.")
        answer.headers["Retry-After"] = "5"
        return answer
    return web.json_response({"kept": kept.kept, "repeated": kept.repeated}, status=202 if kept.kept else 200)


def _envelope_fault(request: web.Request, hook: Hook) -> web.Response | None:
    """What can be refused before a byte of the body is read."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return _answer(415, "Send the message without compression. Nothing was kept.")
    if request.content_type.startswith("multipart/"):
        return _answer(415, "Send the message itself as the body, not as a form. Nothing was kept.")
    if (request.content_length or 0) > hook.largest:
        return _too_large(hook)
    if "Authorization" not in request.headers and "Holdwatch-Signature" not in request.headers:
        return _answer(401, _UNSIGNED)
    return None


async def _body(request: web.Request, largest: int) -> bytes | None:
    """The body, None as soon as it is longer than allowed."""
    chunks, size = [], 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > largest:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _allowed(headers: Mapping[str, str], body: bytes, hook: Hook, moment: float) -> bool:
    """Whether a signature or a token fits. Everything is compared, so that the time taken tells nothing."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    given = _bytes(token.strip()) if scheme.lower() == "bearer" else b""
    known = [hmac.compare_digest(given, _bytes(bearer)) for bearer in hook.bearers if bearer]
    return any(known) or _signed(headers.get("Holdwatch-Signature", ""), body, hook.secrets, moment)


def _signed(header: str, body: bytes, secrets: tuple[str, ...], moment: float) -> bool:
    stamp, macs = "", []
    for item in header.split(",")[: _MOST_SIGNATURES + 1]:
        name, _, value = item.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == "v1":
            macs.append(_bytes(value.lower()))
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 16) or abs(moment - int(stamp)) > WINDOW:
        return False
    wanted = [_bytes(_mac(secret, stamp, body)) for secret in secrets if secret]
    fits = [hmac.compare_digest(want, mac) for want in wanted for mac in macs]
    return any(fits)


def _mac(secret: str, stamp: str, body: bytes) -> str:
    signing = hmac.new(_bytes(secret), _bytes(f"{stamp}."), hashlib.sha256)
    signing.update(body)
    return signing.hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _too_large(hook: Hook) -> web.Response:
    return _answer(413, f"The message is larger than {hook.largest // 1024} KiB. Nothing was kept; send smaller ones.")


def _answer(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
