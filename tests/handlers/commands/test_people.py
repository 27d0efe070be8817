"""Drivers, invites, roles: who gets in, and who does not."""

import re
from datetime import timedelta

import pytest

from bot.domain.route import Account, Place
from bot.domain.status import Status
from handlers.reply import Result
from tests.handlers.commands.desk import BOSS, PARS, STRANGER, Desk, held

SINGH = Account("telegram", "", "7001", "Gurpreet S")
CHAT = Place("telegram", "", "7001", "Gurpreet S")


def code_of(text: str) -> str:
    """The code in an answer."""
    found = re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", text)
    assert found is not None, text
    return found.group()


async def bound(desk: Desk) -> None:
    """Singh is a driver whose Telegram is bound, and drives 1234."""
    await desk.say("/driver Singh add phone=555-0117")
    code = code_of(await desk.say("/driver Singh invite"))
    said = await desk.say(f"/person link {code}", SINGH, CHAT, private=True)
    assert said.startswith("You are Singh here now.")


async def test_an_invite_is_a_link_that_works_once(desk_of_each: Desk) -> None:
    desk = desk_of_each
    desk.bot = "sample_holdwatch_bot"
    await desk.say("/driver Singh add")
    said = await desk.say("/driver Singh invite")
    code = code_of(said)
    assert f"https://t.me/sample_holdwatch_bot?start={code}" in said and desk.last.private
    assert "You are Singh here now." in await desk.say(f"/person link {code}", SINGH, CHAT, private=True)
    other = Account("telegram", "", "7002", "Other")
    reply = await desk.ask(f"/person link {code}", other, Place("telegram", "", "7002"), private=True)
    assert reply.result is Result.REFUSED and "not known, was used, or is too old" in reply.title
    assert "Telegram is bound" in await desk.say("/driver Singh")


async def test_a_newer_invite_voids_the_older_and_both_end_in_time(desk: Desk) -> None:
    await desk.say("/driver Singh add")
    first = code_of(await desk.say("/driver Singh invite"))
    second = code_of(await desk.say("/driver Singh invite"))
    assert (await desk.ask(f"/person link {first}", SINGH, CHAT)).result is Result.REFUSED
    desk.now += timedelta(hours=49)
    assert (await desk.ask(f"/person link {second}", SINGH, CHAT)).result is Result.REFUSED


async def test_a_dispatcher_who_opens_a_drivers_link_stays_who_he_is(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, Account("telegram", "", "7009"), "Ann", "dispatcher")
    await desk.say("/driver Singh add")
    code = code_of(await desk.say("/driver Singh invite"))
    reply = await desk.ask(f"/person link {code}", Account("telegram", "", "7009"), Place("telegram", "", "7009"))
    assert reply.result is Result.REFUSED and "you are Ann here: it was not used" in reply.title
    assert "You are Singh here now." in await desk.say(f"/person link {code}", SINGH, CHAT)


async def test_a_member_of_the_desk_who_taps_a_drivers_link_does_not_become_the_driver(desk: Desk) -> None:
    await desk.add()
    await desk.say("/driver Singh add")
    code = code_of(await desk.say("/driver Singh invite"))
    reply = await desk.ask(f"/person link {code}")
    assert reply.result is Result.REFUSED and "you are Maria here: it was not used" in reply.title
    assert "You are Singh here now." in await desk.say(f"/person link {code}", SINGH, CHAT)


async def test_a_driver_sees_his_own_loads_only_and_the_others_are_not_there(desk: Desk) -> None:
    await bound(desk)
    await held(desk)
    theirs = await desk.say("1234", SINGH, CHAT)
    assert theirs == (await desk.say("9999", SINGH, CHAT)).replace("9999", "1234")
    assert await desk.say(f"/load {PARS}", SINGH, CHAT) == theirs.replace("1234", PARS)
    assert (await desk.ask("1234 eta 15:00", SINGH, CHAT)).result is Result.REFUSED
    await desk.say("/load 1234 driver Singh")
    assert "STOP. Wait for dispatch before the border." in await desk.say("1234", SINGH, CHAT)


async def test_a_driver_hears_no_reason_and_no_go(desk: Desk) -> None:
    await bound(desk)
    await desk.add()
    await desk.say("/load 1234 driver Singh")
    await desk.hears(PARS, Status.RELEASED)
    await desk.say("/load 1234 manifest accepted 08:00")
    assert (await desk.ask("1234")).title.startswith("1234 GO")
    said = await desk.say("1234", SINGH, CHAT)
    assert "GO" not in said and "Dispatch tells you when to cross." in said
    said = await desk.say("1234 eta 15:00", SINGH, CHAT)
    assert "ETA now 15:00" in said and "GO" not in said
    assert "was 13:00 (Maria)" in said


async def test_a_driver_says_eta_papers_and_crossed_and_nothing_else(desk: Desk) -> None:
    await bound(desk)
    await held(desk)
    await desk.say("/load 1234 driver Singh")
    key = (await desk.load()).key
    assert "papers for" in await desk.say(f"/load {key} papers sent now", SINGH, CHAT)
    for line in ("got it", "accepted by=me", "cancel", "why", "log", "undo"):
        reply = await desk.ask(f"/load {key} {line}", SINGH, CHAT)
        assert reply.result is Result.REFUSED and "for dispatch" in reply.title, line
    assert "over the border since" in await desk.say(f"/load {key} crossed now", SINGH, CHAT)


async def test_a_driver_who_left_gets_no_answer_any_more(desk: Desk) -> None:
    await bound(desk)
    await desk.add()
    await desk.say("/load 1234 driver Singh")
    said = await desk.say("/driver Singh remove")
    assert "drives for us no more" in said and "Still the driver of 1234" in said
    assert (await desk.ask("1234", SINGH, CHAT)).title.startswith("I don't know you here")


async def test_a_driver_with_one_load_need_not_name_it(desk: Desk) -> None:
    await bound(desk)
    nothing = await desk.ask("status", SINGH, CHAT)
    assert nothing.title.startswith("You have no open load here") and nothing.result is Result.REFUSED
    await desk.add()
    await desk.say("/load 1234 driver Singh")
    for asked in ("status", "/load", "may i go", "Can I go?"):
        reply = await desk.ask(asked, SINGH, CHAT)
        assert "Load 1234" in f"{reply.title} {reply.body}" and "may go" not in str(reply), asked
    assert (await desk.ask("eta 13:15", SINGH, CHAT)).title.startswith("1234: ETA now 13:15")
    assert (await desk.ask("papers sent", SINGH, CHAT)).title.startswith("1234: papers for")
    await desk.say("/load 1235 add to=CA port=Sarnia eta=15:00 pars=SMPLPARS100999")
    await desk.say("/load 1235 driver Singh")
    both = await desk.ask("crossed", SINGH, CHAT)
    assert both.result is Result.UNKNOWN and [b.label for b in both.buttons] == ["1234", "1235"]
    assert all(b.line.endswith(" crossed") for b in both.buttons)


async def test_a_driver_reads_of_nothing_that_drivers_may_not_type(desk: Desk) -> None:
    await bound(desk)
    for typed in ("/help", "hello", "help load"):
        assert "/hold" not in str(await desk.ask(typed, SINGH, CHAT)), typed
    for typed in ("\N{THUMBS UP SIGN}", "je suis à la douane", "ok"):
        reply = await desk.ask(typed, SINGH, CHAT)
        assert reply.result is Result.UNKNOWN and "nothing was changed" in reply.title and not reply.buttons
        assert "eta 14:30" in str(reply.body) and "/hold" not in str(reply)


async def test_a_stranger_who_says_hello_hears_first_how_to_get_in(desk: Desk) -> None:
    reply = await desk.ask("/start", STRANGER)
    assert reply.title.startswith("I don't know you here") and "ask dispatch for your link" in str(reply.body[0])


async def test_one_person_links_two_chats_by_a_code(desk: Desk) -> None:
    await desk.add()
    code = code_of(await desk.say("/person link"))
    ours = Account("telegram", "", "7100", "M")
    assert "You are Maria here now." in await desk.say(f"/start {code}".replace("/start", "/person link"), ours,
                                                        Place("telegram", "", "7100"))  # fmt: skip
    assert len((await desk.say("/person list")).split("Maria")) == 2


async def test_a_code_is_kept_nowhere(desk: Desk) -> None:
    await desk.say("/driver Singh add")
    line = desk.line("/driver Singh invite")
    code = code_of("\n".join(str(p) for p in (await desk.entry(line)).body))
    async with desk.db.work("home", desk.now) as work:
        kept = await work.lines.find(line.delivery)
    assert kept is not None and code not in str(kept)


async def test_roles_are_given_and_taken_and_the_last_admin_stays(desk: Desk) -> None:
    await desk.add()
    said = await desk.say("/person <@UNOBODY|sam> allow viewer", BOSS, workspace_admin=True)
    assert "sam is viewer now." in said
    assert (await desk.ask("1234", STRANGER)).result is Result.OK
    reply = await desk.ask("1234 eta 15:00", STRANGER)
    assert reply.result is Result.REFUSED and "You are viewer here" in reply.title
    await desk.say("/person sam allow none", BOSS, workspace_admin=True)
    assert (await desk.ask("1234", STRANGER)).title.startswith("I don't know you here")
    await desk.say("/person sam allow admin", BOSS, workspace_admin=True)
    assert (await desk.ask("/person sam allow viewer", STRANGER)).title.startswith("Sam is the last admin") or (
        "sam is the last admin" in desk.last.title
    )


@pytest.mark.parametrize("line", ["/person @maria allow king", "/person allow", "/person nobody allow viewer"])
async def test_a_role_that_cannot_be_given_is_refused(desk: Desk, line: str) -> None:
    assert (await desk.ask(line, BOSS, workspace_admin=True)).result is not Result.OK


async def test_somebody_new_gets_a_code(desk: Desk) -> None:
    code = code_of(await desk.say("/person Ann add role=dispatcher phone=555-0113", BOSS, workspace_admin=True))
    assert "You are Ann here now." in await desk.say(f"/person link {code}", STRANGER)
    assert "You are Ann, dispatcher." in await desk.say("/person whoami", STRANGER)
    assert (await desk.ask("/person Ann add", BOSS, workspace_admin=True)).result is Result.REFUSED
