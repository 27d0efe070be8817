"""What people type and tap, by both transports."""

import pytest

from bot.domain.route import Account
from handlers.reply import Button, Form, Input, Line, Reply, Result, say
from handlers.telegram.happenings import Added, Member, Migrated, Removed
from tests.handlers.telegram.rig import Ear, card, place, running
from tests.standins.telegram import ANONYMOUS, TelegramStandIn

pytestmark = pytest.mark.parametrize("transport", ["polling", "webhook"])


async def test_a_command_in_private_is_a_line_and_is_answered(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    async with running(tg, transport) as rig:
        tg.message(maria, maria, "/load 1234 status")
        assert await tg.answered(maria) == ["heard /load 1234 status"]
    line = rig.ear.lines[0]
    assert line.who == Account("telegram", "", str(maria.id), "Maria")
    assert (line.where, line.private, line.thread) == (place(maria), True, "")
    assert line.delivery == f"tg:{tg.bot.id}:{tg.updates.delivered[0]}"
    assert not tg.refused


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/load@HoldwatchBot 1234", "/load 1234"),
        ("/load@holdwatchbot\n1234 status", "/load 1234 status"),
        ("@HoldwatchBot load 1234", "load 1234"),
        ("load 1234 please, @holdwatchbot", "load 1234 please,"),
        ("@HoldwatchBot", "/help"),
        ("/start@HoldwatchBot K7Q2", "/help"),
        ("/hold", "/hold"),
    ],
)
async def test_a_group_is_heard_when_it_speaks_to_the_bot(
    tg: TelegramStandIn, transport: str, typed: str, line: str
) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    async with running(tg, transport) as rig:
        asked = tg.message(maria, group, typed)
        await tg.answered(group)
    assert rig.ear.texts == [line]
    assert rig.ear.lines[0].where == place(group)
    assert tg.seen(group)[0].reply_to is asked


async def test_chatter_other_bots_and_edits_are_left_alone(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    async with running(tg, transport) as rig:
        chatter = tg.message(maria, group, "coffee?")
        tg.updates.push("message", chatter.api())
        tg.message(maria, group, "/load@OtherBot 1")
        tg.message(maria, group, "mail me at x@HoldwatchBotique")
        tg.retype(chatter, "/load 9 cancel")
        tg.updates.push("edited_message", chatter.api(), always=True)
        tg.message(maria, group, "/hold")
        await tg.answered(group)
    assert rig.ear.texts == ["/hold"]


async def test_plain_words_are_lines_in_private(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    async with running(tg, transport) as rig:
        tg.message(maria, maria, "where is 1234")
        await tg.answered(maria)
    assert rig.ear.texts == ["where is 1234"]


async def test_a_reply_to_our_post_carries_its_ref_as_thread(tg: TelegramStandIn, transport: str) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")
    group = tg.group("Dispatch", maria, otto)
    async with running(tg, transport) as rig:
        await rig.door.post(place(group), card())
        post = tg.seen(group)[0]
        tg.message(maria, group, "got it", reply_to=post)
        await tg.answered(group, 2)
        theirs = tg.message(otto, group, "hello")
        tg.message(maria, group, "@HoldwatchBot hold", reply_to=theirs)
        await tg.answered(group, 3)
    assert [(line.text, line.thread) for line in rig.ear.lines] == [("got it", str(post.id)), ("hold", "")]


async def test_an_invite_link_becomes_a_line(tg: TelegramStandIn, transport: str) -> None:
    singh = tg.user("Singh", started=False)
    async with running(tg, transport) as rig:
        tg.start(singh, "K7Q2-xy_9")
        await tg.answered(singh)
        tg.start(singh)
        await tg.answered(singh, 2)
    assert rig.ear.texts == ["/person link K7Q2-xy_9", "/help"]


async def test_a_tap_is_a_line_and_is_acknowledged_once(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    async with running(tg, transport) as rig:
        await rig.door.post(place(group), card(buttons=(Button("I've got it", "/load ~k3f9 got it"),)))
        post = tg.seen(group)[0]
        tap = tg.press(post, "I've got it", maria)
        await tg.until(lambda: tap.answered and not tg.updates.pending)
    assert rig.ear.texts == ["/load ~k3f9 got it"]
    assert rig.ear.lines[0].thread == str(post.id)
    assert (tap.text, tap.alert) == ("heard /load ~k3f9 got it", False)
    assert len(tg.seen(group)) == 1
    assert [name for name, _ in tg.calls].count("answercallbackquery") == 1
    assert not tg.refused


async def test_a_tap_in_private_is_answered_by_a_message_that_stays(tg: TelegramStandIn, transport: str) -> None:
    singh = tg.user("Singh")
    async with running(tg, transport) as rig:
        await rig.door.post(place(singh), card(buttons=(Button("Crossed", "/load ~k3f9 crossed"),)))
        tap = tg.press(tg.seen(singh)[0], "Crossed")
        await tg.answered(singh, 2)
    assert tap.answered
    assert tg.texts(singh)[1] == "heard /load ~k3f9 crossed"


async def test_a_slow_line_does_not_leave_the_button_waiting(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    acknowledged: list[bool] = []

    async def slow(line: Line) -> Reply:
        await tg.until(lambda: tap.answered)
        acknowledged.append(tap.answered)
        return Reply("done")

    async with running(tg, transport, Ear(slow)) as rig:
        await rig.door.post(place(group), card(buttons=(Button("Ask", "/load 1 ask"),)))
        tap = tg.press(tg.seen(group)[0], "Ask", maria)
        assert (await tg.answered(group, 2))[1] == "done"
    assert acknowledged == [True]
    assert tap.text == ""
    assert not tg.refused


async def test_a_refusal_to_a_tap_is_an_alert_only_the_tapper_sees(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)

    async def no(line: Line) -> Reply:
        return Reply("Otto has it until 02:30.", result=Result.REFUSED, private=True)

    async with running(tg, transport, Ear(no)) as rig:
        await rig.door.post(place(group), card(buttons=(Button("I've got it", "/load 1 got it"),)))
        tap = tg.press(tg.seen(group)[0], "I've got it", maria)
        await tg.until(lambda: tap.answered)
    assert (tap.text, tap.alert) == ("Otto has it until 02:30.", True)
    assert len(tg.seen(group)) == 1


async def test_a_tap_answered_too_late_still_gets_its_answer_as_a_message(transport: str) -> None:
    standin = TelegramStandIn(tap_patience=0.0)
    await standin.open()
    maria = standin.user("Maria")
    group = standin.group("Dispatch", maria)
    async with running(standin, transport) as rig:
        await rig.door.post(place(group), card(buttons=(Button("Go", "/load 1 got it"),)))
        standin.press(standin.seen(group)[0], "Go", maria)
        assert (await standin.answered(group, 2))[1] == "heard /load 1 got it"
    await standin.close()
    assert [r.method for r in standin.refused] == ["answercallbackquery"]


async def test_what_is_for_one_person_goes_to_the_private_chat(tg: TelegramStandIn, transport: str) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto", started=False)
    group = tg.group("Dispatch", maria, otto)

    async def link(line: Line) -> Reply:
        return Reply("https://t.me/HoldwatchBot?start=K7Q2", private=True)

    async with running(tg, transport, Ear(link)):
        tg.message(maria, group, "/driver Singh invite")
        assert await tg.answered(maria) == ["https://t.me/HoldwatchBot?start=K7Q2"]
        assert tg.texts(group) == []
        tg.message(otto, group, "/driver Singh invite")
        told = (await tg.answered(group))[0]
    assert "K7Q2" not in told
    assert "@HoldwatchBot" in told


async def test_a_private_refusal_is_said_where_it_was_typed(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)

    async def no(line: Line) -> Reply:
        return Reply("No load 99.", (say("Type /load list."),), result=Result.UNKNOWN, private=True)

    async with running(tg, transport, Ear(no)):
        tg.message(maria, group, "/load 99")
        assert await tg.answered(group) == ["No load 99.\nType /load list."]


async def test_a_form_becomes_instructions_with_an_example(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    inputs = (Input("subject", "Load number", "1234", optional=False), Input("to", "Into", options=(("CA", "Canada"),)))
    form = Form("New load", "Add", "load", "add", inputs)

    async def ask(line: Line) -> Reply:
        return Reply("Which load?", form=form)

    async with running(tg, transport, Ear(ask)):
        tg.message(maria, maria, "/load add")
        told = (await tg.answered(maria))[0]
    assert "/load 1234 add to=CA" in told.splitlines()
    assert "to= Into: CA (Canada); may be left out" in told


async def test_pictures_and_anonymous_admins_are_told_what_to_do(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    async with running(tg, transport) as rig:
        tg.photo(maria, maria)
        assert "nothing was done" in (await tg.answered(maria))[0]
        tg.photo(maria, maria, "/load 1234 note seal broken")
        await tg.answered(maria, 2)
        tg.message(ANONYMOUS, group, "/load 1 cancel")
        assert "Remain anonymous" in (await tg.answered(group))[0]
    assert rig.ear.texts == ["/load 1234 note seal broken"]


async def test_coming_and_going_is_told(tg: TelegramStandIn, transport: str) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")
    group = tg.group("Dispatch", maria, bot=False)
    who = Account("telegram", "", str(maria.id), "Maria")
    other = Account("telegram", "", str(otto.id), "Otto")
    async with running(tg, transport) as rig:
        tg.add_bot(group, maria)
        tg.join(group, otto)
        tg.leave(group, otto)
        new = tg.upgrade(group)
        tg.remove_bot(new, maria)
        tg.block(maria)
        await tg.until(lambda: not tg.updates.pending)
    found = rig.happened
    assert Added(place(group), who) in found
    assert Member(place(group), other, True) in found
    assert Member(place(group), other, False) in found
    assert Migrated(place(group), place(new)) in found
    assert Removed(place(new), who) in found
    assert Removed(place(maria), who) in found
    assert rig.ear.lines == []


async def test_lines_of_one_chat_keep_their_order_and_chats_do_not_wait_for_each_other(
    tg: TelegramStandIn, transport: str
) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")

    async def slow_for_maria(line: Line) -> Reply:
        if line.text == "1":
            await tg.until(lambda: len(tg.texts(otto)) == 3)
        return Reply(f"did {line.text}")

    async with running(tg, transport, Ear(slow_for_maria)):
        for text in ("1", "2", "3"):
            tg.message(maria, maria, text)
        for text in ("a", "b", "c"):
            tg.message(otto, otto, text)
        assert await tg.answered(otto, 3) == ["did a", "did b", "did c"]
        assert await tg.answered(maria, 3) == ["did 1", "did 2", "did 3"]
        await tg.until(lambda: not tg.updates.pending)


async def test_a_line_that_fails_is_tried_again_and_at_last_owned_up_to(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    failures = {"once": 1, "always": 99}

    async def fails(line: Line) -> Reply:
        failures[line.text] -= 1
        if failures[line.text] >= 0:
            raise OSError("disk is busy")
        return Reply("done")

    async with running(tg, transport, Ear(fails)):
        tg.message(maria, maria, "once")
        tg.message(maria, maria, "always")
        texts = await tg.answered(maria, 2)
        await tg.until(lambda: not tg.updates.pending)
    assert texts[0] == "done"
    assert "not carried out" in texts[1]
    assert "send it again" in texts[1]


async def test_an_update_that_cannot_be_read_holds_up_nothing(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    async with running(tg, transport) as rig:
        tg.updates.push("message", {"message_id": "?", "chat": 7}, always=True)
        tg.updates.push("something_new", {"a": 1}, always=True)
        tg.message(maria, maria, "/hold")
        await tg.answered(maria)
        await tg.until(lambda: not tg.updates.pending)
    assert rig.ear.texts == ["/hold"]


async def test_an_answer_refused_for_its_speed_arrives_later(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    async with running(tg, transport):
        tg.fail("429", method="sendMessage", seconds=1)
        tg.fail("500", method="sendMessage")
        tg.fail("reset", method="sendMessage")
        tg.message(maria, maria, "/hold")
        assert await tg.answered(maria) == ["heard /hold"]
