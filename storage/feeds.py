"""Feed states: whether each feed is alive, and its last word. They belong to feeds, not to carriers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from storage.table import batch, columns_of, table
from storage.types import among, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class FeedState:
    """`state` is alive, cannot_tell or dead (since `since`); `last_good` a sign of life, `last_word` a message."""

    feed: str
    state: str
    since: datetime
    last_good: datetime | None = None
    last_word: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str = ""
    alive_until: datetime | None = None
    messages: int = 0
    problems: int = 0


feed_state_table = table("feed_state", FeedState, key=("feed",), scoped=False)
_t = feed_state_table.c
_STATES = select(*columns_of(feed_state_table, FeedState)).order_by(_t.feed)
_OF = _STATES.where(among(_t.feed, many("feeds")))
_THIS = _t.feed == bindparam("name")
_HEARD = (
    update(feed_state_table)
    .where(_THIS)
    .values(
        last_word=bindparam("moment"), last_good=bindparam("moment"), messages=_t.messages + bindparam("count"),
        problems=_t.problems + bindparam("faults"),
    )
)  # fmt: skip
_LIVES = update(feed_state_table).where(_THIS).values(last_good=bindparam("moment"), alive_until=bindparam("until"))
_GIVES_UP = update(feed_state_table).where(_THIS).values(alive_until=bindparam("moment"))
_BEATS = (
    update(feed_state_table)
    .where(_THIS, or_(_t.alive_until.is_(None), _t.alive_until < bindparam("until")))
    .values(alive_until=bindparam("until"))
)
_FAILED = update(feed_state_table).where(_THIS).values(last_error_at=bindparam("moment"), last_error=bindparam("why"))
_TURN = (
    update(feed_state_table)
    .where(_THIS, _t.state == bindparam("was"))
    .values(state=bindparam("becomes"), since=bindparam("moment"))
)


class Feeds(Repository):
    """Feed states."""

    async def all(self) -> dict[str, FeedState]:
        """Every feed that was ever configured, by name."""
        return {row[0]: FeedState(*row) for row in await self._rows(_STATES)}

    async def of(self, feeds: Iterable[str]) -> dict[str, FeedState]:
        """These feeds, by name; unknown ones are absent."""
        return {row[0]: FeedState(*row) for row in await self._rows(_OF, feeds=feeds)}

    async def ensure(self, feed: str, state: str, at: datetime) -> None:
        """Makes a feed known; one that is keeps its state."""
        row = FeedState(feed, state, at)
        await self._add_missing(feed_state_table, batch([row]))

    async def heard(self, feed: str, at: datetime, messages: int = 1, problems: int = 0) -> None:
        """Counts messages."""
        await self._run(_HEARD, {"name": feed, "moment": at, "count": messages, "faults": problems})

    async def lives(self, feed: str, at: datetime, until: datetime | None) -> None:
        """Notes a sign of life, good until a time (None: until further notice)."""
        await self._run(_LIVES, {"name": feed, "moment": at, "until": until})

    async def gives_up(self, feed: str, at: datetime) -> None:
        """Ends what its last sign of life was good for."""
        await self._run(_GIVES_UP, {"name": feed, "moment": at})

    async def beats(self, feed: str, until: datetime) -> None:
        """Notes a sign of life that is good until a time; an earlier one takes nothing from a later one."""
        await self._run(_BEATS, {"name": feed, "until": until})

    async def failed(self, feed: str, why: str, at: datetime) -> None:
        """Notes an error."""
        await self._run(_FAILED, {"name": feed, "moment": at, "why": why})

    async def turn(self, feed: str, was: str, becomes: str, at: datetime) -> bool:
        """Changes the state of a feed; False when it was not `was` any more: somebody else saw it first."""
        return await self._run(_TURN, {"name": feed, "was": was, "becomes": becomes, "moment": at}) > 0
