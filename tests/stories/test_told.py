"""What is told when facts move: ETA, telephone, late entry, number again, cancelled, other places, drivers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.rig import PARS, Story, story

OTHER = "SMPLPARS100124"


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Story]:
    """A Slack desk that hears."""
    async with story(tmp_path, sqlite_url) as it:
        await it.opens()
        yield it


@pytest.fixture
async def held(desk: Story) -> Story:
    """Load 1234 is told at urgent, two hours before its ETA."""
    await desk.adds()
    await desk.at("11:30")
    await desk.at("12:00")
    assert desk.cards()[0].startswith("🟠 URGENT 1234")
    return desk


async def test_a_later_eta_says_more_time_once_and_the_level_comes_back_with_the_clock(held: Story) -> None:
    await held.dispatcher.types("/load 1234 eta 20:30")
    await held.settled()
    await held.at("12:10")
    more = [word for word in held.words() if "more time, ETA Ambassador Bridge now 20:30" in word]
    assert len(more) == 1, held.words()
    assert "CLEARED" not in held.cards()[0]
    await held.at("16:30")
    assert held.cards()[0].startswith("🟡 WARN 1234"), held.cards()
    await held.at("18:30")
    assert held.cards()[0].startswith("🟠 URGENT 1234"), held.cards()
    assert sum("more time" in word for word in held.words()) == 1
    assert sum("is URGENT now" in word for word in held.words()) == 2
    await held.checked()


async def test_a_load_entered_late_is_told_after_two_minutes_of_grace(desk: Story) -> None:
    await desk.at("13:10")
    await desk.adds()
    assert desk.cards() == []
    await desk.at("13:12")
    assert desk.cards()[0].startswith("🔴 CRITICAL 1234 HOLD"), desk.cards()
    await desk.checked()


async def test_a_report_that_waited_for_its_load_is_no_false_alarm(desk: Story) -> None:
    await desk.at("13:10")
    await desk.hears("9")
    await desk.adds()
    await desk.at("13:15")
    assert desk.cards() == []
    assert "GO" in (await desk.dispatcher.types("/load 1234 status")).splitlines()[0]
    await desk.checked()


async def test_the_same_load_number_months_later_is_another_load(desk: Story) -> None:
    await desk.adds()
    await desk.hears("9")
    await desk.hears("4")
    await desk.at("14:10")
    await desk.dispatcher.types("/load 1234 crossed")
    await desk.settled()
    await desk.at("+90 08:40")
    await desk.adds("1234", OTHER, eta="14:00", papers="08:30")
    status = await desk.dispatcher.types("/load 1234 status")
    assert OTHER in status, status
    assert "GO" not in status.splitlines()[0], status
    await desk.at("+90 12:00")
    assert desk.cards()[-1].startswith("🟠 URGENT 1234 HOLD: PARS SMPLPARS100124"), desk.cards()
    await desk.checked()


async def test_a_number_that_an_earlier_load_had_inherits_nothing(desk: Story) -> None:
    await desk.adds()
    await desk.hears("9")
    await desk.at("14:10")
    await desk.dispatcher.types("/load 1234 crossed")
    await desk.at("14:20")
    await desk.dispatcher.types(
        f'/load 1300 add to=CA port="Ambassador Bridge" eta=18:00 papers=14:15 broker=PCB pars={PARS}'
    )
    await desk.settled()
    await desk.at("14:30")
    status = await desk.dispatcher.types("/load 1300 status")
    assert "GO" not in status.splitlines()[0].split(), status
    assert any("1300 HOLD" in card for card in desk.cards("1300")), desk.cards("1300")
    await desk.checked()


async def test_a_cancelled_load_closes_its_alert_with_who_and_why(held: Story) -> None:
    await held.dispatcher.types("/load 1234 cancel customer called it off")
    await held.settled()
    assert held.cards()[0].startswith("✅ 1234 closed after 30 min: cancelled by Sam: customer called it off."), (
        held.cards()
    )
    assert "1234 closed after 30 min: cancelled by Sam: customer called it off." in held.words()[-1]
    await held.at("13:30")
    await held.hears("14+01")
    assert held.cards()[0].startswith("✅ 1234 closed")
    await held.checked()


async def test_accepted_by_phone_ends_the_alert_by_phone_and_lapses(desk: Story) -> None:
    await desk.adds(eta="18:00")
    await desk.at("14:00")
    assert desk.cards()[0].startswith("🟡 WARN 1234"), desk.cards()
    assert "by phone" in await desk.dispatcher.types("/load 1234 accepted by=Maria/PCB")
    await desk.settled()
    first = desk.cards()[0].splitlines()[0]
    assert "1234 CLEARED" in first
    assert "by phone" in first
    assert "Maria/PCB" in first
    await desk.at("15:40")
    assert any("Maria/PCB" in s.text for s in desk.sees() if "1234" in s.text and "CLEARED" not in s.text), desk.sees()
    await desk.at("16:00")
    status = await desk.dispatcher.types("/load 1234 status")
    assert "GO" not in status.splitlines()[0].split(), status
    assert any("1234 is back at" in word for word in desk.words()), desk.words()
    await desk.checked()


async def test_not_filed_by_phone_stands_until_customs_speaks(desk: Story) -> None:
    await desk.adds()
    await desk.at("09:00")
    await desk.dispatcher.types("/load 1234 not filed by=Maria/PCB")
    await desk.at("12:00")
    assert "Maria/PCB" in desk.cards()[0], desk.cards()
    await desk.hears("9")
    assert "CLEARED" in desk.cards()[0]
    assert "by phone" not in desk.cards()[0].splitlines()[0]
    await desk.checked()


async def test_eyes_words_and_a_tap_of_others_all_own_and_say_whose_it_was(held: Story) -> None:
    assert held.slack is not None
    otto = held.slack.slack.user("Otto")
    await held.slack.slack.join(otto, held.slack.channel)
    assert "You have 1234 until 12:30" in await held.slack.looks("1234")
    await held.settled()
    assert "It was Sam's" in await held.slack.replies("1234", "got it", user=otto)
    await held.settled()
    assert "Otto until 12:30" in held.cards()[0]
    stranger = held.slack.slack.user("Guest", guest=True)
    assert "You have" not in await held.slack.types("/load 1234 got it", user=stranger)
    await held.checked()


async def test_three_loads_of_a_broker_make_no_word_without_a_card(desk: Story) -> None:
    for number in range(3):
        await desk.adds(f"140{number}", f"SMPLPARS20000{number}")
    await desk.at("11:30")
    await desk.at("12:00")
    parents = {s.ref for s in desk.sees() if not s.under}
    assert all(s.under in parents for s in desk.sees() if s.under)
    assert all(desk.cards(f"140{number}") for number in range(3))
    await desk.checked()


@pytest.fixture
async def both(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Story]:
    """Slack and Telegram hear the same loads; Singh drives and has a chat of his own."""
    async with story(tmp_path, sqlite_url, "both") as it:
        await it.opens()
        assert it.slack is not None
        assert it.telegram is not None
        await it.slack.types("/person link")
        linked = it.slack.slack.ephemerals(it.slack.sam)[-1].words
        await it.telegram.says(f"/start {_code(linked)}", user=it.telegram.maria)
        assert "hears all loads" in await it.telegram.types("/route here")
        await it.slack.types("/driver Singh add phone=555-0117")
        await it.slack.types("/driver Singh invite")
        invited = it.slack.slack.ephemerals(it.slack.sam)[-1].words
        assert "You are Singh here now" in await it.telegram.says(f"/start {_code(invited)}")
        await it.adds(driver="Singh")
        await it.at("11:30")
        await it.at("12:00")
        yield it


def _code(text: str) -> str:
    return next(word for word in text.split() if word.count("-") == 3 and word.isupper())


async def test_two_places_hear_the_same_load_and_stay_in_step(both: Story) -> None:
    assert both.slack is not None
    assert both.telegram is not None
    dispatch = both.cards(place="slack dispatch") + both.cards(place="telegram Dispatch")
    assert [card.split(":")[0] for card in dispatch] == ["🟠 URGENT 1234 HOLD"] * 2
    await both.telegram.taps("1234", "Got it")
    await both.settled()
    for place in ("slack dispatch", "telegram Dispatch"):
        assert "until 12:30" in both.cards(place=place)[0], both.cards(place=place)
        assert any("has 1234 until 12:30." in word for word in both.words(place)), both.words(place)
    await both.hears("9")
    for place in ("slack dispatch", "telegram Dispatch"):
        assert "1234 CLEARED" in both.cards(place=place)[0]
        assert sum("CLEARED" in word for word in both.words(place)) == 1
    await both.checked()


async def test_a_driver_hears_stop_and_the_end_and_asks_in_his_own_chat(both: Story) -> None:
    assert both.telegram is not None
    own = "telegram Singh"
    assert any(card.startswith("🔴 STOP. Wait for dispatch") for card in both.cards(place=own))
    answer = await both.telegram.says("1234")
    assert "1234" in answer
    assert "GO" not in answer.splitlines()[0].split()
    await both.adds("1300", OTHER)
    refused = await both.telegram.says("/load 1300 status")
    assert OTHER not in refused
    assert "PCB" not in refused
    await both.hears("9")
    assert any("not your problem any more" in text for text in (*both.cards(place=own), *both.words(own)))
    assert not any("GO" in s.text.split() for s in both.sees() if s.place == own)
    stranger = both.telegram.telegram.user("Nobody")
    assert "1234" not in (await both.telegram.says("/load list", user=stranger))
    await both.checked()


async def test_a_repeated_telegram_update_changes_once(both: Story) -> None:
    assert both.telegram is not None
    people = both.telegram
    await people.types("/load 1234 eta 15:00")
    number = people.telegram.updates.delivered[-1]
    typed = [m for m in people.group.messages.values() if m.text == "/load 1234 eta 15:00"][-1]
    people.telegram.updates.pending.append({"update_id": number, "message": typed.api()})
    people.telegram.message(people.maria, people.maria, "/help")
    await both.settled()
    log = await both.dispatcher.types("/load 1234 log")
    assert log.count("Sam · eta: 15:00") == 1, log
    await both.checked()
