"""Arrival by asking, against a vendor's API on loopback that fails in every way one meets."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from bot.feeds.asked import Subject, unwrap, wrap
from bot.feeds.poll import Fixed, Poll, Poller
from tests.feeds.asking import Clock, Notes, Numbers, Store
from tests.patience import PATIENCE, until
from tests.standins.broker_api import KEY, BrokerApi, broker_api

NOW = datetime(2026, 1, 15, 20, tzinfo=UTC)
ONE, TWO = "SMPLPARS100001", "SMPLPARS100002"

Made = Callable[..., Poller]


@pytest.fixture
async def api() -> AsyncIterator[BrokerApi]:
    async with broker_api() as found:
        yield found


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def poller(store: Store, notes: Notes, clock: Clock) -> AsyncIterator[Made]:
    made: list[Poller] = []

    def make(asks: Numbers | Fixed, **settings: object) -> Poller:
        poll = Poll("pcb", **{"headers": {"X-Api-Key": KEY}, "per_minute": 6000.0, **settings})  # type: ignore[arg-type]
        made.append(Poller(poll, asks, store.keep, notes, lambda: NOW, lambda: clock.seconds, clock.sleep, lambda: 1.0))
        return made[-1]

    yield make
    for one in made:
        await one._fetch.close()


async def test_an_answer_is_kept_with_what_was_asked_above_it(api: BrokerApi, poller: Made, store: Store) -> None:
    await poller(Numbers(api.url, [ONE])).round()
    (one,) = store.kept
    subject, body = unwrap(one.body)
    assert (subject, one.observation, one.received) == (Subject.parse(f"ccn {ONE}"), True, NOW)
    assert b'"shipments"' in body


async def test_requests_keep_the_limit_of_the_vendor(api: BrokerApi, poller: Made, clock: Clock) -> None:
    numbers = [f"SMPLPARS{n:06}" for n in range(50)]
    begun = clock.seconds
    await poller(Numbers(api.url, numbers), per_minute=30.0, look=1e9).round()
    assert len(api.asked) == len(set(api.asked)) == 50
    assert clock.seconds - begun >= 49 * 2


async def test_a_long_list_is_asked_for_anew_so_that_the_urgent_come_first(api: BrokerApi, poller: Made) -> None:
    one = poller(Numbers(api.url, [f"N{n}" for n in range(20)]), per_minute=60.0, look=5.0)
    assert await one.round() == 0.0
    assert len(api.asked) == 6


@pytest.mark.parametrize("plan", ["lost", "half", "500", "502", "404", "slow:5"])
async def test_a_failure_is_noted_and_the_number_is_asked_again(
    plan: str, api: BrokerApi, poller: Made, store: Store, notes: Notes
) -> None:
    api.plan.append(plan)
    asks = Numbers(api.url, [ONE])
    one = poller(asks, timeout=1.5 if plan.startswith("slow") else PATIENCE)
    await one.round()
    assert store.kept == []
    assert notes.said[0].startswith("failed: it ")
    await one.round()
    assert store.about == [f"ccn {ONE}"]
    assert asks.asked_ == [(ONE, False), (ONE, True)]


async def test_one_number_that_fails_does_not_keep_the_others_waiting(
    api: BrokerApi, poller: Made, store: Store
) -> None:
    api.plan.append("500")
    await poller(Numbers(api.url, [ONE, TWO])).round()
    assert store.about == [f"ccn {TWO}"]


async def test_pauses_grow_with_failures_in_a_row_and_end_with_an_answer(
    api: BrokerApi, poller: Made, store: Store, notes: Notes, clock: Clock
) -> None:
    api.plan.extend(["500"] * 12)
    one = poller(Fixed(api.url, 60.0, lambda: clock.seconds))
    assert [await one.round() for _ in range(12)] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    await one.round()
    assert notes.said[-1] == "answered"
    assert len(store.kept) == 1


async def test_the_first_failure_and_the_recovery_are_logged_and_no_more(
    api: BrokerApi, poller: Made, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.feeds.poll")
    api.plan.extend(["500"] * 5)
    one = poller(Fixed(api.url, 60.0, lambda: clock.seconds))
    for _ in range(6):
        await one.round()
    assert [r.message for r in caplog.records] == ["polling failed: it answers 500", "polling works again"]


@pytest.mark.parametrize(("plan", "least", "most"), [("429:7", 7, 7), ("date:90", 80, 91), ("429", 60, 60)])
async def test_a_vendor_that_asks_us_to_wait_is_left_alone_that_long(
    plan: str, least: float, most: float, api: BrokerApi, poller: Made, store: Store, notes: Notes
) -> None:
    api.plan.append(plan)
    one = poller(Numbers(api.url, [ONE, TWO]))
    assert least <= await one.round() <= most
    assert (len(api.asked), store.kept) == (1, [])
    assert notes.said[0].endswith("(429)")
    await one.round()
    assert store.about == [f"ccn {ONE}", f"ccn {TWO}"]


@pytest.mark.parametrize("word", ["429:99999999", "429:-5", "429:soon", "429:1e9"])
async def test_a_strange_retry_after_holds_us_for_an_hour_at_most(word: str, api: BrokerApi, poller: Made) -> None:
    api.plan.append(word)
    assert 1 <= await poller(Numbers(api.url, [ONE])).round() <= 3600


async def test_a_refused_key_is_not_shown_again_for_an_hour(
    api: BrokerApi, poller: Made, store: Store, notes: Notes
) -> None:
    api.key = "SAMPLE-another"
    one = poller(Numbers(api.url, [ONE, TWO]))
    assert await one.round() == 3600
    assert (len(api.asked), notes.said) == (1, ["refused: it does not take our key (401)"])


async def test_a_refused_key_waits_also_over_a_restart_but_a_new_one_is_tried_at_once(
    api: BrokerApi, poller: Made, store: Store, notes: Notes, clock: Clock
) -> None:
    api.key = "SAMPLE-another"
    await poller(Numbers(api.url, [ONE])).round()
    again = asyncio.create_task(poller(Numbers(api.url, [ONE])).run())
    await asyncio.sleep(0.05)
    again.cancel()
    assert clock.slept[0] == 3600
    slept = len(clock.slept)
    new = asyncio.create_task(poller(Numbers(api.url, [ONE]), headers={"X-Api-Key": "SAMPLE-another"}).run())
    await until(lambda: store.kept)
    new.cancel()
    assert store.about == [f"ccn {ONE}"]
    assert 3600 not in clock.slept[slept:]


async def test_a_403_about_one_number_among_good_answers_is_not_taken_for_a_bad_key(
    api: BrokerApi, poller: Made, store: Store, notes: Notes
) -> None:
    api.plan.extend(["ok", "403", "ok"])
    await poller(Numbers(api.url, [ONE, TWO, "SMPLPARS100003"])).round()
    assert store.about == [f"ccn {ONE}", "ccn SMPLPARS100003"]
    assert not any(said.startswith("refused") for said in notes.said)


async def test_an_unchanged_answer_of_one_address_costs_no_body_and_proves_life(
    api: BrokerApi, poller: Made, store: Store, notes: Notes, clock: Clock
) -> None:
    api.etag = '"v1"'
    one = poller(Fixed(api.url, 60.0, lambda: clock.seconds))
    await one.round()
    clock.seconds += 60
    notes.said.clear()
    await one.round()
    assert (len(api.asked), len(store.kept), notes.said) == (2, 1, ["answered"])


async def test_what_could_not_be_kept_is_held_and_kept_before_anything_else_is_asked(
    api: BrokerApi, poller: Made, store: Store
) -> None:
    store.fail = 2
    one = poller(Numbers(api.url, [ONE]))
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await one.round()
    assert len(api.asked) == 1
    await one.round()
    assert store.about[0] == f"ccn {ONE}"


@pytest.mark.parametrize("plan", ["large:9000"])
async def test_an_answer_that_is_too_large_is_a_problem_and_not_read(
    plan: str, api: BrokerApi, poller: Made, store: Store
) -> None:
    api.plan.append(plan)
    await poller(Numbers(api.url, [ONE]), largest=4096).round()
    (one,) = store.kept
    assert one.body == b""
    assert one.problem is not None
    assert "more than the 4 KiB" in one.problem.why


async def test_a_packed_answer_that_unpacks_to_too_much_is_not_read(api: BrokerApi, poller: Made, store: Store) -> None:
    api.known[ONE] = ["0" * 1_000_000]
    await poller(Numbers(api.url, [ONE]), largest=100_000).round()
    (one,) = store.kept
    assert one.problem is not None


async def test_the_key_is_not_shown_to_another_host(api: BrokerApi, poller: Made, store: Store, notes: Notes) -> None:
    async with broker_api() as other:
        api.plan.append(f"elsewhere:{other.url.format(number=ONE)}")
        await poller(Numbers(api.url, [ONE])).round()
        assert (other.keys, store.kept) == ([], [])
    assert "another host" in notes.said[0]


async def test_a_redirect_within_the_host_is_followed(api: BrokerApi, poller: Made, store: Store) -> None:
    api.plan.append(f"here:{ONE}")
    await poller(Numbers(api.url, [ONE])).round()
    assert store.about == [f"ccn {ONE}"]


async def test_a_vendor_that_is_not_there_is_a_failure_without_its_address(poller: Made, notes: Notes) -> None:
    await poller(Numbers("http://127.0.0.1:9/?key=SAMPLE-secret&n={number}", [ONE])).round()
    assert notes.said == ["failed: it could not be reached (ConnectError)"]


async def test_the_key_is_in_no_line_of_the_log(api: BrokerApi, poller: Made, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    api.plan.extend(["lost", "500", "html", "401"])
    one = poller(Numbers(api.url, [ONE, TWO]))
    for _ in range(4):
        await one.round()
    assert KEY not in caplog.text
    assert KEY not in repr(one.poll)


async def test_a_queue_is_read_until_it_is_empty(api: BrokerApi, poller: Made, store: Store, clock: Clock) -> None:
    api.plan.extend(["ok", "ok", "204"])
    fixed = Fixed(api.url, 60.0, lambda: clock.seconds)
    await poller(fixed, drain=True, observation=False, look=1e9).round()
    assert len(api.asked) == 3
    assert [one.observation for one in store.kept] == [False, False]


@pytest.mark.parametrize("about", ["", "ccn", "ccn  ", "ccn \n", "car SMPL", "ccn " + "9" * 60])
def test_what_is_no_subject_is_none(about: str) -> None:
    assert Subject.parse(about) is None


@pytest.mark.parametrize("body", [b"", b"{}", b"Holdwatch-Asked: ccn A", b"Holdwatch-Asked: " + b"x" * 500])
def test_a_body_without_an_envelope_is_as_it_came(body: bytes) -> None:
    assert unwrap(body) == (None, body)


def test_an_envelope_gives_back_what_was_put_in() -> None:
    assert unwrap(wrap("scn SMPL1234", b"\r\n\r\nx")) == (Subject.parse("scn SMPL1234"), b"\r\n\r\nx")
