"""Rows of lists become loads: a row is a shipment, rows with one number are one load (SAMPLE data)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain.load import Life, LoadRow, ShipmentType
from bot.watch import intake
from tests.watch.ground import (
    DAY,
    FILE,
    HOUR,
    MINUTE,
    NOW,
    PARS,
    Feeds,
    add,
    answers,
    carrier,
    held,
    numbers_of,
    person,
    rns,
    row,
    rows,
    tables,
    the_load,
    world,
)

ETA = "2026-11-24 14:30"


async def shipments_of(db, load):
    async with db.work("home", NOW) as work:
        return (await work.shipments.of_loads([load.id])).get(load.id, [])


async def test_a_row_is_a_shipment_and_rows_of_one_number_are_one_load(sqlite_db):
    found = await add(
        sqlite_db,
        world(),
        *rows(
            {"number": "1234", "pars": PARS, "broker": "PCB", "eta": ETA},
            {"number": "#1234", "pars": "smplpars 100124", "broker": "WIL", "driver": "Singh"},
            {"number": "1235", "paps": "SMPL900001"},
        ),
    )
    assert [(r.where, r.outcome) for r in found] == [("line 2", "added"), ("line 3", "added"), ("line 4", "added")]
    assert found[0].load_id == found[1].load_id != found[2].load_id
    load = await the_load(sqlite_db)
    assert await numbers_of(sqlite_db, load) == [PARS, "SMPLPARS100124"]
    assert (load.driver_name, load.eta) == ("Singh", NOW + 5 * HOUR + 30 * MINUTE)
    assert (await the_load(sqlite_db, "1235")).direction == "US"


async def test_bad_rows_are_named_by_line_and_the_good_ones_are_taken(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    body = f"number,pars,eta\n1,SMPLPARS1001,{ETA}\n2,SMPLPARS1002,noon\n3,a,b,c\n,SMPLPARS1004,\n5,SMPLPARS1005,\n"
    await feeds.hears(body.encode(), feed="loads")
    assert sorted(await answers(sqlite_db)) == ["1", "5"]
    async with sqlite_db.dock(NOW) as dock:
        told = {p.place: p.why for p in await dock.problems.of_feeds(["loads"])}
    assert set(told) == {"line 3", "line 4", "line 5"}
    assert "'noon' is not a time" in told["line 3"] and "number of the load" in told["line 5"]


async def test_rows_that_disagree_are_refused_by_the_line_they_disagree_with(sqlite_db):
    found = await add(
        sqlite_db,
        world(),
        *rows(
            {"number": "1234", "pars": PARS, "truck": "T7", "broker": "PCB"},
            {"number": "1234", "pars": "SMPLPARS100124", "truck": "T8"},
            {"number": "1234", "pars": PARS, "broker": "WIL"},
            {"number": "1234", "pars": "SMPLPARS100125", "truck": "T7"},
        ),
    )
    assert [r.outcome for r in found] == ["added", "refused", "refused", "added"]
    assert found[1].sentences == ("truck is T8 here, but line 2 says T7 for the same load 1234; make them agree",)
    assert "broker is WIL here, but line 2 says PCB for the same SMPLPARS100123" in found[2].sentences[0]
    assert await numbers_of(sqlite_db, await the_load(sqlite_db)) == [PARS, "SMPLPARS100125"]


async def test_a_row_that_is_refused_leaves_no_trace_at_all(sqlite_db):
    before = await tables(sqlite_db)
    (found,) = await add(sqlite_db, world(), row(eta=ETA, broker="PCB", note="x"))
    assert (found.outcome, found.load_id) == ("refused", None)
    assert "no row says where it goes: add direction CA or US" in found.sentences[0]
    assert await tables(sqlite_db) == before


async def test_what_is_said_of_a_shipment_waits_for_its_number(sqlite_db):
    """A row with a broker and no PARS yet says something of the shipment to come: it must not be lost."""
    await add(sqlite_db, world(), row(direction="CA", broker="PCB", papers_sent="2026-11-24 08:00", eta=ETA))
    load = await the_load(sqlite_db)
    (bare,) = await shipments_of(sqlite_db, load)
    assert (bare.ccn, bare.type, bare.papers_sent) == ("", "pars", NOW - HOUR) and bare.broker_id
    assert "number_missing" in await held(sqlite_db, waiting=True)
    await add(sqlite_db, world(), row(pars=PARS))
    (filled,) = await shipments_of(sqlite_db, load)
    assert filled == replace(bare, ccn=PARS, text=PARS)


async def test_times_without_zone_are_local_to_the_crossing_that_the_load_has(sqlite_db):
    await add(
        sqlite_db,
        world(),
        *rows(
            {"number": "1", "pars": PARS, "eta": ETA}, {"number": "1", "pars": "SMPLPARS2", "crossing": "North Portal"}
        ),
    )
    assert (await the_load(sqlite_db, "1")).eta.hour == 20
    await add(sqlite_db, world(), row("1", eta="2026-11-24 15:30"))
    assert (await the_load(sqlite_db, "1")).eta.hour == 21


@pytest.mark.parametrize(("zone", "hour"), [("America/Regina", 20), ("America/Moncton", 18)])
async def test_a_carrier_at_home_in_another_zone_reads_its_own_clock(sqlite_db, zone, hour):
    await add(sqlite_db, world(carrier(zone=zone)), row(pars=PARS, eta=ETA))
    assert (await the_load(sqlite_db)).eta.hour == hour


async def test_an_eta_that_is_missing_is_assumed_and_asked_for_and_one_that_passed_is_doubted(sqlite_db):
    none, past = await add(
        sqlite_db, world(), row(pars=PARS), row("1235", "line 3", pars="SMPLPARS2", eta="2026-11-24 04:00")
    )
    assert any("no ETA was given" in s for s in none.sentences)
    assert "its ETA was 5 h ago: is the date right?" in past.sentences


async def test_a_crossing_that_is_unknown_or_several_is_said_and_the_load_is_watched(sqlite_db):
    several, unknown = await add(
        sqlite_db,
        world(),
        row(pars=PARS, crossing="Windsor"),
        row("1235", "line 3", pars="SMPLPARS100125", crossing="Atlantis"),
    )
    assert "may be" in several.sentences[0] and several.outcome == "added"
    assert "crossing 'Atlantis' is not known" in unknown.sentences


async def test_a_number_that_looks_like_an_orphan_is_asked_about(sqlite_db):
    """O for 0: nothing is matched, and what came for the other number is shown as the probable cause."""
    feeds = Feeds(sqlite_db, world())
    await add(sqlite_db, feeds.world, row(pars="SMPLPARS1OO123", eta=ETA, papers_sent="2026-11-24 04:00"))
    feeds.now = NOW + 2 * HOUR
    await feeds.hears(rns(pars=PARS, at=feeds.now))
    assert {"not_matched", "number_mismatch"} <= await held(sqlite_db)
    async with sqlite_db.work("home", feeds.now, write=True) as work:
        load = await the_load(sqlite_db)
        await intake.numbers(work, feeds.world, load.id, ShipmentType.PARS, f"SMPLPARS1OO123=>{PARS}", person())
    assert not await held(sqlite_db) & {"not_matched", "number_mismatch"}


async def test_an_empty_cell_leaves_and_a_dash_erases(sqlite_db):
    await add(sqlite_db, world(), row(pars=PARS, driver="Singh", truck="T7", broker="PCB"))
    await add(sqlite_db, world(), row(driver="", truck="-", broker="-"))
    load = await the_load(sqlite_db)
    assert (load.driver_name, load.truck) == ("Singh", "")
    assert (await shipments_of(sqlite_db, load))[0].broker_id is None


async def test_a_number_is_replaced_with_all_that_was_said_of_it_and_dropped(sqlite_db):
    await add(sqlite_db, world(), row(pars=f"{PARS}, SMPLPARS100124", broker="PCB"))
    (changed,) = await add(sqlite_db, world(), row(pars=f"{PARS}=>SMPLPARS100125, -SMPLPARS100124"))
    load = await the_load(sqlite_db)
    (left,) = await shipments_of(sqlite_db, load)
    assert (left.ccn, bool(left.broker_id), changed.outcome) == ("SMPLPARS100125", True, "changed")
    (again,) = await add(sqlite_db, world(), row(pars=f"{PARS}=>SMPLPARS100125, -SMPLPARS100124"))
    assert again.outcome == "same" and len(await shipments_of(sqlite_db, load)) == 1


async def test_a_number_written_twice_in_a_row_is_one_shipment(sqlite_db):
    await add(sqlite_db, world(), row(direction="CA"))
    await add(sqlite_db, world(), row(pars=f"{PARS}, smplpars 100123"))
    assert await numbers_of(sqlite_db, await the_load(sqlite_db)) == [PARS]


async def test_a_file_that_repeats_itself_says_nothing_new_and_a_persons_word_stands(sqlite_db):
    watching = world()
    listed = row(pars=PARS, eta=ETA, driver="Singh", broker="PCB", trip="SMPLTRIP1")
    await add(sqlite_db, watching, listed)
    load = await the_load(sqlite_db)
    async with sqlite_db.work("home", NOW + MINUTE, write=True) as work:
        await intake.set_field(work, watching, load.id, "eta", (NOW + 8 * HOUR).isoformat(), person())
    before = await tables(sqlite_db)
    (same,) = await add(sqlite_db, watching, listed, now=NOW + HOUR)
    assert same.outcome == "same" and await tables(sqlite_db) == before
    (other,) = await add(sqlite_db, watching, row(eta="2026-11-24 16:00"), now=NOW + HOUR)
    assert "eta stays as Maria said it" in other.sentences
    assert (await the_load(sqlite_db)).eta == NOW + 8 * HOUR


async def test_a_number_that_a_person_took_off_is_not_brought_back_by_the_list(sqlite_db):
    watching, wrong = world(), row(pars="SMPLPARS100132", eta=ETA)
    await add(sqlite_db, watching, wrong)
    load = await the_load(sqlite_db)
    async with sqlite_db.work("home", NOW, write=True) as work:
        await intake.numbers(
            work, watching, load.id, ShipmentType.PARS, f"SMPLPARS100132=>{PARS}", person(delivery="d1")
        )
    (again,) = await add(sqlite_db, watching, wrong, now=NOW + HOUR)
    assert again.outcome == "same" and await numbers_of(sqlite_db, load) == [PARS]
    assert again.sentences == ("SMPLPARS100132 was taken off by Maria: it stays off",)
    async with sqlite_db.work("home", NOW, write=True) as work:
        await intake.undo(work, watching, load.id, person())
    assert await numbers_of(sqlite_db, load) == ["SMPLPARS100132"]


async def test_the_same_list_after_the_load_crossed_makes_no_new_load(sqlite_db):
    watching, listed = world(), row(pars=PARS, eta=ETA)
    await add(sqlite_db, watching, listed)
    load = await the_load(sqlite_db)
    async with sqlite_db.work("home", NOW + 6 * HOUR, write=True) as work:
        await intake.crossed(work, watching, load.id, NOW + 6 * HOUR, person())
    (again,) = await add(sqlite_db, watching, listed, now=NOW + 7 * HOUR)
    assert (again.outcome, again.load_id) == ("same", load.id)
    (later,) = await add(sqlite_db, watching, row(pars="SMPLPARS2", eta="2026-11-26 14:30"), now=NOW + DAY)
    second = await the_load(sqlite_db)
    assert later.load_id == second.id != load.id and second.occurrence == 2
    (back,) = await add(sqlite_db, watching, row(paps="SMPL900001", eta="2026-11-26 20:00"), now=NOW + DAY)
    third = await the_load(sqlite_db)
    assert (back.outcome, third.direction, third.occurrence) == ("added", "US", 1)


async def test_a_row_that_may_mean_either_of_two_open_loads_takes_neither(sqlite_db):
    await add(sqlite_db, world(), row(pars=PARS), row(where="line 3", paps="SMPL900001"))
    before = await tables(sqlite_db)
    (found,) = await add(sqlite_db, world(), row(truck="T9"))
    assert found.outcome == "refused" and "add direction CA or US" in found.sentences[0]
    assert await tables(sqlite_db) == before


async def test_a_number_claimed_by_an_earlier_load_is_said_and_inherits_nothing(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    await add(sqlite_db, feeds.world, row(pars=PARS, eta=ETA))
    await feeds.hears(rns())
    await add(sqlite_db, feeds.world, row("1300", pars=PARS, eta=ETA))
    assert "number_reused" in await held(sqlite_db, "1300")


async def test_control_characters_and_markup_are_refused_or_only_text(sqlite_db):
    found = await add(sqlite_db, world(), row("<!channel>", pars=PARS), row("12\x0034", "line 3", pars="SMPLPARS2"))
    assert [r.outcome for r in found] == ["added", "refused"]
    assert (await the_load(sqlite_db, "<!channel>")).number == "<!channel>"


async def counted(db, make):
    """How many statements a unit takes."""
    count: list[str] = []

    def tally(_connection, _cursor, statement, *_):
        count.append(statement)

    async with db.work("home", NOW, write=True) as work:
        connection = work.unit.connection.sync_connection
        event.listen(connection, "before_cursor_execute", tally)
        await make(work)
        event.remove(connection, "before_cursor_execute", tally)
    return len(count)


def many(count: int) -> list[LoadRow]:
    return rows(
        *(
            {"number": f"L{n}", "pars": f"SMPLPARS{n:06}", "eta": ETA, "broker": f"B{n % 7}", "driver": f"D{n % 5}"}
            for n in range(count)
        )
    )


async def test_a_list_of_1000_rows_takes_no_more_statements_than_one_of_ten_also_when_it_comes_again(sqlite_db):
    watching = world()
    async with sqlite_db.work("home", NOW, write=True) as work:
        await intake.add_rows(work, watching, many(1), FILE)
    few = await counted(sqlite_db, lambda work: intake.add_rows(work, watching, many(10), FILE))
    again_few = await counted(sqlite_db, lambda work: intake.add_rows(work, watching, many(10), FILE))
    lots = await counted(sqlite_db, lambda work: intake.add_rows(work, watching, many(1000), FILE))
    again = await counted(sqlite_db, lambda work: intake.add_rows(work, watching, many(1000), FILE))
    assert lots <= few + 10 and again <= again_few
    assert len(await answers(sqlite_db)) >= 500


async def test_a_load_taken_back_may_be_added_again_and_a_cancelled_one_stays_cancelled(sqlite_db):
    watching, maria = world(), person(delivery="d1")
    await add(sqlite_db, watching, row(pars=PARS, eta=ETA), by=maria)
    load = await the_load(sqlite_db)
    async with sqlite_db.work("home", NOW, write=True) as work:
        await intake.undo(work, watching, load.id, person())
    (again,) = await add(sqlite_db, watching, row(pars=PARS, eta=ETA), by=person())
    second = await the_load(sqlite_db)
    assert again.outcome == "added" and second.id != load.id
    async with sqlite_db.work("home", NOW, write=True) as work:
        await intake.cancel(work, watching, second.id, "sold", person())
    (listed,) = await add(sqlite_db, watching, row(pars=PARS, eta=ETA), now=NOW + timedelta(hours=1))
    assert listed.outcome == "same" and (await the_load(sqlite_db)).life is Life.CANCELLED
