"""Which feeds cover a load: fixed when it opens, and only growing since (RULES C1)."""

from collections.abc import Iterator, Mapping

from bot.domain.load import Load, Shipment, ShipmentType
from bot.domain.status import Track
from bot.watch.world import World
from storage.loads import LoadRecord


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
