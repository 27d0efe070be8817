"""/load: what is asked of one load."""

from bot.watch.query import at_a_glance, brief
from handlers.announce import card, status, why
from handlers.commands.asking import Ask
from handlers.commands.subjects import may_see, the_load
from handlers.reply import Reply


async def show(ask: Ask) -> Reply:
    """May it go: one sentence first."""
    seen = await at_a_glance(ask.work, ask.world, ask.command.subject) if ask.command.subject else None
    if seen is not None and may_see(ask, seen[0]):
        found = seen[1]
    else:
        found = await brief(ask.work, ask.world, (await the_load(ask)).record)
    if ask.who.drives:
        return card(found, ask.now, driver=True)
    return status(found, ask.now)


async def explain(ask: Ask) -> Reply:
    """The rules that fired, the facts and their ages."""
    meant = await the_load(ask)
    found = await brief(ask.work, ask.world, meant.record)
    return why(found, ask.now, ask.world.carriers[ask.work.carrier].policy)
