"""Who and what exists in the Telegram stand-in: users, chats, messages, taps, and the flood limits."""

import math
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.standins.telegram_text import Refused, units

_ENTITY = re.compile(r"(?P<bot_command>(?<!\S)/\w+(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,})")


@dataclass
class User:
    """A person with a Telegram account."""

    id: int
    name: str
    is_bot: bool = False
    username: str = ""

    def api(self) -> dict[str, Any]:
        found = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        return {**found, "username": self.username} if self.username else found


@dataclass
class Message:
    """A message as it stands now; `history` holds every text it had, `revision` counts the changes."""

    id: int
    chat: "Chat"
    sender: User
    text: str
    date: int
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] | None = None
    reply_to: "Message | None" = None
    silent: bool = False
    deleted: bool = False
    history: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [button["text"] for row in self.keyboard or [] for button in row]

    def api(self, *, nested: bool = True) -> dict[str, Any]:
        """The message as the API prints it."""
        shown: dict[str, Any] = {
            "message_id": self.id, "date": self.date, "chat": self.chat.api(), "from": self.sender.api(), **self.extra,
        }  # fmt: skip
        if self.text:
            shown["text"] = self.text
        if self.entities:
            shown["entities"] = self.entities
        if self.keyboard:
            shown["reply_markup"] = {"inline_keyboard": self.keyboard}
        if nested and self.reply_to is not None and not self.reply_to.deleted:
            shown["reply_to_message"] = self.reply_to.api(nested=False)
        return shown


@dataclass
class Chat:
    """A private chat or a group; `bot` is the bot's own standing there."""

    id: int
    kind: str
    title: str
    bot: str = "left"
    blocked: bool = False
    muted: bool = False
    moved_to: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0

    def api(self) -> dict[str, Any]:
        key = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, key: self.title}

    def add(self, sender: User, text: str, **more: Any) -> Message:
        """Puts a message into the chat."""
        self.last_id += 1
        message = Message(self.last_id, self, sender, text, int(time.time()), history=[text], **more)
        self.messages[message.id] = message
        return message


@dataclass
class Tap:
    """A pressed button that waits for its acknowledgement."""

    id: str
    at: float
    message: Message
    user: User
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass(frozen=True)
class Flood:
    """Telegram's limits: seconds between messages of a chat, messages of a group in a window."""

    every: float = 1.0
    group: int = 20
    window: float = 60.0


class Limiter:
    """Counts what is sent to a chat and says 429."""

    def __init__(self) -> None:
        self.flood: Flood | None = None
        self._sent: dict[int, list[float]] = defaultdict(list)

    def count(self, chat: Chat) -> None:
        """Takes one message, or raises a 429 with the seconds to wait."""
        if self.flood is None:
            return
        now = time.monotonic()
        sent = self._sent[chat.id] = [t for t in self._sent[chat.id] if now - t < self.flood.window]
        if sent and now - sent[-1] < self.flood.every:
            raise _too_many(self.flood.every - (now - sent[-1]))
        if chat.kind != "private" and len(sent) >= self.flood.group:
            raise _too_many(self.flood.window - (now - sent[-self.flood.group]))
        sent.append(now)


def _too_many(seconds: float) -> Refused:
    wait = max(1, math.ceil(seconds))
    return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def entities_of(text: str) -> list[dict[str, Any]]:
    """The commands and mentions that Telegram finds in typed text."""
    return [
        {"type": m.lastgroup, "offset": units(text[: m.start()]), "length": units(m.group())}
        for m in _ENTITY.finditer(text)
    ]
