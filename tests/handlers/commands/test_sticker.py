"""Near misses: which number is on the sticker, and numbers that no load has (RULES K, number_mismatch)."""

import pytest

from bot.domain.numbers import NumberKind
from bot.domain.status import Status, Track
from handlers.grammar import Command, parse
from handlers.reply import Result
from tests.handlers.commands.desk import BOSS, DESK, HOUR, OTHER_DESK, PARS, Desk, held, lines_of
from tests.handlers.plain import plain

THEIRS = "SMPLPARS1OO123"


async def near(desk: Desk, other: str = THEIRS) -> str:
    """A load in trouble whose number has a near miss on file; its key."""
    record = await held(desk)
    await desk.hears(other, Status.MATCHED, Track.MATCH, raw="0001")
    return record.key


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (THEIRS, "O for 0 at places 10, 11"),
        ("SMPLPARS100l23", "L for 1 at place 12"),
        ("SMPL100123", "PARS missing"),
        ("SMPLPARSPARS100123", "PARS twice"),
        ("SMPLPARS100132", "32 for 23 at place 13"),
        ("SMPLPARS-100123", "a dash more"),
        ("SMPLPARS103123", "3 for 0 and nobody claims it"),
    ],
)
async def test_k_number_mismatch_asks_which_is_on_the_sticker(desk: Desk, other: str, says: str) -> None:
    key = await near(desk, other)
    status = await desk.say("1234")
    other = other.upper()
    assert f"{other} is on file and PARS {PARS} is not ({says}), look at the sticker" in status
    assert "Which is on the sticker?" in status
    assert "Call first: the driver" in status and "Read it letter by letter." in status
    lines = lines_of(desk.last)
    assert {f"/load {key} sticker ours", f"/load {key} sticker theirs"} <= set(lines)
    assert all(len(line.encode()) <= 64 for line in lines)


@pytest.mark.parametrize(
    "other",
    ["SMPLPARS100128", "SMPLPARS100456", "OTHRPARS100128", "SMPLPARS100823X", "SMPLPARS108128", "SNPLPARS100123"],
)
async def test_other_numbers_are_not_asked_about(desk: Desk, other: str) -> None:
    await near(desk, other)
    assert "look at the sticker" not in await desk.say("1234")


async def test_a_number_of_another_load_is_never_a_candidate(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await near(desk, "SMPLPARS103123")
    assert "look at the sticker" in await desk.say("1234")
    await desk.add("1235", pars="SMPLPARS103123")
    await desk.pass_(HOUR / 60)
    assert "look at the sticker" not in await desk.say("1234")
    await desk.say("1235 cancel")
    await desk.pass_(HOUR / 60)
    assert "look at the sticker" not in await desk.say("1234")


async def test_of_a_row_of_stickers_only_the_one_that_customs_wants_our_cargo_for_is_asked_about(desk: Desk) -> None:
    await near(desk, "SMPLPARS100124")
    await desk.hears("SMPLPARS100125", Status.MATCHED, Track.MATCH)
    assert "look at the sticker" not in await desk.say("1234")
    await desk.hears("SMPLPARS100125", Status.NO_CARGO, Track.MATCH)
    assert "SMPLPARS100125 is on file and" in await desk.say("1234")


async def test_a_document_not_on_file_under_our_number_has_a_near_miss_too(desk: Desk) -> None:
    await desk.add(more="eta=22:00 papers=08:30")
    await desk.hears(PARS, Status.NO_CARGO, Track.MATCH)
    await desk.hears(THEIRS, Status.ON_FILE, Track.MATCH)
    assert f"{THEIRS} is on file and PARS {PARS} is not" in await desk.say("1234")


async def test_ours_is_for_the_broker_to_file_again_with_both_numbers_letter_by_letter(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await near(desk)
    said = await desk.say("1234 sticker ours")
    assert f"1234: {PARS} is on the sticker, so {THEIRS} was filed with a slip." in said
    assert "Call first: PCB" in said
    assert "S M P L P A R S 1 zero zero 1 2 3" in said
    assert "You filed S M P L P A R S 1 O as in Oscar O as in Oscar 1 2 3." in said
    status = await desk.say("1234")
    assert "the broker must file it again" in status and "sticker theirs" not in status
    await desk.pass_(HOUR / 6)
    await desk.hears(PARS, Status.MATCHED, Track.MATCH)
    assert "file it again" not in await desk.say("1234")


async def test_ours_can_be_taken_back(desk: Desk) -> None:
    await near(desk)
    await desk.say("1234 sticker ours")
    assert "taken back: what is on the sticker" in await desk.say("1234 undo")
    assert "Which is on the sticker?" in await desk.say("1234")


async def test_theirs_asks_for_the_aci_and_nothing_goes_until_a_newer_match(desk_of_each: Desk) -> None:
    desk = desk_of_each
    key = await near(desk)
    await desk.hears(THEIRS, Status.READY)
    await desk.say("1234 manifest accepted")
    reply = await desk.ask(f"/load {key} sticker theirs")
    assert reply.result is Result.UNKNOWN and "is the ACI right?" in reply.title
    lines = lines_of(reply)
    assert lines == [f"/load {key} sticker theirs aci=yes", f"/load {key} sticker theirs aci=no"]
    assert (await desk.say("1234")).startswith("1234 HOLD") and PARS in await desk.say("1234")
    said = await desk.say(lines[1])
    assert f"{THEIRS} replaces {PARS}; no go until a match or an acceptance newer than this." in said
    assert f"Amend the ACI manifest: {THEIRS} instead of {PARS}" in said and "CLEARED" not in said
    status = await desk.say("1234")
    assert status.startswith("1234 HOLD") and f"PARS {THEIRS} had a slip of ours" in status
    alert = await desk.alert()
    assert alert is not None and alert.state != "cleared"
    await desk.pass_(HOUR / 6)
    await desk.hears(THEIRS, Status.READY, prepared=desk.now - HOUR)
    assert (await desk.say("1234")).startswith("1234 HOLD")
    await desk.hears(THEIRS, Status.READY)
    assert (await desk.say("1234")).startswith("1234 GO")


async def test_theirs_is_taken_back_whole(desk: Desk) -> None:
    await near(desk)
    await desk.say("1234 sticker theirs aci=yes")
    assert "what is on the sticker" in await desk.say("1234 undo")
    status = await desk.say("1234")
    assert f"{THEIRS} is on file and PARS {PARS} is not" in status


async def test_where_nothing_is_in_question_nothing_is_changed(desk: Desk) -> None:
    await desk.add()
    for line in ("1234 sticker ours", "1234 sticker theirs aci=yes", "1234 sticker SMPLPARS1OO123", "1234 sticker"):
        assert (await desk.ask(line)).result is Result.REFUSED, line


async def test_one_of_several_shipments_is_meant_by_its_end(desk: Desk) -> None:
    key = await near(desk)
    await desk.say("1234 pars SMPLPARS200777")
    await desk.hears("SMPLPARS2OO777", Status.MATCHED, Track.MATCH)
    reply = await desk.ask("1234 sticker ours")
    assert lines_of(reply) == [f"/load {key} …123 sticker ours", f"/load {key} …777 sticker ours"]
    asked = await desk.ask(f"/load {key} …777 sticker theirs")
    assert lines_of(asked)[0] == f"/load {key} …777 sticker theirs aci=yes"
    assert "SMPLPARS2OO777 replaces SMPLPARS200777" in await desk.say(lines_of(asked)[0])


@pytest.mark.parametrize(
    "line", ["/load 1234 sticker ours", "/load ~k3f9 …123 sticker theirs aci=yes", "/feed orphans"]
)
def test_a_line_is_read_back_as_it_was_written(line: str) -> None:
    command = parse(line)
    assert isinstance(command, Command) and parse(command.line()) == command


async def test_feed_orphans_lists_numbers_without_a_load_with_their_last_word(desk_of_each: Desk) -> None:
    desk = desk_of_each
    assert "belongs to a load" in await desk.say("/feed orphans")
    key = await near(desk)
    await desk.hears("SMPLPARS777001", Status.READY)
    await desk.hears("12345678901234", Status.RELEASED)
    said = await desk.say("/feed orphans")
    assert "SMPLPARS777001" in said and "accepted" in said and "rns" in said
    assert f"{PARS} of load 1234" in said
    lines = lines_of(desk.last)
    assert f"/load {key} sticker theirs" in lines and "/load add pars=SMPLPARS777001" in lines
    form = (await desk.ask("/load add pars=SMPLPARS777001")).form
    assert form is not None and {i.name: i.initial for i in form.inputs}["pars"] == "SMPLPARS777001"
    await desk.say('/load 1300 add to=CA port="Ambassador Bridge" pars=SMPLPARS777001 eta=15:00')
    assert "SMPLPARS777001" not in await desk.say("/feed orphans")


@pytest.mark.parametrize(("other", "asked"), [("SMPLPARS100128", False), ("SMPLPARS103123", True)])
async def test_feed_orphans_suggests_what_the_card_of_the_load_asks_about_and_nothing_else(
    desk: Desk, other: str, asked: bool
) -> None:
    await near(desk, other)
    assert ("look at the sticker" in await desk.say("1234")) is asked
    assert (f"{PARS} of load 1234" in await desk.say("/feed orphans")) is asked


async def test_feed_orphans_is_bounded_and_says_so(desk: Desk) -> None:
    for n in range(17):
        await desk.hears(f"SMPLPARS7770{n:02}", Status.READY)
    said = await desk.say("/feed orphans")
    assert "15 numbers without a load" in said and "only the newest 15 are shown" in said
    assert "SMPLPARS777016" in said and "SMPLPARS777001" not in said


async def test_feed_orphans_of_one_carrier_are_not_another_s(two: Desk) -> None:
    await two.hears("SMPLPARS777001", Status.READY, carrier="north")
    assert "SMPLPARS777001" in await two.say("/feed orphans", BOSS, OTHER_DESK)
    assert "SMPLPARS777001" not in await two.say("/feed orphans", BOSS, DESK)


async def test_feed_orphans_leaves_transactions_out(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        await work.numbers.upsert([(NumberKind.TRANSACTION, "12345000067897", "12345000067897")])
    assert "12345000067897" not in plain(await desk.ask("/feed orphans"))
