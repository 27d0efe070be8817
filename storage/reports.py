"""Reports: facts about numbers, as feeds told them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select, update

from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from storage.ids import new_id
from storage.numbers import number_table
from storage.table import table
from storage.types import among, checked, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """A report as stored. `received` is when it first came, `seen_last` when the same was last observed.

    `observed` is the same moment where it answers a poll, and nothing elsewhere.
    """

    id: str
    number_id: str
    raw_id: str | None
    position: int
    feed: str
    authority: Authority
    track: Track
    status: Status
    code: str
    text: str
    prepared: datetime | None
    at: datetime | None
    office: str
    sub_location: str
    transaction: str
    hold_key: str
    reason: str
    note: str
    ref: str
    by_name: str
    received: datetime
    seen_last: datetime
    carries: list[list[str]] | None = None
    observed: datetime | None = None


report_table = table(
    "report",
    ReportRecord,
    Index("ix_report_number_id", "number_id"),
    Index("ix_report_raw_id", "raw_id"),
    Index("ix_report_transaction", "carrier", "transaction"),
    refers={"number_id": "number.id", "raw_id": "raw.id"},
)
_t = report_table.c
_n = number_table.c
_MINE = _t.carrier == bindparam("scope")
_OWN = checked(_t.carrier) == bindparam("scope")

_FIELDS = (
    _n.kind, _n.key, _t.status, _t.track, _t.code, _t.text, _t.prepared, _t.at, _t.office, _t.sub_location,
    _t.transaction, _t.hold_key, _t.reason, _t.note, _t.position, _t.ref, _t.carries, _t.seen_last, _t.feed,
    _t.authority, _t.by_name, _t.observed,
)  # fmt: skip
_REPORTS = (
    select(_t.number_id, _t.raw_id, *_FIELDS)
    .join_from(report_table, number_table, _n.id == checked(_t.number_id))
    .where(checked(_n.carrier) == bindparam("scope"))
    .order_by(_t.id)
)
_OF_NUMBERS = _REPORTS.where(_OWN, among(_t.number_id, many("ids")))
_OF_TRANSACTIONS = _REPORTS.where(_MINE, among(_t.transaction, many("keys")))
_SEEN = (
    update(report_table)
    .where(_OWN, among(_t.raw_id, many("raws")), _t.observed.is_not(None), _t.observed < bindparam("at"))
    .values(seen_last=bindparam("at"), observed=bindparam("at"))
    .returning(_t.number_id)
)


_CARRIES = 2 + [f.name for f in fields(Report)].index("carries")


def _report(row: tuple[Any, ...]) -> Report:
    carries = row[_CARRIES]
    carried = tuple([(str(what), str(text)) for what, text in carries]) if carries else ()
    told: tuple[Any, ...] = (*row[2:_CARRIES], carried, *row[_CARRIES + 1 :])
    return Report(*told)


class Reports(Repository):
    """A carrier's reports. `Report.received` is when the fact was last observed (F1: a poll counts at `seen_last`)."""

    async def add(self, reports: Iterable[tuple[str, str | None, Report]]) -> None:
        """Adds (number id, raw id, report); a report without `received` counts as received now."""
        await self._insert(report_table, [self._row(*one) for one in reports])

    def _row(self, number_id: str, raw_id: str | None, report: Report) -> dict[str, Any]:
        received = report.received or self.unit.now
        return {
            "carrier": self.carrier, "id": new_id(), "number_id": number_id, "raw_id": raw_id,
            "position": report.position, "feed": report.feed, "authority": report.authority, "track": report.track,
            "status": report.status, "code": report.raw, "text": report.text, "prepared": report.prepared,
            "at": report.at, "office": report.office, "sub_location": report.sub_location,
            "transaction": report.transaction, "hold_key": report.hold_key, "reason": report.reason,
            "note": report.note, "ref": report.ref, "by_name": report.by, "received": received, "seen_last": received,
            "carries": [list(one) for one in report.carries] or None, "observed": report.observed,
        }  # fmt: skip

    async def of_numbers(self, number_ids: Iterable[str]) -> dict[str, list[Report]]:
        """Reports by number id, in order of arrival; numbers without reports are absent."""
        found: dict[str, list[Report]] = {}
        for row in await self._rows(_OF_NUMBERS, ids=number_ids):
            found.setdefault(row[0], []).append(_report(row))
        return found

    async def with_raws(self, number_ids: Iterable[str]) -> list[tuple[str, str | None, Report]]:
        """(number id, raw id, report) of these numbers, as `add` takes them."""
        return [(row[0], row[1], _report(row)) for row in await self._rows(_OF_NUMBERS, ids=number_ids)]

    async def of_transactions(self, keys: Iterable[str]) -> dict[str, list[tuple[str, Report]]]:
        """(number id, report) by the transaction that the report names."""
        found: dict[str, list[tuple[str, Report]]] = {}
        for row in await self._rows(_OF_TRANSACTIONS, keys=[key for key in keys if key]):
            report = _report(row)
            found.setdefault(report.transaction, []).append((row[0], report))
        return found

    async def seen_again(self, raw_ids: Iterable[str]) -> set[str]:
        """Notes that these messages answered a poll in the same words again; ids of the numbers they were about."""
        return {number for (number,) in await self._rows(_SEEN, raws=raw_ids, at=self.unit.now)}
