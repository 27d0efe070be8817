"""/load: what is asked of one load."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.brief import Brief
from bot.domain.kinds import Kind
from bot.watch.query import at_a_glance, brief
from handlers.announce import card, status, why
from handlers.commands.asking import Ask
from handlers.commands.carm_line import carm_lines
from handlers.commands.subjects import may_see, the_load
from handlers.reply import Part, Reply


async def show(ask: Ask) -> Reply:
    """May it go: one sentence first."""
    seen = await at_a_glance(ask.work, ask.world, ask.command.subject) if ask.command.subject else None
    if seen is not None and may_see(ask, seen[0]):
        record, found = seen
    else:
        record = (await the_load(ask)).record
        found = await brief(ask.work, ask.world, record)
    if ask.who.drives:
        return card(found, ask.now, driver=True)
    return _with(status(found, ask.now), await carm_lines(ask, record, told=_held(found)))


async def explain(ask: Ask) -> Reply:
    """The rules that fired, the facts and their ages."""
    meant = await the_load(ask)
    found = await brief(ask.work, ask.world, meant.record)
    reply = why(found, ask.now, ask.world.carriers[ask.work.carrier].policy)
    return _with(reply, await carm_lines(ask, meant.record, whole=True, told=_held(found)))


def _held(brief: Brief) -> bool:
    """Whether the answer itself tells of the importer already."""
    return any(h.kind is Kind.CARM and h.level is not None for h in brief.found.holds)


def _with(reply: Reply, more: Sequence[Part]) -> Reply:
    """The same with more at its end, before the small print that ends it."""
    return replace(reply, body=(*reply.body[:-1], *more, *reply.body[-1:])) if more else reply
