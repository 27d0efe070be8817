"""From what was said to what stands: the columns of loads and shipments follow from their histories."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.load import Said, standing
from bot.domain.remarks import Remark
from bot.watch.accounts import made_one, own_accounts, with_accounts
from bot.watch.covered import COVERED_BY, forget
from bot.watch.fields import LOAD_FIELDS, SHIPMENT_FIELDS, Columns, columns_for
from storage.shipments import ShipmentRecord
from storage.work import Work

_Words = dict[tuple[str, str], list[Said]]


async def restand(work: Work, load_ids: Iterable[str], fields: Iterable[str]) -> dict[str, list[Remark]]:
    """Copies the standing values of these fields to the columns of loads and shipments.

    With the importer its account number is looked at: remarks, by load, on those that are of another one.
    """
    wanted = with_accounts(fields)
    ids = list(load_ids)
    said = await work.said.of_loads(ids)
    shipments = await work.shipments.of_loads(ids)
    merged = await made_one(work, wanted, said.values())
    records = await work.loads.of(ids) if wanted & COVERED_BY else {}
    off: dict[str, list[Remark]] = {}
    for load_id in ids:
        rows = shipments.get(load_id, ())
        words = _words(wanted, rows, said.get(load_id, ()))
        columns = _columns(words)
        if told := own_accounts(rows, words, merged, columns):
            off[load_id] = told
        if record := records.get(load_id):
            forget(record, rows, columns)
        await _write(work, load_id, columns)
    return off


def _words(wanted: set[str], rows: Sequence[ShipmentRecord], said: Iterable[Said]) -> _Words:
    """The histories of these fields, by place ('' is the load's own) and field."""
    found: _Words = {("", f): [] for f in wanted & LOAD_FIELDS.keys()}
    for row in rows:
        found |= {(row.id, f): [] for f in wanted & SHIPMENT_FIELDS.keys()}
    for one in said:
        if (one.shipment, one.field) in found:
            found[one.shipment, one.field].append(one)
    return found


def _columns(words: _Words) -> dict[str, Columns]:
    columns: dict[str, Columns] = {}
    for (place, field), history in words.items():
        last = standing(tuple(history))
        columns.setdefault(place, {}).update(columns_for(field, last.value if last else None))
    return columns


async def _write(work: Work, load_id: str, columns: Mapping[str, Columns]) -> None:
    for place, values in columns.items():
        if place and values:
            await work.shipments.change(place, **values)
        elif values:
            await work.loads.change(load_id, **values)
