"""Loads that nobody knew: all of a list are added in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.load import LoadKind, Said, ShipmentType
from bot.domain.numbers import NumberKind, key_of
from bot.domain.policy import Policy
from bot.domain.rowtext import Row, RowFault, planned_type
from bot.watch.fields import columns_for
from bot.watch.groups import Group, Key
from bot.watch.hands import Hands
from bot.watch.papers import kind_of
from bot.watch.parties import party_ids
from storage.claims import ClaimRecord
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.people import PersonRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

_WINDOW = Policy().window_before

Drivers = Mapping[str, dict[str, str | None]]


@dataclass(slots=True)
class _Made:
    """Rows of all tables, collected."""

    loads: list[LoadRecord] = field(default_factory=list)
    shipments: list[ShipmentRecord] = field(default_factory=list)
    said: list[tuple[str, Said]] = field(default_factory=list)
    claims: list[tuple[NumberKind, str, str, ClaimRecord]] = field(default_factory=list)


async def add_fresh(
    work: Work, groups: Mapping[Key, Group], known: Mapping[str, Sequence[LoadRecord]], by: Hands
) -> dict[Key, str | RowFault]:
    """Adds these loads; for each its id, or why it cannot be added."""
    parties = await party_ids(work, [row for group in groups.values() for row in group.rows])
    drivers = await _drivers(work, groups)
    keys = iter(await work.loads.new_keys(len(groups)))
    made = _Made()
    outcomes: dict[Key, str | RowFault] = {}
    for at, group in groups.items():
        try:
            record = _load(work, group, known.get(at[0], ()), next(keys), drivers)
        except RowFault as why:
            outcomes[at] = why
            continue
        outcomes[at] = record.id
        made.loads.append(record)
        made.said += [(record.id, s) for s in _said_of_load(work, group, drivers, by)]
        _papers(work, made, record, group, parties, by)
    await _write(work, made, by)
    return outcomes


async def _write(work: Work, made: _Made, by: Hands) -> None:
    ids = await work.numbers.upsert((kind, key, text) for kind, key, text, _ in made.claims)
    await work.loads.add(made.loads)
    await work.shipments.add(made.shipments)
    await work.said.add(made.said, by.delivery)
    await work.claims.add(replace(claim, number_id=ids[kind, key]) for kind, key, _, claim in made.claims)


async def _drivers(work: Work, groups: Mapping[Key, Group]) -> Drivers:
    """What to say of a driver by the name in the list: `id=Name` and his phone, `=Name` when no one driver has it."""
    names = {name for group in groups.values() if (name := group.load.get("driver"))}
    people: dict[str, list[PersonRecord]] = {}
    for person in await work.people.named({key_of(n) for n in names}) if names else ():
        if person.role == "driver":
            people.setdefault(person.name_key, []).append(person)
    found: dict[str, dict[str, str | None]] = {}
    for name in names:
        known = people.get(key_of(name), [])
        one = known[0] if len(known) == 1 else None
        phone = {"phone": one.phone} if one and one.phone else {}
        found[name] = {"driver": f"{one.id if one else ''}={name}", **phone}
    return found


def _values(group: Group, drivers: Drivers) -> dict[str, str | None]:
    driver = group.load.get("driver")
    return group.load | drivers[driver] if driver else dict(group.load)


def _load(work: Work, group: Group, before: Sequence[LoadRecord], short: str, drivers: Drivers) -> LoadRecord:
    direction = group.direction
    columns: dict[str, object] = {"kind": LoadKind.LOADED}
    for name, value in _values(group, drivers).items():
        columns |= columns_for(name, value)
    record = LoadRecord(
        id=new_id(),
        key=short,
        number=group.first.number,
        number_key=key_of(group.first.number),
        direction=direction,
        kind=LoadKind.LOADED,
        known_at=work.now,
        occurrence=1 + max((r.occurrence for r in before if r.direction is direction), default=0),
        opened_at=work.now,
        look_at=work.now,
    )
    return replace(record, **columns)  # type: ignore[arg-type]


def _said_of_load(work: Work, group: Group, drivers: Drivers, by: Hands) -> list[Said]:
    values = {"added": group.first.number, **_values(group, drivers)}
    return [Said(name, value, by.hand, by.who, work.now, new_id()) for name, value in values.items()]


def _papers(
    work: Work, made: _Made, record: LoadRecord, group: Group, parties: Mapping[tuple[str, str], str], by: Hands
) -> None:
    own: dict[str, ShipmentRecord] = {}
    for trip in record.trips:
        made.claims.append((NumberKind.TRIP, trip, trip, _claim(record, None)))
    for row in group.rows:
        meant = _shipments(made, record, row, own)
        values = {n: parties.get((n, v), v) if v else v for n, v in row.shipment.items()}
        columns: dict[str, object] = {}
        for name, value in values.items():
            columns |= columns_for(name, value)
        for one in meant:
            own[one.id] = replace(own[one.id], **columns)  # type: ignore[arg-type]
            said = [Said(n, v, by.hand, by.who, work.now, new_id(), one.id) for n, v in values.items()]
            made.said += [(record.id, s) for s in said]
    made.shipments += own.values()


def _shipments(made: _Made, record: LoadRecord, row: Row, own: dict[str, ShipmentRecord]) -> list[ShipmentRecord]:
    """The shipments that a row speaks of, added where they are new: those it names, else all of the load."""
    by_key = {s.ccn: s for s in own.values() if s.ccn}
    named: list[ShipmentRecord] = []
    for type_, changes in row.numbers.items():
        for change in changes:
            key = key_of(change.new)
            if key and key not in by_key:
                by_key[key] = _add(made, record, own, type_, change.new)
            if key:
                named.append(by_key[key])
    bare = planned_type(row)
    if not named and bare is not None and not any(s.type is bare for s in own.values()):
        named.append(_add(made, record, own, bare, ""))
    return named or list(own.values())


def _add(
    made: _Made, record: LoadRecord, own: dict[str, ShipmentRecord], type_: ShipmentType, text: str
) -> ShipmentRecord:
    key = key_of(text)
    shipment = ShipmentRecord(new_id(), record.id, len(own), type_, key, text)
    own[shipment.id] = shipment
    if key:
        made.claims.append((kind_of(type_, record.direction), key, text, _claim(record, shipment.id)))
    return shipment


def _claim(record: LoadRecord, shipment_id: str | None) -> ClaimRecord:
    return ClaimRecord(new_id(), "", record.id, shipment_id, record.known_at - _WINDOW)
