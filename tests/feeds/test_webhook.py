"""Arrival by webhook over a real server on loopback."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.feeds.protocol import Arrived, Kept
from bot.feeds.webhook import WINDOW, Hook, routes, signature

NOW = datetime(2026, 1, 15, 20, tzinfo=UTC)
MACHINE = 1_768_500_000
BODY = b'{"statuses":[]}'
HOOKS = {
    "pcb": Hook("pcb", secrets=("SAMPLE-one", "SAMPLE-two"), largest=1000),
    "tms": Hook("tms", bearers=("SAMPLE-token",)),
    "bare": Hook("bare"),
}


class Store:
    """Keeps bodies once, as the memory does."""

    def __init__(self) -> None:
        self.kept: list[Arrived] = []
        self.fail: Exception | None = None
        self.moment = float(MACHINE)

    async def keep(self, arrived: list[Arrived]) -> Kept:
        if self.fail:
            raise self.fail
        new = [one for one in arrived if one.body not in [k.body for k in self.kept]]
        self.kept += new
        return Kept(len(new), len(arrived) - len(new))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def client(store: Store) -> AsyncIterator[TestClient]:
    app = web.Application()
    app.add_routes(routes(HOOKS, store.keep, lambda: NOW, lambda: store.moment))
    async with TestClient(TestServer(app)) as found:
        yield found


def signed(secret: str = "SAMPLE-one", body: bytes = BODY, at: int = MACHINE) -> dict[str, str]:
    return {"Holdwatch-Signature": signature(secret, at, body)}


async def test_a_signed_message_is_answered_after_it_is_kept(client: TestClient, store: Store) -> None:
    answer = await client.post("/hooks/pcb", data=BODY, headers=signed())
    assert (answer.status, await answer.json()) == (202, {"kept": 1, "repeated": 0})
    assert store.kept == [Arrived("pcb", BODY, "webhook", NOW)]


async def test_the_same_message_again_is_counted_not_kept(client: TestClient, store: Store) -> None:
    await client.post("/hooks/pcb", data=BODY, headers=signed())
    answer = await client.post("/hooks/pcb", data=BODY, headers=signed())
    assert (answer.status, await answer.json()) == (200, {"kept": 0, "repeated": 1})
    assert len(store.kept) == 1


async def test_either_of_two_secrets_signs_while_one_is_changed(client: TestClient) -> None:
    assert (await client.post("/hooks/pcb", data=BODY, headers=signed("SAMPLE-two"))).status == 202


async def test_one_of_several_signatures_is_enough(client: TestClient) -> None:
    header = f"t={MACHINE},v1={'0' * 64}," + signature("SAMPLE-two", MACHINE, BODY).partition(",")[2]
    assert (await client.post("/hooks/pcb", data=BODY, headers={"Holdwatch-Signature": header})).status == 202


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed("SAMPLE-wrong"),
        signed(""),
        signed(body=BODY + b" "),
        signed(at=MACHINE - WINDOW - 1),
        signed(at=MACHINE + WINDOW + 1),
        {"Holdwatch-Signature": signature("SAMPLE-one", MACHINE - 900, BODY).replace(str(MACHINE - 900), str(MACHINE))},
        {"Holdwatch-Signature": ""},
        {"Holdwatch-Signature": f"t={MACHINE}"},
        {"Holdwatch-Signature": "t=٣,v1=x"},
        {"Holdwatch-Signature": "t=" + "9" * 5000 + ",v1=x"},
        {"Holdwatch-Signature": ",".join([f"t={MACHINE}", *["v1=00"] * 500])},
        {"Authorization": "Bearer SAMPLE-one"},
        {"Authorization": "Bearer SAMPLE-token"},
        {"Authorization": "Bearer "},
    ],
)
async def test_a_forged_late_or_unsigned_message_gets_401_and_is_not_kept(
    client: TestClient, store: Store, headers: dict[str, str]
) -> None:
    answer = await client.post("/hooks/pcb", data=BODY, headers=headers)
    assert answer.status == 401
    assert await answer.json() == {"error": "This is not signed as this feed expects. Nothing was kept."}
    assert store.kept == []


async def test_a_message_replayed_after_the_window_is_refused_by_machine_time(client: TestClient, store: Store) -> None:
    headers = signed()
    assert (await client.post("/hooks/pcb", data=BODY, headers=headers)).status == 202
    store.moment += WINDOW + 1
    assert (await client.post("/hooks/pcb", data=BODY, headers=headers)).status == 401


async def test_a_bearer_is_taken_only_where_the_feed_allows_it(client: TestClient) -> None:
    token = {"Authorization": "Bearer SAMPLE-token"}
    assert (await client.post("/hooks/tms", data=BODY, headers=token)).status == 202
    assert (await client.post("/hooks/tms", data=BODY, headers={"Authorization": "Bearer SAMPLE-toke"})).status == 401
    assert (await client.post("/hooks/tms", data=BODY, headers=signed())).status == 401


async def test_a_feed_without_secret_or_token_takes_nothing(client: TestClient, store: Store) -> None:
    for headers in (signed(""), {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert (await client.post("/hooks/bare", data=BODY, headers=headers)).status == 401
    assert store.kept == []


async def test_an_unknown_feed_is_404(client: TestClient) -> None:
    assert (await client.post("/hooks/nobody", data=BODY, headers=signed())).status == 404


async def test_a_message_too_large_is_413_by_its_length_and_while_it_streams(client: TestClient, store: Store) -> None:
    body = b"x" * 1001
    assert (await client.post("/hooks/pcb", data=body, headers=signed(body=body))).status == 413

    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 1
            yield b"x" * 65_536

    try:
        answer = await client.post("/hooks/pcb", data=endless(), headers=signed(body=body))
        assert answer.status == 413
    except (ConnectionError, OSError):
        pass
    assert sent < 2000
    assert store.kept == []


async def test_compressed_and_form_messages_are_415(client: TestClient) -> None:
    headers = signed() | {"Content-Encoding": "gzip"}
    assert (await client.post("/hooks/pcb", data=gzip.compress(BODY), headers=headers)).status == 415
    headers = signed() | {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await client.post("/hooks/pcb", data=BODY, headers=headers)).status == 415


async def test_what_can_not_be_kept_is_asked_for_again(client: TestClient, store: Store) -> None:
    store.fail = RuntimeError("SAMPLE database is away")
    answer = await client.post("/hooks/pcb", data=BODY, headers=signed())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "SAMPLE" not in await answer.text()
    store.fail = None
    assert (await client.post("/hooks/pcb", data=BODY, headers=signed())).status == 202


async def test_an_empty_message_is_400(client: TestClient) -> None:
    assert (await client.post("/hooks/pcb", data=b"", headers=signed(body=b""))).status == 400


async def test_many_at_once_are_each_answered(client: TestClient, store: Store) -> None:
    bodies = [b"%d" % number for number in range(40)]
    answers = await asyncio.gather(
        *(client.post("/hooks/pcb", data=body, headers=signed(body=body)) for body in bodies)
    )
    assert {answer.status for answer in answers} == {202}
    assert sorted(one.body for one in store.kept) == sorted(bodies)
