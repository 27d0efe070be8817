"""/load: which of two numbers is on the sticker."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.kinds import Kind
from bot.domain.load import Direction
from bot.domain.remarks import Remark
from bot.watch import intake
from bot.watch import sticker as watched
from handlers.announce import advised
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, done, no, question, quiet, wanted
from handlers.commands.standing import again, brief_now
from handlers.commands.subjects import Meant, ending, shipments_meant, the_load
from handlers.reply import Reply
from handlers.words import _
from storage.shipments import ShipmentRecord

_ANSWERS = {"ours": "ours", "our": "ours", "mine": "ours", "theirs": "theirs", "their": "theirs", "other": "theirs"}
_ACI = {"yes": True, "right": True, "ok": True, "no": False, "wrong": False}


async def sticker(ask: Ask) -> Reply:
    """ours: the broker files again. theirs: our number was a slip, and the manifest is asked about."""
    meant = await the_load(ask)
    await intake.open_load(ask.work, meant.record.id)
    example = "/load 1234 sticker ours"
    text = wanted(ask, _("Which number is on the sticker, ours or theirs?"), example).casefold()
    answer = _ANSWERS.get(text.split()[0])
    if answer is None or len(text.split()) > 1:
        raise no(
            _("“{word}” is neither ours nor theirs. Nothing was changed.").format(word=cut(text, 40)),
            _("Type: {line}").format(line=example),
            _("Another number altogether: /load 1234 pars OLD=>NEW"),
        )
    row, other = await _asked(ask, meant)
    if answer == "ours":
        return await _ours(ask, meant, row, other)
    return await _theirs(ask, meant, row, other)


async def _asked(ask: Ask, meant: Meant) -> tuple[ShipmentRecord, str]:
    """The shipment whose number is in question, and the number that it is held against."""
    rows = await shipments_meant(ask, meant, ask_which=False)
    found = (await brief_now(ask, meant.record.id)).found
    near = {
        h.shipment: (h.detail or {}).get("near", "")
        for h in found.holds
        if h.kind is Kind.NUMBER_MISMATCH and (h.detail or {}).get("answer") != "theirs"
    }
    asked = [s for s in rows if near.get(s.id)]
    if not asked:
        raise no(
            _("No number of {number} is in question: none that is on file looks like it. Nothing was changed.").format(
                number=cut(meant.record.number, 40)
            ),
            _("To replace one: /load {key} pars OLD=>NEW").format(key=meant.record.key),
        )
    if len(asked) > 1:
        raise _which(ask, meant, asked)
    return asked[0], near[asked[0].id]


def _which(ask: Ask, meant: Meant, asked: Sequence[ShipmentRecord]) -> Exception:
    base = replace(ask.command, subject=meant.record.key)
    lines = [(cut(s.text or s.ccn, 40), replace(base, shipment=ending(s, asked)).line()) for s in asked]
    title = _("Several numbers of {number} are in question. Which one? Nothing was changed.")
    return question(title.format(number=cut(meant.record.number, 40)), lines)


async def _ours(ask: Ask, meant: Meant, row: ShipmentRecord, other: str) -> Reply:
    await watched.ours(ask.work, ask.world, row, other, ask.hands)
    title = _("{number}: {ours} is on the sticker, so {other} was filed with a slip.").format(
        number=cut(meant.record.number, 40), ours=cut(row.text or row.ccn, 40), other=cut(other, 40)
    )
    return await _advised(ask, meant, title)


async def _theirs(ask: Ask, meant: Meant, row: ShipmentRecord, other: str) -> Reply:
    manifest = "ACI" if meant.record.direction is Direction.CA else "ACE"
    right = _ACI.get((ask.command.value("aci") or "").casefold())
    own = cut(row.text or row.ccn, 40)
    if right is None:
        base = replace(ask.command, subject=meant.record.key, words=("theirs",), pairs=())
        rows = (await ask.work.shipments.of_loads([meant.record.id])).get(meant.record.id, [])
        if len(rows) > 1:
            base = replace(base, shipment=ending(row, rows))
        form = _("{manifest} has {number}")
        raise question(
            _("{number}: is the {manifest} right? Which number is in our manifest? Nothing was changed yet.").format(
                number=cut(meant.record.number, 40), manifest=manifest
            ),
            [
                (form.format(manifest=manifest, number=cut(other, 40)), replace(base, pairs=(("aci", "yes"),)).line()),
                (form.format(manifest=manifest, number=own), replace(base, pairs=(("aci", "no"),)).line()),
            ],
            _("Then {other} replaces {own}, and nothing goes until customs matches or accepts it again.").format(
                other=cut(other, 40), own=own
            ),
        )
    changed = await watched.theirs(ask.work, ask.world, row, other, ask.hands)
    title = _("{number}: {other} replaces {own}; no go until a match or an acceptance newer than this.").format(
        number=cut(meant.record.number, 40), other=cut(other, 40), own=own
    )
    amend = _("amend the {manifest} manifest: {other} instead of {own}, as its cargo number")
    todo = () if right else (amend.format(manifest=manifest, other=cut(other, 40), own=own),)
    return await _advised(ask, meant, title, (*todo, *changed.remarks))


async def _advised(ask: Ask, meant: Meant, title: str, news: Sequence[str | Remark] = ()) -> Reply:
    """What was done, whom to call and what to say now."""
    told = await brief_now(ask, (await again(ask, meant.record.id)).id)
    now, parts = advised(told, ask.now)
    return done(title, news, *parts, quiet(now))
