"""A night for each row of RULES K: what customs says or does not say, who is called first, and how it ends."""

from bot.domain.coverage import Liveness
from bot.domain.kinds import Kind
from tests.nights.cast import accepted, added
from tests.nights.messages import (
    LATER,
    PARS,
    SECOND,
    d4,
    manifest,
    rns,
    trip,
)
from tests.nights.night import Night


async def test_k_not_matched(night: Night) -> None:
    await added(night)
    await night.at("02:29")
    assert night.cards() == []
    await night.at("02:31")
    night.sees(
        "WARN 1234 HOLD: PARS SMPLPARS100123 not matched, PCB late since 02:30", call="PCB", cause="probably the broker"
    )
    await night.at("05:10")
    night.sees("CRITICAL 1234 HOLD")
    assert night.cab() == ["STOP. Wait for dispatch before the border."]
    await accepted(night)
    night.ends("CLEARED", driver="not your problem any more")


async def test_k_no_release(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night, "14+01", transaction=""))
    assert night.cards() == []
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", call="PCB", cause="the broker")
    assert set(await night.stands()) == {Kind.NO_RELEASE}
    await night.at("03:00")
    await accepted(night)
    night.ends("CLEARED")


async def test_k_no_cargo(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("d4", d4(night, "DOCUMENT NOT ON FILE"))
    night.sees("WARN 1234 HOLD", call="our own", cause="our own")
    assert set(await night.stands()) == {Kind.NO_CARGO}
    await night.at("04:30")
    night.sees("URGENT 1234 HOLD")
    await night.hears("d4", d4(night, "MATCHED"))
    await night.at("04:40")
    await accepted(night)
    night.ends("CLEARED")


async def test_k_link_broken(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("03:00")
    night.must_not_go("1234")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    assert night.cards() == []
    await night.at("03:06")
    night.sees("WARN 1234 HOLD", call="PCB", cause="the broker")
    assert set(await night.stands()) == {Kind.LINK_BROKEN}
    await night.at("04:10")
    await accepted(night)
    night.ends("CLEARED")


async def test_k_rejected(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night, "14+Y50"))
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 refused by customs (code Y50)", call="PCB", cause="the broker")
    await night.at("02:00")
    await accepted(night, transaction=LATER)
    night.ends("CLEARED")


async def test_k_docs_required(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night, "14+Y51"))
    night.sees("WARN 1234 HOLD", call="PCB", cause="the broker")
    assert set(await night.stands()) == {Kind.DOCS_REQUIRED}
    await night.at("02:00")
    await accepted(night)
    night.ends("CLEARED")


async def test_k_other_filer(night: Night) -> None:
    await night.types("/broker PCB set filer=54321")
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night))
    night.sees("WARN 1234 HOLD", "12345000067897", call="PCB", cause="the broker")
    assert set(await night.stands()) == {Kind.OTHER_FILER}
    await night.at("01:20")
    night.may_go("1234")
    assert "1234" in await night.types("/load 1234 filer ok")
    night.ends("CLEARED")


async def test_k_exam(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("05:30")
    night.must_not_go("1234")
    await night.hears("rns", rns(night, "5"))
    night.sees("CRITICAL 1234 HOLD", call="the driver, Singh", cause="customs")
    assert night.cab() == []  # he hears of it at customs (K)
    await night.at("08:00")
    night.may_go("1234")
    await night.hears("rns", rns(night, "4"))
    night.ends("CLEARED")


async def test_k_our_manifest_missing(night: Night) -> None:
    await added(night, accepted=False)
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("03:59")
    assert night.cards() == []
    await night.at("04:01")
    night.sees("WARN 1234 HOLD", call="our own", cause="probably our own")
    await night.at("04:46")
    night.sees("CRITICAL 1234 HOLD")
    night.may_go("1234")
    await night.hears("bc", manifest(night))
    night.ends("CLEARED")


async def test_k_our_manifest_rejected(night: Night) -> None:
    await added(night, accepted=False)
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("01:10")
    await night.hears("bc", manifest(night, "REJECT"))
    night.sees("WARN 1234 HOLD", call="our own", cause="our own")
    await night.at("02:00")
    night.may_go("1234")
    await night.hears("bc", manifest(night))
    night.ends("CLEARED")


async def test_k_our_manifest_names_another_truck(night: Night) -> None:
    await added(night, truck="T7", accepted=False)
    await night.hears("bc", trip("SMPLTRIP0001", PARS, truck="T9"))
    await night.at("00:30")
    await night.hears("bc", manifest(night))
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("04:01")
    night.sees("WARN 1234 HOLD", "T9", "T7", call="our own", cause="our own")
    assert set(await night.stands()) == {Kind.OUR_MANIFEST}
    await night.at("04:46")
    night.sees("CRITICAL 1234 HOLD")
    night.may_go("1234")
    await night.types("/load 1234 truck T9")
    assert night.card().startswith(("1234 CLEARED", "1234 closed"))


async def test_k_csa_plan(night: Night) -> None:
    await added(night, pars="", plan="csa")
    await night.at("04:01")
    night.sees("URGENT 1234 HOLD", "only a person can", call="our own", cause="probably our own")
    (hold,) = (await night.stands()).values()
    assert (hold.kind, hold.replaces) == (Kind.UNWATCHED, Kind.CSA_PLAN)  # no feed tells about it
    night.may_go("1234")
    await night.types("/load 1234 accepted by=Maria/PCB")
    night.ends("CLEARED")


async def test_k_number_missing(night: Night) -> None:
    await added(night, pars="", papers="")
    await night.at("02:01")
    night.sees("WARN 1234 HOLD", call="our own", cause="probably our own")
    assert set(await night.stands()) == {Kind.NUMBER_MISSING}
    await night.types(f"/load 1234 pars {PARS}")
    await night.at("02:30")
    await accepted(night)
    night.ends("CLEARED")


async def test_k_number_mismatch(night: Night) -> None:
    await added(night, pars="SMPLPARS1OO123")
    await night.at("01:00")
    await night.hears("rns", rns(night))
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", PARS, call="the driver, Singh", cause="not known")
    assert Kind.NUMBER_MISMATCH in await night.stands()
    await night.at("03:00")
    night.may_go("1234")  # Singh read zeros: we had typed it wrong, and customs has the right one
    await night.types(f"/load 1234 pars SMPLPARS1OO123=>{PARS}")
    assert f"PARS {PARS} accepted" in await night.types("/load 1234 status")
    night.ends("closed")


async def test_k_number_reused(night: Night) -> None:
    await added(night, "1200", eta="01:00", trip="SMPLTRIP0002", accepted=False)
    await night.types("/load 1200 crossed 00:10")
    await added(night)
    night.sees("WARN 1234 HOLD", "1200", call="our own", cause="our own")
    await night.hears("rns", rns(night))
    assert set(await night.stands()) >= {Kind.NUMBER_REUSED}
    await night.at("02:00")
    await night.types(f"/load 1234 pars {PARS}=>{SECOND}")
    await night.at("02:20")
    await accepted(night, pars=SECOND)
    assert (await night.found()).is_go


async def test_k_port_mismatch(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night, office="0440"))
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 is filed for office 0440", call="our own", cause="our own")
    assert set(await night.stands()) == {Kind.PORT_MISMATCH}
    await night.at("05:30")
    night.sees("WARN 1234 HOLD")
    await accepted(night)
    night.ends("CLEARED")


async def test_k_unwatched(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.lives("rns", Liveness.DEAD)
    await night.lives("d4", Liveness.DEAD)
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", call="PCB")
    (hold,) = (await night.stands()).values()
    assert (hold.kind, hold.replaces) == (Kind.UNWATCHED, Kind.NOT_MATCHED)
    await night.at("04:01")
    night.sees("URGENT 1234 HOLD")
    night.may_go("1234")
    await night.types("/load 1234 accepted by=Maria/PCB")
    night.ends("CLEARED")
