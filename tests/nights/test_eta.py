"""T5: a level falls with a later ETA, and not because nobody says one any more (SAMPLE data)."""

from bot.domain.kinds import Level
from tests.nights.cast import added
from tests.nights.messages import PARS, bc, manifest, rns
from tests.nights.night import Night

HEAD = "number,direction,crossing,eta,trip,broker,pars,papers_sent\n"


def listed(eta: str) -> bytes:
    return f"{HEAD}1234,CA,Ambassador Bridge,{eta},SMPLTRIP0001,PCB,{PARS},2026-11-23 23:30\n".encode()


async def test_t5_a_list_that_erases_the_eta_lowers_nothing(night: Night) -> None:
    await night.hears("loads", listed("2026-11-24 06:00"))
    await night.at("05:10")
    await night.hears("loads", listed("-"))
    night.sees("CRITICAL 1234 HOLD", "06:00 (in 50 min)")
    assert (await night.found()).level is Level.CRITICAL
    await night.hears("loads", listed("2026-11-24 14:00"))
    assert "more time" in night.words()[-1]


async def test_t5_the_only_eta_is_not_taken_back_while_the_load_is_in_trouble(night: Night) -> None:
    await added(night, eta="")
    await night.types("/load 1234 eta 06:00")
    await night.at("05:10")
    assert "do not erase it" in await night.types("/load 1234 undo")
    night.sees("CRITICAL 1234 HOLD", "06:00 (in 50 min)")
    await night.types("/load 1234 eta 05:50")
    assert "taken back: the ETA" in await night.types("/load 1234 undo")
    night.sees("CRITICAL 1234 HOLD", "06:00 (in 50 min)")


async def test_t7_a_truck_that_is_held_at_the_border_stays_on_the_list_and_is_asked_about(night: Night) -> None:
    await added(night)
    await night.hears("bc", manifest(night))
    await night.at("05:50")
    await night.hears("rns", rns(night, "5"))
    there = bc(night, "ACI_NOTICE", type="ARRIVAL_REPORTED", tripNumber="SMPLTRIP0001", references=[])
    await night.hears("bc", there)
    night.sees("CRITICAL 1234 HOLD, AT THE BORDER")
    await night.at("+3 07:00")
    assert "1234" in await night.open_loads()
    assert any("across the border" in said for said in night.cab())
    await night.types("/load 1234 crossed")
    assert night.words()[-1].startswith("1234 closed")
    assert "1234" not in await night.open_loads()
