"""An importer's account for words, as a line about CARM found it."""

from dataclasses import replace

from bot.domain.carm.bn import mask, read_bn
from bot.domain.carm.evidence import Item
from bot.domain.carm.verdict import own_checklist
from bot.watch.briefs import contact
from bot.watch.carm import Asked, Pair
from handlers.announce.carmscene import Account, Haul
from handlers.commands.asking import Ask
from handlers.commands.carm_meant import Meant
from storage.loads import LoadRecord


def view(ask: Ask, of: Meant, pair: Pair | None = None) -> Account:
    """The account for words; another pair of the same question has no buttons."""
    one = pair or of.pair
    party = one.importer
    own = pair is None
    return Account(
        ask.home.key,
        ask.now,
        one.readiness,
        party.name if party else "",
        ask.world.carm,
        _number(one),
        contact(one.broker, ask.now),
        replace(contact(party, ask.now), name=party.name if party else ""),
        one.evidence,
        one.plan,
        bonded(ask, of.asked),
        _haul(one.load, of.terms if own else "") if one.load is not None and _hauled(ask, one) else None,
        of.line if own else "",
        of.also if own else "",
        {id_: p.name for id_, p in of.asked.parties.items()},
        ask.work.carrier in ask.world.outages,
        of.clause if own else "",
    )


def bonded(ask: Ask, asked: Asked) -> bool | None:
    """Whether we are bonded, as our own checklist says; None when nobody said."""
    (stand,) = (s for s in own_checklist(asked.own, ask.now, ask.world.carm) if s.item is Item.OWN_BONDED)
    return True if stand.good else False if stand.bad else None


def _number(pair: Pair) -> str:
    rm = pair.readiness.subject.rm
    bn9 = pair.account.bn9 if pair.account else ""
    if not bn9 and pair.shipment is not None:
        bn9 = read_bn(pair.shipment.importer_bn15).bn9
    return mask(bn9, rm)


def _hauled(ask: Ask, pair: Pair) -> bool:
    return bool(pair.loads) or ask.command.noun == "load"


def _haul(load: LoadRecord, terms: str) -> Haul:
    return Haul(load.number, load.crossing, load.eta, load.pickup, terms)
