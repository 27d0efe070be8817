"""A running bot that asks a broker's API: failures of every kind and a kill in between lose nothing, double nothing."""

import asyncio
import csv
import re
import tomllib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import read_config
from bot.domain.numbers import NumberKind
from bot.feeds.registry import SOURCES
from storage.database import Database
from tests.cli.started import Bot, holdwatch, running
from tests.standins.broker_api import KEY, BrokerApi, broker_api

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


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 40.0) -> None:
    for _ in range(int(seconds / 0.2)):
        if await true():
            return
        await asyncio.sleep(0.2)
    raise AssertionError("it never came so far")


async def told(var: Path) -> dict[str, list[str]]:
    """What was stored of each number, in order."""
    database = Database(f"sqlite+aiosqlite:///{var / 'holdwatch.db'}")
    try:
        async with database.work("home", datetime.now(UTC)) as work:
            found = {}
            ids = await work.numbers.find([(NumberKind.CCN, key) for key in NUMBERS])
            reports = await work.reports.of_numbers(ids.values())
            for (_, key), id_ in ids.items():
                found[key] = [r.status.value for r in reports.get(id_, [])]
            return found
    finally:
        await database.close()


async def state_of(var: Path) -> tuple[str, str, int]:
    """How the feed stands: its state, its last error, and how many answers are kept."""
    database = Database(f"sqlite+aiosqlite:///{var / 'holdwatch.db'}")
    try:
        async with database.dock(datetime.now(UTC)) as dock:
            feed = (await dock.feeds.of(["acme"]))["acme"]
            return feed.state, feed.last_error, await dock.raws.count()
    finally:
        await database.close()


def prepared(tmp_path: Path, api: BrokerApi) -> tuple[Path, str]:
    """A folder with settings and a list of loads, and the name of the settings."""
    var = tmp_path / "var"
    (tmp_path / "holdwatch.toml").write_text(settings(api), "utf-8")
    (var / "loads").mkdir(parents=True)
    eta = (datetime.now(UTC) + timedelta(minutes=80)).isoformat(timespec="minutes")
    with (var / "loads" / "loads.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "direction", "pars", "eta", "crossing"])
        rows.writerows([str(n), "CA", pars, eta, "Windsor"] for n, pars in enumerate(NUMBERS))
    return var, str(tmp_path / "holdwatch.toml")


async def started(var: Path, config: str, during: Callable[[Bot], Awaitable[None]]) -> None:
    """Runs a bot beside us, and what is to be done meanwhile."""
    manager = running(var, HOLDWATCH_CONFIG=config)
    bot = await asyncio.to_thread(manager.__enter__)
    try:
        await during(bot)
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


async def test_failures_of_every_kind_and_a_kill_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    async with broker_api({n: said("Waiting", 30) for n in NUMBERS}) as api:
        var, config = prepared(tmp_path, api)
        api.plan.extend(["ok", "lost", "500", "ok", "half", "slow:3", "ok", "html", "429:1", "ok"])

        async def killed(bot: Bot) -> None:
            await until(lambda: all_heard(var, ["AWAITING_PROCESSING"]))
            for number in NUMBERS:
                api.known[number] = said("Cleared", 1)
            before = len(api.asked)
            await until(lambda: returns(len(api.asked) > before + 2))
            bot.process.kill()

        async def goes_on(bot: Bot) -> None:
            await until(lambda: all_heard(var, ["AWAITING_PROCESSING", "READY"]))
            await until(lambda: returns(api.count(NUMBERS[0]) > 6))

        await started(var, config, killed)
        api.plan.extend(["500", "lost", "ok"])
        await started(var, config, goes_on)
        found = await told(var)
        state, error, raws = await state_of(var)
    assert found == {number: ["AWAITING_PROCESSING", "READY"] for number in NUMBERS}
    assert raws == 2 * len(NUMBERS) + 2  # and the page that was no answer, and the list of loads
    assert (state, error != "") == ("alive", True)


async def test_a_refused_key_is_shown_once_in_an_hour_whoever_starts_again(tmp_path: Path) -> None:
    async with broker_api() as api:
        var, config = prepared(tmp_path, api)
        api.key = "SAMPLE-another"

        async def refused(bot: Bot) -> None:
            await until(lambda: is_state(var, "dead"))

        async def waits(bot: Bot) -> None:
            await asyncio.sleep(3)

        await started(var, config, refused)
        await started(var, config, waits)
        shown, (_, error, _) = len(api.asked), await state_of(var)
        log = (tmp_path / "err.txt").read_text("utf-8") + (tmp_path / "out.txt").read_text("utf-8")
        doctor = await asyncio.to_thread(holdwatch, var, "doctor", HOLDWATCH_CONFIG=config)
    assert (shown, error) == (1, "it does not take our key (401)")
    assert KEY not in log + doctor.stdout
    assert "it does not take our key (401)" in doctor.stdout


async def returns(value: bool) -> bool:
    return value


async def all_heard(var: Path, statuses: list[str]) -> bool:
    found = await told(var)
    return len(found) == len(NUMBERS) and all(own[-len(statuses) :] == statuses for own in found.values())


async def is_state(var: Path, state: str) -> bool:
    return (await state_of(var))[0] == state


def test_the_ten_lines_of_the_readme_make_a_feed(tmp_path: Path) -> None:
    (block,) = re.findall(r"(?ms)^```toml\n(\[feeds\.acme\].*?)^```", README.read_text("utf-8"))
    assert len(block.strip().splitlines()) <= 11
    assert tomllib.loads(block)
    (tmp_path / "holdwatch.toml").write_text(block)
    (tmp_path / "acme.key").write_text("SAMPLE-key")
    (feed,) = read_config(tmp_path / "holdwatch.toml", tmp_path, SOURCES).feeds
    assert (feed.asks, feed.headers["X-Api-Key"], feed.words["Accepted"]) == (True, "SAMPLE-key", "READY")
