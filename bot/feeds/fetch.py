"""One request to a vendor, narrowed to what its answer means for us: errors of the library end here."""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.feeds.protocol import Request

if TYPE_CHECKING:  # loaded when something is asked: a start without it is quicker
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 3
#: A vendor that says 429 without saying how long is left alone this long; one that says too long, no longer than that.
_WAIT, _LONGEST_WAIT = 60.0, 3_600.0
_OURS = {"127.0.0.1", "localhost", "::1"}
_GZIP = 47  # zlib's wbits for gzip or zlib, found out by itself


@dataclass(frozen=True, slots=True)
class Answer:
    """The vendor answered: `body` None when it has nothing, or nothing new."""

    body: bytes | None


@dataclass(frozen=True, slots=True)
class Unusable:
    """The vendor answered something that can't be taken (too large); it will not be better at once."""

    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer, or a fault of the vendor's."""

    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The vendor asks to be left alone, for `seconds`."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The vendor does not take our key; `sure` unless it may be about this one request only."""

    why: str
    sure: bool = True


Outcome = Answer | Unusable | Failed | Wait | Refused


@dataclass(slots=True)
class Fetch:
    """Asks over one client. `nothing` are statuses by which a vendor says that it has nothing."""

    headers: Mapping[str, str] = field(repr=False)
    timeout: float = 20.0
    largest: int = 5_000_000
    nothing: frozenset[int] = frozenset({204})
    _client: "httpx.AsyncClient | None" = None
    _marks: dict[str, dict[str, str]] = field(default_factory=dict)

    async def close(self) -> None:
        """Closes what is open; the next request opens it again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def get(self, request: Request) -> Outcome:
        """Asks once; never raises for what the network or the vendor did. A slow answer is given up as a whole."""
        import httpx

        try:
            async with asyncio.timeout(self.timeout):
                return await self._get(request)
        except TimeoutError:
            return Failed(f"it did not answer within {self.timeout:g} s")
        except httpx.HTTPError as error:
            # Its words may hold the address, and an address may hold a key: only its kind is told.
            return Failed(f"it could not be reached ({type(error).__name__})")
        except (httpx.InvalidURL, ValueError):
            return Failed("the address can't be asked: see url in the settings of this feed")

    def _open(self, url: str) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            # A proxy for the outside world does not know this machine's own servers.
            own = urlsplit(url).hostname in _OURS
            self._client = httpx.AsyncClient(timeout=self.timeout, trust_env=not own, follow_redirects=False)
        return self._client

    async def _get(self, request: Request) -> Outcome:
        from httpx import URL

        client, url = self._open(request.url), URL(request.url)
        home = (url.scheme, url.host, url.port)
        marks = self._marks.get(request.url, {}) if request.conditional else {}
        for _ in range(_HOPS):
            async with client.stream("GET", url, headers={**self.headers, **marks}) as response:
                if response.status_code not in _REDIRECTS or "location" not in response.headers:
                    return await self._outcome(request, response)
                url = url.join(response.headers["location"])
            if (url.scheme, url.host, url.port) != home:
                return Failed("it sends us to another host, which must not see our key: put its own address into url")
        return Failed("it sends us from one address to the next")

    async def _outcome(self, request: Request, response: "httpx.Response") -> Outcome:
        status = response.status_code
        if status == 304 or status in self.nothing:
            return Answer(None)
        if status == 429 or (status == 503 and "retry-after" in response.headers):
            seconds = _seconds(response.headers.get("retry-after", ""))
            return Wait(seconds, f"it asks us to wait {seconds:.0f} s ({status})")
        if status in (401, 403):
            return Refused(f"it does not take our key ({status})", sure=status == 401 or not request.about)
        if status != 200:
            return Failed(f"it answers {status}")
        return await self._body(request, response)

    async def _body(self, request: Request, response: "httpx.Response") -> Outcome:
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > self.largest:
                return Unusable(f"its answer has more than the {self.largest // 1024} KiB this feed takes")
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        found: bytes | None = bytes(body)
        if encoding in ("gzip", "x-gzip", "deflate"):
            found = _inflated(bytes(body), self.largest)
        elif encoding not in ("", "identity"):
            return Failed(f"its answer is packed in a way we did not ask for ({encoding[:20]!r})")
        if found is None:
            return Unusable(f"its answer can't be unpacked, or has more than the {self.largest // 1024} KiB we take")
        if request.conditional:
            self._marks[request.url] = {
                ours: response.headers[theirs]
                for theirs, ours in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
                if theirs in response.headers
            }
        return Answer(found)


def _inflated(body: bytes, largest: int) -> bytes | None:
    """The unpacked bytes, never more than `largest`; None when there are more, or they are damaged."""
    machine = zlib.decompressobj(_GZIP)
    try:
        found = machine.decompress(body, largest + 1)
    except zlib.error:
        return None
    return found if machine.eof and len(found) <= largest else None


def _seconds(text: str) -> float:
    """How long a Retry-After asks for, in seconds: a count or an HTTP date; within reason whatever it says."""
    if text.strip().isdecimal():
        return min(max(float(text), 1.0), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return _WAIT
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 1.0), _LONGEST_WAIT)
