"""An account number is that of the importer for whom it was said: it never stands for another one."""

from bot.watch.hands import Hands
from bot.watch.intake import RowResult, set_field, undo
from bot.watch.parties_merge import merge
from storage.database import Database
from storage.shipments import ShipmentRecord
from tests.watch.ground import FILE, HOUR, NOW, PARS, add, person, row, the_load, world
from tests.watch.test_carm import party

OWN, NEW = "123456782RM0001", "987654324RM0001"


async def listed(db: Database, hours: float, by: Hands = FILE, number: str = "1234", **cells: str) -> RowResult:
    given = {"pars": PARS, "direction": "CA", "eta": "2026-11-24 20:00"} | cells
    (result,) = await add(db, world(), row(number, **given), by=by, now=NOW + hours * HOUR)
    return result


async def typed(db: Database, hours: float, field: str, value: str, by: Hands | None = None) -> tuple[str, ...]:
    load = await the_load(db)
    said = await party(db, value) if field == "importer" else value
    async with db.work("home", NOW + hours * HOUR, write=True) as work:
        changed = await set_field(work, world(), load.id, field, said, by or person())
    return tuple(map(str, changed.remarks))


async def shipment(db: Database) -> ShipmentRecord:
    load = await the_load(db)
    async with db.work("home", NOW) as work:
        (found,) = (await work.shipments.of_loads([load.id]))[load.id]
    return found


async def number(db: Database) -> str:
    return (await shipment(db)).importer_bn15


async def test_a_list_that_names_another_importer_without_its_number_takes_the_number_off_and_says_so(
    db: Database,
) -> None:
    await listed(db, 0, importer="ACME", importer_bn15=OWN)
    found = await listed(db, 1, importer="Birch", importer_bn15="")
    assert (await number(db), found.outcome) == ("", "changed")
    assert found.sentences == (
        "the account number …782 RM0001 was that of the importer before and is taken off; the new one: bn15=…",
    )
    assert (await shipment(db)).importer_id == await party(db, "Birch")
    await listed(db, 2, importer="Birch", importer_bn15=NEW)
    assert await number(db) == NEW
    await listed(db, 3, importer="ACME")
    assert await number(db) == OWN, "the old importer's own number is his again"


async def test_a_number_that_a_person_gave_does_not_stand_for_the_importer_that_a_list_names_later(
    db: Database,
) -> None:
    await listed(db, 0, importer="ACME")
    await typed(db, 1, "bn15", OWN)
    await listed(db, 2, importer="Birch")
    assert await number(db) == ""
    await listed(db, 3, importer="Birch", importer_bn15=NEW)
    assert await number(db) == NEW


async def test_a_number_that_a_list_gives_with_its_importer_does_not_stand_for_the_one_a_person_named(
    db: Database,
) -> None:
    await listed(db, 0, importer="Birch")
    await typed(db, 1, "importer", "Birch")
    await listed(db, 2, importer="ACME", importer_bn15=OWN)
    assert ((await shipment(db)).importer_id, await number(db)) == (await party(db, "Birch"), "")


async def test_a_number_that_a_list_repeats_with_another_importer_is_that_ones(db: Database) -> None:
    await listed(db, 0, importer="ACME", importer_bn15=OWN)
    await listed(db, 1, importer="ACME Foods", importer_bn15=OWN)
    assert await number(db) == OWN
    await listed(db, 2, importer="Birch")
    assert await number(db) == ""
    assert (await listed(db, 3, importer="Birch", importer_bn15=OWN)).outcome == "changed"
    assert await number(db) == OWN
    assert (await listed(db, 4, importer="Birch", importer_bn15=OWN)).outcome == "same"


async def test_a_number_that_is_said_before_the_importer_is_that_of_the_first_one_named(db: Database) -> None:
    await listed(db, 0, importer_bn15=OWN)
    await listed(db, 1, importer="ACME")
    assert await number(db) == OWN
    await listed(db, 2, importer="Birch")
    assert await number(db) == ""


async def test_a_number_stands_for_the_importer_by_every_name_that_was_made_one(db: Database) -> None:
    await listed(db, 0, importer="ACME", importer_bn15=OWN)
    await add(db, world(), row("1235", direction="CA", pars="SMPLPARS100999", importer="ACME Ltd"), by=FILE)
    async with db.work("home", NOW, write=True) as work:
        found = await work.parties.named(["ACME", "ACME LTD"])
        await merge(work, found["ACME"], found["ACME LTD"], person())
    await listed(db, 1, importer="ACME Ltd")
    assert await number(db) == OWN


async def test_a_number_comes_back_with_its_importer_when_the_change_is_taken_back(db: Database) -> None:
    await listed(db, 0, importer="ACME", importer_bn15=OWN)
    await listed(db, 0, importer="Birch", pars="SMPLPARS100999", number="1235")
    by = person()
    assert "taken off" in " ".join(await typed(db, 1, "importer", "Birch", by))
    assert await number(db) == ""
    load = await the_load(db)
    async with db.work("home", NOW + 2 * HOUR, write=True) as work:
        await undo(work, world(), load.id, by)
    assert await number(db) == OWN


async def test_rows_of_one_new_list_leave_no_number_with_another_importer(db: Database) -> None:
    given = {"direction": "CA", "eta": "2026-11-24 20:00"}
    first = row("1234", "line 2", pars=PARS, importer="ACME", importer_bn15=OWN, **given)
    await add(db, world(), first, row("1234", "line 3", importer="Birch", **given))
    assert ((await shipment(db)).importer_id, await number(db)) == (await party(db, "Birch"), "")
