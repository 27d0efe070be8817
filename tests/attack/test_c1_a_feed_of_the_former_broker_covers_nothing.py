"""C1, C3: after the broker of a load changed the former one's feed says nothing of whether anybody listens."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.coverage import Liveness
from bot.domain.status import Track
from bot.watch.parties import name_key, renamed
from storage.database import Database
from tests.attack.ground import PARS, Ground

ADD = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30 trip=SMPLTRIP1'


async def opened(db: Database) -> Ground:
    """Nobody but the broker PCB tells of releases, and nobody but `pcb` of trips with the code SMPL."""
    ground = Ground(db)
    for id_, carrier in ground.world.carriers.items():
        (pcb,) = (f for f in carrier.feeds if f.feed == "pcb")
        own = replace(pcb, feed="pcb", tracks=frozenset({Track.RELEASE}), brokers=frozenset({"PCB"}))
        trips = replace(pcb, feed="d4", tracks=frozenset({Track.MANIFEST}), codes=frozenset({"SMPL"}))
        ground.world.carriers = {**ground.world.carriers, id_: replace(carrier, feeds=(own, trips))}
    await ground.types(ADD)
    return ground


async def hears(ground: Ground) -> tuple[set[str], set[str]]:
    """The kinds that stand or are waited for, and the feeds that cover the shipment."""
    found = await ground.found()
    record = await ground.load("1234")
    covered = {f for key, feeds in record.coverage.items() if key != "manifest" for f in feeds}
    return {h.kind.value for h in found.holds} & {"not_matched", "unwatched"}, covered


async def test_c1_a_load_whose_broker_changed_is_no_longer_covered_by_the_former_one_s_feed(
    sqlite_db: Database,
) -> None:
    ground = await opened(sqlite_db)
    assert await hears(ground) == ({"not_matched"}, {"pcb"})
    await ground.types("/load 1234 broker WIL")
    assert await hears(ground) == ({"unwatched"}, set())
    ground.now += timedelta(hours=2, minutes=10)
    assert "unwatched" in await ground.kinds()
    await ground.types("/load 1234 broker PCB")
    assert await hears(ground) == ({"not_matched"}, {"pcb"})


async def test_c1_a_broker_that_is_taken_back_covers_as_before(sqlite_db: Database) -> None:
    ground = await opened(sqlite_db)
    await ground.types("/load 1234 broker WIL")
    await ground.types("/load 1234 undo")
    assert await hears(ground) == ({"not_matched"}, {"pcb"})


async def test_c1_a_broker_that_got_another_name_is_covered_as_before(sqlite_db: Database) -> None:
    ground = await opened(sqlite_db)
    await hears(ground)
    async with ground.db.work(ground.ids[0], ground.now, write=True) as work:
        party = (await work.parties.named([name_key("PCB")]))[name_key("PCB")]
        await work.parties.change(party.id, **await renamed(work, party, "PCB Freight"))
    await ground.types("/load 1234 broker PCB Freight")
    assert await hears(ground) == ({"not_matched"}, {"pcb"})


async def test_c1_a_feed_that_was_taken_away_is_dead_for_its_loads_whatever_else_changes(sqlite_db: Database) -> None:
    ground = await opened(sqlite_db)
    await hears(ground)
    ground.world.ears = {n: e for n, e in ground.world.ears.items() if n != "pcb"}
    await ground.types("/load 1234 eta 13:30")
    await ground.types("/load 1234 broker PCB")
    assert await hears(ground) == ({"unwatched"}, {"pcb"})


async def test_c1_a_trip_of_another_code_is_not_covered_by_the_feed_of_the_former(sqlite_db: Database) -> None:
    ground = await opened(sqlite_db)

    async def manifest() -> list[str]:
        return [h.kind.value for h in (await ground.found()).holds if h.shipment == ""]

    before = await manifest()
    await ground.types("/load 1234 trip NRTHTRIP7")
    assert (await ground.load("1234")).coverage["manifest"] == []
    assert await manifest() != before
    await ground.types("/load 1234 trip SMPLTRIP1")
    assert (await ground.load("1234")).coverage["manifest"] == ["d4"]
    assert ground.world.ears["d4"].liveness is Liveness.ALIVE
