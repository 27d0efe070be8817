"""Parties: the address book of importers, shippers, consignees and brokers, with their aliases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, select, update

from bot.domain.quick import quick
from storage.errors import NotFound
from storage.ids import new_id
from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class PartyRecord:
    """A party. `filers` are account security numbers, `promise_minutes` a broker's own promise."""

    id: str
    name: str
    name_key: str
    roles: Sequence[str] = ()
    phone_day: str = ""
    phone_night: str = ""
    hours: Mapping[str, Any] = field(default_factory=dict)
    filers: Sequence[str] = ()
    promise_minutes: int | None = None
    email: str = ""
    note: str = ""
    merged_into: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class AliasRecord:
    """Another name of a party."""

    id: str
    alias_key: str
    party_id: str


party_table = table("party", PartyRecord, Index("ix_party_name_key", "carrier", "name_key"))
alias_table = table(
    "alias",
    AliasRecord,
    UniqueConstraint("carrier", "alias_key"),
    Index("ix_alias_party_id", "party_id"),
    refers={"party_id": "party.id"},
)
_t, _a = party_table.c, alias_table.c
_MINE = _t.carrier == bindparam("scope")
_ALIAS_MINE = _a.carrier == bindparam("scope")
_COLUMNS = columns_of(party_table, PartyRecord)

_OF = select(*_COLUMNS).where(checked(_t.carrier) == bindparam("scope"), among(_t.id, many("ids")))
_ALL = select(*_COLUMNS).where(_MINE, _t.active, _t.merged_into.is_(None)).order_by(_t.name_key, _t.id)
_BY_NAME = select(_t.name_key, *_COLUMNS).where(
    _MINE, _t.active, _t.merged_into.is_(None), among(_t.name_key, many("keys"))
)
_BY_ALIAS = (
    select(_a.alias_key, *_COLUMNS)
    .join_from(alias_table, party_table, _a.party_id == _t.id)
    .where(_MINE, _ALIAS_MINE, _t.active, among(_a.alias_key, many("keys")))
)
_ALIASES = (
    select(_a.party_id, _a.alias_key)
    .where(checked(_a.carrier) == bindparam("scope"), among(_a.party_id, many("ids")))
    .order_by(_a.id)
)
_MERGE = (
    update(party_table)
    .where(_MINE, _t.id == bindparam("gone"), _t.merged_into.is_(None))
    .values(merged_into=bindparam("kept"))
)
_MOVE_ALIASES = (
    update(alias_table)
    .where(checked(_a.carrier) == bindparam("scope"), _a.party_id == bindparam("gone"))
    .values(party_id=bindparam("kept"))
)
_NAMES = (
    select(_t.id, _t.name_key)
    .where(_MINE, _t.active, _t.merged_into.is_(None))
    .union_all(
        select(_a.party_id, _a.alias_key)
        .join_from(alias_table, party_table, _a.party_id == _t.id)
        .where(_MINE, _ALIAS_MINE, _t.active)
    )
)


class Parties(Repository):
    """A carrier's address book."""

    async def add(self, parties: Iterable[PartyRecord]) -> None:
        """Adds parties."""
        await self._insert(party_table, batch(parties, carrier=self.carrier))

    async def of(self, ids: Iterable[str]) -> dict[str, PartyRecord]:
        """These parties, by id; merged and inactive ones too."""
        return {row[0]: PartyRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def all(self) -> list[PartyRecord]:
        """Every active party that was not merged into another, by name."""
        return [PartyRecord(*row) for row in await self._rows(_ALL)]

    async def named(self, keys: Iterable[str]) -> dict[str, PartyRecord]:
        """Active parties by name key or alias key; a name goes before an alias."""
        wanted = list(keys)
        by_alias = {row[0]: PartyRecord(*row[1:]) for row in await self._rows(_BY_ALIAS, keys=wanted)}
        return by_alias | {row[0]: PartyRecord(*row[1:]) for row in await self._rows(_BY_NAME, keys=wanted)}

    async def names(self) -> list[tuple[str, str]]:
        """(party id, name or alias key) of all active parties: what a near-miss search compares with."""
        return [(party, key) for party, key in await self._rows(_NAMES)]

    async def change(self, party_id: str, **values: Any) -> None:
        """Writes these columns of a party; NotFound when the carrier has none."""
        statement = update(party_table).where(_MINE, _t.id == bindparam("party")).values(**values)
        if not await self._changed(statement, party=party_id):
            raise NotFound("this party is not in the address book any more; nothing was changed")

    async def alias(self, party_id: str, alias_keys: Iterable[str]) -> None:
        """Gives a party more names; a name that is taken stays where it is."""
        rows = [{"carrier": self.carrier, "id": new_id(), "alias_key": k, "party_id": party_id} for k in alias_keys]
        if party_id in await self.of([party_id]):
            await self._add_missing(alias_table, rows)

    async def aliases(self, party_ids: Iterable[str]) -> dict[str, list[str]]:
        """Alias keys by party id."""
        found: dict[str, list[str]] = {}
        for party, key in await self._rows(_ALIASES, ids=party_ids):
            found.setdefault(party, []).append(key)
        return found

    async def merge(self, gone: str, kept: str) -> bool:
        """Makes one party of two: aliases move, and the name of `gone` becomes an alias; False when it was merged."""
        pair = await self.of([gone, kept])
        if len(pair) < 2 or not await self._changed(_MERGE, gone=gone, kept=kept):
            return False
        await self._changed(_MOVE_ALIASES, gone=gone, kept=kept)
        await self.alias(kept, [pair[gone].name_key])
        return True
