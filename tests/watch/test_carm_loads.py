"""All importers of a carrier in one list, in as many statements however many there are."""

from bot.domain.carm.evidence import Item
from bot.domain.carm.verdict import Verdict
from bot.watch.carm_loads import Importer, every_importer
from storage.database import Database
from tests.watch.ground import HOUR, NOW, add, row, world
from tests.watch.test_carm import say


async def found(db: Database) -> list[Importer]:
    async with db.work("home", NOW) as work:
        return await every_importer(work, world())


async def several(db: Database, *names: str, first: int = 1300, **more: str) -> None:
    for n, name in enumerate(names, first):
        given = {"direction": "CA", "importer": name, "broker": "PCB", "pars": f"SMPLPARS{200000 + 7 * n}"} | more
        await add(db, world(), row(str(n), **given))


async def test_importers_with_loads_ahead_go_first_and_of_these_the_worst_then_the_next(db: Database) -> None:
    await several(db, "Fine", "Later", eta="2026-11-24 22:00")
    await several(db, "Sooner", first=1310, eta="2026-11-24 18:00")
    await several(db, "Bad", first=1320, eta="2026-11-26 18:00")
    await several(db, "South", first=1330, direction="US", pars="", paps="SMPL10001")
    await say(db, Item.RPP, "active", of="Fine")
    await say(db, Item.RPP, "suspended", of="Bad")
    listed = await found(db)
    assert [one.importer.name for one in listed] == ["Bad", "Sooner", "Later", "Fine"]
    assert [one.readiness.verdict for one in listed] == [
        Verdict.NOT_OK, Verdict.NOT_KNOWN, Verdict.NOT_KNOWN, Verdict.OK
    ]  # fmt: skip
    assert all(one.broker and one.broker.name == "PCB" and len(one.loads) == 1 for one in listed)


async def test_an_importer_of_the_us_alone_is_listed_once_somebody_said_something_of_its_carm(db: Database) -> None:
    await several(db, "South", direction="US", pars="", paps="SMPL10001")
    assert await found(db) == []
    await say(db, Item.RPP, "suspended", of="South")
    assert [(one.importer.name, one.loads) for one in await found(db)] == [("South", ())]


async def test_the_worst_of_an_importers_loads_is_its_verdict(db: Database) -> None:
    await several(db, "ACME")
    await several(db, "ACME", first=1310, broker="Willow")
    await say(db, Item.RPP, "active")
    await say(db, Item.DELEGATION, "revoked", broker="Willow")
    (one,) = await found(db)
    assert (one.readiness.verdict, one.broker and one.broker.name, len(one.loads)) == (Verdict.NOT_OK, "Willow", 2)


async def test_the_list_takes_as_many_statements_however_many_importers_there_are(sqlite_db: Database) -> None:
    counts = []
    for first in (1300, 1400):
        await several(sqlite_db, *(f"Importer {n}" for n in range(first, first + 20)), first=first)
        await say(sqlite_db, Item.IOR, "confirmed", of=f"Importer {first}")
        asked: list[str] = []
        async with sqlite_db.work("home", NOW + HOUR) as work:
            driver = (await work.unit.connection.get_raw_connection()).driver_connection
            assert driver is not None
            await driver.set_trace_callback(asked.append)
            listed = await every_importer(work, world())
            await driver.set_trace_callback(None)
        counts.append((len(listed), len(asked)))
    assert [n for n, _ in counts] == [20, 40]
    assert counts[0][1] == counts[1][1] <= 20
