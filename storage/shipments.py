"""Shipments: the customs documents in a load."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select, update

from bot.domain.load import ShipmentType
from bot.domain.quick import quick
from storage.alerts import alert_table
from storage.errors import NotFound
from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class ShipmentRecord:
    """A shipment as stored. `ccn` is the key of its number ('' when there is none yet), `text` that number as filed."""

    id: str
    load_id: str
    position: int
    type: ShipmentType
    ccn: str = ""
    text: str = ""
    importer_id: str | None = None
    importer_bn15: str = ""
    broker_id: str | None = None
    papers_sent: datetime | None = None
    agency: str = ""
    release_plan: str = ""
    entry: str = ""
    note: str = ""
    dropped_at: datetime | None = None
    dropped_why: str = ""


shipment_table = table(
    "shipment",
    ShipmentRecord,
    Index("ix_shipment_load_id", "load_id"),
    Index("ix_shipment_broker", "carrier", "broker_id"),
    Index("ix_shipment_importer", "carrier", "importer_id"),
    refers={"load_id": "load.id"},
)
_t = shipment_table.c
_MINE = checked(_t.carrier) == bindparam("scope")
_STANDING = (
    select(*columns_of(shipment_table, ShipmentRecord))
    .where(_MINE, among(_t.load_id, many("ids")), _t.dropped_at.is_(None))
    .order_by(_t.load_id, _t.position, _t.id)
)
_EVER = select(_t.load_id, _t.ccn).where(_MINE, among(_t.load_id, many("ids")), _t.ccn != "")
_a = alert_table.c
_TROUBLED = (
    select(_a.load_id, _a.carrier)
    .where(_a.carrier == bindparam("scope"), _a.ended_at.is_(None))
    .order_by(_a.level.desc(), _a.raised_at, _a.id)
    .limit(bindparam("most"))
    .subquery()
)
_IN_TROUBLE = select(_t.load_id, _t.ccn).where(
    _t.load_id == _TROUBLED.c.load_id, checked(_t.carrier) == _TROUBLED.c.carrier, _t.dropped_at.is_(None), _t.ccn != ""
)
_DROP = (
    update(shipment_table)
    .where(_MINE, _t.id == bindparam("shipment"), _t.dropped_at.is_(None))
    .values(dropped_at=bindparam("moment"), dropped_why=bindparam("why"))
)


class Shipments(Repository):
    """A carrier's shipments; dropped ones are never returned."""

    async def add(self, shipments: Iterable[ShipmentRecord]) -> None:
        """Adds shipments."""
        await self._insert(shipment_table, batch(shipments, carrier=self.carrier))

    async def of_loads(self, load_ids: Iterable[str]) -> dict[str, list[ShipmentRecord]]:
        """Shipments by load id, in their order; loads without shipments are absent."""
        found: dict[str, list[ShipmentRecord]] = {}
        for row in await self._rows(_STANDING, ids=load_ids):
            shipment = ShipmentRecord(*row)
            found.setdefault(shipment.load_id, []).append(shipment)
        return found

    async def numbers_ever(self, load_ids: Iterable[str]) -> dict[str, set[str]]:
        """Keys of all numbers that these loads have or had, by load id."""
        found: dict[str, set[str]] = {}
        for load, key in await self._rows(_EVER, ids=load_ids):
            found.setdefault(load, set()).add(key)
        return found

    async def in_trouble(self, limit: int = 200) -> list[tuple[str, str]]:
        """(load id, number) of each shipment with a number in the loads that have open alerts, of the worst of them."""
        return [(load, ccn) for load, ccn in await self._rows(_IN_TROUBLE, most=limit)]

    async def change(self, shipment_id: str, **values: Any) -> None:
        """Writes these columns of a shipment; NotFound when the carrier has none."""
        statement = update(shipment_table).where(_MINE, _t.id == bindparam("shipment")).values(**values)
        if not await self._changed(statement, shipment=shipment_id):
            raise NotFound("this shipment is not there any more; nothing was changed")

    async def drop(self, shipment_id: str, why: str, at: datetime) -> bool:
        """Takes a shipment off its load; False when it was off already."""
        return await self._changed(_DROP, shipment=shipment_id, moment=at, why=why)

    async def restore(self, shipment_id: str) -> None:
        """Puts a dropped shipment back."""
        await self.change(shipment_id, dropped_at=None, dropped_why="")
