"""`/load N status` through the whole Slack door over HTTP, beside a bare bolt app; at rest and while messages come."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bot.app import App
from bot.clock import machine
from bot.doors import Chats
from bot.settings import Environment
from handlers.web import Health, Web
from tests.bench.asker import CHANNEL, DISPATCHER
from tests.bench.ground import FIRST, engine, installation, seed
from tests.bench.measure import batches, median, ms, percentile, table
from tests.bench.messages import day
from tests.standins.slack import SlackStandIn, slack_stand_in
from tests.standins.slack_state import Channel, User

#: Lines are asked one after the other; so long between two.
_PAUSE = 0.005
_SECONDS = 25.0
#: While messages come, lines are asked in stretches of this, so that few are asked after the last message.
_STRETCH = 4.0


@dataclass(frozen=True)
class Ports:
    """Where the two listen."""

    ours: int
    bare: int


@contextmanager
def _bare(slack: SlackStandIn) -> Iterator[int]:
    program = [sys.executable, "-m", "tests.bench.bare", slack.bot_token, slack.signing_secret, slack.api_url]
    run = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout is not None
        yield int(run.stdout.readline())
    finally:
        run.communicate(timeout=30)


@asynccontextmanager
async def _door(app: App, slack: SlackStandIn) -> AsyncIterator[int]:
    """The Slack door of an installation, as `holdwatch run` opens it over HTTP."""
    keys = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret}
    chats = Chats(app, Environment(**{**keys, "SLACK_API_URL": slack.api_url}))  # type: ignore[arg-type]
    chats.register()
    assert chats.slack is not None
    await chats.slack.check()

    async def no_faults() -> list[str]:
        return []

    async def no_gauges() -> None:
        return None

    web = Web(Health(no_faults, no_gauges), routes=app.doors.routes)
    try:
        yield await web.start("127.0.0.1", 0)
    finally:
        await web.stop()
        await chats.slack.close()


async def _asked(ports: Ports, secret: str, loads: int, rounds: int, seconds: float) -> list[list[float]]:
    """Times of bare bolt as it comes, of bare bolt that does not poll, and ours."""
    targets = [
        {"port": ports.bare, "path": "/plain", "secret": secret, "constant": True},
        {"port": ports.bare, "path": "/quick", "secret": secret, "constant": True},
        {"port": ports.ours, "path": "/slack/events", "secret": secret, "constant": False},
    ]
    said = {"targets": targets, "rounds": rounds, "seconds": seconds, "first": FIRST, "loads": loads, "pause": _PAUSE}
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.asker", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    out, _ = await run.communicate(json.dumps(said).encode())
    if run.returncode:
        raise RuntimeError("nobody answered")
    found: list[list[float]] = json.loads(out)
    return found


def _rows(found: list[list[float]], when: str) -> list[tuple[str, ...]]:
    plain, quick, ours = found
    return [
        (
            when, ms(median(plain)), ms(median(quick)), ms(median(ours)), ms(percentile(ours, 0.99)),
            f"{median(ours) / median(plain):.2f}", f"{median(ours) / median(quick):.2f}", str(len(ours)),
        )
    ]  # fmt: skip


async def _ingested(app: App, loads: int, messages: int) -> float:
    """Takes so many messages in without a pause; messages a second."""
    numbers = min(loads, messages * 10 // 23 + 1)
    kept, start = 0, time.perf_counter()
    while kept < messages:
        for batch in batches(list(day(FIRST, numbers, app.clock.civil())), 500):
            await app.ingest.keep(list(batch))
            kept += len(batch)
    return kept / (time.perf_counter() - start)


async def _while_messages_come(
    app: App, ports: Ports, secret: str, loads: int, messages: int
) -> tuple[list[list[float]], float]:
    """Times of lines while a feed brings messages without a pause, and messages a second meanwhile."""
    found: list[list[float]] = [[], [], []]
    ingesting = asyncio.create_task(_ingested(app, loads, messages))
    while not ingesting.done():
        more = await _asked(ports, secret, loads, 100_000, _STRETCH)
        found = [times + new for times, new in zip(found, more, strict=True)]
    return found, await ingesting


async def measure(name: str, loads: int, messages: int, rounds: int = 400) -> None:
    """One engine."""
    with engine(name) as (url, var):
        async with installation(url, var, machine()) as app, slack_stand_in() as slack:
            slack.state.users[DISPATCHER] = User(DISPATCHER, "dana", is_admin=True)
            slack.state.channels[CHANNEL] = Channel(CHANNEL, "dispatch")
            await seed(app, loads)
            with _bare(slack) as bare:
                async with _door(app, slack) as port:
                    ports = Ports(port, bare)
                    rest = await _asked(ports, slack.signing_secret, loads, rounds, _SECONDS)
                    busy, rate = await _while_messages_come(app, ports, slack.signing_secret, loads, messages)
    print(f"\n**`/load N status` over HTTP, {name}**, {loads:,} loads, lines one by one, in turn with bare bolt\n")
    head = ("", "bolt p50", "bolt, no polling p50", "ours p50", "ours p99", "ratio", "ratio to no polling", "lines")
    print(table(head, _rows(rest, "at rest") + _rows(busy, f"while {rate:.0f} messages a second come")))
