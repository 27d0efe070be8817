"""Loads: rows, their answers as last assessed, and when to look again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, func, select, update

from bot.domain.load import Direction, Life, LoadKind
from bot.domain.quick import quick
from storage.errors import NotFound
from storage.ids import short_key
from storage.table import batch, columns_of, partial, table
from storage.types import Document, among, checked, fixed, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class LoadRecord:
    """A load as stored: standing values, and the assessment that is exactly valid while now < `look_at`.

    `key` is the short key on buttons (`~k3f9`), `number_key` the key of the number as dispatch says it,
    `occurrence` counts loads of one number and direction from 1, `level` is 0 when nothing is to be told.
    """

    id: str
    key: str
    number: str
    number_key: str
    direction: Direction
    kind: LoadKind
    known_at: datetime
    occurrence: int = 1
    life: Life = Life.OPEN
    trips: Sequence[str] = ()
    crossing: str = ""
    terminal: str = ""
    eta: datetime | None = None
    pickup: datetime | None = None
    fast: bool = False
    truck: str = ""
    trailer: str = ""
    driver_id: str | None = None
    driver_name: str = ""
    carried_by: str = ""
    phone: str = ""
    ended_at: datetime | None = None
    end_why: str = ""
    crossed_word: datetime | None = None
    coverage: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    answer: str = ""
    level: int = 0
    cause: str = ""
    assessment: Mapping[str, Any] = field(default_factory=dict)
    look_at: datetime | None = None


@quick
@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment writes to its load; `coverage` is None where it stays what it is."""

    load_id: str
    answer: str
    level: int
    cause: str
    assessment: Mapping[str, Any]
    look_at: datetime | None
    coverage: Mapping[str, Any] | None = None


load_table = table(
    "load",
    LoadRecord,
    UniqueConstraint("carrier", "key"),
    UniqueConstraint("carrier", "number_key", "direction", "occurrence"),
    Index("ix_load_truck", "carrier", "truck"),
    Index("ix_load_trailer", "carrier", "trailer"),
    Index("ix_load_driver", "carrier", "driver_id"),
    types={"assessment": Document()},
)
_t = load_table.c
load_table.append_constraint(partial("ix_load_due", "look_at", where=_t.life == fixed(Life.OPEN)))
# `life` is among the columns too: without statistics SQLite takes the index that most conditions fit.
load_table.append_constraint(partial("ix_load_open", "carrier", "life", "eta", where=_t.life == fixed(Life.OPEN)))
COLUMNS = columns_of(load_table, LoadRecord)
MINE = _t.carrier == bindparam("scope")
OWN = checked(_t.carrier) == bindparam("scope")

_OF = select(*COLUMNS).where(OWN, among(_t.id, many("ids"))).order_by(_t.id)
_LOCK = _OF.with_for_update(key_share=True)
_OF_KEYS = select(*COLUMNS).where(MINE, among(_t.number_key, many("keys"))).order_by(_t.id.desc())
_TAKEN = select(_t.key).where(MINE, among(_t.key, many("keys")))
_ASSESSED = (
    update(load_table)
    .where(OWN, _t.id == bindparam("load"))
    .values(
        answer=bindparam("new_answer"), level=bindparam("new_level"), cause=bindparam("new_cause"),
        assessment=bindparam("new_assessment"), look_at=bindparam("new_look_at"),
    )
)  # fmt: skip
_COVERED = _ASSESSED.values(coverage=bindparam("new_coverage"))
_END = (
    update(load_table)
    .where(OWN, _t.id == bindparam("load"), _t.life == fixed(Life.OPEN))
    .values(
        life=bindparam("new_life"), end_why=bindparam("why"), ended_at=bindparam("moment"),
        look_at=None,
    )
)  # fmt: skip
_COVERAGE = select(_t.id, _t.coverage).where(OWN, among(_t.id, many("ids")))
_RESTS = (_t.life == fixed(Life.OPEN), _t.look_at.is_(None) | (_t.look_at > bindparam("moment")))
_TOUCH = update(load_table).where(OWN, among(_t.id, many("ids"))).where(*_RESTS).values(look_at=bindparam("moment"))
_AT_REST = (
    select(_t.id).where(OWN, among(_t.id, many("ids"))).where(*_RESTS).order_by(_t.id).with_for_update(key_share=True)
)
_FIRST = select(_t.id).where(MINE).limit(1)
_OPEN_IDS = (
    select(_t.id)
    .where(MINE, _t.life == fixed(Life.OPEN), _t.id > bindparam("after"))
    .order_by(_t.id)
    .limit(bindparam("most"))
)
_BY_ETA = select(_t.id).where(MINE, _t.life == fixed(Life.OPEN)).order_by(_t.eta.nulls_last(), _t.id)


class Loads(Repository):
    """A carrier's loads."""

    async def new_keys(self, count: int) -> list[str]:
        """Short keys that are free; four characters while there is room, longer where those are taken."""
        keys: list[str] = []
        for length in (4, 5, 6, 7, 8):
            made = {short_key(length) for _ in range(count - len(keys))} - set(keys)
            taken = {key for (key,) in await self._rows(_TAKEN, keys=made)}
            keys += sorted(made - taken)
            if len(keys) == count:
                break
        return keys

    async def add(self, loads: Iterable[LoadRecord]) -> None:
        """Adds loads."""
        await self._insert(load_table, batch(loads, carrier=self.carrier))

    async def of(self, ids: Iterable[str]) -> dict[str, LoadRecord]:
        """These loads, by id; unknown ids are absent."""
        return {row[0]: LoadRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def get(self, load_id: str) -> LoadRecord:
        """This load; NotFound when the carrier has none."""
        found = await self.of([load_id])
        if load_id not in found:
            raise NotFound("this load is not there any more; nothing was changed")
        return found[load_id]

    async def lock(self, ids: Iterable[str]) -> dict[str, LoadRecord]:
        """These loads, locked in id order until the unit ends. Lock first, read what hangs on them after."""
        if not self.unit.writes:
            raise RuntimeError("a unit that reads locks nothing: open it with write=True")
        return {row[0]: LoadRecord(*row) for row in await self._rows(_LOCK, ids=sorted(ids))}

    async def of_numbers(self, number_keys: Iterable[str]) -> dict[str, list[LoadRecord]]:
        """Loads by number key, newest first, whatever their direction, occurrence and life."""
        found: dict[str, list[LoadRecord]] = {}
        for row in await self._rows(_OF_KEYS, keys=number_keys):
            load = LoadRecord(*row)
            found.setdefault(load.number_key, []).append(load)
        return found

    async def change(self, load_id: str, **values: Any) -> None:
        """Writes these columns of a load; NotFound when the carrier has none."""
        statement = update(load_table).where(OWN, _t.id == bindparam("load")).values(**values)
        if not await self._changed(statement, load=load_id):
            raise NotFound("this load is not there any more; nothing was changed")

    async def assessed(self, results: Iterable[Assessed]) -> None:
        """Writes what assessments found; the loads were locked in this unit."""
        rows: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
        for one in results:
            row = {
                "scope": self.carrier, "load": one.load_id, "new_answer": one.answer, "new_level": one.level,
                "new_cause": one.cause, "new_assessment": one.assessment, "new_look_at": one.look_at,
            }  # fmt: skip
            if one.coverage is not None:
                row["new_coverage"] = one.coverage
            rows[one.coverage is not None].append(row)
        await self._each(_ASSESSED, rows[False])
        await self._each(_COVERED, rows[True])

    async def end(self, load_id: str, life: Life, why: str, at: datetime) -> bool:
        """Ends an open load; False when it was not open any more."""
        return await self._changed(_END, load=load_id, new_life=life, why=why, moment=at)

    async def touch(self, ids: Iterable[str], at: datetime) -> None:
        """Makes open loads due at `at`, unless they are due before; in id order, as a look locks them."""
        wanted = list(ids)
        if not self.unit.alone:
            await self._rows(_AT_REST, ids=wanted, moment=at)
        await self._changed(_TOUCH, ids=wanted, moment=at)

    async def open_ids(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of open loads behind the id `after`, for work in slices."""
        return [id_ for (id_,) in await self._rows(_OPEN_IDS, after=after, most=limit)]

    async def open_by_eta(self) -> list[str]:
        """Ids of all open loads, the nearest first; those without an ETA last."""
        return [id_ for (id_,) in await self._rows(_BY_ETA)]

    async def coverage_of(self, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """Which feeds cover what of these loads, by load id."""
        return dict(await self._rows(_COVERAGE, ids=ids))

    async def any(self) -> bool:
        """Whether a load was ever known."""
        return await self._one(_FIRST) is not None

    async def counts(self) -> dict[str, int]:
        """How many open loads have each answer."""
        statement = select(_t.answer, func.count()).where(MINE, _t.life == fixed(Life.OPEN)).group_by(_t.answer)
        return dict(await self._rows_once(statement))
