"""Signatures over HTTP; refreshes and losses of the socket."""

import asyncio
import json
import time
from urllib.parse import urlencode

import pytest

from bot.domain.delivery import Sent
from handlers.reply import Reply
from handlers.slack.door import SlackDoor
from tests.handlers.slack.conftest import Desk, World, opened
from tests.patience import until
from tests.standins.slack import slack_stand_in

JSON = {"Content-Type": "application/json"}


async def test_slack_verifies_the_address_only_with_a_signature(http: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "SAMPLE-challenge"}).encode()
    delivery = http.slack.http
    status, _, text = await delivery.raw(body, delivery.signed(body) | JSON)
    assert (status, json.loads(text)) == (200, {"challenge": "SAMPLE-challenge"})
    assert (await delivery.raw(body, JSON))[0] == 401


@pytest.mark.parametrize("shift", [-301, 301, -86_400])
async def test_a_signature_that_is_too_old_or_too_young_is_refused(http: World, shift: int) -> None:
    body = urlencode({"command": "/load", "text": "1 cancel", "user_id": http.sam, "channel_id": http.channel}).encode()
    delivery = http.slack.http
    headers = delivery.signed(body, at=int(time.time()) + shift)
    assert (await delivery.raw(body, headers | {"Content-Type": "application/x-www-form-urlencoded"}))[0] == 401
    assert http.desk.lines == []


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Signature": "é"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "٣"},
        {"X-Slack-Request-Timestamp": "1" * 400},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
async def test_a_forged_request_is_refused_and_carried_out_by_nobody(http: World, change: dict[str, str]) -> None:
    body = urlencode({"command": "/load", "text": "1 cancel", "user_id": http.sam}).encode()
    assert (await http.slack.http.raw(body, http.slack.http.signed(body) | change))[0] == 401
    assert http.desk.lines == []


async def test_a_changed_body_or_bytes_that_are_no_text_are_refused(http: World) -> None:
    signed = http.slack.http.signed(b"command=%2Fload&text=1+status")
    for body in (b"command=%2Fload&text=1+cancel", b"\xff\xfe\x00", b""):
        assert (await http.slack.http.raw(body, signed))[0] == 401
    broken = b"\xff\xfe\x00"
    assert (await http.slack.http.raw(broken, http.slack.http.signed(broken)))[0] == 401
    assert http.desk.lines == []


async def test_signed_nonsense_harms_nothing(http: World) -> None:
    delivery = http.slack.http
    for body in (b"{", b"[]", b"payload=%7B", b'{"type":"event_callback"}', b'{"event":"x"}', b"payload=%5B%5D"):
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            status, _, text = await delivery.raw(body, delivery.signed(body) | {"Content-Type": kind})
            assert status in (200, 400, 404, 500)
            assert "Traceback" not in text
    answer = await http.slack.slash("/load", "1", user=http.sam, channel=http.channel)
    assert answer.text == "heard /load 1\ngo"


async def test_the_window_of_a_signature_is_machine_time() -> None:
    async with opened("http", machine=lambda: time.time() + 400) as world:
        answer = await world.slack.slash("/load", "1", user=world.sam, channel=world.channel)
        assert answer.acked is None
        assert world.slack.refused[0].detail.startswith("401")


async def test_the_socket_is_opened_again_after_a_refresh_and_after_a_loss() -> None:
    async with opened("socket", ping=0.5) as world:
        assert await world.door.connected()
        await world.slack.socket.refresh()
        assert (await world.slack.slash("/load", "1", user=world.sam, channel=world.channel)).text
        await world.slack.socket.drop()
        assert (await world.slack.slash("/load", "2", user=world.sam, channel=world.channel)).text
        assert [line.text for line in world.desk.lines] == ["/load 1", "/load 2"]
        assert world.slack.socket.hellos >= 3
        assert world.slack.refused == []


async def test_an_event_cut_off_with_the_socket_comes_again_with_its_id() -> None:
    async with opened("socket", ping=0.5) as world:
        world.desk.stands = asyncio.Event()
        task = asyncio.create_task(world.slack.mention("load 1", user=world.sam, channel=world.channel))
        await until(lambda: len(world.desk.lines) == 1)
        await world.slack.socket.drop()
        await until(lambda: len(world.desk.lines) >= 2)
        world.desk.stands.set()
        assert (await task).text
        assert len({line.delivery for line in world.desk.lines}) == 1
        assert len(world.slack.posts(world.channel)) == 1


async def test_a_door_without_a_secret_has_no_route_and_one_with_it_needs_no_socket() -> None:
    async with opened("socket") as socket:
        assert socket.door.routes() == []
        assert isinstance(await socket.door.connect(), Sent)
        assert socket.slack.socket.hellos == 1
    async with opened("http") as http:
        assert [route.path for route in http.door.routes()] == ["/slack/events"]
        assert await http.door.connected()


async def test_another_workspace_is_told_that_it_is_not_served() -> None:
    async with opened("http", teams=frozenset({"T0OTHER"})) as world:
        world.desk.answer = lambda line: Reply("secret")
        answer = await world.slack.slash("/load", "1", user=world.sam, channel=world.channel)
        assert "not one that this bot serves" in answer.text
        assert world.desk.lines == []


async def test_a_door_keeps_itself_open_and_says_what_is_wrong() -> None:
    async with slack_stand_in() as slack:
        desk = Desk()
        door = SlackDoor(desk.entry, bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.api_url)
        slack.fault("500", times=2, methods=("auth.test",))
        assert door.trouble == "Slack has not answered yet"
        running = asyncio.create_task(door.run(beat=0.05))
        try:
            await until(lambda: door.trouble == "Slack answered 500")
            await until(lambda: door.trouble == "")
            slack.revoked = True
            await until(lambda: "token_revoked" in door.trouble)
            slack.revoked = False
            await until(lambda: door.trouble == "")
            sam = slack.user("sam")
            assert (await slack.slash("/load", "1", user=sam, channel=slack.channel("dispatch", sam))).text
        finally:
            running.cancel()
            await asyncio.wait({running})
        assert running.cancelled()
        assert slack.socket.hellos == 1


async def test_a_proxy_for_the_outside_world_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for transport in ("socket", "http"):
        async with opened(transport) as world:
            assert (await world.slack.slash("/load", "1", user=world.sam, channel=world.channel)).text
            assert isinstance(await world.door.post(world.place, Reply("held")), Sent)


async def test_tokens_of_the_environment_are_not_picked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-somebody-else")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "of-somebody-else")
    async with opened("http") as world:
        assert (await world.slack.slash("/load", "1", user=world.sam, channel=world.channel)).text
