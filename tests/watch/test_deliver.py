"""What was sent is sent once, also when the database is busy while that is noted; who is slow waits alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import read_config
from bot.domain.delivery import Outcome, Sent
from bot.domain.route import Place
from bot.feeds.registry import SOURCES
from bot.watch.deliver import Deliver
from bot.watch.world import World
from storage.database import Database
from storage.dock import Dock
from storage.errors import Again, Away
from storage.ids import new_id
from storage.outbox import CARD, WORD, OutboxRecord
from tests.patience import until
from tests.watch.office import NORTH, Office

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class Busy(Database):
    """A database whose next units that write, so many of them, find it busy."""

    left = 0

    def work(self, carrier, now, write=False):  # type: ignore[no-untyped-def]
        if write and self.left:
            self.left -= 1
            raise Again("busy")
        return super().work(carrier, now, write)


class Chat:
    """A chat in which every message arrives, and the database is busy just then."""

    def __init__(self, database: Busy, faults: int) -> None:
        self.database, self.faults, self.said = database, faults, list[str]()

    async def post(self, place: Place, reply: str, *, thread: str = "", broadcast: bool = False) -> Outcome:
        self.said.append(reply)
        self.database.left = self.faults
        return Sent(str(len(self.said)))

    async def edit(self, place: Place, ref: str, reply: str) -> Outcome:
        return Sent(ref)


class Slow:
    """Chats in which some places, or all, take nothing until a test lets them."""

    def __init__(self, *slow: str) -> None:
        self.slow, self.let, self.said = slow, asyncio.Event(), list[str]()
        self.under_way, self.most = 0, 0

    async def post(self, place: Place, reply: str, *, thread: str = "", broadcast: bool = False) -> Outcome:
        if not self.slow or place.external in self.slow:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await self.let.wait()
            self.under_way -= 1
        self.said.append(reply)
        return Sent(str(len(self.said)))

    async def edit(self, place: Place, ref: str, reply: str) -> Outcome:
        return Sent(ref)

    def pace(self, place: Place) -> timedelta:
        return timedelta()


class Voice:
    async def card(self, work, post):  # type: ignore[no-untyped-def]
        return None

    def words(self, contents, now):  # type: ignore[no-untyped-def]
        return " ".join(c["said"] for c in contents)


async def test_a_word_whose_sending_could_not_be_noted_at_once_is_not_sent_twice(
    sqlite_db: Database, sqlite_url: str, tmp_path: Path
) -> None:
    database = Busy(sqlite_url)
    config = read_config(None, tmp_path, SOURCES)
    world = World({c.id: c for c in config.carriers}, config.crossings, lambda: datetime.now(UTC))
    chat = Chat(database, faults=2)
    at = world.machine() - timedelta(seconds=1)
    word = OutboxRecord(new_id(), WORD, "chat", "", "C1", "a", at, at, content={"said": "hold"})
    async with database.work("home", NOW, write=True) as work:
        await work.outbox.words([word])
    deliver = Deliver(database, world, {"chat": chat}, Voice(), lambda: NOW, lambda place: timedelta())
    try:
        await deliver.drain()
        async with database.work("home", NOW) as work:
            kept = (await work.outbox.of([word.id]))[word.id]
    finally:
        await database.close()
    assert chat.said == ["hold"]
    assert (kept.state, kept.ref) == ("sent", "1")


@pytest.mark.parametrize("kind", [CARD, WORD])
async def test_what_waits_for_a_carrier_that_is_not_set_up_is_kept_for_a_day_and_then_dropped(
    sqlite_db: Database, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    office = Office(sqlite_db)
    post = await office.posted(card=kind == CARD, topic="call:pcb")
    if kind == WORD:
        at, place = office.now, post.place
        said = OutboxRecord(new_id(), WORD, place.door, place.workspace, place.external, "admin", at, at)
        async with sqlite_db.work("home", NOW, write=True) as work:
            await work.outbox.words([said])
    carriers, office.world.carriers = office.world.carriers, {}
    assert await office.drain() == []
    assert await office.drain(timedelta(hours=20)) == []
    assert await office.states() == {"waiting": 1}
    async with sqlite_db.dock(NOW) as dock:
        assert await dock.unsaid(["other"], office.now) == {"home": (1, 0)}
        assert await dock.unsaid(["home"], office.now) == {}
    assert await office.drain(timedelta(hours=5)) == []
    assert await office.states() == {"dropped": 1}
    assert [r.carrier for r in caplog.records if getattr(r, "action", "") == "deliver.no_carrier"] == ["home"]
    async with sqlite_db.dock(NOW) as dock:
        assert await dock.unsaid(["other"], office.now - timedelta(days=2)) == {"home": (0, 1)}
        assert await dock.unsaid(["other"], office.now + timedelta(days=1)) == {}
    office.world.carriers = carriers
    assert await office.drain(timedelta(days=1)) == []


async def test_what_waited_for_a_carrier_that_is_back_within_a_day_is_said(sqlite_db: Database) -> None:
    office = Office(sqlite_db)
    await office.posted()
    carriers, office.world.carriers = office.world.carriers, {}
    assert await office.drain() == []
    office.world.carriers = carriers
    assert await office.drain(timedelta(hours=1)) == [("post", "card", "")]


def _word(door: str, place: str, said: str) -> OutboxRecord:
    at = datetime.now(UTC) - timedelta(seconds=1)
    return OutboxRecord(new_id(), WORD, door, "", place, new_id(), at, at, content={"said": said})


async def _all(said: list[str], count: int) -> None:
    await until(lambda: len(said) >= count)


async def test_a_slow_place_or_door_holds_up_only_itself(db: Database, tmp_path: Path) -> None:
    config = read_config(None, tmp_path, SOURCES)
    world = World({c.id: c for c in config.carriers}, config.crossings, lambda: datetime.now(UTC))
    quick, slow = Slow("C1"), Slow()
    rows = [_word("quick", "C1", f"late {n}") for n in range(60)]
    rows += [_word("slow", f"D{n}", f"held up {n}") for n in range(60)]
    rows += [_word("quick", f"C{2 + n % 30}", f"soon {n}") for n in range(60)]
    async with db.work("home", NOW, write=True) as work:
        await work.outbox.words(rows)
    deliver = Deliver(db, world, {"quick": quick, "slow": slow}, Voice(), lambda: NOW)
    running = asyncio.create_task(deliver.run())
    try:
        await _all(quick.said, 60)
        assert set(quick.said) == {f"soon {n}" for n in range(60)}
        assert (quick.under_way, slow.said) == (1, [])
        quick.let.set()
        slow.let.set()
        await _all(quick.said, 120)
        await _all(slow.said, 60)
    finally:
        running.cancel()
        await asyncio.wait({running})
        await deliver.land(timedelta(seconds=5))
    assert quick.said[60:] == [f"late {n}" for n in range(60)]
    assert (quick.most, slow.most) == (1, 20)


class Cut(Database):
    """A database whose next claims, so many of them, are written, and the answer to that never comes."""

    left = 0

    @asynccontextmanager
    async def dock(self, now: datetime, write: bool = False) -> AsyncIterator[Dock]:
        async with super().dock(now, write) as dock:
            yield dock
        if write and self.left:
            self.left -= 1
            raise Away("the line was cut")


async def _loses(office: Office, database: Cut, deliver: Deliver[str]) -> None:
    """A claim whose answer is lost."""
    database.left = 1
    with pytest.raises(Away):
        await deliver.round()
    assert [row.lease_by for post in office.posts for row in await office.rows(post)].count(deliver.holder)


async def test_rows_whose_claim_was_never_answered_are_sent_at_once_and_once(db: Database, db_url: str) -> None:
    office, database = Office(db), Cut(db_url)
    try:
        deliver = office.another(database)
        office.posts = [await office.posted(), await office.posted(NORTH)]
        await _loses(office, database, deliver)
        assert await office.another().round() is False  # they are this process's, and nobody else's
        await asyncio.wait_for(deliver.drain(), 10)
        assert [what for what, _, _ in office.chat.shown] == ["post", "post"]
        assert await office.states() == {"sent": 2}
        await _loses_none(office, database, deliver)
    finally:
        await database.close()


async def _loses_none(office: Office, database: Cut, deliver: Deliver[str]) -> None:
    """A claim that found nothing, and whose answer is lost, changes nothing."""
    await office.carded(office.posts[0])
    database.left = 1
    with pytest.raises(Away):
        await deliver.round()
    office.voice.text = "another"
    await asyncio.wait_for(deliver.drain(), 10)
    assert [what for what, _, _ in office.chat.shown] == ["post", "post", "edit"]


async def test_what_is_under_way_is_not_sent_again_when_another_claim_is_lost_or_its_lease_is_over(
    db: Database, db_url: str
) -> None:
    office, database, let = Office(db), Cut(db_url), asyncio.Event()
    office.chat.on_post = let.wait
    try:
        deliver = office.another(database)
        office.posts = [await office.posted()]
        assert await deliver.round()
        await asyncio.sleep(0.05)
        office.posts.append(await office.posted(NORTH))
        await _loses(office, database, deliver)
        assert await deliver.round()
        for _ in range(3):
            office.now += timedelta(minutes=3)
            assert await deliver.round() is False
        let.set()
        await asyncio.wait_for(deliver.drain(), 10)
        assert [what for what, _, _ in office.chat.shown] == ["post", "post"]
        assert await office.states() == {"sent": 2}
    finally:
        await database.close()


async def test_a_row_that_another_process_took_while_it_waited_its_turn_is_left_to_that_one(db: Database) -> None:
    office = Office(db)
    slow = Deliver(db, office.world, {"chat": office.chat}, office.voice, lambda: NOW, lambda _: timedelta(seconds=0.5))
    await office.posted()
    await office.posted()
    assert await slow.round()
    await slow.land(timedelta(seconds=5))
    assert await slow.round()
    await asyncio.sleep(0.05)
    office.now += timedelta(minutes=3)
    async with db.dock(NOW, write=True) as dock:
        (_taken,) = await dock.claim_outbox(office.now, office.now + timedelta(minutes=2), "another", ["chat"])
    await slow.land(timedelta(seconds=5))
    assert await slow.round() is False
    assert len(office.chat.shown) == 1
    assert await office.states() == {"sent": 1, "waiting": 1}


async def test_a_message_that_may_have_arrived_is_not_sent_again_before_its_lease_is_over(db: Database) -> None:
    office, faults = Office(db), [RuntimeError("SAMPLE: it arrived, and then the door broke")]
    arrived = list[datetime]()

    async def breaks() -> None:
        arrived.append(office.now)
        if faults:
            raise faults.pop()

    office.chat.on_post = breaks
    await office.posted()
    await office.drain()
    await office.drain(timedelta(minutes=1))
    assert len(arrived) == 1
    await office.drain(timedelta(minutes=2))
    assert (len(arrived), await office.states()) == (2, {"sent": 1})
