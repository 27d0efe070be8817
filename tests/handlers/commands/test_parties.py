"""The address book: brokers, importers, hours, near names."""

import pytest

from bot.domain.promise import Pace
from handlers.console import plain
from handlers.reply import Result
from storage.ids import new_id
from storage.promises import PromiseRecord
from tests.handlers.commands.desk import HOUR, Desk, lines_of


async def test_a_broker_shows_the_number_that_answers_at_this_hour(desk: Desk) -> None:
    said = await desk.say('/broker PCB set phone=555-0142 night=555-0143 hours="mon-fri 8-17" promise=2h filer=14234')
    assert said.startswith("PCB is in the address book now.")
    assert "Hours: mon-fri 08:00-17:00 America/Toronto" in said and "Promise: 120 min" in said
    assert (await desk.ask("/broker PCB")).title == "PCB: 555-0142 (open now)."
    desk.now += 12 * HOUR
    assert (await desk.ask("/broker pcb")).title.startswith("PCB: night 555-0143 (the office is closed, opens")


async def test_a_brokers_promise_moves_the_clock_of_its_loads(desk: Desk) -> None:
    await desk.add(more="eta=18:00 papers=08:30")
    assert "due 11:30" in await desk.say("1234")
    await desk.say("/broker PCB set promise=5h")
    assert "due 13:30" in await desk.say("1234")


@pytest.mark.parametrize(
    "pair",
    ['hours="sometimes"', 'hours="mon-fri 8-99"', 'hours="mon-fri 8-17" zone=Mars/Base', "promise=forever",
     "promise=9d", "filer=12", "phone=call-me-maybe", "zone=America/Toronto"],
)  # fmt: skip
async def test_what_cannot_be_kept_is_refused_and_nothing_is_made(desk: Desk, pair: str) -> None:
    assert (await desk.ask(f"/broker PCB set {pair}")).result is Result.REFUSED
    assert "0 in the address book" in await desk.say("/broker")


async def test_a_near_name_is_asked_about_and_never_taken(desk: Desk) -> None:
    await desk.say('/broker "Northway Customs" set phone=555-0142')
    reply = await desk.ask('/broker "Northway Custom" set phone=555-0199')
    assert reply.result is Result.UNKNOWN
    assert "555-0142" in await desk.say("/broker Northway Customs")
    assert "is in the address book now" in await desk.say(lines_of(reply)[-1])
    asked = await desk.ask("/broker Nortway")
    assert asked.result is Result.UNKNOWN and "Northway" in asked.buttons[0].label


async def test_two_letters_changed_about_are_asked_about(desk: Desk) -> None:
    await desk.add(more="eta=18:00 broker=PCB")
    assert "type: /broker PCB set phone=555-0142" in await desk.say("/broker PCB")
    assert "to store" not in (await desk.say("/broker PCB set day=555-0141 night=555-0142")).casefold()
    asked = await desk.ask("1234 broker PBC")
    assert asked.result is Result.UNKNOWN and [b.label for b in asked.buttons] == ["PCB", "PBC is new"]
    assert "broker" in await desk.say(lines_of(asked)[0]) and "1 in the address book" in await desk.say("/broker")
    assert (await desk.ask("/broker PBC")).buttons[0].label == "PCB"
    assert "Day: 555-0141" in await desk.say("/broker PCB")


async def test_a_broker_gets_another_name_and_is_found_by_both(desk: Desk) -> None:
    await desk.say("/broker PCB set phone=555-0142")
    assert "Peaceful Bridge Customs stands so now" in await desk.say('/broker PCB set name="Peaceful Bridge Customs"')
    assert (await desk.ask("/broker PCB")).title.startswith("Peaceful Bridge Customs: 555-0142")


async def test_an_alias_that_is_taken_is_refused(desk: Desk) -> None:
    await desk.say("/broker PCB set alias=pacific")
    reply = await desk.ask("/broker Northway set alias=pacific")
    assert reply.result is Result.REFUSED and "is already PCB" in reply.title


async def test_an_importer_with_account_and_broker(desk: Desk) -> None:
    said = await desk.say("/shipper ACME add bn15=123456782RM0001 broker=PCB alias=acme-foods")
    assert "ACME is in the address book now." in said
    assert "Accounts: …782 RM0001 cleared by PCB" in said and "123456782" not in said
    assert "…782 RM0001 cleared by Northway" in await desk.say("/shipper acme foods broker Northway")
    assert "…782 RM0002 cleared by Northway" in await desk.say("/shipper ACME add bn15=123456782RM0002")


async def test_a_broker_is_kept_before_the_account_s_number_is_known(desk: Desk) -> None:
    assert "number not known cleared by PCB" in await desk.say("/shipper ACME broker PCB")
    said = await desk.say("/shipper ACME add bn15=123456782RM0001")
    assert "Accounts: …782 RM0001 cleared by PCB" in said and "not known" not in said


@pytest.mark.parametrize(
    ("typed", "why"),
    [("1", "9 digits, RM and 4 digits"), ("123456782RT0001", "something else than imports"),
     ("123456782", "RM and 4 digits"), ("213456782RM0001", "digits 1 and 2, “12” for “21”")],
)  # fmt: skip
async def test_what_is_no_importer_s_account_is_refused(desk: Desk, typed: str, why: str) -> None:
    reply = await desk.ask(f"/shipper ACME add bn15={typed}")
    assert reply.result is Result.REFUSED and why in plain(reply)
    assert "0 in the address book" in await desk.say("/shipper")


async def test_who_is_not_there_is_said_with_what_to_type(desk: Desk) -> None:
    assert "/broker Zebra set phone=" in await desk.say("/broker Zebra")
    assert "/shipper Zebra add" in await desk.say("/shipper Zebra")
    assert "0 in the address book" in await desk.say("/shipper")


async def test_t1_a_broker_shows_what_it_promises_and_where_that_comes_from(desk: Desk) -> None:
    await desk.say("/broker PCB set phone=555-0142")
    said = await desk.say("/broker PCB")
    assert "3 h, the usual" in said
    assert "4 h, the usual" in said
    assert "not measured yet" in said
    async with desk.db.work("home", desk.now, write=True) as work:
        (broker,) = await work.parties.all()
        since = desk.now - HOUR
        await work.promises.add(
            [
                PromiseRecord(new_id(), broker.id, Pace.CA, "2026-11-23", since - 24 * HOUR, 90, 20, 50, 90),
                PromiseRecord(new_id(), broker.id, Pace.CA, "2026-11-24", since, 155, 34, 80, 155),
                PromiseRecord(new_id(), broker.id, Pace.US, "2026-11-24", since, None, 12, 45, 100),
            ]
        )
    table = [row.split("|") for row in (await desk.say("/broker PCB")).splitlines() if "into" in row or "agency" in row]
    assert "2 h 35, measured" in str(table[0])
    assert "34" in str(table[0])
    assert "1 h 20" in str(table[0])
    assert "2 h, the usual" in str(table[1])
    assert "12" in str(table[1])
    assert "4 h, the usual" in str(table[2])
    assert "Measured 08:00" in await desk.say("/broker PCB")
    await desk.say("/broker PCB set promise=2h")
    assert (await desk.say("/broker PCB")).count("2 h, set here") == 3
    await desk.say("/broker PCB set promise=-")
    assert "2 h 35, measured" in await desk.say("/broker PCB")


@pytest.mark.parametrize(("typed", "kept"), [("14234, abc", ["14234", "ABC"]), ("9Z1", ["9Z1"]), ("-", [])])
async def test_a_brokers_filers_are_of_both_directions(desk: Desk, typed: str, kept: list[str]) -> None:
    await desk.say(f'/broker PCB set filers="{typed}"')
    async with desk.db.work("home", desk.now) as work:
        (broker,) = await work.parties.all()
    assert list(broker.filers) == kept


@pytest.mark.parametrize("typed", ["1234", "ABCD", "A-1", "14234,12"])
async def test_a_filer_code_of_neither_direction_is_refused(desk: Desk, typed: str) -> None:
    await desk.say("/broker PCB set phone=555-0142")
    reply = await desk.ask(f'/broker PCB set filers="{typed}"')
    assert reply.result is Result.REFUSED
    assert "into the US 3" in reply.title
