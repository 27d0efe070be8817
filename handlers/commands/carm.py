"""/shipper ACME carm and /load 1234 carm: whether the importer is ready, what to ask, and all that was said."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.carm.evidence import Item
from bot.domain.carm.questions import Question, next_asking, own_questions, questions
from bot.domain.carm.verdict import own_checklist
from handlers.announce.carm import answer
from handlers.announce.carmask import questions_reply
from handlers.announce.carmlog import log_reply, own_reply
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no
from handlers.commands.carm_list import importers
from handlers.commands.carm_meant import Meant, about_us, meant
from handlers.commands.carm_view import view
from handlers.commands.parties import known
from handlers.reply import Reply
from handlers.words import _


async def show(ask: Ask) -> Reply:
    """The verdict, what can be done at this hour, and what mends it; without a name every importer in a line."""
    _no_words(ask)
    if await about_us(ask):
        return await of_us(ask)
    if ask.command.noun == "shipper" and not ask.command.subject and not ask.command.pairs:
        return await importers(ask)
    of = await meant(ask)
    others = [view(ask, of, pair) for pair in of.others]
    return answer(view(ask, of), asked_of(ask, of), others, caveat=await first_time(ask))


async def show_ask(ask: Ask) -> Reply:
    """What to ask, in order, with answers to tap."""
    _no_words(ask)
    if await about_us(ask):
        return await of_us(ask)
    of = await meant(ask)
    again = next_asking(of.pair.evidence, of.pair.readiness.subject, ask.now, ask.world.carm)
    return questions_reply(view(ask, of), asked_of(ask, of), again)


async def log(ask: Ask) -> Reply:
    """Everything that was said, by whom, the newest first."""
    if await about_us(ask):
        told = (await ask.work.evidence.of_importers([""])).get("", [])
        return log_reply(_("our own checklist"), told, {}, {}, ask.times(), ask.world.carm)
    party = await known(ask, "importer")
    told = (await ask.work.evidence.of_importers([party.id])).get(party.id, [])
    names = await ask.work.parties.of({e.broker for e in told if e.broker})
    files = await ask.work.attachments.of({e.attachment for e in told if e.attachment})
    return log_reply(
        cut(party.name, 60), told, {id_: p.name for id_, p in names.items()},
        {id_: f.name for id_, f in files.items()}, ask.times(), ask.world.carm,
    )  # fmt: skip


def asked_of(ask: Ask, of: Meant) -> Sequence[Question]:
    """What is still to be asked about the account."""
    found = questions(of.pair.readiness, of.pair.evidence, ask.now, ask.world.carm)
    failing = {reason.item for reason in of.pair.readiness.failing}
    return tuple(sorted(found, key=lambda q: _turn(q, failing)))


def _turn(question: Question, failing: Collection[Item]) -> int:
    """What fails is asked first. That our own load's importer imports is asked once the broker's part is settled."""
    if question.item in failing:
        return 0
    assumed = question.standing is not None and question.standing.says("assumed")
    if question.item is Item.IOR:
        return 3 if assumed else 1
    return 2 if question.blocking else 4


async def of_us(ask: Ask) -> Reply:
    """Our own checklist, with what is still to be answered."""
    told = (await ask.work.evidence.of_importers([""])).get("", [])
    checklist = own_checklist(told, ask.now, ask.world.carm)
    return own_reply(checklist, own_questions(checklist), ask.times(), ask.world.carm)


async def first_time(ask: Ask) -> bool:
    """Whether this place, or this person alone, never heard what a verdict does not mean; it is noted."""
    of = ask.line.who if ask.line.private or not ask.line.where.external else ask.line.where
    key = f"carm.caveat:{of.door}:{of.workspace}:{of.external}"[:200]
    if await ask.dock.settings.find(key) is not None:
        return False
    ask.notes[key] = ask.now.isoformat()
    return True


def _no_words(ask: Ask) -> None:
    """`carm rpp active` is no line: what somebody said is typed with a sign of equality."""
    if not ask.command.words:
        return
    example = replace(ask.command, verb="carm set", words=(), pairs=(("rpp", "active"), ("by", "Maria, PCB"))).line()
    raise no(
        _("“{words}” was not understood, and nothing was recorded.").format(words=cut(ask.words, 40)),
        _("To record what somebody said, type: {line}").format(line=example),
    )
