"""The methods of the Telegram stand-in: each does what Telegram does, or raises Refused as Telegram would."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.standins.telegram_state import Chat, Limiter, Message, Tap, User
from tests.standins.telegram_text import Refused, bad, keyboard, parse, units
from tests.standins.telegram_updates import DEFAULT_TYPES, Updates

Params = dict[str, Any]
OLD_TAP = "query is too old and response timeout expired or query ID is invalid"


class Methods:
    """State and methods of one bot."""

    def __init__(self, bot: User, tap_patience: float) -> None:
        self.bot = bot
        self.tap_patience = tap_patience
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.menu: list[tuple[str, str]] = []
        self.updates = Updates()
        self.files: dict[str, bytes] = {}
        self.limiter = Limiter()
        self.table: dict[str, Callable[[Params], Awaitable[Any]]] = {
            name.removeprefix("on_"): getattr(self, name) for name in dir(self) if name.startswith("on_")
        }

    async def on_getme(self, _: Params) -> Any:
        return {**self.bot.api(), "can_join_groups": True, "can_read_all_group_messages": False}

    async def on_getfile(self, p: Params) -> Any:
        id_ = str(p.get("file_id", ""))
        if id_ not in self.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(self.files[id_]) > 20 * 1024 * 1024:
            raise bad("file is too big")
        return {"file_id": id_, "file_unique_id": id_, "file_size": len(self.files[id_]), "file_path": f"sent/{id_}"}

    async def on_getupdates(self, p: Params) -> Any:
        types = _json(p, "allowed_updates")
        if types is not None:
            self.updates.types = frozenset(types) or DEFAULT_TYPES
        return await self.updates.poll(_int(p, "offset", 0), _int(p, "limit", 100), _int(p, "timeout", 0))

    async def on_setwebhook(self, p: Params) -> Any:
        types = _json(p, "allowed_updates")
        if types is not None:
            self.updates.types = frozenset(types) or DEFAULT_TYPES
        if _bool(p, "drop_pending_updates"):
            self.updates.pending.clear()
        self.updates.set_webhook(str(p.get("url", "")), str(p.get("secret_token", "")))
        return True

    async def on_deletewebhook(self, p: Params) -> Any:
        return await self.on_setwebhook({**p, "url": "", "allowed_updates": None})

    async def on_getwebhookinfo(self, _: Params) -> Any:
        hook = self.updates.webhook
        info = {"url": hook["url"] if hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self.updates.pending)
        return {**info, "last_error_message": self.updates.last_error} if self.updates.last_error else info

    async def on_sendmessage(self, p: Params) -> Any:
        chat = self.writable(p)
        text, entities = parse(p.get("text"), p.get("parse_mode"))
        rows = keyboard(_json(p, "reply_markup"))
        above = self._replied(chat, p)
        self.limiter.count(chat)
        silent = _bool(p, "disable_notification")
        message = chat.add(self.bot, text, entities=entities, keyboard=rows, reply_to=above, silent=silent)
        return message.api()

    def _replied(self, chat: Chat, p: Params) -> Message | None:
        wanted = _json(p, "reply_parameters") or {"message_id": _int(p, "reply_to_message_id", 0)}
        if not wanted.get("message_id"):
            return None
        above = chat.messages.get(int(wanted["message_id"]))
        if above is not None and not above.deleted:
            return above
        if wanted.get("allow_sending_without_reply") or _bool(p, "allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    async def on_editmessagetext(self, p: Params) -> Any:
        chat = self.writable(p)
        message = self._editable(chat, p)
        text, entities = parse(p.get("text"), p.get("parse_mode"))
        rows = keyboard(_json(p, "reply_markup"))
        if (text, entities, rows) == (message.text, message.entities, message.keyboard):
            raise _unmodified()
        self.limiter.count(chat)
        message.text, message.entities, message.keyboard = text, entities, rows
        message.history.append(text)
        return {**message.api(), "edit_date": int(time.time())}

    async def on_editmessagereplymarkup(self, p: Params) -> Any:
        chat = self.writable(p)
        message = self._editable(chat, p)
        rows = keyboard(_json(p, "reply_markup"))
        if rows == message.keyboard:
            raise _unmodified()
        self.limiter.count(chat)
        message.keyboard = rows
        return {**message.api(), "edit_date": int(time.time())}

    async def on_deletemessage(self, p: Params) -> Any:
        message = self.writable(p).messages.get(_int(p, "message_id", 0))
        if message is None or message.deleted:
            raise bad("message to delete not found")
        message.deleted = True
        return True

    async def on_answercallbackquery(self, p: Params) -> Any:
        tap = self.taps.get(str(p.get("callback_query_id")))
        if tap is None or tap.answered or time.monotonic() - tap.at > self.tap_patience:
            raise bad(OLD_TAP)
        text = str(p.get("text") or "")
        if units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        tap.answered, tap.text, tap.alert = True, text, _bool(p, "show_alert")
        return True

    async def on_setmycommands(self, p: Params) -> Any:
        wanted = _json(p, "commands") or []
        if len(wanted) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for one in wanted:
            name, text = str(one.get("command", "")), str(one.get("description", ""))
            if not 1 <= len(name) <= 32 or not all(c.isdigit() or "a" <= c <= "z" or c == "_" for c in name):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(text) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menu = [(one["command"], one["description"]) for one in wanted]
        return True

    async def on_getmycommands(self, _: Params) -> Any:
        return [{"command": name, "description": text} for name, text in self.menu]

    async def on_getchat(self, p: Params) -> Any:
        return {**self.known(p).api(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": {}}

    async def on_getchatmember(self, p: Params) -> Any:
        chat, number = self.known(p), _int(p, "user_id", 0)
        if number not in self.users:
            raise bad("user not found")
        return member(self.users[number], chat.bot if number == self.bot.id else chat.members.get(number, "left"))

    async def on_getchatadministrators(self, p: Params) -> Any:
        chat = self.known(p)
        if chat.kind == "private":
            raise bad("there are no administrators in the private chat")
        return [member(self.users[n], s) for n, s in chat.members.items() if s in ("creator", "administrator")]

    def known(self, p: Params) -> Chat:
        """The chat, or "chat not found"."""
        chat = self.chats.get(_int(p, "chat_id", 0))
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, p: Params) -> Chat:
        """The chat, if the bot may write there."""
        chat = self.known(p)
        if chat.moved_to is not None:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, text, migrate_to_chat_id=chat.moved_to)
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.kind == "private" and chat.bot != "member":
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.bot in ("left", "kicked"):
            raise Refused(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if chat.muted:
            raise bad("not enough rights to send text messages to the chat")
        return chat

    def _editable(self, chat: Chat, p: Params) -> Message:
        message = chat.messages.get(_int(p, "message_id", 0))
        if message is None or message.deleted:
            raise bad("message to edit not found")
        if message.sender is not self.bot:
            raise bad("message can't be edited")
        return message


def member(user: User, status: str) -> dict[str, Any]:
    """A ChatMember as the API prints it."""
    shown: dict[str, Any] = {"user": user.api(), "status": status}
    if status == "kicked":
        shown["until_date"] = 0
    if status == "creator":
        shown["is_anonymous"] = False
    if status == "administrator":
        rights = "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats"
        rights += " can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories"
        shown |= dict.fromkeys(f"{rights} can_edit_stories can_delete_stories".split(), False)
    return shown


def _unmodified() -> Refused:
    return bad(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )


def _json(p: Params, name: str) -> Any:
    value = p.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def _int(p: Params, name: str, default: int) -> int:
    try:
        return int(p.get(name, default) or default)
    except (TypeError, ValueError):
        return default


def _bool(p: Params, name: str) -> bool:
    return str(p.get(name, "")).lower() in ("true", "1")
