"""The sample day beside the real thing: an app of its own, with its own folder, database and clock."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import App, opened
from bot.cli.common import SAMPLE, sample_url
from bot.settings import Environment

log = logging.getLogger(__name__)


@asynccontextmanager
async def fresh(environment: Environment) -> AsyncIterator[App]:
    """The sample day's app at its beginning: what an earlier run left is removed."""
    from bot.sample.day import prepare, sample_config

    var = environment.var / SAMPLE
    clock = prepare(var)
    async with opened(sample_config(var), sample_url(environment), clock, var, sample=True) as app:
        # Other processes (`ask`) read the time from here.
        async with app.database.dock(clock.civil(), write=True) as dock:
            await dock.settings.save("clock", json.dumps(clock.to_json()))
        yield app


async def run(app: App) -> None:
    """Plays the day; what goes wrong with it must not stop the real thing."""
    from bot.sample.day import play

    async def day() -> None:
        await play(app)

    try:
        await app.run([day])
    except asyncio.CancelledError:
        raise
    except Exception:  # a sample that breaks is logged, and the bot goes on
        log.exception("the sample day ended", extra={"action": "sample.failed"})
