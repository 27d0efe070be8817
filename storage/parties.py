"""Parties: the address book of importers, shippers, consignees and brokers, with their aliases."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, select, update

from bot.domain.quick import quick
from storage.errors import NotFound
from storage.ids import new_id
from storage.table import batch, columns_of, partial, table
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


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merge moved: parties that were merged before, other names, and whether the name became one (`named`)."""

    parties: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    named: bool = False


party_table = table("party", PartyRecord, Index("ix_party_name_key", "carrier", "name_key"))
alias_table = table(
    "alias",
    AliasRecord,
    UniqueConstraint("carrier", "alias_key"),
    Index("ix_alias_party_id", "party_id"),
    refers={"party_id": "party.id"},
)
_t, _a = party_table.c, alias_table.c
party_table.append_constraint(partial("ix_party_merged", "carrier", "merged_into", where=_t.merged_into.is_not(None)))
_MINE = _t.carrier == bindparam("scope")
_ALIAS_MINE = _a.carrier == bindparam("scope")
_COLUMNS = columns_of(party_table, PartyRecord)

_OF = select(*_COLUMNS).where(checked(_t.carrier) == bindparam("scope"), among(_t.id, many("ids"))).order_by(_t.id)
_LOCK = _OF.with_for_update()
_ALL = select(*_COLUMNS).where(_MINE, _t.active, _t.merged_into.is_(None)).order_by(_t.name_key, _t.id)
_BY_NAME = (
    select(_t.name_key, *_COLUMNS)
    .where(_MINE, _t.active, _t.merged_into.is_(None), among(_t.name_key, many("keys")))
    .order_by(_t.id)
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
# The comparison with '' says the same as IS NOT NULL, and has SQLite search the index by it.
_MERGED = select(_t.id, _t.merged_into).where(_MINE, _t.merged_into.is_not(None), _t.merged_into > "")
_POINT = (
    update(party_table)
    .where(_MINE, among(_t.id, many("ids")), _t.merged_into == bindparam("before"))
    .values(merged_into=bindparam("target"))
)
_MERGE = (
    update(party_table)
    .where(_MINE, _t.id == bindparam("gone"), _t.merged_into.is_(None))
    .values(merged_into=bindparam("kept"))
)
_PART = (
    update(party_table)
    .where(_MINE, _t.id == bindparam("gone"), _t.merged_into == bindparam("kept"))
    .values(merged_into=None)
)
_HELD = (_ALIAS_MINE, among(_a.alias_key, many("keys")), _a.party_id == bindparam("holder"))
_MOVE_ALIASES = update(alias_table).where(*_HELD).values(party_id=bindparam("target"))
_DROP_ALIASES = delete(alias_table).where(*_HELD)
_NAMES = (
    select(_t.id, _t.name_key)
    .where(_MINE, _t.active, _t.merged_into.is_(None))
    .union_all(
        select(_a.party_id, _a.alias_key)
        .join_from(alias_table, party_table, _a.party_id == _t.id)
        .where(_MINE, _ALIAS_MINE, _t.active)
    )
)


#: The PostgreSQL lock of units that give a party a name: two of one name are not refused, and would be two parties.
_NAMING = 7_264_002


class Parties(Repository):
    """A carrier's address book."""

    async def naming(self) -> bool:
        """Says that this unit gives a party a name; True where names must be looked up again."""
        return await self._in_turn(_NAMING)

    async def add(self, parties: Iterable[PartyRecord]) -> None:
        """Adds parties."""
        await self._insert(party_table, batch(parties, carrier=self.carrier))

    async def of(self, ids: Iterable[str]) -> dict[str, PartyRecord]:
        """These parties, by id as asked; inactive ones too. One that was merged is given as the one it is now."""
        found = {row[0]: PartyRecord(*row) for row in await self._rows(_OF, ids=ids)}
        gone = {id_: party.merged_into for id_, party in found.items() if party.merged_into}
        if gone:
            kept = {row[0]: PartyRecord(*row) for row in await self._rows(_OF, ids=set(gone.values()))}
            found |= {id_: kept[root] for id_, root in gone.items() if root in kept}
        return found

    async def merged(self) -> dict[str, str]:
        """Of parties that were merged into another, that other one's id."""
        return {str(row[0]): str(row[1]) for row in await self._rows(_MERGED)}

    async def all(self) -> list[PartyRecord]:
        """Every active party that was not merged into another, by name."""
        return [PartyRecord(*row) for row in await self._rows(_ALL)]

    async def named(self, keys: Iterable[str]) -> dict[str, PartyRecord]:
        """Active parties by name key or alias key; a name goes before an alias, and of two the older one."""
        return {key: found[0] for key, found in (await self.called(keys)).items()}

    async def called(self, keys: Iterable[str]) -> dict[str, list[PartyRecord]]:
        """Active parties by name key, the oldest first; where nobody has that name, by alias key."""
        wanted = list(keys)
        found: dict[str, list[PartyRecord]] = {}
        for row in await self._rows(_BY_NAME, keys=wanted):
            found.setdefault(row[0], []).append(PartyRecord(*row[1:]))
        for row in await self._rows(_BY_ALIAS, keys=wanted):
            found.setdefault(row[0], [PartyRecord(*row[1:])])
        return found

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
        party = (await self.of([party_id])).get(party_id)
        if party is not None:
            rows = [{"carrier": self.carrier, "id": new_id(), "alias_key": k, "party_id": party.id} for k in alias_keys]
            await self._add_missing(alias_table, rows)

    async def unalias(self, party_id: str, alias_keys: Collection[str]) -> bool:
        """Takes names off a party; False when it had none of them."""
        return await self._changed(_DROP_ALIASES, keys=alias_keys, holder=party_id)

    async def aliases(self, party_ids: Iterable[str]) -> dict[str, list[str]]:
        """Alias keys by party id."""
        found: dict[str, list[str]] = {}
        for party, key in await self._rows(_ALIASES, ids=party_ids):
            found.setdefault(party, []).append(key)
        return found

    async def merge(self, gone: str, kept: str) -> Moved | None:
        """Makes one party of two: other names move, and the name of `gone` becomes one of them; None when one of the
        two is merged already. What points to `gone` stays, and is read as pointing to `kept`."""
        pair = {row[0]: PartyRecord(*row) for row in await self._rows(_LOCK, ids=sorted({gone, kept}))}
        if len(pair) < 2 or any(p.merged_into for p in pair.values()):
            return None
        await self._changed(_MERGE, gone=gone, kept=kept)
        before = [id_ for id_, root in (await self.merged()).items() if root == gone]
        await self._changed(_POINT, ids=before, before=gone, target=kept)
        aliases = await self.aliases([gone, kept])
        own, known = aliases.get(gone, []), aliases.get(kept, [])
        await self._changed(_MOVE_ALIASES, keys=own, holder=gone, target=kept)
        name = pair[gone].name_key
        if name != pair[kept].name_key:
            await self.alias(kept, [name])
        added = name in (await self.aliases([kept])).get(kept, []) and name not in (*own, *known)
        return Moved(tuple(before), tuple(own), added)

    async def part(self, gone: str, moved: Moved) -> str:
        """Takes a merge apart; the id of the party it was part of, '' when it is none any more."""
        held = await self._rows(_LOCK, ids=[gone])
        party = PartyRecord(*held[0]) if held else None
        if party is None or party.merged_into is None:
            return ""
        root = party.merged_into
        await self._rows(_LOCK, ids=[root])
        if not await self._changed(_PART, gone=gone, kept=root):
            return ""
        await self._changed(_POINT, ids=moved.parties, before=root, target=gone)
        await self._changed(_MOVE_ALIASES, keys=moved.aliases, holder=root, target=gone)
        if moved.named:
            await self.unalias(root, [party.name_key])
        return root


def cousins(party_id: str, merged: Mapping[str, str]) -> frozenset[str]:
    """Ids that are the same party by now, by what was merged into what."""
    root = merged.get(party_id, party_id)
    return frozenset({root, *(gone for gone, kept in merged.items() if kept == root)})
