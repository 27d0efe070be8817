"""Importer program accounts: whose they are, their number, and who clears for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, select, update

from bot.domain.quick import quick
from storage.errors import NotFound
from storage.parties import Parties, cousins
from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository


class AccountKind(StrEnum):
    """What a program account is good for."""

    UNKNOWN = "unknown"
    IMPORTER = "importer"
    EXPORTER_ONLY = "exporter_only"
    INACTIVE = "inactive"


@quick
@dataclass(frozen=True, slots=True)
class ProgramRecord:
    """A program account of an importer: 9 digits and the 4 behind RM, '' where not known; `broker_id` clears for it
    where nothing else is said."""

    id: str
    importer_id: str
    bn9: str = ""
    rm: str = ""
    legal_name: str = ""
    kind: AccountKind = AccountKind.UNKNOWN
    broker_id: str | None = None
    added_at: datetime | None = None
    added_by: str = ""

    @property
    def bn15(self) -> str:
        """The whole number; '' while a part of it is not known."""
        return f"{self.bn9}RM{self.rm}" if self.bn9 and self.rm else ""


program_table = table(
    "program",
    ProgramRecord,
    UniqueConstraint("carrier", "importer_id", "bn9", "rm"),
    Index("ix_program_bn9", "carrier", "bn9"),
    refers={"importer_id": "party.id", "broker_id": "party.id"},
)
_t = program_table.c
_MINE = _t.carrier == bindparam("scope")
_OWN = checked(_t.carrier) == bindparam("scope")
_ALL = select(*columns_of(program_table, ProgramRecord)).order_by(_t.id)
_OF = _ALL.where(_OWN, among(_t.id, many("ids")))
_OF_IMPORTERS = _ALL.where(_MINE, among(_t.importer_id, many("ids")))
_OF_NUMBERS = _ALL.where(_MINE, among(_t.bn9, many("numbers")))
_EVERY = _ALL.where(_MINE)


class Programs(Repository):
    """A carrier's importers' program accounts. Importers and brokers that were merged are given as the kept one."""

    async def add(self, programs: Iterable[ProgramRecord]) -> None:
        """Adds accounts; one that its importer has already stays as it is."""
        await self._add_missing(program_table, batch(programs, carrier=self.carrier))

    async def of(self, ids: Collection[str]) -> dict[str, ProgramRecord]:
        """These accounts, by id."""
        return {row[0]: ProgramRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def of_importers(self, ids: Collection[str]) -> dict[str, list[ProgramRecord]]:
        """Accounts by importer as asked, those of parties that were merged into it too, each number once; importers
        without one are absent."""
        merged = await Parties(self.unit, self.carrier).merged()
        kin = {id_: cousins(id_, merged) for id_ in ids}
        rows = await self._rows(_OF_IMPORTERS, ids={one for own in kin.values() for one in own})
        found: dict[str, list[ProgramRecord]] = {}
        for id_, own in kin.items():
            mine = [ProgramRecord(*row) for row in rows if row[1] in own]
            mine.sort(key=lambda p: p.importer_id in merged)
            once = {(p.bn9, p.rm): p for p in reversed(mine)}
            if mine:
                found[id_] = [_kept(p, merged) for p in mine if once[p.bn9, p.rm] is p]
        return found

    async def of_numbers(self, bn9s: Collection[str]) -> dict[str, list[ProgramRecord]]:
        """Accounts by business number, whoever's they are."""
        merged = await Parties(self.unit, self.carrier).merged()
        found: dict[str, list[ProgramRecord]] = {}
        for row in await self._rows(_OF_NUMBERS, numbers=bn9s):
            found.setdefault(row[2], []).append(_kept(ProgramRecord(*row), merged))
        return found

    async def all(self) -> list[ProgramRecord]:
        """All accounts, in the order in which they were added."""
        merged = await Parties(self.unit, self.carrier).merged()
        return [_kept(ProgramRecord(*row), merged) for row in await self._rows(_EVERY)]

    async def change(self, program_id: str, **values: Any) -> None:
        """Writes these columns of an account; NotFound when the carrier has none."""
        statement = update(program_table).where(_OWN, _t.id == bindparam("program")).values(**values)
        if not await self._changed(statement, program=program_id):
            raise NotFound("this account is not in the address book any more; nothing was changed")


def _kept(program: ProgramRecord, merged: dict[str, str]) -> ProgramRecord:
    if program.importer_id not in merged and program.broker_id not in merged:
        return program
    broker = program.broker_id
    return replace(
        program,
        importer_id=merged.get(program.importer_id, program.importer_id),
        broker_id=merged.get(broker, broker) if broker else broker,
    )
