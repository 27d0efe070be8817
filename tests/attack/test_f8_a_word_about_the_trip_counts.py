"""F8, F6: a word that names only a trip counts for its load: one that nobody can read, or that it is not matched."""

import pytest

from storage.database import Database
from tests.attack.wider import CA, MINUTE, PAPS, TRIPS, US, Wider


async def southbound(db: Database) -> Wider:
    """A load into the US whose answer is go."""
    ground = Wider(db)
    await ground.types(US)
    await ground.taken(TRIPS["US"])
    await ground.filed()
    assert (await ground.found()).is_go
    ground.now += 10 * MINUTE
    return ground


async def status(ground: Wider, word: str) -> None:
    await ground.bc("ACE_RESPONSE", tripNumber=TRIPS["US"], tripStatus=word)


async def test_f8_a_trip_status_that_no_table_knows_takes_the_go_away(sqlite_db: Database) -> None:
    ground = await southbound(sqlite_db)
    await status(ground, "SAMPLE")
    found = await ground.found()
    assert (found.answer.value, await ground.kinds()) == ("unknown", {"unread"})
    ground.now += MINUTE
    await ground.taken(TRIPS["US"])
    assert (await ground.found()).is_go


async def test_f8_a_persons_word_on_the_manifest_ends_an_unread_trip_status(sqlite_db: Database) -> None:
    ground = await southbound(sqlite_db)
    await status(ground, "SAMPLE")
    assert not (await ground.found()).is_go
    ground.now += 5 * MINUTE
    await ground.types("/load 1234 manifest accepted")
    assert (await ground.found()).is_go


async def test_f8_a_trip_status_that_came_before_the_manifest_was_taken_is_outdated(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US)
    await status(ground, "SAMPLE")
    ground.now += MINUTE
    await ground.taken(TRIPS["US"])
    await ground.filed()
    assert (await ground.found()).is_go


@pytest.mark.parametrize("word", ["SUV", "STV", "AAD", "TRUCK ARRIVED AT BORDER"])
async def test_known_words_about_a_trip_leave_a_go_as_it_is(sqlite_db: Database, word: str) -> None:
    ground = await southbound(sqlite_db)
    await status(ground, word)
    assert (await ground.found()).is_go


async def test_f8_what_a_broker_cannot_say_of_a_trip_counts_for_nothing_beside_customs(sqlite_db: Database) -> None:
    ground = await southbound(sqlite_db)
    await ground.broker(TRIPS["US"], "SAMPLE word", kind="trip", track="match")
    assert (await ground.found()).is_go


async def test_f6_a_lost_match_that_names_only_the_trip_is_that_of_its_only_shipment(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    await ground.rns("9")
    assert (await ground.found()).is_go
    ground.now += 10 * MINUTE
    await ground.bc("ACI_NOTICE", type="NOT_MATCHED", tripNumber=TRIPS["CA"])
    assert await ground.kinds() == set()
    assert (await ground.found()).answer.value == "unknown"
    ground.now += 11 * MINUTE
    assert await ground.kinds() == {"link_broken"}
    ground.now += MINUTE
    await ground.bc("ACI_NOTICE", type="MATCHED", tripNumber=TRIPS["CA"])
    assert (await ground.found()).is_go


async def test_f8_a_lost_match_of_a_trip_of_two_says_not_of_which_until_both_are_accepted_anew(
    sqlite_db: Database,
) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA.replace("pars=SMPLPARS100123", "pars=SMPLPARS100123,SMPLPARS7"))
    await ground.taken(TRIPS["CA"])
    await ground.rns("9")
    await ground.rns("9", "SMPLPARS7")
    assert (await ground.found()).is_go
    ground.now += 10 * MINUTE
    await ground.bc("ACI_NOTICE", type="NOT_MATCHED", tripNumber=TRIPS["CA"])
    found = await ground.found()
    assert (found.answer.value, await ground.kinds()) == ("unknown", {"unread"})
    said = await ground.types("/load 1234 status")
    assert "not matched" in said and "does not say which" in said
    ground.now += 2 * MINUTE
    await ground.rns("9")
    assert (await ground.found()).answer.value == "unknown"
    await ground.rns("9", "SMPLPARS7")
    assert (await ground.found()).is_go


async def test_a_trip_that_was_never_matched_alarms_nobody(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA.replace("pars=SMPLPARS100123", "pars=SMPLPARS100123,SMPLPARS7"))
    await ground.taken(TRIPS["CA"])
    await ground.bc("ACI_NOTICE", type="NOT_MATCHED", tripNumber=TRIPS["CA"])
    assert await ground.kinds() == {"tight"}


async def test_a_page_that_shows_entry_numbers_on_file_is_the_entry_of_the_only_paps(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US)
    shipment = {"type": "PAPS", "shipmentControlNumber": PAPS}

    async def shows(text: str) -> None:
        await ground.bc("ACE_TRIP", tripNumber=TRIPS["US"], status=text, shipments=[shipment])

    await shows("Complete Manifest On File With CBP")
    assert not (await ground.found()).is_go
    ground.now += MINUTE
    await shows("Complete Manifest And Entry Numbers On File With CBP")
    assert (await ground.found()).is_go
    ground.now += MINUTE
    await shows("Complete Manifest On File With CBP")
    assert not (await ground.found()).is_go


async def test_a_page_that_showed_entry_numbers_before_the_paps_was_replaced_proves_none_of_the_new_one(
    sqlite_db: Database,
) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US)
    shown = {"tripNumber": TRIPS["US"], "status": "Complete Manifest And Entry Numbers On File With CBP"}
    await ground.bc("ACE_TRIP", **shown)
    assert (await ground.found()).is_go
    ground.now += MINUTE
    await ground.types(f"/load 1234 paps {PAPS}=>SMPLPAPS2")
    assert not (await ground.found()).is_go
    ground.now += MINUTE
    await ground.bc("ACE_TRIP", **shown, dateTime="later")
    assert (await ground.found()).is_go


async def test_a_page_that_shows_entry_numbers_proves_none_of_two_paps(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US.replace(PAPS, f"{PAPS},SMPLPAPS2"))
    await ground.taken(TRIPS["US"])
    await ground.bc("ACE_TRIP", tripNumber=TRIPS["US"], status="Complete Manifest And Entry Numbers On File With CBP")
    found = await ground.found()
    assert [h.kind.value for h in found.holds] == ["entry_missing", "entry_missing"]


async def test_a_page_that_shows_entry_numbers_outdates_no_later_hold(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(US)
    await ground.bc("ACE_TRIP", tripNumber=TRIPS["US"], status="Complete Manifest And Entry Numbers On File With CBP")
    assert (await ground.found()).is_go
    ground.now += MINUTE
    taken_back = {"shipmentControlNumber": PAPS, "code": "14"}
    await ground.bc("ACE_RESPONSE", tripNumber=TRIPS["US"], shipmentStatusList=[taken_back])
    assert await ground.kinds() == {"entry_withdrawn"}
