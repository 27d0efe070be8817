"""What Slack sends → what somebody typed, where, and how to answer; pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.route import Account, Place
from handlers.slack.text import typed

Body = Mapping[str, Any]
DOOR = "slack"
OWN_IT = "eyes"


@dataclass(frozen=True, slots=True)
class Heard:
    """A line on its way in. `reply_in` is the thread an answer belongs to ('' for the place itself)."""

    text: str
    who: Account
    where: Place
    delivery: str
    thread: str = ""
    reply_in: str = ""
    private: bool = False
    response_url: str = ""
    trigger: str = ""
    files: tuple[Body, ...] = ()

    @property
    def root(self) -> str:
        """The message that opens the thread of the answer; '' where the answer stands in no thread."""
        return self.reply_in


@dataclass(frozen=True, slots=True)
class Moved:
    """A person, or the bot itself, came into a place or left it."""

    place: Place
    who: Account
    joined: bool
    bot: bool


def _account(workspace: str, user: str, name: str = "") -> Account:
    return Account(DOOR, workspace, user, name)


def _place(workspace: str, channel: str, name: str = "") -> Place:
    return Place(DOOR, workspace, channel, name)


def slash(body: Body) -> Heard:
    """A slash command; `/holdwatch` itself is left to the grammar, which knows it as a prefix."""
    team, channel = str(body.get("team_id") or ""), str(body.get("channel_id") or "")
    direct = channel.startswith("D")
    name = "" if direct else str(body.get("channel_name") or "")
    return Heard(
        f"{body.get('command') or ''} {typed(str(body.get('text') or ''))}".strip(),
        _account(team, str(body.get("user_id") or ""), str(body.get("user_name") or "")),
        _place(team, channel, name),
        f"slash:{body.get('trigger_id') or _digest(dict(body))}",
        private=direct,
        response_url=str(body.get("response_url") or ""),
        trigger=str(body.get("trigger_id") or ""),
    )


def press(body: Body) -> Heard | None:
    """A tap on a button whose value is a line; None for other elements."""
    action = (body.get("actions") or [{}])[0]
    line = str(action.get("value") or "").strip()
    if not line:
        return None
    team = _team(body)
    box = body.get("container") or {}
    channel = str((body.get("channel") or {}).get("id") or box.get("channel_id") or "")
    within = str(box.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or "")
    own = "" if box.get("is_ephemeral") else str(box.get("message_ts") or "")
    trigger = str(body.get("trigger_id") or "")
    return Heard(
        line,
        _actor(body, team),
        _place(team, channel, str((body.get("channel") or {}).get("name") or "")),
        f"press:{trigger or _digest(action, body.get('user'))}",
        thread=within or own,
        reply_in=within,
        private=channel.startswith("D"),
        response_url=str(body.get("response_url") or ""),
        trigger=trigger,
    )


def submitted(body: Body, line: str, channel: str, thread: str) -> Heard:
    """A modal that was sent off, with the line it builds and the place it was opened from."""
    team = _team(body)
    view = body.get("view") or {}
    trigger = str(body.get("trigger_id") or "")
    return Heard(
        line,
        _actor(body, team),
        _place(team, channel),
        f"view:{view.get('id') or ''}:{trigger or _digest(view.get('state'), body.get('user'))}",
        thread=thread,
        reply_in=thread,
        private=channel.startswith("D") or not channel,
        trigger=trigger,
    )


def written(body: Body, bot: str) -> Heard | None:
    """A mention or a direct message; None for edits, joins, other bots and everything that nobody typed."""
    event = body.get("event") or {}
    user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    if event.get("type") == "message" and not direct:
        return None
    if event.get("subtype") not in (None, "thread_broadcast", "file_share") or event.get("bot_id") or not user:
        return None
    team = str(body.get("team_id") or "")
    thread = str(event.get("thread_ts") or "")
    return Heard(
        _unmentioned(str(event.get("text") or ""), bot),
        _account(str(event.get("user_team") or event.get("team") or team), user),
        _place(team, channel),
        f"event:{body.get('event_id') or _digest(event)}",
        thread=thread,
        reply_in=thread or ("" if direct else str(event.get("ts") or "")),
        private=direct,
        files=tuple(f for f in event.get("files") or () if isinstance(f, Mapping)),
    )


def pictured(body: Body, bot: str) -> Heard | None:
    """Pictures that somebody posted in a thread of a channel without a word to us; None for everything else.

    Whoever names us is heard by the mention, which Slack brings as an event of its own.
    """
    event = body.get("event") or {}
    user, channel, thread = (str(event.get(key) or "") for key in ("user", "channel", "thread_ts"))
    if event.get("type") != "message" or event.get("channel_type") == "im" or channel.startswith("D"):
        return None
    if event.get("subtype") not in ("file_share", "thread_broadcast") or event.get("bot_id") or user in ("", bot):
        return None
    named = rf"<@{re.escape(bot) if bot else '[A-Z0-9]+'}(\|[^>]*)?>"
    if not thread or re.search(named, str(event.get("text") or "")):
        return None
    files = tuple(f for f in event.get("files") or () if isinstance(f, Mapping) and _shows(f))
    if not files:
        return None
    team = str(body.get("team_id") or "")
    who = _account(str(event.get("user_team") or event.get("team") or team), user)
    delivery = f"event:{body.get('event_id') or _digest(event)}"
    return Heard("", who, _place(team, channel), delivery, thread=thread, reply_in=thread, files=files)


def _shows(file: Body) -> bool:
    """Whether a file is a picture or a PDF, as far as Slack says."""
    kind = str(file.get("mimetype") or "")
    return not kind or kind.startswith("image/") or kind == "application/pdf"


def reacted(body: Body, bot: str) -> Heard | None:
    """Eyes on one of our messages own it; None for everything else."""
    event = body.get("event") or {}
    item = event.get("item") or {}
    name = str(event.get("reaction") or "").split("::")[0]
    if name != OWN_IT or item.get("type") != "message" or not bot or event.get("item_user") != bot:
        return None
    if event.get("user") == bot:
        return None
    team, channel, ts = str(body.get("team_id") or ""), str(item.get("channel") or ""), str(item.get("ts") or "")
    return Heard(
        "got it",
        _account(str(event.get("user_team") or team), str(event.get("user") or "")),
        _place(team, channel),
        f"event:{body.get('event_id') or _digest(event)}",
        thread=ts,
        private=channel.startswith("D"),
    )


def moved(body: Body, bot: str) -> Moved:
    """Somebody joined or left a channel."""
    event = body.get("event") or {}
    team, user = str(body.get("team_id") or ""), str(event.get("user") or "")
    place = _place(team, str(event.get("channel") or ""))
    who = _account(str(event.get("team") or team), user)
    return Moved(place, who, event.get("type") == "member_joined_channel", bool(bot) and user == bot)


def bot_of(body: Body) -> str:
    """The bot's own user id as the event names it, '' when it does not."""
    grants = body.get("authorizations") or [{}]
    return str(grants[0].get("user_id") or "") if grants[0].get("is_bot", True) else ""


def _team(body: Body) -> str:
    return str((body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or "")


def _actor(body: Body, team: str) -> Account:
    user = body.get("user") or {}
    return _account(str(user.get("team_id") or team), str(user.get("id") or ""), str(user.get("name") or ""))


def _unmentioned(text: str, bot: str) -> str:
    # The mention may stand first, last or between; only our own is taken out.
    own = re.escape(bot) if bot else "[A-Z0-9]+"
    return typed(re.sub(rf"<@{own}(\|[^>]*)?>", " ", text, count=1))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]
