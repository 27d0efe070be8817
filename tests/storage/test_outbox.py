"""The outbox: claimed once, in order, again after a lost lease, and never forgotten."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.route import Place
from storage.claiming import Claimed
from storage.database import Database
from storage.outbox import OutboxRecord
from storage.posts import PostRecord
from tests.storage.world import DESK, HOUR, NOW, post, word

LEASE = timedelta(seconds=30)
C2 = Place("slack", "T1", "C2")


async def claim(db: Database, holder: str = "one", at=NOW, **more) -> list[Claimed]:
    async with db.dock(at, write=True) as dock:
        return await dock.claim_outbox(at, at + LEASE, holder, ["slack", "telegram"], **more)


async def put(db: Database, words: Sequence[OutboxRecord], carrier: str = "north") -> None:
    async with db.work(carrier, NOW, write=True) as work:
        await work.outbox.words(words)


async def row(db: Database, claimed: Claimed) -> OutboxRecord:
    async with db.work(claimed.carrier, NOW) as work:
        return (await work.outbox.of([claimed.id]))[claimed.id]


async def posted(db: Database, **more) -> PostRecord:
    async with db.work("north", NOW, write=True) as work:
        (made,) = await work.posts.ensure([post(topic="feed rns", **more)])
        return made


async def test_of_two_claimers_none_gets_a_row_of_the_other(db: Database, db_url: str, open_db) -> None:
    rows = [word(lane=f"lane {n}") for n in range(120)]
    await put(db, rows)
    other = open_db(db_url)
    taken: list[str] = []

    async def claimer(database: Database, holder: str) -> None:
        for _ in range(200):
            got = await claim(database, holder, limit=3)
            if not got:
                return
            taken.extend(one.id for one in got)

    await asyncio.gather(*(claimer(base, f"{n}") for n, base in enumerate([db, other, db, other])))
    assert sorted(taken) == sorted(one.id for one in rows)


async def test_rows_of_a_program_that_is_no_more_can_be_freed_before_their_lease_is_over(db: Database) -> None:
    await put(db, [word(lane="a"), word(lane="b")])
    assert len(await claim(db)) == 2
    assert await claim(db, "two") == []
    async with db.dock(NOW, write=True) as dock:
        await dock.free_outbox()
    assert len(await claim(db, "two")) == 2


async def test_rows_of_programs_that_are_known_to_be_dead_are_freed_and_of_nobody_else(db: Database) -> None:
    await put(db, [word(lane="a"), word(lane="b")])
    (dead,) = await claim(db, "dead", limit=1)
    assert len(await claim(db, "alive")) == 1
    for holders in ([], ["somebody"], ["dead", "somebody"]):
        assert await claim(db, "two") == []
        async with db.dock(NOW, write=True) as dock:
            await dock.free_outbox(holders)
    assert [one.id for one in await claim(db, "two")] == [dead.id]


async def test_urgent_rows_go_first_and_then_the_oldest(db: Database) -> None:
    rows = [word(lane=f"lane {n}", urgency=urgency) for n, urgency in enumerate([0, 2, 1, 2])]
    await put(db, rows)
    assert [one.id for one in await claim(db, limit=3)] == [rows[1].id, rows[3].id, rows[2].id]


async def test_a_word_waits_for_the_earlier_ones_of_its_lane(db: Database) -> None:
    first, second, other = word(lane="a"), word(lane="a", urgency=9), word(lane="b")
    await put(db, [first, second, other])
    got = await claim(db)
    assert {one.id for one in got} == {first.id, other.id}
    assert await claim(db) == []
    mine = await row(db, next(one for one in got if one.id == first.id))
    async with db.work("north", NOW, write=True) as work:
        assert await work.outbox.retry(mine, NOW + HOUR, "429")
    assert await claim(db, at=NOW + timedelta(minutes=59)) != [second.id]
    (again,) = [one for one in await claim(db, at=NOW + HOUR) if one.lane == "a"]
    assert again.id == first.id
    async with db.work("north", NOW, write=True) as work:
        assert await work.outbox.sent(await row(db, again), "17.5", NOW)
    assert [one.id for one in await claim(db) if one.lane == "a"] == [second.id]


async def test_lanes_of_two_carriers_do_not_wait_for_each_other(db: Database) -> None:
    north, south = word(lane="same"), word(lane="same")
    await put(db, [north])
    await put(db, [south], "south")
    assert {(one.carrier, one.id) for one in await claim(db)} == {("north", north.id), ("south", south.id)}


async def test_a_word_waits_until_its_post_stands(db: Database) -> None:
    made = await posted(db)
    told = word(made)
    await put(db, [told])
    assert await claim(db) == []
    async with db.work("north", NOW, write=True) as work:
        await work.posts.shown(made.id, "17.1", 1)
    assert [one.id for one in await claim(db)] == [told.id]


async def test_a_lease_that_ran_out_is_claimed_again_and_the_late_outcome_is_refused(db: Database) -> None:
    await put(db, [word()])
    (slow,) = await claim(db, "slow")
    held = await row(db, slow)
    assert (held.attempts, held.lease_by, held.lease_until) == (1, "slow", NOW + LEASE)
    assert await claim(db, "quick", NOW + LEASE - timedelta(seconds=1)) == []
    (again,) = await claim(db, "quick", NOW + LEASE)
    assert again.id == slow.id
    now_held = await row(db, again)
    async with db.work("north", NOW, write=True) as work:
        assert not await work.outbox.sent(held, "17.1", NOW)
        assert not await work.outbox.retry(held, NOW, "late")
        assert not await work.outbox.dead(held, "late", NOW)
        assert await work.outbox.sent(now_held, "17.2", NOW)
        assert not await work.outbox.sent(now_held, "17.3", NOW)
    ended = await row(db, again)
    assert (ended.state, ended.ref, ended.lease_by) == ("sent", "17.2", "")


async def test_a_post_has_one_card_waiting_at_the_highest_urgency(db: Database) -> None:
    made = await posted(db)
    async with db.work("north", NOW, write=True) as work:
        for urgency in (1, 3, 2):
            await work.outbox.cards([made], NOW, urgency)
        assert len(await work.outbox.waiting([f"card:{made.id}"])) == 1
        assert (await work.posts.of([made.id]))[made.id].wanted_version == made.wanted_version + 3
    (card,) = await claim(db)
    assert card.urgency == 3


async def test_a_card_whose_load_changed_while_it_was_sent_waits_again(db: Database) -> None:
    made = await posted(db)
    async with db.work("north", NOW, write=True) as work:
        await work.outbox.cards([made], NOW)
    (card,) = await claim(db)
    async with db.work("north", NOW) as work:
        rendered = (await work.posts.of([made.id]))[made.id].wanted_version
    async with db.work("north", NOW, write=True) as work:
        await work.outbox.cards([made], NOW)  # the load moves on while the message is under way
    held = await row(db, card)
    async with db.work("north", NOW, write=True) as work:
        assert await work.outbox.sent(held, "17.1", NOW, rendered)
    (again,) = await claim(db)
    assert again.id == card.id
    async with db.work("north", NOW, write=True) as work:
        standing = (await work.posts.of([made.id]))[made.id]
        assert (standing.ref, standing.shown_version) == ("17.1", rendered)
        assert await work.outbox.sent(await row(db, again), "17.1", NOW, standing.wanted_version)
    assert await claim(db) == []
    assert (await row(db, again)).state == "sent"


async def test_no_place_gets_more_than_its_share_of_what_is_under_way(db: Database) -> None:
    await put(db, [word(lane=f"d{n}") for n in range(5)] + [word(place=C2, lane=f"c{n}") for n in range(2)])
    got = await claim(db, limit=10, per_place=2)
    assert sorted(one.place.external for one in got) == ["C2", "C2", "CDESK", "CDESK"]
    assert await claim(db, limit=10, per_place=2) == []
    assert len(await claim(db, "two", limit=10, per_place=2)) == 2  # another program has a share of its own
    desk = next(one for one in got if one.place.external == "CDESK")
    async with db.work("north", NOW, write=True) as work:
        await work.outbox.sent(await row(db, desk), "1.1", NOW)
    (more,) = await claim(db, limit=10, per_place=2)
    assert more.place.external == "CDESK"
    assert len(await claim(db, "three", NOW + 2 * LEASE, limit=10, per_place=2)) == 4


async def test_only_rows_of_open_doors_are_claimed(db: Database) -> None:
    await put(db, [word(place=Place("telegram", "", "55")), word(lane="s")])
    async with db.dock(NOW, write=True) as dock:
        (got,) = await dock.claim_outbox(NOW, NOW + LEASE, "one", ["telegram"])
    assert got.place == Place("telegram", "", "55")


async def test_dead_and_dropped_rows_let_the_next_of_the_lane_go(db: Database) -> None:
    rows = [word(lane="a") for _ in range(3)]
    await put(db, rows)
    for wanted, end in zip(rows, ("dead", "dropped", "sent"), strict=True):
        (got,) = await claim(db)
        assert got.id == wanted.id
        held = await row(db, got)
        async with db.work("north", NOW, write=True) as work:
            if end == "dead":
                assert await work.outbox.dead(held, "gone", NOW)
            elif end == "dropped":
                assert await work.outbox.dropped(held, "told already", NOW)
            else:
                assert await work.outbox.sent(held, "1", NOW)
    async with db.work("north", NOW) as work:
        kept = await work.outbox.of([one.id for one in rows])
        assert [kept[one.id].state for one in rows] == ["dead", "dropped", "sent"]
    async with db.dock(NOW) as dock:
        assert (await dock.counts())["outbox_dead"] == 1


async def test_the_next_due_moment_is_known(db: Database) -> None:
    async with db.dock(NOW) as dock:
        assert await dock.outbox_due() is None
    await put(db, [word(lane="a", next_at=NOW + HOUR)])
    async with db.dock(NOW) as dock:
        assert await dock.outbox_due() == NOW + HOUR
    await claim(db, at=NOW + HOUR)
    async with db.dock(NOW) as dock:
        assert await dock.outbox_due() == NOW + HOUR + LEASE
    assert DESK != C2


async def test_what_was_dropped_is_forgotten_as_what_was_sent_is(db: Database) -> None:
    rows = [replace(word(lane=lane), made_at=NOW + hours * HOUR) for lane, hours in (("a", 0), ("b", 9), ("c", 0))]
    old, late, waiting = rows
    await put(db, rows)
    async with db.work("north", NOW, write=True) as work:
        await work.outbox.drop([old.id, late.id], "told in one line")
    async with db.work("north", NOW, write=True) as work:
        await work.outbox.forget(NOW + 5 * HOUR)
        assert set(await work.outbox.of([old.id, late.id, waiting.id])) == {late.id, waiting.id}
