"""One of everything that a carrier can have, to look at from another carrier (SAMPLE data)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.load import Direction, Hand, Life, LoadKind, Said, ShipmentType
from bot.domain.numbers import NumberKind
from bot.domain.promise import Pace
from bot.domain.report import Report
from bot.domain.route import Account, Place
from bot.domain.status import Status, Track
from storage.alerts import AlertRecord
from storage.attachments import attached
from storage.claims import ClaimRecord
from storage.database import Database
from storage.dock import Dock
from storage.ids import new_id
from storage.invites import InviteRecord
from storage.journal import JournalRecord
from storage.loads import LoadRecord
from storage.merges import MergeRecord
from storage.outbox import SENT, WORD, OutboxRecord
from storage.parties import PartyRecord
from storage.people import PersonRecord
from storage.posts import PostRecord
from storage.programs import ProgramRecord
from storage.promises import PromiseRecord
from storage.questions import QuestionRecord
from storage.raws import arrived
from storage.reminders import ReminderRecord
from storage.routes import RouteRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

NOW = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PICTURE = b"\x89PNG\r\n\x1a\n SAMPLE"
DESK = Place("slack", "T1", "CDESK")
MARIA = Account("slack", "T1", "UMARIA", "Maria")


def load(number: str = "1234", **more: Any) -> LoadRecord:
    """A load with defaults."""
    values: dict[str, Any] = {"key": f"~{new_id()}", "known_at": NOW, **more}
    return LoadRecord(
        values.pop("id", new_id()), values.pop("key"), number, number.upper(), Direction.CA, LoadKind.LOADED, **values
    )


def report(key: str = "1234PARS777124", **more: Any) -> Report:
    """A report with defaults."""
    values: dict[str, Any] = {"status": Status.READY, "track": Track.RELEASE, "raw": "23", "feed": "rns", **more}
    return Report(NumberKind.CCN, key, values.pop("status"), values.pop("track"), values.pop("raw"), **values)


def post(alert: AlertRecord | None = None, place: Place = DESK, **more: Any) -> PostRecord:
    """A post with defaults."""
    values = {"alert_id": alert.id, "load_id": alert.load_id} if alert else {}
    return PostRecord(new_id(), place.door, place.workspace, place.external, **{**values, **more})


def word(of: PostRecord | None = None, place: Place = DESK, lane: str = "", **more: Any) -> OutboxRecord:
    """A word with defaults."""
    values = {"post_id": of.id, "load_id": of.load_id, "alert_id": of.alert_id} if of else {}
    return OutboxRecord(
        new_id(), WORD, place.door, place.workspace, place.external, lane or f"word:{of.id if of else place.external}",
        NOW, more.pop("next_at", NOW), **{**values, "content": {"event": "owned"}, **more},
    )  # fmt: skip


def question(load_id: str, shipment_id: str, number_id: str, **more: Any) -> QuestionRecord:
    """A question to customs with defaults."""
    return QuestionRecord(new_id(), load_id, shipment_id, number_id, "1234PARS777124", "rns", "near", NOW, **more)


def fixed(broker_id: str, day: str, minutes: int | None) -> PromiseRecord:
    """What was measured of a broker on a day."""
    return PromiseRecord(new_id(), broker_id, Pace.CA, day, NOW, minutes, 22, 90, 150)


def evidence(importer: str, **more: Any) -> Evidence:
    """Evidence with defaults."""
    values = {"item": Item.RPP, "state": "active", "source": Source.BROKER_SAID, "at": NOW, "recorded": NOW, **more}
    return Evidence(values.pop("id", new_id()), importer, **values)


@dataclass
class World:
    """What was made, so that calls can name it."""

    load: LoadRecord
    later: LoadRecord
    shipment: ShipmentRecord
    number_id: str
    raw_id: str
    gone: ShipmentRecord
    claim: ClaimRecord
    ended: ClaimRecord
    party: PartyRecord
    broker: PartyRecord
    person: PersonRecord
    alert: AlertRecord
    post: PostRecord
    card: OutboxRecord
    said: list[Said]
    words: list[str]
    unsent: str
    gone_party: PartyRecord
    program: ProgramRecord
    evidence: Evidence
    attachment: str
    merge: MergeRecord


async def build(db: Database, carrier: str) -> World:
    """Makes one of everything for a carrier."""
    async with db.dock(NOW, write=True) as dock:
        return await fill(dock, carrier)


async def _people(w: Work) -> PersonRecord:
    person = PersonRecord(new_id(), "Maria", "maria", "dispatcher", NOW, on_call_since=NOW)
    await w.people.add([person])
    await w.people.link(MARIA, person.id)
    await w.invites.add(InviteRecord(new_id(), f"hash of {w.carrier}", person.id, "driver", NOW + HOUR, "maria"))
    await w.members.add(DESK, ["UMARIA"])
    asked = {"broker": ["SAMPLE before"]}
    await w.routes.save(RouteRecord(new_id(), "slack", "T1", "CDESK", "desk", "maria", NOW, asked))
    return person


async def _papers(
    w: Work, number: str, truck: LoadRecord, later: LoadRecord, broker: PartyRecord, importer: PartyRecord
) -> tuple[ShipmentRecord, ShipmentRecord, ClaimRecord, ClaimRecord]:
    shipment = ShipmentRecord(
        new_id(), truck.id, 1, ShipmentType.PARS, "1234PARS777124", "1234 PARS 777124", broker_id=broker.id,
        papers_sent=NOW - HOUR, importer_id=importer.id,
    )  # fmt: skip
    gone = ShipmentRecord(new_id(), later.id, 2, ShipmentType.PARS, dropped_at=NOW, dropped_why="wrong")
    again = ShipmentRecord(new_id(), later.id, 1, ShipmentType.PARS, "1234PARS777124")
    await w.shipments.add([shipment, again, gone])
    claim = ClaimRecord(new_id(), number, truck.id, shipment.id, NOW - timedelta(days=45))
    ended = ClaimRecord(new_id(), number, truck.id, None, NOW - HOUR, NOW)
    await w.claims.add([claim, ended, ClaimRecord(new_id(), number, later.id, again.id, NOW)])
    return shipment, gone, claim, ended


async def _past(w: Work) -> LoadRecord:
    """A truck that is over the border."""
    past = load("1200", look_at=None, life=Life.CROSSED, ended_at=NOW - HOUR)
    await w.loads.add([past])
    return past


async def _used(w: Work, past: LoadRecord, later: LoadRecord) -> None:
    """A trip that an earlier truck used up."""
    ids = await w.numbers.upsert([(NumberKind.TRIP, "SMPLTRIP1", "SMPLTRIP1")])
    await w.claims.add(ClaimRecord(new_id(), ids[NumberKind.TRIP, "SMPLTRIP1"], r.id, None, NOW) for r in (past, later))


async def _questions(w: Work, truck: LoadRecord, shipment: ShipmentRecord, number: str) -> str:
    """One that was sent, and one that was not, whose id is the answer."""
    sent, unsent = (question(truck.id, shipment.id, number, sent_at=at) for at in (NOW, None))
    await w.questions.add([sent, unsent])
    return unsent.id


async def _address_book(w: Work, party: PartyRecord, broker: PartyRecord) -> tuple[Any, ...]:
    """A party that was merged into another, an account, evidence, and a picture of it."""
    gone = PartyRecord(new_id(), "Acme Old", "acme old", merged_into=party.id)
    program = ProgramRecord(new_id(), party.id, "123456782", "0001", broker_id=broker.id)
    picture = await w.attachments.keep(attached(PICTURE, "screen.png", NOW, "maria"))
    said = evidence(party.id, broker=broker.id, attachment=picture)
    merge = MergeRecord(new_id(), party.id, gone.id, NOW, "maria")
    await w.parties.add([gone])
    await w.programs.add([program])
    await w.evidence.add([said])
    await w.merges.add(merge)
    return gone, program, said, picture, merge


async def _words(w: Work, truck: LoadRecord, later: LoadRecord, party: PartyRecord) -> None:
    await w.said.add([(truck.id, Said("eta", "14:30", Hand.PERSON, "maria", NOW))], delivery="m1")
    await w.said.add([(later.id, Said("consignee", "Acme", Hand.FILE, "loads.csv", NOW))])
    await w.reminders.add([ReminderRecord(new_id(), "bond", party.id, NOW.date(), NOW.date(), NOW)])
    await w.threads.remember(DESK, "17.42", party.id)


async def fill(dock: Dock, carrier: str) -> World:
    """Makes one of everything for a carrier, in a unit that is open."""
    w = dock.work(carrier)
    (kept,) = await dock.raws.keep([arrived("rns", "cbsa_rns", b"SAMPLE UNB+1", NOW)])
    past = await _past(w)
    truck = load("1234", truck="T7", trailer="TR9", look_at=NOW, answer="hold", eta=NOW + 5 * HOUR, driver_id="d1")
    later = load("1300", look_at=None)
    await w.loads.add([truck, later])
    await _used(w, past, later)
    named = (("1234PARS777124", "1234 PARS 777124"), ("OOPS5", "OOPS5"))
    ids = await w.numbers.upsert((NumberKind.CCN, key, text) for key, text in named)
    number = ids[NumberKind.CCN, "1234PARS777124"]
    await w.reports.add([(number, kept.id, report(transaction="12345000000017"))])
    await w.reports.add([(ids[NumberKind.CCN, "OOPS5"], kept.id, report("OOPS5", observed=NOW - HOUR))])
    broker = PartyRecord(new_id(), "PCB", "pcb", roles=["broker"])
    party = PartyRecord(new_id(), "Acme", "acme", roles=["importer"])
    await w.parties.add([broker, party])
    await w.parties.alias(party.id, ["acme widgets"])
    shipment, gone, claim, ended = await _papers(w, number, truck, later, broker, party)
    await _words(w, truck, later, party)
    person = await _people(w)
    alert = AlertRecord(new_id(), truck.id, "open", 2, NOW)
    await w.alerts.add([alert])
    (card_post,) = await w.posts.ensure([post(alert)])
    (topic,) = await w.posts.ensure([post(topic="feed rns")])
    await w.posts.shown(card_post.id, "17.1", 0)
    await w.outbox.cards([card_post], NOW)
    told = word(card_post)
    await w.outbox.words([told, word(card_post, state=SENT, sent_at=NOW)])
    (card,) = [row for row in await w.outbox.of_loads([truck.id]) if row.kind == "card"]
    await w.lines.add("delivery 1", {"title": "done"}, NOW)
    await w.log.add([JournalRecord(new_id(), truck.id, NOW, "maria", "owned")])
    await w.outages.start("cbsa", "maria", NOW)
    await w.promises.add([fixed(broker.id, "2026-01-10", 150)])
    return World(
        truck, later, shipment, number, kept.id, gone, claim, ended, party, broker, person, alert, card_post, card,
        (await w.said.of_loads([truck.id]))[truck.id], [told.id, topic.id],
        await _questions(w, truck, shipment, number), *await _address_book(w, party, broker),
    )  # fmt: skip
