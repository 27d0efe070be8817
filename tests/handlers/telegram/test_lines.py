"""What people type, by both transports."""

from typing import Any

import pytest

from bot.domain.route import Account
from handlers.reply import Line, Reply
from handlers.telegram.happenings import Added, Member, Migrated, Removed
from tests.handlers.telegram.rig import Ear, card, place, running
from tests.standins.telegram import ANONYMOUS, TelegramStandIn, User

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


async def test_a_forwarded_line_is_not_that_of_whoever_forwards_it(tg: TelegramStandIn, transport: str) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")
    group = tg.group("Dispatch", maria)
    origins: list[dict[str, Any]] = [
        {"type": "user", "date": 1, "sender_user": otto.api()},
        {"type": "hidden_user", "date": 1, "sender_user_name": "Maria"},
        {"type": "channel", "date": 1, "message_id": 7, "chat": {"id": -1007, "type": "channel", "title": "News"}},
    ]
    async with running(tg, transport) as rig:
        for origin in origins:
            for chat in (tg.chat(maria), group):
                made = chat.add(maria, "/load 1234 cancel", extra={"forward_origin": origin})
                tg.updates.push("message", made.api())
        await tg.answered(maria, 3)
        await tg.answered(group, 3)
        own = group.add(maria, "/load 1234", extra={"forward_origin": origins[0] | {"sender_user": maria.api()}})
        tg.updates.push("message", own.api())
        await tg.answered(group, 4)
    assert all("type it yourself" in text for text in [*tg.texts(maria), *tg.texts(group)[:3]])
    assert rig.ear.texts == ["/load 1234"]


async def test_what_a_channel_brings_into_its_group_is_nobodys_line(tg: TelegramStandIn, transport: str) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    service = User(777000, "Telegram")
    news = {"type": "channel", "date": 1, "message_id": 7, "chat": {"id": -1007, "type": "channel", "title": "News"}}
    async with running(tg, transport) as rig:
        made = group.add(service, "/load 1234 cancel", extra={"forward_origin": news, "is_automatic_forward": True})
        tg.updates.push("message", made.api())
        tg.message(maria, group, "/hold")
        await tg.answered(group)
    assert rig.ear.texts == ["/hold"]
    assert len(tg.seen(group)) == 1
