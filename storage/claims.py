"""Claims: which loads count the reports of which numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, Select, Update, bindparam, case, select, update

from bot.domain.load import Life, Said, standing
from bot.domain.numbers import NumberKind
from bot.domain.quick import quick
from storage.numbers import number_table
from storage.said import Saids
from storage.table import batch, columns_of, metadata, table
from storage.types import among, checked, fixed, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A load's claim of a number: counts reports received until `until`; dropped ones count nothing.

    `since` is when the load was known; how long before that reports count is policy.
    `shipment_id` is None for a number of the trip itself.
    """

    id: str
    number_id: str
    load_id: str
    shipment_id: str | None
    since: datetime
    until: datetime | None = None
    dropped_at: datetime | None = None


claim_table = table(
    "claim",
    ClaimRecord,
    Index("ix_claim_number_id", "number_id", "load_id"),
    Index("ix_claim_load_id", "load_id"),
    refers={"number_id": "number.id", "load_id": "load.id", "shipment_id": "shipment.id"},
)
_t = claim_table.c
_n = number_table.c
_LIVE = (checked(_t.carrier) == bindparam("scope")) & _t.dropped_at.is_(None)
_CLAIMS = select(*columns_of(claim_table, ClaimRecord)).where(_LIVE).order_by(_t.id)

_OF_NUMBERS = _CLAIMS.where(among(_t.number_id, many("ids")))
_OF_LOADS = _CLAIMS.where(among(_t.load_id, many("ids")))
_END = (
    update(claim_table).where(_LIVE, among(_t.load_id, many("ids")), _t.until.is_(None)).values(until=bindparam("end"))
)
_REOPEN = update(claim_table).where(_LIVE, among(_t.load_id, many("ids"))).values(until=None)
_DROP = update(claim_table).where(_LIVE, among(_t.id, many("ids"))).values(dropped_at=bindparam("moment"))
_OWN_NUMBER = checked(_n.carrier) == bindparam("scope")
_CLAIMED = (
    update(number_table)
    .where(_OWN_NUMBER, among(_n.id, many("ids")), _n.claimed_at.is_(None))
    .values(claimed_at=bindparam("moment"))
)
# Also where another load claims it still: two that give up one number at the same time do not see each other.
_GIVEN_UP = (
    update(number_table)
    .where(_OWN_NUMBER, _n.id.in_(select(_t.number_id).where(among(_t.id, many("ids")))))
    .values(claimed_at=None)
)


@lru_cache(maxsize=1)
def _shared() -> Select[Any]:
    mine, other = claim_table.alias("mine").c, claim_table.alias("other").c
    return (
        select(mine.load_id)
        .distinct()
        .where(
            checked(mine.carrier) == bindparam("scope"),
            among(mine.load_id, many("ids")),
            mine.dropped_at.is_(None),
            other.number_id == mine.number_id,
            other.load_id != mine.load_id,
            checked(other.carrier) == mine.carrier,
            other.dropped_at.is_(None),
        )
    )


@lru_cache(maxsize=1)
def _rivals() -> Select[Any]:
    mine, other, load = claim_table.alias("mine").c, claim_table.alias("other").c, metadata.tables["load"].c
    number = metadata.tables["number"].c
    return (
        select(mine.load_id, mine.shipment_id, load.number)
        .distinct()
        .where(
            checked(mine.carrier) == bindparam("scope"),
            among(mine.load_id, many("ids")),
            mine.dropped_at.is_(None),
            mine.shipment_id.is_not(None),
            number.id == mine.number_id,
            number.kind.in_([fixed(NumberKind.CCN), fixed(NumberKind.SCN)]),
            other.number_id == mine.number_id,
            checked(other.carrier) == mine.carrier,
            other.dropped_at.is_(None),
            other.load_id < mine.load_id,
            load.id == other.load_id,
            checked(load.carrier) == mine.carrier,
            load.life != Life.CANCELLED,
        )
    )


@lru_cache(maxsize=1)
def _over_trips() -> Select[Any]:
    mine, other, load = claim_table.alias("mine").c, claim_table.alias("other").c, metadata.tables["load"].c
    number = metadata.tables["number"].c
    seen_last = case((load.life == fixed(Life.CLOSED), load.eta))
    return select(mine.load_id, mine.number_id, number.key, load.ended_at, load.crossed_word, seen_last).where(
        checked(mine.carrier) == bindparam("scope"),
        among(mine.load_id, many("ids")),
        mine.dropped_at.is_(None),
        mine.shipment_id.is_(None),
        number.id == mine.number_id,
        other.number_id == mine.number_id,
        checked(other.carrier) == mine.carrier,
        other.dropped_at.is_(None),
        other.load_id != mine.load_id,
        load.id == other.load_id,
        checked(load.carrier) == mine.carrier,
        load.ended_at.is_not(None),
        load.life != Life.CANCELLED,
    )


def _claimed(trip: str, said: Iterable[Said]) -> datetime | None:
    """Since when a load has a trip without a break, by what was said of its trips; None where nobody says so."""
    since: datetime | None = None
    told = [s for s in said if s.field == "trip"]
    for count in range(1, len(told) + 1):
        last = standing(tuple(told[:count]))
        there = last is not None and trip in (last.value or "").split(",")
        since = (since or told[count - 1].at) if there else None
    return since


class Claims(Repository):
    """A carrier's claims; dropped ones are never returned."""

    async def add(self, claims: Iterable[ClaimRecord]) -> None:
        """Adds claims; their numbers were locked by `numbers.upsert` in the same unit."""
        rows = batch(claims, carrier=self.carrier)
        if rows:
            await self._insert(claim_table, rows)
            await self._change(_CLAIMED, {row["number_id"] for row in rows}, moment=self.unit.now)

    async def loads_of(self, number_ids: Iterable[str]) -> list[ClaimRecord]:
        """Claims of these numbers, ended ones included: compare a report's `received` with `since` and `until`."""
        return [ClaimRecord(*row) for row in await self._rows(_OF_NUMBERS, ids=number_ids)]

    async def of_loads(self, load_ids: Iterable[str]) -> list[ClaimRecord]:
        """Claims that these loads hold."""
        return [ClaimRecord(*row) for row in await self._rows(_OF_LOADS, ids=load_ids)]

    async def shared(self, load_ids: Iterable[str]) -> set[str]:
        """Ids of those loads of which another load claims a number: only these can have `rivals` or `used_trips`."""
        return {load for (load,) in await self._rows(_shared(), ids=load_ids)}

    async def rivals(self, load_ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """(shipment id, number of the earlier load) by load id, where a shipment's number was claimed before (F, K).

        A load that was cancelled left its number unused.
        """
        found: dict[str, list[tuple[str, str]]] = {}
        for load, shipment, earlier in await self._rows(_rivals(), ids=load_ids):
            found.setdefault(load, []).append((shipment, earlier))
        return found

    async def used_trips(self, load_ids: Iterable[str]) -> dict[tuple[str, str], datetime]:
        """By load and trip number, when the last other truck of that trip was over before this load had it: what was
        said till then was of it.

        A trip that two loads had while both were open is one truck's with both: when one of them ends it stays the
        other's. A truck is over when somebody says that it crossed, or was to if it was never seen again: its load ends
        only as that is known.
        """
        rows = await self._rows(_over_trips(), ids=load_ids)
        said = await Saids(self.unit, self.carrier).of_loads({row[0] for row in rows}) if rows else {}
        found: dict[tuple[str, str], datetime] = {}
        for load, number, trip, *ends in rows:
            over, since = min(filter(None, ends)), _claimed(trip, said.get(load, ()))
            if since is None or over <= since:
                found[load, number] = max(over, found.get((load, number), over))
        return found

    async def of_same_trip(self, load_id: str) -> set[str]:
        """Ids of the other loads that have or had a trip of this one."""
        trips = {c.number_id for c in await self.of_loads([load_id]) if c.shipment_id is None}
        same = await self.loads_of(trips) if trips else []
        return {c.load_id for c in same if c.shipment_id is None} - {load_id}

    async def end(self, load_ids: Iterable[str], until: datetime) -> None:
        """Ends the open claims of loads: later reports are not theirs."""
        await self._change(_END, load_ids, end=until)

    async def reopen(self, load_ids: Iterable[str]) -> None:
        """Takes the end of claims away (a load that was ended by mistake)."""
        await self._change(_REOPEN, load_ids)

    async def drop(self, claim_ids: Iterable[str], at: datetime) -> None:
        """Takes numbers off their loads: the claim counts nothing any more."""
        ids = list(claim_ids)
        await self._change(_DROP, ids, moment=at)
        await self._change(_GIVEN_UP, ids)

    async def _change(self, statement: Update, ids: Iterable[str], **more: datetime) -> None:
        await self._run(statement, {"scope": self.carrier, "ids": list(ids), **more})
