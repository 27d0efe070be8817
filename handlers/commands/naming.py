"""Who is meant by a name: an exact name or alias is taken, a near one is asked about, `=Name` says that it is new."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.domain.carm.bn import mask
from bot.domain.likeness import alike
from bot.domain.numbers import key_of
from bot.watch.parties import in_role, name_key, party_named, unaccented
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no, question
from handlers.grammar import Command
from handlers.words import _
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.people import PersonRecord

_MOST = 5
LONGEST_NAME = 60
_ID = re.compile(r"[0-9a-z]{16}")


def checked(name: str) -> str:
    """A name that can be kept; refused when it is empty or too long."""
    text = cut(name.lstrip("=").strip(), LONGEST_NAME + 1)
    if not name_key(text):
        raise no(_("“{name}” is not a name. Nothing was changed.").format(name=cut(name, 40)))
    if len(text) > LONGEST_NAME:
        raise no(_("A name has at most {n} characters. Nothing was changed.").format(n=LONGEST_NAME))
    return text


async def parties_of(ask: Ask, text: str) -> list[PartyRecord]:
    """Parties of exactly this name or alias, or id, the oldest first."""
    name = text.strip().lstrip("=").strip()
    key = name_key(name)
    found = (await ask.work.parties.called([key])).get(key, []) if key else []
    if not found and _ID.fullmatch(name):
        return list((await ask.work.parties.of([name])).values())
    return found


async def party_of(ask: Ask, text: str, again: Callable[[str], str] | None = None) -> PartyRecord | None:
    """The party of exactly this name or alias; of several it is asked which one, by the line that `again` makes of
    an id, and without that it is the oldest."""
    found = await parties_of(ask, text)
    if len(found) > 1 and again is not None:
        form = _("There are {n} of the name “{name}”. Which one? Nothing was changed.")
        lines = [(await party_label(ask, p), again(p.id)) for p in found]
        same = _("If they are one, take the first and type: {line}")
        line = f'/{ask.command.noun} {found[0].id} same as "{cut(text, 40)}"'
        more = (same.format(line=line),) if ask.command.noun in ("shipper", "broker") else ()
        raise question(form.format(n=len(found), name=cut(text, 40)), lines, *more)
    return found[0] if found else None


async def party_label(ask: Ask, party: PartyRecord) -> str:
    """A party with what tells it from another of its name."""
    programs = (await ask.work.programs.of_importers([party.id])).get(party.id, [])
    numbers = (mask(p.bn9, p.rm) for p in programs[:1])
    parts = (cut(party.name, 40), ", ".join(party.roles), party.phone_day, *numbers, _("no. {id}").format(id=party.id))
    return ", ".join(filter(None, parts))


async def near_parties(ask: Ask, text: str, role: str = "") -> list[PartyRecord]:
    """Parties whose name or alias looks like it, the nearest first."""
    names = await ask.work.parties.names()
    found = alike(unaccented(name_key(text)), [unaccented(key) for _party, key in names])
    ids = list(dict.fromkeys(names[i][0] for i in found))
    parties = await ask.work.parties.of(ids) if ids else {}
    kept = [parties[i] for i in ids if i in parties and (not role or role in parties[i].roles)]
    return kept[:_MOST]


async def party_meant(ask: Ask, text: str, role: str, base: Command) -> tuple[PartyRecord, bool]:
    """The party, and whether it is new: made when nothing looks like it or when `=Name` says so, else asked."""
    known = await party_of(ask, text, lambda id_: replace(base, words=(id_,)).line())
    if known is not None:
        return await in_role(ask.work, known, role), False
    name = checked(text)
    if not text.lstrip().startswith("="):
        near = await near_parties(ask, name)
        if near:
            lines = [(p.name, replace(base, words=(p.name,)).line()) for p in near]
            lines.append((_("{name} is new").format(name=name), replace(base, words=(f"={name}",)).line()))
            form = _("There is no “{name}” in the address book, and nothing was changed. Whom do you mean?")
            raise question(form.format(name=cut(name, 40)), lines)
    return await party_named(ask.work, name, role), True


async def driver_named(ask: Ask, record: LoadRecord, text: str) -> PersonRecord | None:
    """The driver of that name; None when the name is to be kept as it is."""
    name = checked(text)
    drivers = await ask.work.people.all("driver")
    exact = [p for p in drivers if p.name_key == key_of(name) or p.id == name]
    if len(exact) == 1 or text.lstrip().startswith("="):
        return exact[0] if exact and not text.lstrip().startswith("=") else None
    near = exact or _near_people(drivers, name)
    if near:
        base = replace(ask.command, subject=record.key)
        lines = [(_driver_label(p), replace(base, words=(p.id,)).line()) for p in near]
        lines.append((_("{name}, not in the list").format(name=name), replace(base, words=(f"={name}",)).line()))
        form = _("“{name}” can be several drivers, and nothing was changed. Whom do you mean?")
        raise question(form.format(name=cut(name, 40)), lines)
    return None


def _near_people(people: list[PersonRecord], name: str) -> list[PersonRecord]:
    return [people[i] for i in alike(key_of(name), [p.name_key for p in people], _MOST)]


def _driver_label(person: PersonRecord) -> str:
    return ", ".join(filter(None, (person.name, person.phone, person.unit)))


async def person_meant(ask: Ask, text: str, role: str = "") -> PersonRecord:
    """The person of that name; asked when several can be meant, refused when nobody is."""
    people = await ask.work.people.all(role)
    name = text.strip().lstrip("@")
    exact = [p for p in people if p.name_key == key_of(name) or p.id == name]
    if len(exact) == 1:
        return exact[0]
    near = exact or _near_people(people, name)
    if not near:
        everybody = "/driver list" if role else "/person list"
        new = f'/driver "{cut(name, 40)}" add' if role else f'/person "{cut(name, 40)}" add role=dispatcher'
        raise no(
            _("There is nobody called “{name}” here. Nothing was changed.").format(name=cut(name, 40)),
            _("Everybody: {line}").format(line=everybody),
            _("Somebody new: {line}").format(line=new),
        )
    if len(near) == 1 and not ask.command.spec.writes:
        return near[0]
    lines = [(_driver_label(p), replace(ask.command, subject=p.id).line()) for p in near]
    raise question(_("Whom do you mean by “{name}”? Nothing was changed.").format(name=cut(name, 40)), lines)
