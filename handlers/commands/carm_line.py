"""The line of a load's answer that says how its importers stand with CARM."""

from collections.abc import Sequence

from bot.domain.carm.verdict import Readiness, Verdict
from bot.domain.load import Direction, Life
from bot.watch.briefs import contact
from bot.watch.carm import readiness_of_loads
from handlers.announce.blocks import quiet
from handlers.announce.carm import mended_by, short
from handlers.announce.carmscene import Account, Haul
from handlers.announce.facts import answers_now
from handlers.commands.asking import Ask
from handlers.reply import Part, say
from handlers.words import _
from storage.loads import LoadRecord

_MOST = 4


async def carm_lines(ask: Ask, record: LoadRecord, *, whole: bool = False, told: bool = False) -> Sequence[Part]:
    """Verdict and age of each importer of a load into Canada, the worst first; NOT OK, and all when `whole`, with the
    sentence to say, unless the answer has `told` it."""
    if record.direction is not Direction.CA or record.life is not Life.OPEN:
        return ()
    found = await readiness_of_loads(ask.work, ask.world, [record], now=ask.now)
    once = {(r.subject.importer, r.subject.rm, r.subject.broker): r for r in found.values()}
    order = sorted(once.values(), key=lambda r: -r.verdict.badness)[:_MOST]
    named = {p for r in order for p in (r.subject.importer, r.subject.broker) if p}
    parties = await ask.work.parties.of(named) if named else {}
    parts: list[Part] = []
    for of in order:
        if not of.subject.importer:
            form = _("CARM NOT KNOWN: nobody is named as importer of record. Type: /load {key} importer NAME")
            parts.append(quiet(form.format(key=record.key)))
            continue
        importer, broker = parties.get(of.subject.importer), parties.get(of.subject.broker)
        account = Account(
            ask.home.key, ask.now, of, importer.name if importer else "", ask.world.carm,
            broker=contact(broker, ask.now), haul=Haul(record.number, record.crossing, record.eta, record.pickup),
            places={id_: p.name for id_, p in parties.items()},
        )  # fmt: skip
        parts += _told(account, of, record, whole=not told and (whole or of.verdict is Verdict.NOT_OK))
    return parts


def _told(account: Account, of: Readiness, record: LoadRecord, *, whole: bool) -> list[Part]:
    text = short(account)
    if of.verdict is Verdict.OK:
        return [quiet(text)]
    if not whole:
        form = _("{carm}. What to ask: /load {key} carm")
        return [quiet(form.format(carm=text, key=record.key))]
    parts: list[Part] = [say(text), say(mended_by(account))]
    if account.broker.name:
        who = _("{broker}: {phone}").format(broker=account.agent, phone=answers_now(account.broker, account))
        parts.append(quiet(who))
    return parts
