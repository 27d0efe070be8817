"""/load: what is asked of one load."""

from bot.watch.query import brief
from handlers.announce import card, status, why
from handlers.commands.asking import Ask
from handlers.commands.subjects import the_load
from handlers.reply import Reply


async def show(ask: Ask) -> Reply:
    """May it go: one sentence first."""
    meant = await the_load(ask)
    found = await brief(ask.work, ask.world, meant.record)
    if ask.who.drives:
        return card(found, ask.now, driver=True)
    return status(found, ask.now)


async def explain(ask: Ask) -> Reply:
    """The rules that fired, the facts and their ages."""
    meant = await the_load(ask)
    found = await brief(ask.work, ask.world, meant.record)
    return why(found, ask.now, ask.world.carriers[ask.work.carrier].policy)
