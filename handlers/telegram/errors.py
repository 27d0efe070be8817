"""The one place that reads Telegram's errors: each becomes an Outcome (DESIGN house rule 10)."""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.domain.delivery import Barred, Gone, Malformed, Outcome, Retry, Sent

#: An edit of a message that is no longer there; whoever sent it posts anew.
NOT_THERE = "message to edit not found"

_UNCHANGED = ("message is not modified",)
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")
#: 400s about the place, not about the content (texts of the Bot API server, lower case).
_NO_PLACE = (
    "chat not found",
    "user not found",
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "group chat was deactivated",
    "peer_id_invalid",
)
_TOKEN_IN_URL = re.compile(r"/bot[^/\s'\"]+")
_TOKEN = re.compile(r"\b\d{3,}:[A-Za-z0-9_-]{6,}")


def without_token(text: str) -> str:
    """The text with whatever looks like a bot token taken out (PTB and httpx both print it in some errors)."""
    return _TOKEN.sub("<token>", _TOKEN_IN_URL.sub("/bot<token>", text))


def narrow(error: TelegramError, ref: str = "") -> Outcome:
    """What an error of the library means; `ref` is the message that was to be edited.

    The order matters: in this library BadRequest *is a* NetworkError, and retrying it would repeat a malformed
    message for ever. An edit that comes back Malformed means: that message can't be changed, post anew.
    """
    why = without_token(error.message)
    match error:
        case RetryAfter():
            return Retry(_pause(error.retry_after), why)
        case ChatMigrated():
            return Retry(timedelta(0), f"the group became {error.new_chat_id}")
        case Forbidden():
            return Gone(why)
        case InvalidToken():
            return Barred(f"Telegram refuses the token ({why}): check TELEGRAM_BOT_TOKEN and TELEGRAM_API_URL")
        case BadRequest():
            return _bad_request(why, ref)
        case Conflict():
            return Retry(None, f"another program reads this bot's messages ({why})")
        case TimedOut():
            return Retry(None, "Telegram did not answer in time")
        case _:
            return Retry(None, why)


def _pause(value: int | float | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


def _bad_request(why: str, ref: str) -> Outcome:
    low = why.lower()
    if any(text in low for text in _UNCHANGED):
        return Sent(ref)
    if any(text in low for text in _NOT_EDITABLE):
        return Malformed(NOT_THERE)
    if any(text in low for text in _NO_PLACE):
        return Gone(why)
    return Malformed(why)
