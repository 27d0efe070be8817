"""The journal: what happened to a load, who did it, and what was told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select

from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One entry; `load_id` is None for what concerns the carrier as a whole."""

    id: str
    load_id: str | None
    at: datetime
    who: str
    what: str
    words: Mapping[str, Any] = field(default_factory=dict)


journal_table = table(
    "journal", JournalRecord, Index("ix_journal_load_id", "load_id"), Index("ix_journal_at", "carrier", "at")
)
_t = journal_table.c
_ENTRIES = select(*columns_of(journal_table, JournalRecord)).where(_t.carrier == bindparam("scope"))
_ABOUT = select(*columns_of(journal_table, JournalRecord)).where(checked(_t.carrier) == bindparam("scope"))
_OF_LOAD = _ABOUT.where(_t.load_id == bindparam("load")).order_by(_t.id.desc()).limit(bindparam("most"))
_OF_LOADS = _ABOUT.where(among(_t.load_id, many("ids"))).order_by(_t.id)
_SINCE = _ENTRIES.where(_t.at >= bindparam("since")).order_by(_t.id).limit(bindparam("most"))


class Journal(Repository):
    """A carrier's journal."""

    async def add(self, entries: Iterable[JournalRecord]) -> None:
        """Adds entries."""
        await self._insert(journal_table, batch(entries, carrier=self.carrier))

    async def of_load(self, load_id: str, limit: int = 200) -> list[JournalRecord]:
        """The last entries about a load, oldest first."""
        rows = await self._rows(_OF_LOAD, load=load_id, most=limit)
        return [JournalRecord(*row) for row in reversed(rows)]

    async def of_loads(self, load_ids: Iterable[str]) -> list[JournalRecord]:
        """All entries about loads, oldest first."""
        return [JournalRecord(*row) for row in await self._rows(_OF_LOADS, ids=load_ids)]

    async def since(self, since: datetime, limit: int = 1000) -> list[JournalRecord]:
        """Entries from a time on, oldest first."""
        return [JournalRecord(*row) for row in await self._rows(_SINCE, since=since, most=limit)]
