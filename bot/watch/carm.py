"""What is known of importers: the answer to a question about a party, and the verdicts of loads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.carm.changes import changes_of_goods
from bot.domain.carm.evidence import Evidence
from bot.domain.carm.plan import NO_PLAN, Plan
from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import Readiness, readiness
from bot.domain.carm.whose import Roles, Whose, whose
from bot.domain.load import Direction, Life, Said, standing
from bot.watch.carm_subjects import (
    Known,
    account_of,
    concerned,
    known_of,
    named_at,
    plan_of,
    readiness_of,
    records_of,
    root,
    subject_of,
)
from bot.watch.parties import name_key
from bot.watch.world import World
from storage.errors import NotFound
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.programs import ProgramRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: So long after a load was known it still says who imports for a party that has no open one.
_LATELY = timedelta(days=90)
_MOST = 200
#: Open loads whose papers are looked through for a shipper's or a consignee's name; of those that are over the last.
_MOST_OPEN = 5000
_MOST_OVER = 5000


@dataclass(frozen=True, slots=True)
class Pair:
    """An importer's account with a broker: how it stands for the next load that uses it (`load`, None for none), what
    that rests on (`evidence`, every record), and the open `loads` that use it, the next one first."""

    subject: Subject
    readiness: Readiness
    evidence: Sequence[Evidence]
    plan: Plan = NO_PLAN
    importer: PartyRecord | None = None
    broker: PartyRecord | None = None
    account: ProgramRecord | None = None
    load: LoadRecord | None = None
    shipment: ShipmentRecord | None = None
    loads: tuple[LoadRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to a question about a party. `pairs` are its importer's accounts, that of the next load first;
    `others` those of importers of further loads of the party; both are empty when nobody knows who imports.
    `own` is the carrier's own checklist, as recorded; `parties` holds all that are named, by id."""

    party: PartyRecord
    whose: Whose
    pairs: tuple[Pair, ...] = ()
    others: tuple[Pair, ...] = ()
    own: Sequence[Evidence] = ()
    parties: Mapping[str, PartyRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read of loads."""

    loads: Mapping[str, LoadRecord]
    shipments: Sequence[ShipmentRecord]
    parties: Mapping[str, PartyRecord]

    def of(self, importer: str) -> list[ShipmentRecord]:
        """The shipments of an importer."""
        return [s for s in self.shipments if root(self.parties, s.importer_id) == importer]


async def asked_about(work: Work, world: World, party_id: str, now: datetime) -> Asked:
    """Who imports where this party is named, and how each of its accounts stands; NotFound for a stranger's id."""
    party = (await work.parties.of([party_id])).get(party_id)
    if party is None:
        raise NotFound("this party is not in the address book any more")
    seen, roles = await _shipments_about(work, party, now)
    found = whose(party.id, roles)
    importers = [i for i in (found.importer, *found.others) if i]
    known = await known_of(work, importers, seen.loads)
    parties = await work.parties.of(
        {p for s in seen.shipments for p in (s.importer_id, s.broker_id) if p} | {*importers} | known.brokers
    )
    seen = _Seen(seen.loads, seen.shipments, parties)
    of = {importer: _pairs(world, importer, seen, known, now) for importer in importers}
    pairs = of.get(found.importer, ())
    others = tuple(pair for importer in found.others for pair in of[importer])
    return Asked(party, found, pairs, others, known.own, parties)


async def readiness_of_loads(
    work: Work,
    world: World,
    records: Iterable[LoadRecord],
    shipments: Mapping[str, Sequence[ShipmentRecord]] | None = None,
    now: datetime | None = None,
) -> dict[str, Readiness]:
    """How the importer of each shipment stands, by shipment id; loads into the US and paper shipments are left out.

    The number of statements does not grow with the number of loads; there is none where CARM is not asked.
    """
    into = {r.id: r for r in records if r.direction is Direction.CA}
    if not into:
        return {}
    given = shipments if shipments is not None else await work.shipments.of_loads(list(into))
    asked = [s for id_, record in into.items() for s in given.get(id_, ()) if concerned(record, s)]
    if not asked:
        return {}
    parties = await work.parties.of({p for s in asked for p in (s.importer_id, s.broker_id) if p})
    importers = {root(parties, s.importer_id) for s in asked if s.importer_id}
    known = await known_of(work, importers, {s.load_id for s in asked if s.importer_id})
    more = known.brokers - parties.keys()
    parties = {**parties, **await work.parties.of(more)} if more else parties
    at = now or work.now
    return {s.id: readiness_of(into[s.load_id], s, parties, known, at, world.carm) for s in asked}


async def _shipments_about(work: Work, party: PartyRecord, now: datetime) -> tuple[_Seen, list[Roles]]:
    """Shipments into Canada that name a party in any role, the next first; where none is open, those of late."""
    names = {party.name_key, *(await work.parties.aliases([party.id])).get(party.id, ())}
    imported = await work.finder.listed(importer_id=party.id, limit=_MOST)
    open_ = await work.loads.open_ids(limit=_MOST_OPEN)
    loads, by_role = await _naming(work, names, imported, open_, now)
    if not loads:
        imported = await work.finder.listed(importer_id=party.id, life=None, limit=_MOST)
        over = await work.carm.lately(now - _LATELY, _MOST_OVER)
        loads, by_role = await _naming(work, names, imported, over, now)
    rows = [s for own in (await work.shipments.of_loads(list(loads))).values() for s in own]
    parties = await work.parties.of({s.importer_id for s in rows if s.importer_id} | {party.id})
    rows.sort(key=lambda s: (_next_first(loads[s.load_id]), s.position))
    roles = []
    for row in rows:
        named = by_role.get(row.load_id, {})
        shipper, consignee = (
            party.id if named.get((role, row.id), named.get((role, ""))) in names else "" for role in _ROLES
        )
        roles.append(Roles(root(parties, row.importer_id), shipper, consignee, row.load_id))
    return _Seen(loads, rows, parties), roles


_Named = dict[str, dict[tuple[str, str], str]]


async def _naming(
    work: Work, names: set[str], imported: Sequence[LoadRecord], ids: Sequence[str], now: datetime
) -> tuple[dict[str, LoadRecord], _Named]:
    """The loads into Canada that a party imports, with those of `ids` whose papers give one of its names; and what all
    these papers call shipper and consignee. Of many the first count."""
    told = await work.carm.named(ids)
    by_role = {
        load: {(field_, shipment): name for field_, shipment, name in _stands(said)} for load, said in told.items()
    }
    about = [load for load in ids if not names.isdisjoint(by_role.get(load, {}).values())]
    records = {r.id: r for r in imported} | await work.loads.of(about[:_MOST])
    return {id_: r for id_, r in records.items() if r.direction is Direction.CA and _late(r, now)}, by_role


_ROLES = ("shipper", "consignee")


def _stands(said: Sequence[Said]) -> Iterable[tuple[str, str, str]]:
    """(field, shipment, name key) as it stands."""
    places = {(one.field, one.shipment) for one in said}
    for name, shipment in places:
        word = standing(tuple(one for one in said if (one.field, one.shipment) == (name, shipment)))
        if word is not None and word.value:
            yield name, shipment, name_key(word.value)


def _late(record: LoadRecord, now: datetime) -> bool:
    return record.life is Life.OPEN or record.known_at >= now - _LATELY


def _next_first(record: LoadRecord) -> tuple[bool, float, str]:
    """Open loads by ETA, then the last of those that are over."""
    moment = record.eta or record.pickup or record.known_at
    over = record.life is not Life.OPEN
    return over, -moment.timestamp() if over else moment.timestamp(), record.id


def _pairs(world: World, importer: str, seen: _Seen, known: Known, now: datetime) -> tuple[Pair, ...]:
    """The accounts of one importer: of its shipments, the next first, then those that no shipment uses."""
    told = known.evidence.get(importer, ())
    found: dict[tuple[str, str], Pair] = {}
    loads: dict[tuple[str, str], dict[str, LoadRecord]] = {}
    for row in seen.of(importer):
        record = seen.loads[row.load_id]
        subject = subject_of(row, seen.parties, known)
        key = subject.rm, subject.broker
        loads.setdefault(key, {})[record.id] = record
        if key in found or not concerned(record, row):
            continue
        plan = plan_of(record, row, seen.parties, known, now, world.carm)
        records = records_of(subject, told, named_at(record, row, known))
        ready = readiness(records, subject, now, world.carm, plan)
        account = account_of(row, seen.parties, known)
        broker = seen.parties.get(subject.broker)
        found[key] = Pair(subject, ready, records, plan, seen.parties.get(importer), broker, account, record, row)
    for one in known.programs.get(importer, ()):
        key = one.rm, one.broker_id or ""
        if key not in found and not (one.broker_id is None and any(rm == one.rm for rm, _ in found)):
            found[key] = _idle(world, Subject(importer, *key), told, one, seen, now)
    if not found:
        found["", ""] = _idle(world, Subject(importer), told, None, seen, now)
    return tuple(
        Pair(
            p.subject, p.readiness, p.evidence, p.plan, p.importer, p.broker, p.account, p.load, p.shipment,
            tuple(r for r in loads.get(key, {}).values() if r.life is Life.OPEN),
        )
        for key, p in found.items()
    )  # fmt: skip


def _idle(
    world: World, subject: Subject, told: Sequence[Evidence], account: ProgramRecord | None, seen: _Seen, now: datetime
) -> Pair:
    """An account that no shipment uses now: the party itself was named, and so is importer until somebody says no."""
    subject = replace(subject, changes=changes_of_goods(told, subject.rm))
    records = records_of(subject, told, now)
    ready = readiness(records, subject, now, world.carm)
    importer, broker = seen.parties.get(subject.importer), seen.parties.get(subject.broker)
    return Pair(subject, ready, records, NO_PLAN, importer, broker, account)
