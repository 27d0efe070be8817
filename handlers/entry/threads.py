"""Which importers a thread asks about: a picture posted there is evidence for one of them, never for a guessed one."""

from dataclasses import dataclass

from bot.domain.kinds import Kind
from bot.domain.load import Life
from bot.domain.route import Place
from bot.watch.carm_digest import Topic, digest_of, review_of
from bot.watch.carm_remind import read_topic
from bot.watch.query import brief
from bot.watch.world import World
from handlers.commands.subjects import ending
from handlers.grammar import Command
from handlers.reply import Line
from storage.work import Work

_CARM = "carm"


@dataclass(frozen=True, slots=True)
class About:
    """Importers, by their ids, that a thread asks about; `load` what a line names one shipment of a load by, where it
    is the load's card that asks; `listed` where the thread is under a list, which may have held more of them."""

    importers: tuple[str, ...] = ()
    load: tuple[str, str] | None = None
    listed: bool = False

    @property
    def command(self) -> Command:
        """The line that a picture posted there stands for; its words are the importers of which one is meant."""
        if len(self.importers) != 1 or self.listed:
            return Command("shipper", "", "carm set", self.importers)
        if self.load is not None:
            key, end = self.load
            return Command("load", key, "carm set", shipment=end)
        return Command("shipper", self.importers[0], "carm set")


def alone(line: Line) -> bool:
    """Whether a line is pictures, with no word of what they are about."""
    return bool(line.files) and line.text.strip().casefold() in ("", _CARM)


async def about(work: Work, world: World, where: Place, ref: str) -> About | None:
    """What a thread asks about; None where it is about no importer."""
    if not ref:
        return None
    asked = await work.threads.importers(where, ref)
    post = await work.posts.find(where, ref)
    found = About()
    if post is not None and post.load_id:
        found = await _of_load(work, world, post.load_id)
    elif post is not None and post.topic.startswith(f"{_CARM}:"):
        found = await _of_list(work, world, post.topic.removeprefix(f"{_CARM}:"))
    every = tuple(dict.fromkeys((*asked, *found.importers)))
    return About(every, found.load, found.listed) if every or found.listed else None


async def _of_load(work: Work, world: World, load_id: str) -> About:
    """The importers for which a load is held."""
    record = (await work.loads.of([load_id])).get(load_id)
    if record is None or record.life is not Life.OPEN:
        return About()
    holds = (await brief(work, world, record)).found.holds
    held = {hold.shipment for hold in holds if hold.kind is Kind.CARM and hold.level is not None}
    rows = (await work.shipments.of_loads([load_id])).get(load_id, []) if held else []
    bad = [row for row in rows if row.id in held and row.importer_id]
    parties = await work.parties.of({row.importer_id for row in bad if row.importer_id})
    ids = tuple(dict.fromkeys(parties[row.importer_id].id for row in bad if row.importer_id in parties))
    end = ending(bad[0], rows) if len(rows) > 1 and bad else ""
    return About(ids, (record.key, end) if ids and (end or len(rows) == 1) else None)


async def _of_list(work: Work, world: World, name: str) -> About:
    """The importers of a day's message, or of the card of a review, as they stand now."""
    topic, day = read_topic(name)
    if topic is Topic.REVIEW:
        ids = tuple(party.id for party in (await review_of(work, world, day)).importers)
    else:
        ids = tuple(ask.importer.id for ask in (await digest_of(work, world, day)).asks)
    return About(ids, listed=True)
