"""C1, T1: brokers that settings name are meant by whatever name they get in chat."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.app import opened as opened_app
from bot.clock import Clock
from bot.config import read_config
from bot.domain.carrier import FeedCover
from bot.domain.policy import Policy
from bot.domain.status import Track
from bot.feeds.registry import SOURCES
from bot.watch.called import Called
from bot.watch.jobs import sweep
from handlers.console import CONSOLE
from handlers.reply import Line, Result
from storage.database import Database
from tests.handlers.commands.desk import Desk

OWN = timedelta(hours=5)


async def opened(db: Database, *names: str) -> tuple[Desk, Callable[[], Awaitable[None]]]:
    """A desk whose only feed tells of these brokers alone, who have a promise of their own."""
    desk = Desk(db)
    feed = FeedCover("rns", frozenset({Track.RELEASE}), brokers=frozenset(names))
    policy = Policy(brokers=dict.fromkeys(names, OWN))
    desk.world.carriers = {"home": replace(desk.world.carriers["home"], feeds=(feed,), policy=policy)}
    await desk.opened()
    return desk, Called(db, desk.world, lambda: desk.now).refresh


async def watched(desk: Desk, number: str, broker: str) -> tuple[bool, bool]:
    """Whether a load of this broker is covered once it was looked at, and goes by the promise that settings give."""
    await desk.say(f'/load {number} add to=CA pars=SMPLPARS10{number} broker="{broker}" eta=15:00')
    record = await desk.load(number)
    policy = desk.world.carriers["home"].policy
    return any("rns" in feeds for feeds in record.coverage.values()), policy.own_promise(broker) == OWN


async def test_c1_a_broker_of_settings_is_covered_by_the_name_it_got_in_chat(db: Database) -> None:
    desk, refresh = await opened(db, "PCB")
    assert await watched(desk, "1001", "PCB") == (True, True)
    await desk.say('/broker PCB set name="PCB Freight"')
    await refresh()
    assert await watched(desk, "1002", "PCB Freight") == (True, True)
    await desk.say('/broker "PCB Freight" set name="Pacific"')
    await refresh()
    assert await watched(desk, "1003", "Pacific") == (True, True)
    assert await watched(desk, "1004", "Willow") == (False, False)


async def test_c1_a_load_that_was_entered_in_between_is_covered_when_it_is_looked_at_again(db: Database) -> None:
    desk, refresh = await opened(db, "PCB")
    await watched(desk, "1001", "PCB")
    await desk.say('/broker PCB set name="PCB Freight"')
    assert (await watched(desk, "1002", "PCB Freight"))[0] is False
    await refresh()
    await sweep(db, desk.world, desk.now)
    record = await desk.load("1002")
    assert any("rns" in feeds for feeds in record.coverage.values())


async def test_c1_a_broker_of_settings_is_covered_by_the_one_that_it_was_made_one_with(db: Database) -> None:
    desk, refresh = await opened(db, "PCB")
    await watched(desk, "1001", "PCB")
    await desk.say("/broker Pacific add")
    await desk.say("/shipper Pacific same as PCB")
    await refresh()
    assert await watched(desk, "1002", "Pacific") == (True, True)


async def test_t1_a_promise_that_settings_give_the_new_name_goes_before_that_of_the_old(db: Database) -> None:
    desk, refresh = await opened(db, "PCB")
    home = desk.world.carriers["home"]
    both = Policy(brokers={"PCB": OWN, "pacific": timedelta(hours=1)})
    desk.world.carriers = {"home": replace(home, policy=both)}
    refresh = Called(db, desk.world, lambda: desk.now).refresh
    await watched(desk, "1001", "PCB")
    await desk.say("/broker PCB set name=Pacific")
    await refresh()
    assert desk.world.carriers["home"].policy.own_promise("Pacific") == timedelta(hours=1)


async def test_no_load_is_made_due_where_no_broker_of_settings_has_another_name(
    sqlite_db: Database,
) -> None:
    desk, refresh = await opened(sqlite_db, "PCB")
    await watched(desk, "1001", "PCB")
    before, home = await desk.load("1001"), desk.world.carriers["home"]
    desk.now += timedelta(minutes=1)
    await refresh()
    assert desk.world.carriers["home"] is home
    assert (await desk.load("1001")).look_at == before.look_at


async def test_c1_the_program_knows_at_its_start_and_while_it_runs_what_brokers_of_settings_are_called(
    sqlite_url: str, tmp_path: Path
) -> None:
    file, var = tmp_path / "holdwatch.toml", tmp_path / "var"
    file.write_text('[feeds.pcb]\nsource = "broker_json"\n[feeds.pcb.covers]\nbrokers = ["PCB"]\n')
    config = read_config(file, var, SOURCES)

    def known(app: App) -> frozenset[str]:
        return app.world.carriers["home"].feeds[0].brokers

    async with opened_app(config, sqlite_url, Clock(), var) as app:
        await app.entry(Line("/broker PCB add", await app.entry.account_of(""), CONSOLE, "a"))
        running = asyncio.create_task(app.jobs.run())
        line = Line('/broker PCB set name="PCB Freight"', await app.entry.account_of(""), CONSOLE, "b")
        assert (await app.entry(line)).result is Result.OK
        async with asyncio.timeout(20):
            while known(app) != {"PCB", "PCB Freight"}:
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.wait([running])
    async with opened_app(config, sqlite_url, Clock(), var) as app:
        assert known(app) == {"PCB", "PCB Freight"}
