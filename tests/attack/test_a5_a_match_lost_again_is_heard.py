"""A5, house rule 1: the same untimed *not matched* after it was matched or accepted is heard, whoever said that how."""

import pytest

from bot.domain.numbers import NumberKind
from storage.database import Database
from tests.attack.ground import PARS
from tests.attack.wider import CA, MINUTE, TRIPS, Wider

CODE = {"number": "9", "shortName": "DECLARATION ACCEPTED"}


async def told(ground: Wider, *types: str) -> None:
    for type_ in types:
        ground.now += 6 * MINUTE
        await ground.bc("ACI_NOTICE", timed=False, type=type_, cargoControlNumber=PARS)


async def statuses(ground: Wider) -> list[str]:
    async with ground.db.work(ground.ids[0], ground.now) as work:
        ids = await work.numbers.find([(NumberKind.CCN, PARS)])
        return [r.status.value for _, _, r in await work.reports.with_raws(ids.values())]


@pytest.fixture
async def ground(sqlite_db: Database) -> Wider:
    found = Wider(sqlite_db)
    await found.types(CA)
    await found.taken(TRIPS["CA"])
    return found


async def test_after_a_match_that_came_in_the_words_of_before(ground: Wider) -> None:
    await told(ground, "MATCHED", "NOT_MATCHED", "MATCHED")
    ground.now += 6 * MINUTE
    await ground.rns("9")
    assert (await ground.found()).is_go
    await told(ground, "NOT_MATCHED")
    ground.now += 6 * MINUTE
    assert await ground.kinds() == {"link_broken"}


async def test_after_an_acceptance_by_the_same_feed(ground: Wider) -> None:
    await told(ground, "MATCHED", "NOT_MATCHED")
    ground.now += 6 * MINUTE
    await ground.bc("RNS_SHIPMENT", cargoControlNumber=PARS, status={"releaseCode": CODE, "dateTime": ground.clock})
    assert (await ground.found()).is_go
    await told(ground, "NOT_MATCHED")
    ground.now += 6 * MINUTE
    assert await ground.kinds() == {"link_broken"}


async def test_f9_said_twice_with_nothing_better_of_its_feed_between_is_a_repeat(ground: Wider) -> None:
    await told(ground, "MATCHED", "NOT_MATCHED")
    ground.now += 6 * MINUTE
    await ground.rns("9")
    await told(ground, "NOT_MATCHED")
    ground.now += 6 * MINUTE
    assert (await ground.found()).is_go


async def test_a_match_and_its_loss_brought_once_more_by_a_line_that_broke_off_are_a_repeat(ground: Wider) -> None:
    """The loss of before still stands: counted once more it would be told as news."""
    await told(ground, "MATCHED", "NOT_MATCHED", "MATCHED", "NOT_MATCHED")
    assert await ground.kinds() == {"link_broken"}
    assert await statuses(ground) == ["MATCHED", "NOT_MATCHED"]


async def test_a_word_by_telephone_between_lets_the_repeat_count(ground: Wider) -> None:
    await told(ground, "MATCHED", "NOT_MATCHED", "MATCHED")
    ground.now += 6 * MINUTE
    await ground.types("/load 1234 released by=Pat")
    await told(ground, "NOT_MATCHED")
    assert await statuses(ground) == ["MATCHED", "NOT_MATCHED", "NOT_MATCHED"]
