"""/shipper and /broker: what people put into the address book."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.numbers import filer_code
from bot.watch.parties import in_role, name_key, party_named, renamed
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, done, no, question, wanted
from handlers.commands.hours import promise_minutes, week
from handlers.commands.naming import checked, near_parties, party_meant, party_of
from handlers.commands.parties import aliases, fields
from handlers.commands.parties_accounts import accounts, check_number, cleared_by, has_account
from handlers.grammar import Command
from handlers.reply import Reply
from handlers.words import _
from storage.parties import PartyRecord

_PHONE = re.compile(r"[0-9+(). x#/-]{5,40}")


async def set_broker(ask: Ask) -> Reply:
    """Its numbers, hours and promise; made when it is not there yet."""
    values = _broker_values(ask)
    party, new = await _party(ask, "broker")
    if rename := ask.command.value("name"):
        values |= await _renamed(ask, party, checked(rename))
    if values:
        await ask.work.parties.change(party.id, **values)
    await _add_alias(ask, party, ask.command.value("alias") or "")
    loads = await ask.work.finder.listed(broker_id=party.id, limit=500)
    await ask.work.loads.touch([r.id for r in loads], ask.now)
    return await _kept(ask, party, new)


async def add_shipper(ask: Ask) -> Reply:
    """A new party, or more about it."""
    bn15 = ask.command.value("bn15")
    if bn15:
        check_number(bn15)
    values = _phones(ask)
    party, new = await _party(ask, "importer")
    if rename := ask.command.value("name"):
        values |= await _renamed(ask, party, checked(rename))
    said = await has_account(ask, party, bn15) if bn15 else []
    if values:
        await ask.work.parties.change(party.id, **values)
    await _add_alias(ask, party, ask.command.value("alias") or "")
    if broker := ask.command.value("broker"):
        await _clears(ask, party, broker, replace(ask.command, pairs=()))
    return await _kept(ask, party, new, said)


async def shipper_broker(ask: Ask) -> Reply:
    """Who clears for it."""
    text = wanted(ask, _("Who clears for it?"), ask.command.spec.example)
    party, new = await _party(ask, "importer")
    await _clears(ask, party, text, ask.command)
    return await _kept(ask, party, new)


async def _clears(ask: Ask, party: PartyRecord, text: str, base: Command) -> None:
    broker, _new = await party_meant(ask, text, "broker", replace(base, verb="broker"))
    await cleared_by(ask, party, broker)


async def _renamed(ask: Ask, party: PartyRecord, name: str) -> dict[str, Any]:
    """The columns of another name; the one before stays an alias. Refused where somebody else has it."""
    await ask.work.parties.naming()
    there = await party_of(ask, name)
    if there is not None and there.id != party.id:
        same = replace(ask.command, verb="same as", subject=cut(party.name, 60), words=(name,), pairs=()).line()
        raise no(
            _("“{name}” is another one in the address book. Nothing was changed.").format(name=cut(name, 40)),
            _("If the two are one, type: {line}").format(line=same),
        )
    return await renamed(ask.work, party, name)


async def _kept(ask: Ask, party: PartyRecord, new: bool, sentences: Sequence[str] = ()) -> Reply:
    now = (await ask.work.parties.of([party.id]))[party.id]
    said = _("{name} is in the address book now.") if new else _("{name} stands so now.")
    about = fields(now, await aliases(ask, now), await accounts(ask, now))
    return done(said.format(name=cut(now.name, 60)), sentences, about)


async def _party(ask: Ask, role: str) -> tuple[PartyRecord, bool]:
    """The party of the subject, and whether it was made; near names are asked about before one is."""
    subject = ask.command.subject.strip()
    if not subject:
        raise no(_("Which one? Nothing was changed. Type: {line}").format(line=ask.command.spec.example))
    known = await party_of(ask, subject, lambda id_: replace(ask.command, subject=id_).line())
    if known is not None:
        return await in_role(ask.work, known, role), False
    name = checked(subject)
    if not subject.startswith("="):
        near = await near_parties(ask, name)
        if near:
            lines = [(p.name, replace(ask.command, subject=p.name).line()) for p in near]
            lines.append((_("{name} is new").format(name=name), replace(ask.command, subject=f"={name}").line()))
            form = _("There is no “{name}” yet, and nothing was changed. Which one?")
            raise question(form.format(name=cut(name, 40)), lines)
    return await party_named(ask.work, name, role), True


async def _add_alias(ask: Ask, party: PartyRecord, alias: str) -> None:
    for one in filter(None, (a.strip() for a in alias.split(","))):
        there = await party_of(ask, one)
        if there is not None and there.id != party.id:
            raise no(_("“{alias}” is already {name}. Nothing was changed.").format(alias=one, name=there.name))
        await ask.work.parties.alias(party.id, [name_key(checked(one))])


def _broker_values(ask: Ask) -> dict[str, Any]:
    values = _phones(ask)
    hours, zone = ask.command.value("hours"), ask.command.value("zone")
    if hours is not None:
        values["hours"] = week(hours, zone or ask.home.key)
    elif zone:
        raise no(_('zone= goes with hours=, as in hours="mon-fri 8-17" zone=America/Toronto. Nothing was changed.'))
    if promise := ask.command.value("promise"):
        values["promise_minutes"] = promise_minutes(promise) if promise != "-" else None
    if filer := ask.command.value("filer"):
        values["filers"] = _filers(filer) if filer != "-" else []
    return values


def _filers(text: str) -> list[str]:
    """Codes as they stand at the head of its numbers: 5 digits into Canada, 3 letters or digits into the US."""
    codes = [c.strip().upper() for c in text.replace(" ", ",").split(",") if c.strip()]
    bad = next((c for c in codes if not filer_code(c)), "")
    if bad:
        wrong = _("“{code}” is no filer code: into Canada it has 5 digits, into the US 3 letters or digits.")
        raise no(wrong.format(code=cut(bad, 20)) + " " + _("Nothing was changed."))
    return list(dict.fromkeys(codes))


def _phones(ask: Ask) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, column in (("phone", "phone_day"), ("night", "phone_night")):
        text = ask.command.value(key)
        if text is None:
            continue
        if text and text != "-" and not _PHONE.fullmatch(text):
            raise no(_("“{text}” is not a phone number. Nothing was changed.").format(text=cut(text, 40)))
        values[column] = "" if text == "-" else text
    if email := ask.command.value("email"):
        values["email"] = cut(email, 80)
    return values
