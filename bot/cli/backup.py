"""`holdwatch backup`: a consistent copy of the database while everything goes on."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import settings
from bot.domain.errors import HoldwatchError
from storage.database import Database


def backup(file: Annotated[Path, typer.Argument(help="the new file; it must not be there yet")]) -> None:
    """Writes a copy of the SQLite database to a new file; the bot may run meanwhile."""
    environment, _ = settings()
    if file.exists():
        raise HoldwatchError(f"{file} is there already; nothing was written. Name a new file.")
    asyncio.run(_backup(Database(environment.database), file))
    print(f"The database was copied to {file}.")


async def _backup(database: Database, file: Path) -> None:
    try:
        await database.ready()
        await database.backup(file)
    finally:
        await database.close()
