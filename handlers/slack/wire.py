"""The one place that talks to Slack's Web API and response URLs; what goes wrong comes back as an outcome."""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.delivery import Gone, Malformed, Outcome, Retry
from handlers.slack.errors import outcome, word_of

DEFAULT_URL = "https://slack.com/api/"
_SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=ticket=)[\w%.-]+")
_FAILS = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, AttributeError, ValueError)


class Redacted(logging.Filter):
    """Takes tokens and socket tickets out of what the Slack libraries log."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text = f"{text} [{record.exc_info[0].__name__}]"
        record.msg, record.args, record.exc_info, record.exc_text = _SECRET.sub("…", text), None, None, None
        return True


def quiet_logger(name: str, level: int) -> logging.Logger:
    """A logger for a Slack library: fixed level (their DEBUG prints whole bodies) and no secrets."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    if not any(isinstance(f, Redacted) for f in logger.filters):
        logger.addFilter(Redacted())
    return logger


class RefusalError(Exception):
    """A call that did not work: what it means, and Slack's own word."""

    def __init__(self, outcome: Outcome, word: str) -> None:
        super().__init__(word or type(outcome).__name__)
        self.outcome = outcome
        self.word = word


class Wire:
    """A Slack client whose session lives as long as the door."""

    def __init__(self, token: str, api_url: str | None, *, seconds: float = 10.0) -> None:
        self.api_url = api_url or DEFAULT_URL
        self.seconds = seconds
        self.logger = quiet_logger("holdwatch.slack.wire", logging.INFO)
        # No retries of the library's own: the outbox repeats, and it knows what was sent.
        self.client = AsyncWebClient(token, self.api_url, retry_handlers=[], logger=self.logger)
        # A proxy for the outside world does not know this machine's own servers.
        if urlsplit(self.api_url).hostname in ("127.0.0.1", "localhost", "::1"):
            self.client.proxy = None

    def session(self) -> aiohttp.ClientSession:
        """The session of the running loop."""
        if self.client.session is None or self.client.session.closed:
            timeout = aiohttp.ClientTimeout(total=self.seconds)
            self.client.session = aiohttp.ClientSession(timeout=timeout)
        return self.client.session

    async def close(self) -> None:
        """Ends the session."""
        if self.client.session is not None:
            await self.client.session.close()

    async def send(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """A method that takes JSON; raises RefusalError."""
        return await self._call(method, json=dict(args))

    async def ask(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """A method that only reads, with query parameters; raises RefusalError."""
        return await self._call(method, http_verb="GET", params=dict(args))

    async def _call(self, method: str, **how: Any) -> dict[str, Any]:
        self.session()
        try:
            answer = await self.client.api_call(method, **how)
        except _FAILS as error:
            raise refusal(error) from None
        data = answer.data
        return data if isinstance(data, dict) else {}

    async def socket_url(self, app_token: str) -> str:
        """A fresh WebSocket address for Socket Mode; raises RefusalError."""
        self.session()
        try:
            return str((await self.client.apps_connections_open(app_token=app_token))["url"])
        except _FAILS as error:
            raise refusal(error) from None

    async def fetch(self, url: str, most: int) -> bytes | None:
        """A file that somebody sent, None when it is larger than `most`; raises RefusalError."""
        headers = {"Authorization": f"Bearer {self.client.token}"}
        found = bytearray()
        try:
            # Not after redirects: the token is for Slack alone.
            async with self.session().get(
                url, headers=headers, proxy=self.client.proxy, allow_redirects=False
            ) as answer:
                if answer.status != 200 or answer.content_type == "text/html":
                    # Without the scope Slack answers 200 with the page to sign in.
                    raise RefusalError(Malformed(f"the file answered {answer.status}"), "")
                async for piece in answer.content.iter_chunked(65_536):
                    found += piece
                    if len(found) > most:
                        return None
        except _FAILS as error:
            raise refusal(error) from None
        return bytes(found)

    async def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Posts to a response URL as it was given; raises RefusalError."""
        try:
            async with self.session().post(url, json=dict(body), proxy=self.client.proxy) as answer:
                status, text = answer.status, await answer.text()
        except _FAILS as error:
            raise refusal(error) from None
        if status == 429 or status >= 500:
            raise RefusalError(Retry(None, f"the response URL answered {status}"), "")
        if status in (404, 410) or "expired_url" in text or "used_url" in text:
            raise RefusalError(Gone("the response URL has expired"), "expired_url")
        if status != 200:
            raise RefusalError(Malformed(f"the response URL answered {status}"), "")


def refusal(error: BaseException) -> RefusalError:
    """An exception of the libraries as a RefusalError."""
    if isinstance(error, (AttributeError, ValueError)) and not isinstance(error, SlackApiError):
        return RefusalError(Retry(None, f"Slack answered something unreadable ({type(error).__name__})"), "")
    return RefusalError(outcome(error), word_of(error))
