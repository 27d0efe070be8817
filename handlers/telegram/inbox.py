"""Updates at work: one after the other in a chat, chats side by side, each update once while it is remembered."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from telegram import Update

from handlers.telegram.updates import lane

_log = logging.getLogger(__name__)
REMEMBERED = 2000


class Inbox:
    """Knows which updates are being handled and which are done; Telegram repeats what was not confirmed."""

    def __init__(self, work: Callable[[Update], Awaitable[None]]) -> None:
        self._work = work
        self._running: dict[int, asyncio.Task[None]] = {}
        self._last: dict[str, asyncio.Task[None]] = {}
        self._done: OrderedDict[int, None] = OrderedDict()
        self._latest = 0

    def take(self, update: Update) -> asyncio.Task[None] | None:
        """Starts work on an update; None when it is done already, the running task when it is under way."""
        number = update.update_id
        self._latest = number
        if number in self._done:
            return None
        if number not in self._running:
            key = lane(update)
            task = asyncio.create_task(self._in_turn(self._last.get(key), update))
            self._running[number] = self._last[key] = task
            task.add_done_callback(lambda ended: self._ended(number, key, ended))
        return self._running[number]

    @property
    def confirmed(self) -> int:
        """The offset that confirms every update below the first one still unhandled; 0 when none ever came.

        It goes by the latest id and not by the highest: after a quiet week Telegram starts again at a random number.
        """
        return min(self._running) if self._running else self._latest + 1 if self._latest else 0

    async def settle(self, seconds: float) -> None:
        """Waits until nothing is under way, or that long."""
        if self._running:
            await asyncio.wait(set(self._running.values()), timeout=seconds)

    async def close(self, seconds: float) -> None:
        """Lets what is under way end; what does not is given up unconfirmed, and so comes again."""
        await self.settle(seconds)
        left = list(self._running.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _in_turn(self, before: asyncio.Task[None] | None, update: Update) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._work(update)
        except Exception:  # else one update that we fail on would come for ever and hold up all others
            _log.exception("an update failed", extra={"action": "telegram_update", "update": update.update_id})

    def _ended(self, number: int, key: str, task: asyncio.Task[None]) -> None:
        if self._last.get(key) is task:
            del self._last[key]
        if not task.cancelled():
            self._done[number] = None
            if len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            del self._running[number]
