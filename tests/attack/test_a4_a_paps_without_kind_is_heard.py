"""A4: a broker's word about a PAPS reaches its load though the message does not say what kind the number is."""

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
