"""House rule 8 and A4: what was told of a number before its load was entered reaches that load, in either order."""

import asyncio
from typing import Any

import pytest

from bot.domain.numbers import NumberKind
from bot.domain.status import Status
from bot.watch.adopt import adopt
from storage.adoption import Adoption
from storage.database import Database
from storage.sqlite import SqliteEngine
from tests.attack.ground import LATER_TRANSACTION, PARS, TRANSACTION, Ground
from tests.storage.test_plans import walks

PAPS = "SMPL123456"
US = f'/load 1234 add to=US port="Ambassador Bridge" paps={PAPS} broker=PCB eta=13:00 papers=08:30 trip=SMPLTRIP1'
CA = 'port="Ambassador Bridge" broker=PCB eta=13:00 papers=08:30'
TWO = ("home", "north")


def shared(db: Database) -> Ground:
    """Two carriers of one broker and one gateway; PARS numbers bear the code of the first."""
    return Ground(db, TWO)


async def add(ground: Ground, carrier: str, number: str = "1234", pars: str = PARS) -> None:
    await ground.types(f"/load {number} add to=CA {CA} pars={pars} carrier={carrier}")


async def told(ground: Ground, carrier: str, key: str = PARS, kind: NumberKind = NumberKind.CCN) -> list[Status]:
    """What a carrier has of a number."""
    async with ground.db.work(carrier, ground.now) as work:
        ids = await work.numbers.find([(kind, key)])
        return [r.status for own in (await work.reports.of_numbers(ids.values())).values() for r in own]


@pytest.mark.parametrize("load_first", [True, False])
@pytest.mark.parametrize(
    ("number", "word", "kind"),
    [(PAPS, "rejected", "rejected"), ("SMPLTRIP1", "rejected manifest", "our_manifest")],
)
async def test_a_brokers_word_without_kind_reaches_its_load_in_either_order(
    db: Database, load_first: bool, number: str, word: str, kind: str
) -> None:
    ground = Ground(db)
    status, _, track = word.partition(" ")
    steps = [lambda: ground.types(US), lambda: ground.broker(number, status, **({"track": track} if track else {}))]
    for step in steps if load_first else reversed(steps):
        await step()
    assert kind in await ground.kinds()
    async with ground.db.work("home", ground.now) as work:
        assert [n.key for n in await work.numbers.orphans()] == []


async def test_a_word_of_customs_about_a_ccn_is_never_taken_for_one_about_a_paps(db: Database) -> None:
    ground = Ground(db)
    await ground.rns("9", pars=PAPS)
    await ground.types(US)
    assert (await ground.found()).shipments[0].rests_on is None


async def test_a_kindless_number_that_a_load_claims_already_stays_with_it(db: Database) -> None:
    ground = Ground(db)
    await ground.types(f"/load 1 add to=CA {CA} pars={PAPS}")
    await ground.broker(PAPS, "accepted")
    await ground.types(US)
    assert (await ground.found("1")).shipments[0].rests_on is not None
    assert (await ground.found("1234")).shipments[0].rests_on is None


async def test_a_trip_and_a_number_given_later_hear_what_was_told_of_them(db: Database) -> None:
    ground = Ground(db)
    await ground.broker(PAPS, "rejected")
    await ground.broker("SMPLTRIP9", "rejected", track="manifest")
    await ground.types('/load 1234 add to=US port="Ambassador Bridge" broker=PCB eta=13:00 papers=08:30')
    assert not await ground.kinds() & {"rejected", "our_manifest"}
    await ground.types(f"/load 1234 paps {PAPS}")
    await ground.types("/load 1234 trip SMPLTRIP9")
    assert {"rejected", "our_manifest"} <= await ground.kinds()


@pytest.mark.parametrize("load_first", [True, False])
@pytest.mark.parametrize("code", ["9", "12"])
async def test_a_shared_feed_tells_the_carrier_that_claims_the_number_in_either_order(
    db: Database, load_first: bool, code: str
) -> None:
    ground = shared(db)
    steps = [lambda: add(ground, "north"), lambda: ground.rns(code)]
    for step in steps if load_first else reversed(steps):
        await step()
    found = await ground.found("1234", "north")
    assert (found.shipments[0].rests_on is not None, "rejected" in {h.kind.value for h in found.holds}) == (
        code == "9",
        code == "12",
    )


async def test_a_shared_brokers_word_without_kind_reaches_another_carriers_paps(db: Database) -> None:
    ground = shared(db)
    for n, load_first in enumerate((True, False)):
        number, paps = f"77{n}", f"SMPL77777{n}"
        line = f'/load {number} add to=US port="Ambassador Bridge" paps={paps} broker=PCB eta=13:00 carrier=north'
        steps = [lambda t=line: ground.types(t), lambda p=paps: ground.broker(p, "rejected")]
        for step in steps if load_first else reversed(steps):
            await step()
        assert "rejected" in await ground.kinds(number, "north")


async def test_a_claiming_carrier_gets_nothing_else_of_the_other_and_nothing_twice(db: Database) -> None:
    ground = shared(db)
    await ground.rns("9")
    await ground.rns("9", pars="SMPLPARS100999", transaction=LATER_TRANSACTION)
    await add(ground, "home", "55", "SMPLPARS100999")
    await add(ground, "north")
    await ground.types(f"/load 1234 pars -{PARS} carrier=north")
    await ground.types(f"/load 1234 pars {PARS} carrier=north")
    assert await told(ground, "north") == [Status.READY]
    assert await told(ground, "north", "SMPLPARS100999") == []
    assert await told(ground, "home") == [Status.READY]


async def test_a_feed_that_does_not_list_the_claiming_carrier_tells_it_nothing(db: Database) -> None:
    ground = Ground(db, TWO, shared={"rns": ("home",)})
    await ground.rns("9")
    await ground.broker(PARS, "rejected")
    await add(ground, "north")
    assert await told(ground, "north") == [Status.REJECTED]


async def test_a_refusal_of_the_transaction_alone_comes_with_its_acceptance(db: Database) -> None:
    ground = shared(db)
    await ground.rns("9", at="202611240850")
    await ground.rns("12", pars="", at="202611240855", transaction=TRANSACTION)
    await add(ground, "north")
    found = await ground.found("1234", "north")
    assert found.shipments[0].rests_on is None
    assert "rejected" in {h.kind.value for h in found.standing}


async def test_a_replay_leaves_the_report_with_its_load(db: Database) -> None:
    ground = shared(db)
    await ground.rns("12")
    await add(ground, "north")
    async with ground.db.dock(ground.now) as dock:
        (raw,) = await dock.raws.page("rns")
    await ground.ingest.again(raw)
    assert await told(ground, "north") == [Status.REJECTED]
    assert "rejected" in await ground.kinds("1234", "north")


async def test_a_report_and_its_load_at_the_same_moment_find_each_other(db: Database) -> None:
    ground = shared(db)
    for n in range(6):
        number, paps, pars = f"9{n}", f"SMPL88888{n}", f"SMPLPARS10088{n}"
        line = f'/load {number} add to=US port="Ambassador Bridge" paps={paps} broker=PCB eta=13:00 carrier=north'
        await asyncio.gather(
            ground.types(line),
            ground.broker(paps, "rejected"),
            add(ground, "north", f"8{n}", pars),
            ground.rns("12", pars=pars),
        )
        assert "rejected" in await ground.kinds(number, "north")
        assert "rejected" in await ground.kinds(f"8{n}", "north")


async def test_looking_for_what_was_told_before_takes_three_statements_and_walks_through_no_table(
    sqlite_db: Database,
) -> None:
    ground = shared(sqlite_db)
    assert isinstance(sqlite_db.engine, SqliteEngine)
    for n in range(3):
        await add(ground, "north", f"7{n}", f"SMPLPARS10077{n}")
    async with sqlite_db.work("north", ground.now, write=True) as work:
        asked: list[tuple[str, tuple[Any, ...]]] = []
        fetched = work.unit.fetched

        async def noted(text: str, values: tuple[Any, ...]) -> Any:
            asked.append((text, values))
            return await fetched(text, values)

        work.unit.fetched = noted  # type: ignore[method-assign]
        await adopt(work, ground.world, await work.loads.open_ids())
        assert len(asked) == 4  # one is the question for the open loads
        tables = {"claim", "number", "report", "load", "mine", "other", "rival"}
        for text, values in asked[1:]:
            plan = await work.unit.connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text, values)
            assert [step[3] for step in plan if walks(step[3], tables)] == []


async def test_no_carriers_numbers_are_moved_by_another(db: Database) -> None:
    ground = shared(db)
    await ground.broker("SMPL999999", "rejected")
    async with ground.db.work("home", ground.now, write=True) as work:
        orphans = [n.id for n in await work.numbers.orphans()]
    async with ground.db.work("north", ground.now, write=True) as work:
        mine = await work.numbers.upsert([(NumberKind.SCN, "SMPL999999", "SMPL999999")])
        await Adoption(work.unit, "north").move(dict.fromkeys(orphans, *mine.values()))
    assert await told(ground, "home", "SMPL999999") == [Status.REJECTED]
