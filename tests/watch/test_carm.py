"""Who imports where a party is named, how its account stands, and what a record of evidence makes due."""

from datetime import timedelta

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.plan import Plan
from bot.domain.carm.reasons import Why
from bot.domain.carm.verdict import Verdict
from bot.domain.carm.whose import Asked as Role
from bot.watch.carm import Asked, asked_about, readiness_of_loads
from bot.watch.carm_subjects import confirmed_by, note_of
from bot.watch.carm_words import record
from bot.watch.parties import name_key
from storage.database import Database
from storage.ids import new_id
from tests.watch.ground import DAY, NOW, add, row, the_load, world

HOUR = timedelta(hours=1)


async def party(db: Database, name: str) -> str:
    async with db.work("home", NOW) as work:
        return (await work.parties.named([name_key(name)]))[name_key(name)].id


async def say(
    db: Database, item: Item, state: str, *, of: str = "ACME", source: Source = Source.BROKER_SAID,
    broker: str = "", rm: str = "", load: str = "", note: str = "", days: float = 1,
) -> list[str]:  # fmt: skip
    at = NOW - days * DAY
    async with db.work("home", NOW, write=True) as work:
        importer = (await work.parties.named([name_key(of)]))[name_key(of)].id
        whose = (await work.parties.named([name_key(broker)]))[name_key(broker)].id if broker else ""
        one = Evidence(
            new_id(), importer, item, state, source, at, at, "Maria", rm=rm, broker=whose, load=load, note=note
        )
        return await record(work, world(), [one])


async def asked(db: Database, name: str) -> Asked:
    id_ = await party(db, name)
    async with db.work("home", NOW) as work:
        return await asked_about(work, world(), id_, NOW)


async def test_a_shipper_is_answered_by_its_consignee_that_imports(db: Database) -> None:
    cells = {"shipper": "Boxes Inc", "consignee": "ACME", "importer": "ACME", "broker": "PCB", "pars": "SMPLPARS100123"}
    await add(db, world(), row(direction="CA", **cells))
    async with db.work("home", NOW, write=True) as work:
        from storage.parties import PartyRecord

        await work.parties.add([PartyRecord(new_id(), "Boxes Inc", name_key("Boxes Inc"), ("shipper",))])
    found = await asked(db, "Boxes Inc")
    assert (found.whose.asked, found.whose.importer) == (Role.SHIPPER, await party(db, "ACME"))
    (pair,) = found.pairs
    assert (pair.importer and pair.importer.name, pair.broker and pair.broker.name) == ("ACME", "PCB")
    assert pair.load is not None and pair.load.number == "1234" and pair.loads == (pair.load,)
    assert (pair.readiness.verdict, pair.readiness.reasons[0].why) == (Verdict.NOT_KNOWN, Why.PROOF_UNKNOWN)
