"""A trip number used twice: what customs said of the truck that is over says nothing of the next (A5)."""

from datetime import timedelta

from bot.domain.load import Life
from storage.database import Database
from tests.attack.ground import HOME, PARS
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


async def due(ground: Wider) -> bool:
    """Whether the load is to be looked at now."""
    look_at = (await ground.load("1234")).look_at
    return look_at is not None and look_at <= ground.now


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


async def test_a_trip_that_two_open_loads_share_keeps_its_manifest_when_one_of_them_crossed(
    sqlite_db: Database,
) -> None:
    ground = await Wider(sqlite_db).opened()
    await ground.types(OTHER)
    await ground.types(CA)
    await ground.pass_(timedelta(minutes=5))
    await ground.manifest(TRIP)
    await ground.rns("9", PARS)
    assert (await ground.found("1234")).is_go
    await ground.types("/load 77 crossed")
    await ground.pass_(timedelta(minutes=20))
    found = await ground.found("1234")
    assert found.is_go and found.manifest is not None


async def test_a5_a_trip_typed_after_its_truck_was_over_lets_no_load_of_before_go(sqlite_db: Database) -> None:
    ground = await Wider(sqlite_db).opened()
    await ground.types(CA.replace(f" trip={TRIP}", ""))
    await ground.types(OTHER)
    await ground.manifest(TRIP)
    await ground.types("/load 77 crossed")
    await ground.pass_(timedelta(minutes=20))
    await ground.types(f"/load 1234 trip {TRIP}")
    await ground.rns("9", PARS)
    assert (await ground.found("1234")).manifest is None


async def test_a5_a_trip_that_a_load_gave_up_and_takes_again_once_it_is_used_inherits_nothing(
    sqlite_db: Database,
) -> None:
    ground = await Wider(sqlite_db).opened()
    await ground.types(OTHER)
    await ground.types(CA)
    await ground.manifest(TRIP)
    await ground.pass_(timedelta(minutes=20))
    await ground.types("/load 1234 trip 8SMPTRIP2")
    await ground.types("/load 77 crossed")
    await ground.pass_(timedelta(minutes=20))
    await ground.types(f"/load 1234 trip {TRIP}")
    assert (await ground.found("1234")).manifest is None
    await ground.types("/load 1234 undo")
    await ground.types("/load 1234 undo")
    assert (await ground.found("1234")).manifest is not None


async def test_a5_a_truck_that_was_over_before_the_trip_was_used_again_lets_nothing_go_once_it_is_said(
    sqlite_db: Database,
) -> None:
    ground = await Wider(sqlite_db).opened()
    await ground.types(OTHER)
    await ground.manifest(TRIP)
    over = f"{ground.now.astimezone(HOME):%H:%M}"
    await ground.pass_(timedelta(minutes=30))
    await ground.types(CA)
    await ground.rns("9", PARS)
    assert (await ground.found("1234")).is_go
    await ground.types(f"/load 77 crossed {over}")
    assert await due(ground)
    assert (await ground.found("1234")).manifest is None
    assert not await due(ground)
    await ground.types("/load 77 undo")
    assert await due(ground)
    assert (await ground.found("1234")).manifest is not None


async def test_a5_a_trip_of_a_truck_that_was_never_seen_again_lets_nothing_of_after_its_eta_go(
    sqlite_db: Database,
) -> None:
    ground = await Wider(sqlite_db).opened()
    await ground.types(OTHER.replace("eta=07:00", "eta=10:00"))
    await ground.manifest(TRIP)
    await ground.pass_(timedelta(hours=30))
    await ground.types(CA.replace("eta=13:00", 'eta="28 Nov 13:00"'))
    await ground.pass_(timedelta(hours=48))
    assert (await ground.load("77")).life is Life.CLOSED
    assert (await ground.found("1234")).manifest is None
