"""Outages of customs systems, as people declared them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.ids import new_id
from storage.table import columns_of, partial, table, values_of
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class OutageRecord:
    """An outage of an agency (`cbsa`, `cbp`), still on while `until` is None."""

    id: str
    agency: str
    since: datetime
    by_name: str
    until: datetime | None = None
    ended_by: str = ""


outage_table = table("outage", OutageRecord)
_t = outage_table.c
_ON = _t.until.is_(None)
outage_table.append_constraint(partial("uq_outage_on", "carrier", "agency", where=_ON, unique=True))
_MINE = _t.carrier == bindparam("scope")
_OUTAGES = select(*columns_of(outage_table, OutageRecord)).where(_MINE).order_by(_t.id)
_STANDING = _OUTAGES.where(_ON)
_LAST = (
    select(*columns_of(outage_table, OutageRecord))
    .where(_MINE, _t.agency == bindparam("whose"))
    .order_by(_t.id.desc())
    .limit(1)
)
_END = (
    update(outage_table)
    .where(_MINE, _ON, _t.agency == bindparam("whose"))
    .values(until=bindparam("moment"), ended_by=bindparam("by"))
)


class Outages(Repository):
    """A carrier's outages."""

    async def start(self, agency: str, by: str, at: datetime) -> bool:
        """Declares an outage; False when one is on already."""
        row = values_of(OutageRecord(new_id(), agency, at, by), carrier=self.carrier)
        return await self._add_missing(outage_table, [row]) > 0

    async def end(self, agency: str, by: str, at: datetime) -> bool:
        """Ends an outage; False when none was on."""
        return await self._changed(_END, whose=agency, by=by, moment=at)

    async def on(self) -> dict[str, OutageRecord]:
        """Outages that are on, by agency."""
        return {row[1]: OutageRecord(*row) for row in await self._rows(_STANDING)}

    async def last(self, agency: str) -> OutageRecord | None:
        """The newest outage of an agency, on or over; None when there was none."""
        row = await self._one(_LAST, whose=agency)
        return OutageRecord(*row) if row else None
