"""A database for trying things out: one SQLite file, one user, no thread of its own, and it notes what changed."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import StaticPool

from storage.database import Database
from storage.engine import Duty, told
from storage.errors import StorageError
from storage.inthread import Direct, Driver
from storage.types import decoded
from storage.unit import Unit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SETTINGS = (
    "foreign_keys=OFF", "synchronous=OFF", "journal_mode=MEMORY", "locking_mode=EXCLUSIVE", "cache_size=-200000",
    "temp_store=MEMORY",
)  # fmt: skip
#: What changed is noted by the database itself: nobody has to look through all loads after every step.
_NOTING = """
CREATE TEMP TABLE turned (carrier TEXT, load TEXT, was TEXT, answer TEXT, low INTEGER, level INTEGER, asks TEXT);
CREATE TEMP TRIGGER load_turned AFTER UPDATE OF assessment ON main.load BEGIN
    INSERT INTO turned VALUES (NEW.carrier, NEW.id, OLD.answer, NEW.answer, OLD.level, NEW.level,
                               coalesce(json_extract(NEW.assessment, '$.asks'), '[]'));
END;
"""
_TURNED = "SELECT carrier, load, was, answer, low, level, asks FROM turned ORDER BY rowid"
_WAITING = """
SELECT o.carrier, o.kind, o.external, o.made_at, o.post_id, coalesce(p.topic, ''), coalesce(p.ref, '') = '', o.load_id,
       o.content
FROM outbox o LEFT JOIN post p ON p.id = o.post_id WHERE o.state = 'waiting' ORDER BY o.id
"""
_STAND = """
UPDATE post SET ref = 'stands', shown_version = wanted_version
WHERE id IN (SELECT post_id FROM outbox WHERE state = 'waiting')
"""
_SAID = "DELETE FROM outbox WHERE state = 'waiting'"
_DUE = "SELECT carrier, id, look_at FROM load WHERE life = 'open' AND look_at < ? ORDER BY look_at"
_ALONE = ("BEGIN", ("ROLLBACK",), "COMMIT")
_NESTED = ("SAVEPOINT unit", ("ROLLBACK TO unit", "RELEASE unit"), "RELEASE unit")
_COMES = "SELECT min(eta) FROM load WHERE life = 'open' AND eta > ?"
_LAST = "SELECT max(eta) FROM load"
_HEARD = "UPDATE feed_state SET last_word = ?1, last_good = ?1 WHERE feed = ?2"
_LEFT = "SELECT DISTINCT n.key FROM claim c JOIN number n ON n.id = c.number_id WHERE c.dropped_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class ToSay:
    """A row of the outbox; `first`: a card whose post does not stand yet."""

    carrier: str
    kind: str
    external: str
    at: datetime
    post_id: str | None
    topic: str
    first: bool
    load_id: str | None
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turned:
    """A load that was looked at, and what it was before: answer and level; `asks` are questions that stand."""

    carrier: str
    load: str
    was: str
    answer: str
    low: int
    level: int
    asks: tuple[str, ...]


class ScratchEngine:
    """One connection for everything: units come one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.driver = Driver(path)
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}",
            json_deserializer=decoded,
            poolclass=StaticPool,
            pool_reset_on_return=None,
            connect_args={"async_creator_fn": lambda *_args, **_more: self.driver},
        )
        self._connection: AsyncConnection | None = None
        self._direct: Direct | None = None

    @asynccontextmanager
    async def unit(self, now: datetime, write: bool) -> AsyncIterator[Unit]:
        """A unit; one inside of another is part of it."""
        direct = self._direct or await self._open()
        plain = self.driver.plain
        unit = Unit(cast("AsyncConnection", direct), now, write, driver=self.driver)
        if not write:
            with told():
                yield unit
            return
        begin, undo, end = _NESTED if plain.in_transaction else _ALONE
        plain.execute(begin)
        try:
            with told():
                yield unit
        except BaseException:  # cancelled too: half a unit must not stay
            for statement in undo:
                plain.execute(statement)
            raise
        plain.execute(end)

    async def _open(self) -> Direct:
        self._connection = await self._engine.connect()
        self._direct = Direct(self._connection, self.driver.plain)
        return self._direct

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """A connection to make the tables by."""
        for setting in _SETTINGS:
            self.driver.plain.execute(f"PRAGMA {setting}")
        async with self._engine.connect() as connection:
            self.driver.plain.execute("BEGIN")
            yield connection
            self.driver.plain.execute("COMMIT")
        self.driver.plain.executescript(_NOTING)

    @asynccontextmanager
    async def duty(self, name: str) -> AsyncIterator[Duty]:
        """Every duty is ours."""
        yield Duty(True)

    async def data_version(self) -> int | None:
        """Nobody else writes."""
        return None

    async def backup(self, path: Path) -> None:
        """There is nothing to keep."""
        raise StorageError(f"a database to try things out is not copied; nothing was written to {path}")

    async def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            await self._connection.close()
        await self._engine.dispose()
        self.driver.plain.close()


class Scratch(Database):
    """A database that is thrown away, and says what changed in it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"sqlite+aiosqlite:///{path}")
        self.engine = self._scratch = ScratchEngine(path)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Units inside of this are one: all of them are undone if it ends by an error."""
        plain = self._scratch.driver.plain
        plain.execute("BEGIN")
        try:
            yield
        except BaseException:  # cancelled too
            plain.execute("ROLLBACK")
            raise
        plain.execute("COMMIT")

    def forget(self) -> None:
        """Forgets which loads were looked at: whoever looked knows it."""
        self._scratch.driver.plain.execute("DELETE FROM turned")

    def heard(self, words: Mapping[str, datetime | None]) -> None:
        """Says when each feed had its last word: messages of a time are taken in together."""
        rows = [(None if at is None else (at - _EPOCH) // _MICROSECOND, feed) for feed, at in words.items()]
        self._scratch.driver.plain.executemany(_HEARD, rows)

    def left_numbers(self) -> set[str]:
        """Keys of numbers that a load once had and has no more."""
        return {key for (key,) in self._scratch.driver.plain.execute(_LEFT)}

    def turned(self) -> list[Turned]:
        """Loads that were looked at since this was asked last, in order."""
        plain = self._scratch.driver.plain
        rows = plain.execute(_TURNED).fetchall()
        if rows:
            plain.execute("DELETE FROM turned")
        return [Turned(a, b, c, d, e, f, tuple(decoded(asks))) for a, b, c, d, e, f, asks in rows]

    def to_say(self) -> list[ToSay]:
        """What waits to be said, in order; it counts as said, and its posts as standing."""
        plain = self._scratch.driver.plain
        rows = plain.execute(_WAITING).fetchall()
        if rows:
            plain.execute(_STAND)
            plain.execute(_SAID)
        return [
            ToSay(carrier, kind, external, _moment(at), post, topic, bool(first), load, decoded(content))
            for carrier, kind, external, at, post, topic, first, load, content in rows
        ]

    def due(self, before: datetime) -> list[tuple[str, str, datetime]]:
        """(carrier, load, moment) of open loads to be looked at before a time, the first first."""
        rows = self._scratch.driver.plain.execute(_DUE, ((before - _EPOCH) // _MICROSECOND,)).fetchall()
        return [(carrier, load, _moment(at)) for carrier, load, at in rows]

    def next_eta(self, after: datetime) -> datetime | None:
        """The first ETA of an open load after a time."""
        (value,) = self._scratch.driver.plain.execute(_COMES, ((after - _EPOCH) // _MICROSECOND,)).fetchone()
        return None if value is None else _moment(value)

    def last_eta(self) -> datetime | None:
        """The last ETA of all loads."""
        (value,) = self._scratch.driver.plain.execute(_LAST).fetchone()
        return None if value is None else _moment(value)


def _moment(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)
