"""When the database goes away for a moment, or is shared by several programs: the story stays the same."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.handlers.telegram.rig import free_port
from tests.stories.house import House
from tests.stories.rig import story
from tests.stories.steps import shown, steps, tell, written

_CUT = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def _cut(url: str) -> None:
    """Ends every connection to the database, as its restart would."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql(_CUT)
    await engine.dispose()


async def test_a_database_that_drops_all_connections_before_each_step_changes_nothing(
    postgres_own_url: str, tmp_path: Path
) -> None:
    async with story(tmp_path, postgres_own_url) as it:
        for step in steps(it):
            await _cut(postgres_own_url)
            answer = await step.act(it)
            await it.settled()
            it.step(step.title, answer)
        assert it.told == written("slack").splitlines()
        await it.checked()


async def test_a_database_that_drops_connections_in_the_middle_of_everything_loses_nothing(
    postgres_own_url: str, tmp_path: Path
) -> None:
    """Who is told that it failed types again; what was sent and not recorded is sent again."""
    async with story(tmp_path, postgres_own_url) as it:
        for number, step in enumerate(steps(it)):
            cutting = asyncio.create_task(_cut_often(it.house, postgres_own_url, 0.01 * (number % 4)))
            answer = await step.act(it)
            await cutting
            if "failed" in answer or "Send it again" in answer:
                answer = await step.act(it)
            await it.settled()
        last, ever = shown("slack")
        assert not last - it.final(), "something was never told"
        assert set(it.final()) <= ever
        await it.checked()


async def _cut_often(house: House, url: str, pause: float) -> None:
    """Three cuts; then leases of claims whose answer was lost run out, as they do within minutes."""
    for _ in range(3):
        await asyncio.sleep(pause)
        await _cut(url)
    house.waits(timedelta(minutes=3))


async def test_two_programs_on_one_database_tell_everything_once(postgres_own_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, postgres_own_url) as it:
        other = House(tmp_path, postgres_own_url, it.house.environment, free_port())
        other.clock = it.house.clock
        await other.open()
        try:
            await tell(it)
            assert it.final() == shown("slack")[0]
            await it.checked()
        finally:
            await other.close()
