"""What a driver reads through a night: the last message in his chat is the one that holds (SAMPLE data)."""

from tests.nights.cast import accepted, added
from tests.nights.messages import LATER, d4, rns
from tests.nights.night import Night

STOP = "STOP. Wait for dispatch before the border."
OVER = "Load 1234: not your problem any more."


async def test_n1_a_driver_who_was_told_that_it_is_over_is_told_to_stop_again(night: Night) -> None:
    await added(night)
    await night.at("04:30")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("05:00")
    await accepted(night)
    assert night.cab()[-1] == OVER
    await night.at("05:20")
    night.must_not_go("1234")
    await night.hears("rns", rns(night, "14+Y50"))
    assert night.cab()[-1] == STOP
    told = len(night.cab())
    await night.hears("rns", rns(night, "5"))
    await night.at("05:40")
    assert night.cab()[told:] == []  # one word each time it comes back, whatever is added to it
    await accepted(night, transaction=LATER)
    night.must_not_go("1234")
    assert night.cab()[-1] == STOP  # the examination stands


async def test_n1_a_driver_who_waits_is_told_when_he_must_stop_after_all(night: Night) -> None:
    await added(night, papers="")
    await night.at("04:30")
    assert night.cab()[-1] == STOP
    await night.types("/load 1234 eta 14:00")
    told = len(night.cab())
    assert night.cab()[-1] == "WAIT. Dispatch is on it."
    await night.at("12:01")
    assert night.cab()[told:].count(STOP) == 1
    await night.at("13:30")
    assert night.cab()[told:].count(STOP) == 1
