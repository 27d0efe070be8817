"""Loads that nobody knew: all of a list are added in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.carm.account import account_of
from bot.domain.load import Direction, LoadKind, Said, ShipmentType
from bot.domain.numbers import NumberKind, key_of
from bot.domain.rowtext import Row, planned_type
from bot.watch.drivers import Drivers, drivers_of
from bot.watch.fields import columns_for
from bot.watch.groups import Group, Key
from bot.watch.hands import Hands
from bot.watch.papers import changed, inherited, kind_of, look_at_others, next_position
from bot.watch.parties import party_ids
from storage.claims import ClaimRecord
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord
from storage.work import Work


@dataclass(slots=True)
class _Made:
    """Rows of all tables, collected."""

    loads: dict[Key, LoadRecord] = field(default_factory=dict)
    shipments: list[ShipmentRecord] = field(default_factory=list)
    said: list[tuple[str, Said]] = field(default_factory=list)
    claims: list[tuple[NumberKind, str, str, ClaimRecord]] = field(default_factory=list)


async def add_fresh(
    work: Work,
    groups: Mapping[Key, Group],
    known: Mapping[str, Sequence[LoadRecord]],
    by: Hands,
    known_at: Mapping[str, datetime],
) -> dict[Key, str]:
    """Adds these loads, whose direction is known; the id of each. `known_at` as in `add_rows`."""
    parties = await party_ids(work, [row for group in groups.values() for row in group.rows])
    drivers = await drivers_of(work, groups.values())
    keys = iter(await work.loads.new_keys(len(groups)))
    made = _Made()
    for at, group in groups.items():
        record = _load(known_at.get(group.first.where, work.now), group, known.get(at[0], ()), next(keys), drivers)
        made.loads[at] = record
        made.said += [(record.id, s) for s in _said_of_load(record, group, drivers, by)]
        _papers(made, record, group, parties, by)
    await _write(work, made, by)
    return {at: record.id for at, record in made.loads.items()}


async def _write(work: Work, made: _Made, by: Hands) -> None:
    ids = await work.numbers.upsert((kind, key, text) for kind, key, text, _ in made.claims)
    await work.loads.add(made.loads.values())
    await work.shipments.add(made.shipments)
    await work.said.add(made.said, by.delivery, by.person)
    spoken = await _spoken_of(work, {key for _, key, _, _ in made.claims})
    await work.claims.add(replace(claim, number_id=ids[kind, key]) for kind, key, _, claim in made.claims)
    by_moment: dict[datetime, set[str]] = {}
    for record in made.loads.values():
        by_moment.setdefault(record.known_at, set()).add(record.id)
    for moment, loads in by_moment.items():
        held = {ids[kind, key] for kind, key, _, claim in made.claims if claim.load_id in loads and key in spoken}
        if held:
            await look_at_others(work, loads, held, moment)


async def _spoken_of(work: Work, keys: set[str]) -> set[str]:
    """Which of these numbers, locked by now, somebody spoke of or claims: the others are nobody's near miss."""
    known = await work.numbers.find((kind, key) for key in keys for kind in NumberKind)
    told = {*await work.reports.of_numbers(known.values())}
    told |= {c.number_id for c in await work.claims.loads_of(known.values())}
    return {key for (_, key), id_ in known.items() if id_ in told}


def _values(group: Group, drivers: Drivers) -> dict[str, str | None]:
    driver = group.load.get("driver")
    return group.load | drivers[driver] if driver else dict(group.load)


def _load(known_at: datetime, group: Group, before: Sequence[LoadRecord], short: str, drivers: Drivers) -> LoadRecord:
    direction = group.direction or Direction.CA
    columns: dict[str, Any] = {"kind": LoadKind.LOADED}
    for name, value in _values(group, drivers).items():
        columns |= columns_for(name, value)
    record = LoadRecord(
        id=new_id(),
        key=short,
        number=group.first.number,
        number_key=key_of(group.first.number),
        direction=direction,
        kind=LoadKind.LOADED,
        known_at=known_at,
        occurrence=1 + max((r.occurrence for r in before if r.direction is direction), default=0),
        look_at=known_at,
    )
    return replace(record, **columns)


def _said_of_load(record: LoadRecord, group: Group, drivers: Drivers, by: Hands) -> list[Said]:
    values = {"added": group.first.number, **_values(group, drivers)}
    return [Said(name, value, by.hand, by.who, record.known_at, new_id()) for name, value in values.items()]


def _papers(made: _Made, record: LoadRecord, group: Group, parties: Mapping[tuple[str, str], str], by: Hands) -> None:
    own: dict[str, ShipmentRecord] = {}
    heirs: dict[str, str] = {}
    said: list[Said] = []
    for row in group.rows:
        values = {n: parties.get((n, v), v) if v else v for n, v in row.shipment.items()}
        columns: dict[str, Any] = {}
        for name, value in values.items():
            columns |= columns_for(name, value)
        before = set(heirs)
        meant = _shipments(record, row, own, heirs)
        said += inherited(said, {old: heir for old, heir in heirs.items() if old not in before}, own)
        for one in meant:
            own[one] = replace(own[one], **columns)
            said += [Said(n, v, by.hand, by.who, record.known_at, new_id(), one) for n, v in values.items()]
    for paper in [s for s in own.values() if s.importer_bn15]:
        word = account_of((s for s in said if s.shipment == paper.id), str)
        own[paper.id] = replace(paper, importer_bn15=(word.value if word else None) or "")
    made.said += [(record.id, s) for s in said if s.shipment in own]
    made.shipments += own.values()
    made.claims += [(NumberKind.TRIP, trip, trip, _claim(record, None)) for trip in record.trips]
    made.claims += [
        (kind_of(s.type, record.direction), s.ccn, s.text, _claim(record, s.id)) for s in own.values() if s.ccn
    ]
    made.claims += [(NumberKind.ENTRY, key_of(s.entry), s.entry, _claim(record, s.id)) for s in own.values() if s.entry]


def _shipments(record: LoadRecord, row: Row, own: dict[str, ShipmentRecord], heirs: dict[str, str]) -> list[str]:
    """The shipments that a row speaks of, added where they are new: those it names, else all of the load."""
    for type_, changes in row.numbers.items():
        for change in changes:
            changed(own, record, type_, change, heirs)
    bare = bare_type(row, list(own.values()), record.direction, record.kind.value)
    if bare is not None:
        made = ShipmentRecord(new_id(), record.id, next_position(own), bare)
        own[made.id] = made
    named = {key_of(c.new) for changes in row.numbers.values() for c in changes if c.new}
    return [s.id for s in own.values() if s.ccn in named or not named]


def bare_type(row: Row, own: Sequence[ShipmentRecord], direction: Direction, kind: str) -> ShipmentType | None:
    """The type of the shipment that a row without a number adds to a load; None when it adds none.

    What is said of a shipment before its number is known must stand somewhere: it waits for the number.
    """
    if any(c.new for changes in row.numbers.values() for c in changes):
        return None
    planned = planned_type(row)
    if planned is not None:
        return None if any(s.type is planned for s in own) else planned
    if own or kind != LoadKind.LOADED or not any(row.shipment.values()):
        return None
    return ShipmentType.PARS if direction is Direction.CA else ShipmentType.PAPS


def _claim(record: LoadRecord, shipment_id: str | None) -> ClaimRecord:
    return ClaimRecord(new_id(), "", record.id, shipment_id, record.known_at)
