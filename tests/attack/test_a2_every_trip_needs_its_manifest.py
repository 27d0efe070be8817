"""A2: a load with two trips has two manifests, and one of them says nothing of the other."""

from storage.database import Database
from tests.attack.ground import PARS, Ground

LINE = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30 trip=SMPLT1,SMPLT2'


async def test_one_accepted_manifest_of_two_is_not_the_loads(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    await ground.rns("9")
    await ground.manifest("SMPLT1")
    assert (await ground.found()).manifest is None
    await ground.manifest("SMPLT2")
    assert (await ground.found()).manifest is not None


async def test_an_acceptance_of_one_trip_does_not_end_the_refusal_of_another(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    await ground.rns("9")
    await ground.manifest("SMPLT1", "rejected")
    await ground.manifest("SMPLT2")
    found = await ground.found()
    assert not found.is_go
    assert "our_manifest" in await ground.kinds()


async def test_a_persons_word_about_one_trip_is_none_about_a_trip_that_was_added_since(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE.replace(",SMPLT2", ""))
    await ground.rns("9")
    await ground.types("/load 1234 manifest accepted")
    assert (await ground.found()).is_go
    await ground.types("/load 1234 trip SMPLT1,SMPLT2")
    found = await ground.found()
    assert found.manifest is None and not found.is_go
    await ground.manifest("SMPLT2")
    assert (await ground.found()).is_go
