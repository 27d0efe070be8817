"""Whose account clears a shipment, by which broker and on which plan, as the CARM rules ask it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.carm.bn import read_bn
from bot.domain.carm.changes import changes_of_goods, changes_of_papers
from bot.domain.carm.evidence import LOAD_ITEMS, STATES, Evidence, Item
from bot.domain.carm.plan import NO_PLAN, Plan
from bot.domain.carm.proof import importer_named
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Change, Subject, standing_records
from bot.domain.carm.verdict import Readiness, own_checklist, readiness
from bot.domain.facts import CarmFacts
from bot.domain.load import BY_PAPER, Direction, Said, ShipmentType
from bot.watch.brokers import open_hours
from bot.watch.parties import name_key
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.programs import ProgramRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: What dispatch or a file calls a release plan, as a state of the item.
_PLANS = {
    "pars": "rpp_electronic",
    "rpp": "rpp_electronic",
    "ctype": "c_type",
    "c": "c_type",
    "inbond": "in_bond",
    "lvs": "courier_lvs",
} | {state.replace("_", ""): state for state in STATES[Item.RELEASE_PLAN]}
_BY_TYPE = {ShipmentType.CSA: "csa", ShipmentType.INBOND: "in_bond"}


#: Ids of an importer's records, each with its broker as it is by now.
Mark = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of some importers, by the id of the party that each is by now; `own` is the carrier's own
    checklist; `words` is what was said of the papers of loads, read only where one has an importer, and `merged`
    tells under which id a party is known by now. `facts` and `marks` are what was made of it already."""

    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)
    programs: Mapping[str, Sequence[ProgramRecord]] = field(default_factory=dict)
    own: Sequence[Evidence] = ()
    words: Mapping[str, Sequence[Said]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    facts: dict[tuple[object, ...], CarmFacts] = field(default_factory=dict, compare=False)
    marks: dict[str, tuple[Mark, bool]] = field(default_factory=dict, compare=False)

    def mark(self, importer: str) -> tuple[Mark, bool]:
        """By what the records of an importer are known again, and whether any speaks of single loads."""
        found = self.marks.get(importer)
        if found is None:
            told = self.evidence.get(importer, ())
            of = tuple((e.id, e.broker) for e in told)
            found = self.marks[importer] = of, any(e.item in LOAD_ITEMS for e in told)
        return found

    @property
    def brokers(self) -> set[str]:
        """Ids of the brokers that clear for these accounts where nothing else is said."""
        return {one.broker_id for told in self.programs.values() for one in told if one.broker_id}

    def until(self, at: datetime) -> "Known":
        """The same as it was known at a moment."""
        found = {id_: [e for e in told if e.recorded <= at] for id_, told in self.evidence.items()}
        words = {load: [w for w in told if w.at <= at] for load, told in self.words.items()}
        return Known(found, self.programs, [e for e in self.own if e.recorded <= at], words, self.merged)


#: Nothing was read, for nobody imports.
NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Records:
    """Records that were read, by importer, and by what it is known that there are no others since."""

    stamp: int
    merged: Mapping[str, str]
    found: dict[str, list[Evidence]]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A verdict, the records that it was made of, and the moment for which it was made."""

    of: Mark
    at: datetime
    found: Readiness

    def holds(self, of: Mark, at: datetime) -> bool:
        """Whether a look at this moment, at these records, would find the same."""
        look = self.found.look_again_at
        return self.of == of and self.at <= at and (look is None or at < look)


async def known_of(work: Work, importer_ids: Collection[str], load_ids: Collection[str] = ()) -> Known:
    """Reads what is on record of these importers, given as `root` does, and what the papers of these loads tell of
    changes, in a constant number of statements."""
    evidence = await work.evidence.of_importers({*importer_ids, ""})
    programs = await work.programs.of_importers(importer_ids) if importer_ids else {}
    return await with_papers(work, Known(evidence, programs, evidence.get("", ())), load_ids if importer_ids else ())


async def with_papers(work: Work, known: Known, load_ids: Collection[str]) -> Known:
    """With what was said of the papers of these loads."""
    if not load_ids:
        return known
    return replace(known, words=await work.carm.papers(load_ids), merged=await work.parties.merged())


def concerned(record: LoadRecord, shipment: ShipmentRecord) -> bool:
    """Whether CARM is asked about a shipment at all: never of one that leaves Canada, nor of paper."""
    return record.direction is Direction.CA and shipment.type not in BY_PAPER


def root(parties: Mapping[str, PartyRecord], party_id: str | None) -> str:
    """The id of the party that this one is by now; "" for none."""
    party = parties.get(party_id or "")
    return party.id if party else party_id or ""


def subject_of(shipment: ShipmentRecord, parties: Mapping[str, PartyRecord], known: Known) -> Subject:
    """Whose account with which broker a shipment uses: as its papers say, else as the importer's own account does."""
    account = account_of(shipment, parties, known)
    rm = read_bn(shipment.importer_bn15).rm or (account.rm if account else "")
    broker = shipment.broker_id or (account.broker_id if account else None)
    importer = root(parties, shipment.importer_id)
    goods = changes_of_goods(known.evidence.get(importer, ()), rm)
    changes = (*changed_papers(shipment, known), *goods)
    return Subject(importer, rm, root(parties, broker), shipment.load_id, changes)


def changed_papers(shipment: ShipmentRecord, known: Known) -> tuple[Change, ...]:
    """What changed of a shipment's broker, consignee, terms of sale and importer."""
    words = known.words.get(shipment.load_id)
    if not words:
        return ()

    def name(field_: str, value: str) -> str:
        return name_key(value) if field_ in ("consignee", "terms") else known.merged.get(value, value)

    return changes_of_papers([w for w in words if w.shipment in (shipment.id, "")], name)


def named_at(record: LoadRecord, shipment: ShipmentRecord, known: Known) -> datetime:
    """When a load's papers named its importer last."""
    importer = known.merged.get(shipment.importer_id or "", shipment.importer_id)
    said = (
        w.at
        for w in known.words.get(record.id, ())
        if w.field == "importer" and w.shipment == shipment.id and w.value
        and known.merged.get(w.value, w.value) == importer
    )  # fmt: skip
    return max([record.known_at, *said])


def account_of(shipment: ShipmentRecord, parties: Mapping[str, PartyRecord], known: Known) -> ProgramRecord | None:
    """The importer's account that a shipment uses: the one its papers name, else the only one there is."""
    accounts = known.programs.get(root(parties, shipment.importer_id), ())
    rm = read_bn(shipment.importer_bn15).rm
    if rm:
        return next((one for one in accounts if one.rm == rm), None)
    return accounts[0] if len(accounts) == 1 else None


def plan_of(
    record: LoadRecord, shipment: ShipmentRecord, parties: Mapping[str, PartyRecord], known: Known,
    now: datetime, rules: CarmRules,
) -> Plan:  # fmt: skip
    """How a shipment is to be released, and what of it is confirmed; the broker's hours against the ETA."""
    state = planned(shipment)
    said = [e for e in known.evidence.get(root(parties, shipment.importer_id), ()) if e.load == record.id]
    plans = [e for e in standing_records(said) if e.item is Item.RELEASE_PLAN] if said else []
    plan = confirmed_by(plans[-1]) if plans else NO_PLAN
    own = own_checklist(known.own, now, rules) if known.own else ()
    bonded = any(stand.good and stand.item is Item.OWN_BONDED for stand in own)
    broker = parties.get(shipment.broker_id or "")
    hours = open_hours(broker) if broker is not None and record.eta is not None else None
    covered = hours.open_at(record.eta) if hours is not None and record.eta is not None else None
    return replace(plan, state="" if plans else state, bonded=bonded, broker_covered=covered)


def planned(shipment: ShipmentRecord) -> str:
    """The release plan that a shipment's own fields name; "" when they name none, or the usual one."""
    said = _PLANS.get("".join(c for c in shipment.release_plan.lower() if c.isalnum()), "")
    return _BY_TYPE.get(shipment.type, "") if said in ("", "rpp_electronic", "unknown") else said


#: What the note of a record of a release plan may confirm, word for word, separated by semicolons.
_CONFIRMS = ("csa_carrier", "csa_importer", "csa_driver", "contingency", "casual")


def confirmed_by(record: Evidence) -> Plan:
    """What a record of a load's release plan confirms: its note names who attends at the port
    (`attendee=J. Roe 555-0142`), and what else is agreed (`csa_driver`, `contingency` …), separated by semicolons.

    The note of a C-type plan without such words is the name of who attends.
    """
    parts = [part.strip() for part in record.note.split(";") if part.strip()]
    attendee = next((p.partition("=")[2].strip() for p in parts if p.lower().startswith("attendee=")), "")
    if record.state == "c_type" and not attendee:
        attendee = record.note.strip()
    said = {p.lower() for p in parts}
    met = {name: name in said for name in _CONFIRMS}
    return Plan("", attendee, False, *(met[name] for name in _CONFIRMS))


def note_of(plan: Plan) -> str:
    """The note with which a release plan is recorded so that `confirmed_by` reads the same."""
    parts = [f"attendee={plan.attendee}"] if plan.attendee else []
    return "; ".join([*parts, *(name for name in _CONFIRMS if getattr(plan, name))])


def records_of(subject: Subject, told: Sequence[Evidence], named_at: datetime | None) -> list[Evidence]:
    """The records that speak of a subject; a load that names its importer is one of them while nobody says more."""
    named = [importer_named(subject, named_at)] if subject.importer and named_at is not None else []
    return [*told, *named]


def readiness_of(
    record: LoadRecord, shipment: ShipmentRecord, parties: Mapping[str, PartyRecord], known: Known,
    now: datetime, rules: CarmRules,
) -> Readiness:  # fmt: skip
    """How the importer of a shipment stands with its broker."""
    subject = subject_of(shipment, parties, known)
    told = records_of(subject, known.evidence.get(subject.importer, ()), named_at(record, shipment, known))
    return readiness(told, subject, now, rules, plan_of(record, shipment, parties, known, now, rules))
