"""How importers stand, as facts of loads: read once for many loads, judged once for many shipments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.carm.evidence import Evidence
from bot.domain.carm.verdict import Readiness, readiness
from bot.domain.clearance import Clearance
from bot.domain.facts import CarmFacts
from bot.domain.load import Direction, ShipmentType
from bot.domain.quick import quick
from bot.watch.carm_subjects import (
    NOTHING_KNOWN,
    Known,
    Mark,
    Records,
    Remembered,
    changed_papers,
    named_at,
    plan_of,
    records_of,
    root,
    subject_of,
    with_papers,
)
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: Verdicts that are remembered of a carrier's importers; each is exactly valid until it says when to look again.
_MOST = 4096
#: When a load is taken to have named its importer, where nobody said anything else of that.
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


async def known_for(
    work: Work,
    world: World,
    records: Mapping[str, LoadRecord],
    shipments: Mapping[str, Sequence[ShipmentRecord]],
    parties: Mapping[str, PartyRecord],
) -> Known:
    """What is on record of the importers of these loads' shipments: nothing is read where none has one, and of their
    accounts nothing where there is no evidence."""
    asked = [
        s
        for id_, record in records.items()
        if record.direction is Direction.CA
        for s in shipments.get(id_, ())
        if s.importer_id and s.type is ShipmentType.PARS
    ]
    if not asked:
        return NOTHING_KNOWN
    importers = {root(parties, s.importer_id) for s in asked}
    evidence = await _evidence(work, world, {*importers, ""})
    told = importers & evidence.keys()
    known = Known(evidence, await work.programs.of_importers(told) if told else {}, evidence.get("", ()))
    return await with_papers(work, known, {s.load_id for s in asked})


async def _evidence(work: Work, world: World, importers: set[str]) -> Mapping[str, list[Evidence]]:
    """The records of these importers; those that were read before are not read again while none was added."""
    stamp = None if work.evidence.adds else await work.settings.evidence_stamp()
    if stamp is None:
        return await work.evidence.judged(importers)
    merged = await work.parties.merged()
    before = world.carm_read.get(work.carrier)
    if before is None or before.stamp != stamp or before.merged != merged:
        before = world.carm_read[work.carrier] = Records(stamp, merged, {})
    if missing := importers - before.found.keys():
        read = await work.evidence.judged(missing)
        before.found.update({id_: read.get(id_, []) for id_ in missing})
    return {id_: told for id_ in importers if (told := before.found[id_])}


@quick
@dataclass(frozen=True, slots=True)
class Importers:
    """How the importers of a carrier's loads stand at a moment, by what was read of them together."""

    carrier: str
    world: World
    parties: Mapping[str, PartyRecord]
    known: Known
    now: datetime

    def of(self, record: LoadRecord, row: ShipmentRecord, clearance: Clearance) -> CarmFacts | None:
        """How the importer of a shipment stands; None where nobody asks."""
        if not row.importer_id or clearance.good is not None or row.type is not ShipmentType.PARS:
            return None
        if record.direction is not Direction.CA:
            return None
        importer = root(self.parties, row.importer_id)
        of, own = self.known.mark(importer)
        load = record.id if own else ""
        changes = changed_papers(row, self.known)
        named = named_at(record, row, self.known) if own or changes else _ALWAYS
        key = (importer, row.broker_id, row.importer_bn15, row.release_plan, load, self.now, changes, named)
        found = self.known.facts.get(key)
        if found is None:
            found = self.known.facts[key] = CarmFacts(self._judged(record, row, of, own, named), self.world.carm)
        return found

    def _judged(self, record: LoadRecord, row: ShipmentRecord, of: Mark, own: bool, named: datetime) -> Readiness:
        """The verdict, whatever hour the broker keeps: remembered while it is exactly valid. When the load named its
        importer is asked only where somebody said something of that, or the papers changed."""
        world, known = self.world, self.known
        subject = subject_of(row, self.parties, known)
        subject = subject if own else replace(subject, load="")
        plan = replace(plan_of(record, row, self.parties, known, self.now, world.carm), broker_covered=None)
        key = (self.carrier, subject, plan, named)
        before = world.carm_seen.get(key)
        if before is not None and before.holds(of, self.now):
            return before.found
        told = records_of(subject, known.evidence.get(subject.importer, ()), named)
        found = readiness(told, subject, self.now, world.carm, plan)
        if len(world.carm_seen) >= _MOST:
            world.carm_seen.clear()
        world.carm_seen[key] = Remembered(of, self.now, found)
        return found
