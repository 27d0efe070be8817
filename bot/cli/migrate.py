"""`holdwatch migrate`: brings the database up to date; `run` does it by itself."""

import asyncio

from bot.cli.common import settings
from storage.database import Database


def migrate() -> None:
    """Brings the database's schema up to date."""
    environment, _ = settings()
    environment.var.mkdir(parents=True, exist_ok=True)
    asyncio.run(_migrate(Database(environment.database)))
    print("The database is up to date.")


async def _migrate(database: Database) -> None:
    try:
        await database.migrate()
    finally:
        await database.close()
