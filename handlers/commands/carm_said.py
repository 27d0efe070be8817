"""What stands after something was recorded or taken back: the verdict, and the next question with its answers."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.carm.evidence import Evidence, Source
from bot.domain.carm.questions import Ask as Whom
from bot.domain.carm.verdict import Verdict
from bot.watch.carm import asked_about
from handlers.announce.carm import CAVEAT, answer, headline, short
from handlers.announce.carmlog import what_of
from handlers.announce.carmscene import Account
from handlers.announce.scene import cut
from handlers.commands.asking import BUTTON_BYTES, MOST_BUTTONS, Ask, quiet
from handlers.commands.carm import asked_of, first_time
from handlers.commands.carm_meant import Meant, line_of_party
from handlers.commands.carm_view import view
from handlers.reply import Button, Part, Reply, Tone, say
from handlers.tokens import quote
from handlers.words import _
from storage.parties import PartyRecord


async def kept_reply(ask: Ask, of: Meant, records: Sequence[Evidence], news: Sequence[str]) -> Reply:
    """What was kept, how the account stands now, and what to ask next."""
    account = view(ask, of)
    title = headline(account)
    if records:
        what = "; ".join(f"{what_of(e, account)} ({account.whom(e)})" for e in records[:4])
        title = _("Kept: {what}. {now}").format(what=what, now=title)
    full = answer(account, asked_of(ask, of))
    body: list[Part] = [say(n + ("" if n.endswith((".", "!", "?")) else ".")) for n in news]
    body += [p for p in full.body if account.of.verdict is not Verdict.OK]
    if await first_time(ask):
        body.append(quiet(_(CAVEAT)))
    undo = Button(_("Undo"), f"{await line_of_party(ask, of.pair.importer, of.pair.subject.importer)} undo")
    taps = [b for b in full.buttons if not b.line.endswith(" set")]
    buttons = [*taps[:5], *_names(records, of, account), *([undo] if records else [])]
    if of.line and _nameless(records):
        by = quote(f"Maria, {records[0].org or 'PCB'}")
        example = f"{of.line} by={by}"
        body.append(quiet(_("Who was it? Type: {line}").format(line=example)))
    fit = [b for b in buttons if len(b.line.encode()) <= BUTTON_BYTES]
    return Reply(title, tuple(body), tuple(fit[:MOST_BUTTONS]), Tone.DONE)


def _nameless(records: Sequence[Evidence]) -> bool:
    """Whether a company said it and nobody knows who there; a picture of the portal speaks for itself."""
    if not records or any(e.who for e in records) or records[0].source is Source.PORTAL_SCREENSHOT:
        return False
    return records[0].role in (Whom.BROKER, Whom.IMPORTER)


def _names(records: Sequence[Evidence], of: Meant, account: Account) -> list[Button]:
    """Who of that company answered before: one tap puts a name to what was said."""
    if not _nameless(records):
        return []
    first = records[0]
    known = [e.who for e in reversed(of.pair.evidence) if e.who and e.org == first.org and e.role == first.role]
    form = _("It was {name}")
    return [
        Button(form.format(name=cut(name, 20)), f"{account.line} by={quote(f'{name}, {first.org}')}")
        for name in list(dict.fromkeys(known))[:2]
    ]


async def taken_back(ask: Ask, party: PartyRecord, gone: Sequence[Evidence]) -> Reply:
    """What was taken back, and how the party's accounts stand now."""
    asked = await asked_about(ask.work, ask.world, party.id, ask.now)
    pairs = asked.pairs
    if not pairs:
        return Reply(_("Taken back."), tone=Tone.DONE)
    account = view(ask, Meant(asked, pairs[0]))
    what = "; ".join(what_of(e, account) for e in gone[:4])
    title = _("Taken back: {what}. {now}").format(what=what, now=headline(account))
    others = tuple(say(short(view(ask, Meant(asked, p)))) for p in pairs[1:4])
    stays = quiet(_("It stays in the log: carm log"))
    return replace(Reply(title, (*others, stays)), tone=Tone.DONE)
