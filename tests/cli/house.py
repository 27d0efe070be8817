"""A whole app in this process, on a database of its own, with doors made from settings as `run` makes them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App, opened
from bot.cli.health import health
from bot.clock import Clock
from bot.config import read_config
from bot.doors import Chats
from bot.feeds.registry import SOURCES
from bot.settings import Environment
from handlers.web import Web
from storage.work import Work

HOME = "home"


def settings(var: Path, **values: Any) -> Environment:
    """An environment with these values, by field name, and nothing else."""
    secret = {k: SecretStr(v) if k.endswith(("token", "secret")) and v else v for k, v in values.items()}
    return Environment.model_construct(var=var, config=var / "none.toml", **secret)


@dataclass
class House:
    """An app, its chats, and where its web server is."""

    app: App
    chats: Chats
    url: str

    @asynccontextmanager
    async def work(self, *, write: bool = False) -> AsyncIterator[Work]:
        async with self.app.database.work(HOME, self.app.clock.civil(), write=write) as work:
            yield work


@asynccontextmanager
async def living(var: Path, url: str, **values: Any) -> AsyncIterator[House]:
    """An app that runs while the block does."""
    environment = settings(var, **values)
    async with opened(read_config(None, var, SOURCES), url, Clock(), var) as app:
        chats = Chats(app, environment)
        chats.register()
        web = Web(health(app, chats), routes=app.doors.routes)
        port = await web.start("127.0.0.1", 0)
        running = asyncio.create_task(app.run())
        try:
            yield House(app, chats, f"http://127.0.0.1:{port}")
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await web.stop()
