"""Which feeds cover a load: fixed when it opens, and only growing since (RULES C1)."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence

from bot.domain.load import Load, Shipment, ShipmentType
from bot.domain.status import Track
from bot.watch.fields import Columns
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord

#: Fields by which feeds cover a load: one may hear of some brokers or carrier codes alone (C1).
COVERED_BY = frozenset({"broker", "trip"})


def coverage_of(world: World, carrier: str, record: LoadRecord, load: Load) -> Mapping[str, list[str]]:
    """Feeds that cover each shipment and the trip: fixed when the load opens, and only growing since (C1)."""
    found: dict[str, list[str]] = {}
    for key, shipment, track in _covered(load):
        known = found.get(key) or record.coverage.get(key)
        heard = world.covering(carrier, load, shipment, track)
        if known is None:
            found[key] = list(heard)
        elif heard and not all(map(known.__contains__, heard)):
            found[key] = [*known, *(feed for feed in heard if feed not in known)]
    return {**record.coverage, **found} if found else record.coverage


def _covered(load: Load) -> Iterator[tuple[str, Shipment | None, Track]]:
    """What may be covered: the trip's manifest, and every shipment that has a number."""
    yield "manifest", None, Track.MANIFEST
    for shipment in load.shipments:
        if shipment.ccn:
            yield shipment.id, shipment, Track.RELEASE
            if shipment.type is ShipmentType.INBOND:
                yield shipment.id, shipment, Track.MANIFEST


def forget(record: LoadRecord, rows: Sequence[ShipmentRecord], columns: MutableMapping[str, Columns]) -> None:
    """Forgets which feeds cover a shipment that gets another broker by these columns, and a trip that becomes another:
    the next look finds it anew.

    Coverage only grows (C1), but while it is the same: the former broker's feed, alive and silent, would hide that
    nobody hears of the new one. A broker that only got another name is the same.
    """
    gone = {r.id for r in rows if r.broker_id and columns.get(r.id, {}).get("broker_id", r.broker_id) != r.broker_id}
    if record.trips and columns.get("", {}).get("trips", record.trips) != record.trips:
        gone.add("manifest")
    if gone & record.coverage.keys():
        kept = {key: feeds for key, feeds in record.coverage.items() if key not in gone}
        columns[""] = columns.get("", {}) | {"coverage": kept}
