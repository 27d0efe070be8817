"""A stateful Slack on loopback that refuses what Slack refuses and can be talked to as people talk to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.patience import PATIENCE
from tests.standins import slack_payloads as payloads
from tests.standins.slack_blocks import view_error
from tests.standins.slack_server import Server
from tests.standins.slack_state import BOT_USER, TEAM, Channel, Json, Message, Refusal, User
from tests.standins.slack_web import RefusedError

__all__ = ["BOT_USER", "TEAM", "Answer", "Message", "Refusal", "SlackStandIn", "slack_stand_in"]


@dataclass
class Answer:
    """What came back to a person: the acknowledgement, the messages they saw, the view that opened."""

    acked: Json | None
    messages: list[Message] = field(default_factory=list)
    view: Json | None = None

    @property
    def text(self) -> str:
        """Everything that could be read, in order."""
        return "\n".join(m.words for m in self.messages)

    @property
    def errors(self) -> Json:
        """What a refused modal says under its fields."""
        return dict((self.acked or {}).get("errors", {}))

    @property
    def private(self) -> bool:
        """Whether nobody else saw it."""
        return all(m.only_for for m in self.messages)


class SlackStandIn(Server):
    """The workspace: state, transports and the drivers of a test."""

    def __init__(self, *, ack_seconds: float = PATIENCE, trigger_seconds: float = PATIENCE) -> None:
        super().__init__(ack_seconds=ack_seconds, trigger_seconds=trigger_seconds)
        self.state.users[BOT_USER] = User(BOT_USER, "holdwatch", is_bot=True)
        self.delivered: list[tuple[str, Json]] = []

    # People and places

    @property
    def refused(self) -> list[Refusal]:
        """Everything Slack would not have taken."""
        return self.state.refused

    @property
    def users(self) -> dict[str, User]:
        """People by id."""
        return self.state.users

    @property
    def channels(self) -> dict[str, Channel]:
        """Conversations by id."""
        return self.state.channels

    def user(self, name: str, *, admin: bool = False, guest: bool = False) -> str:
        """Adds a person; their id."""
        made = User(self.state.next_id("U"), name, is_admin=admin, is_restricted=guest)
        self.users[made.id] = made
        return made.id

    def channel(self, name: str, *members: str, bot: bool = True) -> str:
        """Adds a channel; its id."""
        made = Channel(self.state.next_id("C"), name, [*members, *([BOT_USER] if bot else [])])
        self.channels[made.id] = made
        return made.id

    def messages(self, channel: str) -> list[Message]:
        """Every message that stands in a conversation, with its thread and final text."""
        return [m for m in self.state.log if m.channel == channel]

    def posts(self, channel: str) -> list[Message]:
        """The bot's own messages there."""
        return [m for m in self.messages(channel) if m.user == BOT_USER]

    def ephemerals(self, user: str) -> list[Message]:
        """What only this person saw."""
        return [m for m in self.state.ephemerals if m.only_for == user]

    def seen(self, channel: str) -> list[tuple[str, list[str]]]:
        """What people saw of the bot: the last text of each message, with all words of its thread."""
        tops = [m for m in self.posts(channel) if not m.thread_ts]
        return [(top.words, [m.words for m in self.posts(channel) if m.thread_ts == top.ts]) for top in tops]

    # Drivers

    async def deliver(self, kind: str, payload: Json) -> Json | None:
        """Hands a payload to the app by the transport that is up: the socket, else HTTP."""
        self.delivered.append((kind, payload))
        if self.http.url:
            return await self.http.deliver(kind, payload)
        return await self.socket.deliver(kind, payload)

    async def redeliver(self) -> Json | None:
        """Hands over the last payload once more, as Slack does when an acknowledgement got lost."""
        kind, payload = self.delivered[-1]
        return await self.deliver(kind, payload)

    async def _answered(
        self, user: str, channel: str, send: Callable[[], Awaitable[Json | None]], wait: float, *, inline: bool = False
    ) -> Answer:
        log, only, views = len(self.state.log), len(self.state.ephemerals), len(self.state.view_order)
        acked = await send()
        if inline and acked and acked.get("text"):
            try:
                self.said(user, channel, acked)
            except RefusedError as refused:
                self.state.refuse("ack", refused.error, refused.detail)
        end = time.monotonic() + wait
        while True:
            fresh = [m for m in self.state.log[log:] if m.user == BOT_USER]
            fresh += [m for m in self.state.ephemerals[only:] if m.only_for == user]
            opened = [v for v, who in self.state.view_order[views:] if who == user]
            if fresh or opened or acked is None or time.monotonic() > end:
                view = self.state.views[opened[-1]] if opened else None
                return Answer(acked, fresh, view)
            await asyncio.sleep(0.005)

    async def slash(self, command: str, text: str = "", *, user: str, channel: str, wait: float = PATIENCE) -> Answer:
        """Types a slash command and waits for what comes back."""
        url = self.response_url(user, channel)
        body = payloads.slash(self.state, command, text, user=user, channel=channel, response_url=url)
        return await self._answered(user, channel, lambda: self.deliver("slash_commands", body), wait, inline=True)

    async def press(self, message: Message, label: str, *, user: str, wait: float = PATIENCE) -> Answer:
        """Taps the button with this label or value."""
        found = [b for b in message.buttons if label in (b["text"]["text"], b.get("value"))]
        if not found:
            raise AssertionError(f"no button {label!r} on {[b['text']['text'] for b in message.buttons]}")
        url = self.response_url(user, message.channel, message)
        body = payloads.press(self.state, message, found[0], user=user, response_url=url)
        return await self._answered(user, message.channel, lambda: self.deliver("interactive", body), wait)

    def upload(self, name: str, body: bytes, *, size: int | None = None, url: str = "") -> Json:
        """A file that a person put into Slack, as events name it."""
        key = self.state.next_id("F")
        self.state.files[key] = body
        where = url or f"{self.base}/files/{key}"
        return {"id": key, "name": name, "size": len(body) if size is None else size, "url_private_download": where}

    async def mention(
        self,
        text: str,
        *,
        user: str,
        channel: str,
        thread: str = "",
        wait: float = PATIENCE,
        files: tuple[Json, ...] = (),
    ) -> Answer:  # fmt: skip
        """Writes to the bot in a channel, perhaps with files."""
        return await self._write("app_mention", f"<@{BOT_USER}> {text}", user, channel, thread, wait, files)

    async def reply_in_thread(self, message: Message, text: str, *, user: str, wait: float = PATIENCE) -> Answer:
        """Writes to the bot under one of its posts."""
        thread = message.thread_ts or message.ts
        return await self.mention(text, user=user, channel=message.channel, thread=thread, wait=wait)

    async def share(
        self, text: str, *, user: str, channel: str, thread: str = "", files: tuple[Json, ...] = (), wait: float = 0.0
    ) -> Answer:
        """Posts files in a channel without a word to the bot, as whoever may read the channel hears it."""
        more = {"channel_type": "channel", "subtype": "file_share"}
        return await self._write("message", text, user, channel, thread, wait, files, **more)

    async def dm(
        self, text: str, *, user: str, thread: str = "", wait: float = PATIENCE, files: tuple[Json, ...] = ()
    ) -> Answer:
        """Writes to the bot alone; with files the message has a subtype."""
        more = {"channel_type": "im"} | ({"subtype": "file_share"} if files else {})
        return await self._write("message", text, user, self.state.dm(user).id, thread, wait, files, **more)

    async def _write(
        self, kind: str, text: str, user: str, channel: str, thread: str, wait: float, files: tuple[Json, ...] = (),
        **more: str,
    ) -> Answer:  # fmt: skip
        made = Message(channel, self.state.next_ts(), user, text, thread_ts=thread, files=list(files))
        self.state.log.append(made)
        body = payloads.event(self.state, payloads.message_event(kind, made, **more))
        return await self._answered(user, channel, lambda: self.deliver("events_api", body), wait)

    async def react(self, message: Message, name: str, *, user: str, wait: float = PATIENCE) -> Answer:
        """Adds a reaction to a message."""
        message.reactions.append(name)
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        inner: Json = {"type": "reaction_added", "user": user, "reaction": name, "item": item}
        inner |= {"item_user": message.user, "event_ts": self.state.next_ts()}
        body = payloads.event(self.state, inner)
        return await self._answered(user, message.channel, lambda: self.deliver("events_api", body), wait)

    async def join(self, user: str, channel: str, *, left: bool = False) -> None:
        """Moves a person into or out of a channel."""
        members = self.channels[channel].members
        if left:
            members.remove(user)
        else:
            members.append(user)
        kind = "member_left_channel" if left else "member_joined_channel"
        inner = {"type": kind, "user": user, "channel": channel, "channel_type": "C", "team": TEAM}
        await self.deliver("events_api", payloads.event(self.state, inner | {"event_ts": self.state.next_ts()}))

    async def submit_view(self, view: Json, values: dict[str, str], *, user: str, wait: float = PATIENCE) -> Answer:
        """Fills a modal by block id, action id or label and sends it off; a view that answers back is checked."""
        filled, kinds = _filled(view, values)
        channel = next(iter(self.channels))
        body = payloads.submission(self.state, view, filled, user=user)
        answer = await self._answered(user, channel, lambda: self.deliver("interactive", body), wait)
        acked = answer.acked or {}
        if acked.get("response_action") == "errors" and not set(acked["errors"]) <= set(kinds):
            self.state.refuse("view_submission", "invalid_errors", str(acked["errors"]))
        if "view" in acked and view_error(acked["view"]):
            self.state.refuse("view_submission", "invalid_view", view_error(acked["view"]))
        return answer


def _filled(view: Json, values: dict[str, str]) -> tuple[Json, list[str]]:
    left = dict(values)
    filled: Json = {}
    for block in (b for b in view["blocks"] if b["type"] == "input"):
        element = block["element"]
        names = (block["block_id"], element["action_id"], block["label"]["text"])
        given = next((left.pop(name) for name in names if name in left), None)
        initial = element.get("initial_value") or (element.get("initial_option") or {}).get("value")
        value = given if given is not None else initial
        if not value and not block.get("optional"):
            raise AssertionError(f"Slack would not send the modal: {block['label']['text']!r} is empty")
        if element["type"] == "static_select":
            chosen = next((o for o in element["options"] if o["value"] == value), None)
            if value and chosen is None:
                raise AssertionError(f"{value!r} is no option of {block['label']['text']!r}")
            entry: Json = {"type": "static_select", "selected_option": chosen}
        else:
            entry = {"type": element["type"], "value": value or None}
        filled[block["block_id"]] = {element["action_id"]: entry}
    if left:
        raise AssertionError(f"no such fields: {sorted(left)}")
    return filled, list(filled)


@asynccontextmanager
async def slack_stand_in(
    *, ack_seconds: float = PATIENCE, trigger_seconds: float = PATIENCE
) -> AsyncIterator[SlackStandIn]:
    """A running stand-in, stopped at the end."""
    made = SlackStandIn(ack_seconds=ack_seconds, trigger_seconds=trigger_seconds)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
