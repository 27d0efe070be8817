"""When Telegram fails: the group and the driver are told once it works, and others when it is gone for good."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.stories.rig import Story, story

MINUTES = timedelta(minutes=6)
GROUP, DRIVER = "telegram Dispatch", "telegram Singh"


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Story]:
    """A group that hears, a load whose promise ends at 11:30, and its driver in a chat of his own."""
    async with story(tmp_path, sqlite_url, "telegram", "polling") as it:
        assert it.telegram is not None
        await it.opens()
        await it.telegram.types("/driver Singh add phone=555-0117")
        link = await it.telegram.says("/driver Singh invite", user=it.telegram.maria)
        assert "You are Singh here now" in await it.telegram.says(link[link.index("/start ") :].splitlines()[0])
        await it.adds(driver="Singh")
        yield it


@pytest.mark.parametrize("fault", ["429", "500", "reset"])
async def test_a_card_that_telegram_does_not_take_comes_once_when_it_does(desk: Story, fault: str) -> None:
    assert desk.telegram is not None
    stand_in = desk.telegram.telegram
    before = len(stand_in.calls)
    stand_in.fail(fault, 2, method="sendMessage", seconds=2)
    await desk.passes("11:30")
    for tried in (1, 2):
        await desk.house.until(lambda tried=tried: len(_sends(stand_in.calls[before:])) >= tried)
        assert desk.cards("1234 HOLD", GROUP) == []
        desk.house.waits(MINUTES)
    await desk.settled()
    (card,) = desk.cards("1234 HOLD", GROUP)
    assert card.startswith("🟡 WARN 1234 HOLD")
    await desk.checked()


def _sends(calls: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [name for name, _ in calls if name == "sendmessage"]


async def test_markup_that_telegram_refuses_goes_as_text_with_the_same_facts(desk: Story) -> None:
    assert desk.telegram is not None
    desk.telegram.telegram.fail("markup", method="sendMessage")
    await desk.at("11:30")
    (card,) = desk.cards("1234 HOLD", GROUP)
    for fact in ("WARN 1234 HOLD", "PCB late since 11:30", "Ambassador Bridge 14:00", "Call first: PCB"):
        assert fact in card
    await desk.checked()


async def test_a_group_that_became_a_supergroup_hears_on_at_its_new_id(desk: Story) -> None:
    assert desk.telegram is not None
    await desk.at("11:30")
    new = desk.telegram.telegram.upgrade(desk.telegram.group)
    await desk.house.until(lambda: not desk.telegram.telegram.updates.pending)
    await desk.settled()
    await desk.at("12:00")
    texts = desk.telegram.telegram.texts(new)
    assert texts[0].startswith("🟠 URGENT 1234 HOLD"), texts
    assert any("is URGENT now" in text for text in texts[1:]), texts
    await desk.checked()


async def test_a_bot_taken_out_of_the_only_group_tells_the_admin_himself(desk: Story) -> None:
    assert desk.telegram is not None
    people = desk.telegram
    people.telegram.remove_bot(people.group, people.maria)
    await desk.house.until(lambda: not people.telegram.updates.pending)
    await desk.settled()
    told = people.telegram.texts(people.maria)[-1]
    assert "Dispatch in Telegram hears no alerts any more: the bot was removed by Maria." in told
    assert "NO PLACE IS LEFT THAT HEARS ALERTS" in told
    await desk.at("12:00")
    people.telegram.add_bot(people.group, people.maria)
    await people.types("/route here")
    await desk.settled()
    assert desk.cards("1234 HOLD", GROUP)[-1].startswith("🟠 URGENT 1234 HOLD")
    await desk.checked()


async def test_a_driver_who_blocked_the_bot_keeps_nobody_else_from_being_told(desk: Story) -> None:
    assert desk.telegram is not None
    desk.telegram.telegram.block(desk.telegram.singh)
    await desk.at("11:30")
    await desk.at("12:00")
    texts = desk.telegram.telegram.texts(desk.telegram.group)
    assert sum("the driver Singh was not told" in text for text in texts) == 1, texts
    await desk.hears("9")
    assert "1234 CLEARED" in desk.cards("1234", GROUP)[-1]
    assert not any("STOP" in card for card in desk.cards("", DRIVER))
    assert {r.method for r in desk.telegram.refused()} <= {"sendmessage"}
    assert len(desk.telegram.refused()) <= 2
    assert await desk.stale() == []


async def test_a_driver_bound_while_his_load_is_held_is_told_to_stop(sqlite_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, sqlite_url, "telegram", "webhook") as it:
        assert it.telegram is not None
        await it.opens()
        await it.telegram.types("/driver Singh add phone=555-0117")
        await it.adds(driver="Singh")
        await it.at("12:00")
        link = await it.telegram.says("/driver Singh invite", user=it.telegram.maria)
        await it.telegram.says(link[link.index("/start ") :].splitlines()[0])
        await it.settled()
        await it.at("12:20")
        assert any("STOP" in card for card in it.cards("", DRIVER)), it.cards("", DRIVER)
        await it.checked()


async def test_a_load_given_to_another_driver_tells_both(desk: Story) -> None:
    assert desk.telegram is not None
    await desk.at("12:00")
    assert any("STOP" in card for card in desk.cards("", DRIVER))
    kaur = desk.telegram.telegram.user("Kaur", started=False)
    await desk.telegram.types("/driver Kaur add phone=555-0118")
    link = await desk.telegram.says("/driver Kaur invite", user=desk.telegram.maria)
    await desk.telegram.says(link[link.index("/start ") :].splitlines()[0], user=kaur)
    await desk.telegram.types("/load 1234 driver Kaur")
    await desk.settled()
    await desk.at("12:20")
    assert any("STOP" in card for card in desk.cards("", "telegram Kaur")), desk.cards("", "telegram Kaur")
    await desk.hears("9")
    assert any("not your problem any more" in t.text for t in desk.sees() if t.place == "telegram Kaur")
    assert any("not your problem any more" in t.text for t in desk.sees() if t.place == DRIVER)
    await desk.checked()
