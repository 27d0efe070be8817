"""Raw messages: kept first, byte for byte, and counted when they come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, exists, func, select, update

from bot.domain.quick import quick
from storage.errors import NotFound
from storage.ids import new_id
from storage.numbers import number_table
from storage.reports import report_table
from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class RawRecord:
    """A message as it came. `reader` is the version of the source that read it, `seen` how often it came."""

    id: str
    feed: str
    source: str
    ref: str
    sha: str
    size: int
    body: bytes
    received: datetime
    reader: int = 0
    seen: int = 1
    seen_last: datetime | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two arrivals the same message."""
        return self.feed, self.ref, self.sha


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an arrival: the id it is kept under, whether it is new, whether its ref came with another body.

    `brought`: one that came at this very moment is kept already; who holds it may have brought it a second time.
    """

    id: str
    new: bool
    reused: bool
    brought: bool = False


def arrived(feed: str, source: str, body: bytes, received: datetime, *, ref: str = "", reader: int = 0) -> RawRecord:
    """A message that has just arrived."""
    digest = sha256(body).hexdigest()
    return RawRecord(new_id(), feed, source, ref, digest, len(body), body, received, reader, 1, received)


raw_table = table(
    "raw",
    RawRecord,
    UniqueConstraint("sha", "feed", "ref"),
    Index("ix_raw_ref", "ref", "feed"),
    Index("ix_raw_feed_id", "feed", "id"),
    scoped=False,
)
_COLUMNS = columns_of(raw_table, RawRecord)
_t = raw_table.c

_KNOWN = select(_t.id, _t.feed, _t.ref, _t.sha, _t.received, _t.seen_last).where(among(_t.sha, many("shas")))
_REFS = select(_t.feed, _t.ref, _t.sha).where(among(_t.ref, many("refs")))
_AGAIN = (
    update(raw_table)
    .where(_t.id == bindparam("raw"))
    .values(seen=_t.seen + bindparam("times"), seen_last=bindparam("last"))
)
_REREAD = update(raw_table).where(_t.id == bindparam("raw")).values(reader=bindparam("version"))
_OF = select(*_COLUMNS).where(among(_t.id, many("ids"))).order_by(_t.id)
_PAGE = (
    select(*_COLUMNS)
    .where(_t.feed == bindparam("feed"), _t.id > bindparam("after"))
    .order_by(_t.id)
    .limit(bindparam("many"))
)
_IDS_AFTER = (
    select(_t.id)
    .where(_t.feed == bindparam("feed"), _t.id > bindparam("after"))
    .order_by(_t.id)
    .limit(bindparam("many"))
)
_DROP_REPORTS = (
    delete(report_table)
    .where(report_table.c.raw_id == bindparam("raw"))
    .returning(report_table.c.carrier, report_table.c.number_id)
)
_OBSERVED = select(func.max(report_table.c.observed)).where(report_table.c.raw_id == bindparam("raw"))
_OWN = (
    select(*_COLUMNS)
    .where(
        among(_t.id, many("ids")),
        exists().where(
            report_table.c.raw_id == _t.id,
            checked(report_table.c.carrier) == bindparam("scope"),
            report_table.c.number_id == number_table.c.id,
            checked(number_table.c.carrier) == bindparam("scope"),
        ),
    )
    .order_by(_t.id)
)


_COUNT = select(func.count()).select_from(raw_table)


class Raws(Repository):
    """All raw messages; they belong to feeds, not to carriers, so only the dock has this repository."""

    async def keep(self, arrivals: Sequence[RawRecord]) -> list[Kept]:
        """Keeps what is new and counts what came before; one answer for each arrival, in order."""
        known, moments = await self._known(arrivals)
        first = {raw.identity: raw for raw in reversed(arrivals) if raw.identity not in known}
        bodies = await self._bodies_of_refs(arrivals)
        await self._add_missing(raw_table, batch(first.values()))
        if first and not self.unit.alone:  # another process may have kept the same message meanwhile
            known = (await self._known(list(first.values())))[0] | known
        else:
            known |= {identity: raw.id for identity, raw in first.items()}
        kept: list[Kept] = []
        times: dict[str, tuple[int, datetime]] = {}
        for raw in arrivals:
            there = known[raw.identity]
            seen = bodies.setdefault((raw.feed, raw.ref), set())
            brought = raw.received in moments.get(there, ())
            kept.append(Kept(there, there == raw.id, bool(raw.ref) and bool(seen - {raw.sha}), brought))
            seen.add(raw.sha)
            if there != raw.id:
                times[there] = (times.get(there, (0, raw.received))[0] + 1, raw.received)
        await self._each(_AGAIN, [{"raw": i, "times": n, "last": last} for i, (n, last) in times.items()])
        return kept

    async def _known(
        self, arrivals: Sequence[RawRecord]
    ) -> tuple[dict[tuple[str, str, str], str], dict[str, tuple[datetime, ...]]]:
        """Ids of the same messages by identity, and of each id when it first and last came."""
        rows = list(await self._rows(_KNOWN, shas={raw.sha for raw in arrivals}))
        identities = {(feed, ref, sha): there for there, feed, ref, sha, *_ in rows}
        return identities, {row[0]: tuple(moment for moment in row[4:] if moment) for row in rows}

    async def _bodies_of_refs(self, arrivals: Sequence[RawRecord]) -> dict[tuple[str, str], set[str]]:
        refs = {raw.ref for raw in arrivals if raw.ref}
        found: dict[tuple[str, str], set[str]] = {}
        for feed, ref, sha in await self._rows(_REFS, refs=refs) if refs else ():
            found.setdefault((feed, ref), set()).add(sha)
        return found

    async def of(self, ids: Sequence[str]) -> list[RawRecord]:
        """These messages, oldest first."""
        return [RawRecord(*row) for row in await self._rows(_OF, ids=ids)]

    async def get(self, raw_id: str) -> RawRecord:
        """This message, with its body."""
        found = await self.of([raw_id])
        if not found:
            raise NotFound(f"no message {raw_id} is kept")
        return found[0]

    async def page(self, feed: str, after: str = "", limit: int = 500) -> list[RawRecord]:
        """Messages of a feed behind the id `after`, oldest first (to read them again)."""
        return [RawRecord(*row) for row in await self._rows(_PAGE, feed=feed, after=after, many=limit)]

    async def ids_after(self, feed: str, after: str, limit: int) -> list[str]:
        """Ids of a feed's messages behind the id `after`, oldest first."""
        return [row[0] for row in await self._rows(_IDS_AFTER, feed=feed, after=after, many=limit)]

    async def finish(self, raw_id: str, version: int) -> None:
        """Notes that a message was read to its end by this version of its source."""
        await self._run(_REREAD, {"raw": raw_id, "version": version})

    async def reread(self, raw_id: str, version: int) -> list[tuple[str, str]]:
        """Takes away all reports of a message to make room for a new reading; returns (carrier, number id) of each."""
        await self._run(_REREAD, {"raw": raw_id, "version": version})
        return [(carrier, number) for carrier, number in await self._rows(_DROP_REPORTS, raw=raw_id)]

    async def observed(self, raw_id: str) -> datetime | None:
        """When what a message says was last seen, if it answered a poll and said something; else None."""
        row = await self._one(_OBSERVED, raw=raw_id)
        return row[0] if row else None

    async def count(self) -> int:
        """How many messages are kept."""
        row = await self._one(_COUNT)
        return int(row[0]) if row else 0


class OwnRaws(Repository):
    """The messages that said something about a carrier's numbers."""

    async def of(self, ids: Sequence[str]) -> list[RawRecord]:
        """Those of these messages that hold a report of this carrier, oldest first."""
        return [RawRecord(*row) for row in await self._rows(_OWN, ids=ids)]
