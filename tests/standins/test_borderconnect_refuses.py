"""The stand-in refuses what the real one is said to refuse (border-formats 5)."""

import aiohttp

from tests.patience import PATIENCE, until
from tests.standins.borderconnect import KEY, BorderConnect, borderconnect, rns


async def test_a_key_that_comes_too_late_or_is_wrong_is_not_taken() -> None:
    async with borderconnect(BorderConnect(within=0.05)) as vendor, aiohttp.ClientSession() as session:
        async with session.ws_connect(vendor.socket_url) as ws:
            assert (await ws.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        vendor.within = PATIENCE
        async with session.ws_connect(vendor.socket_url) as ws:
            await ws.send_json({"apiKey": "SAMPLE-wrong"})
            assert (await ws.receive_json())["status"] == "ACCESS_DENIED_ERROR"
        assert vendor.refused == ["late first frame", "wrong key"]


async def test_receive_wants_the_key_and_get_and_empties_its_queue() -> None:
    async with borderconnect(BorderConnect(busy=1)) as vendor, aiohttp.ClientSession() as session:
        vendor.say(*[rns(f"8SMPPARS{n}") for n in range(5)])
        answers = []
        for key in ("", "SAMPLE-wrong", KEY, KEY, KEY, KEY):
            async with session.get(vendor.receive_url, headers={"Api-Key": key} if key else {}) as answer:
                body = await answer.json()
                answers.append((answer.status, len(body) if isinstance(body, list) else body["errorCode"]))
        assert answers == [
            (401, "MISSING_API_KEY"), (401, "INVALID_API_KEY"), (429, "TOO_MANY_REQUESTS"), (200, 3), (200, 2), (200, 0)
        ]  # fmt: skip
        async with session.post(vendor.receive_url, headers={"Api-Key": KEY}) as answer:
            assert (answer.status, (await answer.json())["errorCode"]) == (405, "WRONG_HTTP_METHOD")


async def test_a_careful_one_hands_over_again_what_was_not_confirmed_and_another_does_not() -> None:
    for careful in (True, False):
        async with borderconnect(BorderConnect(careful=careful)) as vendor, aiohttp.ClientSession() as session:
            vendor.say(rns("8SMPPARS1"))
            async with session.ws_connect(vendor.socket_url, autoping=False) as ws:
                await ws.send_json({"apiKey": KEY})
                await ws.receive()
                assert "8SMPPARS1" in (await ws.receive()).data
            await until(lambda: not vendor.readers)
            assert len(vendor.queue) == int(careful)
            assert len(vendor.unconfirmed) == int(not careful)
