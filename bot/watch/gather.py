"""Everything `assess` needs of some loads, read in a constant number of statements however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.alert import Alert, State
from bot.domain.clearance import NOTHING_HEARD, fold
from bot.domain.coverage import UNCOVERED, hearing
from bot.domain.facts import About, BrokerFacts, Facts
from bot.domain.journey import NO_WORD, journey_of, of_only_shipment
from bot.domain.kinds import Level
from bot.domain.load import Direction, Hand, Load, Said, Shipment
from bot.domain.manifest import UNSEEN, manifest_of_trips
from bot.domain.numbers import NumberKind, key_of
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.watch.brokers import broker_facts, with_measured
from bot.watch.carm_facts import Importers, known_for
from bot.watch.carm_subjects import NOTHING_KNOWN, Known
from bot.watch.covered import coverage_of
from bot.watch.nearby import near_misses
from bot.watch.questions import askers, questioned
from bot.watch.spoken import agency_ok, manifest_words, release_words, sticker_of
from bot.watch.turns import in_turns
from bot.watch.windows import counted, told_of_trips
from bot.watch.world import World
from storage.alerts import AlertRecord
from storage.claims import ClaimRecord
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.questions import QuestionRecord
from storage.said import AMENDS
from storage.shipments import ShipmentRecord
from storage.work import Work


@quick
@dataclass(frozen=True, slots=True)
class Case:
    """One load with all that was read of it."""

    record: LoadRecord
    load: Load
    facts: Facts
    shipments: Sequence[ShipmentRecord]
    parties: Mapping[str, PartyRecord]
    alert: AlertRecord | None
    coverage: Mapping[str, list[str]]


@quick
@dataclass(frozen=True, slots=True)
class _Read:
    """Rows of one gathering, by load or number id."""

    shipments: Mapping[str, list[ShipmentRecord]]
    claims: Mapping[str, list[ClaimRecord]]
    reports: Mapping[str, list[Report]]
    by_transaction: Mapping[str, list[Report]]
    said: Mapping[str, list[Said]]
    parties: Mapping[str, PartyRecord]
    alerts: Mapping[str, AlertRecord]
    rivals: Mapping[str, list[tuple[str, str]]]
    used: Mapping[tuple[str, str], datetime]
    near: Mapping[str, str]
    brokers: Mapping[str, BrokerFacts]
    questions: Mapping[str, list[QuestionRecord]] = field(default_factory=dict)
    importers: Known = NOTHING_KNOWN


_NONE = _Read({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})


async def gather(work: Work, world: World, load_ids: Iterable[str]) -> list[Case]:
    """Open cases of these loads, locked in id order when the unit writes; loads that are gone are left out."""
    seen = await sight(work, world, load_ids)
    return [seen.case(world, record) async for record in in_turns(seen.records, world)]


@dataclass(frozen=True, slots=True)
class Sight:
    """What was read of some loads: their cases now, or as they were at a moment since they changed last."""

    carrier: str
    records: Sequence[LoadRecord]
    read: _Read
    now: datetime

    def case(
        self, world: World, record: LoadRecord, at: datetime | None = None, heard: Mapping[str, datetime] | None = None
    ) -> Case:
        """One load; `at` leaves out what was told later, and numbers without a load that were `heard` later."""
        read = self.read if at is None else self._until(record, at, heard or {})
        return _case(self.carrier, world, record, read, at or self.now)

    def _until(self, record: LoadRecord, at: datetime, heard: Mapping[str, datetime]) -> _Read:
        own = {c.number_id for c in self.read.claims.get(record.id, ())}
        return replace(
            self.read,
            reports={n: _until(self.read.reports[n], at) for n in own if n in self.read.reports},
            by_transaction={t: _until(told, at) for t, told in self.read.by_transaction.items()},
            near={ccn: n for ccn, n in self.read.near.items() if heard.get(key_of(n), at) <= at},
            importers=self.read.importers.until(at),
        )


def _until(told: list[Report], at: datetime) -> list[Report]:
    return [r for r in told if r.received is None or r.received <= at]


async def sight(work: Work, world: World, load_ids: Iterable[str]) -> Sight:
    """Reads these loads, locked in id order when the unit writes."""
    ids = sorted(set(load_ids))
    records = await (work.loads.lock(ids) if work.unit.writes else work.loads.of(ids))
    return Sight(
        work.carrier, list(records.values()), await _read(work, world, records) if records else _NONE, work.now
    )


async def _read(work: Work, world: World, records: Mapping[str, LoadRecord]) -> _Read:
    ids = list(records)
    shipments = await work.shipments.of_loads(ids)
    claims: dict[str, list[ClaimRecord]] = {}
    for claim in await work.claims.of_loads(ids):
        claims.setdefault(claim.load_id, []).append(claim)
    numbers = {c.number_id for own in claims.values() for c in own}
    reports = await work.reports.of_numbers(numbers) if numbers else {}
    named = {p for own in shipments.values() for s in own for p in (s.broker_id, s.importer_id) if p}
    parties = await work.parties.of(named) if named else {}
    shared = await work.claims.shared(ids)
    return _Read(
        shipments,
        claims,
        reports,
        await _by_transaction(work, reports),
        await work.said.judged(ids),
        parties,
        await work.alerts.last_of(ids),
        await work.claims.rivals(shared) if shared else {},
        await work.claims.used_trips(shared) if shared else {},
        await near_misses(work, records, shipments, reports),
        {id_: broker_facts(party) for id_, party in parties.items()},
        await work.questions.of_loads(ids) if askers(world, work.carrier) else {},
        await known_for(work, world, records, shipments, parties),
    )


async def _by_transaction(work: Work, reports: Mapping[str, list[Report]]) -> dict[str, list[Report]]:
    """Reports that name only a transaction: they hang on its number, and the loads' own reports name it."""
    named = {r.transaction for told in reports.values() for r in told if r.transaction}
    if not named:
        return {}
    ids = await work.numbers.find((NumberKind.TRANSACTION, t) for t in named)
    if not ids:
        return {}
    told = await work.reports.of_numbers(ids.values())
    return {key: told[number] for (_, key), number in ids.items() if number in told}


def _case(carrier: str, world: World, record: LoadRecord, read: _Read, now: datetime) -> Case:
    shipments = read.shipments.get(record.id, [])
    load = load_of(record, shipments, read.parties)
    said = read.said.get(record.id, [])
    coverage = coverage_of(world, carrier, record, load)
    window = world.carriers[carrier].policy.window_before
    claims = [claim for claim in read.claims.get(record.id, ()) if claim.shipment_id is None]
    trips = told_of_trips(record.trips, claims, read.reports, window, read.used, said) if claims else []
    told = any(trips)  # of most trips nobody ever says a word
    numbered = max((s.at for s in said if s.field == "pars"), default=None) if told else None
    shared = of_only_shipment(load, trips, numbered) if told else []
    importers = Importers(carrier, world, read.parties, read.importers, now)
    about = {
        s.id: _about(world, load, s, record, row, importers, read, said, coverage, window, shared)
        for s, row in zip(load.shipments, shipments, strict=True)
    }
    about = questioned(world, carrier, load, coverage, about, read.questions.get(record.id, ()))
    amended = [s.at for s in said if s.field in AMENDS and s.hand >= Hand.DRIVER]
    facts = Facts(
        about,
        manifest_of_trips(trips or [manifest_words(said, record.trips)]) if told or said else UNSEEN,
        hearing(coverage.get("manifest", ()), world.ears),
        journey_of(trips) if told else NO_WORD,
        world.crossings.get(record.crossing),
        world.crossings,
        max(amended) if amended else None,
        carrier in world.outages and load.direction is Direction.CA,
    )
    return Case(record, load, facts, shipments, read.parties, read.alerts.get(record.id), coverage)


def load_of(record: LoadRecord, shipments: Sequence[ShipmentRecord], parties: Mapping[str, PartyRecord]) -> Load:
    """A load as the rules see it."""
    return Load(
        record.id,
        record.number,
        record.direction,
        record.kind,
        record.known_at,
        tuple(record.trips),
        record.crossing,
        record.eta,
        record.pickup,
        record.fast,
        tuple([_shipment(s, parties) for s in shipments]),
        record.crossed_word,
        record.truck,
        record.trailer,
        record.driver_name,
    )


def _shipment(row: ShipmentRecord, parties: Mapping[str, PartyRecord]) -> Shipment:
    broker, importer = parties.get(row.broker_id or ""), parties.get(row.importer_id or "")
    return Shipment(
        row.id,
        row.type,
        row.ccn,
        importer.id if importer else row.importer_id or "",
        row.importer_bn15,
        broker.name if broker else "",
        row.papers_sent,
        row.agency,
        row.release_plan,
        row.entry,
    )


def _about(
    world: World,
    load: Load,
    shipment: Shipment,
    record: LoadRecord,
    row: ShipmentRecord,
    importers: Importers,
    read: _Read,
    said: list[Said],
    coverage: Mapping[str, list[str]],
    window: timedelta,
    shared: list[Report],
) -> About:
    reports = [*shared]
    for claim in read.claims.get(load.id, ()):
        if claim.shipment_id == shipment.id:
            reports += counted(claim, read.reports.get(claim.number_id, ()), window)
            if read.by_transaction:
                for transaction in {r.transaction for r in reports if r.transaction}:
                    reports += counted(claim, read.by_transaction.get(transaction, ()), window)
    own = [s for s in said if s.shipment == shipment.id]
    words = release_words(own, shipment.ccn) if own else []
    clearance = fold(reports, words) if reports or words else NOTHING_HEARD
    feeds = coverage.get(shipment.id)
    heard = hearing(feeds, world.ears) if feeds else UNCOVERED
    of = row.broker_id or ""
    earlier = [number for of_, number in read.rivals.get(load.id, ()) if of_ == shipment.id]
    return About(
        clearance,
        heard,
        with_measured(read.brokers.get(of), read.parties.get(of), world.promises),
        frozenset([s.value for s in own if s.field == "filer" and s.value]),
        agency_ok(own),
        read.near.get(shipment.ccn, ""),
        earlier[0] if earlier else "",
        sticker=sticker_of(said, shipment.ccn, [*reports, *words]) if said else None,
        carm=importers.of(record, row, clearance) if row.importer_id else None,
    )


def alert_from(record: AlertRecord | None) -> Alert | None:
    """An alert as the rules see it."""
    if record is None:
        return None
    memory = record.memory
    return Alert(
        state=State(record.state),
        level=Level(record.level),
        told=dict(record.told),
        raised_at=record.raised_at,
        ended_at=record.ended_at,
        end_why=record.end_why,
        owner=record.owner_id or "",
        owner_name=record.owner_name,
        owned_until=record.owned_until,
        unowned_since=_time(memory.get("unowned_since")),
        escalated=int(memory.get("escalated") or 0),
        eta=_time(memory.get("eta")),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
