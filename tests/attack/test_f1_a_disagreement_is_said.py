"""F1: where two feeds or tracks disagree the bad word stands, and status and why name the good one."""

from datetime import timedelta

from handlers.console import plain
from storage.database import Database
from tests.attack.ground import PARS, Ground
from tests.handlers.commands.desk import OPERATOR

MINUTE = timedelta(minutes=1)


async def desk(db: Database) -> Ground:
    ground = Ground(db)
    line = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB trip=SMPLTRIP1 eta=13:00 papers=06:00'
    await ground.types(line)
    await ground.manifest("SMPLTRIP1")
    return ground


async def said_of(ground: Ground, line: str) -> str:
    return plain(await ground.ask(line, OPERATOR))


async def test_a_brokers_acceptance_after_customs_notice_is_named_and_does_not_count(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await ground.d4("0002", at=ground.now - 12 * MINUTE)
    ground.now += 2 * MINUTE
    await ground.broker(PARS, "accepted")
    for line in ("/load 1234 status", "/load 1234 why"):
        said = await said_of(ground, line)
        assert "accepted by pcb 09:02 (now), but not matched by d4 08:48 (14 min ago) stands until" in said, said
    assert not (await ground.found()).is_go


async def test_a_refusal_that_came_late_stands_and_the_acceptance_of_the_other_feed_is_named(
    sqlite_db: Database,
) -> None:
    ground = await desk(sqlite_db)
    await ground.rns("9", at=ground.now - 5 * MINUTE, feed="rns2", received=ground.now - 4 * MINUTE)
    await ground.rns("12", at=ground.now - 9 * MINUTE)
    for line in ("/load 1234 status", "/load 1234 why"):
        said = await said_of(ground, line)
        assert "but refused by rns 08:51" in said, said
        assert "another order than they were made" in said, said
    assert (await ground.found()).answer.value == "hold"


async def test_nothing_is_said_where_the_sources_agree_or_one_feed_corrects_itself(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await ground.rns("9", at=ground.now - 9 * MINUTE)
    await ground.rns("12", at=ground.now - 5 * MINUTE)
    assert "stands" not in (await said_of(ground, "/load 1234 status"))
    await ground.rns("9")
    assert "stands" not in (await said_of(ground, "/load 1234 status"))
    assert (await ground.found()).is_go
