"""The only writer of loads: what people and files say about them, and what follows at once.

Every function works inside the caller's write unit, raises `Refused` before it changes anything, and looks again.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.domain.alert import End
from bot.domain.kinds import Level
from bot.domain.load import Life, Said, ShipmentType
from bot.domain.numbers import NumberKind, doubts, key_of, transaction_key
from bot.domain.remarks import Say
from bot.domain.rowtext import ERASE, Change, changes
from bot.domain.status import Status
from bot.watch.adopt import adopt, claiming
from bot.watch.apart import part_strangers
from bot.watch.fields import SHIPMENT_FIELDS
from bot.watch.hands import TAKEN_BACK, Changed, Hands, Refused
from bot.watch.look import close_claims, reassess
from bot.watch.papers import (
    came_or_went,
    change_numbers,
    change_trips,
    claim_named,
    kind_of,
    lock_with_others,
    named,
)
from bot.watch.rows import RowResult, add_rows, make_one
from bot.watch.standing import restand
from bot.watch.told import after
from bot.watch.undo import undo
from bot.watch.world import World
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: Characters of a load's number.
_LONGEST = 40

__all__ = [
    "Changed", "Hands", "Refused", "RowResult", "add_rows", "cancel", "confirm", "crossed", "manifest_word", "numbers",
    "renumber", "set_field", "trip", "undo", "word",
]  # fmt: skip


async def open_load(work: Work, load_id: str, *, lock: bool = True) -> LoadRecord:
    """The load, locked; Refused when it is over."""
    record = (await (work.loads.lock([load_id]) if lock else work.loads.of([load_id]))).get(load_id)
    if record is None:
        raise Refused(Say.LOAD_GONE.of())
    if record.life is not Life.OPEN:
        ended = record.end_why or record.life.value
        said = Say.LOAD_NEVER_WAS if ended.startswith(TAKEN_BACK) else Say.LOAD_OVER
        raise Refused(said.of(number=record.number, why=ended))
    return record


async def set_field(
    work: Work, world: World, load_id: str, field: str, value: str | None, by: Hands, shipment_ids: Sequence[str] = ()
) -> Changed:
    """Says a field's value (None erases): the standing value follows from its history (DESIGN, many hands)."""
    record = await open_load(work, load_id)
    if field in SHIPMENT_FIELDS and not shipment_ids:
        shipment_ids = [s.id for s in (await work.shipments.of_loads([load_id])).get(load_id, [])]
        if not shipment_ids:
            raise Refused(Say.NO_SHIPMENT.of(number=record.number))
    if field == "eta" and value is None and record.level >= Level.WARN:
        # T5: a level falls with a later ETA, not with one that nobody says any more.
        raise Refused(Say.ETA_NEEDED.of(number=record.number))
    said = [Said(field, value, by.hand, by.who, work.now, new_id(), s) for s in shipment_ids or ("",)]
    await work.said.add(((load_id, s) for s in said), by.delivery, by.person)
    off = await restand(work, [load_id], {field})
    looked = await reassess(work, world, [load_id], without_fact=End(f"{field} changed by {by.who}"))
    return Changed(load_id, (*off.get(load_id, ()), *after(looked, record, world.carriers[work.carrier].zone)))


async def word(
    work: Work,
    world: World,
    load_id: str,
    shipment_ids: Sequence[str],
    status: Status,
    said_by: str,
    at: datetime | None,
    transaction: str,
    by: Hands,
) -> Changed:
    """A person's word about a release (F4): accepted, released or not filed, by whom, at what time.

    What customs says of the transaction that it names is about these shipments too.
    """
    key = transaction_key(transaction)
    await claiming(work)
    await named(work, (NumberKind.TRANSACTION, key, key))
    record = await open_load(work, load_id)
    rows = await chosen(work, load_id, shipment_ids)
    await claim_named(work, record, [(s.id, NumberKind.TRANSACTION, key) for s in rows])
    told = {"status": status.value, "by": said_by, "transaction": key}
    if at is not None:
        told["at"] = at.isoformat()
    said = [
        (load_id, Said("word", json.dumps(told | {"number": s.ccn}), by.hand, by.who, work.now, new_id(), s.id))
        for s in rows
    ]
    await work.said.add(said, by.delivery, by.person)
    await adopt(work, world, [load_id])
    return Changed(load_id, after(await reassess(work, world, [load_id])))


async def chosen(work: Work, load_id: str, shipment_ids: Sequence[str]) -> list[ShipmentRecord]:
    """The shipments meant, all of the load when none was named; Refused when there is none."""
    rows = (await work.shipments.of_loads([load_id])).get(load_id, [])
    if shipment_ids:
        rows = [s for s in rows if s.id in shipment_ids]
    if not rows:
        raise Refused(Say.SHIPMENT_GONE.of())
    return rows


async def manifest_word(
    work: Work,
    world: World,
    load_id: str,
    at: datetime,
    said_by: str,
    by: Hands,
    status: Status = Status.ON_FILE,
) -> Changed:
    """A person's word that the manifest of the trips known now was accepted (A3), or refused (F4), at this time."""
    record = await open_load(work, load_id)
    told = {"status": status.value, "at": at.isoformat(), "by": said_by, "trips": list(record.trips)}
    value = json.dumps(told)
    await work.said.add(
        [(load_id, Said("manifest", value, by.hand, by.who, work.now, new_id()))], by.delivery, by.person
    )
    return Changed(load_id, after(await reassess(work, world, [load_id])))


async def confirm(
    work: Work, world: World, load_id: str, field: str, values: Sequence[tuple[str, str]], by: Hands
) -> Changed:
    """A person's yes: `agency_ok` or `filer` of shipments, as (shipment id, value)."""
    await open_load(work, load_id)
    said = [(load_id, Said(field, v, by.hand, by.who, work.now, new_id(), s)) for s, v in values]
    if not said:
        raise Refused(Say.NOTHING_TO_CONFIRM.of())
    await work.said.add(said, by.delivery, by.person)
    return Changed(load_id, after(await reassess(work, world, [load_id])))


async def numbers(work: Work, world: World, load_id: str, type_: ShipmentType, words: str, by: Hands) -> Changed:
    """Adds, replaces (`A=>B`) or drops (`-A`) numbers of a load; what a number heard stays with that number."""
    wanted = changes(words)
    await claiming(work)
    record = await open_load(work, load_id, lock=False)
    await _checked(work, record, wanted)
    kind = kind_of(type_, record.direction)  # numbers are locked before loads, and what was read is read again
    await work.numbers.upsert((kind, key_of(c.new), c.new) for c in wanted if c.new)
    await lock_with_others(work, load_id, [key_of(c.new) for c in wanted if c.new])
    record = await open_load(work, load_id)
    rows = await _checked(work, record, wanted)
    if not await change_numbers(work, record, rows, type_, wanted, by):
        return Changed(load_id)
    await make_one(work, world, [load_id], by)
    apart = await part_strangers(work, record, by)
    await adopt(work, world, [load_id, *apart])
    gone = ", ".join(c.old for c in wanted if c.old)
    without = End(f"{gone} taken off by {by.who}" if gone else f"numbers changed by {by.who}")
    looked = await reassess(work, world, [load_id], without_fact=without)
    if apart:
        await reassess(work, world, apart, anew=True)
    kind = NumberKind.SCN if type_ is ShipmentType.PAPS else NumberKind.CCN
    return Changed(load_id, (*(d for c in wanted if c.new for d in doubts(kind, key_of(c.new))), *after(looked)))


async def _checked(work: Work, record: LoadRecord, wanted: Sequence[Change]) -> list[ShipmentRecord]:
    """The shipments of the load; Refused when these changes cannot be made of them."""
    rows = (await work.shipments.of_loads([record.id])).get(record.id, [])
    _check(record, rows, wanted)
    return rows


def _check(record: LoadRecord, rows: Sequence[ShipmentRecord], wanted: Sequence[Change]) -> None:
    if not wanted:
        raise Refused(Say.WHICH_NUMBER.of())
    there = {s.ccn for s in rows}
    for change in wanted:
        if change.old and key_of(change.old) not in there:
            known = ", ".join(s.text or s.ccn for s in rows) or Say.NO_NUMBER
            raise Refused(Say.HAS_NOT.of(number=record.number, other=change.old, known=known))
        if change.new and not 5 <= len(key_of(change.new)) <= 25:
            raise Refused(Say.NOT_A_NUMBER.of(text=change.new[:40]))


async def trip(work: Work, world: World, load_id: str, words: str, by: Hands) -> Changed:
    """Sets the trip numbers of a load (CRN or ACE trip); `A=>B` and `-A` change one of several, `-` erases."""
    wanted = () if words.strip() == ERASE else changes(words)
    if not wanted and words.strip() != ERASE:
        raise Refused(Say.WHICH_TRIP.of())
    await claiming(work)
    await open_load(work, load_id, lock=False)
    await work.numbers.upsert((NumberKind.TRIP, key_of(c.new), key_of(c.new)) for c in wanted if c.new)
    record = await open_load(work, load_id)
    keys = _trips(record, wanted)
    value = ",".join(keys) or None
    await work.said.add([(load_id, Said("trip", value, by.hand, by.who, work.now, new_id()))], by.delivery, by.person)
    await restand(work, [load_id], {"trip"})
    await change_trips(work, record, (await work.loads.get(load_id)).trips)
    await make_one(work, world, [load_id], by)
    apart = await part_strangers(work, record, by)
    await adopt(work, world, [load_id, *apart])
    looked = await reassess(work, world, [load_id], without_fact=End(f"trip changed by {by.who}"))
    if apart:
        await reassess(work, world, apart, anew=True)
    found = tuple(d for k in keys for d in doubts(NumberKind.TRIP, k))
    return Changed(load_id, (*found, *after(looked)))


def _trips(record: LoadRecord, wanted: Sequence[Change]) -> list[str]:
    """The trips after these changes: plain numbers replace them all."""
    trips = list(record.trips) if any(c.old for c in wanted) else []
    for change in wanted:
        if change.old and key_of(change.old) not in trips:
            known = ", ".join(trips) or Say.NO_TRIP
            raise Refused(Say.HAS_NOT_TRIP.of(number=record.number, other=change.old, known=known))
        if change.old:
            trips.remove(key_of(change.old))
        if change.new and key_of(change.new) not in trips:
            trips.append(key_of(change.new))
    return trips


async def crossed(work: Work, world: World, load_id: str, at: datetime, by: Hands) -> Changed:
    """Somebody's word that the truck is over the border."""
    await lock_with_others(work, load_id)
    await open_load(work, load_id)
    told = await set_field(work, world, load_id, "crossed", at.isoformat(), by)
    await came_or_went(work, load_id)
    return told


async def cancel(work: Work, world: World, load_id: str, why: str, by: Hands) -> Changed:
    """Takes a load off the road; its alert is closed, with who did it and why (N3)."""
    await lock_with_others(work, load_id)
    await open_load(work, load_id)
    reason = f"cancelled by {by.who}" + (f": {why}" if why else "")
    await work.said.add(
        [(load_id, Said("cancel", reason, by.hand, by.who, work.now, new_id()))], by.delivery, by.person
    )
    await work.loads.end(load_id, Life.CANCELLED, reason, work.now)
    await close_claims(work, world, [load_id])
    await came_or_went(work, load_id)
    await reassess(work, world, [load_id], {load_id: End(reason)})
    return Changed(load_id)


async def renumber(work: Work, world: World, load_id: str, number: str, by: Hands) -> Changed:
    """Gives a load the number that dispatch calls it by now; it stays the same load."""
    record = await open_load(work, load_id)
    key = key_of(number)
    if not key or len(number) > _LONGEST:
        raise Refused(Say.NEW_NUMBER.of(most=_LONGEST))
    taken = [r for r in (await work.loads.of_numbers([key])).get(key, []) if r.direction is record.direction]
    if any(r.life is Life.OPEN for r in taken):
        raise Refused(Say.NUMBER_TAKEN.of(number=number))
    value = json.dumps({"number": number, "was": record.number})
    await work.said.add([(load_id, Said("number", value, by.hand, by.who, work.now, new_id()))], by.delivery, by.person)
    occurrence = 1 + max((r.occurrence for r in taken), default=0)
    await work.loads.change(load_id, number=number, number_key=key, occurrence=occurrence)
    await reassess(work, world, [load_id], anew=True)
    return Changed(load_id)
