"""Arrival by asking for a queue that is emptied by reading: one asks at a time, and every answer is on disk first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from bot.feeds.poll import Poller
from bot.feeds.safe import Safe
from bot.feeds.socket import Turn

log = logging.getLogger(__name__)

_TURN_SECONDS = 5.0


@dataclass(slots=True)
class Drain:
    """A poller of such a queue. `turn` gives the right to ask; what comes is kept by `safe`."""

    poller: Poller
    safe: Safe
    turn: Callable[[], AbstractAsyncContextManager[Turn]]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Asks until cancelled, whenever it is our turn."""
        await self.safe.beside(self._asking)

    async def _asking(self) -> None:
        while True:
            try:
                async with self.turn() as turn:
                    if turn.mine:
                        await replace(self.poller, held=turn.held).run()
            except Exception as why:  # most likely the database is away, and with it the right to ask
                named = {"action": "drain.waits", "feed": self.safe.feed}
                log.warning("asking waits: %s", why, extra=named)
            await self.sleep(_TURN_SECONDS)
