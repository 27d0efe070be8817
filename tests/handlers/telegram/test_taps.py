"""Taps, private answers and forms, by both transports."""

import pytest

from handlers.reply import Button, Form, Input, Line, Reply, Result, say
from tests.handlers.telegram.rig import Ear, card, place, running
from tests.standins.telegram import TelegramStandIn

pytestmark = pytest.mark.parametrize("transport", ["polling", "webhook"])


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
