"""A trip number used twice: what customs said of the truck that is over says nothing of the next (A5)."""

from datetime import timedelta

from storage.database import Database
from tests.attack.ground import PARS
from tests.attack.wider import CA, Wider

TRIP = "8SMPTRIP1"
OTHER = f'/load 77 add to=CA port="Ambassador Bridge" pars=SMPLPARS100777 broker=PCB eta=07:00 papers=03:30 trip={TRIP}'


async def crossed(db: Database) -> Wider:
    """Yesterday's truck went over with an accepted manifest of this trip."""
    ground = await Wider(db).opened()
    await ground.types(OTHER)
    await ground.manifest(TRIP)
    await ground.types("/load 77 crossed")
    await ground.pass_(timedelta(minutes=20))
    return ground


async def test_a5_a_trip_that_another_truck_used_up_lets_nothing_go(sqlite_db: Database) -> None:
    ground = await crossed(sqlite_db)
    await ground.types(CA)
    await ground.rns("9", PARS)
    found = await ground.found("1234")
    assert found.manifest is None
    await ground.pass_(timedelta(minutes=1))
    await ground.manifest(TRIP)
    assert (await ground.found("1234")).manifest is not None


async def test_a_trip_of_a_load_that_was_cancelled_and_entered_again_keeps_its_manifest(sqlite_db: Database) -> None:
    ground = await Wider(sqlite_db).opened()
    await ground.types(CA)
    await ground.manifest(TRIP)
    await ground.types("/load 1234 cancel")
    await ground.types(CA)
    assert (await ground.found("1234")).manifest is not None
