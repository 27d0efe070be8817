"""`holdwatch run`: everything at once, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import typer

from bot import logs
from bot.app import App, opened
from bot.cli import sampling
from bot.cli.common import begun, settings
from bot.cli.health import health
from bot.cli.screens import Screens, hear_console
from bot.cli.waiting import wait_sources
from bot.clock import Clock
from bot.config import Config
from bot.domain.errors import HoldwatchError
from bot.doors import Chats
from bot.settings import Environment
from handlers.board.board import Board
from handlers.console import Aside, ConsoleDoor
from handlers.entry import first_code
from handlers.web import Web
from storage.database import Database

log = logging.getLogger(__name__)

_STOP_WITHIN = 6.0


def run() -> None:
    """Runs the bot: chats, feeds, board. With nothing set up it also plays a sample day. Ctrl-C stops it."""
    environment, config = settings()
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    level = logging.WARNING if terminal else logging.INFO
    logs.configure((*environment.secrets, *config.secrets), level=level)
    # Its own words are about itself, and stand in every start.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if terminal:
        # A feed that turns is a card there.
        logging.getLogger("bot.watch.life").setLevel(logging.ERROR)
    asyncio.run(_run(environment, config, terminal=terminal))


async def _run(environment: Environment, config: Config, *, terminal: bool) -> None:
    stop = asyncio.Event()
    _on_signals(stop.set)
    environment.var.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        # Before anything is opened: a second run must not migrate or touch what the first one uses.
        stack.enter_context(Database(environment.database).single_run())
        app = await stack.enter_async_context(opened(config, environment.database, Clock(), environment.var))
        if environment.chats or config.path is not None:
            app.queues.sources = wait_sources(config.waits)
        sample = await stack.enter_async_context(_sample(environment, config, app))
        await _serve(environment, app, sample, stop, terminal=terminal)


@asynccontextmanager
async def _sample(environment: Environment, config: Config, app: App) -> AsyncIterator[App | None]:
    """The sample day, where nothing is set up and nothing of the carrier's own is known yet."""
    set_up = environment.database_url or environment.chats or config.path is not None
    if set_up or await begun(app.database, app.world.carriers):
        yield None
        return
    async with sampling.fresh(environment) as sample:
        yield sample


async def _serve(
    environment: Environment, app: App, sample: App | None, stop: asyncio.Event, *, terminal: bool
) -> None:
    chats = Chats(app, environment)
    chats.register()
    screens = Screens(app, sample)
    operator = await app.entry.account_of("")
    console = ConsoleDoor(screens.entry, operator, sys.stdout, sys.stdin if terminal else None)
    if terminal and sys.stderr.isatty():
        _log_to(console)
    if terminal or not environment.database.startswith("postgresql"):
        # With several processes on one database, another one may have the terminal.
        await hear_console(app, console if terminal else None)
    if sample is not None:
        await hear_console(sample, console)
    token = environment.board_token.get_secret_value() if environment.board_token else ""
    board = Board(screens.desks, screens.page)
    web = Web(health(app, chats), routes=[*app.doors.routes, *app.hooks()], guarded=board.routes(), token=token)
    port = await _listen(web, environment)
    try:
        await _greet(environment, app, port, sample=sample is not None)
        await _until(stop, app, sample, console if terminal else None)
    finally:
        await web.stop()
    if terminal:
        typer.echo("\nHoldwatch has stopped. What was heard and told is kept; the next start goes on from here.")


async def _listen(web: Web, environment: Environment) -> int:
    host, port = environment.http
    try:
        return await web.start(host, port)
    except OSError as why:
        raise HoldwatchError(
            f"{host}:{port} can't be listened on ({why.strerror or why}), so nothing was started. "
            "Stop what uses it, or set HOLDWATCH_HTTP to another host:port"
        ) from None


async def _greet(environment: Environment, app: App, port: int, *, sample: bool) -> None:
    host = "127.0.0.1" if environment.http.host in ("0.0.0.0", "::") else environment.http.host
    where = f"http://{f'[{host}]' if ':' in host else host}:{port}/board"
    typer.echo(f"Holdwatch runs. The board: {where}")
    if not environment.http.loopback and environment.board_token is None:
        typer.echo("From other machines the board stays shut until HOLDWATCH_BOARD_TOKEN is set.")
    code = await first_code(app.database, app.clock.civil())
    if code is not None:
        when = "First admin" if environment.chats else "First admin, once Slack or Telegram is connected"
        typer.echo(f"{when}: send this code to the bot there, once: {code}")
    if sample:
        typer.echo(
            "Nothing is set up yet, so a SAMPLE day plays, sped up: watch it here and on the board.\n"
            "Your own loads: holdwatch import loads.csv, or drop the file into "
            f"{environment.var / 'loads'}. What to do next: README, or holdwatch doctor."
        )
    sys.stdout.flush()


async def _until(stop: asyncio.Event, app: App, sample: App | None, console: ConsoleDoor | None) -> None:
    """Runs until told to stop; raises what ended the bot by itself."""
    extra = [partial(_prompt, console)] if console is not None else []
    working = [asyncio.create_task(app.run(extra), name="app")]
    if sample is not None:
        working.append(asyncio.create_task(sampling.run(sample), name="sample"))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({stopping, working[0]}, return_when=asyncio.FIRST_COMPLETED)
        if working[0].done():
            _fell(working[0])
    finally:
        log.info("stopping", extra={"action": "run.stop"})
        for task in (*working, stopping):
            task.cancel()
        await asyncio.wait(working, timeout=_STOP_WITHIN)


async def _prompt(console: ConsoleDoor) -> None:
    await console.run()
    typer.echo("The prompt is closed; the bot goes on. Ctrl-C stops it.")


def _log_to(console: ConsoleDoor) -> None:
    """Records of the log stand above the prompt, not in what is being typed."""
    for one in logging.getLogger().handlers:
        if isinstance(one, logging.StreamHandler):
            one.setStream(Aside(console))


def _fell(task: "asyncio.Task[None]") -> None:
    """Says why the bot ended by itself."""
    why = task.exception() if not task.cancelled() else None
    if why is None:
        return
    log.critical("the bot ended by itself", exc_info=why, extra={"action": "run.fell"})
    first: BaseException = why
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    raise HoldwatchError(
        f"Holdwatch stopped by itself ({type(first).__name__}: {first}). What was heard and told is kept; "
        "start it again, and if it stops again send the log to whoever maintains it"
    ) from None


def _on_signals(act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(one, act)
            continue
        # Windows has no handlers in the loop.
        signal.signal(one, lambda *_: loop.call_soon_threadsafe(act))
