"""Lines that changed something, with the first reply, so that a repeated delivery gets the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, delete, select

from storage.table import table
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A delivery and what was answered."""

    delivery: str
    reply: Mapping[str, Any]
    at: datetime


line_table = table("line", LineRecord, Index("ix_line_at", "carrier", "at"), key=("carrier", "delivery"))
_t = line_table.c
_MINE = _t.carrier == bindparam("scope")
_FIND = select(_t.reply).where(_MINE, _t.delivery == bindparam("came"))
_FORGET = delete(line_table).where(_MINE, _t.at < bindparam("before"))


class Lines(Repository):
    """A carrier's answered lines."""

    async def find(self, delivery: str) -> Mapping[str, Any] | None:
        """What this delivery was answered, if it came before."""
        row = await self._one(_FIND, came=delivery)
        return row[0] if row else None

    async def add(self, delivery: str, reply: Mapping[str, Any], at: datetime) -> bool:
        """Stores the answer; False when the delivery was answered already (by another process just now)."""
        row = {"carrier": self.carrier, "delivery": delivery, "reply": dict(reply), "at": at}
        return await self._add_missing(line_table, [row]) > 0

    async def forget(self, before: datetime) -> None:
        """Deletes answers older than that: no platform repeats a delivery after hours."""
        await self._changed(_FORGET, before=before)
