"""A running bot that asks a broker's API: failures of every kind and a kill in between lose nothing, double nothing."""

import asyncio
import csv
import re
import tomllib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import read_config
from bot.feeds.registry import SOURCES
from tests.cli.started import free_port
from tests.standins.broker_api import KEY, BrokerApi, broker_api
from tests.stories.real import Real

NUMBERS = [f"8SMPPARS1000{n:02}" for n in range(8)]
README = Path(__file__).parents[2] / "README.md"


def settings(api: BrokerApi) -> str:
    return f"""
        [carriers.home]
        codes = ["8SMP"]
        [policy]
        poll_close_every = "1s"
        [feeds.acme]
        source = "json_poll"
        arrival = "poll"
        url = "{api.url}"
        headers = {{ X-Api-Key = "{{secret}}" }}
        secret = "{KEY}"
        per_minute = 3000
        every = "1s"
        timeout = "1s"
        answer = {{ items = "shipments[*]", status = "state", time = "at" }}
        words = {{ "Waiting" = "AWAITING_PROCESSING", "Cleared" = "READY", "Refused" = "REJECTED" }}
    """


def said(word: str, minutes: int) -> list[dict[str, str]]:
    return [{"state": word, "at": (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")}]


def told(bot: Real) -> dict[str, list[str]]:
    """What was stored of each number, in order."""
    found = defaultdict(list)
    for key, status in bot.rows(
        "SELECT n.key, r.status FROM report r JOIN number n ON n.id = r.number_id ORDER BY r.id"
    ):
        found[str(key)].append(str(status))
    return dict(found)


def all_heard(bot: Real, *statuses: str) -> bool:
    return told(bot) == {number: [*statuses] for number in NUMBERS}


def state_of(bot: Real) -> list[tuple[object, ...]]:
    """How the feed stands, and its last error."""
    return bot.rows("SELECT state, last_error FROM feed_state WHERE feed = 'acme'")


def prepared(var: Path, api: BrokerApi) -> Real:
    """A bot with a list of loads."""
    (var / "loads").mkdir()
    eta = (datetime.now(UTC) + timedelta(minutes=80)).isoformat(timespec="minutes")
    with (var / "loads" / "loads.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "direction", "pars", "eta", "crossing"])
        rows.writerows([str(n), "CA", pars, eta, "Windsor"] for n, pars in enumerate(NUMBERS))
    return Real(var, settings(api), free_port())


async def test_failures_of_every_kind_and_a_kill_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    async with broker_api({n: said("Waiting", 30) for n in NUMBERS}) as api:
        bot = prepared(tmp_path, api)
        # Of two failures in a row the vendor is left alone for seconds: that comes once, after the kill.
        api.plan.extend(["lost", "ok", "500", "ok", "half", "ok", "slow:2", "ok", "html", "429:1", "ok"])
        await bot.start()
        try:
            await bot.until(lambda: all_heard(bot, "AWAITING_PROCESSING"))
            for number in NUMBERS:
                api.known[number] = said("Cleared", 1)
            before = len(api.asked)
            await bot.until(lambda: len(api.asked) > before + 2)
            await bot.end()
            api.plan.extend(["500", "lost", "ok"])
            await bot.start()
            await bot.until(lambda: all_heard(bot, "AWAITING_PROCESSING", "READY"))
            again = api.count(NUMBERS[0]) + 2
            await bot.until(lambda: api.count(NUMBERS[0]) >= again and not api.plan)
            await bot.until(lambda: state_of(bot)[0][0] == "alive")
        finally:
            await bot.end()
        ((_, error),) = state_of(bot)
    assert all_heard(bot, "AWAITING_PROCESSING", "READY")
    # And the page that was no answer, and the list of loads.
    assert bot.rows("SELECT count(*) FROM raw") == [(2 * len(NUMBERS) + 2,)]
    assert error != ""


async def test_a_refused_key_is_shown_once_in_an_hour_whoever_starts_again(tmp_path: Path) -> None:
    async with broker_api() as api:
        bot = prepared(tmp_path, api)
        api.key = "SAMPLE-another"
        await bot.start()
        await bot.until(lambda: [state for state, _ in state_of(bot)] == ["dead"])
        await bot.end()
        await bot.start()
        await bot.ready("/healthz")
        await asyncio.sleep(1.5)  # longer than the feed waits between two looks
        await bot.end()
        doctor = (await bot.beside("doctor"))[1]
    assert len(api.asked) == 1
    assert state_of(bot) == [("dead", "it does not take our key (401)")]
    assert KEY not in bot.output + doctor
    assert "it does not take our key (401)" in doctor


def test_the_ten_lines_of_the_readme_make_a_feed(tmp_path: Path) -> None:
    (block,) = re.findall(r"(?ms)^```toml\n(\[feeds\.acme\].*?)^```", README.read_text("utf-8"))
    assert len(block.strip().splitlines()) <= 11
    assert tomllib.loads(block)
    (tmp_path / "holdwatch.toml").write_text(block)
    (tmp_path / "acme.key").write_text("SAMPLE-key")
    (feed,) = read_config(tmp_path / "holdwatch.toml", tmp_path, SOURCES).feeds
    assert (feed.asks, feed.headers["X-Api-Key"], feed.words["Accepted"]) == (True, "SAMPLE-key", "READY")
