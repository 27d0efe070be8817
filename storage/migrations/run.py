"""Running migrations from inside the program, on a connection that is open."""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from storage.errors import StorageError


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


@lru_cache(maxsize=1)
def head() -> str:
    """The revision that this version of the program needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise StorageError("the program came without its migrations; install it again")
    return found


def upgrade(connection: Connection) -> None:
    """Brings the schema up to date inside the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError(
            f"the database cannot be brought up to date ({error}); nothing was changed. "
            "A newer version of holdwatch may have used it: install that one, or restore a backup"
        ) from error
