"""Loads that are there already: of what rows say, only what is new is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.carm.account import ACCOUNT, IMPORTER, account_of
from bot.domain.kinds import Level
from bot.domain.load import Hand, Said, standing
from bot.domain.numbers import NumberKind, key_of
from bot.domain.remarks import Remark, Say
from bot.domain.rowtext import Row
from bot.watch.drivers import Drivers, drivers_of
from bot.watch.fields import LOAD_FIELDS, SHIPMENT_FIELDS
from bot.watch.fresh import bare_type
from bot.watch.groups import Group, Key
from bot.watch.hands import Hands
from bot.watch.papers import change_numbers, change_trips, claim_named, kind_of, next_position, taken_off
from bot.watch.parties import party_ids
from bot.watch.standing import restand
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord
from storage.work import Work


@dataclass(slots=True)
class _There:
    """What was read of the loads, in a constant number of statements, and what is to be said."""

    said: Mapping[str, list[Said]]
    shipments: dict[str, list[ShipmentRecord]]
    parties: Mapping[tuple[str, str], str]
    drivers: Drivers
    words: dict[str, list[Said]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    trips: set[str] = field(default_factory=set)
    notes: dict[str, list[Remark]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class More:
    """What came of rows about known loads: ids of those that changed, and remarks worth telling, by load id."""

    changed: frozenset[str]
    notes: Mapping[str, Sequence[Remark]]


async def say_more(work: Work, groups: Mapping[Key, Group], loads: Mapping[Key, LoadRecord], by: Hands) -> More:
    """Says of these open loads what their rows say anew. Rows that repeat what stands cost no statement of their own.

    Numbers are locked before loads, as everywhere.
    """
    ids = [record.id for record in loads.values()]
    rows = [row for at in loads for row in groups[at].rows]
    await work.numbers.upsert(_named(groups, loads))
    locked = await work.loads.lock(ids)
    there = _There(
        await work.said.of_loads(ids),
        await work.shipments.of_loads(ids),
        await party_ids(work, rows),
        await drivers_of(work, [groups[at] for at in loads]),
    )
    for at, record in loads.items():
        _say_load(work, there, locked[record.id], groups[at], by)
        for row in groups[at].rows:
            await _say_row(work, there, locked[record.id], row, by)
    await work.said.add(((load, said) for load, words in there.words.items() for said in words), by.delivery, by.person)
    changed = set(there.words)
    if changed:
        for load, off in (await restand(work, changed, {*LOAD_FIELDS, *SHIPMENT_FIELDS})).items():
            there.notes.setdefault(load, []).extend(off)
    for load, record in (await work.loads.of(there.trips)).items() if there.trips else ():
        await change_trips(work, locked[load], record.trips)
    return More(frozenset(changed | there.changed), there.notes)


def _named(groups: Mapping[Key, Group], loads: Mapping[Key, LoadRecord]) -> Iterator[tuple[NumberKind, str, str]]:
    """Every number that the rows name."""
    for at, record in loads.items():
        for trip in (groups[at].load.get("trip") or "").split(","):
            if trip:
                yield NumberKind.TRIP, trip, trip
        for row in groups[at].rows:
            if entry := row.shipment.get("entry"):
                yield NumberKind.ENTRY, key_of(entry), entry
            for type_, changes in row.numbers.items():
                for new in (c.new for c in changes if c.new):
                    yield kind_of(type_, record.direction), key_of(new), new


def _say_load(work: Work, there: _There, record: LoadRecord, group: Group, by: Hands) -> None:
    values = dict(group.load)
    name = values.get("driver")
    if name:
        said = there.drivers[name]
        values |= {"driver": said["driver"]} | _his_phone(record, name, said.get("phone"))
    elif "driver" in values and record.driver_id:
        values["phone"] = None
    if "eta" in values and values["eta"] is None and record.level >= Level.WARN and record.eta is not None:
        del values["eta"]  # T5: a level falls with a later ETA, not with one that nobody says any more
        there.notes.setdefault(record.id, []).append(Say.ETA_NEEDED.of(number=record.number))
    for name, value in values.items():
        if _say(work, there, record.id, name, value, "", by) and name == "trip":
            there.trips.add(record.id)


def _his_phone(record: LoadRecord, name: str, phone: str | None) -> dict[str, str | None]:
    """The driver's number goes onto the load with him; it must not stand beside the name of another."""
    if phone and record.driver_name in ("", name):
        return {"phone": phone}
    return {"phone": None} if record.driver_id and record.driver_name != name else {}


def _say(
    work: Work, there: _There, load: str, name: str, value: str | None, shipment: str, by: Hands, *, own: bool = False
) -> bool:
    """Says only what this source did not say last: a file that repeats itself says nothing new, unless it repeats an
    account number for another importer (`own`: it names whose it is)."""
    history = [s for s in (*there.said.get(load, ()), *there.words.get(load, ())) if s.shipment == shipment]
    mine = [s for s in history if s.field == name]
    last = next((s for s in reversed(mine) if s.who == by.who), None)
    stands = account_of(history, str) if name == ACCOUNT else standing(tuple(mine))
    if (last.value if last else stands.value if stands else None) == value:
        told = next((s.field for s in reversed(history) if s.who == by.who and s.field in (name, IMPORTER)), name)
        if not own or told == name:
            return False
    if stands and stands.hand > by.hand and stands.hand >= Hand.DRIVER and stands.value != value:
        there.notes.setdefault(load, []).append(Say.STAYS.of(name=name, who=stands.who))
    there.words.setdefault(load, []).append(Said(name, value, by.hand, by.who, work.now, new_id(), shipment))
    return True


async def _say_row(work: Work, there: _There, record: LoadRecord, row: Row, by: Hands) -> None:
    off = taken_off(there.said.get(record.id, ())) if by.hand < Hand.DRIVER else {}
    for type_, changes in row.numbers.items():
        wanted = [c for c in changes if key_of(c.new) not in off]
        for change in changes:
            if change not in wanted:
                who = off[key_of(change.new)]
                there.notes.setdefault(record.id, []).append(Say.STAYS_OFF.of(number=change.new, who=who))
        if there.words.get(record.id) and any(c.old for c in wanted):
            await _write_down(work, there, record.id, by)
        if await change_numbers(work, record, there.shipments.get(record.id, []), type_, wanted, by):
            await _changed(work, there, record)
    own = there.shipments.get(record.id, [])
    bare = bare_type(row, own, record.direction, row.load.get("kind") or record.kind.value)
    if bare is not None:
        position = next_position({s.id: s for s in own})
        await work.shipments.add([ShipmentRecord(new_id(), record.id, position, bare)])
        await _changed(work, there, record)
    named = {key_of(c.new) for changes in row.numbers.values() for c in changes if c.new}
    for one in there.shipments.get(record.id, []):
        if one.ccn in named or not named:
            for name, text in row.shipment.items():
                value = there.parties.get((name, text), text) if text else None
                whose = name == ACCOUNT and bool(row.shipment.get(IMPORTER))
                _say(work, there, record.id, name, value, one.id, by, own=whose)
    if entry := row.shipment.get("entry"):
        meant = [s for s in there.shipments.get(record.id, []) if s.ccn in named or not named]
        await claim_named(work, record, [(s.id, NumberKind.ENTRY, key_of(entry)) for s in meant])


async def _write_down(work: Work, there: _There, load: str, by: Hands) -> None:
    """Has what these rows said so far stand in the history: a shipment that takes another's place inherits it."""
    words = there.words[load]
    await work.said.add(((load, said) for said in words), by.delivery, by.person)
    there.said = {**there.said, load: [*there.said.get(load, ()), *words]}
    there.words[load] = []


async def _changed(work: Work, there: _There, record: LoadRecord) -> None:
    there.changed.add(record.id)
    there.shipments[record.id] = (await work.shipments.of_loads([record.id])).get(record.id, [])
