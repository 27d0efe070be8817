"""The update queue of the Telegram stand-in: long polling, webhooks, ids that are never used twice."""

import asyncio
import time
from typing import Any

import aiohttp

from tests.standins.telegram_text import Refused, bad

DEFAULT_TYPES = frozenset(
    ["message", "edited_message", "channel_post", "callback_query", "my_chat_member", "chat_join_request", "poll"]
)


class Updates:
    """What waits for the bot, confirmed by offset or by a 2xx of its webhook."""

    def __init__(self, first: int = 700_000_001, again: float = 0.05) -> None:
        self.pending: list[dict[str, Any]] = []
        self.delivered: list[int] = []
        self.webhook: dict[str, Any] | None = None
        self.types: frozenset[str] = DEFAULT_TYPES
        self.last_error = ""
        self._next = first
        self._again = again
        self._news = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._pushes: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()

    def push(self, kind: str, what: dict[str, Any], *, always: bool = False) -> int:
        """Queues an update and returns its id; types the bot did not ask for are dropped, unless `always`."""
        number = self._next
        self._next += 1
        if always or kind in self.types:
            self.pending.append({"update_id": number, kind: what})
            self._wake()
        return number

    def _wake(self) -> None:
        self._news.set()
        if self.webhook is not None:
            self._push_all()

    def quiet_week(self, first: int) -> None:
        """After a week without updates Telegram goes on at a random number."""
        self._next = first

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Answers getUpdates; a second poller ends the first with a 409."""
        if self.webhook is not None:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(
                Refused(409, "Conflict: terminated by other getUpdates request; run only one bot instance")
            )
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = mine
        self._confirm(offset)
        try:
            await self._wait(mine, timeout)
        finally:
            if not mine.cancel() and not mine.cancelled():
                mine.exception()
        found = self.pending[: max(1, min(limit, 100))]
        self.delivered += [update["update_id"] for update in found]
        return found

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset <= self._next + 10:  # an offset further in the future counts as none
            self.pending = [u for u in self.pending if u["update_id"] >= offset]

    async def _wait(self, mine: asyncio.Future[None], timeout: float) -> None:
        end = time.monotonic() + timeout
        while not self.pending and (left := end - time.monotonic()) > 0:
            self._news.clear()
            news = asyncio.ensure_future(self._news.wait())
            either: set[asyncio.Future[Any]] = {news, mine}
            try:
                await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()
            if mine.done():
                mine.result()

    def set_webhook(self, url: str, secret: str) -> None:
        """Registers a webhook; an empty address removes it."""
        if secret and not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
            raise bad("secret token contains unallowed characters")
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"url": url, "secret": secret} if url else None
        if self.webhook is None:
            return
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(Refused(409, "Conflict: terminated by setWebhook request"))
        self._push_all()

    def _push_all(self) -> None:
        """One sender per chat keeps the order of a chat, as Telegram does."""
        for update in self.pending:
            key = _queue(update)
            if key not in self._busy:
                self._busy.add(key)
                task = asyncio.ensure_future(self._push_queue(key))
                self._pushes.add(task)
                task.add_done_callback(self._pushes.discard)

    async def _push_queue(self, key: str) -> None:
        async with aiohttp.ClientSession() as session:
            while self.webhook is not None:
                update = next((u for u in self.pending if _queue(u) == key), None)
                if update is None:
                    break
                if await self._deliver(session, update):
                    self.pending = [u for u in self.pending if u is not update]
                else:
                    await asyncio.sleep(self._again)
            self._busy.discard(key)

    async def _deliver(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        hook = self.webhook or {"url": "", "secret": ""}
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
        self.delivered.append(update["update_id"])
        try:
            async with session.post(hook["url"], json=update, headers=headers) as answer:
                self.last_error = "" if answer.status < 300 else f"Wrong response from the webhook: {answer.status}"
        except (aiohttp.ClientError, OSError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
        return not self.last_error

    async def close(self) -> None:
        """Stops pushing."""
        pushes = list(self._pushes)
        for task in pushes:
            task.cancel()
        await asyncio.gather(*pushes, return_exceptions=True)


def _queue(update: dict[str, Any]) -> str:
    what: dict[str, Any] = next((v for k, v in update.items() if k != "update_id"), {})
    holder = what.get("message", what)
    chat = holder.get("chat")
    return str(chat["id"]) if isinstance(chat, dict) else ""
