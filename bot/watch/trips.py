"""One truck, one load: rows that name a load only by its trip, and loads that a feed made of such rows."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.load import Direction, Hand, Life, Said, standing
from bot.domain.numbers import NumberKind, key_of
from bot.domain.remarks import Say
from bot.domain.rowtext import Change, Row, RowFault
from bot.watch.fields import LOAD_FIELDS
from bot.watch.groups import Group, Key
from bot.watch.hands import Hands
from bot.watch.papers import kind_of
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.work import Work

#: Numbers of which a truck has its own: two loads that have one are the same truck, or one of them is wrong.
_OWN = frozenset({NumberKind.TRIP, NumberKind.CCN, NumberKind.SCN})
_Named = tuple[NumberKind, str, str]


@dataclass(slots=True)
class Sharing:
    """Loads that have a number of a group, newest first, and what was said of those that a feed may have made."""

    loads: dict[Key, list[LoadRecord]] = field(default_factory=dict)
    said: Mapping[str, Sequence[Said]] = field(default_factory=dict)

    def of_trip(self, at: Key, group: Group, known: Mapping[str, Sequence[LoadRecord]]) -> list[LoadRecord]:
        """What a trip's rows may speak of, newest first: loads that have its number, or one of a shipment of it.

        One that is over and never had the trip is meant only if the ETA says so: a number may be used again.
        """
        way, eta = group.direction, group.load.get("eta")
        own = {r.id: r for r in (*self.loads.get(at, ()), *known.get(at[0], ())) if r.direction is way}
        meant = [r for r in own.values() if r.life is Life.OPEN or eta or at[0] in (r.number_key, *r.trips)]
        return sorted(meant, key=lambda r: r.id, reverse=True)

    def made(self, at: Key) -> list[LoadRecord]:
        """The open ones that a feed made of a trip and nobody renamed."""
        return [r for r in self.loads.get(at, ()) if made_of_trip(r, self.said.get(r.id, ()))]


def by_trip(group: Group, by: Hands) -> bool:
    """Whether a feed calls the load by the number of its trip, for it knows none of dispatch's."""
    return by.hand is Hand.FEED and group.load.get("trip") == key_of(group.first.number)


def made_of_trip(record: LoadRecord, said: Iterable[Said]) -> bool:
    """Whether an open load still bears the number of the trip that a feed made it of."""
    if record.life is not Life.OPEN or record.number_key not in record.trips:
        return False
    return any(s.field == "added" and s.hand is Hand.FEED for s in said)


def numbers_named(group: Group, direction: Direction) -> Iterator[_Named]:
    """Every number that rows name of a load that goes there: kind, key, text."""
    for trip in (group.load.get("trip") or "").split(","):
        if trip:
            yield NumberKind.TRIP, trip, trip
    for row in group.rows:
        if entry := row.shipment.get("entry"):
            yield NumberKind.ENTRY, key_of(entry), entry
        for type_, changes in row.numbers.items():
            for new in (c.new for c in changes if c.new):
                yield kind_of(type_, direction), key_of(new), new


async def sharing(work: Work, groups: Mapping[Key, Group]) -> Sharing:
    """The loads that have a trip or a shipment's number of these groups.

    The numbers are locked: a load that another unit gives one of them at the same time is waited for, or waits.
    """
    wanted = {at: list(_ways(at, group)) for at, group in groups.items()}
    sure = [one for at, ways in wanted.items() for one in ways if _way(at, groups[at]) is not None]
    ids = await work.numbers.upsert(sure)
    vague = {(kind, key) for ways in wanted.values() for kind, key, _ in ways} - set(ids)
    ids |= await work.numbers.find(vague) if vague else {}
    by_number: dict[str, set[str]] = {}
    for claim in await work.claims.loads_of(ids.values()) if ids else ():
        by_number.setdefault(claim.number_id, set()).add(claim.load_id)
    if not by_number:
        return Sharing()
    records = await work.loads.of(set().union(*by_number.values()))
    found: dict[Key, list[LoadRecord]] = {}
    for at, named in wanted.items():
        own = {load for kind, key, _ in named if kind in _OWN for load in by_number.get(ids.get((kind, key), ""), ())}
        way = _way(at, groups[at])
        there = [records[load] for load in own if way in (None, records[load].direction)]
        found[at] = sorted(there, key=lambda r: r.id, reverse=True)
    maybe = {r.id for own in found.values() for r in own if r.number_key in r.trips}
    return Sharing(found, await work.said.of_loads(maybe) if maybe else {})


def _way(at: Key, group: Group) -> Direction | None:
    return at[1] or group.direction


def _ways(at: Key, group: Group) -> Iterator[_Named]:
    for direction in Direction:
        if _way(at, group) in (None, direction):
            yield from numbers_named(group, direction)


def one_of(group: Group, own: Sequence[LoadRecord]) -> LoadRecord | None:
    """The open load among these that rows speak of, None when none is open; of several RowFault says the numbers."""
    there = [r for r in own if r.life is Life.OPEN]
    if len(there) > 1:
        names = ", ".join(sorted(r.number for r in there))
        raise RowFault(Say.SEVERAL_LOADS.of(number=group.first.number, names=names))
    return there[0] if there else None


async def only_missing(work: Work, joined: Mapping[Key, LoadRecord], groups: dict[Key, Group], by: Hands) -> None:
    """Leaves of what trips say of dispatch's loads only what nobody else said: a manifest fills gaps, and whether a
    truck is empty it does not know before the last shipment is on it."""
    said = await work.said.of_loads([r.id for r in joined.values()]) if joined else {}
    for at, record in joined.items():
        history = said.get(record.id, [])
        load = {n: v for n, v in groups[at].load.items() if n != "kind" and _is_open(n, history, by)}
        groups[at] = replace(groups[at], load=load)


def _is_open(name: str, history: Sequence[Said], by: Hands) -> bool:
    """Whether a field still waits for a value, or has one of the same feed."""
    stands = standing(tuple(s for s in history if s.field == name and not s.shipment))
    return stands is None or stands.who == by.who or (stands.value is None and stands.hand < Hand.DRIVER)


async def take_names(
    work: Work,
    takes: Mapping[Key, LoadRecord],
    groups: Mapping[Key, Group],
    known: Mapping[str, Sequence[LoadRecord]],
    by: Hands,
) -> dict[Key, LoadRecord]:
    """Gives loads that a feed made of a trip the numbers that dispatch calls them by; those as they are now."""
    locked = await work.loads.lock([r.id for r in takes.values()])
    words: list[tuple[str, Said]] = []
    found: dict[Key, LoadRecord] = {}
    for at, before in takes.items():
        record, number = locked[before.id], groups[at].first.number
        if record.life is not Life.OPEN:
            found[at] = record
            continue
        same = [r for r in known.get(at[0], ()) if r.direction is record.direction]
        named = {
            "number": number, "number_key": at[0], "occurrence": 1 + max((r.occurrence for r in same), default=0),
        }  # fmt: skip
        value = json.dumps({"number": number, "was": record.number})
        words.append((record.id, Said("number", value, by.hand, by.who, work.now, new_id())))
        await work.loads.change(record.id, **named)
        found[at] = replace(record, **named)  # type: ignore[arg-type]
    await work.said.add(words, by.delivery, by.person)
    return found


@dataclass(frozen=True, slots=True)
class Double:
    """A load that a feed made of a trip, and dispatch's own of the same truck."""

    made: LoadRecord
    own: LoadRecord
    rows: Group
    by: Hands


async def doubles(work: Work, load_ids: Collection[str]) -> list[Double]:
    """Loads that a feed made of a trip and no person spoke of, of which one of these loads has a number by now."""
    claims = await work.claims.of_loads(load_ids)
    numbers = await work.numbers.of({c.number_id for c in claims}) if claims else {}
    holders: dict[str, set[str]] = {}
    for claim in await work.claims.loads_of(n.id for n in numbers.values() if n.kind in _OWN) if numbers else ():
        holders.setdefault(claim.number_id, set()).add(claim.load_id)
    shared = [loads for loads in holders.values() if len(loads) > 1]
    records = await work.loads.of(set().union(*shared)) if shared else {}
    maybe = [r for r in records.values() if r.life is Life.OPEN and r.number_key in r.trips]
    said = await work.said.of_loads([r.id for r in maybe]) if maybe else {}
    found = []
    for made in maybe:
        history = said.get(made.id, [])
        if not made_of_trip(made, history) or any(s.hand >= Hand.DRIVER for s in history):
            continue
        others = set().union(*(loads for loads in shared if made.id in loads)) & set(load_ids) - {made.id}
        own = [records[load] for load in others if _is_own(records[load], made)]
        if len(own) == 1:
            found.append(Double(made, own[0], await _as_rows(work, made, own[0], history), _feed(history)))
    return found


def _is_own(record: LoadRecord, made: LoadRecord) -> bool:
    same_way = record.life is Life.OPEN and record.direction is made.direction
    return same_way and record.number_key not in record.trips


def _feed(history: Iterable[Said]) -> Hands:
    added = next(s for s in history if s.field == "added")
    return Hands(added.hand, added.who)


async def _as_rows(work: Work, made: LoadRecord, own: LoadRecord, history: Sequence[Said]) -> Group:
    """What a feed said of the load it made, as rows about another."""
    load: dict[str, str | None] = {}
    for said in history:
        if said.field in LOAD_FIELDS and not said.shipment:
            load[said.field] = said.value if said.field != "driver" else (said.value or "").partition("=")[2] or None
    shipments = (await work.shipments.of_loads([made.id])).get(made.id, [])
    rows = [
        Row("", own.number, own.direction, load, {}, {s.type: (Change("", s.text or s.ccn),)})
        for s in shipments
        if s.ccn
    ] or [Row("", own.number, own.direction, load, {}, {})]
    return Group(rows[0], rows, load)
