"""/load: what people were told by phone, and who owns the trouble."""

from dataclasses import replace
from datetime import datetime

from bot.domain.kinds import Kind
from bot.domain.remarks import Remark
from bot.domain.status import Status
from bot.watch import intake
from bot.watch.look import own
from bot.watch.query import brief
from handlers.announce import status
from handlers.announce.facts import status_word
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, done, no, quiet, wanted
from handlers.commands.standing import again, brief_now, stands, zone_of
from handlers.commands.subjects import Meant, label, shipments_meant, the_load
from handlers.reply import Form, Input, Reply, Result, say
from handlers.timewords import when
from handlers.words import _
from storage.shipments import ShipmentRecord

_WORDS = {"accepted": Status.READY, "released": Status.RELEASED, "not filed": Status.NO_RELEASE}


async def by_phone(ask: Ask) -> Reply:
    """accepted, released, not filed: by whom, when, and which transaction."""
    meant = await the_load(ask)
    await _open(ask, meant)
    rows = await shipments_meant(ask, meant, ask_which=True)
    if not rows:
        raise no(
            _("Load {number} has no shipment to say that of. Nothing was changed.").format(number=meant.record.number),
            _("Type its number first: /load {key} pars SMPLPARS100123").format(key=meant.record.key),
        )
    said_by = (ask.command.value("by") or "").strip()
    if not said_by:
        raise Stop(_by_whom(ask, meant, rows))
    at = _time_said(ask, meant)
    verb = ask.command.verb
    every = (await ask.work.shipments.of_loads([meant.record.id])).get(meant.record.id, [])
    changed = await intake.word(
        ask.work, ask.world, meant.record.id, [s.id for s in rows], _WORDS[verb], said_by, at,
        ask.command.value("trans") or "", ask.hands,
    )  # fmt: skip
    title = _("{number}: {what} {said} by phone, by {by}{time}.").format(
        number=cut(meant.record.number, 40),
        what=label(rows, len(every)),
        said=status_word(_WORDS[verb].value, phone=True),
        by=cut(said_by, 60),
        time=_at(ask, meant, at),
    )
    return await stands(ask, meant.record.id, title, changed.remarks)


def _at(ask: Ask, meant: Meant, at: datetime | None) -> str:
    return "" if at is None else " " + ask.times(zone_of(ask, meant.record)).aged(at)


def _time_said(ask: Ask, meant: Meant) -> datetime | None:
    """When it was said: `at=`, or the words after the verb; None is now."""
    text = ask.command.value("at") or ask.words
    if not text.strip():
        return None
    return when(text, ask.now, zone_of(ask, meant.record), past_ok=True, future_ok=False)


async def _open(ask: Ask, meant: Meant) -> None:
    """Refuses what is over before anything is asked about it."""
    await intake.open_load(ask.work, meant.record.id)


def _by_whom(ask: Ask, meant: Meant, rows: list[ShipmentRecord]) -> Reply:
    """Who said it must be known (F4): a form where there are forms, else what to type."""
    verb, record = ask.command.verb, meant.record
    key = record.key
    if len(rows) == 1 and rows[0].ccn and (ask.command.shipment or meant.number):
        key = rows[0].text or rows[0].ccn
    told = [(name, value) for name, value in ask.command.pairs if name != "by"]  # `by=` may stand there, with nobody
    whole = replace(ask.command, subject=ask.command.subject or record.key, pairs=(*told, ("by", "Maria/PCB")))
    example = whole.line()
    form = Form(
        title=_("{number}: {verb}").format(number=cut(record.number, 12), verb=verb),
        submit=_("Save"),
        noun="load",
        verb=verb,
        inputs=(
            Input("by", _("Who said so?"), _("name and company, as in Maria/PCB"), optional=False),
            Input(
                "trans", _("Transaction number"), _("if you were told one"), initial=ask.command.value("trans") or ""
            ),
            Input("at", _("When?"), _("empty: now. As in 15:25"), initial=ask.command.value("at") or ask.words),
        ),
        subject=key,
    )
    title = _("{verb} by whom? Nothing was changed yet.").format(verb=verb[:1].upper() + verb[1:])
    return Reply(title, (say(_("Type: {line}").format(line=example)),), private=True, result=Result.UNKNOWN, form=form)


async def manifest(ask: Ask) -> Reply:
    """The trip's manifest is accepted (A3): when, and who says so."""
    meant = await the_load(ask)
    await _open(ask, meant)
    text = ask.words.strip()
    zone = zone_of(ask, meant.record)
    at = when(text, ask.now, zone, past_ok=True, future_ok=False) if text else ask.now
    said_by = ask.command.value("by") or ask.who.name
    news: tuple[Remark, ...] = ()
    if trip := ask.command.value("trip"):
        news = (await intake.trip(ask.work, ask.world, meant.record.id, trip, ask.hands)).remarks
    changed = await intake.manifest_word(ask.work, ask.world, meant.record.id, at, said_by, ask.hands)
    title = _("{number}: manifest accepted {time}, said by {by}.").format(
        number=cut(meant.record.number, 40), time=ask.times(zone).aged(at), by=cut(said_by, 60)
    )
    return await stands(ask, meant.record.id, title, (*news, *changed.remarks))


async def manifest_refused(ask: Ask) -> Reply:
    """The trip's manifest was refused (F4): when, and who says so."""
    meant = await the_load(ask)
    await _open(ask, meant)
    text = ask.words.strip()
    zone = zone_of(ask, meant.record)
    at = when(text, ask.now, zone, past_ok=True, future_ok=False) if text else ask.now
    said_by = ask.command.value("by") or ask.who.name
    changed = await intake.manifest_word(
        ask.work, ask.world, meant.record.id, at, said_by, ask.hands, status=Status.REJECTED
    )
    title = _("{number}: manifest refused {time}, said by {by}.").format(
        number=cut(meant.record.number, 40), time=ask.times(zone).aged(at), by=cut(said_by, 60)
    )
    return await stands(ask, meant.record.id, title, changed.remarks)


async def got_it(ask: Ask) -> Reply:
    """Makes the speaker the owner of a load's alert."""
    meant = await the_load(ask)
    until = None
    text = ask.command.value("until") or ask.words
    if text.strip():
        until = when(text, ask.now, zone_of(ask, meant.record), past_ok=False, future_ok=True)
    before = await brief(ask.work, ask.world, meant.record)
    looked = await own(ask.work, ask.world, meant.record.id, ask.who.person, ask.who.name, until)
    if looked is None or looked.notice.alert is None:
        now = status(await brief_now(ask, meant.record.id), ask.now)
        text = _("There is no open alert on {number}, so there is nothing to own; nothing was changed.")
        raise Stop(replace(now, title=text.format(number=cut(meant.record.number, 40)), body=(say(now.title),),
                           buttons=(), private=True, result=Result.REFUSED))  # fmt: skip
    ends = looked.notice.alert.owned_until
    times = ask.times(zone_of(ask, meant.record))
    title = _("You have {number} until {time}; nobody else is chased meanwhile.").format(
        number=cut(meant.record.number, 40), time=times.aged(ends) if ends else ""
    )
    taken = []
    if before.owner and before.owner != ask.who.name:
        taken.append(_("It was {name}'s").format(name=cut(before.owner, 40)))
    return done(title, taken, quiet(status(await brief_now(ask, meant.record.id), ask.now).title))


async def agency(ask: Ask) -> Reply:
    """Which other agency looks too, or its yes."""
    meant = await the_load(ask)
    text = wanted(ask, _("Which agency, or ok?"), "/load 1234 agency FDA")
    confirms = text.casefold() in ("ok", "okay", "yes", "confirmed", "cleared")
    rows = await shipments_meant(ask, meant, ask_which=confirms)
    number = cut(meant.record.number, 40)
    if not confirms:
        value = None if text.casefold() in ("-", "none", "no") else text[:20].upper()
        changed = await intake.set_field(
            ask.work, ask.world, meant.record.id, "agency", value, ask.hands, [s.id for s in rows]
        )
        title = _("{number}: other agency {agency}.").format(number=number, agency=value or _("none"))
        return await stands(ask, meant.record.id, title, changed.remarks)
    said_by = _confirmed_by(ask, meant)
    values = [(s.id, said_by) for s in rows if s.agency]
    if not values:
        raise no(
            _("No other agency is known on {number}, so there is nothing to confirm.").format(number=number),
            _("Name it first: /load {key} agency FDA").format(key=meant.record.key),
        )
    changed = await intake.confirm(ask.work, ask.world, meant.record.id, "agency_ok", values, ask.hands)
    title = _("{number}: the agency's yes, by {by}.").format(number=number, by=cut(said_by, 60))
    return await stands(ask, meant.record.id, title, changed.remarks)


def _confirmed_by(ask: Ask, meant: Meant) -> str:
    """Who told the speaker; the speaker when he answers for it himself."""
    return (ask.command.value("by") or ask.who.name).strip()


async def filer(ask: Ask) -> Reply:
    """Another filer's acceptance is right."""
    meant = await the_load(ask)
    text = wanted(ask, _("Is that filer right?"), "/load 1234 filer yes")
    if text.casefold() not in ("yes", "y", "ok", "right"):
        raise no(
            _("Only a yes is kept: a filer that is wrong stays a hold until the broker files. Nothing was changed."),
            _("Type: {line}").format(line="/load 1234 filer yes"),
        )
    rows = await shipments_meant(ask, meant, ask_which=False)
    found = (await brief(ask.work, ask.world, await again(ask, meant.record.id))).found
    ids = {s.id for s in rows}
    values = [
        (h.shipment, (h.detail or {}).get("transaction", ""))
        for h in found.holds
        if h.kind is Kind.OTHER_FILER and h.shipment in ids
    ]
    if not values:
        raise no(_("No other filer is in doubt on {number}; nothing was changed.").format(number=meant.record.number))
    changed = await intake.confirm(ask.work, ask.world, meant.record.id, "filer", values, ask.hands)
    title = _("{number}: filer of {transactions} confirmed by {by}.").format(
        number=cut(meant.record.number, 40),
        transactions=", ".join(t for _shipment, t in values),
        by=cut(_confirmed_by(ask, meant), 60),
    )
    return await stands(ask, meant.record.id, title, changed.remarks)


async def note(ask: Ask) -> Reply:
    """A note that everybody sees."""
    return await _remark(ask, "note", _("What should be noted?"), "/load 1234 note seal 4471 broken", _("noted"))


async def wrong(ask: Ask) -> Reply:
    """A false alarm or a miss, kept for who tunes the rules; a hold ends by a fact only."""
    reply = await _remark(
        ask, "wrong", _("What was wrong: not a hold, or missed?"), "/load 1234 wrong not a hold", _("marked as wrong")
    )
    kept = _("This is counted and looked at; what stands now ends by a fact only.")
    return replace(reply, body=(say(kept), *reply.body))


async def _remark(ask: Ask, field: str, asked: str, example: str, said: str) -> Reply:
    meant = await the_load(ask)
    text = cut(wanted(ask, asked, example), 500)
    changed = await intake.set_field(ask.work, ask.world, meant.record.id, field, text, ask.hands)
    title = _("{number}: {said}: {text}").format(number=cut(meant.record.number, 40), said=said, text=text)
    return await stands(ask, meant.record.id, title, changed.remarks)
