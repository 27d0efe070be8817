"""A5, house rule 1: the same untimed words again after better ones are bad news said anew, and never good news."""

from datetime import timedelta

from storage.database import Database
from tests.attack.ground import PARS, Ground

MINUTE = timedelta(minutes=1)
LINE = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30'


async def test_a_refusal_said_again_after_an_acceptance_takes_the_go_away(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    for status in ("rejected", "accepted", "rejected"):
        ground.now += 5 * MINUTE
        await ground.broker(PARS, status, stamped=False)
    assert not (await ground.found()).is_go
    assert "rejected" in await ground.kinds()


async def test_an_acceptance_sent_twice_does_not_end_the_refusal_between(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    for status in ("accepted", "rejected", "accepted"):
        ground.now += 5 * MINUTE
        await ground.broker(PARS, status, stamped=False)
    assert not (await ground.found()).is_go


async def test_f9_the_same_bad_news_twice_in_a_row_changes_nothing(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    await ground.broker(PARS, "rejected", stamped=False)
    before = await ground.found()
    ground.now += MINUTE
    await ground.broker(PARS, "rejected", stamped=False)
    assert (await ground.found()).holds[0].since == before.holds[0].since
