"""What subcommands share: settings, errors as sentences, the app of this installation."""

import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.app import App, clock_of, opened
from bot.clock import Clock
from bot.config import Config, read_config
from bot.domain.errors import HoldwatchError
from bot.feeds.registry import SOURCES
from bot.settings import Environment, read_environment
from storage.database import Database
from storage.errors import StorageError

#: Where the sample day lives, under HOLDWATCH_VAR.
SAMPLE = "sample"


@contextmanager
def said() -> Iterator[None]:
    """Errors that a person can act on end the command with their sentence and exit code 1."""
    try:
        yield
    except (HoldwatchError, StorageError) as why:
        print(str(why), file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def settings() -> tuple[Environment, Config]:
    """The environment and the configuration file."""
    environment = read_environment()
    return environment, read_config(environment.config_path, environment.var, SOURCES)


def sample_url(environment: Environment) -> str:
    """The sample day's own database."""
    return f"sqlite+aiosqlite:///{environment.var / SAMPLE / 'holdwatch.db'}"


@asynccontextmanager
async def app_of(environment: Environment, config: Config, *, own: bool = False) -> AsyncIterator[App]:
    """The app of this installation; where nothing was set up and a sample day is there, the sample's.

    `own`: never the sample's (loads that somebody brings are real).
    """
    environment.var.mkdir(parents=True, exist_ok=True)
    if not own and await _only_sample(environment, config):
        async with sample_app(environment) as app:
            yield app
        return
    async with opened(config, environment.database, Clock(), environment.var) as app:
        yield app


async def _only_sample(environment: Environment, config: Config) -> bool:
    """Whether a sample day was played and nothing of the carrier's own is there yet."""
    own = environment.var / "holdwatch.db"
    set_up = environment.database_url or environment.chats or config.path is not None
    if set_up or not (environment.var / SAMPLE / "holdwatch.db").exists():
        return False
    if not own.exists():
        return True
    database = Database(environment.database)
    try:
        await database.migrate()
        return not await begun(database, [c.id for c in config.carriers])
    finally:
        await database.close()


async def begun(database: Database, carriers: Iterable[str]) -> bool:
    """Whether a load or a message of the carrier's own was ever known."""
    now = Clock().civil()
    for carrier in carriers:
        async with database.work(carrier, now) as work:
            if await work.loads.any():
                return True
    async with database.dock(now) as dock:
        return await dock.raws.count() > 0


@asynccontextmanager
async def sample_app(environment: Environment) -> AsyncIterator[App]:
    """The sample day's app, on the clock that it runs by."""
    from bot.sample.day import sample_config

    var = environment.var / SAMPLE
    database = Database(sample_url(environment))
    await database.migrate()
    clock = await clock_of(database)
    await database.close()
    async with opened(sample_config(var), sample_url(environment), clock, var, sample=True) as app:
        yield app


def here(path: Path) -> Path:
    """A file that must be there."""
    if not path.exists():
        raise HoldwatchError(f"there is no file {path}; nothing was done")
    return path
