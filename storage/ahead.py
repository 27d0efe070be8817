"""Numbers of loads on their way to the border: what a feed that is asked number by number may be asked about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, func, select, union_all

from bot.domain.load import Life
from bot.domain.numbers import NumberKind
from bot.domain.quick import quick
from bot.domain.status import Status
from storage.claims import claim_table
from storage.loads import load_table
from storage.numbers import number_table
from storage.questions import OPEN, question_table
from storage.reports import report_table
from storage.types import among, checked, fixed, many
from storage.unit import Repository

_l, _c, _n, _r = load_table.c, claim_table.c, number_table.c, report_table.c
_q = question_table.c
_ASKED = (OPEN, _q.feed == bindparam("feed"), _q.asked_at >= bindparam("asked"))
_OVER = (fixed(Status.RELEASED), fixed(Status.ACQUITTED))


@quick
@dataclass(frozen=True, slots=True)
class Ahead:
    """A number that an open load of a carrier claims. `answered` is when this feed last answered about it, `over`
    when it said that the goods were released, `question` when it was last asked a question that is open yet;
    `coverage` are the feeds of the load by shipment and track."""

    carrier: str
    shipment_id: str | None
    kind: NumberKind
    key: str
    eta: datetime | None
    coverage: Mapping[str, list[str]]
    answered: datetime | None = None
    over: datetime | None = None
    question: datetime | None = None


def _arm() -> Select[Any]:
    told = select(func.max(_r.seen_last)).where(_r.number_id == _n.id, _r.feed == bindparam("feed"))
    return (
        select(
            _l.carrier,
            _c.shipment_id,
            _n.kind,
            _n.key,
            _l.eta,
            _l.coverage,
            told.scalar_subquery(),
            told.where(_r.status.in_(_OVER), _r.received >= _c.since).scalar_subquery(),
            select(func.max(_q.asked_at)).where(*_ASKED, _q.number_id == _n.id).scalar_subquery(),
        )
        .join_from(load_table, claim_table, (_c.load_id == _l.id) & (checked(_c.carrier) == _l.carrier))
        .join(number_table, (_n.id == _c.number_id) & (checked(_n.carrier) == _l.carrier))
        .where(
            _l.life == fixed(Life.OPEN),
            among(_l.carrier, many("carriers")),
            _c.dropped_at.is_(None),
            _n.kind.in_([fixed(NumberKind.CCN), fixed(NumberKind.SCN)]),
        )
    )


@lru_cache(maxsize=1)
def _ahead() -> CompoundSelect[Any]:
    return union_all(
        _arm().where(_l.eta >= bindparam("start"), _l.eta <= bindparam("end")),
        _arm().where(_l.eta.is_(None)),
        _arm().where(_n.id.in_(select(_q.number_id).where(*_ASKED))),
    )


class NumbersAhead(Repository):
    """Numbers of several carriers' loads; keys and coverage only."""

    async def of(
        self, feed: str, carriers: Collection[str], start: datetime, end: datetime, asked: datetime
    ) -> list[Ahead]:
        """Claimed numbers of open loads whose ETA lies between, or is not known, or that were asked about since
        `asked`; what a feed told of them. One of these may be there twice."""
        rows = await self._rows(_ahead(), feed=feed, carriers=carriers, start=start, end=end, asked=asked)
        return [Ahead(*row) for row in rows]
