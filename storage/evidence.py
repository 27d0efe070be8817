"""Evidence about importers and about the carrier's own checklist: only ever added to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Index, Select, bindparam, func, or_, select

from bot.domain.carm.evidence import Evidence, Item
from storage.parties import Parties, cousins
from storage.table import batch, columns_of, names_of, table
from storage.types import among, checked, fixed, many
from storage.unit import Repository

evidence_table = table("evidence", Evidence, Index("ix_evidence_importer", "carrier", "importer"))
_t = evidence_table.c
_ALL = select(*columns_of(evidence_table, Evidence)).order_by(_t.recorded, _t.id)
_OF = _ALL.where(checked(_t.carrier) == bindparam("scope"), among(_t.id, many("ids")))
_OF_IMPORTERS = _ALL.where(_t.carrier == bindparam("scope"), among(_t.importer, many("ids")))
#: Of releases only the last ones count, and there may be one a day and broker: older ones are not read to judge by.
_LAST = 3
_ranked = (
    select(
        *columns_of(evidence_table, Evidence),
        func.row_number()
        .over(partition_by=[_t.importer, _t.item, _t.source, _t.rm, _t.broker], order_by=[_t.at.desc(), _t.id.desc()])
        .label("place"),
    )
    .where(_t.carrier == bindparam("scope"), among(_t.importer, many("ids")))
    .subquery()
)
_JUDGED = (
    select(*(_ranked.c[name] for name in names_of(Evidence)))
    .where(or_(_ranked.c.item != fixed(Item.LAST_GOOD_RELEASE), _ranked.c.place <= _LAST))
    .order_by(_ranked.c.recorded, _ranked.c.id)
)
_EVERY = _ALL.where(_t.carrier == bindparam("scope"))


class EvidenceRepository(Repository):
    """A carrier's evidence. Importers and brokers that were merged are given as the kept one, while it is so."""

    #: Whether this unit adds some, and may yet be given up.
    adds = False

    async def add(self, evidence: Iterable[Evidence]) -> None:
        """Adds records; one whose id is there already stays as it is."""
        self.adds = True
        await self._add_missing(evidence_table, batch(evidence, carrier=self.carrier))

    async def of(self, ids: Collection[str]) -> dict[str, Evidence]:
        """These records, by id."""
        return {e.id: e for e in await self._kept(await self._rows(_OF, ids=ids))}

    async def of_importers(self, ids: Collection[str]) -> dict[str, list[Evidence]]:
        """Records by importer as asked ('' is the carrier itself), superseded ones too, in the order in which they
        were written; also those of parties that were merged into it. Importers without one are absent."""
        return await self._by_importer(_OF_IMPORTERS, ids)

    async def judged(self, ids: Collection[str]) -> dict[str, list[Evidence]]:
        """The same without the releases that newer ones of the same account and broker make needless."""
        return await self._by_importer(_JUDGED, ids)

    async def _by_importer(self, statement: Select[Any], ids: Collection[str]) -> dict[str, list[Evidence]]:
        merged = await Parties(self.unit, self.carrier).merged()
        kin = {id_: cousins(id_, merged) for id_ in ids}
        every = await self._rows(statement, ids={one for own in kin.values() for one in own})
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
