"""From one update to its answer: the line goes in, the Reply comes out and is brought to the person."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from telegram import Update

from bot.domain.delivery import Barred, Outcome, Retry, Sent
from bot.domain.route import Account, Place
from handlers.reply import Line, Reply, Result, refused
from handlers.telegram.happenings import Happened, Happening
from handlers.telegram.render import plain, size
from handlers.telegram.sender import Sender, in_group
from handlers.telegram.updates import Heard, Me, Note, read

Entry = Callable[[Line], Awaitable[Reply]]
T = TypeVar("T")

_log = logging.getLogger(__name__)
TOAST = 200
FAILED = refused(
    "Something on my side failed, so this line was not carried out.",
    "Nothing else was lost. Please send it again in a minute; if it fails again, call whoever runs Holdwatch.",
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things are waited for, in seconds; tests shorten them."""

    poll: int = 30
    read: float = 10.0
    grace: float = 1.0
    first_pause: float = 0.5
    longest_pause: float = 30.0
    tries: int = 5
    tap: float = 2.0
    hold: float = 25.0
    stop: float = 5.0

    def pause(self, attempt: int, asked: timedelta | None = None) -> float:
        """The wait after attempt 0, 1, 2 …: what the platform asks for, else doubling up to the longest."""
        own = min(self.first_pause * 2.0 ** min(attempt, 20), self.longest_pause)
        return min(max(asked.total_seconds(), 0.01), 300.0) if asked is not None else own


class Talk:
    """Handles one update from end to end. When it returns, the update may be confirmed to Telegram."""

    def __init__(self, sender: Sender, entry: Entry, happened: Happened, pace: Pace) -> None:
        self._sender = sender
        self._entry = entry
        self._happened = happened
        self._pace = pace

    async def handle(self, update: Update, me: Me) -> None:
        """Everything an update says, in order."""
        for found in read(update, me):
            match found:
                case Heard():
                    await self._line(found, me)
                case Note():
                    if found.query:
                        await self._sender.acknowledge(found.query, found.text, alert=True)
                    else:
                        await self._bring(found.place, Reply(found.text), found.asked)
                case _:
                    await self._happening(found)

    async def _happening(self, what: Happening) -> None:
        async def tell() -> bool:
            await self._happened(what)
            return True

        await self._trying(tell)

    async def _line(self, heard: Heard, me: Me) -> None:
        async def ask() -> Reply:
            files = tuple([await self._sender.fetch(file) for file in heard.files])
            return await self._entry(replace(heard.line, files=files) if files else heard.line)

        asking = asyncio.create_task(self._trying(ask))
        try:
            if heard.query and await self._tapped(heard, asking):
                return
            reply = await asking or FAILED
        finally:
            asking.cancel()
        await self._answer(heard, reply, me)

    async def _tapped(self, heard: Heard, asking: asyncio.Task[Reply | None]) -> bool:
        """Acknowledges a tap once, soon; True when the answer went with it, so that the group is not disturbed."""
        await asyncio.wait({asking}, timeout=self._pace.tap)
        words = _toast(asking.result() or FAILED, heard.line.where) if asking.done() else ""
        alert = bool(words) and (asking.result() or FAILED).result is not Result.OK
        outcome = await self._sender.acknowledge(heard.query, words, alert=alert)
        return bool(words) and isinstance(outcome, Sent)

    async def _answer(self, heard: Heard, reply: Reply, me: Me) -> None:
        """In place; what is for one person alone goes to the private chat, since a group hides nothing."""
        where = heard.line.where
        if not (in_group(where) and reply.private and reply.result is Result.OK):
            await self._bring(where, reply, heard.asked if in_group(where) else "")
            return
        outcome = await self._bring(_private(heard.line.who), reply, "")
        if not isinstance(outcome, Sent):
            text = f"The answer is for you alone. Open a private chat with @{me.name}, press Start, send it there."
            await self._bring(where, Reply(text), heard.asked)

    async def _bring(self, place: Place, reply: Reply, thread: str) -> Outcome:
        outcome: Outcome = Retry(None, "not tried")
        for attempt in range(self._pace.tries):
            outcome = await self._sender.post(place, reply, thread=thread)
            if not isinstance(outcome, Retry):
                break
            await asyncio.sleep(self._pace.pause(attempt, outcome.after))
        if not isinstance(outcome, Sent):
            level = logging.ERROR if isinstance(outcome, (Barred, Retry)) else logging.WARNING
            _log.log(level, "an answer did not arrive", extra={"action": "telegram_answer", "why": outcome.why})
        return outcome

    async def _trying(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """The result, after some tries; None when all failed. A repeat is safe: a line carries its delivery id."""
        for attempt in range(self._pace.tries):
            try:
                return await call()
            except Exception:  # whatever it is, the person gets an answer and later updates are not held up
                _log.exception("a line failed", extra={"action": "telegram_line", "attempt": attempt})
            if attempt + 1 < self._pace.tries:
                await asyncio.sleep(self._pace.pause(attempt))
        return None


def _private(who: Account) -> Place:
    return Place("telegram", "", who.external, who.name)


def _toast(reply: Reply, place: Place) -> str:
    """The words that only the tapper sees; '' when the answer needs a message. In private a message stays readable."""
    words = plain(reply)
    short = size(words) <= TOAST and not reply.buttons and reply.form is None
    return words if short and in_group(place) else ""
