"""What the Slack stand-in remembers: people, channels, messages, views, and everything it refused."""

import re
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

TEAM = "T0SAMPLE01"
APP = "A0SAMPLE01"
BOT_USER = "U0SAMPLEBOT"
BOT = "B0SAMPLE01"

Json = dict[str, Any]

_PING = re.compile(r"<(@[UW][A-Z0-9]+|![a-z]+|!subteam\^[A-Z0-9]+)(?:\|[^>]*)?>")
_STYLED = re.compile(r"(?<![\w*`])([*`])([^*`\n]+)\1(?![\w*`])")
_LINK = re.compile(r"<(https?:[^|>]+|mailto:[^|>]+)(?:\|([^>]*))?>")


def pings(text: str) -> tuple[str, ...]:
    """Who a mrkdwn text calls."""
    return tuple(_PING.findall(text))


def shown(text: str) -> str:
    """What a person reads of a mrkdwn text."""
    text = _LINK.sub(lambda m: f"{m[2]} ({m[1]})" if m[2] else m[1], text)
    text = _PING.sub(lambda m: m[1] if m[1].startswith("@") else "@" + m[1][1:], text)
    text = _STYLED.sub(r"\2", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def texts(blocks: list[Json]) -> list[tuple[str, str]]:
    """Every (type, text) object of the blocks, in reading order."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") in ("mrkdwn", "plain_text") and isinstance(node.get("text"), str):
                found.append((node["type"], node["text"]))
                return
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(blocks)
    return found


@dataclass
class User:
    """A person, of this workspace or of another `team`, with the flags that matter for rights; `teams` are the
    workspaces of the `enterprise` that they are members of."""

    id: str
    name: str
    is_admin: bool = False
    is_restricted: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    deleted: bool = False
    team: str = TEAM
    enterprise: str = ""
    teams: tuple[str, ...] = ()


@dataclass
class Channel:
    """A channel or a direct conversation (`im_of` names the person)."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    im_of: str = ""


@dataclass
class Message:
    """One message; `only_for` names the one person who sees it (ephemeral)."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    broadcast: bool = False
    only_for: str = ""
    edits: int = 0
    reactions: list[str] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What people read: the blocks when there are any, else the text."""
        if self.blocks:
            return "\n".join(shown(text) if kind == "mrkdwn" else text for kind, text in texts(self.blocks))
        return shown(self.text)

    @property
    def pings(self) -> tuple[str, ...]:
        """Who is called by this message."""
        if not self.blocks:
            return pings(self.text)
        called = [p for kind, text in texts(self.blocks) if kind == "mrkdwn" for p in pings(text)]
        return tuple(dict.fromkeys(called))

    @property
    def buttons(self) -> list[Json]:
        """Every button on it."""
        rows = [b.get("elements", []) for b in self.blocks if b.get("type") == "actions"]
        return [e for row in rows for e in row if e.get("type") == "button"]


@dataclass(frozen=True)
class Refusal:
    """Something Slack would not have taken."""

    what: str
    error: str
    detail: str = ""


@dataclass
class State:
    """Everything that stands in the workspace; `enterprise` is the organisation it is part of."""

    enterprise: str = ""
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    log: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    views: dict[str, Json] = field(default_factory=dict)
    view_order: list[tuple[str, str]] = field(default_factory=list)
    triggers: dict[str, tuple[float, str]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def refuse(self, what: str, error: str, detail: str = "") -> str:
        """Record a refusal and return its error word."""
        self.refused.append(Refusal(what, error, detail))
        return error

    def next_id(self, letter: str) -> str:
        """A fresh Slack-like id."""
        return f"{letter}0SAMPLE{next(self.numbers):04d}"

    def next_ts(self) -> str:
        """A fresh message timestamp; never twice the same."""
        return f"{int(time.time())}.{next(self.numbers):06d}"

    def new_trigger(self, user: str) -> str:
        """A trigger id that may open one view within three seconds."""
        trigger = f"{next(self.numbers)}.{next(self.numbers)}.sampletrigger"
        self.triggers[trigger] = (time.monotonic(), user)
        return trigger

    def find(self, channel: str, ts: str) -> Message | None:
        """The message that stands at `ts`."""
        return next((m for m in self.log if m.channel == channel and m.ts == ts), None)

    def dm(self, user: str) -> Channel:
        """The direct conversation between the bot and a person, opened when needed."""
        for channel in self.channels.values():
            if channel.im_of == user:
                return channel
        made = Channel(self.next_id("D"), "", [user, BOT_USER], im_of=user)
        self.channels[made.id] = made
        return made
