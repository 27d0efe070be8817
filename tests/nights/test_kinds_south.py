"""A night for each row of RULES K that only a truck into the US meets (SAMPLE data)."""

from bot.domain.kinds import Kind
from tests.nights.cast import SOUTH, added
from tests.nights.messages import PAPS, ace
from tests.nights.night import Night


async def test_k_agency_hold(night: Night) -> None:
    await added(night, **SOUTH)
    await night.at("01:00")
    await night.hears("ace", ace(night, "2H"), ace(night, "05"))
    night.sees("WARN 1234 HOLD", call="PCB", cause="customs")
    await night.at("02:00")
    await night.hears("ace", ace(night, "1H"))
    await night.at("02:30")
    await night.hears("ace", ace(night, "2I"))
    assert [h.key for h in (await night.found()).standing] == ["1H"]
    await night.at("03:00")
    night.may_go("1234")
    await night.hears("ace", ace(night, "1I"))
    night.ends("CLEARED")


async def test_k_agency_pending(night: Night) -> None:
    await added(night, **SOUTH | {"papers": "21:00"}, agency="FDA")
    await night.at("01:00")
    await night.hears("ace", ace(night, "05"))
    await night.at("01:59")
    assert night.cards() == []
    await night.at("02:01")
    night.sees("WARN 1234 HOLD", "FDA", call="PCB", cause="probably the broker")
    await night.at("04:01")
    night.sees("CRITICAL 1234 HOLD")
    night.may_go("1234")
    await night.types("/load 1234 agency ok")
    night.ends("CLEARED")


async def test_k_do_not_load(night: Night) -> None:
    await added(night, **SOUTH)
    await night.at("01:00")
    await night.hears("ace", ace(night, "05"), ace(night, "6H"))
    night.sees("WARN 1234 HOLD", call="our own", cause="our own")
    assert set(await night.stands()) == {Kind.DO_NOT_LOAD}
    await night.at("03:00")
    night.may_go("1234")
    await night.hears("ace", ace(night, "6I"))
    night.ends("CLEARED")


async def test_k_entry_missing(night: Night) -> None:
    await added(night, **SOUTH)
    await night.at("02:01")
    night.sees("WARN 1234 HOLD", call="PCB", cause="probably the broker")
    assert set(await night.stands()) == {Kind.ENTRY_MISSING}
    await night.at("03:00")
    night.may_go("1234")
    await night.hears("ace", ace(night, "05"))
    night.ends("CLEARED")
    assert "released" not in night.card().splitlines()[0]


async def test_k_entry_withdrawn(night: Night) -> None:
    await added(night, **SOUTH)
    await night.at("01:00")
    night.may_go("1234")
    await night.hears("ace", ace(night, "05"))
    await night.at("03:00")
    night.must_not_go("1234")
    await night.hears("ace", ace(night, "14"))
    await night.at("03:06")
    night.sees("WARN 1234 HOLD", call="PCB", cause="the broker")
    assert set(await night.stands()) == {Kind.ENTRY_WITHDRAWN}
    await night.at("03:30")
    night.may_go("1234")
    await night.hears("ace", ace(night, "05"))
    night.ends("CLEARED")


async def test_k_inbond_missing(night: Night) -> None:
    await added(night, **SOUTH | {"paps": "", "inbond": PAPS})
    await night.at("02:01")
    night.sees("WARN 1234 HOLD", call="our own", cause="probably our own")
    assert set(await night.stands()) == {Kind.INBOND_MISSING}
    await night.at("03:00")
    night.may_go("1234")
    await night.hears("ace", ace(night, "1D"))
    night.ends("CLEARED", driver="")
    assert "BUT" in night.card().splitlines()[0]
