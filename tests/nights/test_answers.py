"""Nights that turn on an answer: of customs to our question, or of the driver who reads the sticker (SAMPLE data)."""

from bot.domain.kinds import Kind
from tests.nights.cast import accepted, added
from tests.nights.messages import LATER, PARS, d4, manifest, rns
from tests.nights.night import Night

TYPED = "SMPLPARS1OO123"


async def aged(night: Night) -> None:
    """Accepted long before: customs is asked again two hours before the border, and does not answer."""
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("03:59")
    assert (await night.types("/load 1234 status")).startswith("1234 GO: PARS SMPLPARS100123 accepted by rns 01:00")
    await night.at("04:05")
    assert (await night.found()).shipments[0].asked is not None
    await night.at("04:16")
    answer = await night.types("/load 1234 status")
    assert "asked customs about PARS SMPLPARS100123 04:00, no answer" in answer.splitlines()[0], answer
    assert night.cards() == []
    await night.at("05:16")
    assert set(await night.stands()) == {Kind.STALE}
    night.sees("1234 GO, BUT", call="PCB")


async def test_k_stale_ends_with_an_answer(asking: Night) -> None:
    await aged(asking)
    assert asking.cab() == []
    await asking.hears("rns", rns(asking, "9"))
    asking.ends("CLEARED")
    assert (await asking.types("/load 1234 status")).startswith("1234 GO: PARS SMPLPARS100123 accepted")


async def test_n3_an_alert_that_something_still_stands_in_is_not_closed_by_a_change_of_the_truck(asking: Night) -> None:
    await aged(asking)
    await asking.types("/load 1234 truck 88")
    asking.sees("1234 GO, BUT", call="PCB")
    await asking.at("05:40")
    asking.sees("1234 GO, BUT", call="PCB")
    assert not any("closed" in word for word in asking.words())


async def test_k_stale_becomes_no_release_when_customs_has_none(asking: Night) -> None:
    await aged(asking)
    asking.must_not_go("1234")
    await asking.hears("rns", rns(asking, "14+01", transaction=""))
    asking.sees("CRITICAL 1234 HOLD", call="PCB", cause="the broker")
    assert set(await asking.stands()) <= {Kind.NO_RELEASE, Kind.LINK_BROKEN}
    assert asking.cab() == ["STOP. Wait for dispatch before the border."]
    await asking.at("05:40")
    await accepted(asking, transaction=LATER)
    asking.ends("CLEARED", driver="not your problem any more")


async def mistyped(night: Night) -> None:
    await added(night, pars=TYPED)
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", PARS, "Which is on the sticker", call="the driver, Singh", cause="not known")
    await night.at("03:00")


async def test_the_sticker_has_the_other_number_and_nothing_goes_before_a_newer_match(night: Night) -> None:
    await mistyped(night)
    answer = await night.types("/load 1234 sticker theirs")
    assert "is the ACI right?" in answer and "Nothing was changed yet" in answer, answer
    await night.types("/load 1234 sticker theirs aci=no")
    assert not (await night.found()).is_go  # what customs had before the answer is no match of ours (K)
    await night.at("04:00")
    night.sees("1234 HOLD", cause="our own")
    await night.at("04:20")
    night.may_go("1234")
    await night.hears("d4", d4(night, "MATCHED"))
    night.ends("CLEARED")


async def test_the_sticker_has_our_number_and_the_broker_files_again(night: Night) -> None:
    await mistyped(night)
    await night.types("/load 1234 sticker ours")
    night.sees("WARN 1234 HOLD", TYPED, call="PCB", cause="the broker")
    await night.hears("rns", rns(night, "9", PARS))
    assert not (await night.found()).is_go  # the other number is none of ours, whatever is said of it
    await night.at("03:40")
    await accepted(night, pars=TYPED, transaction=LATER)
    night.ends("CLEARED")


async def test_n3_a_list_that_corrects_the_port_closes_an_alert_and_clears_none(night: Night) -> None:
    head = b"number,direction,crossing,eta,trip,broker,pars\n1234,CA,"
    tail = f",2026-11-24 06:00,SMPLTRIP0001,PCB,{PARS}\n".encode()
    await night.hears("loads", head + b"Blue Water Bridge" + tail)
    await night.hears("bc", manifest(night))
    await night.hears("rns", rns(night))
    assert set(await night.stands()) == {Kind.PORT_MISMATCH}
    night.may_go("1234")
    await night.at("03:30")
    await night.hears("loads", head + b"Ambassador Bridge" + tail)
    night.ends("closed after 3 h 30: changed by loads")
