"""Reminders: what of a day was taken up to be told, so that each matter is told once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, bindparam, select

from storage.table import batch, columns_of, table
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """One matter of one day: its `topic`, the importer's party id ('' where it is about none), the day on which it is
    `due`, and the day, at the carrier's home, under which it is `told`."""

    id: str
    topic: str
    importer: str
    due: date
    told: date
    at: datetime


reminder_table = table(
    "reminder",
    ReminderRecord,
    UniqueConstraint("carrier", "topic", "importer", "due"),
    Index("ix_reminder_told", "carrier", "told"),
    Index("ix_reminder_due", "carrier", "due"),
)
_t = reminder_table.c
_ALL = select(*columns_of(reminder_table, ReminderRecord)).where(_t.carrier == bindparam("scope")).order_by(_t.id)
_OF_DAY = _ALL.where(_t.told == bindparam("day"))
_DUE = _ALL.where(_t.due >= bindparam("day"))


class Reminders(Repository):
    """A carrier's reminders."""

    async def add(self, reminders: Iterable[ReminderRecord]) -> int:
        """Takes matters up; one that was before stays as it is. How many are new."""
        rows = batch(reminders, carrier=self.carrier)
        return await self._add_missing(reminder_table, rows) if rows else 0

    async def of_day(self, day: date) -> list[ReminderRecord]:
        """What is told under a day."""
        return [ReminderRecord(*row) for row in await self._rows(_OF_DAY, day=day)]

    async def due_from(self, day: date) -> list[ReminderRecord]:
        """What was taken up and is due on this day or later."""
        return [ReminderRecord(*row) for row in await self._rows(_DUE, day=day)]
