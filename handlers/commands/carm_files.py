"""Pictures and documents that come with a line about CARM: kept as they are, asked about until they are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.carm.evidence import UNKNOWN, Evidence, Item, Source
from bot.domain.carm.scope import standing_records
from bot.watch.carm_words import record
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, choices, no
from handlers.commands.carm_meant import Meant
from handlers.grammar import Command
from handlers.reply import Reply, Tone, say
from handlers.words import _, mark, ngettext
from storage.attachments import Unfit, attached
from storage.ids import new_id

#: What a picture of the portal mostly shows.
_SHOWN = (
    (mark("RPP is listed"), "rpp=yes"),
    (mark("RPP is not listed"), "rpp=no"),
    (mark("Bond covers it"), "cover=bond"),
    (mark("Cash covers it"), "cover=cash"),
    (mark("Coverage too low"), "cover=no"),
    (mark("Request approved"), "access=yes"),
    (mark("Request pending"), "access=pending"),
)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Ids of what was kept, and a sentence for each that was not."""

    ids: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


async def pictures(ask: Ask) -> Pictures:
    """Keeps what came with the line; a picture that was kept before is named by `file=`."""
    ids: list[str] = []
    faults: list[str] = []
    for upload in ask.line.files:
        try:
            if upload.fault:
                raise Unfit(upload.fault)
            kept = attached(upload.body, upload.name, ask.now, ask.who.name, ask.who.person)
        except Unfit as why:
            faults.append(_("{file}: {why}").format(file=cut(upload.name, 40), why=str(why)))
            continue
        ids.append(await ask.work.attachments.keep(kept))
    if named := (ask.command.value("file") or "").strip():
        wanted = [one.strip() for one in named.split(",") if one.strip()]
        if set(wanted) - (await ask.work.attachments.of(wanted)).keys():
            raise no(_("That picture is not kept here; send it again. Nothing was recorded."))
        ids += wanted
    return Pictures(tuple(dict.fromkeys(ids)), tuple(faults))


async def unread(ask: Ask, of: Meant, kept: Pictures) -> Reply:
    """Keeps pictures of which nobody said what they show, and asks."""
    files = await ask.work.attachments.of(kept.ids)
    subject = of.pair.readiness.subject
    records = [
        Evidence(
            new_id(), subject.importer, Item.RPP, UNKNOWN, Source.IMPORT_FILE, ask.now, ask.now, how="chat",
            recorded_by=ask.who.name, note=files[id_].name, attachment=id_, rm=subject.rm,
        )
        for id_ in kept.ids
    ]  # fmt: skip
    await record(ask.work, records)
    form = ngettext(
        "{n} picture is kept as evidence for {importer}. What does it show?",
        "{n} pictures are kept as evidence for {importer}. What do they show?",
        len(records),
    )
    importer = cut(of.pair.importer.name if of.pair.importer else "", 40)
    lines = [(_(label), f"{of.line} {what} file={kept.ids[-1]}{of.also}") for label, what in _SHOWN] if of.line else []
    buttons, typed = choices(lines)
    body = (*(say(f) for f in kept.faults), say(_("Until somebody says, it counts for nothing.")), *typed)
    return Reply(form.format(n=len(records), importer=importer), body, buttons, Tone.DONE)


async def whose(ask: Ask) -> Reply:
    """Keeps pictures that were posted in a thread about several importers, and asks whose they are; where nobody is
    known of whom the thread asks nothing is kept."""
    if not ask.command.words:
        raise no(
            _("Whose picture is it? Nothing was kept."),
            _("Send it again with the importer's name under it, as in: carm ACME"),
        )
    kept = await pictures(ask)
    if not kept.ids:
        raise no(*kept.faults)
    parties = await ask.work.parties.of(ask.command.words)
    form = ngettext("{n} picture is kept. Whose is it?", "{n} pictures are kept. Whose are they?", len(kept.ids))
    pairs = (("file", ",".join(kept.ids)),)
    lines = [(p.name, Command("shipper", p.id, "carm set", pairs=pairs).line()) for p in parties.values()]
    buttons, typed = choices(lines)
    other = Command("shipper", "NAME", "carm set", pairs=pairs).line()
    body = (
        *(say(f) for f in kept.faults), say(_("Until somebody says, it counts for nothing.")), *typed,
        say(_("Somebody else's, type: {line}").format(line=other)),
    )  # fmt: skip
    return Reply(form.format(n=len(kept.ids)), body, buttons, Tone.DONE)


def read_now(told: Sequence[Evidence], attachment: str) -> str:
    """The record of a picture that nobody had read, which this line reads; '' for none."""
    waiting = (e for e in standing_records(told) if e.state == UNKNOWN and e.source is Source.IMPORT_FILE)
    return next((e.id for e in waiting if attachment and e.attachment == attachment), "")
