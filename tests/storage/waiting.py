"""Sees from outside that a unit waits for a lock (PostgreSQL)."""

from datetime import UTC, datetime

from storage.database import Database
from tests.patience import until

_WAITS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until_one_waits(db: Database) -> None:
    """Waits until another unit of this database waits for a lock that somebody holds."""

    async def waits() -> bool:
        async with db.dock(datetime.now(UTC)) as dock:
            found = await dock.unit.connection.exec_driver_sql(_WAITS)
            return found.first() is not None

    await until(waits)
