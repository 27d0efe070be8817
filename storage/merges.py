"""Parties that were made one: what moved, so that it can be taken apart again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select, update

from storage.table import columns_of, table, values_of
from storage.types import among, checked, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """`gone` became a name of `kept`. `moved` is what an un-merge puts back; `person` as in a said word."""

    id: str
    kept_id: str
    gone_id: str
    at: datetime
    who: str
    person: str = ""
    delivery: str = ""
    moved: Mapping[str, Any] = field(default_factory=dict)
    undone_at: datetime | None = None
    undone_by: str = ""


merge_table = table(
    "party_merge",
    MergeRecord,
    Index("ix_party_merge_kept_id", "kept_id"),
    refers={"kept_id": "party.id", "gone_id": "party.id"},
)
_t = merge_table.c
_MINE = checked(_t.carrier) == bindparam("scope")
_STANDING = (
    select(*columns_of(merge_table, MergeRecord))
    .where(_MINE, among(_t.kept_id, many("ids")), _t.undone_at.is_(None))
    .order_by(_t.id.desc())
)
_END = (
    update(merge_table)
    .where(_MINE, _t.id == bindparam("merge"), _t.undone_at.is_(None))
    .values(undone_at=bindparam("moment"), undone_by=bindparam("by"))
)


class Merges(Repository):
    """What a carrier made one."""

    async def add(self, merge: MergeRecord) -> None:
        """Notes a merge."""
        await self._insert(merge_table, [values_of(merge, carrier=self.carrier)])

    async def standing(self, kept_ids: Collection[str]) -> list[MergeRecord]:
        """Merges into these parties that were not taken back, the newest first."""
        return [MergeRecord(*row) for row in await self._rows(_STANDING, ids=kept_ids)]

    async def end(self, merge_id: str, by: str, at: datetime) -> bool:
        """Notes that a merge was taken back; False when it was before."""
        return await self._changed(_END, merge=merge_id, by=by, moment=at)
