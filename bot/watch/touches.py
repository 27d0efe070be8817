"""What changed, and which loads become due by it: shared facts are looked at again in slices."""

from collections.abc import Callable
from datetime import datetime

from bot.watch.world import World
from storage.database import Database

#: Loads that one unit makes due; more are done in the next, so that nobody waits long for the lock.
SLICE = 500


async def touch_open(database: Database, carrier: str, now: datetime, *, covered_by: str = "") -> int:
    """Makes all open loads of a carrier due, or those that a feed covers; how many there were.

    For a feed that died or came back, an outage, a policy, a crossing or a broker's promise that changed.
    """
    count, after = 0, ""
    while True:
        async with database.work(carrier, now, write=True) as work:
            ids = await work.loads.open_ids(after, SLICE)
            if not ids:
                return count
            after = ids[-1]
            if covered_by:
                coverage = await work.loads.coverage_of(ids)
                ids = [i for i in ids if any(covered_by in feeds for feeds in coverage[i].values())]
            await work.loads.touch(ids, now)
            count += len(ids)


async def touch_all(database: Database, world: World, civil: Callable[[], datetime]) -> None:
    """Makes every open load due: settings may have changed while nobody looked."""
    for carrier in world.carriers:
        await touch_open(database, carrier, civil())
