"""A chat that answers as it is told, and an outbox to be said there (SAMPLE data)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.delivery import Outcome, Sent
from bot.domain.route import Place
from bot.watch.deliver import Deliver
from storage.database import Database
from storage.ids import new_id
from storage.outbox import OutboxRecord
from storage.posts import PostRecord
from storage.work import Work
from tests.patience import PATIENCE
from tests.storage.world import word
from tests.watch.ground import NOW, world

DESK, NORTH = Place("chat", "T1", "C1"), Place("chat", "T1", "C2")
START = datetime(2026, 11, 24, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Chat:
    """A door that takes what it is given, or answers with the outcomes it was told to give first."""

    outcomes: list[Outcome] = field(default_factory=list)
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    on_post: Callable[[], Any] | None = None

    async def post(self, place: Place, reply: str, *, thread: str = "", broadcast: bool = False) -> Outcome:
        if self.on_post is not None:
            await self.on_post()
        return self._answer("post", reply, f"{thread}{' loud' if broadcast else ''}".strip())

    async def edit(self, place: Place, ref: str, reply: str) -> Outcome:
        return self._answer("edit", reply, ref)

    def _answer(self, what: str, reply: str, more: str) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.shown.append((what, reply, more))
        return Sent(f"m{len(self.shown)}")


@dataclass
class Voice:
    """Words cards by what stands, words by their content."""

    text: str | None = "card"

    async def card(self, work: Work, post: PostRecord) -> str | None:
        return self.text

    def words(self, contents: Sequence[Mapping[str, Any]], now: datetime) -> str:
        return " + ".join(str(c["event"]) for c in contents)


@dataclass
class Office:
    """A post with what waits to be said there, and a machine clock that the test moves."""

    db: Database
    chat: Chat = field(default_factory=Chat)
    voice: Voice = field(default_factory=Voice)
    now: datetime = START
    posts: list[PostRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = world()
        self.world.machine = lambda: self.now
        self.deliver = self.another()

    def another(self, db: Database | None = None, chat: Chat | None = None) -> Deliver[str]:
        doors = {"chat": chat or self.chat}
        return Deliver(db or self.db, self.world, doors, self.voice, lambda: NOW, lambda _place: timedelta())

    async def posted(self, place: Place = DESK, *, card: bool = True, topic: str = "") -> PostRecord:
        async with self.db.work("home", NOW, write=True) as work:
            made = PostRecord(new_id(), place.door, place.workspace, place.external, topic=topic or new_id())
            (post,) = await work.posts.ensure([made])
            if card:
                await work.outbox.cards([post], self.now)
        return post

    async def says(self, post: PostRecord, *events: str, broadcast: bool = False) -> None:
        async with self.db.work("home", NOW, write=True) as work:
            await work.outbox.words(
                word(
                    post, post.place, f"post:{post.id}", content={"event": e}, broadcast=broadcast, next_at=self.now,
                )
                for e in events
            )  # fmt: skip

    async def carded(self, post: PostRecord) -> None:
        async with self.db.work("home", NOW, write=True) as work:
            await work.outbox.cards([post], self.now)

    async def drain(self, later: timedelta = timedelta()) -> list[tuple[str, str, str]]:
        self.now += later
        await asyncio.wait_for(self.deliver.drain(), PATIENCE)
        return self.chat.shown

    async def states(self) -> dict[str, int]:
        async with self.db.work("home", NOW) as work:
            sql = "SELECT state, count(*) FROM outbox GROUP BY state"
            return dict((await work.unit.connection.exec_driver_sql(sql)).fetchall())

    async def rows(self, post: PostRecord) -> list[OutboxRecord]:
        async with self.db.work("home", NOW) as work:
            return await work.outbox.waiting([f"post:{post.id}", f"card:{post.id}"])
