"""When a chat fails: what people see then, that nothing is lost, and that nothing false is told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stories.rig import Story, story

MINUTES = timedelta(minutes=6)


@pytest.fixture
async def slack(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Story]:
    """A Slack desk that hears, and a load whose promise ends at 11:30."""
    async with story(tmp_path, sqlite_url) as it:
        await it.opens()
        await it.adds()
        yield it


async def _late(it: Story, clock: str = "11:30") -> None:
    """Time passes while the chat fails: what can be said is said, the rest waits."""
    await it.passes(clock)


@pytest.mark.parametrize("fault", ["429", "500", "reset", "internal_error"])
async def test_a_card_that_slack_does_not_take_comes_once_when_it_does(slack: Story, fault: str) -> None:
    assert slack.slack is not None
    slack.slack.slack.fault(fault, 3, methods=("chat.postMessage",), seconds=2)
    await _late(slack)
    for left in (2, 1, 0):
        await slack.house.until(lambda left=left: len(slack.slack.slack.faults) == left)
        assert slack.cards() == []
        slack.house.waits(MINUTES)
    await slack.settled()
    (card,) = slack.cards()
    assert card.startswith("🟡 WARN 1234 HOLD: PARS SMPLPARS100123 not matched, PCB late since 11:30.")
    await slack.checked()


async def test_a_card_that_went_out_though_the_answer_got_lost_is_doubled_once(slack: Story) -> None:
    assert slack.slack is not None
    slack.slack.slack.fault("reset", methods=("chat.postMessage",), done=True)
    await _late(slack)
    await slack.house.until(lambda: slack.cards())
    slack.house.waits(MINUTES)
    await slack.settled()
    assert len(slack.cards()) == 2
    await slack.at("12:00")
    assert [card[:12] for card in slack.cards()] == ["🟡 WARN 1234 ", "🟠 URGENT 123"]
    await slack.checked()


async def test_blocks_that_slack_refuses_go_as_text_with_the_same_facts(slack: Story) -> None:
    assert slack.slack is not None
    slack.slack.slack.fault("invalid_blocks", methods=("chat.postMessage",))
    await slack.at("11:30")
    (card,) = slack.cards()
    (post,) = [m for m in slack.slack.slack.posts(slack.slack.channel) if "1234" in m.words]
    assert post.blocks == []
    for fact in ("WARN 1234 HOLD", "PCB late since 11:30", "Ambassador Bridge 14:00", "Call first: PCB", "/load ~key"):
        assert fact in card
    await slack.at("12:00")
    assert slack.cards()[0].startswith("🟠 URGENT 1234 HOLD")
    await slack.checked()


async def test_a_channel_that_is_gone_hears_no_more_and_another_place_is_told(slack: Story) -> None:
    assert slack.slack is not None
    people = slack.slack
    north = people.slack.channel("north", people.sam)
    assert "north hears all loads" in await people.types("/route here", channel=north)
    await slack.at("11:30")
    assert [len(slack.cards(place=name)) for name in ("dispatch", "north")] == [1, 1]
    people.slack.channels[people.channel].is_archived = True
    await slack.at("12:00")
    assert slack.cards(place="north")[0].startswith("🟠 URGENT 1234 HOLD")
    assert slack.cards(place="dispatch")[0].startswith("🟡 WARN 1234 HOLD")
    listed = await people.types("/route list", channel=north)
    assert "dispatch" in listed and "archived" in listed, listed
    refused = [r.error for r in people.slack.refused]
    assert set(refused) == {"is_archived"}
    assert len(refused) <= 3
    await slack.at("12:10")
    await slack.at("13:00")
    assert len(people.slack.refused) == len(refused)


async def test_the_only_channel_that_is_gone_is_told_to_the_admins(slack: Story) -> None:
    assert slack.slack is not None
    people = slack.slack
    people.slack.channels[people.channel].is_archived = True
    await slack.at("11:30")
    said = [s.text for s in slack.sees() if s.place == "slack with Sam"]
    assert any("dispatch" in text for text in said), slack.sees()


async def test_a_revoked_token_keeps_all_rows_and_says_so_until_it_works_again(slack: Story) -> None:
    assert slack.slack is not None
    slack.slack.slack.revoked = True
    await _late(slack)
    await slack.house.until(lambda: slack.house.app.deliver.barred)
    assert any("token" in fault for fault in await slack.house.faults())
    await _late(slack, "12:00")
    await _late(slack, "12:11")
    assert slack.cards() == []
    slack.slack.slack.revoked = False
    slack.house.waits(MINUTES)
    await slack.settled()
    (card,) = slack.cards()
    assert card.startswith("🟠 URGENT 1234 HOLD: PARS SMPLPARS100123 not matched")
    assert slack.words() == [
        "🟠 URGENT, and nobody has it: 1234 HOLD: PARS SMPLPARS100123 not matched, PCB late since 11:30. "
        "ETA Ambassador Bridge 14:00 (in 1 h 49). Before that: URGENT 12:00."
    ]
    assert await slack.house.faults() == []
    assert {r.error for r in slack.slack.slack.refused} == {"token_revoked"}


async def test_a_repeated_delivery_changes_once_and_is_answered_the_same(slack: Story) -> None:
    assert slack.slack is not None
    people = slack.slack
    first = await people.types("/load 1234 eta 15:00")
    again = await people.slack.redeliver()
    assert again is not None
    assert str(again["text"]).startswith(first.splitlines()[0][:20])
    log = await people.types("/load 1234 log")
    assert log.count("15:00") == 1, log
    await slack.checked()
