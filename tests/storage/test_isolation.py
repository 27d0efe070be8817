"""Nothing of one carrier is seen or changed through another one's door (house rule 8)."""

import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.load import Hand, Life, Said
from bot.domain.numbers import NumberKind
from bot.domain.route import Place
from storage.claims import ClaimRecord
from storage.database import Database
from storage.errors import NotFound, Stale
from storage.ids import new_id
from storage.invites import InviteRecord
from storage.journal import JournalRecord
from storage.loads import Assessed
from storage.parties import PartyRecord
from storage.people import PersonRecord
from storage.routes import RouteRecord
from storage.schema import TABLES
from storage.shipments import ShipmentRecord
from storage.work import Work
from tests.storage.world import DESK, HOUR, MARIA, NOW, World, build, fixed, load, post, question, report, word

#: They belong to the installation and hold nothing of a carrier's.
SHARED = {"feeds", "problems", "settings"}
CCN = (NumberKind.CCN, "1234PARS777124")
LATER = NOW + HOUR

Call = Callable[[Work, World], Awaitable[Any]]

READS: dict[str, Call] = {
    "alerts.last_of": lambda w, a: w.alerts.last_of([a.load.id]),
    "alerts.of": lambda w, a: w.alerts.of([a.alert.id]),
    "alerts.open": lambda w, a: w.alerts.open(),
    "alerts.open_of": lambda w, a: w.alerts.open_of([a.load.id]),
    "claims.loads_of": lambda w, a: w.claims.loads_of([a.number_id]),
    "claims.of_loads": lambda w, a: w.claims.of_loads([a.load.id]),
    "claims.rivals": lambda w, a: w.claims.rivals([a.later.id]),
    "claims.used_trips": lambda w, a: w.claims.used_trips([a.later.id]),
    "finder.listed": lambda w, a: w.finder.listed(broker_id=a.broker.id),
    "finder.search": lambda w, a: w.finder.search("124"),
    "invites.open": lambda w, a: w.invites.open(NOW),
    "lines.find": lambda w, a: w.lines.find("delivery 1"),
    "loads.any": lambda w, a: w.loads.any(),
    "loads.coverage_of": lambda w, a: w.loads.coverage_of([a.load.id]),
    "loads.counts": lambda w, a: w.loads.counts(),
    "loads.get": lambda w, a: w.loads.get(a.load.id),
    "loads.lock": lambda w, a: w.loads.lock([a.load.id]),
    "loads.of": lambda w, a: w.loads.of([a.load.id]),
    "loads.of_numbers": lambda w, a: w.loads.of_numbers(["1234"]),
    "loads.open_by_eta": lambda w, a: w.loads.open_by_eta(),
    "loads.open_ids": lambda w, a: w.loads.open_ids(),
    "log.of_load": lambda w, a: w.log.of_load(a.load.id),
    "log.of_loads": lambda w, a: w.log.of_loads([a.load.id]),
    "log.since": lambda w, a: w.log.since(NOW),
    "members.of": lambda w, a: w.members.of(DESK),
    "members.places_of": lambda w, a: w.members.places_of(MARIA),
    "numbers.alike": lambda w, a: w.numbers.alike(["00P55"]),
    "numbers.find": lambda w, a: w.numbers.find([CCN]),
    "numbers.of": lambda w, a: w.numbers.of([a.number_id]),
    "numbers.orphans": lambda w, a: w.numbers.orphans(),
    "numbers.orphans_alike": lambda w, a: w.numbers.orphans_alike(["00P55"]),
    "outages.on": lambda w, a: w.outages.on(),
    "outages.last": lambda w, a: w.outages.last("cbsa"),
    "outbox.of": lambda w, a: w.outbox.of([a.card.id]),
    "outbox.of_loads": lambda w, a: w.outbox.of_loads([a.load.id]),
    "outbox.waiting": lambda w, a: w.outbox.waiting([a.card.lane]),
    "parties.aliases": lambda w, a: w.parties.aliases([a.party.id]),
    "parties.all": lambda w, a: w.parties.all(),
    "parties.named": lambda w, a: w.parties.named(["acme widgets", "pcb"]),
    "parties.names": lambda w, a: w.parties.names(),
    "parties.of": lambda w, a: w.parties.of([a.party.id]),
    "people.accounts": lambda w, a: w.people.accounts([a.person.id]),
    "people.all": lambda w, a: w.people.all(),
    "people.by_account": lambda w, a: w.people.by_account(MARIA),
    "people.named": lambda w, a: w.people.named(["maria"]),
    "people.of": lambda w, a: w.people.of([a.person.id]),
    "posts.find": lambda w, a: w.posts.find(DESK, "17.1"),
    "posts.of": lambda w, a: w.posts.of([a.post.id]),
    "posts.of_alerts": lambda w, a: w.posts.of_alerts([a.alert.id]),
    "posts.of_loads": lambda w, a: w.posts.of_loads([a.load.id]),
    "posts.of_topics": lambda w, a: w.posts.of_topics(["feed rns"]),
    "posts.standing": lambda w, a: w.posts.standing("feed "),
    "promises.of": lambda w, a: w.promises.of(a.broker.id, "2026-01-01"),
    "promises.since": lambda w, a: w.promises.since("2026-01-01"),
    "promises.timed": lambda w, a: w.promises.timed(a.broker.id, NOW - 30 * HOUR),
    "questions.of_loads": lambda w, a: w.questions.of_loads([a.load.id]),
    "raws.of": lambda w, a: w.raws.of([a.raw_id]),
    "reports.of_numbers": lambda w, a: w.reports.of_numbers([a.number_id]),
    "reports.of_transactions": lambda w, a: w.reports.of_transactions(["12345000000017"]),
    "reports.with_raws": lambda w, a: w.reports.with_raws([a.number_id]),
    "routes.all": lambda w, a: w.routes.all(),
    "routes.find": lambda w, a: w.routes.find(DESK),
    "routes.on": lambda w, a: w.routes.on(),
    "said.judged": lambda w, a: w.said.judged([a.load.id]),
    "said.last_change": lambda w, a: w.said.last_change(a.load.id, "maria"),
    "said.lines": lambda w, a: w.said.lines(a.load.id),
    "said.of_loads": lambda w, a: w.said.of_loads([a.load.id]),
    "shipments.numbers_ever": lambda w, a: w.shipments.numbers_ever([a.load.id]),
    "shipments.of_loads": lambda w, a: w.shipments.of_loads([a.load.id]),
}

CHANGES: dict[str, Call] = {
    "alerts.save": lambda w, a: w.alerts.save([replace(a.alert, level=4)]),
    "claims.drop": lambda w, a: w.claims.drop([a.claim.id], NOW),
    "claims.end": lambda w, a: w.claims.end([a.load.id], NOW),
    "claims.reopen": lambda w, a: w.claims.reopen([a.ended.load_id]),
    "invites.revoke": lambda w, a: w.invites.revoke(a.person.id, NOW),
    "invites.use": lambda w, a: w.invites.use(f"hash of {CARRIER}", "slack", NOW),
    "lines.forget": lambda w, a: w.lines.forget(LATER),
    "loads.assessed": lambda w, a: w.loads.assessed([Assessed(a.load.id, "go", 0, "", {}, None, {})]),
    "loads.change": lambda w, a: w.loads.change(a.load.id, truck="T8"),
    "loads.end": lambda w, a: w.loads.end(a.load.id, Life.CANCELLED, "cancelled", NOW),
    "loads.touch": lambda w, a: w.loads.touch([a.later.id], NOW),
    "members.remove": lambda w, a: w.members.remove(DESK, "UMARIA"),
    "members.replace": lambda w, a: w.members.replace(DESK, ["UOTHER"]),
    "outages.end": lambda w, a: w.outages.end("cbsa", "maria", NOW),
    "outbox.cards": lambda w, a: w.outbox.cards([a.post], NOW, 3),
    "outbox.dead": lambda w, a: w.outbox.dead(a.card, "gone", NOW),
    "outbox.drop": lambda w, a: w.outbox.drop([a.card.id], "late"),
    "outbox.dropped": lambda w, a: w.outbox.dropped(a.card, "late", NOW),
    "outbox.forget": lambda w, a: w.outbox.forget(LATER),
    "outbox.move": lambda w, a: w.outbox.move(DESK, "CNEW"),
    "outbox.retry": lambda w, a: w.outbox.retry(a.card, LATER, "429"),
    "outbox.sent": lambda w, a: w.outbox.sent(a.card, "17.2", NOW, 2),
    "parties.change": lambda w, a: w.parties.change(a.party.id, name="Other"),
    "parties.merge": lambda w, a: w.parties.merge(a.party.id, a.broker.id),
    "people.change": lambda w, a: w.people.change(a.person.id, role="admin"),
    "people.unlink": lambda w, a: w.people.unlink(MARIA),
    "posts.end": lambda w, a: w.posts.end([a.post.id], NOW),
    "posts.move": lambda w, a: w.posts.move(DESK, "CNEW"),
    "posts.shown": lambda w, a: w.posts.shown(a.post.id, "17.3", 1),
    "posts.want": lambda w, a: w.posts.want([a.post.id]),
    "questions.answered": lambda w, a: w.questions.answered([(a.number_id, "rns", "ready", LATER)]),
    "questions.sent": lambda w, a: w.questions.sent([a.unsent], LATER),
    "reports.drop_of_raw": lambda w, a: w.reports.drop_of_raw(a.raw_id),
    "reports.seen_again": lambda w, a: w.reports.seen_again([a.raw_id]),
    "routes.move": lambda w, a: w.routes.move(DESK, "CNEW"),
    "routes.off": lambda w, a: w.routes.off(DESK, "archived", NOW),
    "said.undo": lambda w, a: w.said.undo([a.said[0].id], "maria", NOW),
    "shipments.change": lambda w, a: w.shipments.change(a.shipment.id, note="x"),
    "shipments.drop": lambda w, a: w.shipments.drop(a.shipment.id, "wrong", NOW),
    "shipments.restore": lambda w, a: w.shipments.restore(a.gone.id),
}

#: What adds: the rows are the caller's own, whatever they name.
ADDS: dict[str, Call] = {
    "alerts.add": lambda w, a: w.alerts.add([replace(a.alert, id=new_id())]),
    "claims.add": lambda w, a: w.claims.add([ClaimRecord(new_id(), a.number_id, a.load.id, None, NOW)]),
    "invites.add": lambda w, a: w.invites.add(InviteRecord(new_id(), "other", None, "driver", LATER, "x")),
    "lines.add": lambda w, a: w.lines.add("delivery 1", {"title": "mine"}, NOW),
    "loads.add": lambda w, a: w.loads.add([load("1234", occurrence=7)]),
    "loads.new_keys": lambda w, a: w.loads.new_keys(3),
    "log.add": lambda w, a: w.log.add([JournalRecord(new_id(), None, NOW, "x", "y")]),
    "members.add": lambda w, a: w.members.add(DESK, ["UOTHER"]),
    "numbers.upsert": lambda w, a: w.numbers.upsert([(*CCN, "mine")]),
    "outages.start": lambda w, a: w.outages.start("cbsa", "x", NOW),
    "outbox.words": lambda w, a: w.outbox.words([word(place=Place("slack", "T1", "C2"))]),
    "parties.add": lambda w, a: w.parties.add([PartyRecord(new_id(), "Acme", "acme")]),
    "parties.alias": lambda w, a: w.parties.alias(a.party.id, ["acme widgets", "new"]),
    "people.add": lambda w, a: w.people.add([PersonRecord(new_id(), "Maria", "maria", "viewer", NOW)]),
    "people.link": lambda w, a: w.people.link(MARIA, a.person.id),
    "posts.ensure": lambda w, a: w.posts.ensure([post(topic="feed rns")]),
    "promises.add": lambda w, a: w.promises.add([fixed(a.broker.id, "2026-01-10", 1)]),
    "questions.add": lambda w, a: w.questions.add([question(a.load.id, a.shipment.id, a.number_id)]),
    "reports.add": lambda w, a: w.reports.add([(a.number_id, a.raw_id, report(status=report().status))]),
    "routes.save": lambda w, a: w.routes.save(RouteRecord(new_id(), "slack", "T1", "CDESK", "d", "x", LATER)),
    "said.add": lambda w, a: w.said.add([(a.load.id, Said("eta", "x", Hand.FILE, "f", NOW))]),
    "shipments.add": lambda w, a: w.shipments.add([ShipmentRecord(new_id(), a.load.id, 2, a.shipment.type)]),
}

CARRIER = "north"


class _UndoError(Exception):
    """Ends a unit without a trace."""


def methods() -> set[str]:
    """Every public coroutine of every repository of a unit of work."""
    work = Work(None, "x")  # type: ignore[arg-type]
    return {
        f"{name}.{method}"
        for name, repository in vars(work).items()
        if name not in {"unit", "carrier"} | SHARED
        for method, member in inspect.getmembers(repository, inspect.iscoroutinefunction)
        if not method.startswith("_")
    }


def test_every_method_of_every_repository_is_tried_below() -> None:
    tried = [*READS, *CHANGES, *ADDS]
    assert len(tried) == len(set(tried))
    assert set(tried) == methods()


def test_every_table_but_the_shared_ones_has_a_carrier() -> None:
    assert {t.name for t in TABLES if "carrier" not in t.c} == {"raw", "problem", "feed_state", "setting", "wait"}


async def rows_of(work: Work, carrier: str) -> list[Any]:
    """Every stored row of a carrier."""
    found = []
    for table in TABLES:
        if "carrier" in table.c:
            rows = await work.unit.connection.execute(select(table).where(table.c.carrier == carrier))
            found.append((table.name, sorted(map(repr, rows))))
    return found


async def outcome(db: Database, carrier: str, call: Call, world: World, before: list[Any]) -> tuple[Any, bool]:
    """What a call by `carrier` returned (None where it is refused), and whether rows of CARRIER changed by it."""
    result: Any = None
    changed = False
    try:
        async with db.work(carrier, NOW, write=True) as work:
            with suppress(NotFound, Stale):
                result = await call(work, world)
            changed = bool(before) and await rows_of(work, CARRIER) != before
            raise _UndoError
    except _UndoError:
        return result, changed


async def stored(db: Database) -> list[Any]:
    async with db.work(CARRIER, NOW) as work:
        return await rows_of(work, CARRIER)


async def test_reading_as_another_carrier_finds_nothing(db: Database) -> None:
    world = await build(db, CARRIER)
    for name, call in READS.items():
        own, _ = await outcome(db, CARRIER, call, world, [])
        assert own, f"{name} should find something of its own, else this proves nothing"
        foreign, _ = await outcome(db, "south", call, world, [])
        assert not foreign, name


async def test_changing_as_another_carrier_changes_nothing(db: Database) -> None:
    world = await build(db, CARRIER)
    before = await stored(db)
    for name, call in CHANGES.items():
        _, own = await outcome(db, CARRIER, call, world, before)
        assert own, f"{name} should change something of its own, else this proves nothing"
        result, foreign = await outcome(db, "south", call, world, before)
        assert not foreign, name
        assert not result, name


async def test_adding_as_another_carrier_touches_no_row_of_ours(db: Database) -> None:
    world = await build(db, CARRIER)
    before = await stored(db)
    for name, call in ADDS.items():
        _, foreign = await outcome(db, "south", call, world, before)
        assert not foreign, name


async def test_two_carriers_may_have_the_same_of_everything(db: Database) -> None:
    north = await build(db, "north")
    south = await build(db, "south")
    for carrier, own, other in (("north", north, south), ("south", south, north)):
        async with db.work(carrier, NOW, write=True) as work:
            for text in ("1234", "124", "T7", "TR9", "12345000000017", "1234 PARS 777124"):
                found = {hit.load.id for hit in await work.finder.search(text)}
                assert own.load.id in found, text
                assert not found & {other.load.id, other.later.id}, text
            seen = {k: repr(await call(work, other)) for k, call in READS.items() if k != "loads.get"}
            assert [k for k, text in seen.items() if other.load.id in text or other.number_id in text] == []


async def test_a_unit_of_work_needs_a_carrier(sqlite_db: Database) -> None:
    with pytest.raises(ValueError, match="belongs to a carrier"):
        async with sqlite_db.work("", NOW):
            pass
