"""Sending and editing, with every failure narrowed to an Outcome."""

import logging
from collections.abc import Awaitable, Callable

from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import ChatMigrated, TelegramError

from bot.domain.delivery import Malformed, Outcome, Sent
from bot.domain.route import Account, Place
from handlers.reply import Reply, Upload
from handlers.telegram.errors import NOT_THERE, narrow
from handlers.telegram.files import Attached, fetched
from handlers.telegram.happenings import Happened, Migrated
from handlers.telegram.render import Drawn, plain, render

_log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Call = Callable[[], Awaitable[Message | bool]]


def in_group(place: Place) -> bool:
    """Whether the place is a group: Telegram numbers groups below zero."""
    return place.external.startswith("-")


class Sender:
    """Posts and edits. What Telegram refuses as malformed goes at once as plain text with the same facts."""

    def __init__(self, bot: Bot, happened: Happened, *, strict: bool = False) -> None:
        self._bot = bot
        self._happened = happened
        self._strict = strict
        self._moved: dict[str, str] = {}

    async def post(self, place: Place, reply: Reply, *, thread: str = "", silent: bool = False) -> Outcome:
        """A new message, as a reply to message `thread` where given (and all the same if that one is gone)."""
        drawn = render(reply, strict=self._strict)
        answered = ReplyParameters(int(thread), allow_sending_without_reply=True) if thread.isdecimal() else None

        async def send(text: str, keyboard: object, mode: str | None) -> Message:
            return await self._bot.send_message(
                self._chat(place),
                text,
                parse_mode=mode,
                reply_markup=keyboard,  # type: ignore[arg-type]
                reply_parameters=answered,
                link_preview_options=_NO_PREVIEW,
                disable_notification=silent or None,
            )

        return await self._either(place, reply, drawn, send)

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        """The message `ref` with new content; Malformed(NOT_THERE) when it can't be edited any more: post anew."""
        if not ref.isdecimal():
            return Malformed(NOT_THERE)
        drawn = render(reply, strict=self._strict)

        async def change(text: str, keyboard: object, mode: str | None) -> Message | bool:
            return await self._bot.edit_message_text(
                text,
                self._chat(place),
                int(ref),
                parse_mode=mode,
                reply_markup=keyboard,  # type: ignore[arg-type]
                link_preview_options=_NO_PREVIEW,
            )

        return await self._either(place, reply, drawn, change, ref)

    async def acknowledge(self, query_id: str, text: str = "", *, alert: bool = False) -> Outcome:
        """Ends the waiting mark on a tapped button, with up to 200 characters that only the tapper sees."""
        try:
            await self._bot.answer_callback_query(query_id, text=text or None, show_alert=alert)
        except TelegramError as error:
            return narrow(error)
        return Sent("")

    async def fetch(self, file: Attached) -> Upload:
        """A file that somebody sent, with its bytes or why it can't be had."""
        return await fetched(self._bot, file)

    async def probe(self) -> Outcome:
        """Whether Telegram knows the token; the ref is the bot's name."""
        try:
            return Sent((await self._bot.get_me()).username or "")
        except TelegramError as error:
            return narrow(error)

    async def member(self, place: Place, who: Account) -> bool | None:
        """Whether a person is in a group now; None when Telegram does not say."""
        try:
            found = await self._bot.get_chat_member(self._chat(place), int(who.external))
        except (TelegramError, ValueError):
            return None
        return found.status not in ("left", "kicked") and getattr(found, "is_member", True)

    async def _either(
        self,
        place: Place,
        reply: Reply,
        drawn: Drawn,
        call: Callable[[str, object, str | None], Awaitable[Message | bool]],
        ref: str = "",
    ) -> Outcome:
        outcome = await self._one(place, lambda: call(drawn.html, drawn.keyboard, ParseMode.HTML), ref)
        if not isinstance(outcome, Malformed) or outcome.why == NOT_THERE:
            return outcome
        _log.error("refused, going as plain text", extra={"action": "telegram_malformed", "why": outcome.why})
        return await self._one(place, lambda: call(plain(reply), None, None), ref)

    async def _one(self, place: Place, call: Call, ref: str) -> Outcome:
        try:
            message = await call()
        except ChatMigrated as error:
            await self._follow(place, str(error.new_chat_id))
            return narrow(error, ref)
        except TelegramError as error:
            return narrow(error, ref)
        return Sent(str(message.message_id) if isinstance(message, Message) else ref)

    async def _follow(self, place: Place, new: str) -> None:
        self._moved[place.external] = new
        await self._happened(Migrated(place, Place(place.door, place.workspace, new, place.name)))

    def _chat(self, place: Place) -> int | str:
        external = self._moved.get(place.external, place.external)
        return int(external) if external.lstrip("-").isdecimal() else external
