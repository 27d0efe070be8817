"""/load: its numbers, its end, and taking a change back."""

from bot.domain.load import ShipmentType
from bot.watch import intake
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no, wanted
from handlers.commands.load_fields import erases
from handlers.commands.standing import again, stands, zone_of
from handlers.commands.subjects import Meant, shipments_meant, the_load
from handlers.reply import Reply
from handlers.timewords import when
from handlers.words import _, mark

_TYPES = {"pars": ShipmentType.PARS, "paps": ShipmentType.PAPS, "inbond": ShipmentType.INBOND}
_FIELDS = {
    "word": mark("the word by phone"), "manifest": mark("the manifest's word"), "numbers": mark("the numbers"),
    "number": mark("the number"), "agency_ok": mark("the agency's yes"), "cancel": mark("the cancelling"),
    "crossing": mark("the port"), "eta": mark("the ETA"), "papers": mark("the papers' time"),
    "bn15": mark("the account"), "terms": mark("the terms of sale"), "carried_by": mark("who carries it"),
    "filer": mark("the filer's yes"), "sticker": mark("what is on the sticker"), "crossed": mark("the crossing"),
    "added": mark("the new load"), "note": mark("the note"), "wrong": mark("the mark"),
}  # fmt: skip


async def numbers(ask: Ask) -> Reply:
    """pars, paps, inbond: adds, replaces with A=>B, drops with -A."""
    meant = await the_load(ask)
    record = meant.record
    example = f"/load 1234 {ask.command.verb} SMPLPARS100123"
    text = wanted(ask, _("Which number? As on the sticker."), example)
    if ask.command.shipment:
        text = await _replacing(ask, meant, text)
    before = await _numbers_of(ask, record.id)
    changed = await intake.numbers(ask.work, ask.world, record.id, _TYPES[ask.command.verb], text, ask.hands)
    now = await _numbers_of(ask, record.id)
    title = _("{number} has {numbers} now.").format(
        number=cut(record.number, 40), numbers=", ".join(cut(n, 40) for n in now[:8]) or _("no number")
    )
    if now == before:
        title = _("{number} had that already: {numbers}.").format(
            number=cut(record.number, 40), numbers=", ".join(cut(n, 40) for n in now[:8])
        )
    return await stands(ask, record.id, title, changed.remarks)


async def _replacing(ask: Ask, meant: Meant, text: str) -> str:
    """`…124 pars B` replaces that one."""
    rows = await shipments_meant(ask, meant, ask_which=True)
    if len(rows) != 1 or any(mark in text for mark in (",", "=>", "->")):
        raise no(_("Name one number and what replaces it: pars A=>B. Nothing was changed."))
    return f"{rows[0].text or rows[0].ccn}=>{text}"


async def _numbers_of(ask: Ask, load_id: str) -> list[str]:
    rows = (await ask.work.shipments.of_loads([load_id])).get(load_id, [])
    return [s.text or s.ccn for s in rows if s.ccn]


async def trip(ask: Ask) -> Reply:
    """Its trip numbers."""
    record = (await the_load(ask)).record
    text = wanted(ask, _("Which trip number?"), "/load 1234 trip SMPLTRIP0001")
    changed = await intake.trip(ask.work, ask.world, record.id, "-" if erases(text) else text, ask.hands)
    now = (await again(ask, record.id)).trips
    title = _("{number}: trip {trips}.").format(
        number=cut(record.number, 40), trips=", ".join(cut(t, 30) for t in now) or _("not known")
    )
    return await stands(ask, record.id, title, changed.remarks)


async def crossed(ask: Ask) -> Reply:
    """It is over the border."""
    record = (await the_load(ask)).record
    zone = zone_of(ask, record)
    text = ask.words.strip()
    at = when(text, ask.now, zone, past_ok=True, future_ok=False) if text else ask.now
    changed = await intake.crossed(ask.work, ask.world, record.id, at, ask.hands)
    title = _("{number} is over the border since {time}.").format(
        number=cut(record.number, 40), time=ask.times(zone).aged(at)
    )
    return await stands(ask, record.id, title, changed.remarks)


async def cancel(ask: Ask) -> Reply:
    """It does not run; the watch stops."""
    record = (await the_load(ask)).record
    changed = await intake.cancel(ask.work, ask.world, record.id, cut(ask.words, 200), ask.hands)
    title = _("{number} is cancelled and no longer watched. A mistake? Type: /load {key} undo").format(
        number=cut(record.number, 40), key=record.key
    )
    return await stands(ask, record.id, title, changed.remarks)


async def renumber(ask: Ask) -> Reply:
    """Dispatch calls it by another number now."""
    record = (await the_load(ask)).record
    text = wanted(ask, _("What is its new number?"), "/load 1234 renumber 1235").lstrip("#")
    if len(text) > 40:
        raise no(_("A load number has at most 40 characters. Nothing was changed."))
    changed = await intake.renumber(ask.work, ask.world, record.id, text, ask.hands)
    title = _("{was} is {number} now; all that was heard and said stays with it.").format(
        was=cut(record.number, 40), number=cut(text, 40)
    )
    return await stands(ask, record.id, title, changed.remarks)


async def undo(ask: Ask) -> Reply:
    """Takes back the speaker's last change."""
    record = (await the_load(ask)).record
    changed = await intake.undo(ask.work, ask.world, record.id, ask.hands)
    fields = [f for f in changed.fields if not ("numbers" in changed.fields and f == "pars")]
    other = _("the {field}")
    what = ", ".join(_(_FIELDS[f]) if f in _FIELDS else other.format(field=f.replace("_", " ")) for f in fields)
    title = _("{number}: taken back: {what}.").format(number=cut(record.number, 40), what=what)
    return await stands(ask, record.id, title)
