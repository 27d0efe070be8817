"""Pictures and documents that come with a line about CARM: kept as they are, asked about until they are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.carm.evidence import UNKNOWN, Evidence, Item, Source
from bot.domain.carm.scope import standing_records
from bot.watch.carm_words import record
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, choices, no
from handlers.commands.carm_meant import Meant
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
        if named not in await ask.work.attachments.of([named]):
            raise no(_("That picture is not kept here; send it again. Nothing was recorded."))
        ids.append(named)
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


def read_now(told: Sequence[Evidence], attachment: str) -> str:
    """The record of a picture that nobody had read, which this line reads; '' for none."""
    waiting = (e for e in standing_records(told) if e.state == UNKNOWN and e.source is Source.IMPORT_FILE)
    return next((e.id for e in waiting if attachment and e.attachment == attachment), "")
