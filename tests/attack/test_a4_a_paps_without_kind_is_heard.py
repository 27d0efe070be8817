"""A4: a broker's word about a PAPS reaches its load though the message does not say what kind the number is."""

from datetime import timedelta

import pytest

from bot.domain.load import Hand, LoadRow
from bot.domain.numbers import NumberKind
from bot.watch.hands import Hands
from bot.watch.rows import add_rows
from storage.database import Database
from tests.attack.ground import LATER_TRANSACTION, PARS, TRANSACTION, Ground

LINE = '/load 1234 add to=US port="Ambassador Bridge" paps=SMPL123456 broker=PCB eta=13:00 papers=08:30'


async def test_bad_news_of_a_paps_without_kind_holds_its_load(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    await ground.broker("SMPL123456", "rejected")
    assert "rejected" in await ground.kinds()


async def test_good_news_of_a_paps_without_kind_counts_too(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    await ground.broker("SMPL123456", "accepted")
    assert (await ground.found()).shipments[0].rests_on is not None


@pytest.mark.parametrize("load_first", [True, False])
@pytest.mark.parametrize("carriers", [("home",), ("north", "home")])
async def test_a_paps_without_kind_is_heard_by_a_load_that_a_list_brings_before_or_after(
    db: Database, load_first: bool, carriers: tuple[str, ...]
) -> None:
    """The list comes by a feed of the carrier's own, the broker may speak to several."""
    ground = Ground(db, carriers)
    row = LoadRow("line 2", {
        "number": "1234", "direction": "US", "crossing": "Ambassador Bridge", "eta": "2026-11-24 13:00",
        "broker": "PCB", "paps": "SMPL123456",
    })  # fmt: skip

    async def listed() -> None:
        async with db.work("home", ground.now, write=True) as work:
            (taken,) = await add_rows(work, ground.world, [row], Hands(Hand.FILE, "list.csv"))
            assert taken.outcome == "added"

    async def told() -> None:
        await ground.broker("SMPL123456", "rejected")

    for step in (listed, told) if load_first else (told, listed):
        await step()
    assert "rejected" in await ground.kinds("1234", "home")


@pytest.mark.parametrize("carriers", [("home",), ("north", "home")])
@pytest.mark.parametrize("number", [TRANSACTION, f"{TRANSACTION[:5]}-{TRANSACTION[5:]}"])
async def test_bad_news_of_a_transaction_without_kind_takes_its_acceptance_back(
    db: Database, carriers: tuple[str, ...], number: str
) -> None:
    ground = Ground(db, carriers)
    line = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} trip=SMPLTRIP1 broker=PCB eta=13:00'
    await ground.types(f"{line} carrier=home" if len(carriers) > 1 else line)
    await ground.manifest("SMPLTRIP1")
    await ground.broker(PARS, "accepted", transaction=TRANSACTION)
    assert (await ground.found("1234", "home")).is_go
    ground.now += timedelta(minutes=5)
    await ground.broker(number, "rejected")
    assert not (await ground.found("1234", "home")).is_go
    assert "rejected" in await ground.kinds("1234", "home")


async def test_f9_bad_news_of_a_transaction_without_kind_that_comes_before_its_acceptance_hides_no_hold(
    db: Database,
) -> None:
    ground = Ground(db)
    await ground.types(f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} trip=SMPLTRIP1 broker=PCB eta=13:00')
    await ground.manifest("SMPLTRIP1")
    sent = ground.now - timedelta(minutes=10)
    await ground.broker(TRANSACTION, "rejected")
    await ground.broker(PARS, "accepted", transaction=TRANSACTION, sent_at=sent.isoformat())
    assert not (await ground.found()).is_go
    assert "rejected" in await ground.kinds()


async def test_a_number_of_fourteen_digits_that_a_load_claims_or_nobody_named_is_no_transaction(db: Database) -> None:
    ground = Ground(db)
    await ground.types(f'/load 1 add to=CA port="Ambassador Bridge" pars={TRANSACTION} broker=PCB eta=13:00')
    await ground.broker(PARS, "accepted", transaction=TRANSACTION)
    await ground.broker(TRANSACTION, "rejected")
    await ground.broker(LATER_TRANSACTION, "rejected")
    async with db.work("home", ground.now) as work:
        kinds = [(NumberKind.CCN, TRANSACTION), (NumberKind.CCN, LATER_TRANSACTION)]
        assert set(await work.numbers.find([*kinds, (NumberKind.TRANSACTION, TRANSACTION)])) == set(kinds)
    assert "rejected" in await ground.kinds("1")
