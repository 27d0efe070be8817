"""Questions to customs: as the rules see them, written with the look that decides them, answered by what comes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.asking import Why, asked_of
from bot.domain.carrier import FeedCover, Way
from bot.domain.facts import About, Facts, Question
from bot.domain.load import Load, Shipment
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority
from bot.watch.world import World
from storage.ids import new_id
from storage.questions import QuestionRecord
from storage.work import Work

if TYPE_CHECKING:
    from bot.watch.gather import Case

_KINDS = (NumberKind.CCN, NumberKind.SCN)
#: What is kept of an answer that said the same again.
SAME = "same"


def askers(world: World, carrier: str) -> dict[str, FeedCover]:
    """The feeds of a carrier that take questions, by name."""
    return {c.feed: c for c in world.carriers[carrier].feeds if c.asks}


def can_ask(world: World, carrier: str, feeds: Iterable[str]) -> FeedCover | None:
    """The feed through which customs can be asked about a shipment that these cover."""
    return asked_of(feeds, world.carriers[carrier].feeds, world.ears)


def asked(world: World, carrier: str, shipment: Shipment, questions: Sequence[QuestionRecord]) -> Question | None:
    """The question that counts about a shipment's number: the first that is open, else the last one."""
    own = [q for q in questions if q.shipment_id == shipment.id and q.key == shipment.ccn]
    if not own:
        return None
    answered = max((q.answered_at for q in own if q.answered_at is not None), default=None)
    open_ = [q for q in own if q.answered_at is None and (answered is None or q.asked_at > answered)]
    one, last = (open_ or own[-1:])[0], own[-1]
    cover = askers(world, carrier).get(one.feed)
    of = one.feed if cover is not None and cover.authority is not Authority.CUSTOMS else ""
    again = last.asked_at if last.id != one.id else None
    return Question(one.asked_at, one.feed, None if open_ else answered, again, of)


def questioned(
    world: World,
    carrier: str,
    load: Load,
    coverage: Mapping[str, list[str]],
    about: dict[str, About],
    questions: Sequence[QuestionRecord],
) -> dict[str, About]:
    """These facts with what was asked about each shipment, and whether customs can be asked."""
    if not askers(world, carrier):
        return about
    return {
        s.id: replace(
            about[s.id],
            asked=asked(world, carrier, s, questions),
            can_ask=can_ask(world, carrier, coverage.get(s.id, ())) is not None,
        )
        for s in load.shipments
    }


async def put(
    work: Work, world: World, case: "Case", asks: Iterable[str], by: str = ""
) -> "tuple[Case, list[QuestionRecord]]":
    """The case with these questions asked now (`near:<shipment>`), and their rows, to be added in this unit."""
    shipments = {s.id: s for s in case.load.shipments}
    ids = await work.numbers.find((kind, s.ccn) for s in shipments.values() if s.ccn for kind in _KINDS)
    claims = await work.claims.of_loads([case.record.id])
    claimed = {c.shipment_id: c.number_id for c in claims if c.number_id in set(ids.values())}
    about, rows = dict(case.facts.about), []
    for one in asks:
        why, _colon, shipment = one.partition(":")
        cover = can_ask(world, work.carrier, case.coverage.get(shipment, ()))
        key = shipments[shipment].ccn
        number = claimed.get(shipment) or next((ids[kind, key] for kind in _KINDS if (kind, key) in ids), None)
        if cover is None or number is None:
            continue
        rows.append(_row(work.now, case, shipments[shipment], number, cover, why, by))
        before = about[shipment].asked
        fresh = Question(work.now, cover.feed, of="" if cover.authority is Authority.CUSTOMS else cover.feed)
        kept = replace(before, again=work.now) if before is not None and before.answered is None else fresh
        about[shipment] = replace(about[shipment], asked=kept)
    facts: Facts = replace(case.facts, about=about)
    return replace(case, facts=facts), rows


def _row(
    now: datetime, case: "Case", shipment: Shipment, number: str, cover: FeedCover, why: str, by: str
) -> QuestionRecord:
    good = case.facts.about[shipment.id].clearance.good
    return QuestionRecord(
        id=new_id(),
        load_id=case.load.id,
        shipment_id=shipment.id,
        number_id=number,
        key=shipment.ccn,
        feed=cover.feed,
        why=Why(why).value,
        asked_at=now,
        by_name=by,
        transaction=good.transaction if good else "",
        eta=case.load.eta,
        sent_at=now if cover.asks is Way.POLL else None,
    )


async def answered(work: Work, world: World, reports: Collection[Report]) -> None:
    """Notes which open questions these reports answer: those to their own feed about their number."""
    feeds = askers(world, work.carrier)
    told = [r for r in reports if r.feed in feeds and r.authority is not Authority.PERSON]
    if not told:
        return
    ids = await work.numbers.find({(r.kind, r.key) for r in told})
    answers = [(ids[r.kind, r.key], r) for r in told if (r.kind, r.key) in ids]
    alone = {r.key: r for r in told if r.kind is NumberKind.TRANSACTION}
    for key, same in (await work.reports.of_transactions(alone) if alone else {}).items():
        answers += [(number, alone[key]) for number, _report in same]
    await work.questions.answered((number, r.feed, r.status.value, r.received or work.now) for number, r in answers)


async def same_again(work: Work, world: World, feed: str, numbers: Collection[str]) -> None:
    """An observation that says the same again is an answer too (house rule 1)."""
    if feed in askers(world, work.carrier):
        await work.questions.answered((number, feed, SAME, work.now) for number in numbers)
