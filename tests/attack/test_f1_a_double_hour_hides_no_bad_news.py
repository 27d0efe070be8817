"""F1 on the night the clocks go back: a refusal of the second 01:10 is later than an acceptance of the first 01:50."""

from datetime import UTC, datetime

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
