"""Drivers as lists name them."""

from collections.abc import Iterable, Mapping

from bot.domain.numbers import key_of
from bot.watch.groups import Group
from storage.people import PersonRecord
from storage.work import Work

Drivers = Mapping[str, dict[str, str | None]]


async def drivers_of(work: Work, groups: Iterable[Group]) -> Drivers:
    """What to say of a driver by the name in the list: `id=Name` and his phone, `=Name` when no one driver has it."""
    names = {name for group in groups if (name := group.load.get("driver"))}
    people: dict[str, list[PersonRecord]] = {}
    for person in await work.people.named({key_of(n) for n in names}) if names else ():
        if person.role == "driver":
            people.setdefault(person.name_key, []).append(person)
    found: dict[str, dict[str, str | None]] = {}
    for name in names:
        known = people.get(key_of(name), [])
        one = known[0] if len(known) == 1 else None
        phone = {"phone": one.phone} if one and one.phone else {}
        found[name] = {"driver": f"{one.id if one else ''}={name}", **phone}
    return found
