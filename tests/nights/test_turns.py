"""Nights that turn: what was good is not any more, or seems to be and is not (SAMPLE data)."""

from bot.domain.coverage import Liveness
from bot.domain.kinds import Kind
from tests.nights.cast import SOUTH, accepted, added
from tests.nights.messages import PARS, ace, d4, manifest, rns
from tests.nights.night import MINUTE, Night


async def test_f4_a_word_by_phone_lapses_and_is_asked_again(night: Night) -> None:
    await added(night, eta="08:00")
    await night.at("01:00")
    night.may_go("1234")
    await night.types("/load 1234 accepted by=Maria/PCB")
    await night.at("02:59")
    assert "by phone" in (await night.types("/load 1234 status")).splitlines()[0]
    night.must_not_go("1234")
    await night.at("04:01")
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 not matched", call="PCB")
    await night.at("05:50")
    night.may_go("1234")
    await night.types("/load 1234 accepted by=Maria/PCB")  # given so late it holds until an hour past the ETA
    night.ends("CLEARED")
    await night.at("08:00")
    assert (await night.found()).is_go
    await night.hears("rns", rns(night, "4"))
    await night.at("10:01")
    assert (await night.load()).life == "crossed"


async def test_f2_a_release_of_customs_leaves_the_hold_of_another_agency(night: Night) -> None:
    await added(night, **SOUTH)
    await night.at("01:00")
    await night.hears("ace", ace(night, "05"), ace(night, "3H"))
    await night.at("02:00")
    await night.hears("ace", ace(night, "1C"))
    night.sees("WARN 1234 HOLD", call="PCB", cause="customs")
    assert set(await night.stands()) == {Kind.AGENCY_HOLD}
    await night.at("03:00")
    night.may_go("1234")
    await night.hears("ace", ace(night, "3I"))
    night.ends("CLEARED")


async def test_a2_one_of_two_trips_has_no_manifest(night: Night) -> None:
    await added(night, trip="SMPLTRIP0001,SMPLTRIP0002")
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("04:01")
    night.sees("WARN 1234 HOLD", call="our own")
    night.may_go("1234")
    await night.hears("bc", manifest(night, trip="SMPLTRIP0002"))
    night.ends("CLEARED")


async def test_a2_our_own_filer_cancels_the_manifest(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("03:00")
    night.must_not_go("1234")
    await night.hears("bc", manifest(night, sendRequest={"type": "CANCEL"}))
    night.sees("WARN 1234 HOLD", call="our own", cause="our own")
    await night.at("03:30")
    night.may_go("1234")
    await night.hears("bc", manifest(night))
    night.ends("CLEARED")


async def test_c3_a_feed_that_goes_blind_clears_nothing_and_its_late_news_does(night: Night) -> None:
    await added(night)
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", call="PCB")
    await night.at("03:00")
    await night.lives("rns", Liveness.DEAD)
    await night.lives("d4", Liveness.DEAD)
    await night.at("04:01")
    night.sees("URGENT 1234 HOLD", call="PCB")
    await night.at("04:40")
    await night.lives("rns", Liveness.ALIVE)
    assert not (await night.found()).is_go
    night.may_go("1234")
    await night.hears("rns", rns(night, "9", made=night.now - 80 * MINUTE))
    night.ends("CLEARED", driver="not your problem any more")


async def test_n3_a_truck_that_crossed_was_never_seen_accepted(night: Night) -> None:
    await added(night)
    await night.at("02:31")
    night.sees("WARN 1234 HOLD")
    await night.at("05:55")
    await night.types("/load 1234 crossed")
    night.ends("closed", driver="not your problem any more")
    assert "never seen accepted" in night.card().splitlines()[0]


async def test_f1_the_same_messages_twice_and_late_change_nothing(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    first = rns(night)
    night.may_go("1234")
    await night.hears("rns", first, first)
    await night.at("03:00")
    night.must_not_go("1234")
    lost = d4(night, "NOT MATCHED")
    await night.hears("d4", lost, lost)
    await night.hears("rns", first)
    await night.at("03:06")
    night.sees("WARN 1234 HOLD")
    await night.hears("d4", lost)
    await night.hears("rns", first)
    await night.at("03:30")
    night.sees("WARN 1234 HOLD", call="PCB")
    assert set(await night.stands()) == {Kind.LINK_BROKEN}
    await accepted(night)
    night.ends("CLEARED")
    await night.hears("d4", lost)
    assert (await night.found()).is_go and len(night.cards()) == 1 and PARS in night.card()
