"""Evidence about importers and about the carrier's own checklist: only ever added to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Index, bindparam, select

from bot.domain.carm.evidence import Evidence
from storage.parties import Parties, cousins
from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository

evidence_table = table("evidence", Evidence, Index("ix_evidence_importer", "carrier", "importer"))
_t = evidence_table.c
_ALL = select(*columns_of(evidence_table, Evidence)).order_by(_t.recorded, _t.id)
_OF = _ALL.where(checked(_t.carrier) == bindparam("scope"), among(_t.id, many("ids")))
_OF_IMPORTERS = _ALL.where(_t.carrier == bindparam("scope"), among(_t.importer, many("ids")))
_EVERY = _ALL.where(_t.carrier == bindparam("scope"))


class EvidenceRepository(Repository):
    """A carrier's evidence. Importers and brokers that were merged are given as the kept one, while it is so."""

    async def add(self, evidence: Iterable[Evidence]) -> None:
        """Adds records; one whose id is there already stays as it is."""
        await self._add_missing(evidence_table, batch(evidence, carrier=self.carrier))

    async def of(self, ids: Collection[str]) -> dict[str, Evidence]:
        """These records, by id."""
        return {e.id: e for e in await self._kept(await self._rows(_OF, ids=ids))}

    async def of_importers(self, ids: Collection[str]) -> dict[str, list[Evidence]]:
        """Records by importer as asked ('' is the carrier itself), superseded ones too, in the order in which they
        were written; also those of parties that were merged into it. Importers without one are absent."""
        merged = await Parties(self.unit, self.carrier).merged()
        kin = {id_: cousins(id_, merged) for id_ in ids}
        every = await self._rows(_OF_IMPORTERS, ids={one for own in kin.values() for one in own})
        by_root: dict[str, list[Evidence]] = {}
        for one in await self._kept(every, merged):
            by_root.setdefault(one.importer, []).append(one)
        roots = {id_: merged.get(id_, id_) for id_ in ids}
        return {id_: by_root[root] for id_, root in roots.items() if root in by_root}

    async def all(self) -> list[Evidence]:
        """All records, in the order in which they were written."""
        return await self._kept(await self._rows(_EVERY))

    async def _kept(self, rows: Iterable[tuple[object, ...]], known: Mapping[str, str] | None = None) -> list[Evidence]:
        found = [Evidence(*row) for row in rows]  # type: ignore[arg-type]
        merged = await Parties(self.unit, self.carrier).merged() if known is None else known
        if not merged:
            return found
        return [
            replace(e, importer=merged.get(e.importer, e.importer), broker=merged.get(e.broker, e.broker))
            if e.importer in merged or e.broker in merged
            else e
            for e in found
        ]
