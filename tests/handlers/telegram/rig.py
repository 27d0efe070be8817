"""A door on a stand-in by either transport, with an entry that records its lines."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.domain.route import Place
from handlers.reply import Line, Reply, say
from handlers.telegram.door import TelegramDoor, Webhook
from handlers.telegram.happenings import Happening
from handlers.telegram.talk import Pace
from tests.standins.telegram import Chat, TelegramStandIn, User

FAST = Pace(poll=1, read=2.0, grace=0.05, first_pause=0.02, longest_pause=0.1, tries=4, tap=0.2, hold=2.0, stop=0.2)
SECRET = "SAMPLE-secret"
Answer = Callable[[Line], Awaitable[Reply]]


class Ear:
    """The injected entry: records lines, answers what a test sets, once per delivery id as the real one does."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.lines: list[Line] = []
        self.carried_out: list[str] = []
        self._first: dict[str, Reply] = {}
        self._answer = answer

    async def __call__(self, line: Line) -> Reply:
        self.lines.append(line)
        if line.delivery not in self._first:
            reply = await self._answer(line) if self._answer else Reply(f"heard {line.text}")
            self.carried_out.append(line.text)
            self._first[line.delivery] = reply
        return self._first[line.delivery]

    @property
    def texts(self) -> list[str]:
        """What was typed, in the order it came."""
        return [line.text for line in self.lines]


class Rig:
    """A running door."""

    def __init__(self, door: TelegramDoor, ear: Ear, happened: list[Happening], url: str) -> None:
        self.door = door
        self.ear = ear
        self.happened = happened
        self.url = url


@asynccontextmanager
async def running(
    tg: TelegramStandIn, transport: str = "polling", ear: Ear | None = None, **options: Any
) -> AsyncIterator[Rig]:
    """A door that listens while the block runs."""
    ear = ear or Ear()
    happened: list[Happening] = []

    async def note(what: Happening) -> None:
        happened.append(what)

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    webhook = Webhook(SECRET, url) if transport == "webhook" else None
    options = {"pace": FAST, "strict": True, "happened": note, **options}
    door = TelegramDoor(tg.token, ear, api_url=tg.url, webhook=webhook, **options)
    app = web.Application()
    app.add_routes(door.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    task = asyncio.create_task(door.run())
    try:
        await tg.until(lambda: not door.trouble or task.done())
        yield Rig(door, ear, happened, url)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await runner.cleanup()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def place(chat: Chat | User) -> Place:
    """A chat as the product names it."""
    return Place("telegram", "", str(chat.id), chat.title if isinstance(chat, Chat) else chat.name)


def card(title: str = "Load 1234: hold", *lines: str, **more: Any) -> Reply:
    """A reply of a title and lines."""
    return Reply(title, tuple(say(line) for line in lines), **more)
