"""Fields with many hands, as people type them (DESIGN 3; RULES T1, T3)."""

from datetime import timedelta

import pytest

from bot.domain.status import Status, Track
from handlers.reply import Result
from tests.handlers.commands.desk import HOUR, PARS, Desk, held, lines_of


async def test_an_eta_says_what_stands_now_and_what_stood_before(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await desk.add()
    await desk.say("1234 trip SMPLTRIP0001")
    said = await desk.say("1234 eta 16:15")
    assert "1234: ETA now 16:15 EST (in 7 h 15), was 13:00 (Maria)." in said
    amend = "Amend the ACI manifest of trip SMPLTRIP0001 (ETA): if it is with customs already"
    assert f"{amend} (a change that is not reported: penalty C381)." in said
    assert (await desk.load()).eta == desk.now + 7.25 * HOUR


async def test_a_time_that_would_move_a_truck_of_today_to_the_next_morning_is_asked(desk: Desk) -> None:
    await desk.add()
    asked = await desk.ask("1234 eta 2:30")
    assert asked.title == "1234: is 2:30 at 14:30 or at Wed 02:30? Nothing was changed."
    assert (await desk.load()).eta == desk.now + 4 * HOUR
    afternoon, morning = lines_of(asked)
    assert "ETA now 14:30 EST (in 5 h 30)" in await desk.say(afternoon)
    assert "ETA now Wed 02:30 EST (in 17 h 30)" in await desk.say(morning)
    assert "ETA stays" in await desk.say("1234 eta 2:30"), "of a load of the next morning nothing is asked"


@pytest.mark.parametrize("typed", ["02:30", "2:30 am", "tomorrow 2:30", "11:30", "+17h"])
async def test_a_time_that_can_mean_one_moment_only_is_not_asked(desk: Desk, typed: str) -> None:
    await desk.add()
    assert "1234: ETA now" in await desk.say(f"1234 eta {typed}")


@pytest.mark.parametrize(
    ("to", "line", "says"),
    [
        ("CA", "eta 16:15", "Amend the ACI manifest of trip SMPLTRIP0001 (ETA): it is accepted as it was"),
        ("CA", "eta tomorrow 6:00", "Amend the ACI manifest of trip SMPLTRIP0001 (ETA): it is accepted as it was"),
        ("CA", "port Sarnia", "Amend the ACI manifest of trip SMPLTRIP0001 (port): it is accepted as it was"),
        ("US", "eta 23:59", "Amend the ACE manifest of trip SMPLTRIP0001 (ETA): it is accepted as it was"),
        ("US", "eta tomorrow 0:01", "Cancel and resubmit the ACE manifest of trip SMPLTRIP0001: another date, it is"),
        ("US", "port Sarnia", "Amend the ACE manifest of trip SMPLTRIP0001 (port): it is accepted as it was"),
    ],
)
async def test_a_change_says_what_the_accepted_manifest_needs(desk: Desk, to: str, line: str, says: str) -> None:
    kind = "pars" if to == "CA" else "paps"
    port = 'port="Ambassador Bridge" eta=13:00 trip=SMPLTRIP0001'
    await desk.say(f"/load 1234 add to={to} {port} {kind}={PARS} broker=PCB papers=08:30")
    await desk.hears("SMPLTRIP0001", Status.ON_FILE, Track.MANIFEST)
    said = await desk.say(f"1234 {line}")
    assert says in said and ("C381" in said) == (to == "CA")
    assert "manifest of trip" not in await desk.say(f"1234 {line}")


async def test_a_refused_manifest_needs_more_than_an_amendment_and_is_told_by_its_own_hold(desk: Desk) -> None:
    await desk.add(more="eta=13:00 papers=08:30 trip=SMPLTRIP0001")
    await desk.hears("SMPLTRIP0001", Status.REJECTED, Track.MANIFEST)
    assert "amend" not in (await desk.say("1234 eta 16:15")).lower()


async def test_the_same_eta_again_asks_for_no_amendment(desk: Desk) -> None:
    await desk.add()
    await desk.say("1234 trip SMPLTRIP0001")
    await desk.say("1234 eta 16:15")
    said = await desk.say("1234 eta 1615")
    assert "1234: ETA stays 16:15 EST (in 7 h 15)." in said
    assert "amend" not in said


async def test_what_moves_no_time_does_not_say_tight_again(desk: Desk) -> None:
    await desk.add(more="eta=12:30 papers=09:00")
    for line in ("1234 note seal 4471 broken", "1234 truck 88", "1234 crossed 08:55"):
        assert "Tight:" not in await desk.say(line), line


async def test_t3_a_tight_promise_is_told_in_the_reply_to_whoever_types_it(desk: Desk) -> None:
    await desk.add(more="eta=20:00 papers=09:00")
    said = await desk.say("1234 eta 12:30")
    assert f"Tight: {PARS} is promised too near the ETA; move the ETA or park the truck." in said


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("25:00", "no time of day"),
        ("8:30", "was 30 min ago"),
        ("", "When is it at the border?"),
        ("soonish", "not a time"),
    ],
)
async def test_a_time_that_is_none_is_refused_and_nothing_moves(desk: Desk, typed: str, says: str) -> None:
    before = await desk.add()
    reply = await desk.ask(f"/load {before.key} eta {typed}".strip())
    assert reply.result is Result.REFUSED and says in reply.title
    assert (await desk.load()).eta == before.eta


async def test_times_are_local_to_the_crossing(desk: Desk) -> None:
    await desk.add()
    await desk.say("1234 port North Portal")
    assert "ETA now 13:00 CST (in 5 h)" in await desk.say("1234 eta 13:00")


async def test_a_dash_takes_the_eta_away_and_an_assumed_one_stands(desk: Desk) -> None:
    await desk.add()
    said = await desk.say("1234 eta -")
    assert "ETA taken away, was 13:00 (Maria)" in said
    assert (await desk.load()).eta is None and "assumed" in said


async def test_papers_sent_without_a_time_is_now_and_covers_every_shipment(desk: Desk) -> None:
    await desk.add(more="eta=18:00")
    await desk.say("1234 pars SMPLPARS100124")
    said = await desk.say("1234 papers sent via=portal")
    assert "papers for all 2 shipments sent 09:00 (now)" in said
    assert "papers sent via=portal" in await desk.say("1234 log")
    assert "papers for SMPLPARS100124 sent 08:00" in await desk.say("1234 …124 papers sent 08:00")
    assert "still 1 h away" in await desk.say("1234 papers sent 10:00") or "is in 1 h" in desk.last.title


async def test_a_town_with_two_crossings_is_asked_about(desk: Desk) -> None:
    record = await desk.add()
    reply = await desk.ask("1234 port Windsor")
    assert reply.result is Result.UNKNOWN and "can be several crossings. Nothing was changed." in reply.title
    assert f'/load {record.key} port "Gordie Howe International Bridge"' in lines_of(reply)
    assert "1234 crosses at Gordie Howe International Bridge now, was Ambassador Bridge (Maria)" in await desk.say(
        f'/load {record.key} port "Gordie Howe International Bridge"'
    )
    assert (await desk.ask("1234 port Atlantis")).result is Result.REFUSED


async def test_a_driver_of_the_list_is_bound_and_a_stranger_is_kept_by_name(desk: Desk) -> None:
    await desk.add()
    await desk.say("/driver Singh add phone=555-0117")
    assert "1234: driver Singh." in await desk.say("1234 driver singh")
    record = await desk.load()
    assert record.driver_id and (record.driver_name, record.phone) == ("Singh", "555-0117")
    said = await desk.say("1234 driver Kowalczyk")
    assert "driver Kowalczyk, was Singh." in said and "not in the list of drivers" in said
    record = await desk.load()
    assert (record.driver_id, record.driver_name, record.phone) == (None, "Kowalczyk", "")


async def test_a_write_never_takes_the_nearest_driver(desk: Desk) -> None:
    record = await desk.add()
    await desk.say("/driver Singh add")
    reply = await desk.ask("1234 driver Sing")
    assert reply.result is Result.UNKNOWN and (await desk.load()).driver_name == ""
    assert lines_of(reply)[-1] == f'/load {record.key} driver "=Sing"'
    assert "driver Sing." in await desk.say(lines_of(reply)[-1])
    assert "driver Singh, was Sing." in await desk.say(lines_of(reply)[0])


async def test_two_drivers_of_one_name_are_told_apart_by_their_phones(desk: Desk) -> None:
    await desk.add()
    for phone in ("555-0117", "555-0118"):
        async with desk.db.work("home", desk.now, write=True) as work:
            person = await desk.admin(work, desk.line("", where=desk.line("").where).who, "Singh", "driver")
            await work.people.change(person.id, phone=phone)
            await work.people.unlink(desk.line("").who)
    desk.entry.forget()
    reply = await desk.ask("1234 driver Singh")
    assert [b.label for b in reply.buttons][:2] == ["Singh, 555-0117", "Singh, 555-0118"]
    await desk.say(lines_of(reply)[1])
    assert (await desk.load()).phone == "555-0118"


async def test_a_broker_that_nobody_knows_is_made_and_a_near_one_is_asked_about(desk: Desk) -> None:
    await desk.add()
    said = await desk.say("1234 broker Northway Customs")
    assert "broker of SMPLPARS100123 is Northway Customs now" in said
    assert "new in the address book; its numbers: /broker Northway Customs set" in said
    reply = await desk.ask("1234 broker Northway Custom")
    assert reply.result is Result.UNKNOWN and "Whom do you mean?" in reply.title
    assert "Northway Customs" in reply.buttons[0].label
    assert "is Northway Customs now" in await desk.say(lines_of(reply)[0])


async def test_an_alias_is_as_good_as_the_name(desk: Desk) -> None:
    await desk.add()
    await desk.say('/broker "Northway Customs" set alias=NWC')
    assert "is Northway Customs now" in await desk.say("1234 broker nwc")


async def test_an_importers_account_is_checked(desk: Desk) -> None:
    await desk.add()
    assert (await desk.ask("1234 importer ACME bn15=123456789RM0001")).result is Result.REFUSED
    assert "importer of SMPLPARS100123 is ACME now" in await desk.say("1234 importer ACME bn15=123456782RM0001")
    assert "importer's account …782 RM0002" in await desk.say("1234 importer bn15=123456782RM0002")
    assert "123456782" not in await desk.say("1234 log"), "nobody reads a whole number"
    said = await desk.say("1234 importer Northway")
    assert "account number …782 RM0002 was that of the importer before and is taken off; the new one: bn15=…" in said
    assert "taken off" not in await desk.say("1234 importer ACME bn15=123456782RM0001")
    assert "taken off" not in await desk.say("1234 importer Northway bn15=987654324RM0001"), "the new one is there"


async def test_a_consignee_can_be_typed_and_who_imports_is_asked_again_once_it_changes(desk: Desk) -> None:
    await desk.add(more="eta=15:00 importer=ACME broker=PCB")
    await desk.say('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')
    assert "1234: consignee of SMPLPARS100123 is Boxes Inc now." in await desk.say("1234 consignee Boxes Inc")
    assert "CARM OK" in await desk.say("/load 1234 carm"), "the first one changes nothing"
    desk.now += timedelta(minutes=5)
    assert "consignee of SMPLPARS100123 is Cartons Ltd now" in await desk.say("1234 consignee Cartons Ltd")
    assert "CARM NOT KNOWN" in await desk.say("/load 1234 carm")
    assert "consignee (SMPLPARS100123): Cartons Ltd" in await desk.say("1234 log")
    assert "taken back: the consignee" in await desk.say("1234 undo")
    assert "CARM OK" in await desk.say("/load 1234 carm")
    assert "consignee of SMPLPARS100123 is not known now" in await desk.say("1234 consignee -")
    assert (await desk.ask(f"1234 consignee {'x' * 201}")).result is Result.REFUSED
    assert "/load 1234 consignee Boxes Inc" in await desk.say("1234 consignee")


async def test_truck_trailer_and_another_carrier(desk: Desk) -> None:
    await desk.add()
    assert "1234: truck 88 now." in await desk.say("/load 1234 truck 88")
    assert "1234: truck 89 now, was 88." in await desk.say("/load 1234 truck 89")
    assert "1234: trailer 5310 now." in await desk.say("/load 1234 trailer 5310")
    assert (await desk.ask("/load 5310")).title.startswith("1234 ")
    said = await desk.say('1234 carried by "North Lane" phone=555-0142')
    assert "1234 is carried by North Lane now, 555-0142." in said


async def test_numbers_are_added_replaced_and_dropped(desk: Desk) -> None:
    await desk.add()
    assert "1234 has SMPLPARS100123, SMPLPARS100124 now." in await desk.say("1234 pars SMPLPARS100124")
    assert "had that already" in await desk.say("1234 pars SMPLPARS100124")
    assert "1234 has SMPLPARS100125, SMPLPARS100124 now." in await desk.say("1234 pars SMPLPARS100123=>SMPLPARS100125")
    assert "1234 has SMPLPARS100125 now." in await desk.say("1234 pars -SMPLPARS100124")
    assert "1234 has SMPLPARS100126 now." in await desk.say("1234 …125 pars SMPLPARS100126")
    reply = await desk.ask("1234 pars SMPLPARS999999=>SMPLPARS100127")
    assert reply.result is Result.REFUSED and "it has SMPLPARS100126" in reply.title


async def test_a_number_that_a_feed_spoke_of_finds_the_load_at_once(desk: Desk) -> None:
    await desk.hears("SMPLPARS100124", Status.READY)
    reply = await desk.ask("/load SMPLPARS100124")
    assert reply.result is Result.REFUSED and "no load has it" in await desk.say("/load SMPLPARS100124")
    await desk.add("1300", "SMPLPARS100124", "eta=15:00")
    assert "accepted by rns" in await desk.say("/load SMPLPARS100124")


async def test_a_trip_number_brings_what_customs_said_of_the_manifest(desk: Desk) -> None:
    await desk.add()
    await desk.hears("SMPLTRIP0001", Status.ON_FILE, Track.MANIFEST)
    assert "1234: trip SMPLTRIP0001." in await desk.say("1234 trip SMPLTRIP0001")
    assert "Manifest: on file by rns" in await desk.say("1234")
    assert "trip not known" in await desk.say("1234 trip -")


async def test_c3_what_is_typed_by_many_stands_as_the_last_person_said(desk: Desk) -> None:
    await held(desk)
    boss = await desk.entry.account_of("")
    await desk.say("1234 eta 14:30")
    assert "was 14:30 (Maria)" in await desk.say("1234 eta 15:30", boss)


async def test_a_letter_among_the_digits_of_a_new_number_is_asked_about_and_stays_as_typed(desk: Desk) -> None:
    said = await desk.say("1234 add to=CA eta=13:00 pars=SMPLPARS1O0123")
    assert "did you mean SMPLPARS100123?" in said
    said = await desk.say("1234 pars SMPLPARS10I124")
    assert "did you mean SMPLPARS101124?" in said
    assert "SMPLPARS1O0123" in await desk.say("1234 status")
