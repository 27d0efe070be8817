"""Long polling that confirms an update only after its line was handled.

The library's own Updater puts updates into a memory queue and confirms them with its next request, handled or not:
a kill in between loses what people typed. Here the offset moves only past what is done; Telegram keeps the rest.
"""

import asyncio
import logging

from telegram import Bot
from telegram.error import TelegramError

from bot.domain.delivery import Barred, Outcome, Retry
from handlers.telegram.errors import narrow
from handlers.telegram.inbox import Inbox
from handlers.telegram.talk import Pace
from handlers.telegram.wire import ALLOWED

_log = logging.getLogger(__name__)


class Health:
    """Logs the first failure and the recovery, not every failure; `trouble` is '' while all is well."""

    def __init__(self) -> None:
        self.trouble = ""

    def failed(self, outcome: Outcome) -> None:
        """Takes note of a failure."""
        why = "" if not hasattr(outcome, "why") else str(outcome.why)
        if not self.trouble:
            level = logging.ERROR if isinstance(outcome, Barred) else logging.WARNING
            _log.log(level, "Telegram does not answer as it should", extra={"action": "telegram_down", "why": why})
        self.trouble = why or "unknown trouble"

    def fine(self) -> None:
        """Takes note that it works."""
        if self.trouble:
            _log.info("Telegram works again", extra={"action": "telegram_up"})
        self.trouble = ""


async def poll(bot: Bot, inbox: Inbox, health: Health, pace: Pace) -> None:
    """Fetches and hands over until cancelled; a slow line holds up its own chat, not the others."""
    failures = 0
    while True:
        try:
            updates = await bot.get_updates(inbox.confirmed or None, timeout=pace.poll, allowed_updates=ALLOWED)
        except TelegramError as error:
            outcome = narrow(error)
            health.failed(outcome)
            after = outcome.after if isinstance(outcome, Retry) else None
            await asyncio.sleep(pace.longest_pause if isinstance(outcome, Barred) else pace.pause(failures, after))
            failures += 1
            continue
        failures = 0
        health.fine()
        for update in updates:
            inbox.take(update)
        await inbox.settle(pace.grace)


async def confirm(bot: Bot, inbox: Inbox) -> None:
    """Tells Telegram what is done, so that a clean restart answers nothing twice; failing is harmless."""
    if not inbox.confirmed:
        return
    try:
        await asyncio.wait_for(bot.get_updates(inbox.confirmed, limit=1, timeout=0), 3.0)
    except (TelegramError, TimeoutError):
        _log.info("could not confirm at the end; some lines come again", extra={"action": "telegram_stop"})
