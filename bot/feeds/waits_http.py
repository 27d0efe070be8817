"""Asks a public address for its newest page, and only for what is new there (conditional GET)."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bot.domain.waits import Unanswered

_AGENT = "Holdwatch (border wait times for truck dispatch)"
_LARGEST = 5_000_000
#: The longest that a server's own wish is believed to hold.
_MOST = timedelta(hours=6)


class Page:
    """One address. Calling it gives its bytes, None where they are still what was given last; raises Unanswered."""

    def __init__(self, url: str, seconds: float = 20.0) -> None:
        self.url = url
        self._seconds = seconds
        self._marks: dict[str, str] = {}

    async def __call__(self) -> bytes | None:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._get()
        except TimeoutError:
            raise Unanswered(f"no answer within {self._seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as why:
            raise Unanswered(f"it can't be reached ({type(why).__name__})") from None

    def forget(self) -> None:
        """The page that was given last was of no use: ask for it whole again."""
        self._marks = {}

    async def _get(self) -> bytes | None:
        # A proxy for the outside world does not know this machine's own servers.
        own = urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")
        headers = {"User-Agent": _AGENT, **self._marks}
        async with (
            httpx.AsyncClient(
                timeout=self._seconds, follow_redirects=True, max_redirects=3, trust_env=not own
            ) as client,
            client.stream("GET", self.url, headers=headers) as answer,
        ):
            if answer.status_code == httpx.codes.NOT_MODIFIED and self._marks:
                return None
            if answer.status_code != httpx.codes.OK:
                raise Unanswered(f"HTTP {answer.status_code}", _asked(answer.headers.get("Retry-After", "")))
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LARGEST:
                    raise Unanswered(f"it is larger than {_LARGEST // 1_000_000} MB")
            pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
            self._marks = {ours: answer.headers[theirs] for ours, theirs in pairs if theirs in answer.headers}
            return bytes(body)


def _asked(text: str) -> timedelta | None:
    """How long a Retry-After asks to wait: seconds, or a date."""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return min(timedelta(seconds=int(text)), _MOST)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    left = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
    return max(timedelta(), min(left, _MOST))
