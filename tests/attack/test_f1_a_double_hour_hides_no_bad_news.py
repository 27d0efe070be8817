"""F1 on the night the clocks go back: a refusal of the second 01:10 is later than an acceptance of the first 01:50."""

from datetime import UTC, datetime

import pytest

from storage.database import Database
from tests.attack.ground import PARS, Ground


async def night(db: Database) -> Ground:
    """Midnight before the double hour, and a load whose manifest is accepted."""
    ground = Ground(db)
    ground.now = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
    line = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB trip=SMPLTRIP1 eta=08:00'
    await ground.types(line)
    await ground.manifest("SMPLTRIP1")
    return ground


async def test_a_refusal_of_the_second_hour_takes_back_an_acceptance_of_the_first(sqlite_db: Database) -> None:
    ground = await night(sqlite_db)
    ground.now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
    await ground.rns("9", at="202611010150")
    assert (await ground.found()).answer.value == "go"
    ground.now = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    await ground.rns("2", at="202611010110")
    assert (await ground.found()).answer.value == "hold"


async def test_a_refusal_of_the_first_hour_is_answered_by_an_acceptance_in_it(sqlite_db: Database) -> None:
    ground = await night(sqlite_db)
    ground.now = datetime(2026, 11, 1, 5, 10, tzinfo=UTC)
    await ground.rns("2", at="202611010110")
    ground.now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
    await ground.rns("9", at="202611010150")
    assert (await ground.found()).answer.value == "go"


@pytest.mark.parametrize("feed", ["rns", "pcb"])
async def test_a_refusal_of_the_second_hour_by_a_clock_that_is_ahead_takes_back_an_acceptance_of_the_first(
    sqlite_db: Database, feed: str
) -> None:
    """Stamped 01:10 and here at 01:08 of the second hour: it was not made an hour ago, before that acceptance."""
    ground = await night(sqlite_db)

    async def says(good: bool, minute: str) -> None:
        if feed == "rns":
            await ground.rns("9" if good else "2", at=f"2026110101{minute}")
        else:
            await ground.broker(PARS, "accepted" if good else "rejected", sent_at=f"2026-11-01T01:{minute}")

    ground.now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
    await says(True, "50")
    assert (await ground.found()).answer.value == "go"
    ground.now = datetime(2026, 11, 1, 6, 8, tzinfo=UTC)
    await says(False, "10")
    assert (await ground.found()).answer.value == "hold"
