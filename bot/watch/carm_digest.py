"""What a day's one message says of importers: whom to ask about, which bonds end, which days of CARM come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.carm.calendar import billing_period, day_of, deadline_of, may_tell, payment_due, statement_on
from bot.domain.carm.evidence import Evidence, Item
from bot.domain.carm.questions import Question, questions
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Subject, standing_records
from bot.domain.carm.verdict import Readiness, Verdict, readiness
from bot.watch.carm_loads import by_loads, moment_of
from bot.watch.carm_subjects import Known, known_of, records_of
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.work import Work

_WEEK = timedelta(days=7)


class Topic(StrEnum):
    """What is told: `digest` the day's message itself; a `bond` that ends; the `statement` and the `payment` day; CBSA
    has `recalculated` what is required; the card of the `review`."""

    DIGEST = "digest"
    BOND = "bond"
    STATEMENT = "statement"
    PAYMENT = "payment"
    RECALCULATED = "recalculated"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Due:
    """One matter with its day; `importer` is the id of the party that it is about, "" for all."""

    topic: Topic
    importer: str
    due: date


@dataclass(frozen=True, slots=True)
class AskLine:
    """One importer to be asked about: how it stands with the broker of its next load, what to ask first, and its loads
    in the days to come, the next one first."""

    importer: PartyRecord
    readiness: Readiness
    questions: tuple[Question, ...]
    broker: PartyRecord | None
    loads: tuple[LoadRecord, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A day's message. `asks` are the importers with most loads in the days to come, `more` how many others there are;
    `bonds` are importers with the day on which their bond ends, `dates` the days of CARM that come."""

    day: date
    asks: tuple[AskLine, ...] = ()
    more: int = 0
    bonds: tuple[tuple[PartyRecord, date], ...] = ()
    dates: tuple[Due, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.asks or self.bonds or self.dates)


@dataclass(frozen=True, slots=True)
class Review:
    """The card of an annual review: the importers that the carrier hauls for and that nothing shows to be in order
    after the `deadline`, and which of them have loads in its week."""

    deadline: date
    importers: tuple[PartyRecord, ...] = ()
    loads: tuple[tuple[PartyRecord, tuple[LoadRecord, ...]], ...] = ()


async def asks(work: Work, world: World, now: datetime) -> list[AskLine]:
    """Every importer that is not known or not OK and has loads in the days to come: most loads first, then the next."""
    rules = world.carm
    coming = await work.carm.coming(now, now + timedelta(days=rules.ask_days))
    found = await by_loads(work, world, coming)
    lines = []
    for importer, one in found.of.items():
        if one.readiness.verdict not in (Verdict.NOT_KNOWN, Verdict.NOT_OK):
            continue
        told = records_of(one.readiness.subject, found.known.evidence.get(importer, ()), one.loads[0].known_at)
        asked = _telling(questions(one.readiness, told, now, rules), one.readiness)
        lines.append(AskLine(one.importer, one.readiness, asked, one.broker, one.loads))
    lines = [line for line in lines if line.questions]
    return sorted(lines, key=lambda line: (-len(line.loads), moment_of(line.loads[0]), line.importer.name_key))


def _telling(found: tuple[Question, ...], ready: Readiness) -> tuple[Question, ...]:
    """Questions with those first that decide: who imports only where that is what is not known."""
    unknown = any(reason.item is Item.IOR for reason in ready.failing)
    return tuple(sorted(found, key=lambda question: question.item is Item.IOR and not unknown))


async def digest_of(work: Work, world: World, day: date) -> Digest:
    """What the message of a day says: what was taken up under it, and whom to ask about as things stand now."""
    rows = await work.reminders.of_day(day)
    parties = await work.parties.of({row.importer for row in rows if row.importer})
    found = await asks(work, world, work.now)
    most = world.carm.ask_most
    bonds = ((parties[r.importer], r.due) for r in rows if r.topic == Topic.BOND and r.importer in parties)
    dates = (Due(Topic(r.topic), "", r.due) for r in rows if r.topic in _DATES)
    return Digest(
        day,
        tuple(found[:most]),
        len(found[most:]),
        tuple(sorted(bonds, key=lambda bond: (bond[1], bond[0].name_key))),
        tuple(sorted(dates, key=lambda due: (due.due, due.topic))),
    )


_DATES = frozenset({Topic.STATEMENT, Topic.PAYMENT, Topic.RECALCULATED})


async def hauled(work: Work, rules: CarmRules, now: datetime) -> dict[str, PartyRecord]:
    """The importers that the carrier really hauls for, by id."""
    parties = await work.parties.of(await work.carm.hauled(now - timedelta(days=rules.hauled_days)))
    return {party.id: party for party in parties.values()}


async def due_on(work: Work, world: World, today: date) -> list[Due]:
    """What is to be taken up by this day: ends of bonds, also of the last week if nobody told them, and the days of
    CARM that come, for those hauled for."""
    rules = world.carm
    importers = await hauled(work, rules, work.now)
    if not importers:
        return []
    evidence = (await known_of(work, importers)).evidence
    found = [
        Due(Topic.BOND, id_, end)
        for id_ in importers
        for end in _bonds(evidence.get(id_, ()))
        if today - _WEEK <= end <= today + timedelta(days=rules.bond_before_days)
    ]
    return [*found, *dates_of(today, rules)]


def _bonds(told: Sequence[Evidence]) -> set[date]:
    """On which days the security that stands now ends, by the newest word on each account."""
    newest: dict[str, Evidence] = {}
    for one in standing_records(told):
        if one.item is Item.SECURITY and (one.rm not in newest or newest[one.rm].said <= one.said):
            newest[one.rm] = one
    return {one.valid_until for one in newest.values() if one.valid_until is not None}


def dates_of(today: date, rules: CarmRules) -> list[Due]:
    """The days of CARM that are told on this one: statement and payment some days ahead, a recalculation once it is."""
    ahead = timedelta(days=rules.payment_before_days)
    _start, period = billing_period(today, rules)
    _start, before = billing_period(_start - timedelta(days=1), rules)
    found = []
    for end in (before, period):
        for topic, due in ((Topic.STATEMENT, statement_on(end, rules)), (Topic.PAYMENT, payment_due(end, rules))):
            if today <= due <= today + ahead:
                found.append(Due(topic, "", due))
    opens = rules.review_opens.on(today.year)
    if opens <= today < opens + _WEEK:
        found.append(Due(Topic.RECALCULATED, "", opens))
    return found


def review_of_day(today: date, rules: CarmRules) -> date | None:
    """The deadline whose card stands on this day: from the day of the digest until the deadline itself."""
    for year in (today.year, today.year + 1):
        deadline = rules.review_deadline.on(year)
        start = rules.digest_from.on(year if rules.digest_from.on(year) <= deadline else year - 1)
        if start <= today <= deadline:
            return deadline
    return None


async def review_of(work: Work, world: World, deadline: date) -> Review:
    """Who is to be asked before a review's deadline, by what is known now."""
    rules = world.carm
    importers = await hauled(work, rules, work.now)
    known = await known_of(work, importers)
    after = deadline_of(deadline.year, rules)
    open_ = {id_: party for id_, party in importers.items() if not _outlives(id_, known, after, rules)}
    monday = deadline - timedelta(days=deadline.weekday())
    zone = world.carriers[work.carrier].zone
    start = datetime.combine(monday, time(), zone)
    coming = await work.carm.coming(start, datetime.combine(monday + _WEEK, time(), zone))
    found = (await by_loads(work, world, coming)).of
    loads = [(open_[id_], one.loads) for id_, one in found.items() if id_ in open_]
    by_name = sorted(open_.values(), key=lambda party: party.name_key)
    return Review(deadline, tuple(by_name), tuple(sorted(loads, key=lambda one: (-len(one[1]), one[0].name_key))))


def _outlives(importer: str, known: Known, after: datetime, rules: CarmRules) -> bool:
    """Whether all that is known now still shows the importer to be in order when the deadline has passed."""
    brokers: Collection[str] = {e.broker for e in known.evidence.get(importer, ())} | {""}
    subjects = [Subject(importer, broker=broker) for broker in brokers]
    told = {s: records_of(s, known.evidence.get(importer, ()), after - timedelta(days=400)) for s in subjects}
    found: Mapping[Subject, Readiness] = {s: readiness(told[s], s, after, rules) for s in subjects}
    return any(one.verdict in (Verdict.OK, Verdict.AT_RISK) for one in found.values())


def today_of(world: World, carrier: str, now: datetime) -> date | None:
    """The day whose message may be told at a carrier's home; None before its hour, in the evening and while quiet."""
    of = world.carriers[carrier]
    local = now.astimezone(of.zone)
    return local.date() if may_tell(local.time(), world.carm, of.policy.quiet_hours) else None


def cbsa_day(world: World, now: datetime) -> date:
    """The day in CBSA's zone."""
    return day_of(now, world.carm)
