"""One load at a glance: with its shipments, their brokers and importers, and its last alert, in one statement."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from storage.alerts import AlertRecord, alert_table
from storage.loads import COLUMNS, MINE, LoadRecord, load_table
from storage.parties import Parties, PartyRecord, party_table
from storage.shipments import ShipmentRecord, shipment_table
from storage.table import columns_of, names_of
from storage.unit import Repository

_MOST = 400


@dataclass(slots=True)
class Seen:
    """A load with what its words need; parties by id, inactive ones too; merged ones are the kept one."""

    load: LoadRecord
    shipments: list[ShipmentRecord] = field(default_factory=list)
    parties: dict[str, PartyRecord] = field(default_factory=dict)
    alert: AlertRecord | None = None


@lru_cache(maxsize=1)
def _statement() -> Select[Any]:
    load, shipment, alert = load_table.c, shipment_table.c, alert_table.c
    broker, importer = party_table.alias("broker"), party_table.alias("importer")
    other = alert_table.alias("other").c
    last = select(func.max(other.id)).where(other.load_id == load.id, other.carrier == load.carrier).scalar_subquery()
    own = and_(shipment.load_id == load.id, shipment.carrier == load.carrier, shipment.dropped_at.is_(None))
    tables = (
        load_table.outerjoin(shipment_table, own)
        .outerjoin(broker, and_(broker.c.id == shipment.broker_id, broker.c.carrier == load.carrier))
        .outerjoin(importer, and_(importer.c.id == shipment.importer_id, importer.c.carrier == load.carrier))
        .outerjoin(alert_table, and_(alert.id == last, alert.carrier == load.carrier))
    )
    parties = [table.c[name] for table in (broker, importer) for name in names_of(PartyRecord)]
    return (
        select(
            *COLUMNS, *columns_of(shipment_table, ShipmentRecord), *parties, *columns_of(alert_table, AlertRecord)
        )
        .select_from(tables)
        .where(MINE, load.number_key == bindparam("key"))
        .order_by(load.id.desc(), shipment.position, shipment.id)
        .limit(_MOST)
    )  # fmt: skip


_L, _S, _P = len(names_of(LoadRecord)), len(names_of(ShipmentRecord)), len(names_of(PartyRecord))


class Glance(Repository):
    """The answer to `/load 1234 status` is asked for more often than all else together."""

    async def of_number(self, key: str) -> list[Seen]:
        """Loads of a number key, newest first."""
        found: dict[str, Seen] = {}
        for row in await self._rows(_statement(), key=key):
            seen = found.get(row[0])
            if seen is None:
                alert = row[_L + _S + 2 * _P :]
                seen = found[row[0]] = Seen(LoadRecord(*row[:_L]), alert=AlertRecord(*alert) if alert[0] else None)
            if row[_L] is not None:
                seen.shipments.append(ShipmentRecord(*row[_L : _L + _S]))
            for start in (_L + _S, _L + _S + _P):
                if row[start] is not None and row[start] not in seen.parties:
                    seen.parties[row[start]] = PartyRecord(*row[start : start + _P])
        for seen in found.values():
            if gone := [id_ for id_, party in seen.parties.items() if party.merged_into]:
                seen.parties |= await Parties(self.unit, self.carrier).of(gone)
        return list(found.values())
