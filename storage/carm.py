"""What the watch reads of loads to know whose account clears them: names on papers, coming loads, customs' words."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from bot.domain.load import Direction, Hand, Life, Said
from storage.loads import load_table
from storage.said import said_table
from storage.shipments import shipment_table
from storage.types import among, checked, fixed, many
from storage.unit import Repository

_l, _s, _p = load_table.c, said_table.c, shipment_table.c
#: Most words about shippers and consignees that one question reads.
_MOST = 5000
_NAMED = (
    select(_s.load_id, _s.field, _s.value, _s.hand, _s.who, _s.at, _s.id, _s.shipment_id)
    .join_from(load_table, said_table, _s.load_id == _l.id)
    .where(
        checked(_l.carrier) == bindparam("scope"),
        checked(_s.carrier) == bindparam("scope"),
        _l.direction == fixed(Direction.CA),
        or_(_l.life == fixed(Life.OPEN), _l.known_at >= bindparam("since")),
        _s.field.in_([fixed("shipper"), fixed("consignee")]),
        _s.undone_at.is_(None),
    )
    .order_by(_s.id.desc())
    .limit(_MOST)
)
_OPEN_OF = (
    select(_l.id)
    .distinct()
    .join_from(shipment_table, load_table, _l.id == _p.load_id)
    .where(
        _p.carrier == bindparam("scope"),
        checked(_l.carrier) == bindparam("scope"),
        among(_p.importer_id, many("importers")),
        _p.dropped_at.is_(None),
        _l.life == fixed(Life.OPEN),
        _l.direction == fixed(Direction.CA),
    )
    .order_by(_l.id)
)


class CarmReads(Repository):
    """What a carrier's loads tell of importers."""

    async def named(self, since: datetime) -> dict[str, list[Said]]:
        """Words about shippers and consignees of loads into Canada that are open or known since, by load id."""
        found: dict[str, list[Said]] = {}
        for load, field, value, hand, who, at, id_, shipment in await self._rows(_NAMED, since=since):
            found.setdefault(load, []).append(Said(field, value, Hand(hand), who, at, id_, shipment))
        return found

    async def open_loads_of(self, importers: Collection[str]) -> list[str]:
        """Ids of open loads into Canada with a shipment of one of these importers, given by every id that it has."""
        return [id_ for (id_,) in await self._rows(_OPEN_OF, importers=importers)]
