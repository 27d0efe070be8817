"""The Slack stand-in refuses what Slack refuses, and keeps a list of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.standins.slack import SlackStandIn, slack_stand_in
from tests.standins.slack_blocks import blocks_error, view_error
from tests.standins.slack_state import pings, shown


def text(words: str = "x", kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": words}


def button(words: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": text(words, "plain_text"), "value": "v"} | more


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "elements": list(elements)}]


SECTION = {"type": "section", "text": text()}
HEADER = {"type": "header", "text": text("x", "plain_text")}


@pytest.mark.parametrize(
    "blocks",
    [
        [SECTION],
        [HEADER, SECTION, {"type": "divider"}],
        [{"type": "section", "fields": [text()] * 10}],
        [{"type": "header", "text": text("x" * 150, "plain_text")}],
        [{"type": "section", "text": text("x" * 3000)}],
        actions(button("x" * 75, value="v" * 2000, style="danger")),
        [{"type": "context", "elements": [text()] * 10}],
        [SECTION] * 50,
    ],
)
def test_good_blocks_are_taken(blocks: list[dict[str, Any]]) -> None:
    assert blocks_error(blocks) == ""


@pytest.mark.parametrize(
    "blocks",
    [
        "text",
        [SECTION] * 51,
        [SECTION | {"block_id": "b"}] * 2,
        [SECTION | {"block_id": "b" * 256}],
        [{"type": "section"}],
        [{"type": "section", "text": text("")}],
        [{"type": "section", "text": text(" \n")}],
        [{"type": "section", "text": text("x" * 3001)}],
        [{"type": "section", "text": "x"}],
        [{"type": "section", "fields": [text()] * 11}],
        [{"type": "section", "fields": [text("x" * 2001)]}],
        [{"type": "header", "text": text("x" * 151, "plain_text")}],
        [{"type": "header", "text": text("x")}],
        [{"type": "context", "elements": []}],
        [{"type": "context", "elements": [text()] * 11}],
        [{"type": "nonsense"}],
        ["x"],
        actions(),
        actions(*[button(action_id=f"a{n}") for n in range(26)]),
        actions(button(), button()),
        actions(button("x" * 76)),
        actions(button("")),
        actions(button(value="v" * 2001)),
        actions(button(style="loud")),
        actions(button(text=text())),
    ],
)
def test_bad_blocks_are_refused(blocks: Any) -> None:
    assert blocks_error(blocks) != ""


@pytest.mark.parametrize(
    "change",
    [
        {"title": text("x" * 25, "plain_text")},
        {"submit": text("x" * 25, "plain_text")},
        {"title": text()},
        {"type": "window"},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": [SECTION] * 101},
        {"submit": None},
    ],
)
def test_bad_views_are_refused(change: dict[str, Any]) -> None:
    element = {"type": "plain_text_input", "action_id": "v"}
    field = {"type": "input", "label": text("x", "plain_text"), "element": element}
    plain = text("x", "plain_text")
    view = {"type": "modal", "title": plain, "submit": plain, "blocks": [field]}
    assert view_error(view) == ""
    assert view_error({k: v for k, v in (view | change).items() if v is not None}) != ""


def test_what_people_read_and_who_is_called() -> None:
    assert shown("*a* `b` <https://x.test|c> &lt;!channel&gt; <@U1|sam> <!here>") == (
        "a b c (https://x.test) <!channel> @U1 @here"
    )
    assert pings("&lt;!channel&gt; <!channel> <@U1> <!subteam^S1|@x>") == ("!channel", "@U1", "!subteam^S1")


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in() as made:
        yield made


async def test_a_trigger_opens_one_view_in_three_seconds_and_a_url_answers_five_times(slack: SlackStandIn) -> None:
    client = AsyncWebClient(slack.bot_token, slack.api_url)
    sam = slack.user("sam")
    view = {"type": "modal", "title": text("x", "plain_text"), "blocks": [SECTION]}
    trigger = slack.state.new_trigger(sam)
    await client.views_open(trigger_id=trigger, view=view)
    old = slack.state.new_trigger(sam)
    slack.state.triggers[old] = (slack.state.triggers[old][0] - slack.web.trigger_seconds - 0.1, sam)
    for bad, word in ((trigger, "exchanged_trigger_id"), (old, "expired_trigger_id"), ("x", "invalid_trigger_id")):
        with pytest.raises(SlackApiError, match=word):
            await client.views_open(trigger_id=bad, view=view)
    url = slack.response_url(sam, slack.channel("dispatch", sam))
    status = [await answered(url) for _ in range(6)]
    assert status == [200] * 5 + [404]
    assert [r.error for r in slack.refused] == [
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
        "expired_url",
    ]


async def answered(url: str) -> int:
    return (await AsyncWebhookClient(url).send(text="x")).status_code


async def test_tokens_members_and_lengths_are_watched(slack: SlackStandIn) -> None:
    client = AsyncWebClient(slack.bot_token, slack.api_url)
    sam, lee = slack.user("sam"), slack.user("lee")
    channel = slack.channel("dispatch", sam)
    sent = await client.chat_postMessage(channel=channel, text="x" * 40_000)
    tries: list[tuple[str, Any]] = [
        ("msg_too_long", client.chat_postMessage(channel=channel, text="x" * 40_001)),
        ("msg_too_long", client.chat_update(channel=channel, ts=str(sent["ts"]), text="é" * 2001)),
        ("msg_blocks_too_long", client.chat_postMessage(channel=channel, text="x", blocks=[
            {"type": "section", "text": text("x" * 2700)}] * 5)),
        ("user_not_in_channel", client.chat_postEphemeral(channel=channel, user=lee, text="x")),
        ("user_not_found", client.users_info(user="U0NO")),
        ("thread_not_found", client.chat_postMessage(channel=channel, text="x", thread_ts="1.1")),
        ("channel_not_found", client.chat_update(channel=sam, ts="1.1", text="x")),
        ("invalid_auth", AsyncWebClient("xoxb-no", slack.api_url).auth_test()),
        ("not_authed", AsyncWebClient(None, slack.api_url).auth_test()),
    ]  # fmt: skip
    for word, call in tries:
        with pytest.raises(SlackApiError, match=word):
            await call
    slack.revoked = True
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    assert [r.error for r in slack.refused] == [word for word, _ in tries] + ["token_revoked"]
