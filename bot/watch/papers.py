"""Numbers on loads: shipments and trips that claim them, let them go, and take them back."""

import json
from collections.abc import Iterable, Sequence

from bot.domain.load import Direction, Hand, Said, ShipmentType
from bot.domain.numbers import NumberKind, key_of
from bot.domain.policy import Policy
from bot.domain.rowtext import Change
from storage.claims import ClaimRecord
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

_WINDOW = Policy().window_before


def kind_of(type_: ShipmentType, direction: Direction) -> NumberKind:
    """What kind of number a shipment's is: a Canadian cargo control number, or a US shipment's."""
    if type_ is ShipmentType.PAPS:
        return NumberKind.SCN
    return NumberKind.CCN if direction is Direction.CA or type_ is ShipmentType.PARS else NumberKind.SCN


async def change_numbers(
    work: Work,
    record: LoadRecord,
    rows: Sequence[ShipmentRecord],
    type_: ShipmentType,
    wanted: Iterable[Change],
    hand: Hand,
    who: str,
    delivery: str,
) -> list[ShipmentRecord]:
    """Makes the changes and remembers them for undo; returns the shipments that were added."""
    by_key = {s.ccn: s for s in rows}
    bare = [s for s in rows if not s.ccn and s.type is type_]
    added: list[ShipmentRecord] = []
    dropped: list[str] = []
    filled: list[str] = []
    for change in wanted:
        old = by_key.pop(key_of(change.old), None) if change.old else None
        key = key_of(change.new)
        if old is not None:
            await work.shipments.drop(old.id, f"taken off by {who}", work.now)
            dropped.append(old.id)
        if not key or key in by_key:
            continue
        if old is None and bare:
            filled.append(bare[0].id)
            await work.shipments.change(bare.pop(0).id, ccn=key, text=change.new)
            continue
        added.append(_shipment(record, old, type_, change.new, len(rows) + len(added)))
    await work.shipments.add(added)
    await _unclaim(work, record, dropped)
    await _claim(work, record, type_, [(s.id, s.text) for s in added])
    again = {s.id: s for s in (await work.shipments.of_loads([record.id])).get(record.id, [])}
    await _claim(work, record, type_, [(i, again[i].text) for i in filled])
    value = json.dumps({"added": [s.id for s in added], "dropped": dropped, "filled": filled})
    await work.said.add([(record.id, Said("numbers", value, hand, who, work.now, new_id()))], delivery)
    await work.said.add([(record.id, Said("pars", type_.value, hand, who, work.now, new_id()))], delivery)
    return added


def _shipment(
    record: LoadRecord, old: ShipmentRecord | None, type_: ShipmentType, text: str, position: int
) -> ShipmentRecord:
    """A new shipment; one that replaces another keeps its broker, importer and papers, not what was heard of it."""
    fresh = ShipmentRecord(new_id(), record.id, position, type_, key_of(text), text)
    if old is None:
        return fresh
    return ShipmentRecord(
        fresh.id,
        record.id,
        old.position,
        old.type,
        fresh.ccn,
        text,
        importer_id=old.importer_id,
        importer_bn15=old.importer_bn15,
        broker_id=old.broker_id,
        papers_sent=old.papers_sent,
        agency=old.agency,
        release_plan=old.release_plan,
    )


async def _claim(work: Work, record: LoadRecord, type_: ShipmentType, numbers: Sequence[tuple[str, str]]) -> None:
    if not numbers:
        return
    kind = kind_of(type_, record.direction)
    ids = await work.numbers.upsert((kind, key_of(text), text) for _, text in numbers)
    await work.claims.add(
        ClaimRecord(new_id(), ids[kind, key_of(text)], record.id, shipment, record.known_at - _WINDOW)
        for shipment, text in numbers
    )


async def _unclaim(work: Work, record: LoadRecord, shipment_ids: Sequence[str]) -> None:
    held = [c.id for c in await work.claims.of_loads([record.id]) if c.shipment_id in shipment_ids]
    if held:
        await work.claims.drop(held, work.now)


async def undo_numbers(work: Work, record: LoadRecord, said: Said, who: str) -> None:
    """Takes a change of numbers back: added ones go, dropped ones return with their claims."""
    told = json.loads(said.value or "{}")
    for shipment in told.get("added", []):
        await work.shipments.drop(shipment, f"taken back by {who}", work.now)
    for shipment in told.get("filled", []):
        await work.shipments.change(shipment, ccn="", text="")
    await _unclaim(work, record, [*told.get("added", []), *told.get("filled", [])])
    for shipment in told.get("dropped", []):
        await work.shipments.restore(shipment)
    rows = (await work.shipments.of_loads([record.id])).get(record.id, [])
    for row in rows:
        if row.id in told.get("dropped", []) and row.ccn:
            await _claim(work, record, row.type, [(row.id, row.text or row.ccn)])


async def change_trips(work: Work, record: LoadRecord, trips: Sequence[str]) -> None:
    """Has the load claim the numbers of these trips and no others."""
    held = [c for c in await work.claims.of_loads([record.id]) if c.shipment_id is None]
    ids = await work.numbers.upsert((NumberKind.TRIP, t, t) for t in trips) if trips else {}
    wanted = set(ids.values())
    gone = [c.id for c in held if c.number_id not in wanted]
    if gone:
        await work.claims.drop(gone, work.now)
    there = {c.number_id for c in held}
    await work.claims.add(
        ClaimRecord(new_id(), number, record.id, None, record.known_at - _WINDOW) for number in wanted - there
    )
