"""From what was said to what stands: the columns of loads and shipments follow from their histories."""

from collections.abc import Iterable

from bot.domain.load import Said, standing
from bot.watch.covered import COVERED_BY, forget
from bot.watch.fields import LOAD_FIELDS, SHIPMENT_FIELDS, Columns, columns_for
from storage.work import Work


async def restand(work: Work, load_ids: Iterable[str], fields: Iterable[str]) -> None:
    """Copies the standing values of these fields to the columns of loads and shipments."""
    wanted = set(fields)
    ids = list(load_ids)
    said = await work.said.of_loads(ids)
    shipments = await work.shipments.of_loads(ids)
    records = await work.loads.of(ids) if wanted & COVERED_BY else {}
    for load_id in ids:
        rows = shipments.get(load_id, ())
        by_place: dict[tuple[str, str], list[Said]] = {("", f): [] for f in wanted & LOAD_FIELDS.keys()}
        for row in rows:
            by_place |= {(row.id, f): [] for f in wanted & SHIPMENT_FIELDS.keys()}
        for one in said.get(load_id, ()):
            if (one.shipment, one.field) in by_place:
                by_place[one.shipment, one.field].append(one)
        columns = _columns(by_place)
        if record := records.get(load_id):
            forget(record, rows, columns)
        await _write(work, load_id, columns)


def _columns(by_place: dict[tuple[str, str], list[Said]]) -> dict[str, Columns]:
    columns: dict[str, Columns] = {}
    for (place, field), history in by_place.items():
        last = standing(tuple(history))
        columns.setdefault(place, {}).update(columns_for(field, last.value if last else None))
    return columns


async def _write(work: Work, load_id: str, columns: dict[str, Columns]) -> None:
    for place, values in columns.items():
        if place and values:
            await work.shipments.change(place, **values)
        elif values:
            await work.loads.change(load_id, **values)
