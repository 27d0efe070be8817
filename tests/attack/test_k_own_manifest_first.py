"""K, `not_matched`: our own manifest is looked at first while a feed would have told of its acceptance and did not."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.assessment import Assessment, Hold
from bot.domain.coverage import Liveness
from bot.domain.kinds import Kind
from storage.database import Database
from tests.attack.ground import PARS, Ground
from tests.handlers.commands.desk import HOUR

LINE = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB trip=SMPLTRIP1 eta=13:00 papers=06:00'


def unmatched(found: Assessment) -> Hold:
    (hold,) = (h for h in found.holds if h.kind is Kind.NOT_MATCHED)
    return hold


async def words(ground: Ground) -> int:
    """How many words wait to be told in the thread or to the place."""
    async with ground.db.work("home", ground.now) as work:
        rows = await work.outbox.of_loads([(await ground.load()).id])
    return sum(row.kind == "word" for row in rows)


async def desk(db: Database, hours: int = 2) -> Ground:
    ground = await Ground(db).opened()
    await ground.types(LINE)
    await ground.pass_(hours * HOUR)
    return ground


async def test_an_unaccepted_manifest_comes_before_the_broker_and_then_he_is_next(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    assert unmatched(await ground.found()).cause.value == "ours"
    await ground.manifest("SMPLTRIP1")
    assert unmatched(await ground.found()).cause.value == "broker"


async def test_n2_a_manifest_accepted_later_raises_nothing_anew(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    before, said = await ground.state(), await words(ground)
    assert before is not None and before.told
    await ground.manifest("SMPLTRIP1")
    await ground.pass_(timedelta(minutes=1))
    after = await ground.state()
    assert after is not None
    assert (after.id, after.state, after.level) == (before.id, before.state, before.level)
    gone = [f for f in before.told if f not in after.told]
    assert [f.split("|")[1] for f in gone] == ["our_manifest"]
    assert await words(ground) == said


async def test_n2_a_level_up_is_against_what_was_told_while_the_manifest_was_missing(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await ground.manifest("SMPLTRIP1")
    said = await words(ground)
    await ground.pass_(timedelta(hours=1, minutes=1))
    alert = await ground.state()
    assert alert is not None and alert.level == 4
    assert await words(ground) > said


async def test_a_manifest_that_no_living_feed_would_tell_of_leaves_the_broker_first(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    ground.world.ears["pcb"] = replace(ground.world.ears["pcb"], liveness=Liveness.DEAD)
    assert unmatched(await ground.found()).cause.value == "broker"
    home = ground.world.carriers["home"]
    feeds = tuple(f for f in home.feeds if f.feed != "pcb")
    ground.world.carriers = {"home": replace(home, feeds=feeds)}
    ground.world._plain.clear()
    await ground.types(LINE.replace("1234", "77", 1).replace(PARS, "SMPLPARS100777").replace("TRIP1", "TRIP7"))
    found = await ground.found("77")
    assert unmatched(found).cause.value == "broker"
    assert "manifest_unseen" in {b.kind.value for b in found.buts}


async def test_a_cargo_that_customs_has_on_file_or_matched_is_not_laid_on_our_manifest(sqlite_db: Database) -> None:
    ground = await Ground(sqlite_db).opened()
    for number, code, cause in (("1234", "0003", "broker"), ("77", "0001", "customs")):
        pars = PARS if number == "1234" else "SMPLPARS100777"
        await ground.types(LINE.replace("1234", number, 1).replace(PARS, pars).replace("TRIP1", f"TRIP{number}"))
        await ground.d4(code, pars)
        await ground.pass_(timedelta(hours=1))
        assert unmatched(await ground.found(number)).cause.value == cause


async def test_a_refused_manifest_still_comes_first_and_says_so(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await ground.manifest("SMPLTRIP1", "rejected")
    hold = unmatched(await ground.found())
    assert (hold.cause.value, hold.behind) == ("ours", None)
