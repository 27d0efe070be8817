"""A night for each row of the desk's table of causes: messages in; cause, call and words out (dispatch-desk E2)."""

from bot.domain.kinds import Kind
from tests.nights.cast import accepted, added
from tests.nights.messages import PARS, d4, manifest, pcb, rns
from tests.nights.night import CAB, Night

CLERK = "our own border clerk or filer"


async def test_e2_our_manifest_is_not_accepted(night: Night) -> None:
    await added(night, accepted=False)
    await night.at("04:01")
    night.sees("URGENT 1234 HOLD", "Then: the driver, Singh", call=CLERK, cause="our own")
    await night.at("05:20")
    night.may_go("1234")
    await night.hears("bc", manifest(night))
    await accepted(night)
    assert "not before 06:20" in night.card().splitlines()[0]
    night.ends("CLEARED")


async def test_e2_the_broker_filed_and_our_cargo_is_not_there(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("d4", d4(night, "DOCUMENT NOT ON FILE"))
    night.sees("WARN 1234 HOLD", "Then: PCB, day 555-0101", call=CLERK, cause="our own")
    await night.at("02:00")
    await night.hears("d4", d4(night, "MATCHED"))
    await accepted(night)
    night.ends("CLEARED")


async def test_e2_papers_were_never_sent(night: Night) -> None:
    await added(night, papers="")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("02:01")
    assert night.cab() == ["Load 1234. When did you send the papers to the broker?"]
    assert night.cards() == []  # a question, not an alarm (T1)
    await night.at("04:01")
    night.sees("URGENT 1234 HOLD", "Then: PCB, day 555-0101", call="the driver, Singh", cause="not known")
    await night.types("/load 1234 papers sent 04:00")
    await night.at("05:30")
    night.sees("CRITICAL 1234 HOLD", call="PCB")
    await accepted(night)
    night.ends("CLEARED", driver="not your problem any more")


async def test_e2_papers_are_with_the_broker_and_its_time_runs(night: Night) -> None:
    await added(night, papers="23:40")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("02:35")
    answer = await night.types("/load 1234 status")
    assert answer.startswith("1234 UNKNOWN: waits for PARS SMPLPARS100123 to be accepted, PCB has until 02:40")
    await accepted(night)
    assert night.chat.posts == [] and "GO" in (await night.types("/load 1234 status")).splitlines()[0]


async def test_e2_the_broker_is_late(night: Night) -> None:
    await added(night)
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("02:31")
    night.sees(
        "WARN 1234 HOLD", "do you have the papers? Was it sent to customs? Was it refused: for RPP",
        "Then: the importer", call="PCB, day 555-0101, night 555-0102", cause="probably the broker",
    )  # fmt: skip
    await night.at("03:00")
    await accepted(night)
    night.ends("CLEARED")


async def test_e2_matched_and_not_accepted_is_customs_move(night: Night) -> None:
    await added(night)
    await night.hears("d4", d4(night, "MATCHED"))
    await night.at("03:59")
    assert night.cards() == []  # customs is deciding, the broker is not late (T2)
    await night.at("04:01")
    night.sees("URGENT 1234 HOLD", "transaction number", call="PCB", cause="probably customs")
    await night.at("04:20")
    await accepted(night)
    night.ends("CLEARED")


async def test_e2_matched_and_then_not_matched(night: Night) -> None:
    await added(night)
    await night.hears("d4", d4(night, "MATCHED"))
    await night.at("01:00")
    await night.hears("d4", d4(night, "NOT MATCHED"))
    await night.at("01:06")
    night.sees("WARN 1234 HOLD: PARS SMPLPARS100123 was matched and is not any more", call="PCB", cause="the broker")
    await night.at("02:00")
    await night.hears("d4", d4(night, "MATCHED"))
    await accepted(night)
    night.ends("CLEARED")


async def test_e2_accepted_for_another_port(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night, office="0440"))
    night.sees("WARN 1234 HOLD", "Then: PCB, day 555-0101", "Who changes it", call=CLERK, cause="our own")
    await night.at("02:00")
    await accepted(night)
    night.ends("CLEARED")


async def test_e2_goods_are_to_be_examined(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("rns", rns(night, "5"))
    night.sees("WARN 1234 HOLD", "expect hours", call="the driver, Singh", cause="customs")
    await night.at("05:00")
    night.may_go("1234")
    await night.hears("rns", rns(night, "4"))
    night.ends("CLEARED")


async def test_e2_nothing_from_customs_for_anyone(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.outage(on=True)
    await night.at("04:30")
    assert night.cards() == []
    answer = await night.types("/load 1234 status")
    assert answer.startswith("1234 UNKNOWN") and "customs' system is reported down" in answer, answer
    assert "Call first" not in answer  # nobody about this load
    await night.outage(on=False)
    night.sees("URGENT 1234 HOLD", call="PCB", cause="probably the broker")
    await accepted(night)
    night.ends("CLEARED", driver="not your problem any more")


async def test_e2_accepted(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await accepted(night)
    await night.at("05:59")
    answer = await night.types("/load 1234 status")
    assert answer.startswith("1234 GO: PARS SMPLPARS100123 accepted by rns 01:00") and night.chat.posts == []
    await night.at("06:10")
    await night.hears("rns", rns(night, "4"))
    await night.at("08:11")
    assert (await night.load()).life == "crossed"


async def test_e2_what_no_row_explains_is_not_known_and_says_why(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.hears("pcb", pcb(night, "cancelled"))
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", "none that we can put down to anybody", call="PCB", cause="not known")
    await night.at("03:00")
    await accepted(night)
    night.ends("CLEARED")


async def test_e2_by_phone_not_filed(night: Night) -> None:
    await added(night)
    await night.at("01:00")
    await night.types("/load 1234 not filed by=Maria/PCB")
    await night.at("02:31")
    night.sees("WARN 1234 HOLD", "by phone", call="PCB", cause="probably the broker")
    assert set(await night.stands()) == {Kind.NO_RELEASE}
    await night.at("03:00")
    await accepted(night)
    night.ends("CLEARED")
    assert night.cards(place=CAB) == [] and PARS in night.card()
