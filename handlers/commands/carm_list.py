"""/shipper carm without a name: every importer, those with loads ahead first and of these the worst."""

from collections import Counter
from dataclasses import replace

from bot.watch.briefs import contact
from bot.watch.carm_loads import Importer, every_importer
from handlers.announce.carmlist import Listed, list_reply
from handlers.announce.carmscene import Account, Haul
from handlers.commands.asking import Ask
from handlers.grammar import Command
from handlers.reply import Reply


async def importers(ask: Ask) -> Reply:
    """How all importers of the carrier stand."""
    found = await every_importer(ask.work, ask.world)
    names = Counter(one.importer.name_key for one in found)
    return list_reply([_listed(ask, one, alone=names[one.importer.name_key] == 1) for one in found])


def _listed(ask: Ask, one: Importer, *, alone: bool) -> Listed:
    party, first = one.importer, one.loads[0] if one.loads else None
    haul = Haul(first.number, first.crossing, first.eta, first.pickup) if first is not None else None
    account = Account(
        ask.home.key, ask.now, one.readiness, party.name, ask.world.carm, one.number,
        broker=contact(one.broker, ask.now), haul=haul,
    )  # fmt: skip
    line = Command("shipper", party.name if alone else party.id, "carm").line()
    return replace(account, line=line), len(one.loads), line
