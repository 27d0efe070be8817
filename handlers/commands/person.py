"""/person: who is who, and who may do what."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.domain.numbers import key_of
from bot.domain.route import Account
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, done, no
from handlers.commands.codes import digest, new_code
from handlers.commands.driver import link_parts, no_language
from handlers.commands.naming import checked, person_meant
from handlers.nouns import Role
from handlers.reply import Fields, Reply, Result, Table, say
from handlers.words import _, ngettext
from storage.ids import new_id
from storage.invites import InviteRecord
from storage.people import PersonRecord

#: A role that a person has by the places they are in.
BY_PLACE = ""
NONE = "none"
_ROLES = ("admin", "dispatcher", "viewer", "driver", NONE)
_LINK_VALID = timedelta(minutes=15)
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^>]*))?>")
_ACCOUNT = re.compile(r"(slack|telegram):([A-Za-z0-9-]{1,40})")


async def whoami(ask: Ask) -> Reply:
    """Who the speaker is here and what they may do."""
    account = ask.line.who
    pairs = (
        (_("Name"), ask.who.name),
        (_("Role"), role_word(ask.who.role.value)),
        (_("Account"), f"{account.door}:{account.external}"),
        (_("Carrier"), ask.world.carriers[ask.work.carrier].name),
    )
    title = _("You are {name}, {role}.").format(name=cut(ask.who.name, 60), role=role_word(ask.who.role.value))
    return Reply(title, (Fields(pairs),), private=True)


def role_word(role: str) -> str:
    """A role for people."""
    return {"": _("by the places they are in"), Role.ANYONE.value: _("nobody here yet")}.get(role, role)


async def everybody(ask: Ask) -> Reply:
    """Everybody and their role."""
    people = await ask.work.people.all()
    accounts = await ask.work.people.accounts([p.id for p in people])
    rows = tuple(
        (cut(p.name, 40), _duty(ask, p), p.phone, ", ".join(a.door for a in accounts.get(p.id, ())) or _("no chat"))
        for p in people[:80]
    )
    more = len(people) - len(rows)
    title = ngettext("{n} person.", "{n} persons.", len(people)).format(n=len(people))
    left = _("… and {n} more").format(n=more) if more > 0 else ""
    table = Table((_("Name"), _("Role"), _("Phone"), _("Chats")), rows, left)
    return Reply(title, (table,) if rows else (), private=True)


def _duty(ask: Ask, person: PersonRecord) -> str:
    """Somebody's role, and whether they are on or on call."""
    parts = [role_word(person.role)]
    if person.on_until is not None and person.on_until > ask.now:
        parts.append(_("on until {time}").format(time=ask.times().at(person.on_until)))
    if person.on_call_since is not None:
        parts.append(_("on call"))
    return ", ".join(parts)


async def allow(ask: Ask) -> Reply:
    """Gives a role, or takes it away."""
    role = ask.words.strip().casefold()
    if role not in _ROLES or not ask.command.subject:
        raise no(
            _("Who gets which role? Nothing was changed."),
            _("Type: {line} (roles: {roles})").format(line="/person @maria allow dispatcher", roles=", ".join(_ROLES)),
        )
    person = await person_or_account(ask, ask.command.subject)
    if person.role == "admin" and role != "admin" and not await _other_admin(ask, person):
        raise no(_("{name} is the last admin; make another one first. Nothing was changed.").format(name=person.name))
    await ask.work.people.change(person.id, role=role)
    ask.work.after_commit(ask.office.forget)
    if role == NONE:
        return done(_("{name} may do nothing here any more.").format(name=cut(person.name, 60)))
    return done(_("{name} is {role} now.").format(name=cut(person.name, 60), role=role))


async def _other_admin(ask: Ask, person: PersonRecord) -> bool:
    return any(p.id != person.id for p in await ask.work.people.all("admin"))


async def person_or_account(ask: Ask, text: str) -> PersonRecord:
    """The person of a name, or of an account (`<@U123>`, `telegram:12345`), made when nobody has it."""
    account = _account(ask, text)
    if account is None:
        return await person_meant(ask, text)
    return await person_of(ask, account)


async def person_of(ask: Ask, account: Account) -> PersonRecord:
    """The person behind an account, made when nobody has it."""
    person = await ask.work.people.by_account(account)
    if person is None:
        name = account.name or account.external
        person = PersonRecord(new_id(), name, key_of(name), BY_PLACE, ask.now)
        await ask.work.people.add([person])
        await ask.work.people.link(account, person.id)
    return person


def _account(ask: Ask, said: str) -> Account | None:
    text, where = said.strip(), ask.line.who
    if found := _MENTION.fullmatch(text):
        return Account("slack", where.workspace, found.group(1), found.group(2) or "")
    if found := _ACCOUNT.fullmatch(text):
        workspace = where.workspace if found.group(1) == where.door else ""
        return Account(found.group(1), workspace, found.group(2))
    return None


async def add(ask: Ask) -> Reply:
    """Somebody new."""
    if not ask.command.subject.strip():
        raise no(_("Who? Nothing was changed. Type: {line}").format(line=ask.command.spec.example))
    name = checked(ask.command.subject.lstrip("@"))
    no_language(ask)
    role = (ask.command.value("role") or "viewer").casefold()
    if role not in _ROLES[:-1]:
        raise no(_("role= is one of {roles}. Nothing was changed.").format(roles=", ".join(_ROLES[:-1])))
    if any(p.name_key == key_of(name) for p in await ask.work.people.all()):
        raise no(
            _("There is a {name} already; nothing was changed.").format(name=name),
            _("To change the role, type: /person {name} allow {role}").format(name=name, role=role),
        )
    phone = cut(ask.command.value("phone") or "", 40)
    person = PersonRecord(new_id(), name, key_of(name), role, ask.now, phone=phone)
    await ask.work.people.add([person])
    code = new_code()
    expires = ask.now + timedelta(hours=48)
    await ask.work.invites.add(InviteRecord(new_id(), digest(code), person.id, role, expires, ask.who.name))
    how = say(_("So that a chat knows {name}, send this code; it works once, for 48 hours:").format(name=name))
    title = _("{name} is {role} now.").format(name=name, role=role)
    line = say(_("In Slack: /person link {code}").format(code=code))
    return replace(done(title, (), how, line, *link_parts(ask, code)), private=True)


async def link(ask: Ask) -> Reply:
    """A code here, typed in another chat: one person, two chats. With a code: becomes that person."""
    text = ask.words.strip()
    if text:
        return await use(ask, text)
    if not ask.who.person:
        raise no(
            _("Nobody here knows you yet, so there is nobody to link."),
            _("If you were sent a code, type: /person link CODE"),
        )
    code = new_code()
    expires = ask.now + _LINK_VALID
    role = ask.who.role.value
    await ask.work.invites.add(InviteRecord(new_id(), digest(code), ask.who.person, role, expires, ask.who.name))
    title = _("Type this in your other chat; it works once, until {time}.").format(time=ask.times().at(expires))
    line = say(_("In Slack: /person link {code}").format(code=code))
    return Reply(title, (line, *link_parts(ask, code)), private=True)


async def use(ask: Ask, code: str) -> Reply:
    """Binds the speaker's account to the person that a code names; it works once."""
    account = ask.line.who
    known = await ask.work.people.by_account(account)
    invite = await ask.work.invites.use(digest(code), f"{account.door}:{account.external}", ask.now)
    if invite is None or invite.person_id is None:
        raise no(
            _("This code is not known, was used, or is too old. Nothing was changed."),
            _("Ask for a new one: codes work once, and for 48 hours at most."),
        )
    person = (await ask.work.people.of([invite.person_id])).get(invite.person_id)
    if person is None or not person.active:
        raise no(_("The person of this code is not here any more. Nothing was changed."))
    dispatches = ask.who.role is not Role.ANYONE and not ask.who.drives and person.role == Role.DRIVER
    if known is not None and known.id != person.id and (known.role != BY_PLACE or dispatches):
        raise no(
            _("This code is for {name}, and you are {own} here: it was not used.").format(
                name=person.name, own=known.name
            ),
            _("Send it on to {name}.").format(name=person.name),
        )
    await ask.work.people.link(account, person.id)
    ask.work.after_commit(ask.office.forget)
    if person.role == "driver":
        hint = say(_("I tell you here when a load must stop. Type its number to ask."))
    else:
        hint = say(_("Type /help to see what can be typed."))
    return Reply(_("You are {name} here now.").format(name=cut(person.name, 60)), (hint,), private=True,
                 result=Result.OK)  # fmt: skip
