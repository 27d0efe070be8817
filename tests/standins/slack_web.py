"""The Web API of the Slack stand-in: one coroutine a method, refusing as Slack does."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.standins.slack_blocks import MAX_BLOCKS, MAX_TEXT, MAX_UPDATE, blocks_error, view_error
from tests.standins.slack_state import BOT, BOT_USER, TEAM, Channel, Json, Message, State, User

Method = Callable[[Json], Awaitable[Json]]


class RefusedError(Exception):
    """Slack says no, with its error word."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.detail = detail


def listed(value: Any) -> Any:
    """A parameter that may arrive as JSON text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError as error:
            raise RefusedError("invalid_blocks", "not JSON") from error
    return value


def truthy(value: Any) -> bool:
    """Form booleans."""
    return value in (True, 1, "1", "true", "True")


def content(args: Json) -> tuple[str, list[Json]]:
    """The text and the blocks of a message, checked."""
    text = str(args.get("text") or "")
    blocks = listed(args.get("blocks")) or []
    if len(text) > MAX_TEXT:
        raise RefusedError("msg_too_long", f"text of {len(text)}")
    if not text.strip() and not blocks:
        raise RefusedError("no_text")
    why = blocks_error(blocks)
    if why:
        raise RefusedError("invalid_blocks", why)
    if sum(len(json.dumps(block, ensure_ascii=False)) + 50 for block in blocks) > MAX_BLOCKS:
        raise RefusedError("msg_blocks_too_long")
    return text, blocks


class WebApi:
    """Answers Web API calls out of the state."""

    def __init__(self, state: State, *, trigger_seconds: float) -> None:
        self.state = state
        self.trigger_seconds = trigger_seconds
        self.limited = False
        self.calls: list[tuple[str, Json]] = []
        self._last_post: dict[str, float] = {}
        self.methods: dict[str, Method] = {
            "auth.test": self.auth_test,
            "chat.postMessage": self.post_message,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.getPermalink": self.permalink,
            "users.info": self.users_info,
            "conversations.info": self.conversation_info,
            "conversations.members": self.conversation_members,
            "conversations.open": self.conversation_open,
            "reactions.add": self.react,
            "views.open": self.view_open,
            "views.update": self.view_update,
        }

    def _channel(self, args: Json, *, write: bool = True) -> Channel:
        wanted = str(args.get("channel") or "")
        if wanted in self.state.users and write:
            return self.state.dm(wanted)
        channel = self.state.channels.get(wanted)
        if channel is None:
            raise RefusedError("channel_not_found", wanted)
        if write and channel.is_archived:
            raise RefusedError("is_archived", wanted)
        if write and BOT_USER not in channel.members:
            raise RefusedError("not_in_channel", wanted)
        return channel

    def _pace(self, channel: str) -> None:
        now = time.monotonic()
        if self.limited and now - self._last_post.get(channel, -9.0) < 1.0:
            raise RefusedError("ratelimited", channel)
        self._last_post[channel] = now

    async def auth_test(self, args: Json) -> Json:
        return {
            "url": "https://sample.slack.invalid/",
            "team": "SAMPLE",
            "user": "holdwatch",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            **({"enterprise_id": self.state.enterprise} if self.state.enterprise else {}),
        }

    async def post_message(self, args: Json) -> Json:
        channel = self._channel(args)
        text, blocks = content(args)
        thread = str(args.get("thread_ts") or "")
        if thread and self.state.find(channel.id, thread) is None:
            raise RefusedError("thread_not_found", thread)
        self._pace(channel.id)
        made = Message(channel.id, self.state.next_ts(), BOT_USER, text, blocks, thread)
        made.broadcast = truthy(args.get("reply_broadcast"))
        self.state.log.append(made)
        return {"channel": channel.id, "ts": made.ts, "message": wire(made)}

    async def post_ephemeral(self, args: Json) -> Json:
        channel = self._channel(args)
        user = str(args.get("user") or "")
        if user not in channel.members:
            raise RefusedError("user_not_in_channel", user)
        text, blocks = content(args)
        made = Message(channel.id, self.state.next_ts(), BOT_USER, text, blocks, only_for=user)
        made.thread_ts = str(args.get("thread_ts") or "")
        self.state.ephemerals.append(made)
        return {"message_ts": made.ts}

    async def update(self, args: Json) -> Json:
        # chat.update takes conversation ids only, never a user id.
        if str(args.get("channel") or "") in self.state.users:
            raise RefusedError("channel_not_found", str(args["channel"]))
        channel = self._channel(args)
        found = self.state.find(channel.id, str(args.get("ts") or ""))
        if found is None:
            raise RefusedError("message_not_found", str(args.get("ts")))
        if found.user != BOT_USER:
            raise RefusedError("cant_update_message", found.ts)
        if len(str(args.get("text") or "").encode()) > MAX_UPDATE:
            raise RefusedError("msg_too_long", "in chat.update")
        found.text, found.blocks = content(args)
        found.edits += 1
        return {"channel": channel.id, "ts": found.ts, "text": found.text}

    async def permalink(self, args: Json) -> Json:
        channel = self._channel(args, write=False)
        ts = str(args.get("message_ts"))
        if self.state.find(channel.id, ts) is None:
            raise RefusedError("message_not_found")
        return {"permalink": f"https://sample.slack.invalid/archives/{channel.id}/p{ts.replace('.', '')}"}

    async def users_info(self, args: Json) -> Json:
        user = self.state.users.get(str(args.get("user") or ""))
        if user is None:
            raise RefusedError("user_not_found", str(args.get("user")))
        return {"user": profile(user)}

    async def conversation_info(self, args: Json) -> Json:
        channel = self._channel(args, write=False)
        return {
            "channel": {
                "id": channel.id,
                "name": channel.name,
                "is_archived": channel.is_archived,
                "is_member": BOT_USER in channel.members,
                "is_im": bool(channel.im_of),
            }
        }

    async def conversation_members(self, args: Json) -> Json:
        channel = self._channel(args, write=False)
        start, size = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), 1000)
        more = str(start + size) if start + size < len(channel.members) else ""
        return {"members": channel.members[start : start + size], "response_metadata": {"next_cursor": more}}

    async def conversation_open(self, args: Json) -> Json:
        user = str(args.get("users") or "")
        if user not in self.state.users:
            raise RefusedError("user_not_found", user)
        return {"channel": {"id": self.state.dm(user).id}}

    async def react(self, args: Json) -> Json:
        found = self.state.find(str(args.get("channel")), str(args.get("timestamp")))
        if found is None:
            raise RefusedError("message_not_found")
        found.reactions.append(str(args.get("name")))
        return {}

    async def view_open(self, args: Json) -> Json:
        trigger = str(args.get("trigger_id") or "")
        born, user = self.state.triggers.get(trigger, (0.0, ""))
        if not user:
            raise RefusedError("invalid_trigger_id", trigger)
        if born < 0:
            raise RefusedError("exchanged_trigger_id", trigger)
        if time.monotonic() - born > self.trigger_seconds:
            raise RefusedError("expired_trigger_id", trigger)
        view = self._checked_view(args)
        view["id"] = self.state.next_id("V")
        self.state.triggers[trigger] = (-1.0, user)
        self.state.views[view["id"]] = view
        self.state.view_order.append((view["id"], user))
        return {"view": view}

    async def view_update(self, args: Json) -> Json:
        known = str(args.get("view_id") or "")
        if known not in self.state.views:
            raise RefusedError("not_found", known)
        self.state.views[known] = {**self._checked_view(args), "id": known}
        return {"view": self.state.views[known]}

    def _checked_view(self, args: Json) -> Json:
        view = listed(args.get("view"))
        why = view_error(view)
        if why:
            raise RefusedError("invalid_arguments", why)
        return {**view, "state": {"values": {}}, "hash": f"{time.time()}.sample"}


def wire(message: Message) -> Json:
    """A message as events and payloads carry it."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": TEAM}
    if message.blocks:
        body["blocks"] = message.blocks
    if message.user == BOT_USER:
        body |= {"bot_id": BOT, "app_id": "A0SAMPLE01"}
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if message.files:
        body |= {"files": message.files, "upload": True}
    return body


def profile(user: User) -> Json:
    """A user object as users.info gives it."""
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.name,
        "deleted": user.deleted,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_stranger": user.is_stranger,
        "is_bot": user.is_bot,
        "profile": {"display_name": user.name, "real_name": user.name},
        **({"enterprise_user": {"enterprise_id": user.enterprise, "teams": [*user.teams]}} if user.enterprise else {}),
    }
