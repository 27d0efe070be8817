"""/load: fields with many hands: when, where, who, in what. A person's word stands until a newer one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.carm.bn import mask, read_bn
from bot.domain.load import Said, standing
from bot.domain.numbers import bn15_fault, key_of
from bot.domain.remarks import Remark, Say
from bot.domain.rowtext import LONGEST, LONGEST_TERMS
from bot.watch import intake
from handlers.announce.scene import Times, cut
from handlers.commands import crossing
from handlers.commands.asking import Ask, no, wanted
from handlers.commands.halfday import ask_which_half
from handlers.commands.naming import driver_named, party_meant
from handlers.commands.standing import again, stands, zone_of
from handlers.commands.subjects import Meant, label, shipments_meant, the_load
from handlers.reply import Reply
from handlers.timewords import when
from handlers.words import _, begun, worded
from storage.loads import LoadRecord

_ERASES = ("-", "none", "nothing", "unknown")


def erases(text: str) -> bool:
    """Whether a value takes away what stood there."""
    return text.strip().casefold() in _ERASES


async def last_said(ask: Ask, load_id: str, field: str) -> Said | None:
    """Whose value of a field stands."""
    history = (await ask.work.said.of_loads([load_id])).get(load_id, [])
    return standing(tuple(s for s in history if s.field == field))


def _was(text: str, before: Said | None) -> str:
    """`, was 14:00 (Maria)`."""
    if before is None or not text:
        return ""
    return _(", was {value} ({who})").format(value=text, who=cut(before.who, 40))


async def eta(ask: Ask) -> Reply:
    """When the truck is at the border."""
    record = (await the_load(ask)).record
    zone = zone_of(ask, record)
    text = wanted(ask, _("When is it at the border?"), "/load 1234 eta 14:30")
    at = None if erases(text) else when(text, ask.now, zone, past_ok=False, future_ok=True)
    if at is not None:
        ask_which_half(ask, record, text, at, zone)
    before = await last_said(ask, record.id, "eta")
    value = at.isoformat() if at else None
    changed = await intake.set_field(ask.work, ask.world, record.id, "eta", value, ask.hands)
    times = ask.times(zone)
    was = _was(times.at(record.eta) if record.eta else "", before)
    if at is None:
        title = _("{number}: ETA taken away{was}.").format(number=cut(record.number, 40), was=was)
    elif at == record.eta:
        title = _("{number}: ETA stays {time} {zone} ({span}).").format(
            number=cut(record.number, 40), time=times.at(at), zone=_zone_name(at, times), span=times.span(at)
        )
        return await stands(ask, record.id, title)
    else:
        title = _("{number}: ETA now {time} {zone} ({span}){was}.").format(
            number=cut(record.number, 40), time=times.at(at), zone=_zone_name(at, times), span=times.span(at), was=was
        )
    return await stands(ask, record.id, title, _with_penalty(changed.remarks))


def _zone_name(at: datetime, times: Times) -> str:
    return at.astimezone(ZoneInfo(times.zone)).tzname() or times.zone


def _with_penalty(remarks: Sequence[Remark]) -> tuple[str | Remark, ...]:
    """A changed time or port that customs is not told of costs money (desk: E4)."""
    known = _("{sentence} (a change that is not reported: penalty C381)")
    return tuple(known.format(sentence=worded(r)) if r.say is Say.AMEND_ACI else r for r in remarks)


async def papers(ask: Ask) -> Reply:
    """When the papers went to the broker; now, when no time is said."""
    meant = await the_load(ask)
    record, zone = meant.record, zone_of(ask, meant.record)
    text = ask.words.strip()
    at: datetime | None = ask.now
    if erases(text):
        at = None
    elif text:
        at = when(text, ask.now, zone, past_ok=True, future_ok=False)
    rows = await shipments_meant(ask, meant, ask_which=False)
    value = at.isoformat() if at else None
    changed = await intake.set_field(ask.work, ask.world, record.id, "papers", value, ask.hands, [s.id for s in rows])
    how = [f"{k}={v}" for k, v in ask.command.pairs if v]
    if how:
        told = _("papers sent {how}").format(how=", ".join(how))
        await intake.set_field(ask.work, ask.world, record.id, "note", cut(told, 200), ask.hands)
    every = (await ask.work.shipments.of_loads([record.id])).get(record.id, [])
    time = ask.times(zone).aged(at) if at else _("not known")
    title = _("{number}: papers for {what} sent {time}.").format(
        number=cut(record.number, 40), what=label(rows, len(every)), time=time
    )
    return await stands(ask, record.id, title, changed.remarks)


async def port(ask: Ask) -> Reply:
    """Where it crosses."""
    record = (await the_load(ask)).record
    text = wanted(ask, _("Where does it cross?"), "/load 1234 port Sarnia")
    name = None if erases(text) else crossing_meant(ask, record, text)
    before = await last_said(ask, record.id, "crossing")
    changed = await intake.set_field(ask.work, ask.world, record.id, "crossing", name, ask.hands)
    title = _("{number} crosses at {port} now{was}.").format(
        number=cut(record.number, 40), port=name or _("a place not known"), was=_was(record.crossing, before)
    )
    return await stands(ask, record.id, title, _with_penalty(changed.remarks))


def crossing_meant(ask: Ask, record: LoadRecord, text: str) -> str:
    """The crossing's name; asked when several can be meant, refused when none is."""
    base = replace(ask.command, subject=record.key)

    def again(name: str) -> str:
        return replace(base, words=(name,)).line()

    return crossing.one(ask, text, record.direction, _("Nothing was changed."), again).name


async def driver(ask: Ask) -> Reply:
    """Who drives it: somebody of the list, or a name."""
    record = (await the_load(ask)).record
    text = wanted(ask, _("Who drives it?"), "/load 1234 driver Singh")
    if erases(text):
        value, name, phone = None, "", ""
    else:
        person = await driver_named(ask, record, text)
        name = person.name if person else text.lstrip("=").strip()
        value, phone = f"{person.id if person else ''}={name}", person.phone if person else ""
    changed = await intake.set_field(ask.work, ask.world, record.id, "driver", value, ask.hands)
    # The number of the driver before must not stand beside the name of another.
    if phone or await _phone_of_driver(ask, record):
        await intake.set_field(ask.work, ask.world, record.id, "phone", phone or None, ask.hands)
    was = _(", was {value}").format(value=cut(record.driver_name, 40)) if record.driver_name else ""
    title = _("{number}: driver {name}{was}.").format(
        number=cut(record.number, 40), name=cut(name, 60) or _("not known"), was=was
    )
    hint = () if value is None or not value.startswith("=") else (
        _("{n} is not in the list of drivers, so no chat reaches them: /driver {n} add").format(n=cut(name, 40)),
    )  # fmt: skip
    return await stands(ask, record.id, title, (*hint, *changed.remarks))


async def _phone_of_driver(ask: Ask, record: LoadRecord) -> bool:
    if not record.phone or not record.driver_id:
        return False
    before = (await ask.work.people.of([record.driver_id])).get(record.driver_id)
    return before is not None and before.phone == record.phone


async def broker(ask: Ask) -> Reply:
    """Who clears it."""
    return await _party(ask, _("Who clears it?"), "/load 1234 broker PCB", _("broker"))


async def importer(ask: Ask) -> Reply:
    """The importer of record, and its account."""
    bn15 = ask.command.value("bn15")
    if bn15 and (fault := bn15_fault(bn15)):
        raise no(_("{fault}. Nothing was changed.").format(fault=begun(worded(fault))))
    if bn15 and not ask.words.strip():
        return await _account(ask, bn15)
    return await _party(ask, _("Who is the importer?"), "/load 1234 importer ACME", _("importer"), bn15 or "")


async def _account(ask: Ask, bn15: str) -> Reply:
    meant = await the_load(ask)
    rows = await shipments_meant(ask, meant, ask_which=False)
    value = key_of(bn15).replace("-", "")
    changed = await intake.set_field(
        ask.work, ask.world, meant.record.id, "bn15", value, ask.hands, [s.id for s in rows]
    )
    number = read_bn(value)
    title = _("{number}: importer's account {account}.").format(
        number=cut(meant.record.number, 40), account=mask(number.bn9, number.rm)
    )
    return await stands(ask, meant.record.id, title, changed.remarks)


async def _party(ask: Ask, asked: str, example: str, role: str, bn15: str = "") -> Reply:
    meant = await the_load(ask)
    field = ask.command.verb
    text = wanted(ask, asked, example)
    rows = await shipments_meant(ask, meant, ask_which=False)
    ids = [s.id for s in rows]
    party = None if erases(text) else await _found_party(ask, meant, text, field)
    value = party[0] if party else None
    changed = await intake.set_field(ask.work, ask.world, meant.record.id, field, value, ask.hands, ids)
    if bn15:
        account = key_of(bn15).replace("-", "")
        await intake.set_field(ask.work, ask.world, meant.record.id, "bn15", account, ask.hands, ids)
    every = (await ask.work.shipments.of_loads([meant.record.id])).get(meant.record.id, [])
    title = _("{number}: {role} of {what} is {name} now.").format(
        number=cut(meant.record.number, 40), role=role, what=label(rows, len(every)),
        name=cut(party[1], 60) if party else _("not known"),
    )  # fmt: skip
    remarks = [r for r in changed.remarks if not (bn15 and r.say is Say.ACCOUNT_OFF)]
    return await stands(ask, meant.record.id, title, (*ask.warned, *remarks))


async def _found_party(ask: Ask, meant: Meant, text: str, role: str) -> tuple[str, str]:
    await intake.open_load(ask.work, meant.record.id)
    base = replace(ask.command, subject=meant.record.key)
    party, new = await party_meant(ask, text, role, base)
    if new:
        form = _("{name} is new in the address book; its numbers: /broker {name} set phone=555-0142")
        ask.warned.append(
            (form if role == "broker" else _("{name} is new in the address book")).format(name=party.name)
        )
    return party.id, party.name


async def terms(ask: Ask) -> Reply:
    """Terms of sale, as somebody wrote them; who imports is asked again when they change."""
    asked, too_long = _("On which terms was it sold?"), _("Terms of sale have at most {n} characters.")
    title = _("{number}: terms of sale of {what} {value} now.")
    return await _as_written(ask, asked, "/load 1234 terms DAP Windsor", LONGEST_TERMS, too_long, title)


async def consignee(ask: Ask) -> Reply:
    """To whom the goods go, as the papers say; who imports is asked again when that changes."""
    asked, too_long = _("To whom do the goods go?"), _("A consignee has at most {n} characters.")
    title = _("{number}: consignee of {what} is {value} now.")
    return await _as_written(ask, asked, "/load 1234 consignee Boxes Inc", LONGEST, too_long, title)


async def _as_written(ask: Ask, asked: str, example: str, longest: int, too_long: str, title: str) -> Reply:
    """What papers say of shipments, which is kept as somebody wrote it."""
    meant = await the_load(ask)
    text = wanted(ask, asked, example)
    value = None if erases(text) else text
    if value is not None and len(value) > longest:
        raise no(too_long.format(n=longest) + " " + _("Nothing was changed."))
    rows = await shipments_meant(ask, meant, ask_which=False)
    ids = [s.id for s in rows]
    changed = await intake.set_field(ask.work, ask.world, meant.record.id, ask.command.verb, value, ask.hands, ids)
    every = (await ask.work.shipments.of_loads([meant.record.id])).get(meant.record.id, [])
    said = title.format(
        number=cut(meant.record.number, 40), what=label(rows, len(every)), value=cut(value or "", 60) or _("not known")
    )
    return await stands(ask, meant.record.id, said, changed.remarks)


async def truck(ask: Ask) -> Reply:
    """Which truck pulls it."""
    return await _plain(ask, "truck", _("Which truck?"), "/load 1234 truck 88", _("truck"))


async def trailer(ask: Ask) -> Reply:
    """Which trailer it is in."""
    return await _plain(ask, "trailer", _("Which trailer?"), "/load 1234 trailer 5310", _("trailer"))


async def _plain(ask: Ask, field: str, asked: str, example: str, said: str) -> Reply:
    record = (await the_load(ask)).record
    text = wanted(ask, asked, example)
    value = None if erases(text) else cut(text, 40)
    changed = await intake.set_field(ask.work, ask.world, record.id, field, value, ask.hands)
    new = await again(ask, record.id)
    title = _("{number}: {what} {value} now{was}.").format(
        number=cut(record.number, 40), what=said, value=getattr(new, field) or _("not known"),
        was=_(", was {value}").format(value=getattr(record, field)) if getattr(record, field) else "",
    )  # fmt: skip
    return await stands(ask, record.id, title, changed.remarks)


async def carried_by(ask: Ask) -> Reply:
    """Another carrier has it, and its phone."""
    record = (await the_load(ask)).record
    phone = ask.command.value("phone")
    text = wanted(ask, _("Who carries it?"), '/load 1234 carried by "North Lane" phone=555-0142')
    value = None if erases(text) else cut(text, 60)
    changed = await intake.set_field(ask.work, ask.world, record.id, "carried_by", value, ask.hands)
    if phone:
        await intake.set_field(ask.work, ask.world, record.id, "phone", cut(phone, 40), ask.hands)
    title = _("{number} is carried by {name} now{phone}.").format(
        number=cut(record.number, 40), name=value or _("us"), phone=f", {cut(phone, 40)}" if phone else ""
    )
    return await stands(ask, record.id, title, changed.remarks)
