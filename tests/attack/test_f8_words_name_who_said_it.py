"""F3, F8: what is told names who said it and shows the code of the sender; customs' warning is never only counted."""

import pytest

from bot.feeds.protocol import Places
from storage.database import Database
from tests.attack.ground import PARS
from tests.attack.wider import CA, MINUTE, TRIPS, Wider
from tests.handlers.commands.desk import OPERATOR

ABOUT = f"ccn {PARS}"
EARLY = "customs warns that PARS SMPLPARS100123 comes before its review time is over"


async def test_a_word_of_a_broker_that_nobody_can_read_is_not_said_to_be_customs(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db, places=Places(status="status"))
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    await ground.page(ABOUT, status="in review")
    said = await ground.say("/load 1234 why", OPERATOR)
    assert "page sent a word about PARS SMPLPARS100123 that we cannot read (it reads “in review”)" in said
    assert "a later word of page that we can read" in said
    assert "customs sent a word" not in said


async def test_a_code_of_customs_that_nobody_knows_is_shown_as_a_code(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    await ground.rns("9")
    ground.now += MINUTE
    await ground.rns("77")
    assert "customs sent a word about PARS SMPLPARS100123 that we cannot read (code 77)" in await ground.types(
        "/load 1234 status"
    )


@pytest.mark.parametrize(
    ("data", "item", "shown"),
    [
        ("API_RESPONSE", {"status": "DATA_ERROR"}, "refused (code DATA_ERROR)"),
        ("ACI_RESPONSE", {"type": "REJECT"}, "refused."),
        ("ACI_RESPONSE", {"type": "REJECT", "errorResponses": [{"errorCode": "E17"}]}, "refused (code E17)"),
    ],
)
async def test_brackets_show_the_senders_code_or_nothing(
    sqlite_db: Database, data: str, item: dict[str, object], shown: str
) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.rns("9")
    await ground.bc(data, tripNumber=TRIPS["CA"], **item)
    said = await ground.types("/load 1234 status")
    assert f"our manifest for trip {TRIPS['CA']} was {shown}" in said
    assert "gateway" not in said


async def test_a_truck_that_comes_too_early_is_warned_in_the_first_line_whatever_the_answer(
    sqlite_db: Database,
) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.bc("ACI_NOTICE", type="INSUFFICIENT_REVIEW_TIME_WARNING", cargoControlNumber=PARS)
    said = await ground.types("/load 1234 status")
    assert said.startswith("1234 UNKNOWN") and EARLY in said
    await ground.bc("ACI_RESPONSE", type="REJECT", tripNumber=TRIPS["CA"])
    said = await ground.types("/load 1234 status")
    assert said.startswith("1234 HOLD") and EARLY in said
    ground.now += MINUTE
    await ground.taken(TRIPS["CA"])
    await ground.rns("9")
    assert (await ground.types("/load 1234 status")).startswith(f"1234 GO, BUT {EARLY}")


async def test_a_brokers_page_that_is_asked_is_not_called_customs(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db, asks=True)
    await ground.types(CA)
    said = await ground.types("/load 1234 ask")
    assert said.startswith("1234: page is asked about")
