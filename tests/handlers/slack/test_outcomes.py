"""What becomes of a post or an edit, for everything that Slack or the network can do."""

import logging
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackClientNotConnectedError

from bot.domain.delivery import Barred, Gone, Malformed, Retry, Sent
from bot.domain.route import Place
from handlers.reply import Fields, Reply, say
from handlers.slack import errors
from handlers.slack.door import SlackDoor
from tests.handlers.slack.conftest import World, opened
from tests.patience import PATIENCE
from tests.standins.slack import TEAM, slack_stand_in

CARD = Reply("1234 held", (say("no release request"), Fields((("ETA", "18:00"),))))


async def test_a_post_and_its_edit_stand_once(http: World) -> None:
    sent = await http.door.post(http.place, CARD)
    assert isinstance(sent, Sent)
    word = await http.door.post(http.place, Reply("owned by Sam"), thread=sent.ref)
    assert await http.door.edit(http.place, sent.ref, Reply("1234 cleared")) == sent
    assert isinstance(word, Sent)
    assert http.slack.seen(http.channel) == [("1234 cleared", ["owned by Sam"])]
    assert http.slack.refused == []


async def test_a_broadcast_word_is_seen_in_the_place_too(http: World) -> None:
    sent = await http.door.post(http.place, CARD)
    assert isinstance(sent, Sent)
    await http.door.post(http.place, Reply("urgent"), thread=sent.ref, broadcast=True)
    assert [(m.broadcast, m.thread_ts) for m in http.slack.posts(http.channel)] == [(False, ""), (True, sent.ref)]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", Retry(timedelta(seconds=7), "Slack asks us to wait")),
        ("500", Retry(None, "Slack answered 500")),
        ("reset", Retry(None, "no answer from Slack (ServerDisconnectedError)")),
        ("slow", Retry(None, "no answer from Slack (TimeoutError)")),
        ("internal_error", Retry(None, "Slack had an internal error (internal_error)")),
        ("token_revoked", Barred),
        ("invalid_auth", Barred),
        ("account_inactive", Barred),
        ("missing_scope", Barred),
        ("is_archived", Gone),
        ("not_in_channel", Gone),
        ("restricted_action", Gone),
    ],
)
async def test_each_fault_has_its_outcome_for_a_post_and_an_edit(fault: str, expected: object) -> None:
    async with opened("http", seconds=1.5 if fault == "slow" else PATIENCE) as http:
        sent = await http.door.post(http.place, CARD)
        assert isinstance(sent, Sent)
        for call in (http.door.post(http.place, CARD), http.door.edit(http.place, sent.ref, CARD)):
            http.slack.fault(fault, seconds=7 if fault == "429" else 1.7)
            got = await call
            assert got == expected if isinstance(expected, Retry) else isinstance(got, expected)  # type: ignore[arg-type]
        # A post that was only slow to be answered does stand: at least once, never lost.
        count = 2 if fault == "slow" else 1
        assert http.slack.seen(http.channel) == count * [("1234 held\nno release request\nETA\n18:00", [])]


@pytest.mark.parametrize("word", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long", "a_word_never_heard"])
async def test_malformed_blocks_go_at_once_as_plain_text_with_the_same_facts(http: World, word: str) -> None:
    http.slack.fault(word, methods=("chat.postMessage",))
    sent = await http.door.post(http.place, CARD)
    assert isinstance(sent, Sent)
    (post,) = http.slack.posts(http.channel)
    assert (post.blocks, post.text) == ([], "1234 held\nno release request\nETA: 18:00")
    http.slack.fault(word, methods=("chat.update",))
    assert await http.door.edit(http.place, sent.ref, CARD) == sent
    http.slack.fault(word, times=2)
    assert isinstance(await http.door.post(http.place, CARD), Malformed)


async def test_places_that_are_gone_are_said_to_be_gone(http: World) -> None:
    http.slack.channels[http.channel].is_archived = True
    outside = http.slack.channel("outside", bot=False)
    for external, word in ((http.channel, "is_archived"), (outside, "not_in_channel"), ("C0NO", "channel_not_found")):
        got = await http.door.post(Place("slack", TEAM, external), CARD)
        assert isinstance(got, Gone)
        assert word in got.why
        assert http.slack.refused[-1].error == word


@pytest.mark.parametrize("word", sorted(errors.LOST))
async def test_a_card_that_cannot_be_edited_any_more_says_so_after_one_try(http: World, word: str) -> None:
    sent = await http.door.post(http.place, CARD)
    assert isinstance(sent, Sent)
    http.slack.fault(word)
    got = await http.door.edit(http.place, sent.ref, Reply("1234 cleared"))
    assert isinstance(got, Malformed)
    assert word in got.why
    assert http.slack.web.calls[-1][0] == "chat.postMessage"
    http.slack.state.log.clear()
    assert isinstance(await http.door.edit(http.place, sent.ref, Reply("1234 cleared")), Malformed)
    assert [r.error for r in http.slack.refused] == ["message_not_found"]


async def test_a_word_whose_thread_is_gone_is_still_said(http: World) -> None:
    assert isinstance(await http.door.post(http.place, Reply("owned"), thread="1.000001"), Sent)
    assert http.slack.seen(http.channel) == [("owned", [])]


async def test_a_direct_message_is_posted_and_edited_by_the_persons_id(http: World) -> None:
    driver = Place("slack", TEAM, http.sam)
    sent = await http.door.post(driver, Reply("stop"))
    assert isinstance(sent, Sent)
    assert await http.door.edit(driver, sent.ref, Reply("go on")) == sent
    assert http.slack.seen(http.slack.state.dm(http.sam).id) == [("go on", [])]
    assert http.slack.refused == []


async def test_the_rate_of_a_channel_is_told_with_its_pause(http: World) -> None:
    http.slack.web.limited = True
    assert isinstance(await http.door.post(http.place, CARD), Sent)
    assert await http.door.post(http.place, CARD) == Retry(timedelta(seconds=1), "Slack asks us to wait")
    other = http.slack.channel("other", http.sam)
    assert isinstance(await http.door.post(Place("slack", TEAM, other), CARD), Sent)


async def test_wrong_tokens_bar_the_door_at_its_opening() -> None:
    async with slack_stand_in() as slack:
        for bot, app, word in (
            ("xoxb-wrong", slack.app_token, "invalid_auth"),
            (slack.bot_token, slack.bot_token, "not_allowed_token_type"),
        ):
            door = SlackDoor(_nobody, bot_token=bot, app_token=app, api_url=slack.api_url)
            got = await door.connect()
            assert isinstance(got, Barred)
            assert word in got.why
            assert not await door.connected()
            await door.close()


async def _nobody(line: object) -> Reply:
    raise AssertionError("no line was typed")


def test_library_errors_without_a_word_are_tried_again() -> None:
    for error in (TimeoutError(), aiohttp.ClientConnectionError(), ConnectionResetError(), OSError()):
        assert isinstance(errors.outcome(error), Retry)
    assert isinstance(errors.outcome(SlackClientNotConnectedError("x")), Retry)
    with pytest.raises(KeyError):
        errors.outcome(KeyError("ours"))


def test_no_word_of_slack_stands_in_two_tables() -> None:
    tables = [set(t) for t in (errors.GONE, errors.BARRED, errors.MALFORMED, errors.RETRY, errors.LOST)]
    assert len(set().union(*tables)) == sum(map(len, tables))


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_no_token_is_ever_logged(transport: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(transport, seconds=1.0, ping=0.5) as world:
        secrets = [world.slack.bot_token, world.slack.app_token, world.slack.signing_secret]
        await world.slack.slash("/load", "1", user=world.sam, channel=world.channel)
        for fault in ("429", "500", "reset", "slow", "invalid_auth", "invalid_blocks"):
            world.slack.fault(fault, times=2, seconds=1.2)
            await world.door.post(world.place, CARD)
            world.slack.faults.clear()
        world.desk.failures = 9
        await world.slack.slash("/load", "2", user=world.sam, channel=world.channel)
        if transport == "socket":
            world.slack.fault("500", times=2, methods=("apps.connections.open",))
            await world.slack.socket.drop()
            await world.slack.slash("/load", "3", user=world.sam, channel=world.channel, wait=0)
    assert caplog.records
    told = caplog.text + "".join(str(vars(r)) for r in caplog.records)
    assert [s for s in (*secrets, *world.slack.socket.used) if s in told] == []
