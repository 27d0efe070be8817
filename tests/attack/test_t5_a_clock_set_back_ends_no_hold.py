"""T5: a clock that is set back takes nothing back that has arrived."""

from datetime import timedelta

from storage.database import Database
from tests.attack.ground import PARS, Ground

MINUTE = timedelta(minutes=1)


async def test_a_refusal_stands_though_the_clock_is_set_back_behind_its_arrival(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30')
    ground.now += 90 * MINUTE
    await ground.rns("2")
    assert "rejected" in await ground.kinds()
    ground.now -= 80 * MINUTE
    assert "rejected" in await ground.kinds()
    alert = await ground.alert()
    assert alert is not None and alert.state == "open"


async def test_an_eta_that_raised_an_alert_is_changed_and_not_erased(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30')
    await ground.rns("2")
    said = await ground.types("/load 1234 eta -")
    assert "do not erase" in said
    assert not (await ground.found()).eta_assumed
