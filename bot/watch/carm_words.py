"""Evidence as it is written down: by this one function, which has the loads that it concerns looked at again."""

from collections.abc import Iterable

from bot.domain.carm.evidence import OWN_ITEMS, Evidence
from bot.watch.world import World
from storage.parties import cousins
from storage.work import Work

#: Open loads that one record about the carrier itself makes due at once; the others are looked at in their time.
_MOST = 500


async def record(work: Work, world: World, evidence: Iterable[Evidence]) -> list[str]:
    """Writes records, and makes the open loads of their importers due; the ids of those loads."""
    told = list(evidence)
    if not told:
        return []
    await work.evidence.add(told)
    loads = await concerned_by(work, told)
    await work.loads.touch(loads, work.now)
    return loads


async def concerned_by(work: Work, told: Iterable[Evidence]) -> list[str]:
    """The open loads whose answer these records may change."""
    records = list(told)
    if any(e.item in OWN_ITEMS for e in records):
        return await work.loads.open_ids(limit=_MOST)
    merged = await work.parties.merged()
    importers = {id_ for e in records if e.importer for id_ in cousins(e.importer, merged)}
    return await work.carm.open_loads_of(importers) if importers else []
