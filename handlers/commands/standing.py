"""What stands after a change: the load's own sentence under what was done."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.brief import Brief
from bot.domain.remarks import Remark, Say
from bot.watch.query import brief
from handlers.announce import card, status
from handlers.commands.asking import Ask, done, quiet
from handlers.reply import Reply
from storage.loads import LoadRecord

#: Lines that may make a load tight or not; under others that it is so is no news, and its answer says it anyway.
_OF_TIME = ("add", "eta", "papers sent", "port", "pars", "paps", "inbond", "broker", "agency", "undo")


async def again(ask: Ask, load_id: str) -> LoadRecord:
    """The load as it is stored now, in this unit."""
    return (await ask.work.loads.of([load_id]))[load_id]


async def brief_now(ask: Ask, load_id: str) -> Brief:
    """The load for people as it stands now."""
    return await brief(ask.work, ask.world, await again(ask, load_id))


async def stands(ask: Ask, load_id: str, said: str, news: Sequence[str | Remark] = ()) -> Reply:
    """`said`, what is worth knowing, and the load's answer; a driver gets no reasons and never a go."""
    told = await brief_now(ask, load_id)
    if ask.who.drives:
        return done(said, (), quiet(card(told, ask.now, driver=True).title))
    now = status(told, ask.now)
    tight_is_news = ask.command.verb in _OF_TIME and not told.found.ended
    worth = [n for n in news if tight_is_news or not (isinstance(n, Remark) and n.say is Say.TIGHT)]
    return done(said, worth, quiet(now.title))


def zone_of(ask: Ask, record: LoadRecord) -> ZoneInfo:
    """The zone in which times of this load are meant: its crossing's, else the carrier's home."""
    crossing = ask.world.crossings.get(record.crossing)
    return crossing.clock if crossing else ask.home
