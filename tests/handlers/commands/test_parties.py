"""The address book: brokers, importers, hours, near names."""

import pytest

from handlers.reply import Result
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
    assert "account 123456782RM0001; cleared by PCB" in said
    assert "cleared by Northway" in await desk.say("/shipper acme foods broker Northway")
    assert (await desk.ask("/shipper ACME add bn15=1")).result is Result.REFUSED


async def test_who_is_not_there_is_said_with_what_to_type(desk: Desk) -> None:
    assert "/broker Zebra set phone=" in await desk.say("/broker Zebra")
    assert "/shipper Zebra add" in await desk.say("/shipper Zebra")
    assert "0 in the address book" in await desk.say("/shipper")
