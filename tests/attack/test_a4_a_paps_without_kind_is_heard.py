"""A4: a broker's word about a PAPS reaches its load though the message does not say what kind the number is."""

import pytest

from bot.domain.load import Hand, LoadRow
from bot.watch.hands import Hands
from bot.watch.rows import add_rows
from storage.database import Database
from tests.attack.ground import Ground

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
