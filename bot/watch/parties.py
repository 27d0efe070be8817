"""The address book as files and people fill it: a name that is not there yet becomes a party."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.rowtext import Row
from storage.ids import new_id
from storage.parties import PartyRecord
from storage.work import Work


def name_key(name: str) -> str:
    """The key under which a name is found: upper case, letters and digits of any script, single spaces.

    An accent is one character however it was typed, and characters that nobody sees part no words.
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join("".join(c if c.isalnum() else " " for c in seen.upper()).split())


def unaccented(key: str) -> str:
    """A key without accents: only ever to find names that look alike."""
    return "".join(c for c in unicodedata.normalize("NFKD", key) if not unicodedata.combining(c))


async def party_named(work: Work, name: str, role: str) -> PartyRecord:
    """The party of this name or alias, added with this role when there is none."""
    key = name_key(name)
    found = (await work.parties.named([key])).get(key)
    if found is None and await work.parties.naming():
        found = (await work.parties.named([key])).get(key)
    if found is not None:
        return await in_role(work, found, role)
    made = PartyRecord(new_id(), name.strip(), key, (role,))
    await work.parties.add([made])
    return made


async def renamed(work: Work, party: PartyRecord, name: str) -> dict[str, Any]:
    """The columns of another name, which nobody else has. The one before finds the party too, and a place that asked
    for it goes on hearing it."""
    key = name_key(name)
    if name != party.name:
        called = (await work.parties.called([party.name_key])).get(party.name_key, [])
        alone = not any(p.name == party.name and p.id != party.id for p in called)
        await work.routes.renamed(party.name, party.id, alone=alone)
    if key != party.name_key:
        await work.parties.alias(party.id, [party.name_key])
        await work.parties.unalias(party.id, [key])
    return {"name": name, "name_key": key}


async def in_role(work: Work, party: PartyRecord, role: str) -> PartyRecord:
    """The party, which has this role from now on."""
    if role not in party.roles:
        await work.parties.change(party.id, roles=[*party.roles, role])
    return party


async def party_ids(work: Work, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """Ids by (role, name as written) of all brokers and importers that rows name, added where they are new."""
    wanted = {(role, name) for row in rows for role in ("broker", "importer") if (name := row.shipment.get(role))}
    if not wanted:
        return {}
    keys = {name_key(name) for _, name in wanted}
    found = await work.parties.named(keys)
    if keys > found.keys() and await work.parties.naming():
        found = await work.parties.named(keys)
    fresh: dict[str, PartyRecord] = {}
    for role, name in sorted(wanted):
        key = name_key(name)
        if key not in found and key not in fresh:
            fresh[key] = PartyRecord(new_id(), name.strip(), key, (role,))
    await work.parties.add(fresh.values())
    found |= fresh
    for role, name in sorted(wanted):
        party = found[name_key(name)]
        if role not in party.roles:
            roles = [*party.roles, role]
            await work.parties.change(party.id, roles=roles)
            found[name_key(name)] = replace(party, roles=roles)
    return {(role, name): found[name_key(name)].id for role, name in wanted}
