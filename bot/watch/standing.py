"""From what was said to what stands: the columns of loads and shipments follow from their histories."""

from collections.abc import Iterable

from bot.domain.load import Said, standing
from bot.watch.fields import LOAD_FIELDS, SHIPMENT_FIELDS, columns_for
from storage.work import Work


async def restand(work: Work, load_ids: Iterable[str], fields: Iterable[str]) -> None:
    """Copies the standing values of these fields to the columns of loads and shipments."""
    wanted = set(fields)
    ids = list(load_ids)
    said = await work.said.of_loads(ids)
    shipments = await work.shipments.of_loads(ids)
    for load_id in ids:
        by_place: dict[tuple[str, str], list[Said]] = {("", f): [] for f in wanted & LOAD_FIELDS.keys()}
        for row in shipments.get(load_id, ()):
            by_place |= {(row.id, f): [] for f in wanted & SHIPMENT_FIELDS.keys()}
        for one in said.get(load_id, ()):
            if (one.shipment, one.field) in by_place:
                by_place[one.shipment, one.field].append(one)
        await _write(work, load_id, by_place)


async def _write(work: Work, load_id: str, by_place: dict[tuple[str, str], list[Said]]) -> None:
    columns: dict[str, dict[str, object]] = {}
    for (place, field), history in by_place.items():
        last = standing(tuple(history))
        columns.setdefault(place, {}).update(columns_for(field, last.value if last else None))
    for place, values in columns.items():
        if place and values:
            await work.shipments.change(place, **values)
        elif values:
            await work.loads.change(load_id, **values)
