"""What was told of numbers before loads claimed them, under another kind or at another carrier."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, or_, select, update

from bot.domain.numbers import NumberKind
from bot.domain.status import Authority
from storage.claims import claim_table
from storage.numbers import number_table
from storage.reports import report_table
from storage.types import among, checked, fixed, many
from storage.unit import Repository

#: Kinds that a number may be of which a broker names without its kind: it is read as a CCN.
UNSAID = (NumberKind.SCN, NumberKind.TRIP, NumberKind.ENTRY)
#: The PostgreSQL lock that units take in which numbers are claimed, or heard of by kind or carrier as they are claimed.
_LOCK = 7_264_001

_claim, _mine, _other = claim_table.c, number_table.alias("mine").c, number_table.alias("other").c
_report, _rival = report_table.c, claim_table.alias("rival").c
_SCOPE: BindParameter[str] = bindparam("scope")
_FROM_CLAIMS = (
    checked(_claim.carrier) == _SCOPE,
    among(_claim.load_id, many("ids")),
    _claim.dropped_at.is_(None),
    _mine.id == _claim.number_id,
    checked(_mine.carrier) == _SCOPE,
)
_NO_KIND = and_(checked(_other.kind) == fixed(NumberKind.CCN), _mine.kind.in_([fixed(kind) for kind in UNSAID]))
_BY_BROKER = (_report.authority == Authority.BROKER) | (_report.authority == Authority.EMAIL)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A number that another carrier has, and the claimed one that it is; `kindless`: only if a broker told of it."""

    carrier: str
    number_id: str
    mine: str
    kindless: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A word that a shipment's number had heard: when it says that its matter was, and by which feed it came."""

    load_id: str
    shipment_id: str
    at: datetime | None
    feed: str


def _orphans() -> Select[Any]:
    return (
        select(_other.id, _mine.id)
        .distinct()
        .where(
            *_FROM_CLAIMS,
            _other.carrier == _SCOPE,
            _other.key == _mine.key,
            _NO_KIND,
            exists().where(_report.number_id == _other.id, checked(_report.carrier) == _SCOPE, _BY_BROKER),
            ~exists().where(
                _rival.number_id == _other.id, checked(_rival.carrier) == _SCOPE, _rival.dropped_at.is_(None)
            ),
        )
    )


def _elsewhere() -> Select[Any]:
    return (
        select(_other.carrier, _other.id, _mine.id, _other.kind, _mine.kind)
        .distinct()
        .where(
            *_FROM_CLAIMS,
            among(_other.carrier, many("carriers")),
            _other.key == _mine.key,
            or_(checked(_other.kind) == _mine.kind, _NO_KIND),
            exists().where(
                _report.number_id == _other.id,
                checked(_report.carrier) == _other.carrier,
                among(_report.feed, many("feeds")),
                _report.received >= bindparam("since"),
            ),
        )
    )


_ORPHANS, _ELSEWHERE = _orphans(), _elsewhere()
_OF_CLAIMS = select(_claim.load_id, _claim.shipment_id, _report.prepared, _report.feed).where(
    checked(_claim.carrier) == _SCOPE,
    among(_claim.load_id, many("ids")),
    _claim.dropped_at.is_(None),
    _claim.shipment_id.is_not(None),
    _report.number_id == _claim.number_id,
    checked(_report.carrier) == _SCOPE,
    _report.reason == bindparam("reason"),
    _report.received >= bindparam("since"),
)
_MOVE = (
    update(report_table)
    .where(checked(_report.carrier) == _SCOPE, _report.number_id == bindparam("old"), _BY_BROKER)
    .values(number_id=bindparam("new"))
)


class Adoption(Repository):
    """How a carrier's claims find what was told before them. On PostgreSQL a unit that claims numbers, or hears of
    numbers by how they are claimed, takes its lock before any row: else neither might see the other."""

    async def claiming(self) -> None:
        """Numbers are claimed in this unit."""
        if not self.unit.alone:
            await self.unit.connection.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))

    async def hearing(self) -> None:
        """What this unit hears goes by who claims it, and as what; nobody claims meanwhile."""
        if not self.unit.alone:
            await self.unit.connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    async def kindless(self, load_ids: Iterable[str]) -> dict[str, str]:
        """Numbers of brokers' reports without a kind that nobody claims, and the one of these loads' each must be."""
        found: dict[str, set[str]] = {}
        for orphan, mine in await self._rows(_ORPHANS, ids=load_ids):
            found.setdefault(orphan, set()).add(mine)
        return {orphan: next(iter(mine)) for orphan, mine in found.items() if len(mine) == 1}

    async def move(self, numbers: dict[str, str]) -> None:
        """Hangs brokers' reports of one number on another."""
        await self._each(_MOVE, [{"scope": self.carrier, "old": old, "new": new} for old, new in numbers.items()])

    async def told_of(self, load_ids: Iterable[str], reason: str, since: datetime) -> list[Waiting]:
        """Words of one reason that numbers of these loads' shipments had heard since."""
        return [Waiting(*row) for row in await self._rows(_OF_CLAIMS, ids=load_ids, reason=reason, since=since)]

    async def elsewhere(
        self, load_ids: Iterable[str], carriers: Collection[str], feeds: Collection[str], since: datetime
    ) -> list[Elsewhere]:
        """Numbers of these loads of which these feeds told other carriers: keys only (see `dock`)."""
        rows = await self._rows(_ELSEWHERE, ids=load_ids, carriers=carriers, feeds=feeds, since=since)
        return [Elsewhere(carrier, id_, mine, kind != own) for carrier, id_, mine, kind, own in rows]
