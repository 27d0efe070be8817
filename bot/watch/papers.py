"""Numbers on loads: shipments and trips that claim them, let them go, and take them back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.load import Direction, Hand, Said, ShipmentType
from bot.domain.numbers import NumberKind, key_of
from bot.domain.rowtext import Change
from bot.watch.fields import SHIPMENT_FIELDS
from bot.watch.hands import Hands
from bot.watch.nearby import near_to
from storage.claims import ClaimRecord
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.numbers import NumberKey
from storage.shipments import ShipmentRecord
from storage.work import Work


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
    by: Hands,
) -> bool:
    """Makes the changes and remembers them for undo; whether there was anything to change."""
    there = {s.id: s for s in rows}
    heirs: dict[str, str] = {}
    done: dict[str, list[str]] = {"added": [], "dropped": [], "filled": [], "on": [], "off": []}
    for change in wanted:
        old = with_number(there, change.old)
        made = changed(there, record, type_, change, heirs)
        if old is not None and old.id not in there:
            await work.shipments.drop(old.id, f"taken off by {by.who}", work.now)
            done["dropped"].append(old.id)
            done["off"].append(old.ccn)
        if made is None:
            continue
        done["on"].append(made.ccn)
        if made.id in {s.id for s in rows}:
            await work.shipments.change(made.id, ccn=made.ccn, text=made.text)
            done["filled"].append(made.id)
        else:
            done["added"].append(made.id)
    if not done["on"] and not done["off"]:
        return False
    await work.shipments.add(there[i] for i in done["added"] if i in there)
    await _inherit(work, record, heirs, there)
    await _unclaim(work, record, done["dropped"])
    await _claim(work, record, [there[i] for i in (*done["added"], *done["filled"]) if i in there])
    said = [
        Said("numbers", json.dumps(done), by.hand, by.who, work.now, new_id()),
        Said("pars", type_.value, by.hand, by.who, work.now, new_id()),
    ]
    await work.said.add(((record.id, one) for one in said), by.delivery, by.person)
    return True


def with_number(there: Mapping[str, ShipmentRecord], number: str) -> ShipmentRecord | None:
    """The shipment that has a number."""
    key = key_of(number)
    return next((s for s in there.values() if s.ccn == key), None) if key else None


def changed(
    there: dict[str, ShipmentRecord],
    record: LoadRecord,
    type_: ShipmentType,
    change: Change,
    heirs: dict[str, str],
) -> ShipmentRecord | None:
    """Makes one change among the shipments of a load, by id; the shipment that got a number, None when none did.

    `heirs` remembers which shipment took the place of which.

    A number goes to a shipment that waits for one, else it is a new shipment.
    """
    old, key = with_number(there, change.old), key_of(change.new)
    if old is not None:
        if old.ccn == key:
            return None
        del there[old.id]
    if not key or with_number(there, key) is not None:
        return None
    bare = next((s for s in there.values() if not s.ccn and s.type is type_), None) if old is None else None
    if bare is not None:
        made = replace(bare, ccn=key, text=change.new)
    elif old is not None:
        # One that replaces another keeps its broker, importer and papers, not what was heard of it.
        made = replace(old, id=new_id(), ccn=key, text=change.new)
        heirs[old.id] = made.id
    else:
        made = ShipmentRecord(new_id(), record.id, next_position(there), type_, key, change.new)
    there[made.id] = made
    return made


def inherited(history: Iterable[Said], heirs: Mapping[str, str], there: Mapping[str, ShipmentRecord]) -> list[Said]:
    """What was said of shipments that others took the place of, as said of those: what stands follows from it."""
    found = []
    for said in history:
        heir = said.shipment
        while heir in heirs:
            heir = heirs[heir]
        if heir != said.shipment and heir in there and said.field in SHIPMENT_FIELDS:
            found.append(replace(said, id=new_id(), shipment=heir))
    return found


async def _inherit(
    work: Work, record: LoadRecord, heirs: Mapping[str, str], there: Mapping[str, ShipmentRecord]
) -> None:
    history = (await work.said.of_loads([record.id])).get(record.id, []) if heirs else []
    await work.said.add((record.id, one) for one in inherited(history, heirs, there))


def next_position(there: Mapping[str, ShipmentRecord]) -> int:
    """The place of another shipment behind these."""
    return 1 + max((s.position for s in there.values()), default=-1)


def taken_off(history: Iterable[Said]) -> dict[str, str]:
    """Numbers that a person or driver took off the load and did not put back, and who did: no file brings them back."""
    off: dict[str, str] = {}
    for said in history:
        if said.field == "numbers" and said.hand >= Hand.DRIVER:
            told = json.loads(said.value or "{}")
            off |= dict.fromkeys(told.get("off", ()), said.who)
            for key in told.get("on", ()):
                off.pop(key, None)
    return off


async def _claim(work: Work, record: LoadRecord, shipments: Sequence[ShipmentRecord]) -> None:
    if not shipments:
        return
    kinds = {s.id: kind_of(s.type, record.direction) for s in shipments}
    ids = await work.numbers.upsert((kinds[s.id], s.ccn, s.text or s.ccn) for s in shipments)
    await work.claims.add(
        ClaimRecord(new_id(), ids[kinds[s.id], s.ccn], record.id, s.id, record.known_at) for s in shipments
    )
    await look_at_others(work, [record.id], set(ids.values()))


async def named(work: Work, *numbers: tuple[NumberKind, str, str]) -> dict[NumberKey, str]:
    """Ids of the numbers among these that are one."""
    return await work.numbers.upsert(n for n in numbers if n[1])


async def claim_named(work: Work, record: LoadRecord, wanted: Sequence[tuple[str, NumberKind, str]]) -> None:
    """Has shipments, by id, claim numbers that were named for them, each once."""
    ids = await named(work, *((kind, key, key) for _, kind, key in wanted))
    held = {(c.shipment_id, c.number_id) for c in await work.claims.of_loads([record.id])} if ids else set()
    fresh = dict.fromkeys((s, ids[kind, key]) for s, kind, key in wanted if key)
    await work.claims.add(
        ClaimRecord(new_id(), number, record.id, shipment, record.known_at)
        for shipment, number in fresh
        if (shipment, number) not in held
    )


async def undo_word(work: Work, record: LoadRecord, said: Said) -> None:
    """A word that is taken back names no transaction any more."""
    key = json.loads(said.value or "{}").get("transaction", "")
    ids = await work.numbers.find([(NumberKind.TRANSACTION, key)]) if key else {}
    held = await work.claims.of_loads([record.id]) if ids else []
    gone = [c.id for c in held if c.shipment_id == said.shipment and c.number_id in ids.values()]
    if gone:
        await work.claims.drop(gone, work.now)


async def _unclaim(work: Work, record: LoadRecord, shipment_ids: Sequence[str]) -> None:
    held = [c for c in await work.claims.of_loads([record.id]) if c.shipment_id in shipment_ids]
    if held:
        await work.claims.drop([c.id for c in held], work.now)
        await look_at_others(work, [record.id], {c.number_id for c in held})


async def came_or_went(work: Work, load_id: str) -> None:
    """A load was taken off the road or came back: others with one of its numbers have an earlier load less, or more,
    and others with its trip another truck's manifest, or their own."""
    held = {c.number_id for c in await work.claims.of_loads([load_id]) if c.shipment_id is not None}
    await look_at_others(work, [load_id], held)
    await work.loads.touch(await work.claims.of_same_trip(load_id), work.now)


async def lock_with_others(work: Work, load_id: str, keys: Iterable[str] = (), also: Iterable[str] = ()) -> None:
    """Locks a load with these others and those that `came_or_went` makes due for its numbers or these keys, lowest id
    first as a look at several does. To be called before any load is locked; one writes at a time on SQLite."""
    if work.unit.alone:
        return
    held = {c.number_id for c in await work.claims.of_loads([load_id]) if c.shipment_id is not None}
    own = {n.key for n in (await work.numbers.of(held)).values()} if held else set()
    others = await near_to(work, own.union(keys)) | await work.claims.of_same_trip(load_id)
    await work.loads.lock({load_id, *also, *others})


async def look_at_others(
    work: Work, load_ids: Iterable[str], numbers: Iterable[str], at: datetime | None = None
) -> None:
    """Makes other loads due that claim one of these numbers, or one that looks like it: an orphan is theirs no more."""
    keys = {n.key for n in (await work.numbers.of(set(numbers))).values()}
    others = await near_to(work, keys) - set(load_ids)
    if others:
        await work.loads.touch(others, at or work.now)


async def undo_numbers(work: Work, record: LoadRecord, said: Said, who: str) -> None:
    """Takes a change of numbers back: added ones go, dropped ones return with their claims."""
    told = json.loads(said.value or "{}")
    for shipment in told.get("added", []):
        await work.shipments.drop(shipment, f"taken back by {who}", work.now)
    for shipment in told.get("filled", []):
        await work.shipments.change(shipment, ccn="", text="")
    await _unclaim(work, record, [*told.get("added", []), *told.get("filled", [])])
    taken = {s.ccn for s in (await work.shipments.of_loads([record.id])).get(record.id, []) if s.ccn}
    for shipment in told.get("dropped", []):
        await work.shipments.restore(shipment)
    rows = (await work.shipments.of_loads([record.id])).get(record.id, [])
    back = [s for s in rows if s.id in told.get("dropped", [])]
    for one in (s for s in back if s.ccn in taken):  # somebody else gave the load this number meanwhile
        await work.shipments.drop(one.id, f"the load has {one.ccn} already", work.now)
    await _claim(work, record, [s for s in back if s.ccn and s.ccn not in taken])


async def change_trips(work: Work, record: LoadRecord, trips: Sequence[str]) -> None:
    """Has the load claim the numbers of these trips and no others."""
    held = [c for c in await work.claims.of_loads([record.id]) if c.shipment_id is None]
    ids = await work.numbers.upsert((NumberKind.TRIP, t, t) for t in trips) if trips else {}
    wanted = set(ids.values())
    gone = [c.id for c in held if c.number_id not in wanted]
    if gone:
        await work.claims.drop(gone, work.now)
    there = {c.number_id for c in held}
    await work.claims.add(ClaimRecord(new_id(), number, record.id, None, record.known_at) for number in wanted - there)
