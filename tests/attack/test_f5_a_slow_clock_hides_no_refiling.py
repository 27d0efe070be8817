"""A5, F5: a broker whose clock is slow files anew after customs accepted: the old acceptance lets nothing go."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.attack.ground import LATER_TRANSACTION, PARS, TRANSACTION
from tests.attack.wider import CA, TRIPS, Wider

SLOW = timedelta(hours=1)


async def pcb(ground: Wider, transaction: str, status: str = "sent", behind: timedelta = SLOW) -> None:
    """The broker says what it did with a transaction, on a clock that is so far behind."""
    sent = (ground.now - behind).isoformat()
    await ground.broker(PARS, status, transaction=transaction, sent_at=sent)


async def accepted(ground: Wider) -> None:
    """A load whose manifest and first transaction customs accepted."""
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    await ground.pass_(timedelta(minutes=20))
    await ground.rns("9", transaction=TRANSACTION)
    await ground.pass_(timedelta(minutes=20))
    assert (await ground.found()).is_go


@pytest.mark.parametrize("known", [True, False])
async def test_f5_a_refiling_that_a_slow_clock_dates_before_the_acceptance_lets_nothing_go(
    sqlite_db: Database, known: bool
) -> None:
    ground = Wider(sqlite_db)
    if known:
        await pcb(ground, TRANSACTION)
    await accepted(ground)
    await pcb(ground, LATER_TRANSACTION)
    found = await ground.found()
    assert not found.is_go
    assert [(h.kind.value, h.detail) for h in found.holds] == [("checking", {"refiled": LATER_TRANSACTION})]
    await ground.pass_(timedelta(minutes=20))
    await ground.rns("9", transaction=LATER_TRANSACTION)
    assert (await ground.found()).is_go


async def test_f5_what_a_broker_sent_before_and_comes_late_takes_no_acceptance_away(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await accepted(ground)
    await pcb(ground, TRANSACTION, "transmitted", behind=timedelta(0))
    await pcb(ground, LATER_TRANSACTION, behind=timedelta(hours=2))
    assert (await ground.found()).is_go
