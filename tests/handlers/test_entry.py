"""Who gets in, whose carrier, once each, and nothing typed gives a stack trace."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import HoldwatchError
from bot.domain.route import Account, Place
from bot.domain.status import Status
from handlers.commands.codes import new_code
from handlers.console import plain
from handlers.entry import first_code
from handlers.reply import Result
from storage.database import Database
from tests.handlers.commands.desk import BOSS, CONSOLE, DESK, MARIA, OTHER_DESK, PARS, STRANGER, Desk, held


@pytest.fixture
async def desk(sqlite_db: Database) -> Desk:
    return await Desk(sqlite_db).opened()


@pytest.fixture
async def two(sqlite_db: Database) -> Desk:
    """Two carriers; Maria is known to both, and writes from a place that neither has."""
    desk = Desk(sqlite_db, ("home", "north"))
    for carrier in desk.ids:
        async with sqlite_db.work(carrier, desk.now, write=True) as work:
            await desk.admin(work, MARIA, f"Maria of {carrier}")
    return desk


async def test_the_first_admin_sends_a_code_and_it_works_once_by_any_door(db: Database) -> None:
    desk = Desk(db)
    code = await first_code(db, desk.now)
    assert code is not None
    chat, zoe = Place("telegram", "", "42", "Zoe"), Account("telegram", "", "42", "Zoe")
    assert (await desk.ask("/person list", zoe, chat)).result is Result.REFUSED
    assert "You are the admin now, Zoe." in await desk.say(code.lower(), zoe, chat)
    assert "You are Zoe, admin." in await desk.say("/person whoami", zoe, chat)
    reply = await desk.ask(code, STRANGER)
    assert reply.result is not Result.OK and "admin" not in plain(reply).split("\n")[0]
    assert await first_code(db, desk.now) is None


async def test_a_new_start_voids_the_code_that_was_printed_before(sqlite_db: Database) -> None:
    desk = Desk(sqlite_db)
    first, second = await first_code(sqlite_db, desk.now), await first_code(sqlite_db, desk.now)
    assert first and second and first != second
    assert (await desk.ask(first, STRANGER)).result is not Result.OK
    assert (await desk.ask(f"/person link {second}", STRANGER)).title.startswith("You are the admin now")


async def test_two_who_send_the_code_at_once_make_one_admin(db: Database) -> None:
    desk = Desk(db)
    code = await first_code(db, desk.now)
    lines = [desk.line(str(code), who) for who in (STRANGER, MARIA)]
    replies = await asyncio.gather(*(desk.entry(line) for line in lines))
    assert sorted(r.title.startswith("You are the admin now") for r in replies) == [False, True]
    async with db.work("home", desk.now) as work:
        assert len(await work.people.all("admin")) == 1


async def test_a_repeated_code_delivery_gets_the_first_answer(sqlite_db: Database) -> None:
    desk = Desk(sqlite_db)
    line = desk.line(str(await first_code(sqlite_db, desk.now)), STRANGER)
    assert await desk.entry(line) == await desk.entry(line)


@pytest.mark.parametrize(
    "text", ["1234", "/load 1234 eta 14:30", "hello there", "/hold list", "/broker PCB", "/person list"]
)
async def test_strangers_and_guests_get_a_polite_no_and_learn_nothing(desk: Desk, text: str) -> None:
    await desk.add()
    for who, guest in ((STRANGER, False), (replace(STRANGER, external="UGUEST"), True)):
        reply = await desk.ask(text, who, guest=guest)
        assert reply.result is Result.REFUSED and reply.private
        assert reply.title == "I don't know you here, so nothing was looked up and nothing was changed."
        assert "PCB" not in plain(reply) and "Ambassador" not in plain(reply)
        assert f"/person <@{who.external}> allow dispatcher" in plain(reply)


async def test_a_guest_in_a_dispatch_place_stays_a_guest_until_an_admin_says_so(desk: Desk) -> None:
    guest = Account("slack", "T1", "UGUEST", "Guest")
    async with desk.db.work("home", desk.now, write=True) as work:
        await work.members.add(DESK, ["UGUEST"])
    assert (await desk.ask("/hold", guest, guest=True)).result is Result.REFUSED
    await desk.say("/person <@UGUEST|gus> allow viewer", BOSS, workspace_admin=True)
    assert (await desk.ask("/hold", guest, guest=True)).result is Result.OK


async def test_the_id_of_our_admin_in_another_workspace_is_a_stranger(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, BOSS, "Bo")
    assert (await desk.ask("/person list", BOSS)).result is Result.OK
    other = replace(BOSS, workspace="T0OTHER")
    for where in (DESK, replace(DESK, workspace="T0OTHER")):
        for flags in ({"guest": True}, {}):
            assert "I don't know you here" in await desk.say("/person list", other, where, **flags)


async def test_help_and_whoami_are_for_anybody(desk: Desk) -> None:
    assert (await desk.ask("/help", STRANGER)).result is Result.OK
    assert "nobody here yet" in await desk.say("/person whoami", STRANGER)
    assert "slack:UNOBODY" in await desk.say("/person whoami", STRANGER)


async def test_members_of_a_dispatch_place_are_dispatchers_while_they_are_in_it(desk: Desk) -> None:
    assert "You are Maria, dispatcher." in await desk.say("/person whoami", MARIA, Place("slack", "T1", "DM1"))
    async with desk.db.work("home", desk.now, write=True) as work:
        await work.members.remove(DESK, MARIA.external)
    desk.now += timedelta(seconds=11)
    assert "nobody here yet" in await desk.say("/person whoami", MARIA)


async def test_a_repeated_delivery_gets_the_first_reply_and_changes_once(db: Database) -> None:
    desk = await Desk(db).opened()
    await desk.add()
    line = desk.line("/load 1234 note seal 4471 broken")
    first = await desk.entry(line)
    desk.now += timedelta(minutes=5)
    assert await desk.entry(line) == first
    again = await asyncio.gather(*(desk.entry(line) for _ in range(5)))
    assert again == [first] * 5
    async with db.work("home", desk.now) as work:
        said = (await work.said.of_loads([(await desk.load()).id]))[(await desk.load()).id]
    assert len([s for s in said if s.field == "note"]) == 1


async def test_one_delivery_at_once_from_two_processes_changes_once(db_url: str, open_db: object) -> None:
    opened = [open_db(db_url), open_db(db_url)]  # type: ignore[operator]
    desks = [await Desk(opened[0]).opened(), Desk(opened[1])]
    await desks[0].add()
    line = desks[0].line("/load 1234 note seal broken")
    replies = await asyncio.gather(*(desk.entry(line) for desk in desks for _ in range(3)))
    assert {r.title for r in replies} == {"1234: noted: seal broken"}
    async with opened[0].work("home", desks[0].now) as work:
        load = await desks[0].load()
        said = (await work.said.of_loads([load.id]))[load.id]
    assert len([s for s in said if s.field == "note"]) == 1


async def test_what_was_refused_or_asked_left_nothing_behind(desk: Desk) -> None:
    await desk.add()
    line = desk.line("/load 1234 port Windsor")
    assert (await desk.entry(line)).result is Result.UNKNOWN
    async with desk.db.work("home", desk.now) as work:
        assert await work.lines.find(line.delivery) is None


_HOSTILE = [
    "", " ", "/", "?", "\x00\x01\x02", "<!channel> <b>1234</b>", "/load <script>alert(1)</script> status",
    "'; DROP TABLE load; --", "/load 1234 eta " + "9" * 5000, "x" * 50_000, "😀" * 500, "\ud800", "/load \ud800 status",
    "/load " + "1" * 300 + " status", "/load 1234 note " + "<b>&" * 400, '/load "', "/load 1234 …", "= = =",
    "/broker " + "Ä" * 400 + " set phone=555-0142", "/load ~ status", "/load %_% status", "/load 1234 eta=",
    "/driver " + "S" * 90 + " add", "/feed \u202ereplay", "/person <@U1|<b>> allow admin", "/route here port=\x00",
]  # fmt: skip


@pytest.mark.parametrize("text", _HOSTILE)
async def test_nothing_typed_gives_a_stack_trace(desk: Desk, text: str, caplog: pytest.LogCaptureFixture) -> None:
    await desk.add()
    for who, more in ((MARIA, {}), (BOSS, {"workspace_admin": True}), (STRANGER, {})):
        reply = await desk.ask(text, who, **more)  # type: ignore[arg-type]
        assert reply.title and "Something on my side failed" not in reply.title
        assert len(plain(reply)) < 20_000
    assert [r for r in caplog.records if r.levelname == "ERROR"] == []


async def test_a_fault_of_ours_is_said_with_a_note_and_logged_with_its_trace(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.add()
    desk.world.carriers = {}
    reply = await desk.ask("/load 1234 eta 15:00")
    assert reply.result is Result.REFUSED and "nothing was changed (note " in reply.title
    note = reply.title.split("(note ")[1].split(")")[0]
    (record,) = [r for r in caplog.records if getattr(r, "note", "") == note]
    assert record.exc_info is not None


async def test_in_the_thread_of_a_post_that_load_is_the_subject(desk: Desk) -> None:
    record = await held(desk)
    async with desk.db.work("home", desk.now, write=True) as work:
        (post,) = await work.posts.of_loads([record.id])
        await work.posts.shown(post.id, "17.42", 1)
    assert "You have 1234 until" in await desk.say("got it", thread="17.42")
    assert (await desk.ask("status", thread="17.42")).title.startswith("1234 HOLD")
    assert "1234: driver Singh." in await desk.say("driver Singh", thread="17.42")
    assert "1234: ETA now 15:30" in await desk.say("/eta 15:30", thread="17.42")
    assert (await desk.ask("got it", thread="99.99")).result is not Result.OK
    assert (await desk.ask("got it")).result is not Result.OK


async def test_several_hits_ask_and_a_write_never_takes_one(desk: Desk) -> None:
    for n in (1, 2):
        await desk.ask(f"/load 200{n} add to=CA pars=SMPLPARS20000{n} truck=88 eta=18:00")
    reply = await desk.ask("/load 88 eta 19:00")
    assert reply.result is Result.UNKNOWN and "can be several loads, so nothing was done" in reply.title
    assert len(reply.buttons) == 2 and all(b.line.startswith("/load ~") for b in reply.buttons)
    assert "ETA now 19:00" in await desk.say(reply.buttons[0].line)


async def test_a_number_that_looks_like_another_is_only_suggested(desk: Desk) -> None:
    await desk.add("1234", "SMPLPARS1OO123")
    reply = await desk.ask("/load SMPLPARS100123 eta 15:00")
    assert reply.result is Result.REFUSED and "SMPLPARS1OO123 of load 1234" in plain(reply)


async def test_the_operator_asks_as_somebody(desk: Desk) -> None:
    await desk.add()
    await desk.say("/driver Singh add")
    singh = await desk.entry.account_of("Singh")
    assert (await desk.ask("1234", singh, CONSOLE)).result is Result.REFUSED
    await desk.say("/load 1234 driver Singh")
    assert "Dispatch tells you when to cross" in await desk.say("1234", singh, CONSOLE) or "WAIT" in desk.last.title
    assert (await desk.ask("/person list", await desk.entry.account_of(""), CONSOLE)).result is Result.OK
    with pytest.raises(HoldwatchError, match="nobody called"):
        await desk.entry.account_of("Nobody")


async def test_two_carriers_are_told_apart_by_place_by_account_and_else_by_asking(two: Desk) -> None:
    reply = await two.ask("/load 77 add to=CA kind=empty eta=15:00", MARIA, DESK)
    assert reply.result is Result.UNKNOWN and reply.title == "Which carrier is that about? Nothing was done."
    assert "watched now" in await two.say(reply.buttons[1].line, MARIA, DESK)
    assert (await two.load("77", "north")).number == "77"
    assert "hears all loads" in await two.say("/route here carrier=home", MARIA, DESK)
    assert (await two.ask("/load 77", MARIA, DESK)).result is Result.REFUSED
    assert (await two.ask("/load 77 carrier=north", MARIA, DESK)).title.startswith("77 ")
    only = Account("slack", "T1", "UONLY", "Ono")
    async with two.db.work("north", two.now, write=True) as work:
        await two.admin(work, only, "Ono", "viewer")
    assert (await two.ask("/load 77", only, OTHER_DESK)).title.startswith("77 ")


async def test_naming_a_carrier_gives_no_rights_in_it(two: Desk) -> None:
    await two.ask("/route here carrier=home", MARIA, DESK)
    ours = Account("slack", "T1", "UHOME", "Hal")
    async with two.db.work("home", two.now, write=True) as work:
        await two.admin(work, ours, "Hal", "dispatcher")
    for text in ("/hold carrier=north", "/hold carrier=nowhere"):
        reply = await two.ask(text, ours, Place("slack", "T1", "DM9"), workspace_admin=True)
        assert (reply.result is Result.OK) == ("nowhere" in text)
    assert (await two.ask("/hold carrier=north", ours, DESK, workspace_admin=True)).title.startswith("I don't know")


async def test_people_get_answers_while_messages_stream_in(db: Database) -> None:
    desk = await Desk(db).opened()
    await desk.add()

    async def stream() -> None:
        for n in range(40):
            await desk.hears(f"SMPLPARS{300000 + n}", Status.READY)
            await desk.hears(PARS, Status.NOT_MATCHED if n % 2 else Status.SENT)

    async def talk() -> list[Result]:
        return [(await desk.ask(t)).result for t in ["1234", "/load 1234 note x", "/load list"] * 8]

    _none, results = await asyncio.gather(stream(), talk())
    assert set(results) == {Result.OK}


async def test_a_code_is_long_and_plain() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200 and all(len(c) == 19 and not set(c) & set("01ILO") for c in codes)
