"""The address book as files and people fill it: a name that is not there yet becomes a party."""

from storage.ids import new_id
from storage.parties import PartyRecord
from storage.work import Work


def name_key(name: str) -> str:
    """The key under which a name is found: upper case, letters and digits of any script, single spaces."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.upper()).split())


async def party_named(work: Work, name: str, role: str) -> PartyRecord:
    """The party of this name or alias, added with this role when there is none."""
    key = name_key(name)
    found = (await work.parties.named([key])).get(key)
    if found is None:
        found = PartyRecord(new_id(), name.strip(), key, (role,))
        await work.parties.add([found])
    elif role not in found.roles:
        await work.parties.change(found.id, roles=[*found.roles, role])
    return found
