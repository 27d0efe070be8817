"""/shipper ACME carm and /load 1234 carm, told as people type them; the answers are golden texts."""

import re
from dataclasses import replace

import pytest

from bot.domain.carm.evidence import Item, Source
from bot.domain.carm.questions import QUESTIONS
from bot.watch.parties import name_key
from handlers.announce.carmtaps import typed
from handlers.commands.carm_states import OF_KEY, OWN_KEYS, state_of
from handlers.console import plain
from handlers.grammar import Command, parse
from handlers.phrases import KEY_ALSO
from handlers.reply import Reply, Result, Upload
from storage.database import Database
from tests.handlers.commands.carm_tale import ANA, BN
from tests.handlers.commands.carm_tales import TALES, golden, told
from tests.handlers.commands.desk import BOSS, DESK, HOUR, MARIA, OTHER_DESK, Desk, lines_of

PNG = b"\x89PNG\r\n\x1a\nSAMPLE"
HOW = "python -m tests.handlers.commands.carm_tales, and read the difference"


@pytest.mark.parametrize("name", TALES)
async def test_a_tale_reads_as_it_should(sqlite_db: Database, name: str) -> None:
    assert await told(name, await Desk(sqlite_db).opened()) == golden()[name], HOW


def test_every_test_case_of_the_model_is_told() -> None:
    assert {name for name in TALES if name.startswith("case")} == {f"case {n:02}" for n in range(1, 15)}
    assert set(golden()) == set(TALES)


def test_no_answer_shows_a_whole_number_or_an_amount_or_says_ready() -> None:
    said = [line for text in golden().values() for line in text.splitlines() if not line.startswith((">", "Ana>"))]
    shown = "\n".join(said)
    assert not re.search(r"\d{9}", shown.replace("SMPLPARS", "")) and "$" not in shown
    assert not re.search(r"\bready\b", shown, re.IGNORECASE)


def test_what_a_button_types_records_what_its_question_says() -> None:
    for question in QUESTIONS:
        for answer in question.answers:
            (key, value), _by = (word.split("=") for word in typed(question, answer).split())
            name = key if key in OF_KEY else KEY_ALSO.get(key, key)
            item = OF_KEY.get(name) if question.item not in OWN_KEYS.values() else OWN_KEYS[name]
            assert (item, state_of(question.item, value)) == (question.item, answer.state), typed(question, answer)


async def stocked(desk: Desk) -> None:
    await desk.say('/broker PCB set phone=555-0142 hours="mon-fri 8-17"')
    await desk.add(more=f"eta=15:00 papers=08:30 importer=ACME bn15={BN}")


async def test_every_button_is_a_line_of_64_bytes_that_is_understood(desk: Desk) -> None:
    await stocked(desk)
    for line in ("/shipper ACME carm", "1234 carm", "ACME carm ask", "/shipper us carm", "ACME carm rpp=no by=PCB"):
        reply = await desk.ask(line)
        assert reply.buttons, line
        for typed_line in lines_of(reply):
            found = parse(typed_line)
            assert isinstance(found, Command) and parse(found.line()) == found
            assert len(typed_line.encode()) <= 64


async def test_answers_go_from_tap_to_tap_until_it_is_ok_and_can_be_taken_back(desk: Desk) -> None:
    await stocked(desk)
    reply = await desk.ask("/shipper ACME carm")
    assert reply.title.startswith("CARM NOT KNOWN: ACME (…782 RM0001) with PCB")
    desk.now += HOUR / 60
    reply = await desk.ask(lines_of(reply)[0])
    assert reply.title.startswith("Kept: RPP active (PCB).") and "CARM OK" in reply.title
    desk.now += HOUR / 60
    assert "Maria, PCB" in (await desk.ask('/shipper ACME carm by="Maria, PCB"')).title
    undone = await desk.ask("/shipper ACME undo")
    assert undone.title.startswith("Taken back: RPP active.") and "CARM OK" in undone.title
    desk.now += 11 * HOUR / 60
    assert (await desk.ask("/shipper ACME carm undo")).result is Result.REFUSED


async def test_nobody_is_asked_twice_within_the_hour_what_they_did_not_know(desk: Desk) -> None:
    await stocked(desk)
    reply = await desk.ask("/load 1234 carm rpp=unknown by=broker")
    assert "Will your PARS" not in plain(reply)
    desk.now += 2 * HOUR
    assert "Will your PARS" in await desk.say("/shipper ACME carm")


async def test_what_a_verdict_does_not_mean_is_told_once_in_a_place_and_once_to_a_person_alone(desk: Desk) -> None:
    await stocked(desk)
    first, second = await desk.say("/shipper ACME carm"), await desk.say("1234 carm")
    assert "not customs advice" in first and "not customs advice" not in second
    alone = replace(DESK, external="D1", name="")
    assert "not customs advice" in await desk.say("/shipper ACME carm", where=alone, private=True)
    assert "not customs advice" in await desk.say("/help shipper")


async def test_a_modal_asks_all_and_its_answers_are_one_line(desk: Desk) -> None:
    await stocked(desk)
    reply = await desk.ask("/shipper ACME carm set")
    form = reply.form
    assert form is not None and reply.result is Result.UNKNOWN and len(form.title) <= 24
    assert {"by", "via", "rpp", "delegation", "hold"} <= {i.name for i in form.inputs}
    pairs = (("by", "Maria/PCB"), ("via", "phone"), ("rpp", "yes"), ("delegation", "yes"), ("hold", "no"))
    line = Command(form.noun, form.subject, form.verb, pairs=pairs).line()
    assert (await desk.ask(line)).title.startswith("Kept: RPP active (Maria, PCB, by phone); PCB has access to RM0001")
    asked = await desk.ask("/load 1234 carm rpp=no")
    assert asked.form is not None and asked.form.inputs[0].name == "by" and "Who said" in asked.title


async def evidence(desk: Desk, name: str = "ACME") -> list[tuple[Item, str, Source]]:
    async with desk.db.work("home", desk.now) as work:
        ids = {p.name: p.id for p in await work.parties.all()}
        told_ = (await work.evidence.of_importers([ids[name]])).get(ids[name], [])
        return [(e.item, e.state, e.source) for e in told_]


async def sent(desk: Desk, text: str, *files: Upload, thread: str = "") -> Reply:
    return await desk.ask(text, files=files, thread=thread)


async def test_a_picture_with_what_it_shows_is_kept_with_that_word(desk: Desk) -> None:
    await stocked(desk)
    reply = await sent(desk, "/shipper ACME carm security=bond until=2027-03-31", Upload("portal.png", PNG))
    assert "security is enough, by bond (a picture of the portal, from Maria)" in reply.title
    assert (Item.SECURITY, "sufficient_bond", Source.PORTAL_SCREENSHOT) in await evidence(desk)
    said = await desk.say("/shipper ACME carm log")
    assert "with portal.png" in said and "valid until 31 Mar 2027" in said


async def test_a_picture_alone_is_kept_and_asked_about_and_counts_for_nothing_until_then(desk: Desk) -> None:
    await stocked(desk)
    before = (await desk.ask("/shipper ACME carm")).title
    reply = await sent(desk, "carm ACME", Upload("portal.png", PNG))
    assert reply.title == "1 picture is kept as evidence for ACME. What does it show?"
    assert all(len(line.encode()) <= 64 for line in lines_of(reply))
    assert (await desk.ask("/shipper ACME carm")).title.startswith(before.split(".")[0])
    desk.now += HOUR / 60
    read = await desk.ask(next(line for line in lines_of(reply) if "cover=bond" in line))
    assert read.title.startswith("Kept: security is enough, by bond")
    assert "nobody has read" not in await desk.say("/shipper ACME carm ask")


async def test_a_picture_under_a_loads_post_is_about_its_importer(desk: Desk) -> None:
    await stocked(desk)
    record = await desk.load()
    await desk.pass_(6 * HOUR)
    async with desk.db.work("home", desk.now, write=True) as work:
        (post,) = await work.posts.of_loads([record.id])
        await work.posts.shown(post.id, "17.42", 1)
    reply = await sent(desk, "", Upload("portal.png", PNG), thread="17.42")
    assert reply.title.startswith("1 picture is kept as evidence for ACME")


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (Upload("a.html", b"<script>alert(1)</script>"), "only pictures"),
        (Upload("a.png", PNG + b"x" * 11_000_000), "at most 10 MB"),
        (Upload("a.png", fault="the file could not be fetched"), "could not be fetched"),
    ],
)
async def test_what_is_no_picture_is_not_kept_and_said(desk: Desk, upload: Upload, why: str) -> None:
    await stocked(desk)
    reply = await sent(desk, "carm ACME", upload)
    assert reply.result is Result.REFUSED and why in plain(reply)
    reply = await sent(desk, "/shipper ACME carm rpp=yes by=PCB", upload)
    assert reply.result is Result.OK and why in plain(reply)
    assert "picture was not kept" in plain(await sent(desk, "1234 status", upload))


async def test_two_acmes_are_asked_about_and_the_answer_is_a_tap(desk: Desk) -> None:
    await stocked(desk)
    await desk.say("/shipper Other add")
    async with desk.db.work("home", desk.now, write=True) as work:
        other = next(p for p in await work.parties.all() if p.name == "Other")
        await work.parties.change(other.id, name="ACME", name_key=name_key("ACME"))
    reply = await desk.ask("/shipper ACME carm")
    assert reply.result is Result.UNKNOWN and "Which one" in reply.title
    assert (await desk.ask(lines_of(reply)[0])).title.startswith("CARM")


async def test_nobody_reads_or_writes_another_carriers_evidence(two: Desk) -> None:
    await two.ask(f"/load 1234 add to=CA pars=SMPLPARS100123 importer=ACMEHOME bn15={BN} eta=13:00", BOSS, DESK)
    await two.ask("/shipper ACMEHOME carm rpp=suspended by=us", BOSS, DESK)
    await two.ask("/shipper us carm bonded=yes", BOSS, DESK)
    for line in ("/shipper ACMEHOME carm", "/shipper ACMEHOME carm log", "/load 1234 carm", "/shipper us carm"):
        said = await two.say(line, BOSS, OTHER_DESK)
        assert "suspended" not in said and "we are bonded" not in said, said
    await two.ask("/shipper ACMEHOME carm undo", BOSS, OTHER_DESK)
    assert "RPP suspended" in await two.say("/shipper ACMEHOME carm", BOSS, DESK)


async def test_drivers_and_viewers_record_nothing(desk: Desk) -> None:
    await stocked(desk)
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, ANA, "Ana", "viewer")
    assert (await desk.ask("/shipper ACME carm", ANA)).result is Result.OK
    assert (await desk.ask("/shipper ACME carm rpp=yes by=PCB", ANA)).result is Result.REFUSED
    assert (await desk.ask("/shipper ACME carm rpp=yes by=PCB", MARIA)).result is Result.OK


async def test_lines_to_type_and_to_tap_hold_names_of_any_kind_and_are_read_back(desk: Desk) -> None:
    name = 'Pacific "West" Customs Brokers of Sampletown'
    await desk.say(Command("broker", name, "set", pairs=(("phone", "555-0142"),)).line())
    await desk.add(more=Command("load", "1", "add", pairs=(("broker", name), ("importer", "ACME"))).line()[12:])
    await desk.say("/shipper ACME add bn15=123456782RM0002")
    other = await desk.ask("/shipper ACME carm rm=0002")
    for reply in (other, await desk.ask("/load 1234 carm rpp=no by=broker")):
        for line in lines_of(reply):
            found = parse(line)
            assert isinstance(found, Command) and parse(found.line()) == found, line
    said = await desk.say("/load 1234 carm rpp=no by=broker")
    typed_line = next(row for row in said.splitlines() if "Who was it? Type: " in row).partition("Type: ")[2]
    assert (await desk.ask(typed_line)).title.startswith(f"Kept: not enrolled in RPP (Maria, {name[:20]}")
    form = (
        await desk.ask(Command("shipper", "ACME", "carm set", pairs=(("broker", name), ("rm", "0002"))).line())
    ).form
    assert (
        form is not None and {"broker": name, "rm": "0002"}.items() <= {i.name: i.initial for i in form.inputs}.items()
    )
