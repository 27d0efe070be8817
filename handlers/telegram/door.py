"""The Telegram door: lines in by polling or webhook, replies and cards out."""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from telegram import Update
from telegram.error import TelegramError

from bot.domain.delivery import Barred, Outcome, Retry
from bot.domain.route import Account, Place
from handlers.reply import Reply
from handlers.telegram.errors import narrow
from handlers.telegram.happenings import Happened, Happening
from handlers.telegram.inbox import Inbox
from handlers.telegram.menu import commands
from handlers.telegram.polling import Health, confirm, poll
from handlers.telegram.sender import Sender, in_group
from handlers.telegram.talk import Entry, Pace, Talk
from handlers.telegram.updates import Me
from handlers.telegram.wire import ALLOWED, connect, readable

_log = logging.getLogger(__name__)
PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Webhook:
    """Updates by HTTP: the secret Telegram sends, and the public address ('' when the operator registers it)."""

    secret: str
    url: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", self.secret):
            raise ValueError("TELEGRAM_WEBHOOK_SECRET must be 1-256 of A-Z a-z 0-9 _ - (Telegram takes no other)")


async def _unheard(_: Happening) -> None:
    """Nobody asked to be told."""


class TelegramDoor:
    """One bot. `run()` lives in the TaskGroup; `routes()` goes to the HTTP server; `post`, `edit` are for deliver."""

    def __init__(
        self,
        token: str,
        entry: Entry,
        *,
        api_url: str = "",
        webhook: Webhook | None = None,
        happened: Happened = _unheard,
        menu: Sequence[tuple[str, str]] = (),
        pace: Pace | None = None,
        strict: bool = False,
    ) -> None:
        self._pace = pace or Pace()
        self._connection = connect(token, api_url, self._pace.read)
        self._bot = self._connection.bot
        self._webhook = webhook
        self._menu = commands(menu)
        self._sender = Sender(self._bot, happened, strict=strict)
        self._talk = Talk(self._sender, entry, happened, self._pace)
        self._inbox = Inbox(self._handle)
        self._health = Health()
        self._me: Me | None = None

    @property
    def trouble(self) -> str:
        """What is wrong with the connection, '' when nothing is (for /readyz and doctor)."""
        return self._health.trouble if self._me else self._health.trouble or "Telegram has not answered yet"

    @property
    def name(self) -> str:
        """The bot's @name without the @, '' until Telegram told it (for invite links: t.me/<name>?start=<code>)."""
        return self._me.name if self._me else ""

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        """A new message; a word in a group's thread that is not a broadcast comes without a sound."""
        silent = bool(thread) and not broadcast and in_group(place)
        return await self._sender.post(place, reply, thread=thread, silent=silent)

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        """The message with new content; Malformed means it can't be edited any more, so post anew."""
        return await self._sender.edit(place, ref, reply)

    def pace(self, place: Place) -> timedelta:
        """Telegram's limits: a message a second, in a group twenty a minute (core.telegram.org/bots/faq)."""
        return timedelta(seconds=3 if in_group(place) else 1)

    async def probe(self) -> Outcome:
        """Whether Telegram knows the token; the ref is the bot's name."""
        return await self._sender.probe()

    async def member(self, place: Place, who: Account) -> bool | None:
        """Whether a person is in a group now; None when Telegram does not say."""
        return await self._sender.member(place, who)

    async def run(self) -> None:
        """Listens until cancelled; what is being handled is finished first, the rest stays with Telegram."""
        try:
            await self._greet()
            if self._webhook is None:
                await poll(self._bot, self._inbox, self._health, self._pace)
            else:
                await asyncio.Event().wait()
        finally:
            await self._inbox.close(self._pace.stop)
            if self._webhook is None:
                await confirm(self._bot, self._inbox)
            await self.close()

    async def close(self) -> None:
        """Closes the connections; for a door that never ran (doctor)."""
        await self._connection.close()

    def routes(self) -> list[web.RouteDef]:
        """The webhook's address, where there is a webhook."""
        return [web.post(PATH, self._arrival)] if self._webhook is not None else []

    async def _handle(self, update: Update) -> None:
        if self._me is not None:
            await self._talk.handle(update, self._me)

    async def _greet(self) -> None:
        """Learns the bot's name, puts up the menu and chooses the transport."""
        await self._until_done(self._introduce)
        await self._until_done(self._transport)
        if self._menu:
            await self._until_done(lambda: self._bot.set_my_commands(self._menu), vital=False)

    async def _introduce(self) -> None:
        await self._bot.initialize()
        self._me = Me(self._bot.id, self._bot.username)

    async def _transport(self) -> None:
        """Switches without dropping what waits: those lines were typed."""
        if self._webhook is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
        elif self._webhook.url:
            url = self._webhook.url.rstrip("/").removesuffix(PATH) + PATH
            await self._bot.set_webhook(url, allowed_updates=ALLOWED, secret_token=self._webhook.secret)

    async def _until_done(self, call: Callable[[], Awaitable[object]], *, vital: bool = True) -> None:
        attempt = 0
        while True:
            try:
                await call()
            except TelegramError as error:
                outcome = narrow(error)
            else:
                self._health.fine()
                return
            self._health.failed(outcome)
            if not vital and not isinstance(outcome, Retry):
                return
            after = outcome.after if isinstance(outcome, Retry) else None
            barred = isinstance(outcome, Barred)
            await asyncio.sleep(self._pace.longest_pause if barred else self._pace.pause(attempt, after))
            attempt += 1

    async def _arrival(self, request: web.Request) -> web.Response:
        """2xx only after the line was handled: Telegram sends again what got anything else."""
        if self._webhook is None or not _same(request.headers.get(SECRET_HEADER, ""), self._webhook.secret):
            _log.warning("a webhook call without the secret was refused", extra={"action": "telegram_forged"})
            return web.Response(status=401, text="wrong secret")
        if self._me is None:
            return web.Response(status=503, text="not ready yet")
        update = await _body(request)
        if update is None:
            return web.Response(status=400, text="not an update")
        task = self._inbox.take(update)
        if task is not None:
            await asyncio.wait({task}, timeout=self._pace.hold)
            if not task.done() or task.cancelled():
                return web.Response(status=503, text="still at it")
        return web.Response()


async def _body(request: web.Request) -> Update | None:
    if (request.content_length or 0) > LARGEST:
        return None
    try:
        raw = json.loads(await request.read())
    except ValueError:
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return None
    return readable(raw)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
