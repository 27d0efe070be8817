"""The connection to the Bot API: addresses, time limits, and a token that never reaches a log."""

import json
import logging
import os
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

# Without this the library raises a deprecation warning inside RetryAfter itself, which under "warnings are errors"
# would turn every 429 into a crash.
os.environ.setdefault("PTB_TIMEDELTA", "1")

DEFAULT_API = "https://api.telegram.org"
ALLOWED = ["message", "callback_query", "my_chat_member", "chat_member"]

_log = logging.getLogger(__name__)
#: Loggers that print URLs or parameters: filters do not reach child loggers, so each is named.
_TALKATIVE = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "telegram.Bot",
    "telegram.request.BaseRequest",
    "telegram.request.HTTPXRequest",
)


class _Hide(logging.Filter):
    """Drops every record that holds the secret."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        return self._secret not in record.getMessage()


def hide(secret: str) -> None:
    """Keeps a secret out of what the libraries log (httpx prints full URLs at INFO, and the token is in the URL)."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if not any(isinstance(f, _Hide) and f._secret == secret for f in logger.filters):
            logger.addFilter(_Hide(secret))


def readable(raw: dict[str, Any]) -> Update:
    """The update, or an empty one with the same id where the library can't read it."""
    try:
        update = Update.de_json(raw, None)
    except Exception:  # one odd update must not stop all later ones; the library raises whatever it trips over
        _log.exception("an update could not be read and is passed over", extra={"action": "telegram_unreadable"})
        return Update(int(raw["update_id"]))
    return update


class _Wire(HTTPXRequest):
    """The library's own request; a body that is not JSON is an error, not an error and a page in the log."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            data = json.loads(payload.decode("utf-8", "replace"))
        except ValueError as exc:
            raise TelegramError("Telegram's answer was not JSON") from exc
        if not isinstance(data, dict):
            raise TelegramError("Telegram's answer was not an object")
        return data


class _UpdatesWire(_Wire):
    """Replaces updates that the library can't read by empty ones, so that their ids are still confirmed."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        data = _Wire.parse_json_payload(payload)
        result = data.get("result")
        if isinstance(result, list):
            data["result"] = [raw if _reads(raw) else {"update_id": raw["update_id"]} for raw in result]
        return data


def _reads(raw: dict[str, Any]) -> bool:
    return len(readable(raw).to_dict()) > 1


def api_base(url: str) -> str:
    """The address that the token is appended to, from any way to write TELEGRAM_API_URL."""
    return (url or DEFAULT_API).strip().rstrip("/").removesuffix("/bot") + "/bot"


@dataclass(frozen=True, slots=True)
class Connection:
    """A bot and what it holds open."""

    bot: Bot
    requests: tuple[HTTPXRequest, HTTPXRequest]

    async def close(self) -> None:
        """Closes also what was never initialized, which the library's own shutdown passes over."""
        await self.bot.shutdown()
        for request in self.requests:
            await request.shutdown()


@cache
def _trust() -> ssl.SSLContext:
    """Read once: the certificates take 60 ms, and each client would read them again."""
    return httpx.create_ssl_context()


def connect(token: str, api_url: str, read_timeout: float) -> Connection:
    """A bot without job queue, rate limiter or persistence: our own tables do that work."""
    hide(token)
    base = api_base(api_url)
    limits: dict[str, Any] = {"read_timeout": read_timeout, "connect_timeout": 5.0, "pool_timeout": 5.0}
    limits["httpx_kwargs"] = {"verify": _trust()}
    calls, updates = _Wire(connection_pool_size=32, **limits), _UpdatesWire(connection_pool_size=2, **limits)
    files = base.removesuffix("/bot") + "/file/bot"
    bot = Bot(token, base_url=base, base_file_url=files, request=calls, get_updates_request=updates)
    return Connection(bot, (calls, updates))
