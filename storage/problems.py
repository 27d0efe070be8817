"""Problems: what in a message could not be understood, kept until a newer reader understands it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, bindparam, delete, func, select

from storage.feeds import feed_state_table
from storage.table import batch, columns_of, table
from storage.types import among, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class ProblemRecord:
    """A place in a message and why it was not understood; `code` is the unknown code, if one is the cause."""

    id: str
    raw_id: str | None
    feed: str
    place: str
    why: str
    code: str
    at: datetime


problem_table = table(
    "problem",
    ProblemRecord,
    Index("ix_problem_feed", "feed", "id"),
    Index("ix_problem_raw_id", "raw_id"),
    scoped=False,
    refers={"raw_id": "raw.id"},
)
_t = problem_table.c
_PROBLEMS = select(*columns_of(problem_table, ProblemRecord))
_LATEST = _PROBLEMS.where(among(_t.feed, many("feeds"))).order_by(_t.id.desc()).limit(bindparam("most"))
_DROP = delete(problem_table).where(_t.raw_id == bindparam("raw"))
#: Beyond that many of a feed the number tells nobody more, and to count them all takes ever longer.
MOST_COUNTED = 1000


def _counts() -> Select[Any]:
    feeds = feed_state_table
    some = select(_t.id).where(_t.feed == feeds.c.feed).limit(MOST_COUNTED).correlate(feeds).subquery()
    return select(feeds.c.feed, select(func.count()).select_from(some).scalar_subquery())


_COUNTS = _counts()


class Problems(Repository):
    """Problems belong to feeds: a caller names those it may see."""

    async def add(self, problems: Iterable[ProblemRecord]) -> None:
        """Adds problems."""
        await self._insert(problem_table, batch(problems))

    async def of_feeds(self, feeds: Iterable[str], limit: int = 50) -> list[ProblemRecord]:
        """The last problems of feeds, newest first."""
        return [ProblemRecord(*row) for row in await self._rows(_LATEST, feeds=feeds, most=limit)]

    async def drop_of_raw(self, raw_id: str) -> None:
        """Takes away the problems of a message that is read again."""
        await self._run(_DROP, {"raw": raw_id})

    async def counts(self) -> dict[str, int]:
        """How many problems each feed has, where it has any; `MOST_COUNTED` stands for more, too."""
        return {feed: count for feed, count in await self._rows(_COUNTS) if count}
