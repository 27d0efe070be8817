"""Evidence as it is written down: by this one function, which has the loads that it concerns looked at again."""

from collections.abc import Iterable

from bot.domain.carm.evidence import OWN_ITEMS, Evidence
from storage.parties import cousins
from storage.work import Work

#: Open loads that one record about the carrier itself makes due at once; the others are looked at in their time.
_MOST = 500


async def record(work: Work, evidence: Iterable[Evidence]) -> list[str]:
    """Writes records, and makes the open loads of their importers due; the ids of those loads."""
    told = list(evidence)
    if not told:
        return []
    await work.evidence.add(told)
    loads = await concerned_by(work, told)
    await work.loads.touch(loads, work.now)
    return loads


async def look_again(work: Work, importers: Iterable[str]) -> None:
    """Makes the open loads of these importers due: what is known of their accounts has changed."""
    kin = await _kin(work, importers)
    if kin:
        await work.loads.touch(await work.carm.open_loads_of(kin), work.now)


async def concerned_by(work: Work, told: Iterable[Evidence]) -> list[str]:
    """The open loads whose answer these records may change."""
    records = list(told)
    if any(e.item in OWN_ITEMS for e in records):
        return await work.loads.open_ids(limit=_MOST)
    importers = await _kin(work, (e.importer for e in records))
    return await work.carm.open_loads_of(importers) if importers else []


async def _kin(work: Work, importers: Iterable[str]) -> set[str]:
    """These, and whoever is one with them."""
    merged = await work.parties.merged()
    return {id_ for importer in importers if importer for id_ in cousins(importer, merged)}
