"""Problems: what in a message could not be understood, kept until a newer reader understands it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, delete, func, select

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
_COUNTS = select(_t.feed, func.count()).group_by(_t.feed)


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
        """How many problems each feed has."""
        return dict(await self._rows(_COUNTS))
