"""What people say of a load: who wins, what follows at once, what is refused whole, and what undo brings back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import HoldwatchError
from bot.domain.load import Hand, Life, ShipmentType
from bot.domain.status import Status
from bot.watch import intake
from bot.watch.hands import Hands
from bot.watch.jobs import sweep
from storage.database import Database
from tests.watch.ground import (
    FILE,
    HOUR,
    MINUTE,
    NOW,
    PARS,
    Feeds,
    add,
    held,
    numbers_of,
    person,
    rns,
    route,
    row,
    rows,
    tables,
    the_load,
    world,
)

OTHER = "SMPLPARS100124"
LISTED = {"eta": "2026-11-24 14:30", "papers_sent": "2026-11-24 04:00", "trip": "SMPLTRIP1"}
WATCHING = world()


async def made(db: Database, number: str = "1234", **cells: str) -> str:
    (found,) = await add(db, WATCHING, row(number, **({"pars": PARS} | LISTED | cells)))
    assert found.load_id is not None
    return found.load_id


async def does(
    db: Database, act: Callable[..., Awaitable[object]], load: str, *args: object, now=NOW, by=None
) -> object:
    async with db.work("home", now, write=True) as work:
        return await act(work, WATCHING, load, *args, by or person())


async def standing(db: Database, load: str) -> tuple[object, ...]:
    """What stands of a load, its shipments, and the numbers it claims."""
    async with db.work("home", NOW) as work:
        record = (await work.loads.of([load]))[load]
        claims = sorted((c.number_id, c.shipment_id or "", c.until) for c in await work.claims.of_loads([load]))
        shipments = (await work.shipments.of_loads([load])).get(load, [])
    named = (record.number, record.life, record.eta, record.trips, record.crossed_word, record.end_why, record.answer)
    return (named, shipments, claims)


async def ends(db: Database, load: str) -> tuple[str, str]:
    """How the last alert of a load stands, and why."""
    async with db.work("home", NOW) as work:
        alert = (await work.alerts.last_of([load]))[load]
    return (alert.state, alert.end_why)


CHANGES = {
    "eta": (intake.set_field, ["eta", (NOW + 9 * HOUR).isoformat()]),
    "erased": (intake.set_field, ["eta", None]),
    "papers": (intake.set_field, ["papers", None]),
    "number added": (intake.numbers, [ShipmentType.PARS, "SMPLPARS100125"]),
    "number replaced": (intake.numbers, [ShipmentType.PARS, f"{PARS}=>SMPLPARS100125"]),
    "number dropped": (intake.numbers, [ShipmentType.PARS, f"-{PARS}"]),
    "all of it": (intake.numbers, [ShipmentType.PARS, f"-{PARS}, {OTHER}=>SMPLPARS100126, SMPLPARS100127"]),
    "trip": (intake.trip, ["SMPLTRIP2, SMPLTRIP3"]),
    "trip changed": (intake.trip, ["SMPLTRIP1=>SMPLTRIP9"]),
    "trip erased": (intake.trip, ["-"]),
    "cancel": (intake.cancel, ["sold"]),
    "crossed": (intake.crossed, [NOW]),
    "renumber": (intake.renumber, ["1300"]),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_undo_brings_back_what_stood_before(sqlite_db, what):
    load = await made(sqlite_db, pars=f"{PARS}, {OTHER}")
    act, args = CHANGES[what]
    before = await standing(sqlite_db, load)
    await does(sqlite_db, act, load, *args)
    assert await standing(sqlite_db, load) != before
    await does(sqlite_db, intake.undo, load)
    assert await standing(sqlite_db, load) == before
    with pytest.raises(intake.Refused, match="you changed nothing here"):
        await does(sqlite_db, intake.undo, load)


async def test_undo_takes_back_ones_own_last_change_and_nobody_elses(sqlite_db):
    load = await made(sqlite_db)
    await does(sqlite_db, intake.set_field, load, "eta", (NOW + 8 * HOUR).isoformat())
    await does(
        sqlite_db, intake.set_field, load, "eta", (NOW + 9 * HOUR).isoformat(), by=person("Ali"), now=NOW + MINUTE
    )
    await does(sqlite_db, intake.undo, load, now=NOW + 2 * MINUTE)
    assert (await the_load(sqlite_db)).eta == NOW + 9 * HOUR
    await does(sqlite_db, intake.undo, load, by=person("Ali"), now=NOW + 3 * MINUTE)
    assert (await the_load(sqlite_db)).eta == NOW + 5.5 * HOUR


REFUSED: dict[str, tuple[Callable[..., Awaitable[object]], list[object], str]] = {
    "a number that is not there": (intake.numbers, [ShipmentType.PARS, f"{OTHER}=>A1234567"], f"no {OTHER}, it has"),
    "half a change": (intake.numbers, [ShipmentType.PARS, "A=>"], "OLD=>NEW"),
    "no number": (intake.numbers, [ShipmentType.PARS, " , "], "which number"),
    "a short number": (intake.numbers, [ShipmentType.PARS, f"{OTHER}, A1"], "5 to 25 characters"),
    "no trip": (intake.trip, [""], "which trip"),
    "a trip that is not there": (intake.trip, ["-SMPLTRIP7"], "it has SMPLTRIP1"),
    "a number that is taken": (intake.renumber, ["1300"], "open load 1300 already"),
    "no name": (intake.renumber, [" "], "what is the new number"),
    "a long name": (intake.renumber, ["x" * 41], "40 characters"),
    "a shipment that is not there": (
        intake.word, [["nobody"], Status.READY, "Maria/PCB", None, ""], "no such shipment",
    ),
    "nothing to confirm": (intake.confirm, ["filer", []], "nothing to confirm"),
    "nothing to take back": (intake.undo, [], "you changed nothing here"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused_changes_nothing_even_if_its_unit_is_kept(sqlite_db, what):
    load = await made(sqlite_db)
    await made(sqlite_db, "1300", pars="SMPLPARS100130", trip="")
    act, args, why = REFUSED[what]
    before = await tables(sqlite_db, "number")  # a number that nobody claims says nothing
    async with sqlite_db.work("home", NOW, write=True) as work:
        with pytest.raises(HoldwatchError, match=why):
            await act(work, WATCHING, load, *args, person())
    assert await tables(sqlite_db, "number") == before


@pytest.mark.parametrize("what", [w for w in CHANGES if w not in ("cancel", "crossed")])
async def test_a_load_that_is_over_is_changed_by_nothing_but_undo(sqlite_db, what):
    load = await made(sqlite_db, pars=f"{PARS}, {OTHER}")
    await does(sqlite_db, intake.cancel, load, "sold")
    act, args = CHANGES[what]
    before = await tables(sqlite_db, "number")
    with pytest.raises(intake.Refused, match="is over \\(cancelled by Maria: sold\\)"):
        await does(sqlite_db, act, load, *args)
    assert await tables(sqlite_db, "number") == before


async def test_there_are_never_two_open_loads_of_one_number_and_direction(sqlite_db):
    load = await made(sqlite_db)
    await does(sqlite_db, intake.cancel, load, "")
    await add(sqlite_db, WATCHING, row(pars=OTHER, eta="2026-11-26 14:30"))
    with pytest.raises(intake.Refused, match="another open load 1234"):
        await does(sqlite_db, intake.undo, load)
    again = await the_load(sqlite_db)
    await does(sqlite_db, intake.renumber, again.id, "1400", by=person("Ali"))
    await does(sqlite_db, intake.undo, load)
    with pytest.raises(intake.Refused, match="another open load 1234"):
        await does(sqlite_db, intake.undo, again.id, by=person("Ali"))
    assert (await the_load(sqlite_db, "1400")).id == again.id


async def test_n3_a_number_taken_off_closes_the_alert_with_who_did_it_and_never_clears_it(sqlite_db):
    await route(sqlite_db)
    feeds = Feeds(sqlite_db, WATCHING)
    load = await made(sqlite_db, pars=f"{PARS}, {OTHER}", trip="")
    await does(sqlite_db, intake.manifest_word, load, NOW, "Maria")
    await feeds.hears(rns(), rns("5", pars=OTHER, transaction=""))
    assert "exam" in await held(sqlite_db)
    await does(sqlite_db, intake.numbers, load, ShipmentType.PARS, f"-{OTHER}")
    assert (await the_load(sqlite_db)).answer in ("go", "go_but")
    state, why = await ends(sqlite_db, load)
    assert state == "closed" and OTHER in why and "Maria" in why
    async with sqlite_db.work("home", NOW) as work:
        told = [r.content["event"] for r in await work.outbox.of_loads([load]) if r.kind == "word"]
    assert "closed" in told and "cleared" not in told


async def test_n3_a_cancelled_load_closes_its_alert_with_who_and_why(sqlite_db):
    feeds = Feeds(sqlite_db, WATCHING)
    load = await made(sqlite_db)
    await feeds.hears(rns("5"))
    await does(sqlite_db, intake.cancel, load, "sold")
    assert await ends(sqlite_db, load) == ("closed", "cancelled by Maria: sold")


async def test_f4_a_word_about_a_number_that_was_replaced_counts_nothing(sqlite_db):
    load = await made(sqlite_db, trip="")
    await does(sqlite_db, intake.manifest_word, load, NOW, "Maria")
    await does(sqlite_db, intake.word, load, [], Status.READY, "Maria/PCB", NOW, "")
    assert (await the_load(sqlite_db)).answer.startswith("go")
    await does(sqlite_db, intake.numbers, load, ShipmentType.PARS, f"{PARS}=>{OTHER}")
    assert not (await the_load(sqlite_db)).answer.startswith("go")


async def test_what_a_number_heard_stays_with_that_number(sqlite_db):
    feeds = Feeds(sqlite_db, WATCHING)
    load = await made(sqlite_db)
    await feeds.hears(rns("5", pars=OTHER, transaction=""))
    await does(sqlite_db, intake.numbers, load, ShipmentType.PARS, f"{PARS}=>{OTHER}")
    assert (await the_load(sqlite_db)).answer == "hold"
    await does(sqlite_db, intake.undo, load)
    assert (await the_load(sqlite_db)).answer != "hold"


async def test_a_number_that_is_there_already_is_no_change(sqlite_db):
    load = await made(sqlite_db)
    before = await tables(sqlite_db)
    assert await does(sqlite_db, intake.numbers, load, ShipmentType.PARS, "smplpars 100123") == intake.Changed(load)
    await does(sqlite_db, intake.numbers, load, ShipmentType.PARS, f"{PARS}=>{PARS}")
    assert await tables(sqlite_db) == before


@pytest.mark.parametrize("hand", [Hand.FILE, Hand.FEED, Hand.DRIVER, Hand.PERSON])
async def test_a_persons_word_stands_until_a_newer_word_of_a_person_or_driver(sqlite_db, hand):
    load = await made(sqlite_db)
    await does(sqlite_db, intake.set_field, load, "eta", (NOW + 8 * HOUR).isoformat())
    later = Hands(hand, "somebody else", "d9")
    await does(sqlite_db, intake.set_field, load, "eta", (NOW + 9 * HOUR).isoformat(), by=later, now=NOW + MINUTE)
    expected = 9 if hand >= Hand.DRIVER else 8
    assert (await the_load(sqlite_db)).eta == NOW + expected * HOUR


async def test_two_people_in_the_same_second_end_with_the_word_that_came_last(db, db_url, open_db):
    load = await made(db)
    other = open_db(db_url)
    await asyncio.gather(
        *(
            does(one, intake.set_field, load, "eta", (NOW + n * HOUR).isoformat(), by=person(f"P{n}"))
            for n, one in enumerate([db, other] * 3, 6)
        )
    )
    async with db.work("home", NOW) as work:
        said = [s for s in (await work.said.of_loads([load]))[load] if s.field == "eta"]
        record = (await work.loads.of([load]))[load]
    assert len(said) == 7
    assert record.eta is not None and record.eta.isoformat() == said[-1].value


async def test_lists_of_two_processes_end_in_what_their_history_says(db, db_url, open_db):
    """The standing values follow from all words, whoever wrote first."""
    load = await made(db)
    other = open_db(db_url)
    lists = [
        rows({"number": "1234", "truck": f"T{n}", "trailer": f"R{n}", "pars": f"SMPLPARS20000{n}"}) for n in range(6)
    ]
    await asyncio.gather(
        *(
            add(one, WATCHING, *listed, by=Hands(Hand.FILE, f"list {n}", f"d{n}"))
            for n, (one, listed) in enumerate(zip([db, other] * 3, lists, strict=True))
        )
    )
    record = await the_load(db)
    async with db.work("home", NOW) as work:
        said = (await work.said.of_loads([load]))[load]
    assert record.truck == [s.value for s in said if s.field == "truck"][-1]
    assert sorted(await numbers_of(db, record)) == sorted([PARS, *(f"SMPLPARS20000{n}" for n in range(6))])


async def test_an_earlier_load_that_is_cancelled_leaves_its_number_unused(sqlite_db):
    first = await made(sqlite_db)
    await made(sqlite_db, "1300")
    assert "number_reused" in await held(sqlite_db, "1300")
    await does(sqlite_db, intake.cancel, first, "")
    await sweep(sqlite_db, WATCHING, NOW)
    assert "number_reused" not in await held(sqlite_db, "1300")
    await does(sqlite_db, intake.undo, first)
    await sweep(sqlite_db, WATCHING, NOW)
    assert "number_reused" in await held(sqlite_db, "1300")


async def test_crossed_by_word_ends_the_load_and_undo_opens_it_again(sqlite_db):
    load = await made(sqlite_db)
    await does(sqlite_db, intake.crossed, load, NOW)
    assert (await the_load(sqlite_db)).life is Life.CROSSED
    async with sqlite_db.work("home", NOW) as work:
        assert all(c.until is not None for c in await work.claims.of_loads([load]))
    await does(sqlite_db, intake.undo, load)
    assert (await the_load(sqlite_db)).life is Life.OPEN


async def test_a_field_of_shipments_needs_one(sqlite_db):
    (found,) = await add(sqlite_db, WATCHING, row(direction="CA"), by=FILE)
    with pytest.raises(intake.Refused, match="has no shipment yet"):
        await does(sqlite_db, intake.set_field, found.load_id, "papers", NOW.isoformat())
