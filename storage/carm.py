"""What the watch reads of loads to know whose account clears them: names on papers, coming loads, customs' words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, exists, func, or_, select

from bot.domain.load import Direction, Hand, Life, Said, ShipmentType
from bot.domain.numbers import NumberKind
from bot.domain.status import Authority, Status, Track
from storage.claims import claim_table
from storage.loads import load_table
from storage.numbers import number_table
from storage.reports import report_table
from storage.said import said_table
from storage.shipments import shipment_table
from storage.types import among, checked, fixed, many
from storage.unit import Repository

_l, _s, _p = load_table.c, said_table.c, shipment_table.c
_NAMED = (
    select(_s.load_id, _s.field, _s.value, _s.hand, _s.who, _s.at, _s.id, _s.shipment_id)
    .where(
        checked(_s.carrier) == bindparam("scope"),
        among(_s.load_id, many("ids")),
        _s.field.in_([fixed("shipper"), fixed("consignee")]),
        _s.undone_at.is_(None),
    )
    .order_by(_s.id)
)
_OPEN_OF = (
    select(_l.id)
    .distinct()
    .join_from(shipment_table, load_table, _l.id == _p.load_id)
    .where(
        _p.carrier == bindparam("scope"),
        checked(_l.carrier) == bindparam("scope"),
        among(_p.importer_id, many("importers")),
        _p.dropped_at.is_(None),
        _l.life == fixed(Life.OPEN),
        _l.direction == fixed(Direction.CA),
    )
    .order_by(_l.id)
)


_PAPERS = (
    select(_s.load_id, _s.field, _s.value, _s.hand, _s.who, _s.at, _s.id, _s.shipment_id)
    .where(
        checked(_s.carrier) == bindparam("scope"),
        among(_s.load_id, many("ids")),
        _s.field.in_([fixed("broker"), fixed("consignee"), fixed("importer"), fixed("terms")]),
        _s.undone_at.is_(None),
    )
    .order_by(_s.id)
)
#: Letters of ids sort before this.
_TOP = "~"
_newest = (
    select(_l.id, _l.direction, _l.life, _l.known_at)
    .where(checked(_l.carrier) == bindparam("scope"), _l.id < bindparam("top"))
    .order_by(_l.id.desc())
    .limit(bindparam("most"))
    .subquery()
)
_LATELY = (
    select(_newest.c.id)
    .where(
        _newest.c.direction == fixed(Direction.CA), _newest.c.life != fixed(Life.OPEN),
        _newest.c.known_at >= bindparam("since"),
    )
    .order_by(_newest.c.known_at.desc(), _newest.c.id.desc())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """An acceptance, a release or a refusal of a shipment into Canada, and whose account it says something of."""

    report: str
    status: Status
    code: str
    transaction: str
    words: str
    authority: Authority
    by: str
    at: datetime
    load_id: str
    importer_id: str
    importer_bn15: str
    broker_id: str | None
    release_plan: str


_COMING = (
    select(_l.id)
    .distinct()
    .join_from(load_table, shipment_table, _p.load_id == _l.id)
    .where(
        _l.carrier == bindparam("scope"), checked(_p.carrier) == bindparam("scope"),
        _l.life == fixed(Life.OPEN), _l.direction == fixed(Direction.CA),
        func.coalesce(_l.eta, _l.pickup) >= bindparam("start"), func.coalesce(_l.eta, _l.pickup) < bindparam("end"),
        _p.importer_id.is_not(None), _p.type == fixed(ShipmentType.PARS), _p.dropped_at.is_(None),
    )
    .order_by(_l.id)
)  # fmt: skip
_AHEAD = (
    select(_l.id)
    .where(
        _l.carrier == bindparam("scope"), _l.life == fixed(Life.OPEN), _l.direction == fixed(Direction.CA),
        exists().where(
            _p.load_id == _l.id, _p.carrier == bindparam("scope"), _p.importer_id.is_not(None), _p.dropped_at.is_(None)
        ),
    )
    .order_by(func.coalesce(_l.eta, _l.pickup, _l.known_at), _l.id)
    .limit(bindparam("most"))
)  # fmt: skip
_HAULED = (
    select(_p.importer_id)
    .distinct()
    .join_from(shipment_table, load_table, _p.load_id == _l.id)
    .where(
        _p.carrier == bindparam("scope"), checked(_l.carrier) == bindparam("scope"),
        _l.direction == bindparam("into"), or_(_l.life == fixed(Life.OPEN), _l.known_at >= bindparam("since")),
        _p.importer_id.is_not(None), _p.dropped_at.is_(None),
    )
)  # fmt: skip

_c, _r = claim_table.c, report_table.c
#: What a word of release must say to say something of an account.
_SAYING = (Status.READY, Status.RELEASED, Status.RELEASED_CONDITIONAL, Status.REJECTED)
_PAGE = select(_r.id).where(checked(_r.carrier) == bindparam("scope"), _r.id > bindparam("after"))
_LAST = _PAGE.order_by(_r.id).limit(1).offset(bindparam("most"))
_END = select(func.max(_r.id)).where(checked(_r.carrier) == bindparam("scope"), _r.id > bindparam("after"))
_n, _tying = number_table.c, report_table.alias("tying")
_k = _tying.c


def _of_claims(source: FromClause, number: ColumnElement[str], transaction: ColumnElement[str]) -> Select[Any]:
    """Words of release in `source` about shipments that claim `number`."""
    return (
        select(
            _r.id, _r.status, _r.code, transaction, _r.reason, _r.note, _r.text, _r.authority, _r.by_name, _r.prepared,
            _r.received, _p.load_id, _p.importer_id, _p.importer_bn15, _p.broker_id, _p.release_plan,
        )
        .select_from(
            source.join(claim_table, _c.number_id == number)
            .join(shipment_table, _p.id == _c.shipment_id)
            .join(load_table, _l.id == _p.load_id)
        )
        .where(
            checked(_r.carrier) == bindparam("scope"), checked(_c.carrier) == bindparam("scope"),
            checked(_p.carrier) == bindparam("scope"), checked(_l.carrier) == bindparam("scope"),
            _r.track == Track.RELEASE, _r.received >= bindparam("since"),
            _r.status.in_([fixed(status) for status in _SAYING]),
            _c.dropped_at.is_(None), or_(_c.until.is_(None), _r.received <= _c.until),
            _p.importer_id.is_not(None), _p.type == fixed(ShipmentType.PARS), _p.dropped_at.is_(None),
            _l.direction == fixed(Direction.CA),
        )
        .order_by(_r.id)
    )  # fmt: skip


_HEARD = _of_claims(report_table, _r.number_id, _r.transaction).where(
    _r.id > bindparam("after"), _r.id <= bindparam("last")
)
#: Words that name a transaction alone, and reports of shipments' own numbers that name it too.
_TIED = _of_claims(
    report_table.join(number_table, _n.id == _r.number_id).join(_tying, _k.transaction == _n.key),
    _k.number_id,
    _n.key,
).where(
    checked(_n.carrier) == bindparam("scope"), _n.kind == fixed(NumberKind.TRANSACTION),
    _k.carrier == bindparam("scope"), _r.id > bindparam("after"), _r.id <= bindparam("last"),
)  # fmt: skip
#: The same where the tie comes after the words.
_TYING = _of_claims(
    _tying.join(number_table, _n.key == _k.transaction).join(report_table, _r.number_id == _n.id),
    _k.number_id,
    _n.key,
).where(
    _n.carrier == bindparam("scope"), _n.kind == fixed(NumberKind.TRANSACTION), _k.transaction != "",
    checked(_k.carrier) == bindparam("scope"), _k.id > bindparam("after"), _k.id <= bindparam("last"),
)  # fmt: skip


def _heard(
    id_: str, status: Status, code: str, number: str, reason: str, note: str, text: str, who: int, by: str,
    prepared: datetime | None, received: datetime, *rest: Any,
) -> Heard:  # fmt: skip
    words = " ".join(filter(None, (reason, note, text)))
    return Heard(id_, status, code, number, words, Authority(who), by, min(prepared or received, received), *rest)


def _by_load(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for load, field, value, hand, who, at, id_, shipment in rows:
        found.setdefault(load, []).append(Said(field, value, Hand(hand), who, at, id_, shipment))
    return found


class CarmReads(Repository):
    """What a carrier's loads tell of importers."""

    async def named(self, load_ids: Collection[str]) -> dict[str, list[Said]]:
        """Words about shippers and consignees of these loads, by load id."""
        return _by_load(await self._rows(_NAMED, ids=load_ids))

    async def papers(self, load_ids: Collection[str]) -> dict[str, list[Said]]:
        """Words about brokers, consignees, importers and terms of sale of these loads, by load id."""
        return _by_load(await self._rows(_PAPERS, ids=load_ids))

    async def lately(self, since: datetime, most: int) -> list[str]:
        """Ids of loads into Canada that are over and were known since, the newest first, of the last `most` loads."""
        return [id_ for (id_,) in await self._rows(_LATELY, since=since, most=most, top=_TOP)]

    async def open_loads_of(self, importers: Collection[str]) -> list[str]:
        """Ids of open loads into Canada with a shipment of one of these importers, given by every id that it has."""
        return [id_ for (id_,) in await self._rows(_OPEN_OF, importers=importers)]

    async def heard(self, after: str, most: int, since: datetime) -> tuple[str, list[Heard]] | None:
        """What was received since and says something of an importer's account, of the next `most` reports behind the id
        `after`; with the id of the last report that was looked at, None when there is none.

        What names a transaction alone is heard of the shipments whose own reports name that too, whichever of the two
        is among these reports."""
        row = await self._one(_LAST, after=after, most=most - 1) or await self._one(_END, after=after)
        if row is None or row[0] is None:
            return None
        page = {"after": after, "last": row[0], "since": since}
        rows = [one for statement in (_HEARD, _TIED, _TYING) for one in await self._rows(statement, **page)]
        return str(row[0]), list(dict.fromkeys(_heard(*one) for one in rows))

    async def coming(self, start: datetime, end: datetime) -> list[str]:
        """Ids of open loads into Canada with a PARS whose importer is named, by their ETA, else their pickup."""
        return [id_ for (id_,) in await self._rows(_COMING, start=start, end=end)]

    async def ahead(self, most: int) -> list[str]:
        """Ids of open loads into Canada whose importer is named, the next first; of many the first ones."""
        return [id_ for (id_,) in await self._rows(_AHEAD, most=most)]

    async def hauled(self, since: datetime, into: Direction = Direction.CA) -> set[str]:
        """Ids of importers of loads in this direction that are open or known since, as the loads name them."""
        return {id_ for (id_,) in await self._rows(_HAULED, since=since, into=into)}
