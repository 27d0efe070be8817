"""`holdwatch replay`: reads kept messages again, after a fix or a new code table."""

import asyncio
from typing import Annotated

import typer

from bot.cli.common import app_of, settings
from bot.domain.errors import HoldwatchError
from bot.watch.replay import replay_feed


def replay(
    feed: Annotated[str, typer.Argument(help="which feed's messages")],
    everything: Annotated[bool, typer.Option("--all", help="also messages that this version has read already")] = False,
) -> None:
    """Replaces the reports of kept messages by what this version reads in them; the times of arrival stay."""
    asyncio.run(_replay(feed, everything))


async def _replay(feed: str, everything: bool) -> None:
    async with app_of(*settings()) as app:
        ear = app.ears.get(feed)
        if ear is None:
            raise HoldwatchError(f"there is no feed '{feed}', there are: {', '.join(app.ears)}")
        count = await replay_feed(app.database, app.ingest, ear, app.clock.civil(), everything=everything)
        print(f"{count} messages of {feed} were read again")
