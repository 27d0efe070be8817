"""What single repositories promise."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.load import Hand, Life, Said
from bot.domain.numbers import NumberKind
from bot.domain.route import Account, Place
from storage.database import Database
from storage.ids import new_id, short_key
from storage.invites import InviteRecord
from storage.routes import RouteRecord
from tests.storage.world import DESK, HOUR, MARIA, NOW, build, fixed, load, report

CCN = NumberKind.CCN


def test_ids_sort_by_time_and_are_never_the_same() -> None:
    ids = [new_id() for _ in range(50_000)]
    assert ids == sorted(set(ids))
    assert {len(one) for one in ids} == {16}
    assert all(one == one.lower() and one.isalnum() for one in ids[:100])


def test_short_keys_are_short_and_leave_out_what_sounds_alike() -> None:
    keys = {short_key() for _ in range(500)}
    assert {len(key) for key in keys} == {5}
    assert not set("".join(keys)) & set("01ilou")


async def test_an_invite_is_used_once(db: Database, db_url: str, open_db) -> None:
    other = open_db(db_url)
    invites = [InviteRecord(new_id(), f"h{n}", None, "driver", NOW + HOUR, "maria") for n in range(3)]
    async with db.work("north", NOW, write=True) as work:
        for invite in invites:
            await work.invites.add(invite)

    async def use(database: Database, code: str, at=NOW):
        async with database.work("north", NOW, write=True) as work:
            return await work.invites.use(code, "telegram 55", at)

    used = await asyncio.gather(*(use(base, "h0") for base in (db, other, db, other)))
    assert [u.id for u in used if u] == [invites[0].id]
    assert await use(db, "h1", NOW + HOUR) is None
    assert await use(db, "nonsense") is None
    async with db.dock(NOW) as dock:
        assert await dock.carriers_inviting("h0") == {"north"}


async def test_a_repeated_line_keeps_its_first_reply(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        assert await work.lines.add("d1", {"title": "first"}, NOW)
        assert not await work.lines.add("d1", {"title": "second"}, NOW)
        assert await work.lines.find("d1") == {"title": "first"}


async def test_undo_takes_back_the_last_line_of_that_hand_and_only_that(db: Database) -> None:
    world = await build(db, "north")
    one = [
        Said("eta", "15:00", Hand.PERSON, "maria", NOW + HOUR),
        Said("truck", None, Hand.PERSON, "maria", NOW + HOUR),
    ]
    async with db.work("north", NOW, write=True) as work:
        await work.said.add([(world.load.id, said) for said in one], delivery="m2")
        await work.said.add([(world.load.id, Said("eta", "16:00", Hand.PERSON, "lee", NOW))], delivery="m3")
        last = await work.said.last_change(world.load.id, "maria")
        assert [(said.field, said.value) for said in last] == [("eta", "15:00"), ("truck", None)]
        assert await work.said.undo([said.id for said in last], "maria", NOW)
        assert not await work.said.undo([said.id for said in last], "maria", NOW)
        left = (await work.said.of_loads([world.load.id]))[world.load.id]
        assert [(said.who, said.value) for said in left] == [("maria", "14:30"), ("lee", "16:00")]
        assert [said.value for said in await work.said.last_change(world.load.id, "maria")] == ["14:30"]


async def test_undo_knows_people_by_their_id_and_files_by_their_name(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        for line, who, person in (("m2", "lee", "p1"), ("m3", "lee", "p2"), ("m4", "loads.csv", "")):
            said = Said("eta", line, Hand.PERSON if person else Hand.FILE, who, NOW)
            await work.said.add([(world.load.id, said)], line, person)

        async def last(who: str, person: str = "") -> list[str | None]:
            return [said.value for said in await work.said.last_change(world.load.id, who, person)]

        assert await last("lee", "p1") == await last("renamed", "p1") == ["m2"]
        assert await last("lee", "p2") == ["m3"] and await last("lee", "p3") == await last("lee") == []
        assert await last("loads.csv") == ["m4"]


async def test_the_feed_that_turns_is_turned_by_one(db: Database, db_url: str, open_db) -> None:
    other = open_db(db_url)
    async with db.dock(NOW, write=True) as dock:
        await dock.feeds.ensure("rns", "alive", NOW)
        await dock.feeds.heard("rns", NOW, 3, 1)
        await dock.feeds.lives("rns", NOW, NOW + HOUR)
        await dock.feeds.failed("rns", "timed out", NOW)

    async def dies(database: Database) -> bool:
        async with database.dock(NOW + HOUR, write=True) as dock:
            return await dock.feeds.turn("rns", "alive", "dead", NOW + HOUR)

    assert sorted(await asyncio.gather(dies(db), dies(other), dies(db))) == [False, False, True]
    async with db.work("north", NOW) as work:
        state = (await work.feeds.of(["rns", "none"]))["rns"]
    assert (state.state, state.since, state.messages, state.problems) == ("dead", NOW + HOUR, 3, 1)
    assert (state.alive_until, state.last_error) == (NOW + HOUR, "timed out")


async def test_an_outage_is_on_once_and_ends_once(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        assert await work.outages.start("cbsa", "maria", NOW)
        assert not await work.outages.start("cbsa", "lee", NOW)
        assert list(await work.outages.on()) == ["cbsa"]
        assert await work.outages.end("cbsa", "lee", NOW + HOUR)
        assert not await work.outages.end("cbsa", "lee", NOW + HOUR)
        assert await work.outages.start("cbsa", "lee", NOW + HOUR)
        last = await work.outages.last("cbsa")
        assert last is not None
        assert (last.by_name, last.until) == ("lee", None)


async def test_two_parties_become_one(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        assert (await work.parties.named(["acme", "acme widgets"])).keys() == {"acme", "acme widgets"}
        assert await work.parties.merge(world.party.id, world.broker.id)
        assert not await work.parties.merge(world.party.id, world.broker.id)
        found = await work.parties.named(["acme", "acme widgets", "pcb"])
        assert {key: party.id for key, party in found.items()} == dict.fromkeys(found, world.broker.id)
        assert set(found) == {"acme", "acme widgets", "pcb"}
        assert [party.id for party in await work.parties.all()] == [world.broker.id]


async def test_an_account_is_one_person_and_a_removed_person_is_nobody(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        found = await work.people.by_account(MARIA)
        assert found == world.person
        other = replace(world.person, id=new_id(), name="Lee", name_key="lee")
        await work.people.add([other])
        await work.people.link(MARIA, other.id)
        found = await work.people.by_account(Account("slack", "T1", "UMARIA"))
        assert found == other
        await work.people.change(other.id, active=False)
        assert await work.people.by_account(MARIA) is None
    async with db.dock(NOW) as dock:
        assert await dock.carriers_knowing(MARIA) == {"north"}
        assert await dock.carriers_knowing(Account("slack", "T2", "UMARIA")) == set()


async def test_a_place_that_is_off_hears_nothing_and_comes_back(db: Database) -> None:
    world = await build(db, "north")
    await build(db, "south")
    async with db.work("north", NOW, write=True) as work:
        assert await work.routes.off(DESK, "archived", NOW)
        assert not await work.routes.off(DESK, "archived", NOW)
        assert await work.routes.on() == []
    async with db.dock(NOW) as dock:
        assert await dock.carriers_at(DESK) == {"south"}
        assert await dock.carriers_at(DESK, "17.1") == {"north", "south"}
        assert await dock.carriers_at(Place("slack", "T2", "CDESK")) == set()
    async with db.work("north", NOW, write=True) as work:
        await work.routes.save(RouteRecord(new_id(), "slack", "T1", "CDESK", "desk", "lee", NOW, {"port": "Sarnia"}))
        (route,) = await work.routes.on()
        assert (route.made_by, route.matchers, route.off_at) == ("lee", {"port": "Sarnia"}, None)
        found = await work.posts.find(DESK, "17.1")
        assert found is not None
        assert found.id == world.post.id


async def test_a_promise_is_fixed_once_a_day(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        await work.promises.add([fixed(world.broker.id, day, 90) for day in ("2026-01-10", "2026-01-14")])
        assert [(p.day, p.minutes) for p in await work.promises.since("2026-01-10")] == [
            ("2026-01-10", 150), ("2026-01-14", 90),
        ]  # fmt: skip
        assert [p.day for p in await work.promises.since("2026-01-11")] == ["2026-01-14"]
        assert [p.day for p in await work.promises.of(world.broker.id, "2026-01-12")] == ["2026-01-14"]


async def test_what_is_due_is_found_across_carriers_by_key(db: Database) -> None:
    north, south = await build(db, "north"), await build(db, "south")
    async with db.dock(NOW) as dock:
        assert set(await dock.due_loads(NOW)) == {("north", north.load.id), ("south", south.load.id)}
        assert await dock.due_loads(NOW - timedelta(microseconds=1)) == []
        assert (await dock.counts())["loads_open"] == 4
    async with db.work("north", NOW, write=True) as work:
        await work.loads.end(north.load.id, Life.CROSSED, "booth", NOW)
        await work.loads.touch([north.load.id, north.later.id], NOW)
    async with db.dock(NOW) as dock:
        assert set(await dock.due_loads(NOW)) == {("north", north.later.id), ("south", south.load.id)}


async def test_short_keys_are_free_ones(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        keys = await work.loads.new_keys(300)
        assert len(set(keys)) == 300
        await work.loads.add([load(f"n{n}", key=key) for n, key in enumerate(keys)])
        assert not set(await work.loads.new_keys(300)) & set(keys)


@pytest.mark.parametrize("size", [0, 1])
async def test_empty_batches_do_nothing(db: Database, size: int) -> None:
    async with db.work("north", NOW, write=True) as work:
        await work.loads.add([load("1")] * size)
        await work.reports.add([])
        await work.claims.add([])
        assert await work.numbers.upsert([]) == {}
        assert await work.reports.of_numbers([]) == {}
        assert await work.alerts.add([]) == set()
        assert await work.posts.ensure([]) == []
        await work.outbox.cards([], NOW)
        await work.claims.end([], NOW)
        assert await work.loads.open_ids() == list(await work.loads.of(await work.loads.open_ids()))
        assert len(await work.loads.open_ids()) == size


async def test_orphans_are_looked_for_among_the_numbers_that_came_last(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        await work.numbers.upsert([(NumberKind.CCN, f"1234PARS{n}", "") for n in range(3)])
        ids = await work.numbers.find([(NumberKind.CCN, f"1234PARS{n}") for n in range(3)])
        await work.reports.add([(id_, None, report(received=NOW)) for id_ in ids.values()])
    async with db.work("north", NOW) as work:
        assert [n.key for n in await work.numbers.orphans(2)] == ["1234PARS2", "1234PARS1"]
        assert [n.key for n in await work.numbers.orphans(among_last=1)] == ["1234PARS2"]
