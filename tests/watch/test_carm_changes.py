"""Answers count no more once the papers of a load, or its goods, changed; both the view and the look say so."""

from datetime import datetime

import pytest

from bot.domain.carm.changes import DUTIABLE_NOTE
from bot.domain.carm.evidence import UNKNOWN, Evidence, Item, Source
from bot.domain.carm.verdict import Readiness, Verdict
from bot.domain.carm.voices import Void
from bot.watch.carm import asked_about
from bot.watch.carm_words import record
from bot.watch.gather import gather
from bot.watch.hands import Hands
from bot.watch.intake import set_field
from storage.database import Database
from storage.ids import new_id
from tests.watch.ground import DAY, FILE, HOUR, NOW, PARS, add, person, row, the_load, world
from tests.watch.test_carm import party, ready, say

BEFORE = NOW - 3 * DAY


async def loaded(
    db: Database, now: datetime = BEFORE, *, number: str = "1234", by: Hands | None = None, **cells: str
) -> None:
    given = {"pars": PARS, "eta": "2026-11-24 20:00", "direction": "CA"} | cells
    await add(db, world(), row(number, **given), now=now, by=by or person())


async def looked(db: Database) -> Readiness:
    """As the watch itself finds it."""
    load = await the_load(db)
    async with db.work("home", NOW) as work:
        (case,) = await gather(work, world(), [load.id])
    (about,) = case.facts.about.values()
    assert about.carm is not None
    return about.carm.readiness


async def both(db: Database, item: Item) -> tuple[Void | None, Verdict]:
    seen, found = await ready(db), await looked(db)
    assert (seen.standings[item].void, seen.verdict) == (found.standings[item].void, found.verdict)
    return found.standings[item].void, found.verdict


async def test_a_changed_consignee_voids_who_imports_until_somebody_says_it_again(db: Database) -> None:
    await loaded(db, importer="ACME", broker="PCB", consignee="ACME")
    await say(db, Item.IOR, "confirmed", days=2)
    await say(db, Item.RPP, "active")
    assert await both(db, Item.IOR) == (None, Verdict.OK)
    await loaded(db, NOW - HOUR, consignee="ACME Plant 2")
    assert await both(db, Item.IOR) == (None, Verdict.OK), "a longer form of a name is no other consignee"
    await loaded(db, NOW - HOUR / 2, consignee="Boxes Inc")
    assert await both(db, Item.IOR) == (Void.CONSIGNEE, Verdict.NOT_KNOWN)
    await say(db, Item.IOR, "confirmed", days=0)
    assert await both(db, Item.IOR) == (None, Verdict.OK)


async def test_changed_terms_of_sale_void_who_imports_of_that_shipment_until_it_is_said_again(db: Database) -> None:
    await loaded(db, importer="ACME", broker="PCB")
    await loaded(db, importer="ACME", broker="PCB", number="1235", pars="SMPLPARS100999", sale_terms="EXW")
    await say(db, Item.IOR, "confirmed", days=2)
    await say(db, Item.RPP, "active")
    await loaded(db, NOW - 4 * HOUR, sale_terms="DAP")
    assert await both(db, Item.IOR) == (None, Verdict.OK), "terms that are named first change nothing"
    await loaded(db, NOW - 3 * HOUR, sale_terms="dap, Windsor")
    assert await both(db, Item.IOR) == (None, Verdict.OK), "nor do the same terms said longer"
    await loaded(db, NOW - 2 * HOUR, sale_terms="-")
    assert await both(db, Item.IOR) == (None, Verdict.OK), "nor terms that nobody knows any more"
    await loaded(db, NOW - HOUR, sale_terms="EXW")
    assert await both(db, Item.IOR) == (Void.TERMS, Verdict.NOT_KNOWN)
    assert (await ready(db)).standings[Item.IOR].since == NOW - HOUR
    assert (await ready(db, "1235")).standings[Item.IOR].state == "confirmed", "another load keeps its word"
    await say(db, Item.IOR, "confirmed", days=0)
    assert await both(db, Item.IOR) == (None, Verdict.OK)


@pytest.mark.parametrize(
    ("column", "old", "new", "void"),
    [("sale_terms", "EXW", "DAP", Void.TERMS), ("consignee", "Boxes Inc", "Cartons Ltd", Void.CONSIGNEE)],
)
async def test_an_importer_of_whom_nobody_said_more_is_assumed_anew_once_terms_of_sale_or_consignee_change(
    db: Database, column: str, old: str, new: str, void: Void
) -> None:
    given = {"importer": "ACME", "broker": "PCB", column: old}
    await loaded(db, by=FILE, **given)
    await loaded(db, by=FILE, number="1235", pars="SMPLPARS100999", **given)
    await say(db, Item.RPP, "active")
    assert await both(db, Item.IOR) == (None, Verdict.OK)
    await loaded(db, NOW - HOUR, by=FILE, **given | {column: new})
    assert await both(db, Item.IOR) == (void, Verdict.NOT_KNOWN), "a file that repeats the importer says nothing new"
    assert (await ready(db, "1235")).verdict is Verdict.OK, "another load keeps its importer"
    await named_again(db, "1234")
    assert await both(db, Item.IOR) == (None, Verdict.OK)


async def test_who_is_named_again_after_the_terms_changed_imports_that_load_alone(db: Database) -> None:
    papers = {"direction": "CA", "importer": "ACME", "broker": "PCB", "eta": "2026-11-24 20:00"}
    for terms, at in (("EXW", BEFORE), ("DAP", NOW - HOUR)):
        two = [row(n, f"line {n}", pars=f"SMPLPARS10{n}", sale_terms=terms, **papers) for n in ("1234", "1235")]
        await add(db, world(), *two, now=at)
    await say(db, Item.RPP, "active")
    await named_again(db, "1234")
    loads = [await the_load(db, n) for n in ("1234", "1235")]
    async with db.work("home", NOW) as work:
        cases = await gather(work, world(), [load.id for load in loads])
    found = {c.record.number: about.carm for c in cases for about in c.facts.about.values()}
    verdicts = {number: carm.readiness.verdict for number, carm in found.items() if carm is not None}
    assert verdicts == {"1234": Verdict.OK, "1235": Verdict.NOT_KNOWN}


async def named_again(db: Database, number: str) -> None:
    load, importer = await the_load(db, number), await party(db, "ACME")
    async with db.work("home", NOW - HOUR / 2, write=True) as work:
        await set_field(work, world(), load.id, "importer", importer, person())


async def test_papers_that_name_the_importer_after_the_consignee_changed_are_believed(db: Database) -> None:
    await loaded(db, importer="ACME", broker="PCB", consignee="ACME")
    await say(db, Item.IOR, "confirmed", days=2)
    await say(db, Item.RPP, "active")
    await loaded(db, NOW - HOUR, consignee="Boxes Inc", importer="Boxes Inc")
    await loaded(db, NOW - HOUR / 2, importer="ACME")
    found = await ready(db)
    assert (found.standings[Item.IOR].state, found.verdict) == ("assumed", Verdict.OK)


async def test_a_changed_broker_voids_a_delegation_that_names_none(db: Database) -> None:
    await loaded(db, importer="ACME", broker="PCB")
    await say(db, Item.DELEGATION, "approved_all", days=2)
    await say(db, Item.RPP, "active")
    assert (await both(db, Item.DELEGATION))[0] is None
    await loaded(db, NOW - HOUR, broker="Willow")
    assert (await both(db, Item.DELEGATION))[0] is Void.BROKER
    await say(db, Item.DELEGATION, "approved_all", broker="Willow", days=2)
    assert (await both(db, Item.DELEGATION))[0] is None, "what names the new broker holds"


async def test_a_broker_that_is_named_first_changes_nothing(db: Database) -> None:
    await loaded(db, importer="ACME")
    await say(db, Item.DELEGATION, "approved_all", days=2)
    await loaded(db, NOW - HOUR, broker="PCB")
    assert (await both(db, Item.DELEGATION))[0] is None


async def test_dutiable_goods_leave_the_word_that_they_void_on_the_card(db: Database) -> None:
    await loaded(db, importer="ACME", broker="PCB")
    await say(db, Item.RPP, "enrolled_zero_payable", days=2)
    id_, at = await party(db, "ACME"), NOW - DAY
    async with db.work("home", NOW, write=True) as work:
        goods = Evidence(new_id(), id_, Item.RPP, UNKNOWN, Source.OWN_STAFF, at, at, note=DUTIABLE_NOTE)
        await record(work, [goods])
    assert await both(db, Item.RPP) == (Void.DUTIABLE, Verdict.NOT_KNOWN)
    rpp = (await ready(db)).standings[Item.RPP]
    assert (rpp.state, rpp.since) == ("enrolled_zero_payable", at)
    await say(db, Item.RPP, "enrolled_zero_payable", days=0.5)
    assert await both(db, Item.RPP) == (None, Verdict.OK), "said after the goods it holds"


async def test_dutiable_goods_void_a_state_with_nothing_payable_that_is_entered_later(db: Database) -> None:
    await loaded(db, importer="ACME", broker="PCB")
    await say(db, Item.RPP, "enrolled_zero_payable", days=2)
    assert (await both(db, Item.RPP)) == (None, Verdict.OK)
    id_, at = await party(db, "ACME"), NOW - DAY
    async with db.work("home", NOW, write=True) as work:
        (zero,) = (await work.evidence.of_importers([id_]))[id_]
        goods = Evidence(
            new_id(), id_, Item.RPP, UNKNOWN, Source.BROKER_SAID, at, at, note=DUTIABLE_NOTE, supersedes=zero.id
        )
        await record(work, [goods])
    assert (await both(db, Item.RPP))[1] is Verdict.NOT_KNOWN
    await say(db, Item.SECURITY, "none_required", days=2)
    assert (await both(db, Item.SECURITY))[0] is Void.DUTIABLE
    async with db.work("home", NOW) as work:
        (pair,) = (await asked_about(work, world(), id_, NOW)).pairs
    assert pair.readiness.standings[Item.SECURITY].void is Void.DUTIABLE


@pytest.mark.parametrize(("importer", "reads"), [("", 0), ("ACME", 1)])
async def test_papers_are_read_only_where_a_shipment_has_an_importer_of_whom_they_may_say_something(
    sqlite_db: Database, importer: str, reads: int
) -> None:
    await loaded(sqlite_db, importer="Other", pars="SMPLPARS100999", number="1299")
    await loaded(sqlite_db, consignee="ACME", broker="PCB", importer=importer)
    if importer:
        await say(sqlite_db, Item.IOR, "confirmed")
    load = await the_load(sqlite_db)
    asked: list[str] = []
    async with sqlite_db.work("home", NOW) as work:
        driver = (await work.unit.connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.set_trace_callback(asked.append)
        await gather(work, world(), [load.id])
        await driver.set_trace_callback(None)
    assert asked and sum("'consignee'" in statement for statement in asked) == reads
