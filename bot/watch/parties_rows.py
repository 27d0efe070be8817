"""Rows of an address book's file become parties and their accounts: added, changed, or refused by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.carm.bn import mask
from bot.domain.likeness import alike
from bot.domain.load import LoadRow
from bot.watch.carm_words import look_again
from bot.watch.hands import Hands
from bot.watch.parties import name_key, party_named, renamed, unaccented
from bot.watch.parties_cells import ERASE, Entry, read_entry
from storage.ids import new_id
from storage.parties import PartyRecord
from storage.programs import ProgramRecord
from storage.work import Work

#: Looking for names that look alike takes its time: in a first import of many nothing is there yet to be alike.
_MOST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class BookResult:
    """What became of one row: `added`, `changed`, `same` or `refused`; sentences are warnings, or why."""

    where: str
    outcome: str
    name: str
    sentences: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    """Rows of one party; `party` is None for a new one."""

    party: PartyRecord | None
    entries: list[Entry] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, str] = field(default_factory=dict)
    outcome: str = "same"
    id: str = ""
    warned: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called from now on."""
        named = next((e.name for e in self.entries if e.name and self._by_id(e)), "")
        return named or (self.party.name if self.party else self.entries[0].name)

    def _by_id(self, entry: Entry) -> bool:
        """Only a row that says the id can say another name: else the name says which party is meant."""
        return self.party is None or bool(entry.id)


async def take_parties(work: Work, rows: Sequence[LoadRow], zone: str, by: Hands) -> list[BookResult]:
    """Takes rows in: rows of one name (or id) are one party, each with one of its accounts.

    A row that cannot be taken is refused by name with all its faults and changes nothing; the others are taken.
    """
    await work.parties.naming()
    results: dict[str, BookResult] = {}
    entries: list[Entry] = []
    for row in rows:
        entry, faults = read_entry(row.where, row.cells, zone)
        if entry is None:
            results[row.where] = BookResult(row.where, "refused", row.cells.get("name") or "", tuple(faults))
        else:
            entries.append(entry)
    groups = await _groups(work, entries, results)
    groups = await _unrivalled(work, groups, results)
    await _near(work, [g for g in groups if g.party is None])
    for group in groups:
        await _written(work, group, by)
    for group in groups:
        for entry in group.entries:
            await _account(work, group, entry, by)
        for n, entry in enumerate(group.entries):
            warned = () if n else tuple(group.warned)
            results[entry.where] = BookResult(entry.where, group.outcome, group.name, warned)
    return [results[row.where] for row in rows if row.where in results]


def _refuse(results: dict[str, BookResult], entry: Entry, *why: str) -> None:
    results[entry.where] = BookResult(entry.where, "refused", entry.name, why)


async def _groups(work: Work, entries: Sequence[Entry], results: dict[str, BookResult]) -> list[_Group]:
    """Rows by party; those whose party cannot be told, or that disagree with an earlier one, are refused."""
    by_id = await work.parties.of({e.id for e in entries if e.id})
    called = await work.parties.called({name_key(e.name) for e in entries if not e.id})
    groups: dict[str, _Group] = {}
    for entry in entries:
        key = name_key(entry.name)
        known = called.get(key, []) if not entry.id else [p for p in (by_id.get(entry.id),) if p is not None]
        if entry.id and not known:
            _refuse(results, entry, f"there is no party with the id '{entry.id}': leave it empty for a new one")
            continue
        if len(known) > 1:
            why = "say which by its id, which 'holdwatch parties export' shows"
            _refuse(results, entry, f"there are {len(known)} of the name {entry.name}: {why}")
            continue
        group = groups.setdefault(known[0].id if known else f"={key}", _Group(known[0] if known else None))
        said = {**entry.values, **({"name": entry.name} if entry.id and entry.name else {})}
        if other := _disagreement(group, said):
            _refuse(results, entry, other)
            continue
        group.values |= entry.values
        group.said_in |= dict.fromkeys(said, entry.where)
        group.entries.append(entry)
    return [g for g in groups.values() if g.entries]


def _disagreement(group: _Group, said: Mapping[str, Any]) -> str:
    for name, value in said.items():
        before = group.name if name == "name" else group.values.get(name)
        if name in group.said_in and before != value:
            column = {"phone_day": "phone", "phone_night": "night", "promise_minutes": "promise"}.get(name, name)
            return f"{column} is not what {group.said_in[name]} says for the same party: make them agree"
    return ""


async def _unrivalled(work: Work, groups: Sequence[_Group], results: dict[str, BookResult]) -> list[_Group]:
    """Groups without the rows that want a name which is another party's, by the address book or by this file."""
    wanted = {key for g in groups for e in g.entries for _name, key in _new_names(g, e)}
    called = await work.parties.called(wanted)
    here = {name_key(g.name): g for g in groups}
    taken: dict[str, _Group] = {}
    kept = []
    for group in groups:
        left = []
        for entry in group.entries:
            faults = []
            for name, key in _new_names(group, entry):
                own = group.party.id if group.party else ""
                holder = next((p.name for p in called.get(key, []) if p.id != own), "")
                rival = next((g for g in (here.get(key), taken.get(key)) if g not in (None, group)), None)
                if holder or rival:
                    faults.append(f"'{name}' is {holder or (rival.name if rival else '')} already, another party")
            if faults:
                _refuse(results, entry, *faults)
                continue
            taken |= {key: group for _name, key in _new_names(group, entry)}
            left.append(entry)
        group.entries = left
        if left:
            kept.append(group)
    return kept


def _new_names(group: _Group, entry: Entry) -> Iterator[tuple[str, str]]:
    """Names, with their keys, that a row gives its party."""
    yield from ((name, name_key(name)) for name in entry.add_names)
    renames = bool(entry.id and entry.name) and name_key(entry.name) != (group.party and group.party.name_key)
    if group.party is None or renames:
        yield entry.name, name_key(entry.name)


async def _near(work: Work, fresh: Sequence[_Group]) -> None:
    """Says of new parties which known ones they look like."""
    if not fresh or len(fresh) > _MOST_COMPARED:
        return
    names = await work.parties.names()
    keys = [unaccented(key) for _party, key in names]
    places = {g.entries[0].where: alike(unaccented(name_key(g.name)), keys, 3) for g in fresh}
    known = await work.parties.of({names[i][0] for found in places.values() for i in found})
    for group in fresh:
        found = dict.fromkeys(known[names[i][0]].name for i in places[group.entries[0].where])
        group.warned += [
            f'it looks like {other}; if they are one, type: /shipper "{other}" same as "{group.name}"'
            for other in found
        ]


async def _written(work: Work, group: _Group, by: Hands) -> None:
    """Writes the party, and its other names."""
    roles = [role for entry in group.entries for role in entry.roles]
    values = {n: v for e in group.entries for n, v in e.values.items()}
    party = group.party
    if party is None:
        known = list(dict.fromkeys(roles)) or ["importer"]
        party = PartyRecord(new_id(), group.name, name_key(group.name), known, **values)
        await work.parties.add([party])
        group.outcome = "added"
    else:
        values["roles"] = list(dict.fromkeys([*party.roles, *roles]))
        if group.name != party.name:
            values |= await renamed(work, party, group.name)
        fresh = {n: v for n, v in values.items() if _plain(getattr(party, n)) != v}
        if fresh:
            await work.parties.change(party.id, **fresh)
            group.outcome = "changed"
            loads = await work.finder.listed(broker_id=party.id, limit=_MOST_COMPARED)
            await work.loads.touch([r.id for r in loads], work.now)
    group.id = party.id
    before = (await work.parties.aliases([party.id])).get(party.id, [])
    await work.parties.alias(party.id, {name_key(n) for e in group.entries for n in e.add_names} - {party.name_key})
    await work.parties.unalias(party.id, [name_key(n) for e in group.entries for n in e.drop_names])
    if set(before) != set((await work.parties.aliases([party.id])).get(party.id, [])) and group.outcome == "same":
        group.outcome = "changed"


def _plain(value: Any) -> Any:
    """A stored value as a row says it."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, (list, tuple)) else value


async def _account(work: Work, group: _Group, entry: Entry, by: Hands) -> None:
    """Writes the account of a row: that of its number, else the only one, else one whose number is not known."""
    values: dict[str, Any] = dict(entry.account)
    if entry.broker:
        erased = entry.broker == ERASE
        values["broker_id"] = None if erased else (await party_named(work, entry.broker, "broker")).id
    if not entry.bn9 and not values:
        return
    own = (await work.programs.of_importers([group.id])).get(group.id, [])
    meant = [p for p in own if (p.bn9, p.rm) == (entry.bn9, entry.rm)] if entry.bn9 else own[:1]
    blank = [p for p in own if not p.bn9] if entry.bn9 else []
    if not meant and blank:
        meant, values = blank[:1], values | {"bn9": entry.bn9, "rm": entry.rm}
    if meant:
        fresh = {n: v for n, v in values.items() if getattr(meant[0], n) != v}
        if fresh:
            await work.programs.change(meant[0].id, **fresh)
    else:
        made = ProgramRecord(new_id(), group.id, entry.bn9, entry.rm, added_at=work.now, added_by=by.who, **values)
        await work.programs.add([made])
        fresh = values | {"bn9": entry.bn9}
    if fresh:
        await look_again(work, [group.id])
        group.outcome = "changed" if group.outcome == "same" else group.outcome
    if entry.bn9:
        holders = (await work.programs.of_numbers([entry.bn9])).get(entry.bn9, [])
        others = await work.parties.of({p.importer_id for p in holders} - {group.id})
        group.warned += [
            f"{p.name} has the business number {mask(entry.bn9)} too: are they one?" for p in others.values()
        ]
