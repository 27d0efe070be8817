"""F3, A2: a refused manifest, a held truck and a shipment are each answered only by who may, and about themselves."""

from bot.domain.load import Life
from storage.database import Database
from tests.attack.wider import CA, MINUTE, TRIPS, US, Wider


async def test_a_brokers_yes_does_not_end_the_refusal_of_the_manifest_by_customs(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.rns("9")
    await ground.taken(TRIPS["CA"])
    assert (await ground.found()).is_go
    ground.now += 10 * MINUTE
    await ground.bc("ACI_RESPONSE", type="REJECT", tripNumber=TRIPS["CA"])
    ground.now += 10 * MINUTE
    await ground.manifest(TRIPS["CA"])
    assert await ground.kinds() == {"our_manifest"}
    ground.now += 10 * MINUTE
    await ground.taken(TRIPS["CA"])
    assert (await ground.found()).is_go


async def test_another_trip_that_is_let_go_does_not_free_a_held_truck(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(f"{US},SMPLTRIP2")
    await ground.taken(TRIPS["US"])
    await ground.taken("SMPLTRIP2")
    await ground.filed()
    assert (await ground.found()).is_go
    ground.now += MINUTE
    await ground.bc("ACE_RESPONSE", tripNumber=TRIPS["US"], tripStatus="HTR")
    ground.now += MINUTE
    await ground.bc("ACE_RESPONSE", tripNumber="SMPLTRIP2", tripStatus="RTR")
    assert await ground.kinds() == {"exam"}
    ground.now += 130 * MINUTE
    await ground.look()
    assert (await ground.load()).life is Life.OPEN


async def test_a_broker_that_says_released_does_not_free_a_truck_that_customs_holds(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US)
    await ground.taken(TRIPS["US"])
    await ground.filed()
    await ground.bc("ACE_RESPONSE", tripNumber=TRIPS["US"], tripStatus="HTR")
    ground.now += MINUTE
    await ground.broker(TRIPS["US"], "released", kind="trip")
    assert await ground.kinds() == {"exam"}


async def test_a_truck_that_is_let_go_releases_no_shipment(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US)
    await ground.taken(TRIPS["US"])
    request = {"type": "ADD_SHIPMENT", "shipmentControlNumber": "SMPLPAPS1234"}
    await ground.bc("ACE_RESPONSE", tripStatus="RTR", sendRequest=request)
    found = await ground.found()
    assert not found.is_go
    assert [h.kind.value for h in found.holds] == ["entry_missing"]


async def test_f8_a_word_on_the_manifest_that_nobody_can_read_takes_the_go_away(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.rns("9")
    await ground.bc("ACI_RESPONSE", type="SAMPLE", tripNumber=TRIPS["CA"])
    ground.now += MINUTE
    await ground.taken(TRIPS["CA"])
    assert (await ground.found()).is_go
    ground.now += MINUTE
    await ground.bc("ACI_RESPONSE", type="SAMPLE", tripNumber=TRIPS["CA"])
    found = await ground.found()
    assert (found.answer.value, await ground.kinds()) == ("unknown", {"unread"})
    assert "cannot read" in await ground.types("/load 1234 status")
    ground.now += MINUTE
    await ground.taken(TRIPS["CA"])
    assert (await ground.found()).is_go


async def test_a_load_that_gets_the_trip_of_one_that_crossed_is_not_taken_for_crossed(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US.replace("1234 add", "77 add").replace("PAPS1234", "PAPS77"))
    await ground.taken(TRIPS["US"])
    await ground.bc("ACE_RESPONSE", tripNumber=TRIPS["US"], tripStatus="RTR")
    ground.now += 180 * MINUTE
    await ground.look()
    assert (await ground.load("77")).life is Life.CROSSED
    ground.now += 20 * 60 * MINUTE
    await ground.types(US.replace("papers=08:30 ", "").replace(f" trip={TRIPS['US']}", ""))
    await ground.types(f"/load 1234 trip {TRIPS['US']}")
    await ground.look()
    assert (await ground.load()).life is Life.OPEN
    assert not (await ground.found()).is_go
