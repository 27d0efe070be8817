"""Rows of a load file, a form or a TMS message become loads: added, changed, or refused by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.errors import HoldwatchError
from bot.domain.load import Direction, Life, LoadRow, Said, ShipmentType, standing
from bot.domain.numbers import NumberKind, doubts, key_of
from bot.domain.rowtext import Row, RowFault, planned_type, read_row
from bot.watch.fields import LOAD_FIELDS, SHIPMENT_FIELDS
from bot.watch.fresh import add_fresh
from bot.watch.groups import Group, Key, join
from bot.watch.hands import Hands
from bot.watch.look import reassess
from bot.watch.papers import change_numbers, change_trips
from bot.watch.parties import party_named
from bot.watch.standing import restand
from bot.watch.told import after
from bot.watch.world import World
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.people import PersonRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: A row whose ETA is this near to that of a load that is over speaks of that load, not of a new one.
_SAME_TRIP = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `sentences` are warnings, or why it was refused."""

    where: str
    outcome: str
    number: str
    load_id: str | None = None
    sentences: tuple[str, ...] = ()


async def add_rows(work: Work, world: World, rows: Sequence[LoadRow], by: Hands) -> list[RowResult]:
    """Takes rows in: a row is a shipment, rows with one number and direction are one load.

    A row that cannot be taken is refused by name and changes nothing; the others are taken. A load is looked at once.
    """
    results: dict[str, RowResult] = {}
    groups: dict[Key, Group] = {}
    carrier = world.carriers[work.carrier]
    for row in rows:
        try:
            read = read_row(row, world.crossings, carrier.zone)
            join(groups, read)
        except HoldwatchError as why:
            results[row.where] = RowResult(row.where, "refused", row.cells.get("number", ""), None, (str(why),))
    known = await work.loads.of_numbers({key for key, _ in groups})
    standing = {at: _standing_load(known.get(at[0], []), group, at[1]) for at, group in groups.items()}
    fresh = {at: group for at, group in groups.items() if standing[at] is None}
    added = await add_fresh(work, fresh, known, by) if fresh else {}
    touched: dict[str, list[str]] = {}
    for at, group in groups.items():
        try:
            load_id, outcome = await _outcome(work, group, added.get(at), standing[at], by)
        except HoldwatchError as why:
            for read in group.rows:
                results[read.where] = RowResult(read.where, "refused", read.number, None, (str(why),))
            continue
        touched.setdefault(load_id, [])
        for read in group.rows:
            results[read.where] = RowResult(read.where, outcome, read.number, load_id, _doubts(read))
            touched[load_id].append(read.where)
    looked = await reassess(work, world, touched)
    for one in looked:
        for where in touched[one.case.record.id][:1]:
            results[where] = replace(results[where], sentences=(*results[where].sentences, *after([one])))
    return [results[row.where] for row in rows if row.where in results]


def _doubts(row: Row) -> tuple[str, ...]:
    found = list(row.doubts)
    for type_, changes in row.numbers.items():
        kind = NumberKind.SCN if type_ is ShipmentType.PAPS else NumberKind.CCN
        found += [d for c in changes if c.new for d in doubts(kind, key_of(c.new))]
    return tuple(found)


def _standing_load(known: Sequence[LoadRecord], group: Group, direction: Direction | None) -> LoadRecord | None:
    """The load that these rows speak of: the open one, or one that is over if they say nothing newer of it."""
    same = [r for r in known if direction is None or r.direction is direction]
    for record in same:
        if record.life is Life.OPEN:
            return record
    for record in same[:1]:
        eta = group.load.get("eta") or group.load.get("pickup")
        ended = record.eta or record.ended_at or record.known_at
        if eta is None or datetime.fromisoformat(eta) <= ended + _SAME_TRIP:
            return record
    return None


async def _outcome(
    work: Work, group: Group, added: str | RowFault | None, record: LoadRecord | None, by: Hands
) -> tuple[str, str]:
    if isinstance(added, RowFault):
        raise added
    if added is not None or record is None:
        return added or "", "added"
    if record.life is not Life.OPEN:
        return record.id, "same"
    changed = await _say_load(work, record, group, by)
    changed |= await _say_shipments(work, record, group, by)
    await restand(work, [record.id], {*LOAD_FIELDS, *SHIPMENT_FIELDS})
    if "trip" in group.load:
        await change_trips(work, record, (await work.loads.get(record.id)).trips)
    return record.id, "changed" if changed else "same"


async def _say_load(work: Work, record: LoadRecord, group: Group, by: Hands) -> bool:
    values = dict(group.load)
    if values.get("driver"):
        people = [p for p in await work.people.named([key_of(values["driver"] or "")]) if p.role == "driver"]
        known = people[0] if len(people) == 1 else None
        values |= {"driver": f"{known.id if known else ''}={values['driver']}"} | _his_phone(record, group, known)
    return await say_changed(work, record.id, {("", name): value for name, value in values.items()}, by)


def _his_phone(record: LoadRecord, group: Group, driver: PersonRecord | None) -> dict[str, str | None]:
    """The driver's number goes onto the load with him; it must not stand beside the name of another."""
    if driver is not None and driver.phone and record.driver_name in ("", group.load["driver"]):
        return {"phone": driver.phone}
    return {"phone": None} if record.driver_id and record.driver_name != group.load["driver"] else {}


async def say_changed(work: Work, load_id: str, values: dict[tuple[str, str], str | None], by: Hands) -> bool:
    """Says only what this source did not say last: a file that repeats itself says nothing new."""
    history = (await work.said.of_loads([load_id])).get(load_id, [])
    fresh = []
    for (shipment, name), value in values.items():
        own = [s for s in history if s.field == name and s.shipment == shipment]
        last = next((s for s in reversed(own) if s.who == by.who), None)
        stands = standing(tuple(own))
        said_so = last.value == value if last else (stands.value if stands else None) == value
        if not said_so:
            fresh.append(Said(name, value, by.hand, by.who, work.now, new_id(), shipment))
    await work.said.add(((load_id, s) for s in fresh), by.delivery)
    return bool(fresh)


async def _say_shipments(work: Work, record: LoadRecord, group: Group, by: Hands) -> bool:
    changed = False
    for row in group.rows:
        rows = (await work.shipments.of_loads([record.id])).get(record.id, [])
        there = {s.ccn: s for s in rows}
        named = [key_of(c.new) for changes in row.numbers.values() for c in changes if c.new]
        for type_, changes in row.numbers.items():
            wanted = [c for c in changes if key_of(c.new) not in there or c.old]
            wanted = [c for c in wanted if not c.old or key_of(c.old) in there]
            if wanted:
                await change_numbers(work, record, rows, type_, wanted, by.hand, by.who, by.delivery)
                rows = (await work.shipments.of_loads([record.id])).get(record.id, [])
                changed = True
        bare = planned_type(row)
        if not named and bare is not None and not any(s.type is bare for s in rows):
            await work.shipments.add([ShipmentRecord(new_id(), record.id, len(rows), bare)])
            rows = (await work.shipments.of_loads([record.id])).get(record.id, [])
            changed = True
        meant = [s for s in rows if s.ccn in named] if named else rows
        values = await _shipment_values(work, row)
        said = {(s.id, name): value for s in meant for name, value in values.items()}
        changed |= await say_changed(work, record.id, said, by)
    return changed


async def _shipment_values(work: Work, row: Row) -> dict[str, str | None]:
    values = dict(row.shipment)
    for name in ("broker", "importer"):
        text = values.get(name)
        if text:
            values[name] = (await party_named(work, text, name)).id
    return values
