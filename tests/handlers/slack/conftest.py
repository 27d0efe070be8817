"""A Slack door before a stand-in, over both transports."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.domain.delivery import Sent
from bot.domain.route import Place
from handlers.reply import Line, Reply, say
from handlers.slack.door import SlackDoor
from handlers.slack.inbound import Moved
from tests.patience import PATIENCE
from tests.standins.slack import TEAM, SlackStandIn, slack_stand_in


@dataclass
class Desk:
    """The other side of the door: keeps the lines and answers with what a test put there, once nothing `stands`."""

    lines: list[Line] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    answer: Callable[[Line], Reply] = lambda line: Reply(f"heard {line.text}", (say("go"),))
    stands: asyncio.Event | None = None
    failures: int = 0
    threads: set[str] = field(default_factory=set)
    asked: list[Line] = field(default_factory=list)

    async def entry(self, line: Line) -> Reply:
        self.lines.append(line)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("SAMPLE failure")
        if self.stands is not None:
            await self.stands.wait()
        return self.answer(line)

    async def overheard(self, line: Line) -> bool:
        self.asked.append(line)
        return line.thread in self.threads

    async def moved(self, move: Moved) -> None:
        self.moves.append(move)


@dataclass
class World:
    """A stand-in, a door that is open, and people."""

    slack: SlackStandIn
    door: SlackDoor
    desk: Desk
    sam: str
    channel: str

    @property
    def place(self) -> Place:
        return Place("slack", TEAM, self.channel, "dispatch")


async def serve(routes: list[web.RouteDef], stack: AsyncExitStack) -> str:
    """Mounts routes on a loopback server; the address of the first."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}{routes[0].path}"


@asynccontextmanager
async def opened(transport: str, **settings: Any) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(slack_stand_in())
        desk = Desk()
        tokens = {"app_token": slack.app_token} if transport == "socket" else {"signing_secret": slack.signing_secret}
        door = SlackDoor(
            desk.entry,
            bot_token=slack.bot_token,
            api_url=slack.api_url,
            moved=desk.moved,
            overheard=desk.overheard,
            **({"seconds": PATIENCE, "patience": PATIENCE} | tokens | settings),
        )
        stack.push_async_callback(door.close)
        if transport == "http":
            slack.http.url = await serve(door.routes(), stack)
        for _ in range(5):
            if isinstance(await door.connect(), Sent):
                break
        sam = slack.user("sam")
        yield World(slack, door, desk, sam, slack.channel("dispatch", sam))


@pytest.fixture(params=["socket", "http"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Both transports."""
    async with opened(request.param) as made:
        yield made


@pytest.fixture
async def http() -> AsyncIterator[World]:
    """HTTP alone, for what does not depend on the transport."""
    async with opened("http") as made:
        yield made
