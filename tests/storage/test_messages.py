"""Raw messages, reports and claims: kept once, told as they came."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.load import Life
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from storage.claims import ClaimRecord
from storage.database import Database
from storage.ids import new_id
from storage.problems import MOST_COUNTED, ProblemRecord
from storage.raws import arrived
from storage.work import Work
from tests.storage.world import HOUR, NOW, build, report

CCN = NumberKind.CCN


async def test_the_same_message_again_is_counted_not_stored(db: Database) -> None:
    one, other = arrived("rns", "cbsa_rns", b"A", NOW, ref="7"), arrived("rns", "cbsa_rns", b"B", NOW, ref="8")
    twice = arrived("rns", "cbsa_rns", b"B", NOW + HOUR, ref="8")
    async with db.dock(NOW, write=True) as dock:
        kept = await dock.raws.keep([one, other, twice])
        assert [(k.id, k.new, k.reused) for k in kept] == [
            (one.id, True, False), (other.id, True, False), (other.id, False, False),
        ]  # fmt: skip
    async with db.dock(NOW, write=True) as dock:
        (again,) = await dock.raws.keep([arrived("rns", "cbsa_rns", b"A", NOW + HOUR, ref="7")])
        (elsewhere,) = await dock.raws.keep([arrived("broker", "broker_json", b"A", NOW, ref="7")])
        assert (again.id, again.new) == (one.id, False)
        assert elsewhere.new
        stored = {raw.id: raw for raw in await dock.raws.of([one.id, other.id])}
        assert {raw.body for raw in stored.values()} == {b"A", b"B"}
        assert [(stored[r.id].seen, stored[r.id].seen_last) for r in (one, other)] == [(2, NOW + HOUR)] * 2
        assert await dock.raws.count() == 3


async def test_a_reference_that_comes_with_another_body_is_kept_and_said(db: Database) -> None:
    first, second = arrived("rns", "cbsa_rns", b"A", NOW, ref="7"), arrived("rns", "cbsa_rns", b"B", NOW, ref="7")
    async with db.dock(NOW, write=True) as dock:
        assert [(k.new, k.reused) for k in await dock.raws.keep([first, second])] == [(True, False), (True, True)]
    async with db.dock(NOW, write=True) as dock:
        no_ref = [arrived("rns", "cbsa_rns", body, NOW) for body in (b"C", b"D")]
        assert [k.reused for k in await dock.raws.keep(no_ref)] == [False, False]
        (third,) = await dock.raws.keep([arrived("rns", "cbsa_rns", b"E", NOW, ref="7")])
        assert (third.new, third.reused) == (True, True)


async def test_of_two_processes_that_keep_the_same_message_one_has_it_new(db: Database, db_url, open_db) -> None:
    other = open_db(db_url)

    async def keep(database: Database) -> list[bool]:
        async with database.dock(NOW, write=True) as dock:
            return [k.new for k in await dock.raws.keep([arrived("rns", "s", f"{n}".encode(), NOW) for n in range(50)])]

    answers = await asyncio.gather(keep(db), keep(other), keep(db), keep(other))
    assert [sum(news) for news in zip(*answers, strict=True)] == [1] * 50


async def test_a_message_read_again_loses_its_old_reports_and_keeps_its_arrival(db: Database) -> None:
    world = await build(db, "north")
    async with db.dock(NOW + HOUR, write=True) as dock:
        await dock.problems.add([ProblemRecord(new_id(), world.raw_id, "rns", "GIS", "unknown code", "99", NOW)])
        touched = await dock.raws.reread(world.raw_id, 2)
        await dock.problems.drop_of_raw(world.raw_id)
        assert ("north", world.number_id) in touched
        work = dock.work("north")
        assert await work.reports.of_numbers([world.number_id]) == {}
        await work.reports.add([(world.number_id, world.raw_id, report(received=NOW))])
    async with db.dock(NOW) as dock:
        raw = await dock.raws.get(world.raw_id)
        assert (raw.reader, raw.received, raw.seen) == (2, NOW, 1)
        assert await dock.problems.counts() == {}
        assert [r.id for r in await dock.raws.page("rns")] == [world.raw_id]
        assert await dock.raws.page("rns", after=world.raw_id) == []


async def test_a_report_comes_back_as_it_was_told(db: Database) -> None:
    told = Report(
        CCN, "1234PARS1", Status.EXAM, Track.RELEASE, "9", "1234 PARS 1", NOW, NOW + HOUR, "0427", "3829",
        "12345000000017", "hold 1", "reason", "note", 3, "ref 1", (("truck", "T 7"),), NOW, "rns", Authority.BROKER,
        "Maria", NOW,
    )  # fmt: skip
    bare = Report(CCN, "1234PARS1", Status.UNKNOWN, Track.MATCH, "ZZ")
    async with db.work("north", NOW, write=True) as work:
        ids = await work.numbers.upsert([(CCN, "1234PARS1", "1234 PARS 1")])
        await work.reports.add([(ids[CCN, "1234PARS1"], None, one) for one in (told, bare)])
    async with db.work("north", NOW) as work:
        found = await work.reports.of_numbers(ids.values())
        by_transaction = await work.reports.of_transactions(["12345000000017", ""])
    assert found == {ids[CCN, "1234PARS1"]: [told, replace(bare, received=NOW)]}
    assert by_transaction == {"12345000000017": [(ids[CCN, "1234PARS1"], told)]}


async def test_many_more_values_than_an_engine_takes_parameters_are_asked_for_at_once(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        ids = await work.numbers.upsert([(CCN, "K000001", ""), (CCN, "K039999", "")])
        assert await work.numbers.find([(CCN, f"K{n:06}") for n in range(40_000)]) == ids
        assert set(await work.numbers.of([*ids.values(), *map(str, range(40_000))])) == set(ids.values())


async def test_a_claim_that_was_dropped_or_ended_does_not_live(db: Database) -> None:
    world = await build(db, "north")
    await build(db, "south")
    key = (CCN, "1234PARS777124")

    async def claiming(moment=NOW) -> set[str]:
        async with db.dock(NOW) as dock:
            found = await dock.carriers_claiming([key, (NumberKind.SCN, key[1])], ["north", "south", "west"], moment)
            assert set(found) <= {key}
            return found.get(key, set())

    assert await claiming() == {"north", "south"}
    async with db.work("north", NOW, write=True) as work:
        await work.claims.end([world.load.id, world.later.id], NOW + timedelta(days=7))
        untils = {claim.until for claim in await work.claims.loads_of([world.number_id])}
        assert untils == {NOW, NOW + timedelta(days=7)}
    assert await claiming(NOW + timedelta(days=7)) == {"south"}
    async with db.work("north", NOW, write=True) as work:
        await work.claims.reopen([world.load.id])
        claims = await work.claims.of_loads([world.load.id, world.later.id])
        claims = [c for c in claims if c.number_id == world.number_id]
        assert [claim.until for claim in claims] == [None, None, NOW + timedelta(days=7)]
        await work.claims.drop([claim.id for claim in claims], NOW)
        assert await work.claims.of_loads([world.load.id]) == []
    assert await claiming() == {"south"}
    async with db.work("north", NOW) as work:
        assert world.number_id in {number.id for number in await work.numbers.orphans()}


async def test_a_number_is_nobody_s_until_it_is_claimed_and_again_when_the_last_load_gave_it_up(db: Database) -> None:
    world = await build(db, "north")

    async def orphans(work: Work) -> list[str]:
        return [n.id for n in await work.numbers.orphans_alike(["1234PARS777124"])]

    async with db.work("north", NOW, write=True) as work:
        claims = [c for c in await work.claims.loads_of([world.number_id]) if c.number_id == world.number_id]
        assert len(claims) > 1 and await orphans(work) == []
        assert await work.claims.shared([world.load.id, world.later.id]) == {world.load.id, world.later.id}
        await work.claims.drop([claims[0].id], NOW)
        assert await orphans(work) == [], "another load claims it still"
        await work.claims.drop([c.id for c in claims[1:]], NOW)
        assert await orphans(work) == [world.number_id]
        assert await work.claims.shared([world.load.id, world.later.id]) == {world.later.id}, "by its trip, still"
        await work.claims.add([replace(claims[0], id=new_id())])
        assert await orphans(work) == []


async def test_rule_k_number_reused_is_seen_from_the_later_load_only(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        rivals = await work.claims.rivals([world.load.id, world.later.id])
        assert {load: [number for _, number in pairs] for load, pairs in rivals.items()} == {world.later.id: ["1234"]}
        await work.loads.end(world.load.id, Life.CANCELLED, "cancelled", NOW)
        assert await work.claims.rivals([world.later.id]) == {}


async def test_an_ended_claim_counts_reports_of_its_window(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        extra = ClaimRecord(new_id(), world.number_id, world.later.id, None, NOW - HOUR, NOW + HOUR)
        await work.claims.add([extra])
        assert extra in await work.claims.of_loads([world.later.id])


async def test_problems_are_counted_up_to_a_bound(db: Database) -> None:
    def some(feed: str, count: int) -> list[ProblemRecord]:
        return [ProblemRecord(new_id(), None, feed, "GIS", "unknown code", "99", NOW) for _ in range(count)]

    async with db.dock(NOW, write=True) as dock:
        for feed in ("rns", "d4", "broker"):
            await dock.feeds.ensure(feed, "alive", NOW)
        await dock.problems.add([*some("rns", MOST_COUNTED + 5), *some("d4", 2)])
        assert await dock.problems.counts() == {"rns": MOST_COUNTED, "d4": 2}
