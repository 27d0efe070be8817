"""New loads, their ends, and taking back each kind of change."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.load import Life
from bot.domain.route import Account
from handlers.reply import Result
from storage.ids import new_id
from storage.outbox import SENT, WORD, OutboxRecord
from tests.handlers.commands.desk import BOSS, HOUR, PARS, Desk, held
from tests.handlers.plain import plain


async def test_a_load_is_added_by_one_line_and_times_are_local(desk_of_each: Desk) -> None:
    desk = desk_of_each
    said = await desk.say('/load 1250 add to=CA port=Sarnia eta=14:30 pars=SMPLPARS100250 broker=PCB papers="9:00"')
    assert said.startswith("Load 1250 is watched now.")
    record = await desk.load("1250")
    assert record.crossing == "Blue Water Bridge" and record.eta == desk.now + 5.5 * HOUR
    assert "what you typed is in it now" in await desk.say("/load 1250 add eta=15:30")
    assert "says that already" in await desk.say("/load 1250 add eta=15:30")


async def test_a_new_load_without_direction_is_refused_by_name(desk: Desk) -> None:
    reply = await desk.ask("/load 1250 add eta=14:30")
    assert reply.result is Result.REFUSED and "add direction CA or US" in reply.title


async def test_load_add_alone_opens_a_form_and_says_an_example(desk: Desk) -> None:
    reply = await desk.ask("/load add")
    assert reply.form is not None and reply.form.inputs[0].name == "subject"
    assert "/load 1234 add to=CA port=Sarnia" in await desk.say("/load add")
    again = (await desk.ask("/load 1250 add")).form
    assert again is not None and again.inputs[0].initial == "1250"


async def test_a_port_that_can_be_two_is_asked_about_with_the_whole_line(desk: Desk) -> None:
    said = await desk.say("/load 1250 add to=CA port=Windsor pars=SMPLPARS100250 eta=14:30")
    assert "Nothing was added." in said
    assert 'port="Ambassador Bridge"' in said
    assert (await desk.ask("/load 1250")).result is Result.REFUSED


async def test_crossed_ends_the_watch_and_undo_brings_it_back(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await held(desk)
    assert "1234 is over the border since 10:50 (10 min ago)." in await desk.say("1234 crossed 10:50")
    assert (await desk.load()).life is Life.CROSSED
    assert "never seen accepted" in await desk.say("1234")
    assert "1234: taken back: the crossing." in await desk.say("1234 undo")
    assert (await desk.load()).life is Life.OPEN
    assert (await desk.say("1234")).startswith("1234 HOLD")


async def test_n3_cancel_closes_with_who_did_it_and_why(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await held(desk)
    said = await desk.say("1234 cancel customer said no")
    assert "1234 is cancelled and no longer watched." in said and "cancelled by Maria: customer said no" in said
    alert = await desk.alert()
    assert alert is not None and (alert.state, alert.end_why) == ("closed", "cancelled by Maria: customer said no")
    assert "1234: taken back: the cancelling." in await desk.say("1234 undo")
    assert (await desk.say("1234")).startswith("1234 HOLD")


async def test_a_load_gets_another_number_and_keeps_all_it_has(desk: Desk) -> None:
    await desk.add()
    assert "1234 is 1235 now; all that was heard and said stays with it." in await desk.say("1234 renumber 1235")
    assert PARS in await desk.say("1235")
    assert (await desk.ask("1234")).result is Result.REFUSED
    await desk.add("1300", "SMPLPARS100300")
    assert (await desk.ask("1300 renumber 1235")).result is Result.REFUSED
    assert "1235: taken back: the number." in await desk.say("1235 undo")
    assert "1234" in (await desk.ask("1234")).title


@pytest.mark.parametrize(
    ("line", "field", "took"),
    [
        ("eta 16:15", "eta", "the ETA"),
        ('port "Peace Bridge"', "crossing", "the port"),
        ("truck 88", "truck", "the truck"),
        ("trailer 5310", "trailer", "the trailer"),
        ("driver Kowalczyk", "driver_name", "the driver"),
        ('carried by "North Lane" phone=555-0142', "carried_by", "who carries it"),
        ("trip SMPLTRIP0001", "trips", "the trip"),
    ],
)
async def test_undo_takes_each_field_back_to_what_stood(desk: Desk, line: str, field: str, took: str) -> None:
    before = await desk.add()
    await desk.say(f"/load 1234 {line}")
    assert getattr(await desk.load(), field) != getattr(before, field)
    assert took in await desk.say("1234 undo")
    assert getattr(await desk.load(), field) == getattr(before, field)


@pytest.mark.parametrize(
    ("line", "column"),
    [("broker Northway", "broker_id"), ("importer ACME bn15=123456782RM0001", "importer_id"), ("agency CFIA", "agency"),
     ("papers sent 07:30", "papers_sent"), ("pars SMPLPARS100123=>SMPLPARS100999", "ccn")],
)  # fmt: skip
async def test_undo_takes_each_shipments_field_back(desk: Desk, line: str, column: str) -> None:
    record = await desk.add()

    async def value() -> object:
        async with desk.db.work("home", desk.now) as work:
            (row,) = (await work.shipments.of_loads([record.id]))[record.id]
            return getattr(row, column)

    before = await value()
    await desk.say(f"/load 1234 {line}")
    assert await value() != before
    assert "taken back" in await desk.say("1234 undo")
    assert await value() == before


async def test_undo_knows_whose_change_it_was_when_a_name_has_changed_or_is_another_s(desk: Desk) -> None:
    record = await desk.add()
    await desk.say("/load 1234 truck T88")
    async with desk.db.work("home", desk.now, write=True) as work:
        maria = (await work.people.named(["MARIA"]))[0]
        await work.people.change(maria.id, name="Maria Lee", name_key="MARIALEE")
        await desk.admin(work, Account("slack", "T1", "UTWO", "Maria"), "Maria", role="dispatcher")
    other = Account("slack", "T1", "UTWO", "Maria")
    refused = await desk.ask("1234 undo", other)
    assert refused.result is Result.REFUSED and "ou changed nothing here" in refused.title
    assert "taken back: the truck" in await desk.say("1234 undo")
    assert (await desk.load()).truck == record.truck


@pytest.mark.parametrize(
    "line",
    ["accepted by=Maria/PCB", "not filed by=Joe", "manifest accepted 10:50", "note seal broken", "pars SMPLPARS100124"],
)
async def test_undo_takes_words_notes_and_numbers_back(desk: Desk, line: str) -> None:
    await held(desk)
    before = (await desk.ask("1234")).title
    await desk.say(f"/load 1234 {line}")
    assert "taken back" in await desk.say("1234 undo")
    assert (await desk.ask("1234")).title == before


async def test_undo_takes_back_ones_own_last_change_only(desk: Desk) -> None:
    await desk.add()
    await desk.say("1234 eta 16:15")
    reply = await desk.ask("1234 undo", BOSS, workspace_admin=True)
    assert reply.result is Result.REFUSED and "you changed nothing here" in reply.title.lower()
    await desk.say("/load 1234 truck 88")
    await desk.say("1234 undo")
    assert "the ETA" in await desk.say("1234 undo")
    assert (await desk.load()).eta == desk.now + 4 * HOUR


async def test_the_same_number_again_is_another_occurrence(desk: Desk) -> None:
    first = await desk.add()
    await desk.say("1234 cancel")
    reply = await desk.ask("/load 1234 add to=CA pars=SMPLPARS100123 eta=14:00")
    assert reply.result is Result.REFUSED and "is over (cancelled by Maria)" in reply.title
    second = await desk.add(
        pars="SMPLPARS100777", more="eta=tomorrow papers=08:30".replace("tomorrow", '"tomorrow 14:00"')
    )
    assert second.id != first.id and second.occurrence == 2
    assert "SMPLPARS100777" in await desk.say("1234")


async def test_undo_of_all_else_does_not_take_the_load_off_the_watch(desk: Desk) -> None:
    record = await desk.add()
    await desk.say("1234 note seal 4471")
    assert "taken back" in await desk.say("1234 undo")
    reply = await desk.ask("1234 undo")
    assert reply.result is Result.REFUSED
    assert f"/load {record.key} cancel" in plain(reply)
    assert (await desk.load()).life is Life.OPEN


async def test_undo_right_after_an_addition_takes_it_back(desk: Desk) -> None:
    await desk.add()
    assert "taken back" in await desk.say("1234 undo")
    assert (await desk.load()).life is Life.CANCELLED


async def test_the_log_shows_civil_time_also_of_what_the_machine_sent(desk: Desk) -> None:
    record = await held(desk)
    sent = desk.now.replace(hour=3, minute=0) - timedelta(days=90)
    async with desk.db.work("home", desk.now, write=True) as work:
        await work.outbox.drop([row.id for row in await work.outbox.of_loads([record.id])], "not of this test")
        row = OutboxRecord(new_id(), WORD, "slack", "T1", "C9", "a", sent, sent, load_id=record.id, state=SENT)
        await work.outbox.words([replace(row, sent_at=sent)])
        start = sent - timedelta(minutes=2)
        clock = {"civil_start": (desk.now - 3 * HOUR).isoformat(), "machine_start": start.isoformat(), "speed": 60.0}
        await work.settings.save("clock", json.dumps(clock))
    (row,) = [row for part in (await desk.ask("1234 log")).body for row in part.rows if "C9" in row[3]]
    assert row[1] == "1 h ago"
