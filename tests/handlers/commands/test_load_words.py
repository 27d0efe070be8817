"""What was said by phone, who owns it, notes and marks (RULES F4, N4)."""

from datetime import timedelta

import pytest

from bot.domain.status import Status, Track
from handlers.reply import Result
from tests.handlers.commands.desk import HOUR, PARS, Desk, held, lines_of


async def test_a_number_alone_answers_in_one_sentence(desk_of_each: Desk) -> None:
    await desk_of_each.add()
    reply = await desk_of_each.ask("1234")
    assert reply.title.startswith(f"1234 UNKNOWN: waits for PARS {PARS} to be accepted")
    assert "ETA Ambassador Bridge 13:00 (in 4 h)." in reply.title
    assert reply.result is Result.OK


async def test_f4_what_is_to_be_typed_has_one_name_in_it_also_after_by_with_nobody(desk: Desk) -> None:
    await held(desk)
    said = await desk.say("/load 1234 accepted by= trans=12345678901234")
    assert "Type: /load 1234 accepted trans=12345678901234 by=Maria/PCB" in said


async def test_f4_accepted_by_phone_needs_a_name_and_offers_a_form(desk: Desk) -> None:
    await held(desk)
    reply = await desk.ask("/load 1234 accepted")
    assert reply.title == "Accepted by whom? Nothing was changed yet."
    assert "/load 1234 accepted by=Maria/PCB" in await desk.say("/load 1234 accepted")
    assert reply.form is not None and [i.name for i in reply.form.inputs] == ["by", "trans", "at"]
    assert "HOLD" in (await desk.ask("1234")).title


async def test_f4_accepted_by_phone_is_shown_by_phone_with_name_and_takes_the_hold_away(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await held(desk)
    said = await desk.say("/load 1234 accepted by=Maria/PCB trans=14234-123456789")
    assert f"1234: {PARS} accepted by phone, by Maria/PCB." in said
    status = await desk.say("1234")
    assert "accepted by phone, Maria/PCB, 11:00" in status
    assert "not matched" not in status
    assert desk.woken > 0


async def test_f4_not_filed_is_shown_with_who_said_so_and_stands_when_the_promise_is_over(desk: Desk) -> None:
    await desk.add()
    assert "not filed by phone, by Joe at PCB" in await desk.say("1234 not filed by Joe at PCB")
    assert "not filed by phone, Joe at PCB, 09:00" in await desk.say("1234")
    await desk.pass_(3 * HOUR)
    status = await desk.say("1234")
    assert status.startswith("1234 HOLD") and "not filed by phone, Joe at PCB, 09:00" in status


async def test_a_word_takes_the_time_it_was_said_at(desk: Desk) -> None:
    await held(desk)
    assert "accepted by phone, by Maria/PCB 10:40 (20 min ago)" in await desk.say("1234 accepted by=Maria/PCB at=10:40")
    refused = await desk.ask("1234 accepted by=Maria/PCB at=11:40")
    assert refused.result is Result.REFUSED
    assert "still 40 min away" in refused.title or "is in 40 min" in refused.title


async def test_several_shipments_are_asked_about_and_all_can_be_meant(desk: Desk) -> None:
    record = await desk.add()
    await desk.say("1234 pars SMPLPARS100124")
    reply = await desk.ask("1234 accepted by=Maria/PCB")
    assert reply.result is Result.UNKNOWN and "has 2 shipments, and nothing was changed" in reply.title
    key = record.key
    assert lines_of(reply) == [
        f"/load {key} …123 accepted by=Maria/PCB",
        f"/load {key} …124 accepted by=Maria/PCB",
        f"/load {key} …ALL accepted by=Maria/PCB",
    ]
    assert "SMPLPARS100124 accepted by phone" in await desk.say(lines_of(reply)[1])
    assert "all 2 shipments accepted by phone" in await desk.say(lines_of(reply)[2])


async def test_a_shipment_named_by_its_number_is_the_one_meant(desk: Desk) -> None:
    await desk.add()
    await desk.say("1234 pars SMPLPARS100124")
    assert "SMPLPARS100124 accepted by phone" in await desk.say("/load SMPLPARS100124 accepted by=Maria/PCB")
    form = (await desk.ask("/load SMPLPARS100124 accepted")).form
    assert form is not None and form.subject == "SMPLPARS100124"


async def test_the_end_of_a_number_that_is_not_there_is_refused_with_those_that_are(desk: Desk) -> None:
    await desk.add()
    said = await desk.say("1234 …999 accepted by=Maria/PCB")
    assert "no shipment that ends in 999" in said and PARS in said


async def test_a_word_of_a_load_without_shipment_says_what_to_type(desk: Desk) -> None:
    await desk.ask("/load 77 add to=CA kind=empty eta=13:00")
    reply = await desk.ask("77 accepted by=Maria/PCB")
    assert reply.result is Result.REFUSED and "has no shipment to say that of" in reply.title


async def test_n4_got_it_names_the_owner_until_a_time_and_a_second_owner_is_told_of_the_first(
    desk_of_each: Desk,
) -> None:
    desk = desk_of_each
    await held(desk)
    said = await desk.say("1234 got it until 11:20")
    assert "You have 1234 until 11:20 (in 20 min)" in said
    alert = await desk.alert()
    assert alert is not None and alert.owner_name == "Maria"
    operator = await desk.entry.account_of("")
    assert "It was Maria's." in await desk.say("1234 got it", operator)
    assert "operator until" in await desk.say("1234")


async def test_n4_got_it_without_an_alert_owns_nothing(desk: Desk) -> None:
    await desk.add()
    reply = await desk.ask("1234 got it")
    assert reply.result is Result.REFUSED
    assert "no open alert on 1234" in reply.title


@pytest.mark.parametrize(
    "line",
    ["manifest rejected", "manifest was refused by Joe", "manifest not accepted", "emanifest refused 10:50",
     "manifest isn't accepted by=Joe"],
)  # fmt: skip
async def test_a_manifest_that_was_refused_is_never_heard_as_accepted(desk: Desk, line: str) -> None:
    await desk.add(more="eta=13:00 papers=08:30 trip=SMPLTRIP0001")
    await desk.pass_(2 * HOUR)
    assert "1234: manifest refused" in await desk.say(f"1234 {line}")
    status = await desk.say("1234")
    assert status.startswith("1234 HOLD") and "our manifest for trip SMPLTRIP0001 was refused, by phone" in status
    assert "manifest accepted" not in status
    log = await desk.say("1234 log")
    assert "manifest: refused" in log and "manifest: accepted" not in log


@pytest.mark.parametrize("line", ["manifest bad", "manifest cancelled", "manifest accepted rejected"])
async def test_a_manifest_s_word_that_is_no_time_changes_nothing(desk: Desk, line: str) -> None:
    await desk.add(more="eta=13:00 papers=08:30 trip=SMPLTRIP0001")
    assert (await desk.ask(f"1234 {line}")).result is not Result.OK
    assert "by phone, Maria" not in await desk.say("1234")


async def test_f4_a_refused_manifest_stands_until_a_later_word_of_customs_or_a_person(desk_of_each: Desk) -> None:
    desk, refused = desk_of_each, "our manifest for trip SMPLTRIP0001 was refused, by phone, Joe"
    await desk.add(more="eta=13:00 papers=08:30 trip=SMPLTRIP0001")
    early = desk.now
    await desk.pass_(2 * HOUR)
    await desk.say("1234 manifest rejected by=Joe")
    await desk.hears("SMPLTRIP0001", Status.ON_FILE, Track.MANIFEST, prepared=early)
    assert refused in await desk.say("1234")
    await desk.pass_(HOUR / 6)
    await desk.hears("SMPLTRIP0001", Status.SENT, Track.MANIFEST)
    status = await desk.say("1234")
    assert refused not in status and "our manifest for trip SMPLTRIP0001 not accepted" in status
    await desk.say("1234 manifest rejected by=Joe")
    await desk.pass_(HOUR / 6)
    await desk.say("1234 manifest accepted")
    assert refused not in await desk.say("1234")
    await desk.say("1234 undo")
    assert refused in await desk.say("1234")


async def test_a3_dispatch_says_the_manifest_is_accepted(desk: Desk) -> None:
    await held(desk)
    said = await desk.say("1234 manifest accepted 10:50")
    assert "1234: manifest accepted 10:50 (10 min ago), said by Maria." in said
    assert "our manifest not seen" not in await desk.say("1234")


async def test_notes_and_marks_are_kept_and_end_nothing(desk: Desk) -> None:
    await held(desk)
    assert "1234: noted: seal 4471 broken, call me!" in await desk.say("1234 note seal 4471 broken, call me!")
    said = await desk.say("1234 wrong not a hold")
    assert "ends by a fact only" in said and "1234 HOLD" in said
    log = await desk.say("1234 log")
    assert "note: seal 4471 broken, call me!" in log and "wrong: not a hold" in log


async def test_an_agency_is_named_and_confirmed_by_somebody(desk: Desk) -> None:
    await desk.add()
    refused = await desk.ask("1234 agency ok by=Maria/PCB")
    assert refused.result is Result.REFUSED and "No other agency is known" in refused.title
    assert "other agency CFIA" in await desk.say("1234 agency CFIA")
    assert "the agency's yes, by Maria/PCB" in await desk.say("1234 agency ok by=Maria/PCB")


async def test_another_filer_is_confirmed_by_a_yes_for_that_transaction(desk: Desk) -> None:
    await desk.add()
    await desk.say("/broker PCB set filer=14234")
    await desk.hears(PARS, Status.READY, transaction="99999000000019")
    assert "1234 HOLD" in await desk.say("1234")
    assert (await desk.ask("1234 filer no")).result is Result.REFUSED
    said = await desk.say("1234 filer yes by=Maria/PCB")
    assert "filer of 99999000000019 confirmed by Maria/PCB" in said
    assert (await desk.ask("1234 filer yes")).result is Result.REFUSED


@pytest.mark.parametrize("line", ["accepted by=Maria/PCB", "got it", "eta 14:30", "note x", "cancel"])
async def test_what_is_over_is_refused_with_how_it_ended(desk: Desk, line: str) -> None:
    await desk.add()
    await desk.say("1234 cancel")
    reply = await desk.ask(f"1234 {line}")
    assert reply.result is Result.REFUSED
    assert "over (cancelled by Maria)" in reply.title or "no open alert" in reply.title


async def test_a_word_that_lapses_and_a_fact_that_comes_are_told_by_status(desk: Desk) -> None:
    await held(desk)
    await desk.say("1234 accepted by=Maria/PCB")
    await desk.hears(PARS, Status.READY, prepared=desk.now, received=desk.now)
    assert "accepted by rns 11:00" in await desk.say("1234")
    await desk.pass_(timedelta(minutes=10))
    assert "10 min ago" in await desk.say("1234")
