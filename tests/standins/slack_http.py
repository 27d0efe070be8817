"""HTTP delivery of the Slack stand-in: signed requests to the app, retries for events, three seconds to answer."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from tests.standins.slack_state import Json, State


class HttpDelivery:
    """Posts to the app's request URL as Slack does."""

    def __init__(self, state: State, *, secret: str, ack_seconds: float) -> None:
        self.state = state
        self.secret = secret
        self.ack_seconds = ack_seconds
        self.url = ""
        # Slack waits nothing, a minute and five minutes; a test has no five minutes.
        self.retry_delays: tuple[float, ...] = (0.0, 0.05, 0.1)
        self._session: aiohttp.ClientSession | None = None

    def signed(self, body: bytes, at: int | None = None) -> dict[str, str]:
        """The v0 signature headers for a body."""
        stamp = str(int(time.time()) if at is None else at)
        digest = hmac.new(self.secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def raw(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, str]:
        """Posts these bytes; status (0 when nobody answered in time), content type, body."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with self._session.post(self.url, data=body, headers=headers, timeout=limit) as answer:
                return answer.status, answer.content_type, await answer.text()
        except (TimeoutError, aiohttp.ClientError):
            return 0, "", ""

    async def deliver(self, kind: str, payload: Json) -> Json | None:
        """Sends one thing; the acknowledged body, None when it was not acknowledged with 2xx in time."""
        if kind == "events_api":
            return await self._event(payload)
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = urlencode(form).encode()
        headers = self.signed(body) | {"Content-Type": "application/x-www-form-urlencoded"}
        status, kind_of, text = await self.raw(body, headers)
        if status == 200:
            return acknowledged(kind_of, text)
        self.state.refuse(kind, "late_ack" if status == 0 else "bad_status", f"{status} {text[:200]}")
        return None

    async def _event(self, payload: Json) -> Json | None:
        body = json.dumps(payload).encode()
        reason = ""
        for attempt, delay in enumerate((0.0, *self.retry_delays)):
            await asyncio.sleep(delay)
            headers = self.signed(body) | {"Content-Type": "application/json"}
            if attempt:
                headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
            status, kind_of, text = await self.raw(body, headers)
            if status == 200:
                return acknowledged(kind_of, text)
            reason = "http_timeout" if status == 0 else "http_error"
        self.state.refuse("events_api", reason, "given up")
        return None

    async def close(self) -> None:
        """Ends the client."""
        if self._session is not None:
            await self._session.close()


def acknowledged(content_type: str, text: str) -> Json:
    """An acknowledgement as a payload: JSON as it is, other text as Slack would print it."""
    if not text.strip():
        return {}
    if content_type == "application/json":
        body = json.loads(text)
        return body if isinstance(body, dict) else {}
    return {"text": text}
