"""The line to BorderConnect: the first frame, what is said before our key is taken, and what receive answers with.

border-formats 5: known from third-party software that was tried live, not from a document.
"""

import json

from bot.feeds.fetch import Answer, Failed, Outcome, Refused, Wait
from bot.feeds.socket import Greeting
from bot.feeds.texts import plain

#: Header of the HTTP way that carries the key.
HEADER = "Api-Key"
_KEYS = frozenset({"MISSING_API_KEY", "INVALID_API_KEY", "EXPIRED_API_KEY", "API_KEY_URL_MISMATCH"})
_BUSY = "TOO_MANY_REQUESTS"
_BUSY_SECONDS = 60.0


def hello(key: str) -> str:
    """The first frame, due within ten seconds."""
    return json.dumps({"apiKey": key})


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def greeted(frame: bytes) -> Greeting:
    """What the first frame that comes back says."""
    said = _object(frame)
    code = str(said.get("status") if said.get("data") == "API_RESPONSE" else said.get("errorCode"))
    if code == "ACCESS_DENIED_ERROR" or code in _KEYS:
        return Greeting.REFUSED
    return Greeting.WELCOME if code == "OK" and said.get("message") == "Connected" else Greeting.MESSAGE


def meaning(body: bytes) -> Outcome:
    """What an answer of receive is: messages, nothing, or a refusal that looks like an answer."""
    if body.strip() in (b"", b"[]", b"{}", b"null"):
        return Answer(None)
    said = _object(body)
    code = said.get("errorCode")
    if said.get("data") == "API_RESPONSE" and said.get("status") == "ACCESS_DENIED_ERROR":
        return Refused("it does not take our key (ACCESS_DENIED_ERROR)")
    inside = [value for value in said.values() if isinstance(value, list | dict)]
    if isinstance(said.get("data"), str) or any(inside):
        return Answer(body)  # whatever else it says, it may hold messages that are told only once
    if code in _KEYS:
        return Refused(f"it does not take our key ({code})")
    if code == _BUSY:
        return Wait(_BUSY_SECONDS, f"it asks us to wait ({code})")
    if code:
        return Failed(f"it answers {plain(str(code), 60)}")
    return Answer(None) if inside else Answer(body)
