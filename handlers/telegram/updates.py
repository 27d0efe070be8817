"""Telegram update → what was typed or tapped, or what happened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, MessageOriginUser, Update, User

from bot.domain.route import Account, Place
from handlers.reply import Line
from handlers.telegram.files import Attached, attached
from handlers.telegram.happenings import Added, Happening, Member, Migrated, Removed

#: Telegram writes as this account for a group admin who stays anonymous.
ANONYMOUS_ADMIN = 1087968824

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?=\s|$)(?P<rest>.*)", re.DOTALL)
_WORDS_ONLY = "I read typed words and buttons only; nothing was done with this. Type /help."
_UNNAMED = (
    "A picture says nothing without a name, so nothing was done with this. "
    "Send it again with the importer under it, as in: carm ACME"
)
_FORWARDED = (
    "This was forwarded, and somebody else's words are not yours: nothing was done with it. "
    "To have it done, type it yourself."
)
_OUT = (ChatMember.LEFT, ChatMember.BANNED)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A line; `asked` is the message to answer, `query` the tap that waits for an acknowledgement, `files` what came
    with it and is still to be fetched."""

    line: Line
    asked: str
    query: str = ""
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something addressed to the bot that is no line: what to say about it."""

    place: Place
    asked: str
    text: str
    query: str = ""


Found = Heard | Note | Happening


def read(update: Update, me: Me) -> tuple[Found, ...]:
    """Everything that an update says to us, usually one thing; edited messages and chatter say nothing."""
    if update.callback_query is not None:
        return tuple(_tap(update.callback_query, update.update_id, me))
    if update.my_chat_member is not None:
        return tuple(_own_membership(update.my_chat_member))
    if update.chat_member is not None:
        return tuple(_membership(update.chat_member))
    if update.message is not None:
        return (*_service(update.message), *_message(update.message, update.update_id, me))
    return ()


def lane(update: Update) -> str:
    """Updates of one lane are handled in order: a chat, or else a person."""
    chat, user = update.effective_chat, update.effective_user
    return f"chat {chat.id}" if chat else f"user {user.id}" if user else "none"


def place_of(chat: Chat) -> Place:
    """The chat as a place."""
    return Place("telegram", "", str(chat.id), chat.title or chat.full_name or "")


def _account(user: User) -> Account:
    return Account("telegram", "", str(user.id), user.full_name)


def _delivery(me: Me, update_id: int) -> str:
    return f"tg:{me.id}:{update_id}"


def _tap(query: CallbackQuery, update_id: int, me: Me) -> Iterator[Found]:
    if query.message is None or not query.data:
        text = "This button is too old. Nothing was done; type the line instead."
        yield Note(Place("telegram", "", str(query.from_user.id)), "", text, query.id)
        return
    place = place_of(query.message.chat)
    ref = str(query.message.message_id)
    private = query.message.chat.type == Chat.PRIVATE
    line = Line(query.data, _account(query.from_user), place, _delivery(me, update_id), ref, private)
    yield Heard(line, ref, query.id)


def _own_membership(change: ChatMemberUpdated) -> Iterator[Found]:
    was, now = _inside(change.old_chat_member), _inside(change.new_chat_member)
    if was != now:
        yield (Added if now else Removed)(place_of(change.chat), _account(change.from_user))


def _membership(change: ChatMemberUpdated) -> Iterator[Found]:
    was, now = _inside(change.old_chat_member), _inside(change.new_chat_member)
    user = change.new_chat_member.user
    if was != now and not user.is_bot:
        yield Member(place_of(change.chat), _account(user), now)


def _inside(member: ChatMember) -> bool:
    return member.status not in _OUT and bool(getattr(member, "is_member", True))


def _service(message: Message) -> Iterator[Found]:
    place = place_of(message.chat)
    if message.migrate_to_chat_id:
        yield Migrated(place, Place("telegram", "", str(message.migrate_to_chat_id), place.name))
    if message.migrate_from_chat_id:
        yield Migrated(Place("telegram", "", str(message.migrate_from_chat_id), place.name), place)
    for user in message.new_chat_members:
        if not user.is_bot:
            yield Member(place, _account(user), True)
    if message.left_chat_member is not None and not message.left_chat_member.is_bot:
        yield Member(place, _account(message.left_chat_member), False)


def _message(message: Message, update_id: int, me: Me) -> Iterator[Found]:
    private = message.chat.type == Chat.PRIVATE
    text = (message.text or message.caption or "").strip()
    asked = str(message.message_id)
    place = place_of(message.chat)
    files = attached(message)
    if not text and not (files and asked_about(message, me)):
        if private and message.effective_attachment is not None and not message.media_group_id:
            yield Note(place, asked, _UNNAMED if files else _WORDS_ONLY)
        return
    line = _addressed(text, message, me, private) if text else ""
    user = message.from_user
    if line is None or user is None:
        return
    if user.id == ANONYMOUS_ADMIN:
        yield Note(
            place,
            asked,
            "You write as the group, so I can't tell who you are. Nothing was done. "
            "Turn off “Remain anonymous” in your admin rights and send it again.",
        )
    elif _forwarded(message, user):
        if not message.is_automatic_forward:
            yield Note(place, asked, _FORWARDED)
    elif not user.is_bot:
        thread = asked_about(message, me)
        heard = Line(line, _account(user), place, _delivery(me, update_id), thread, private)
        yield Heard(heard, asked, files=files)


def _forwarded(message: Message, user: User) -> bool:
    """Whether somebody else wrote it, as far as Telegram says: whoever passes a line on has not typed it."""
    origin = message.forward_origin
    own = isinstance(origin, MessageOriginUser) and origin.sender_user.id == user.id
    return origin is not None and not own


def asked_about(message: Message, me: Me) -> str:
    """The ref of our own message that this one replies to, else ''."""
    above = message.reply_to_message
    ours = above is not None and above.from_user is not None and above.from_user.id == me.id
    return str(above.message_id) if above is not None and ours else ""


def _addressed(text: str, message: Message, me: Me, private: bool) -> str | None:
    """The line in a message, None when it is not for us: in a group that takes a command, our name or a reply."""
    command = _COMMAND.match(text)
    if command is not None:
        other = command["bot"] is not None and command["bot"].lower() != me.name.lower()
        return None if other and not private else _command(command["name"], command["rest"].strip(), private)
    named = re.compile(rf"(?<!\w)@{re.escape(me.name)}\b[:,]?", re.IGNORECASE)
    rest, found = named.subn(" ", text, count=1)
    if found:
        return " ".join(rest.split()) or "/help"
    return text if private or asked_about(message, me) else None


def _command(name: str, rest: str, private: bool) -> str:
    if name.lower() == "start":
        return f"/person link {rest}" if rest and private else "/help"
    return f"/{name} {rest}".strip()
