"""Who is importer of record, in words; and the question where nobody knows."""

from bot.domain.carm.evidence import Item
from bot.domain.carm.fixes import Say
from bot.domain.carm.reasons import Verdict
from bot.domain.carm.whose import Asked as Role
from bot.domain.load import standing
from bot.watch.carm import Asked, Pair
from handlers.announce.carmscene import VERDICTS
from handlers.announce.carmwords import SAYS
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, choices
from handlers.grammar import Command
from handlers.reply import Para, Reply, Result, Span, Style, say
from handlers.words import _
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord


def clause(asked: Asked, pair: Pair) -> str:
    """`importer of record for what ACME ships (load 1234)`: what the account's owner is to the party that was named."""
    load = f" ({_('load {number}').format(number=cut(pair.load.number, 40))})" if pair.load is not None else ""
    role, party = asked.whose.asked, cut(asked.party.name, 40)
    other = pair.importer is not None and pair.importer.id != asked.party.id
    if role is Role.SHIPPER and other:
        return _("importer of record for what {party} ships{load}").format(party=party, load=load)
    if role is Role.CONSIGNEE and other:
        return _("importer of record for what {party} receives{load}").format(party=party, load=load)
    if role is Role.STRANGER:
        return _("no load of ours into Canada names it")
    stand = pair.readiness.standings[Item.IOR]
    if stand.says("confirmed"):
        return _("importer of record")
    return _("importer of record as our load says{load}").format(load=load) if stand.says("assumed") else ""


async def who_imports(ask: Ask, asked: Asked | None, record: LoadRecord | None = None) -> Stop:
    """The first question: nobody is known as importer of record, so there is no account to answer about."""
    if record is None and asked is not None:
        record = (await ask.work.loads.of([asked.whose.load])).get(asked.whose.load)
    number = cut(record.number, 40) if record else ""
    form = _("{verdict}: nobody knows who is importer of record for load {number}. That is the first question.")
    title = form.format(verdict=_(VERDICTS[Verdict.NOT_KNOWN]), number=number)
    body = [
        Para((Span(_("Ask the customer who ordered the load: "), Style.BOLD), Span(f"“{_(SAYS[Say.NAME_IMPORTER])}”"))),
        say(_("On freight into Canada it is mostly the Canadian consignee, and the shipper only where it says so.")),
    ]
    if terms := await terms_of(ask, record, None):
        body.append(say(_("Its papers give the terms of sale as {terms}.").format(terms=cut(terms, 60))))
    if record is None:
        return Stop(Reply(title, tuple(body), private=True, result=Result.UNKNOWN))
    named = await _named(ask, record)
    form = _("{name} imports ({role})")
    lines = [
        (form.format(name=cut(name, 30), role=role), Command("load", record.key, "importer", (name,)).line())
        for role, name in named
    ]
    buttons, typed = choices(lines)
    other = _("Somebody else, type: {line}").format(line=f"/load {record.key} importer NAME")
    return Stop(Reply(title, (*body, *typed, say(other)), buttons, private=True, result=Result.UNKNOWN))


async def _named(ask: Ask, record: LoadRecord) -> list[tuple[str, str]]:
    """The consignee and the shipper that the load's papers name."""
    told = (await ask.work.said.of_loads([record.id])).get(record.id, [])
    found = []
    for field, role in (("consignee", _("consignee")), ("shipper", _("shipper"))):
        word = standing(tuple(s for s in told if s.field == field))
        if word is not None and word.value:
            found.append((role, word.value))
    return found


async def terms_of(ask: Ask, load: LoadRecord | None, row: ShipmentRecord | None) -> str:
    """The terms of sale that a load's papers name; '' for none."""
    if load is None:
        return ""
    told = (await ask.work.carm.papers([load.id])).get(load.id, [])
    ids = {row.id} if row is not None else {s.shipment for s in told}
    found = (standing(tuple(s for s in told if s.field == "terms" and s.shipment == id_)) for id_ in sorted(ids))
    return ", ".join(dict.fromkeys(word.value for word in found if word is not None and word.value))
