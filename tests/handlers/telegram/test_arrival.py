"""Nothing typed is lost: redelivery, restarts, kills, forged calls."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.reply import Line, Reply
from handlers.telegram.door import PATH, SECRET_HEADER, TelegramDoor, Webhook
from tests.handlers.telegram.rig import FAST, SECRET, Ear, running
from tests.patience import PATIENCE, until
from tests.standins.telegram import TelegramStandIn

ROOT = Path(__file__).parents[3]
both = pytest.mark.parametrize("transport", ["polling", "webhook"])

CHILD = """
import asyncio, sys
from handlers.reply import Reply
from handlers.telegram.door import TelegramDoor

async def entry(line):
    print(line.delivery, line.text, flush=True)
    await asyncio.sleep(60)
    return Reply("never")

asyncio.run(TelegramDoor(sys.argv[1], entry, api_url=sys.argv[2]).run())
"""


async def test_a_kill_between_fetch_and_handling_redelivers_the_same_delivery(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    tg.message(maria, maria, "/load 1234 crossed")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, tg.token, tg.url, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    first = (await asyncio.wait_for(child.stdout.readline(), PATIENCE)).decode().strip()
    child.send_signal(signal.SIGKILL)
    await child.wait()
    assert tg.texts(maria) == []
    async with running(tg) as rig:
        assert await tg.answered(maria) == ["heard /load 1234 crossed"]
    assert f"{rig.ear.lines[0].delivery} {rig.ear.lines[0].text}" == first


@both
async def test_a_restart_in_the_middle_of_a_line_loses_nothing_and_does_nothing_twice(
    tg: TelegramStandIn, transport: str
) -> None:
    maria = tg.user("Maria")

    async def stuck(line: Line) -> Reply:
        await asyncio.sleep(60)
        return Reply("never")

    async with running(tg, transport, Ear(stuck)) as before:
        tg.message(maria, maria, "/load 1 crossed")
        tg.message(maria, maria, "/load 2 crossed")
        await tg.until(lambda: before.ear.lines)
    ear = Ear()
    async with running(tg, transport, ear):
        await tg.answered(maria, 2)
        await tg.until(lambda: not tg.updates.pending)
    async with running(tg, transport, ear):
        tg.message(maria, maria, "/hold")
        assert (await tg.answered(maria, 3))[2] == "heard /hold"
    assert ear.texts == ["/load 1 crossed", "/load 2 crossed", "/hold"]
    assert ear.lines[0].delivery == before.ear.lines[0].delivery


async def test_what_was_typed_while_nothing_ran_is_handled_at_the_start(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    tg.message(maria, maria, "/load 1 crossed")
    async with running(tg):
        assert await tg.answered(maria) == ["heard /load 1 crossed"]


async def test_changing_from_webhook_to_polling_keeps_what_waits(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    tg.updates.set_webhook("http://127.0.0.1:9/telegram/webhook", SECRET)
    tg.message(maria, maria, "/load 1 crossed")
    async with running(tg, "polling"):
        assert await tg.answered(maria) == ["heard /load 1 crossed"]


async def test_a_fetch_whose_answer_was_lost_brings_the_same_lines_again(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    tg.fail("lost", 2, method="getUpdates")
    tg.fail("500", method="getUpdates")
    tg.message(maria, maria, "/hold")
    async with running(tg) as rig:
        await tg.answered(maria)
        await tg.until(lambda: not tg.updates.pending and not rig.door.trouble)
    assert rig.ear.texts == ["/hold"]


async def test_a_slow_line_is_fetched_again_but_not_handled_again(tg: TelegramStandIn) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")

    async def slow(line: Line) -> Reply:
        if line.who.name == "Maria":
            await tg.until(lambda: len(tg.texts(otto)) == 2)
        return Reply("done")

    async with running(tg, "polling", Ear(slow)) as rig:
        tg.message(maria, maria, "/load 1 ask")
        await tg.until(lambda: rig.ear.lines)
        for count in (1, 2):
            tg.message(otto, otto, "/hold")
            await tg.answered(otto, count)
        await tg.answered(maria)
        await tg.until(lambda: not tg.updates.pending)
    assert rig.ear.texts == ["/load 1 ask", "/hold", "/hold"]
    assert len(tg.updates.delivered) > len(set(tg.updates.delivered))


async def test_ids_that_start_lower_after_a_quiet_week_are_confirmed_all_the_same(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    async with running(tg) as rig:
        tg.message(maria, maria, "before")
        await tg.answered(maria)
        await tg.until(lambda: not tg.updates.pending)
        tg.updates.quiet_week(4_000_001)
        tg.message(maria, maria, "after")
        await tg.answered(maria, 2)
        await tg.until(lambda: not tg.updates.pending)
    assert rig.ear.texts == ["before", "after"]


async def test_a_webhook_call_that_comes_twice_is_one_line(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    async with running(tg, "webhook") as rig:
        tg.message(maria, maria, "/load 1 crossed")
        await tg.answered(maria)
        update = {"update_id": tg.updates.delivered[0], "message": next(iter(tg.chat(maria).messages.values())).api()}
        assert await _post(rig.url, update, SECRET) == 200
    assert rig.ear.texts == ["/load 1 crossed"]
    assert len(tg.seen(maria)) == 1


async def test_a_webhook_is_acknowledged_only_after_its_line_was_handled(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    handled: list[str] = []

    async def slow(line: Line) -> Reply:
        await asyncio.sleep(0.1)
        handled.append(line.text)
        return Reply("done")

    async with running(tg, "webhook", Ear(slow)) as rig:
        message = tg.chat(maria).add(maria, "/load 1 crossed").api()
        assert await _post(rig.url, {"update_id": 5, "message": message}, SECRET) == 200
        assert handled == ["/load 1 crossed"]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET.upper()])
async def test_a_forged_webhook_call_is_refused_and_does_nothing(tg: TelegramStandIn, secret: str) -> None:
    maria = tg.user("Maria")
    async with running(tg, "webhook") as rig:
        message = tg.chat(maria).add(maria, "/load 1 cancel").api()
        assert await _post(rig.url, {"update_id": 5, "message": message}, secret) == 401
    assert rig.ear.lines == []
    assert tg.seen(maria) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"update_id": "x"}', b"\xff\xfe", b"0" * 1_000_001])
async def test_a_webhook_body_that_is_no_update_is_a_400(tg: TelegramStandIn, body: bytes) -> None:
    async with running(tg, "webhook") as rig:
        assert await _post(rig.url, body, SECRET) == 400


async def test_with_polling_there_is_no_webhook_address(tg: TelegramStandIn) -> None:
    async with running(tg, "polling") as rig:
        assert await _post(rig.url, {"update_id": 5}, SECRET) == 404


async def test_a_webhook_that_comes_before_the_bot_is_ready_is_asked_to_come_again(tg: TelegramStandIn) -> None:
    door = TelegramDoor(tg.token, Ear(), api_url=tg.url, webhook=Webhook(SECRET), pace=FAST)
    app = web.Application()
    app.add_routes(door.routes())
    async with TestServer(app) as server:
        assert await _post(str(server.make_url("/")).rstrip("/"), {"update_id": 5}, SECRET) == 503
    await door.close()


async def test_a_second_poller_is_named_and_lost_lines_are_not_the_price(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    async with running(tg) as rig:

        async def another_asks() -> bool:
            await tg.on_getupdates({"timeout": 0})
            return "another program" in rig.door.trouble

        await until(another_asks)
        assert any(r.code == 409 for r in tg.refused)
        tg.message(maria, maria, "/hold")
        assert await tg.answered(maria) == ["heard /hold"]
        await tg.until(lambda: not rig.door.trouble)


@pytest.mark.parametrize("secret", ["", "with space", "é", "x" * 257])
def test_a_secret_that_telegram_would_not_take_is_refused_by_name(secret: str) -> None:
    with pytest.raises(ValueError, match="TELEGRAM_WEBHOOK_SECRET"):
        Webhook(secret)


async def _post(url: str, body: object, secret: str) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {SECRET_HEADER: secret} if secret else {}
    async with aiohttp.ClientSession() as session, session.post(url + PATH, data=data, headers=headers) as answer:
        return answer.status


async def test_a_line_that_takes_long_does_not_make_the_bot_ask_without_pause(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")

    async def slow(line: Line) -> Reply:
        await asyncio.sleep(0.5)
        return Reply("done")

    async with running(tg, "polling", Ear(slow)) as rig:
        tg.message(maria, maria, "/load 1 ask")
        await tg.until(lambda: rig.ear.lines)
        before = len(tg.calls)
        await tg.answered(maria)
        asked = [name for name, _ in tg.calls[before:]].count("getupdates")
    assert asked <= 0.5 / FAST.grace + 2
