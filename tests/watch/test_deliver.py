"""What was sent is sent once, also when the database is busy while that is noted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import read_config
from bot.domain.delivery import Outcome, Sent
from bot.domain.route import Place
from bot.feeds.registry import SOURCES
from bot.watch.deliver import Deliver
from bot.watch.world import World
from storage.database import Database
from storage.errors import Again
from storage.ids import new_id
from storage.outbox import WORD, OutboxRecord

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
