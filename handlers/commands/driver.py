"""/driver: drivers, and the link that binds their Telegram."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.numbers import key_of
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, done, no, quiet
from handlers.commands.codes import digest, new_code
from handlers.commands.naming import checked, person_meant
from handlers.reply import Fields, Para, Part, Reply, Span, Style, Table, say
from handlers.words import _, ngettext
from storage.ids import new_id
from storage.invites import InviteRecord
from storage.people import PersonRecord

VALID = timedelta(hours=48)
ROLE = "driver"


async def show(ask: Ask) -> Reply:
    """Phone, truck, loads, and whether Telegram is bound."""
    if not ask.command.subject:
        return await _all(ask)
    person = await person_meant(ask, ask.command.subject, ROLE)
    bound = bool((await ask.work.people.accounts([person.id])).get(person.id))
    loads = await ask.work.finder.listed(driver_id=person.id, limit=20)
    telegram = (
        _("Telegram is bound") if bound else _("no chat is bound: /driver {name} invite").format(name=person.name)
    )
    title = f"{cut(person.name, 60)}: {telegram}."
    pairs = (
        (_("Phone"), person.phone),
        (_("Truck"), person.unit),
        (_("Loads"), ", ".join(f"{cut(r.number, 20)} {r.answer}".strip() for r in loads) or _("none open")),
    )
    return Reply(title, (Fields(tuple(p for p in pairs if p[1])),), private=True)


async def _all(ask: Ask) -> Reply:
    people = await ask.work.people.all(ROLE)
    accounts = await ask.work.people.accounts([p.id for p in people])
    rows = tuple(
        (cut(p.name, 40), p.phone, p.unit, _("bound") if p.id in accounts else _("not bound")) for p in people[:60]
    )
    more = len(people) - len(rows)
    title = ngettext("{n} driver.", "{n} drivers.", len(people)).format(n=len(people))
    body: list[Part] = []
    if rows:
        left = _("… and {n} more: type a name").format(n=more) if more > 0 else ""
        body.append(Table((_("Name"), _("Phone"), _("Truck"), _("Telegram")), rows, left))
    else:
        body.append(say(_("Type: /driver Singh add phone=555-0117, then /driver Singh invite")))
    return Reply(title, tuple(body), private=True)


async def add(ask: Ask) -> Reply:
    """A new driver, or more about one."""
    if not ask.command.subject.strip():
        raise no(_("Who? Nothing was changed. Type: {line}").format(line=ask.command.spec.example))
    name = checked(ask.command.subject)
    no_language(ask)
    known = [p for p in await ask.work.people.all(ROLE) if p.name_key == key_of(name)]
    values: dict[str, Any] = {k: cut(v, 40) for k in ("phone", "unit") if (v := ask.command.value(k)) is not None}
    if known:
        if not values:
            raise no(_("{name} is a driver already; nothing was changed.").format(name=known[0].name))
        await ask.work.people.change(known[0].id, **values)
        return done(_("{name} stands so now.").format(name=known[0].name), (), Fields(tuple(values.items())))
    person = replace(PersonRecord(new_id(), name, key_of(name), ROLE, ask.now), **values)
    await ask.work.people.add([person])
    hint = say(_("To reach them in Telegram, type: /driver {name} invite").format(name=name))
    return done(_("{name} is a driver now.").format(name=name), (), hint)


def no_language(ask: Ask) -> None:
    """Said plainly: nobody's language is kept yet."""
    if ask.command.value("language"):
        raise no(_("language= is not kept: everything is said in English. Nothing was changed; type it without."))


async def invite(ask: Ask) -> Reply:
    """A link, good once, that binds their Telegram."""
    if not ask.command.subject:
        raise no(_("Who? Type: {line}").format(line=ask.command.spec.example))
    person = await person_meant(ask, ask.command.subject, ROLE)
    code = new_code()
    await ask.work.invites.revoke(person.id, ask.now)
    await ask.work.invites.add(InviteRecord(new_id(), digest(code), person.id, ROLE, ask.now + VALID, ask.who.name))
    title = _("Send this to {name}; it works once, until {time}.").format(
        name=cut(person.name, 60), time=ask.times().at(ask.now + VALID)
    )
    return Reply(title, (*link_parts(ask, code), quiet(_("An older link works no more."))), private=True)


def link_parts(ask: Ask, code: str) -> list[Part]:
    """The deep link where the bot's name is known, and the code as one types it."""
    parts: list[Part] = []
    name = ask.office.telegram_name()
    if name:
        url = f"https://t.me/{name}?start={code}"
        parts.append(Para((Span(url, Style.LINK, url),)))
    parts.append(Para((Span(_("Or, in a private chat with the bot: ")), Span(f"/start {code}", Style.CODE))))
    return parts


async def remove(ask: Ask) -> Reply:
    """Drives for us no more."""
    if not ask.command.subject:
        raise no(_("Who? Nothing was changed. Type: {line}").format(line=ask.command.spec.example))
    person = await person_meant(ask, ask.command.subject, ROLE)
    await ask.work.people.change(person.id, active=False)
    await ask.work.invites.revoke(person.id, ask.now)
    ask.work.after_commit(ask.office.forget)
    loads = await ask.work.finder.listed(driver_id=person.id, limit=20)
    left: tuple[str, ...] = ()
    if loads:
        names = ", ".join(cut(r.number, 20) for r in loads)
        left = (_("still the driver of {loads}: give each another").format(loads=names),)
    return done(_("{name} drives for us no more; that chat is shut.").format(name=cut(person.name, 60)), left)
