"""Numbers: what reports hang on and loads claim."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint, bindparam, exists, select

from bot.domain.numbers import NumberKind, blur
from storage.ids import new_id
from storage.table import columns_of, metadata, partial, table
from storage.types import BYTEWISE, among, checked, fixed, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class NumberRecord:
    """A number of a carrier. `blur` is its key with look-alikes made one, `reverse` its key from behind; `claimed_at`
    is None where no load claims it, or one that did gave it up: only such a number may be nobody's."""

    id: str
    kind: NumberKind
    key: str
    blur: str
    reverse: str
    text: str
    first_seen: datetime
    claimed_at: datetime | None = None


number_table = table(
    "number",
    NumberRecord,
    UniqueConstraint("carrier", "key", "kind"),
    Index("ix_number_blur", "carrier", "blur"),
    Index("ix_number_reverse", "carrier", "reverse"),
    types={"reverse": BYTEWISE},
)
_t = number_table.c
number_table.append_constraint(partial("ix_number_unclaimed", "carrier", "blur", where=_t.claimed_at.is_(None)))
_COLUMNS = columns_of(number_table, NumberRecord)
_MINE = _t.carrier == bindparam("scope")

_IDS = select(_t.id, _t.kind, _t.key).where(_MINE, among(_t.key, many("keys")))
_LOCK = _IDS.order_by(_t.id).with_for_update(key_share=True)
_OF = select(*_COLUMNS).where(checked(_t.carrier) == bindparam("scope"), among(_t.id, many("ids")))
_BLURRED = select(*_COLUMNS).where(_MINE, among(_t.blur, many("blurs")))

#: Of that many numbers orphans are looked for: where nearly all are claimed, one would look through years.
_LATELY = 20_000

NumberKey = tuple[NumberKind, str]


@lru_cache(maxsize=2)
def _orphans(lately: bool = False) -> Select[Any]:
    """Numbers with reports, received `since` if `lately`, that no load claims; made when all tables are known."""
    report, claim = metadata.tables["report"].c, metadata.tables["claim"].c
    told = (report.number_id == _t.id, checked(report.carrier) == _t.carrier)
    return select(*_COLUMNS).where(
        _MINE,
        _t.claimed_at.is_(None),
        exists().where(*told, report.received >= bindparam("since")) if lately else exists().where(*told),
        ~exists().where(claim.number_id == _t.id, checked(claim.carrier) == _t.carrier, claim.dropped_at.is_(None)),
    )


@lru_cache(maxsize=2)
def _orphans_alike(lately: bool) -> Select[Any]:
    return _orphans(lately).where(among(_t.blur, many("blurs")))


class Numbers(Repository):
    """A carrier's numbers."""

    async def upsert(self, numbers: Iterable[tuple[NumberKind, str, str]]) -> dict[NumberKey, str]:
        """Ids of (kind, key, text as filed), made where they are missing; their rows are locked until the unit ends.

        Call it before loads are locked: units that take numbers first and loads second cannot block each other.
        """
        wanted = {(kind, key): text for kind, key, text in numbers}
        if not wanted:
            return {}
        found = await self.find(wanted)
        # Sorted, so that two units inserting the same numbers wait for each other in one direction only.
        missing = sorted(set(wanted) - set(found), key=lambda one: (one[1], one[0]))
        rows = [self._row(new_id(), kind, key, wanted[kind, key]) for kind, key in missing]
        await self._add_missing(number_table, rows)
        if self.unit.alone:
            return found | {(row["kind"], row["key"]): row["id"] for row in rows}
        locked = await self._rows(_LOCK, keys=sorted({key for _, key in wanted}))
        return {(kind, key): there for there, kind, key in locked if (kind, key) in wanted}

    def _row(self, id_: str, kind: NumberKind, key: str, text: str) -> dict[str, Any]:
        return {
            "carrier": self.carrier, "id": id_, "kind": kind, "key": key, "blur": blur(key), "reverse": key[::-1],
            "text": text, "first_seen": self.unit.now, "claimed_at": None,
        }  # fmt: skip

    async def find(self, keys: Iterable[NumberKey]) -> dict[NumberKey, str]:
        """Ids of those (kind, key) that exist."""
        wanted = set(keys)
        rows = await self._rows(_IDS, keys={key for _, key in wanted})
        return {(kind, key): there for there, kind, key in rows if (kind, key) in wanted}

    async def of(self, ids: Iterable[str]) -> dict[str, NumberRecord]:
        """These numbers, by id."""
        return {row[0]: NumberRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def alike(self, keys: Iterable[str]) -> list[NumberRecord]:
        """Numbers that look like one of these keys (O/0, I/1 …), themselves included: only ever to suggest."""
        return [NumberRecord(*row) for row in await self._rows(_BLURRED, blurs={blur(key) for key in keys})]

    async def orphans_alike(self, blurs: Iterable[str], since: datetime | None = None) -> list[NumberRecord]:
        """Numbers of which something was told, since a moment if one is given, that no load claims and that look like
        one of these keys."""
        lately = {"since": since} if since is not None else {}
        rows = await self._rows(_orphans_alike(since is not None), blurs={blur(key) for key in blurs}, **lately)
        return [NumberRecord(*row) for row in rows]

    async def orphans(self, limit: int = 50, among_last: int = _LATELY) -> list[NumberRecord]:
        """Numbers with reports that no load claims, newest first, of those that came last; transactions are none."""
        shown = select(_t.id).where(_MINE, _t.kind != fixed(NumberKind.TRANSACTION))
        newest = shown.order_by(_t.id.desc()).limit(among_last).subquery()
        statement = _orphans().where(_t.id.in_(select(newest.c.id))).order_by(_t.id.desc()).limit(limit)
        return [NumberRecord(*row) for row in await self._rows_once(statement)]
