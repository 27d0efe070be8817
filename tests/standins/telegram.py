"""A stateful Telegram on loopback that refuses what Telegram refuses and can be talked to as people talk to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.patience import PATIENCE
from tests.standins.telegram_methods import member
from tests.standins.telegram_server import Refusal, Server
from tests.standins.telegram_state import Chat, Flood, Message, Tap, User, entities_of

__all__ = ["Chat", "Flood", "Message", "Refusal", "Tap", "TelegramStandIn", "User", "telegram_stand_in"]

TOKEN = "700100200:SAMPLE-token-of-the-stand-in"
ANONYMOUS = User(1087968824, "Group", True, "GroupAnonymousBot")


class TelegramStandIn(Server):
    """One bot and the people around it. Drivers are plain functions: they queue what Telegram would deliver."""

    def __init__(self, token: str = TOKEN, username: str = "HoldwatchBot", *, tap_patience: float = PATIENCE) -> None:
        super().__init__(token, username, tap_patience)
        self.users[ANONYMOUS.id] = ANONYMOUS

    # People and places

    def user(self, name: str, *, started: bool = True) -> User:
        """Adds a person; `started` when they have written to the bot before."""
        made = User(501_000_000 + len(self.users), name)
        self.users[made.id] = made
        self.chats[made.id] = Chat(made.id, "private", name, "member" if started else "left", last_id=made.id % 1000)
        return made

    def group(self, title: str, *members: User, bot: bool = True, supergroup: bool = False) -> Chat:
        """Adds a group; the first member made it."""
        number = 4_000_000 + len(self.chats)
        kind = "supergroup" if supergroup else "group"
        made = Chat(-1_000_000_000_000 - number if supergroup else -number, kind, title, last_id=number % 1000 * 10)
        made.members = {m.id: "member" if n else "creator" for n, m in enumerate(members)}
        made.bot = "member" if bot else "left"
        self.chats[made.id] = made
        return made

    def limit(self, flood: Flood | None) -> None:
        """Switches Telegram's limits on how fast a bot writes."""
        self.limiter.flood = flood

    # Drivers

    def message(self, user: User, chat: Chat | User, text: str, *, reply_to: Message | None = None) -> Message:
        """A person types; in a group the bot hears commands, its name and replies to it (privacy mode)."""
        where = self.chat(chat)
        if where.kind == "private":
            where.bot, where.blocked = "member", False
        elif user.id not in where.members and user is not ANONYMOUS:
            raise AssertionError(f"{user.name} is not in {where.title}")
        typed = where.add(user, text, entities=entities_of(text), reply_to=reply_to)
        named = f"@{self.bot.username}".lower() in text.lower()
        answered = reply_to is not None and reply_to.sender is self.bot
        if where.kind == "private" or text.startswith("/") or named or answered:
            self.updates.push("message", typed.api())
        return typed

    def start(self, user: User, payload: str = "") -> Message:
        """A person opens the bot, perhaps by an invite link."""
        return self.message(user, user, f"/start {payload}".strip())

    def press(self, message: Message, label: str, user: User | None = None) -> Tap:
        """A person taps the button with this label; in a private chat that person is known."""
        found = [b for row in message.keyboard or [] for b in row if b["text"] == label]
        if not found or message.deleted:
            raise AssertionError(f"no button {label!r} on {message.labels}")
        who = user or self.users[message.chat.id]
        tap = Tap(f"{self.bot.id}{len(self.taps)}", time.monotonic(), message, who)
        self.taps[tap.id] = tap
        query = {"id": tap.id, "from": who.api(), "message": message.api(), "chat_instance": str(message.chat.id)}
        self.updates.push("callback_query", {**query, "data": found[0]["callback_data"]})
        return tap

    def photo(
        self, user: User, chat: Chat | User, caption: str = "", body: bytes = b"", *, reply_to: Message | None = None,
        size: int = 0, document: str = "",
    ) -> Message:  # fmt: skip
        """A person sends a picture, or with a name a `document`; `size` is what Telegram says it has."""
        id_ = f"SAMPLE{len(self.files)}"
        self.files[id_] = body
        told: dict[str, Any] = {"file_id": id_, "file_unique_id": id_, "file_size": size or len(body)}
        small = {"file_id": "SAMPLEsmall", "file_unique_id": "s", "width": 8, "height": 8}
        extra: dict[str, Any] = {"photo": [small, told | {"width": 80, "height": 80}]}
        if document:
            extra = {"document": told | {"file_name": document}}
        extra |= {"caption": caption} if caption else {}
        sent = self.chat(chat).add(user, "", extra=extra, reply_to=reply_to)
        self.updates.push("message", sent.api())
        return sent

    def retype(self, message: Message, text: str) -> None:
        """A person edits what they typed."""
        message.text = text
        self.updates.push("edited_message", {**message.api(), "edit_date": int(time.time())})

    def join(self, chat: Chat, user: User) -> None:
        """A person comes into a group."""
        chat.members[user.id] = "member"
        told = chat.add(user, "", extra={"new_chat_members": [user.api()]})
        self.updates.push("message", told.api())
        self._changed("chat_member", chat, user, user, "left", "member")

    def leave(self, chat: Chat, user: User) -> None:
        """A person leaves a group."""
        chat.members.pop(user.id)
        told = chat.add(user, "", extra={"left_chat_member": user.api()})
        self.updates.push("message", told.api())
        self._changed("chat_member", chat, user, user, "member", "left")

    def add_bot(self, chat: Chat, by: User) -> None:
        """A person adds the bot to a group."""
        was, chat.bot = chat.bot, "member"
        self._changed("my_chat_member", chat, by, self.bot, was, "member")

    def remove_bot(self, chat: Chat, by: User) -> None:
        """A person removes the bot from a group."""
        was, chat.bot = chat.bot, "kicked"
        self._changed("my_chat_member", chat, by, self.bot, was, "kicked")

    def block(self, user: User) -> None:
        """A person blocks the bot."""
        chat = self.chats[user.id]
        chat.blocked = True
        self._changed("my_chat_member", chat, user, self.bot, "member", "kicked")

    def upgrade(self, chat: Chat, *, told: bool = True) -> Chat:
        """A group becomes a supergroup with another id; the bot hears of it unless `told` is off."""
        new = self.group(chat.title, supergroup=True)
        new.members, chat.moved_to = dict(chat.members), new.id
        creator = self.users[next(iter(chat.members))]
        if told:
            old_note = chat.add(creator, "", extra={"migrate_to_chat_id": new.id})
            new_note = new.add(ANONYMOUS, "", extra={"migrate_from_chat_id": chat.id})
            self.updates.push("message", old_note.api())
            self.updates.push("message", new_note.api())
        return new

    def _changed(self, kind: str, chat: Chat, by: User, who: User, was: str, now: str) -> None:
        old, new = member(who, was), member(who, now)
        common: dict[str, Any] = {"chat": chat.api(), "from": by.api(), "date": int(time.time())}
        self.updates.push(kind, {**common, "old_chat_member": old, "new_chat_member": new})

    # What people saw

    def chat(self, place: Chat | User | int) -> Chat:
        """A chat by itself, by its id or by the person."""
        return place if isinstance(place, Chat) else self.chats[place if isinstance(place, int) else place.id]

    def seen(self, place: Chat | User | int) -> list[Message]:
        """The bot's messages there in order, each as it stands now."""
        return [m for m in self.chat(place).messages.values() if m.sender is self.bot and not m.deleted]

    def texts(self, place: Chat | User | int) -> list[str]:
        """The last text of every message of the bot there, in order."""
        return [m.text for m in self.seen(place)]

    async def until(self, true: Callable[[], object]) -> None:
        """Waits until something is the case."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                shown = {chat.title: self.texts(chat) for chat in self.chats.values()}
                raise AssertionError(f"it did not come true; seen {shown}; refused {self.refused}")
            await asyncio.sleep(0.005)

    async def answered(self, place: Chat | User | int, count: int = 1) -> list[str]:
        """Waits until the bot has written that many messages there, and returns their texts."""
        await self.until(lambda: len(self.seen(place)) >= count)
        return self.texts(place)


@asynccontextmanager
async def telegram_stand_in(**options: Any) -> AsyncIterator[TelegramStandIn]:
    """A stand-in that listens while the block runs."""
    standin = TelegramStandIn(**options)
    await standin.open()
    try:
        yield standin
    finally:
        await standin.close()
