"""The Slack stand-in proved by an independent client: @slack/bolt over Socket Mode and over HTTP."""

import asyncio
import json
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.standins.slack import SlackStandIn, slack_stand_in

HERE = Path(__file__).parent
BUILT = HERE.parents[2] / "build" / "bolt"


@dataclass
class Bolt:
    """The JavaScript app and what it told."""

    process: Process
    slack: SlackStandIn
    channel: str
    user: str
    told: list[dict[str, Any]] = field(default_factory=list)

    async def next(self, what: str) -> dict[str, Any]:
        """The next thing of this kind that it tells, within a minute."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while True:
                line = await self.process.stdout.readline()
                assert line, f"the bolt app ended; it told {self.told}"
                self.told.append(json.loads(line))
                if self.told[-1]["what"] == what:
                    return self.told[-1]

    async def attempt(self, name: str) -> str:
        """Lets it try a call; the error word its client saw."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\n".encode())
        await self.process.stdin.drain()
        return str((await self.next("tried"))["error"])


@pytest.fixture(scope="session")
def built() -> Path:
    done = subprocess.run([str(HERE / "prepare.sh")], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return BUILT


@pytest.fixture(params=["socket", "http"])
async def bolt(built: Path, request: pytest.FixtureRequest) -> AsyncIterator[Bolt]:
    async with slack_stand_in() as slack:
        user = slack.user("sam")
        channel = slack.channel("dispatch", user)
        node = shutil.which("node")
        assert node, "node is needed"
        settings = {
            "MODE": request.param,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "CHANNEL": channel,
            "PATH": os.environ["PATH"],
        }
        process = await asyncio.create_subprocess_exec(
            node, "app.mjs", cwd=built, env=settings, stdin=PIPE, stdout=PIPE
        )
        made = Bolt(process, slack, channel, user)
        try:
            ready = await made.next("ready")
            if request.param == "http":
                slack.http.url = f"http://127.0.0.1:{ready['port']}/slack/events"
            yield made
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def test_a_slash_command_is_acknowledged_answered_later_and_opens_a_modal(bolt: Bolt) -> None:
    slack = bolt.slack
    answer = await slack.slash("/load", "1234 status", user=bolt.user, channel=bolt.channel)
    assert (await bolt.next("slash"))["text"] == "1234 status"
    assert answer.private and "SAMPLE 1234" in answer.text
    later = await slack.slash("/load", "later", user=bolt.user, channel=bolt.channel)
    assert later.text == "answered later"
    form = await slack.slash("/load", "form", user=bolt.user, channel=bolt.channel)
    assert form.view is not None
    bad = await slack.submit_view(form.view, {"Number": "bad"}, user=bolt.user, wait=0)
    assert bad.errors == {"number": "not a number"}
    good = await slack.submit_view(form.view, {"number": "1234"}, user=bolt.user, wait=0)
    assert good.acked == {}
    assert [(await bolt.next("view"))["value"] for _ in range(2)] == ["bad", "1234"]
    assert slack.refused == []


async def test_events_and_buttons_arrive_and_are_answered(bolt: Bolt) -> None:
    slack = bolt.slack
    answer = await slack.mention("status", user=bolt.user, channel=bolt.channel)
    assert (await bolt.next("mention"))["text"].endswith("status")
    card = answer.messages[0]
    pressed = await slack.press(card, "I've got it", user=bolt.user)
    assert pressed.text == "it is yours" and pressed.private
    assert (await bolt.next("press"))["value"] == "/load ~k3f9 got it"
    assert (await slack.dm("hello", user=bolt.user)).text == "a direct word"
    await slack.react(card, "eyes", user=bolt.user, wait=0)
    assert (await bolt.next("reaction"))["ts"] == card.ts
    other = slack.user("lee")
    await slack.join(other, bolt.channel)
    assert (await bolt.next("joined"))["user"] == other
    await slack.join(other, bolt.channel, left=True)
    assert (await bolt.next("left"))["user"] == other
    assert card.edits == 1 and slack.refused == []


async def test_the_same_event_comes_again_with_the_same_id(bolt: Bolt) -> None:
    await bolt.slack.mention("one", user=bolt.user, channel=bolt.channel)
    first = await bolt.next("mention")
    await bolt.slack.redeliver()
    assert (await bolt.next("mention"))["event_id"] == first["event_id"]


async def test_the_client_sees_the_refusals_of_slack(bolt: Bolt) -> None:
    expected = {
        "auth": "",
        "post": "",
        "unknown_channel": "channel_not_found",
        "empty": "no_text",
        "long_header": "invalid_blocks",
        "same_action": "invalid_blocks",
        "lost_message": "message_not_found",
        "bad_trigger": "invalid_trigger_id",
    }
    assert {name: await bolt.attempt(name) for name in expected} == expected
    assert [r.error for r in bolt.slack.refused] == [e for e in expected.values() if e]
    bolt.slack.fault("429", seconds=7)
    assert await bolt.attempt("post") == "slack_webapi_rate_limited_error"
    assert bolt.told[-1]["retryAfter"] == 7
    bolt.slack.fault("500")
    assert await bolt.attempt("post") == "slack_webapi_http_error"
    bolt.slack.fault("reset")
    assert await bolt.attempt("post") == "slack_webapi_request_error"


async def test_silence_is_recorded_as_a_late_answer(bolt: Bolt) -> None:
    bolt.slack.http.ack_seconds = bolt.slack.socket.ack_seconds = 0.3
    answer = await bolt.slack.slash("/load", "silence", user=bolt.user, channel=bolt.channel)
    assert answer.acked is None
    assert [r.error for r in bolt.slack.refused] in (["no_ack_in_time"], ["late_ack"])


async def test_the_app_is_reached_again_after_a_refresh_or_a_wrong_address(bolt: Bolt) -> None:
    slack = bolt.slack
    if slack.http.url:
        right, slack.http.url = slack.http.url, slack.http.url.replace("/slack/events", "/elsewhere")
        answer = await slack.slash("/load", "1", user=bolt.user, channel=bolt.channel)
        assert answer.acked is None and [r.error for r in slack.refused] == ["bad_status"]
        slack.http.url = right
    else:
        await slack.socket.refresh()
    answer = await slack.slash("/load", "after", user=bolt.user, channel=bolt.channel)
    assert "SAMPLE" in answer.text
    assert slack.http.url or slack.socket.hellos == 2
