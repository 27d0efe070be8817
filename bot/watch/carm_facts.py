"""How importers stand, as facts of loads: read once for many loads, judged once for many shipments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.carm.evidence import LOAD_ITEMS
from bot.domain.carm.verdict import Readiness, readiness
from bot.domain.facts import About, CarmFacts
from bot.domain.load import Direction, ShipmentType
from bot.watch.carm_subjects import NOTHING_KNOWN, Known, Remembered, plan_of, records_of, root, subject_of
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: Verdicts that are remembered of a carrier's importers; each is exactly valid until it says when to look again.
_MOST = 4096
#: When a load is taken to have named its importer, where nobody else said anything of that.
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


async def known_for(
    work: Work,
    records: Mapping[str, LoadRecord],
    shipments: Mapping[str, Sequence[ShipmentRecord]],
    parties: Mapping[str, PartyRecord],
) -> Known:
    """What is on record of the importers of these loads' shipments: nothing is read where none has one, and of their
    accounts nothing where there is no evidence."""
    importers = {
        root(parties, s.importer_id)
        for id_, record in records.items()
        if record.direction is Direction.CA
        for s in shipments.get(id_, ())
        if s.importer_id and s.type is ShipmentType.PARS
    }
    if not importers:
        return NOTHING_KNOWN
    evidence = await work.evidence.judged({*importers, ""})
    told = importers & evidence.keys()
    return Known(evidence, await work.programs.of_importers(told) if told else {}, evidence.get("", ()))


def carm_facts(
    carrier: str,
    world: World,
    record: LoadRecord,
    shipments: Sequence[ShipmentRecord],
    parties: Mapping[str, PartyRecord],
    known: Known,
    about: dict[str, About],
    now: datetime,
) -> dict[str, About]:
    """These facts with how each importer stands: of shipments into Canada that customs has not accepted."""
    if record.direction is not Direction.CA:
        return about
    for row in shipments:
        if row.importer_id and row.type is ShipmentType.PARS and about[row.id].clearance.good is None:
            found = judged(carrier, world, record, row, parties, known, now)
            about[row.id] = replace(about[row.id], carm=CarmFacts(found, world.carm))
    return about


def judged(
    carrier: str,
    world: World,
    record: LoadRecord,
    row: ShipmentRecord,
    parties: Mapping[str, PartyRecord],
    known: Known,
    now: datetime,
) -> Readiness:
    """How the importer of a shipment stands, whatever hour its broker keeps: remembered while it is exactly valid."""
    subject = subject_of(row, parties, known)
    told = known.evidence.get(subject.importer, ())
    own = any(e.item in LOAD_ITEMS and e.load in ("", record.id) for e in told)
    subject = subject if own else replace(subject, load="")
    # Who imports is asked of the load's own words only where somebody said something of it.
    named_at = record.known_at if own else _ALWAYS
    plan = replace(plan_of(record, row, parties, known, now, world.carm), broker_covered=None)
    key = (carrier, subject, plan)
    of = tuple((e.id, e.broker) for e in told)
    before = world.carm_seen.get(key)
    if before is not None and before.holds(of, now):
        return before.found
    found = readiness(records_of(subject, told, named_at), subject, now, world.carm, plan)
    if len(world.carm_seen) >= _MOST:
        world.carm_seen.clear()
    world.carm_seen[key] = Remembered(of, now, found)
    return found
