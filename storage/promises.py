"""Measured promises of brokers: one dated row a day, and what they are measured by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, and_, bindparam, or_, select

from bot.domain.load import Direction, ShipmentType
from bot.domain.promise import Filing, Pace
from bot.domain.status import Authority, Status, Track
from storage.claims import claim_table
from storage.loads import load_table
from storage.parties import party_table
from storage.reports import report_table
from storage.shipments import shipment_table
from storage.table import batch, columns_of, table
from storage.types import checked, fixed
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """What was measured of a broker at one pace on `day` (ISO date, at the carrier's home) over `samples` known times.

    Papers sent from `since` on are promised in `minutes`, None where the times are too few; half of the times were
    within `half` minutes, nine of ten within `most`.
    """

    id: str
    broker_id: str
    pace: Pace
    day: str
    since: datetime
    minutes: int | None
    samples: int
    half: int
    most: int


@dataclass(frozen=True, slots=True)
class Timed:
    """A shipment whose papers time is known, and what customs said of it."""

    shipment: str
    direction: Direction
    agency: str
    papers: datetime
    since: datetime
    until: datetime | None
    heard: list[tuple[datetime, Filing]]


promise_table = table(
    "promise",
    PromiseRecord,
    UniqueConstraint("carrier", "broker_id", "pace", "day"),
    Index("ix_promise_day", "carrier", "day"),
    refers={"broker_id": "party.id"},
)
_t, _s, _l, _c, _r = promise_table.c, shipment_table.c, load_table.c, claim_table.c, report_table.c
_p = party_table.c
_SINCE = (
    select(*columns_of(promise_table, PromiseRecord))
    .where(_t.carrier == bindparam("scope"), _t.day >= bindparam("first_day"))
    .order_by(_t.day, _t.id)
)
_OF = (
    select(*columns_of(promise_table, PromiseRecord))
    .where(
        _t.carrier == bindparam("scope"), _t.broker_id == bindparam("broker"), _t.day >= bindparam("first_day"),
    )
    .order_by(_t.day, _t.pace)
)  # fmt: skip
_MERGED = select(_p.id).where(_p.carrier == bindparam("scope"), _p.merged_into == bindparam("broker"))
_KIN = select(_p.id).where(checked(_p.carrier) == bindparam("scope"), _p.id == bindparam("broker")).union_all(_MERGED)
_TIMED = (
    select(
        _s.id, _l.direction, _s.agency, _s.papers_sent, _c.since, _c.until,
        _r.received, _r.prepared, _r.transaction, _r.status,
    )
    .join_from(shipment_table, load_table, _l.id == _s.load_id)
    .join(claim_table, and_(_c.load_id == _s.load_id, _c.shipment_id == _s.id, _c.dropped_at.is_(None)))
    .join(report_table, _r.number_id == _c.number_id)
    .where(
        _s.carrier == bindparam("scope"), _s.broker_id.in_(_KIN), _s.dropped_at.is_(None),
        _s.papers_sent >= bindparam("first"), _s.type.in_([fixed(ShipmentType.PARS), fixed(ShipmentType.PAPS)]),
        checked(_l.carrier) == _s.carrier, checked(_c.carrier) == _s.carrier, checked(_r.carrier) == _s.carrier,
        _r.track == Track.RELEASE, _r.authority == Authority.CUSTOMS, _r.status != Status.WARNING,
        or_(_r.status.in_([fixed(Status.READY), fixed(Status.CANCELLED)]), _r.transaction != ""),
    )
)  # fmt: skip


class Promises(Repository):
    """A carrier's measured promises."""

    async def add(self, promises: Iterable[PromiseRecord]) -> None:
        """Fixes promises; a day that has one keeps it."""
        await self._add_missing(promise_table, batch(promises, carrier=self.carrier))

    async def since(self, day: str) -> list[PromiseRecord]:
        """All that was fixed from this day on, oldest first."""
        return [PromiseRecord(*row) for row in await self._rows(_SINCE, first_day=day)]

    async def of(self, broker_id: str, day: str) -> list[PromiseRecord]:
        """What was fixed of a broker from this day on, oldest first."""
        return [PromiseRecord(*row) for row in await self._rows(_OF, broker=broker_id, first_day=day)]

    async def timed(self, broker_id: str, first: datetime) -> list[Timed]:
        """A broker's shipments whose papers went from `first` on, those of brokers that were merged into it too, with
        what customs said of their release."""
        found: dict[str, Timed] = {}
        for row in await self._rows(_TIMED, broker=broker_id, first=first):
            shipment, direction, agency, papers, since, until, received, prepared, transaction, status = row
            timed = found.setdefault(shipment, Timed(shipment, direction, agency, papers, since, until, []))
            filing = Filing(min(prepared or received, received), transaction, status)
            timed.heard.append((received, filing))
        return list(found.values())
