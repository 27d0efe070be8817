"""How importers stand: by the loads that they have ahead, and all that a carrier has, the worst first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.carm.bn import mask, read_bn
from bot.domain.carm.changes import changes_of_goods
from bot.domain.carm.evidence import Evidence
from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import Readiness, readiness, worst
from bot.domain.load import Direction
from bot.watch.carm_subjects import Known, concerned, known_of, readiness_of, records_of, root
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.programs import ProgramRecord
from storage.work import Work

#: Open loads that are looked through for their importers, the next ones.
_MOST_LOADS = 5000


@dataclass(frozen=True, slots=True)
class Importer:
    """One importer: its worst verdict with the broker of that, its loads ahead, the next one first, and the account's
    number as it is shown, "" where it is not known."""

    importer: PartyRecord
    readiness: Readiness
    broker: PartyRecord | None = None
    loads: tuple[LoadRecord, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Importers by their id, and what is on record of them."""

    of: Mapping[str, Importer]
    known: Known


async def by_loads(work: Work, world: World, load_ids: Collection[str]) -> Found:
    """The importers of these loads, with the worst verdict that any of the loads has."""
    records = await work.loads.of(load_ids)
    shipments = await work.shipments.of_loads(list(records))
    rows = [s for id_, own in shipments.items() for s in own if s.importer_id and concerned(records[id_], s)]
    parties = await work.parties.of({p for s in rows for p in (s.importer_id, s.broker_id) if p})
    known = await known_of(work, {root(parties, s.importer_id) for s in rows}, {s.load_id for s in rows})
    if more := known.brokers - parties.keys():
        parties = {**parties, **await work.parties.of(more)}
    loads: dict[str, dict[str, LoadRecord]] = {}
    ready: dict[str, list[Readiness]] = {}
    for row in sorted(rows, key=lambda s: (moment_of(records[s.load_id]), s.id)):
        importer, record = root(parties, row.importer_id), records[row.load_id]
        loads.setdefault(importer, {})[record.id] = record
        ready.setdefault(importer, []).append(readiness_of(record, row, parties, known, work.now, world.carm))
    by_id = {party.id: party for party in parties.values()}
    given = ((row.importer_id, read_bn(row.importer_bn15)) for row in rows)
    numbers = {(root(parties, id_), bn.rm): bn.masked for id_, bn in given if bn.bn9}
    found = {}
    for id_, own in loads.items():
        if id_ in by_id:
            bad = worst(ready[id_])
            number = _number(known.programs.get(id_, ()), bad.subject.rm) or numbers.get((id_, bad.subject.rm), "")
            found[id_] = Importer(by_id[id_], bad, by_id.get(bad.subject.broker), tuple(own.values()), number)
    return Found(found, known)


def moment_of(record: LoadRecord) -> datetime:
    """When a load is expected at the border, as far as is known."""
    return record.eta or record.pickup or record.known_at


async def every_importer(work: Work, world: World) -> list[Importer]:
    """All importers of the carrier, in a constant number of statements: those with loads ahead first, of each the worst
    first, then whose load is next. Who imports into the US alone is left out: nobody asks about its CARM."""
    ahead = (await by_loads(work, world, await work.carm.ahead(_MOST_LOADS))).of
    parties = {p.id: p for p in await work.parties.all()}
    others = [p.id for p in parties.values() if "importer" in p.roles and p.id not in ahead]
    told, programs = await work.evidence.judged(others), await work.programs.of_importers(others)
    southern = await _southern(work, world)
    idle = [parties[id_] for id_ in others if id_ in told or id_ in programs or id_ not in southern]
    brokers = await work.parties.of({one.broker_id for own in programs.values() for one in own if one.broker_id})
    rest = [
        _idle(party, told.get(party.id, ()), programs.get(party.id, ()), {**parties, **brokers}, work.now, world)
        for party in idle
    ]
    return sorted([*ahead.values(), *rest], key=_turn)


async def _southern(work: Work, world: World) -> set[str]:
    """Importers of late loads into the US that have none into Canada."""
    since = work.now - timedelta(days=world.carm.hauled_days)
    return await work.carm.hauled(since, Direction.US) - await work.carm.hauled(since)


def _idle(
    party: PartyRecord, told: Sequence[Evidence], programs: Sequence[ProgramRecord], parties: Mapping[str, PartyRecord],
    now: datetime, world: World,
) -> Importer:  # fmt: skip
    """An importer of whom no load is ahead, by its worst account."""
    subjects = [Subject(party.id, one.rm, root(parties, one.broker_id)) for one in programs] or [Subject(party.id)]
    found = []
    for subject in subjects:
        of = replace(subject, changes=changes_of_goods(told, subject.rm))
        found.append(readiness(records_of(of, told, now), of, now, world.carm))
    bad = worst(found)
    return Importer(party, bad, parties.get(bad.subject.broker), (), _number(programs, bad.subject.rm))


def _number(programs: Sequence[ProgramRecord], rm: str) -> str:
    bn9 = next((one.bn9 for one in programs if one.bn9 and one.rm == rm), "")
    return mask(bn9, rm) if bn9 else ""


def _turn(one: Importer) -> tuple[bool, int, float, str]:
    next_ = moment_of(one.loads[0]).timestamp() if one.loads else 0.0
    return not one.loads, -one.readiness.verdict.badness, next_, one.importer.name_key
