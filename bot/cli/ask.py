"""`holdwatch ask`: one line in, plain text out; works beside a running bot."""

import asyncio
import sys
from typing import Annotated

import typer

from bot.cli.common import app_of, settings
from handlers.console import CONSOLE, plain
from handlers.reply import Line, Reply, Result
from storage.ids import new_id

_EXITS = {Result.OK: 0, Result.REFUSED: 1, Result.UNKNOWN: 2}


def ask(
    line: Annotated[str, typer.Argument(help="what you would type in chat, e.g. '/load 1234 status'")],
    who: Annotated[str, typer.Option("--as", help="the person who asks; without it the operator")] = "",
) -> None:
    """Answers one line as chat would: exit code 0 done, 1 refused, 2 not understood."""
    reply = asyncio.run(_ask(line, who))
    sys.stdout.write(plain(reply))
    raise typer.Exit(_EXITS[reply.result])


async def _ask(line: str, who: str) -> Reply:
    async with app_of(*settings()) as app:
        account = await app.entry.account_of(who)
        return await app.entry(Line(line, account, CONSOLE, f"ask:{new_id()}"))
