"""`holdwatch console`: a prompt beside a running bot."""

import asyncio
import sys

from bot.cli.common import app_of, settings
from handlers.console import ConsoleDoor


def console() -> None:
    """Takes lines as chat would, one after the other; ends with Ctrl-D or quit. The bot may run meanwhile."""
    asyncio.run(_console())


async def _console() -> None:
    async with app_of(*settings()) as app:
        operator = await app.entry.account_of("")
        await ConsoleDoor(app.entry, operator, sys.stdout, sys.stdin).run()
