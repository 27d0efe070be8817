"""A5, F1: what a page that is polled shows against a shipment counts, however it writes it and whenever it dates it."""

from datetime import UTC, datetime

import pytest

from bot.feeds.protocol import Places
from storage.database import Database
from tests.attack.ground import PARS
from tests.attack.wider import CA, MINUTE, PAPS, TRIPS, US, Wider

ABOUT = f"ccn {PARS}"
DATED = Places(dated={"accepted": "READY", "refused": "REJECTED"})


async def test_a_refusal_that_comes_back_with_another_note_is_as_new_as_it_was_seen(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    refused = ground.clock
    await ground.page(ABOUT, status="rejected", at=refused, note="SAMPLE one")
    ground.now += 10 * MINUTE
    accepted = ground.clock
    await ground.page(ABOUT, status="accepted", at=accepted)
    assert (await ground.found()).is_go
    ground.now += 10 * MINUTE
    await ground.page(ABOUT, status="rejected", at=refused, note="SAMPLE two")
    assert await ground.kinds() == {"rejected"}
    ground.now += 10 * MINUTE
    await ground.page(ABOUT, status="accepted", at=accepted)
    assert (await ground.found()).is_go


@pytest.mark.parametrize("when", ["yesterday", "2026-11-26T12:00:00", "2026-11-24", "0001-01-01T00:00:00"])
async def test_no_go_stands_beside_a_refusal_whose_date_nobody_can_read(sqlite_db: Database, when: str) -> None:
    ground = Wider(sqlite_db, places=DATED)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    ground.now += 30 * MINUTE
    await ground.page(ABOUT, accepted="2026-11-24T09:10:00", refused=when)
    assert await ground.kinds() >= {"unread"}
    ground.now += 5 * MINUTE
    await ground.page(ABOUT, accepted=ground.clock)
    assert (await ground.found()).is_go


async def test_a_refusal_of_a_double_hour_may_be_the_later_one(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db, places=DATED, now=datetime(2026, 11, 1, 5, tzinfo=UTC))
    await ground.types(CA.replace("13:00", "05:00").replace("08:30", "00:30"))
    await ground.bc("ACI_RESPONSE", timed=False, type="ACCEPT", tripNumber=TRIPS["CA"])
    ground.now = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    await ground.page(ABOUT, accepted="2026-11-01T01:45:00", refused="2026-11-01T01:20:00")
    assert await ground.kinds() == {"rejected"}


async def test_a_paps_heard_as_another_number_before_its_load_is_asked_about_by_its_own(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db, asks=True)
    await ground.broker(PAPS, "awaiting processing")
    await ground.types(US)
    await ground.taken(TRIPS["US"])
    accepted = ground.clock
    for _ in range(8):  # to ETA - 40 min: it was asked at ETA - 2 h and at the last
        await ground.page(f"scn {PAPS}", status="accepted", at=accepted)
        found = await ground.found()
        assert found.answer.value == "go", ground.now
        ground.now += 28 * MINUTE
