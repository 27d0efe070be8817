"""/shipper and /broker: what the address book holds, and whom to call at this hour."""

from dataclasses import replace

from bot.watch.briefs import contact
from bot.watch.parties_cells import LONGEST
from handlers.announce.facts import answers_now
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no, question
from handlers.commands.hours import spelled_hours
from handlers.commands.naming import near_parties, party_of
from handlers.commands.parties_accounts import accounts
from handlers.commands.promised import promise
from handlers.grammar import Command
from handlers.reply import Fields, Part, Reply, Table, say
from handlers.words import _, ngettext
from storage.parties import PartyRecord


async def known(ask: Ask, role: str) -> PartyRecord:
    """The party that a line is about; near names are asked about."""
    text = ask.command.subject
    if not text:
        raise no(_("Which one? Type its name, as in: {line}").format(line=ask.command.spec.example))
    party = await party_of(ask, text, lambda id_: replace(ask.command, subject=id_).line())
    if party is not None:
        return party
    near = await near_parties(ask, text, role) or await near_parties(ask, text)
    title = _("There is no “{name}” in the address book.").format(name=cut(text, 40))
    if near:
        lines = [(p.name, replace(ask.command, subject=p.name).line()) for p in near]
        raise question(title, lines)
    if len(text) > LONGEST:
        raise no(title, _("A name has at most {n} characters: type it shorter.").format(n=LONGEST))
    broker = Command("broker", text, "set", (), (("phone", "555-0142"),))
    example = broker if role == "broker" else Command("shipper", text, "add")
    raise no(title, _("To add it, type: {line}").format(line=example.line()))


async def show_broker(ask: Ask) -> Reply:
    """Day and night numbers, hours, promise, measured times, and which number answers now."""
    if not ask.command.subject:
        return await everybody(ask, "broker")
    party = await known(ask, "broker")
    who = contact(party, ask.now)
    title = f"{cut(party.name, 60)}: {answers_now(who, ask.times())}."
    set_phone = Command("broker", party.name, "set", (), (("phone", "555-0142"),)).line()
    number = _("To store its number, type: {line}")
    lacks = () if party.phone_day or party.phone_night else (say(number.format(line=set_phone)),)
    about = (fields(party, await aliases(ask, party)), *lacks, *await promise(ask, party))
    return Reply(title, (*about, *await _own_loads(ask, party)), private=True)


async def show_shipper(ask: Ask) -> Reply:
    """What is known of a party, and its loads."""
    if not ask.command.subject:
        return await everybody(ask, "")
    party = await known(ask, "importer")
    roles = ", ".join(party.roles) or _("no role yet")
    title = _("{name} is in the address book as {roles}.").format(name=cut(party.name, 60), roles=roles)
    about = fields(party, await aliases(ask, party), await accounts(ask, party))
    return Reply(title, (about, *await _own_loads(ask, party)), private=True)


async def everybody(ask: Ask, role: str) -> Reply:
    """All of the address book, or all of one role."""
    parties = [p for p in await ask.work.parties.all() if not role or role in p.roles]
    title = ngettext("{n} in the address book.", "{n} in the address book.", len(parties)).format(n=len(parties))
    rows = tuple((cut(p.name, 60), ", ".join(p.roles), p.phone_day, p.phone_night) for p in parties[:40])
    more = len(parties) - len(rows)
    rest = _("… and {n} more: type a name").format(n=more) if more > 0 else ""
    table = Table((_("Name"), _("Role"), _("Day"), _("Night")), rows, rest)
    return Reply(title, (table,) if rows else (), private=True)


async def aliases(ask: Ask, party: PartyRecord) -> list[str]:
    """Its other names."""
    return (await ask.work.parties.aliases([party.id])).get(party.id, [])


def fields(party: PartyRecord, also: list[str], accounts: str = "") -> Fields:
    """What is kept of a party, with its other names and its accounts in one line."""
    minutes = party.promise_minutes
    pairs = [
        (_("Day"), party.phone_day or _("no number stored")),
        (_("Night"), party.phone_night),
        (_("Hours"), spelled_hours(party)),
        (_("Promise"), _("{n} min from papers to acceptance").format(n=minutes) if minutes else ""),
        (_("Filer codes"), ", ".join(party.filers)),
        (_("E-mail"), party.email),
        (_("Also called"), ", ".join(cut(name, 60) for name in also[:12])),
        (_("Accounts"), accounts),
        (_("Note"), party.note),
    ]
    return Fields(tuple((name, value) for name, value in pairs if value))


async def _own_loads(ask: Ask, party: PartyRecord) -> list[Part]:
    if not party.roles:
        return []
    records = {r.id: r for r in await ask.work.finder.listed(broker_id=party.id, limit=12)}
    records |= {r.id: r for r in await ask.work.finder.listed(importer_id=party.id, limit=12)}
    if not records:
        return [say(_("It has no open load."))]
    names = ", ".join(f"{cut(r.number, 20)} {r.answer or _('not looked at yet')}" for r in list(records.values())[:12])
    return [say(_("Its open loads: {loads}").format(loads=names))]
