"""Whose account a line about CARM is about: of a party by who imports, of a load by its shipments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import Readiness, readiness
from bot.domain.carm.whose import Asked as Role
from bot.domain.load import Direction, Life
from bot.watch.carm import Asked, Pair, asked_about, readiness_of_loads
from bot.watch.parties import name_key
from handlers.announce.scene import cut
from handlers.commands.asking import THREAD, Ask, no, question
from handlers.commands.carm_whose import clause, terms_of, who_imports
from handlers.commands.naming import parties_of, party_of
from handlers.commands.parties import known
from handlers.commands.subjects import ending, shipments_meant, the_load
from handlers.grammar import Command
from handlers.tokens import quote
from handlers.words import _
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.shipments import ShipmentRecord

#: Words for the carrier itself, where no party is called so.
US = frozenset({"us", "we", "our", "ours", "ourselves", "own", "self"})
#: Open loads whose papers are looked through for a name that the address book does not have.
_MOST_OPEN = 2000
_MOST_SOUTHERN = 50


@dataclass(frozen=True, slots=True)
class Meant:
    """The account that a line is about, the others of the same question, what its buttons type, and the terms of sale
    of its next load as papers name them."""

    asked: Asked
    pair: Pair
    others: tuple[Pair, ...] = ()
    line: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    clause: str = ""
    terms: str = ""

    @property
    def also(self) -> str:
        """The keys that its buttons end with, as they are typed."""
        return "".join(f" {key}={value if value.isdigit() else quote(value)}" for key, value in self.keys)


async def about_us(ask: Ask) -> bool:
    """Whether a line is about the carrier's own checklist."""
    subject = ask.command.subject.strip().casefold()
    return ask.command.noun == "shipper" and subject in US and not await parties_of(ask, subject)


async def meant(ask: Ask) -> Meant:
    """The account meant, that of the next load first; Stop with a question where nobody knows who imports."""
    of = await _meant(ask)
    others = () if ask.command.spec.writes else of.others
    for pair in (of.pair, *others) if ask.line.root else ():
        ask.notes[f"{THREAD}{pair.subject.importer}"] = pair.subject.importer
    return replace(of, terms=await terms_of(ask, of.pair.load, of.pair.shipment))


async def _meant(ask: Ask) -> Meant:
    if ask.command.noun == "load":
        return await _of_load(ask)
    record = await load_naming(ask)
    if record is not None:
        of = await _of_load(replace(ask, command=replace(ask.command, noun="load", subject=record.key)))
        form = _("importer of record for what {party} ships or receives (load {number})")
        names = {"party": cut(ask.command.subject, 40), "number": cut(record.number, 40)}
        return replace(of, clause=form.format_map(names))
    return await _of_party(ask)


async def load_naming(ask: Ask) -> LoadRecord | None:
    """The next open load whose papers name a shipper or consignee that is not in the address book."""
    name = ask.command.subject.strip().lstrip("=")
    key = name_key(name)
    if not key or await parties_of(ask, name):
        return None
    told = await ask.work.carm.named(await ask.work.loads.open_ids(limit=_MOST_OPEN))
    ids = [load for load, words in told.items() if any(name_key(w.value or "") == key for w in words)]
    loads = [r for r in (await ask.work.loads.of(ids)).values() if r.life is Life.OPEN]
    return min(loads, key=lambda r: (r.eta is None, r.eta or r.known_at, r.id), default=None)


async def _of_party(ask: Ask) -> Meant:
    party = await known(ask, "importer")
    asked = await asked_about(ask.work, ask.world, party.id, ask.now)
    if not asked.pairs:
        raise await who_imports(ask, asked)
    await _into_canada(ask, asked)
    pairs = [_cleared(ask, pair, asked) for pair in asked.pairs]
    first, *rest = _worst_of_one_load((*pairs, *asked.others))
    pair, others = await _chosen(ask, first, rest)
    line = await _line(ask, pair)
    return Meant(asked, pair, others, line, _keys(line, pair, asked), clause(asked, pair))


async def _into_canada(ask: Ask, asked: Asked) -> None:
    """Refuses the question about who imports into the US alone, and of whom nothing was ever recorded."""
    known_ = any(pair.account or len(pair.evidence) > 1 for pair in asked.pairs)
    if asked.whose.asked is not Role.STRANGER or known_ or ask.command.spec.writes:
        return
    loads = await ask.work.finder.listed(importer_id=asked.party.id, life=None, limit=_MOST_SOUTHERN)
    if loads and all(load.direction is Direction.US for load in loads):
        form = _("{name} imports into the US only: CARM is asked of loads into Canada.")
        raise no(form.format(name=cut(asked.party.name, 40)))


def _cleared(ask: Ask, pair: Pair, asked: Asked) -> Pair:
    """An account of which nobody said who clears it is cleared by the only broker that its importer has."""
    brokers = {p.broker.id: p.broker for p in asked.pairs if p.broker is not None}
    if pair.broker is not None or len(brokers) != 1:
        return pair
    (broker,) = brokers.values()
    return _with(ask, pair, replace(pair.subject, broker=broker.id), broker)


def _worst_of_one_load(pairs: Sequence[Pair]) -> list[Pair]:
    """Several importers of the next load: the worst goes first; the accounts of other loads follow."""
    first = pairs[0].load
    same = [p for p in pairs if first is not None and p.load is not None and p.load.id == first.id] or [pairs[0]]
    worst = max(same, key=lambda p: p.readiness.verdict.badness)
    return [worst, *(p for p in pairs if p is not worst)]


async def _chosen(ask: Ask, first: Pair, rest: Sequence[Pair]) -> tuple[Pair, tuple[Pair, ...]]:
    """The pair that `broker=` and `rm=` name; an account nobody heard of yet is one too."""
    rm, broker = rm_of(ask), await broker_of(ask)
    if not rm and broker is None:
        return first, tuple(rest)
    every = [first, *rest]
    fits = [
        p for p in every
        if (not rm or p.subject.rm == rm) and (broker is None or p.subject.broker == broker.id)
    ]  # fmt: skip
    if not fits:
        near = next((p for p in every if rm and p.subject.rm == rm), first)
        subject = replace(near.subject, rm=rm or near.subject.rm, broker=broker.id if broker else near.subject.broker)
        fits = [_with(ask, near, subject, broker or near.broker)]
    return fits[0], tuple(p for p in every if p is not fits[0])


def _with(ask: Ask, pair: Pair, subject: Subject, broker: PartyRecord | None) -> Pair:
    """The same importer with another account or broker."""
    account = pair.account if pair.account is not None and subject.rm in ("", pair.account.rm) else None
    of = readiness(pair.evidence, subject, ask.now, ask.world.carm, pair.plan)
    return replace(pair, subject=subject, readiness=of, broker=broker, account=account, loads=())


def rm_of(ask: Ask) -> str:
    """The four digits after RM that a line names; '' for none."""
    text = (ask.command.value("rm") or "").strip()
    if not text:
        return ""
    digits = text.upper().removeprefix("RM").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4) or not digits.strip("0"):
        form = _("“{text}” is no account: it is the 4 digits after RM, as in rm=0002. Nothing was changed.")
        raise no(form.format(text=cut(text, 20)))
    return digits.zfill(4)


async def broker_of(ask: Ask) -> PartyRecord | None:
    """The broker that a line names by `broker=`."""
    text = (ask.command.value("broker") or "").strip()
    if not text:
        return None
    others = tuple(p for p in ask.command.pairs if p[0] != "broker")
    found = await party_of(ask, text, lambda id_: replace(ask.command, pairs=(*others, ("broker", id_))).line())
    if found is None:
        add = Command("broker", cut(text, 40), "set", (), (("phone", "555-0142"),)).line()
        raise no(
            _("There is no broker “{name}” in the address book. Nothing was changed.").format(name=cut(text, 40)),
            _("To add it, type: {line}").format(line=add),
        )
    return found


async def _line(ask: Ask, pair: Pair) -> str:
    """What a button types: by the load where there is one, so that a later tap is about the same account."""
    if pair.load is not None and pair.shipment is not None and pair.loads:
        return await _line_of(ask, pair.load, pair.shipment)
    return await line_of_party(ask, pair.importer, pair.subject.importer)


async def _line_of(ask: Ask, load: LoadRecord, row: ShipmentRecord) -> str:
    rows = (await ask.work.shipments.of_loads([load.id])).get(load.id, [])
    if len(rows) < 2:
        return f"/load {load.key} carm"
    end = ending(row, rows)
    return f"/load {load.key} …{end} carm" if end else ""


async def line_of_party(ask: Ask, party: PartyRecord | None, id_: str) -> str:
    """`/shipper ACME carm`, by its name where that is short and nobody else's."""
    if party is not None and len(await parties_of(ask, party.name)) == 1:
        line = Command("shipper", party.name, "carm").line()
        if len(line.encode()) <= 30 and line.startswith("/shipper ") and '"carm"' not in line:
            return line
    return f"/shipper {id_} carm"


def _keys(line: str, pair: Pair, asked: Asked) -> tuple[tuple[str, str], ...]:
    """The keys that a button needs where its line alone would mean another account."""
    if line.startswith("/load"):
        return ()
    own = [p for p in asked.pairs if p.subject.importer == pair.subject.importer]
    several_rm = len({p.subject.rm for p in own}) > 1 or (own and own[0].subject.rm != pair.subject.rm)
    brokers = {p.subject.broker for p in own if p.subject.broker}
    several = len(brokers) > 1 or pair.subject.broker not in brokers
    rm = (("rm", pair.subject.rm),) if several_rm and pair.subject.rm else ()
    broker = (("broker", pair.broker.name),) if several and pair.broker else ()
    return (*rm, *broker)


async def _of_load(ask: Ask) -> Meant:
    of = await the_load(ask)
    number = cut(of.record.number, 40)
    if of.record.direction is not Direction.CA:
        raise no(_("{number} goes into the US: CARM is asked of loads into Canada only.").format(number=number))
    rows = await shipments_meant(ask, of, ask_which=False)
    found = await readiness_of_loads(ask.work, ask.world, [of.record], {of.record.id: rows}, ask.now)
    if not found:
        raise no(_("{number} has no shipment of which CARM is asked.").format(number=number))
    of_rows = {s.id: s for s in rows if s.id in found}
    order = sorted(of_rows, key=lambda id_: -found[id_].verdict.badness)
    if ask.command.spec.writes and len({_key(found[id_]) for id_ in order}) > 1:
        raise _which(ask, of.record, list(of_rows.values()))
    if not found[order[0]].subject.importer:
        raise await who_imports(ask, None, of.record)
    pairs = [await _pair_of(ask, of.record, of_rows[id_], found[id_]) for id_ in order if found[id_].subject.importer]
    asked, pair = pairs[0]
    once = {_key(p.readiness): p for _asked, p in reversed(pairs[1:]) if _key(p.readiness) != _key(pair.readiness)}
    unnamed = sum(not r.subject.importer for r in found.values())
    line = await _line_of(ask, of.record, of_rows[order[0]])
    where = _("importer of load {number}").format(number=number)
    if unnamed:
        where += _(", on which {n} more have no importer named").format(n=unnamed)
    return Meant(asked, pair, tuple(once.values()), line, (), where)


def _key(of: Readiness) -> tuple[str, str, str]:
    return of.subject.importer, of.subject.rm, of.subject.broker


def _which(ask: Ask, record: LoadRecord, rows: Sequence[ShipmentRecord]) -> Exception:
    base = replace(ask.command, subject=record.key)
    lines = [
        (cut(s.text or s.ccn, 40), replace(base, shipment=end).line()) for s in rows[:6] if (end := ending(s, rows))
    ]
    form = _("{number} has several importers or brokers, and nothing was changed. Which shipment?")
    lost = [_("The picture was not kept: send it again with the line of its shipment.")] if ask.line.files else []
    return question(form.format(number=cut(record.number, 40)), lines, *lost)


async def _pair_of(ask: Ask, record: LoadRecord, row: ShipmentRecord, of: Readiness) -> tuple[Asked, Pair]:
    """The pair of one shipment, as it stands for this load."""
    asked = await asked_about(ask.work, ask.world, of.subject.importer, ask.now)
    fits = [p for p in asked.pairs if (p.subject.rm, p.subject.broker) == (of.subject.rm, of.subject.broker)]
    near = fits or [p for p in asked.pairs if p.subject.broker == of.subject.broker] or list(asked.pairs)
    pair = near[0]
    broker = asked.parties.get(of.subject.broker) or pair.broker
    importer = asked.parties.get(of.subject.importer) or pair.importer
    return asked, replace(
        pair, subject=of.subject, readiness=of, load=record, shipment=row, broker=broker, importer=importer,
        account=pair.account if fits else None,
    )  # fmt: skip
