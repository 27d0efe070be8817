"""A5, house rule 1: the same untimed words again after better ones are bad news said anew, and never good news."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.attack.ground import PARS, TRANSACTION, Ground

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


async def test_a_refusal_said_again_after_its_transaction_was_let_go_takes_the_go_away(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    for status in ("rejected", "accepted", "rejected"):
        ground.now += 5 * MINUTE
        await ground.broker(PARS, status, stamped=False, transaction=TRANSACTION)
    ground.now += 5 * MINUTE
    await ground.broker(TRANSACTION, "released", stamped=False, kind="transaction")
    assert "rejected" not in await ground.kinds()
    for status in ("accepted", "rejected"):
        ground.now += 5 * MINUTE
        await ground.broker(PARS, status, stamped=False, transaction=TRANSACTION)
    assert "rejected" in await ground.kinds()


async def test_a_refusal_of_a_transaction_said_again_after_its_number_was_accepted_takes_the_go_away(
    sqlite_db: Database,
) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    for number, status, kind in (
        (PARS, "accepted", "ccn"), (TRANSACTION, "rejected", "transaction"), (PARS, "released", "ccn"),
        (TRANSACTION, "rejected", "transaction"),
    ):  # fmt: skip
        ground.now += 5 * MINUTE
        await ground.broker(number, status, stamped=False, kind=kind, transaction=TRANSACTION)
        assert ("rejected" in await ground.kinds()) is (status == "rejected")


@pytest.mark.parametrize("carriers", [("home",), ("north", "home")])
@pytest.mark.parametrize("number", ["SMPL123456", "SMPLTRIP9"])
async def test_a_refusal_of_a_number_without_kind_said_again_after_an_acceptance_takes_the_go_away(
    sqlite_db: Database, carriers: tuple[str, ...], number: str
) -> None:
    ground = Ground(sqlite_db, carriers)
    line = '/load 1234 add to=US port="Ambassador Bridge" paps=SMPL123456 trip=SMPLTRIP9 broker=PCB eta=13:00'
    await ground.types(f"{line} carrier=home" if len(carriers) > 1 else line)
    paps = number == "SMPL123456"
    hold, track, good = ("rejected", "release", "accepted") if paps else ("our_manifest", "manifest", "on file")
    for status in ("rejected", good, "rejected"):
        ground.now += 5 * MINUTE
        await ground.broker(number, status, stamped=False, track=track)
        assert (hold in await ground.kinds("1234", "home")) is (status == "rejected"), status
