"""Whole nights of a desk that crosses the border, from the first line to the truck that is over (SAMPLE data)."""

from bot.domain.kinds import Kind
from tests.nights.cast import accepted, added
from tests.nights.messages import LATER, PAPS, PARS, SECOND, ace, d4, manifest, rns, trip
from tests.nights.night import Night


async def test_two_pars_on_one_trip_two_brokers_and_one_is_closed(night: Night) -> None:
    await night.types('/broker WIL set phone=555-0103 night=555-0104 hours="mon-fri 8-17"')
    await added(night, "2217", pars=f"{PARS},{SECOND}", papers="")
    for line in ("…124 broker WIL", "…123 papers sent yesterday 23:30", "…124 papers sent yesterday 23:30"):
        await night.types(f"/load 2217 {line}")
    night.sees("WARN 2217 UNKNOWN", "WIL needs until 11:00", number="2217")  # it opens at 08:00: told at once (T3)
    await night.at("01:00")
    await night.hears("rns", rns(night, "9", PARS))
    await night.at("04:01")
    night.sees("2217 HOLD", f"PARS {SECOND}", "555-0104", call="WIL", number="2217")
    assert f"PARS {PARS} · GOOD" in night.card("2217")
    await night.types("/load 2217 called wil no answer")
    await night.at("05:01")  # what was promised for later silences nothing from here on (T2)
    night.sees("CRITICAL 2217 HOLD", number="2217")
    await night.types("/load 2217 eta 12:30")
    assert "more time" in night.words("2217")[-1]
    await night.at("10:50")
    assert not (await night.found("2217")).is_go
    await accepted(night, "2217", pars=SECOND, transaction=LATER)
    night.ends("CLEARED", "2217", driver="not your problem any more")


async def test_pars_with_o_for_zero(night: Night) -> None:
    await added(night, pars="SMPLPARS1OO123")
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", PARS, call="the driver, Singh", cause="not known")
    assert set(await night.stands()) == {Kind.NOT_MATCHED, Kind.NUMBER_MISMATCH}
    await night.at("03:00")
    assert not (await night.found()).is_go  # what looks alike is never taken for ours
    night.may_go("1234")
    await night.types(f"/load 1234 pars SMPLPARS1OO123=>{PARS}")
    night.ends("closed after 30 min: SMPLPARS1OO123 taken off by Maria")
    answer = await night.types("/load 1234 status")
    assert answer.startswith("1234 GO") and f"PARS {PARS} accepted" in answer


async def test_a_broker_cancels_and_files_again(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("03:00")
    night.must_not_go("1234")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("03:06")
    night.sees("WARN 1234 HOLD", call="PCB", cause="the broker")
    await night.at("03:40")
    await night.hears("rns", rns(night, "14+Y50", transaction=LATER))
    assert Kind.REJECTED in await night.stands()
    await night.at("04:20")
    await accepted(night, transaction=LATER)
    night.ends("CLEARED", driver="not your problem any more")
    await night.at("04:30")
    await night.hears("rns", rns(night, "9", made=night.now.replace(hour=6)))  # the first yes once more, late
    assert (await night.found()).shipments[0].rests_on is not None
    assert LATER in night.card()


async def test_a_load_entered_fifty_minutes_before_the_border(night: Night) -> None:
    await night.at("05:10")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await added(night, accepted=False, papers="04:50")
    night.sees("WARN 1234 UNKNOWN: waits for", "PCB needs until 07:50")  # tight at once; what waits is read first (T6)
    await night.at("05:12")
    night.sees("CRITICAL 1234 HOLD")
    assert night.cab() == ["STOP. Wait for dispatch before the border."]
    await night.at("05:20")
    await night.hears("bc", manifest(night))
    await night.at("05:30")
    await accepted(night)
    assert "not before 06:20" in night.card().splitlines()[0]
    night.ends("CLEARED", driver="not your problem any more")


async def test_an_empty_truck_with_manifest_and_no_pars(night: Night) -> None:
    await night.types(
        '/load 1234 add to=CA port="Ambassador Bridge" kind=empty trip=SMPLTRIP0009 eta=06:00 driver=Singh'
    )
    await night.at("02:00")
    await night.hears("bc", trip("SMPLTRIP0009"))
    await night.at("03:59")
    assert night.cards() == [] and (await night.stands()).keys() <= {Kind.OUR_MANIFEST}
    await night.at("04:10")
    night.sees("WARN 1234 HOLD", call="our own", cause="probably our own")
    night.may_go("1234")
    await night.hears("bc", manifest(night, trip="SMPLTRIP0009"))
    night.ends("CLEARED")
    await night.at("05:50")
    assert (await night.types("/load 1234 status")).startswith("1234 GO")
    assert (await night.load()).truck == "88" and len(await night.open_loads()) == 1


async def test_into_the_us_with_the_entry_and_fda_still_to_come(night: Night) -> None:
    await added(night, to="US", pars="", paps=PAPS, papers="21:00", agency="FDA")
    await night.at("02:01")
    night.sees("WARN 1234 HOLD", call="PCB")
    assert set(await night.stands()) == {Kind.ENTRY_MISSING, Kind.AGENCY_PENDING}
    await night.at("03:00")
    await night.hears("ace", ace(night, "05"))
    assert set(await night.stands()) == {Kind.AGENCY_PENDING}
    await night.at("04:01")
    night.sees("CRITICAL 1234 HOLD", "FDA")  # prior notice is due two hours before the border
    await night.types("/load 1234 eta 08:00")
    assert "CRITICAL" not in night.card().splitlines()[0]
    await night.at("04:30")
    night.may_go("1234")
    await night.types("/load 1234 agency ok")
    night.ends("CLEARED", driver="not your problem any more")
    await night.hears("ace", ace(night, "", events=("AAD",)))
    await night.at("08:10")
    await night.hears("ace", ace(night, "1C"))
    await night.at("10:20")
    assert (await night.load()).life == "crossed"


async def test_another_bridge(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("03:00")
    night.must_not_go("1234")
    answer = await night.types("/load 1234 port Sarnia")
    assert "Amend the ACI manifest" in answer, answer
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 is filed for office 0453", "Then: PCB", call="our own")
    await night.at("03:20")
    await night.hears("bc", manifest(night, sendRequest={"type": "AMEND"}))
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("03:30")
    assert not (await night.found()).is_go
    await night.at("03:40")
    await accepted(night, office="0440")
    night.ends("CLEARED")


async def test_one_load_number_twice_in_a_year(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.hears("rns", rns(night, "4"))
    await night.at("03:10")
    assert (await night.load()).life == "crossed"
    night.must_not_go("1234")
    await night.at("+60 00:00")
    await added(night, accepted=False, pars=SECOND, trip="SMPLTRIP0777")
    second = await night.load()
    assert (second.occurrence, (await night.found()).is_go) == (2, False)  # it inherits nothing
    await night.at("+60 00:30")
    await night.hears("bc", manifest(night, trip="SMPLTRIP0777"))
    await night.hears("rns", rns(night, "9", PARS, transaction=LATER))  # a late word on the first one's number
    await night.at("+60 02:31")
    night.sees("WARN 1234 HOLD", SECOND, call="PCB")
    await accepted(night, pars=SECOND, transaction="12345000067913")
    night.ends("CLEARED")


async def test_the_trip_s_own_manifest_and_dispatch_are_one_load(night: Night) -> None:
    await night.hears("bc", trip("SMPLTRIP0009"))
    assert set(await night.open_loads()) == {"SMPLTRIP0009"}
    await night.at("01:00")
    await night.types(f"/load 1234 add to=CA trip=SMPLTRIP0009 kind=loaded pars={PARS} papers=23:30 broker=PCB")
    assert set(await night.open_loads()) == {"1234"}
    await night.at("02:31")
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 not matched", "trip SMPLTRIP0009", call="our own", cause="our own")
    await night.hears("bc", manifest(night, trip="SMPLTRIP0009"))
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 not matched", call="PCB", cause="probably the broker")
    await accepted(night)
    night.ends("CLEARED")


async def test_a_card_of_a_trip_goes_on_under_the_number_that_dispatch_gives_it(night: Night) -> None:
    await night.hears("bc", trip("SMPLTRIP0009", PARS))
    await night.at("04:10")
    night.sees("URGENT SMPLTRIP0009 HOLD", call="our own", number="SMPLTRIP0009")
    answer = await night.types("/load 1234 add to=CA pars=SMPLPARS100123 broker=PCB papers=23:30 driver=Singh")
    assert "Trip SMPLTRIP0009 was watched already: it bears this number now" in answer, answer
    assert len([p for p in night.chat.posts if not p.under and p.place.external == "CDESK"]) == 1
    night.sees("1234 HOLD")
    await night.at("05:20")
    await night.hears("bc", manifest(night, trip="SMPLTRIP0009"))
    await accepted(night)
    night.ends("CLEARED", driver="not your problem any more")
