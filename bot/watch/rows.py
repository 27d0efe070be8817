"""Rows of a load file, a form or a TMS message become loads: added, changed, or refused by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.errors import HoldwatchError
from bot.domain.load import Direction, Life, LoadKind, LoadRow, Said, ShipmentType, standing
from bot.domain.numbers import NumberKind, doubts, key_of
from bot.domain.rowtext import Row, RowFault, planned_type, read_row
from bot.watch.fields import LOAD_FIELDS, SHIPMENT_FIELDS
from bot.watch.hands import Hands
from bot.watch.look import reassess
from bot.watch.papers import change_numbers, change_trips
from bot.watch.parties import party_named
from bot.watch.standing import restand
from bot.watch.told import after
from bot.watch.world import World
from storage.ids import new_id
from storage.loads import LoadRecord
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


@dataclass(slots=True)
class _Group:
    """Rows of one load: what they say of the load itself, and each shipment's row."""

    first: Row
    rows: list[Row] = field(default_factory=list)
    load: dict[str, str | None] = field(default_factory=dict)
    said_in: dict[str, str] = field(default_factory=dict)


async def add_rows(work: Work, world: World, rows: Sequence[LoadRow], by: Hands) -> list[RowResult]:
    """Takes rows in: a row is a shipment, rows with one number and direction are one load.

    A row that cannot be taken is refused by name and changes nothing; the others are taken. A load is looked at once.
    """
    results: dict[str, RowResult] = {}
    groups: dict[tuple[str, Direction | None], _Group] = {}
    carrier = world.carriers[work.carrier]
    for row in rows:
        try:
            read = read_row(row, world.crossings, carrier.zone)
            _join(groups, read)
        except HoldwatchError as why:
            results[row.where] = RowResult(row.where, "refused", row.cells.get("number", ""), None, (str(why),))
    known = await work.loads.of_numbers({key for key, _ in groups})
    touched: dict[str, list[str]] = {}
    for (key, direction), group in groups.items():
        try:
            load_id, outcome = await _take(work, group, _standing_load(known.get(key, []), group, direction), by)
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


def _join(groups: dict[tuple[str, Direction | None], _Group], row: Row) -> None:
    """Adds a row to its load; one that disagrees with an earlier row of the same load is refused."""
    key = key_of(row.number)
    direction = row.direction
    if direction is None:
        known = [d for k, d in groups if k == key and d is not None]
        direction = known[0] if len(known) == 1 else None
    elif (key, None) in groups and (key, direction) not in groups:
        groups[key, direction] = groups.pop((key, None))
    group = groups.get((key, direction)) or _Group(row)
    for name, value in row.load.items():
        if name in group.load and group.load[name] != value:
            before = f"{group.said_in[name]} says {group.load[name]}"
            raise RowFault(f"{name} is {value} here, but {before} for the same load {row.number}; make them agree")
    for name, value in row.load.items():
        group.load[name] = value
        group.said_in[name] = row.where
    group.rows.append(row)
    groups[key, direction] = group


def _doubts(row: Row) -> tuple[str, ...]:
    found = list(row.doubts)
    for type_, changes in row.numbers.items():
        kind = NumberKind.SCN if type_ is ShipmentType.PAPS else NumberKind.CCN
        found += [d for c in changes if c.new for d in doubts(kind, key_of(c.new))]
    return tuple(found)


def _standing_load(known: Sequence[LoadRecord], group: _Group, direction: Direction | None) -> LoadRecord | None:
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


async def _take(work: Work, group: _Group, record: LoadRecord | None, by: Hands) -> tuple[str, str]:
    if record is not None and record.life is not Life.OPEN:
        return record.id, "same"
    new = record is None
    if record is None:
        record = await _new_load(work, group)
    changed = await _say_load(work, record, group, by)
    changed |= await _say_shipments(work, record, group, by)
    await restand(work, [record.id], {*LOAD_FIELDS, *SHIPMENT_FIELDS})
    if "trip" in group.load:
        await change_trips(work, record, (await work.loads.get(record.id)).trips)
    return record.id, "added" if new else "changed" if changed else "same"


async def _new_load(work: Work, group: _Group) -> LoadRecord:
    row = group.rows[0]
    direction = next((r.direction for r in group.rows if r.direction), None)
    if direction is None:
        raise RowFault(f"load {row.number} is new and no row says where it goes: add direction CA or US")
    key = key_of(row.number)
    before = [r for r in (await work.loads.of_numbers([key])).get(key, []) if r.direction is direction]
    (short,) = await work.loads.new_keys(1)
    record = LoadRecord(
        id=new_id(),
        key=short,
        number=row.number,
        number_key=key,
        direction=direction,
        kind=LoadKind(group.load.get("kind") or "loaded"),
        known_at=work.now,
        occurrence=1 + max((r.occurrence for r in before), default=0),
        opened_at=work.now,
        look_at=work.now,
    )
    await work.loads.add([record])
    return record


async def _say_load(work: Work, record: LoadRecord, group: _Group, by: Hands) -> bool:
    values = dict(group.load)
    if values.get("driver"):
        people = [p for p in await work.people.named([key_of(values["driver"] or "")]) if p.role == "driver"]
        person = people[0].id if len(people) == 1 else ""
        values["driver"] = f"{person}={values['driver']}"
    return await say_changed(work, record.id, {("", name): value for name, value in values.items()}, by)


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


async def _say_shipments(work: Work, record: LoadRecord, group: _Group, by: Hands) -> bool:
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
