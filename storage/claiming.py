"""The claim of outbox rows, in one statement on both engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.route import Place
from storage.outbox import CARD, WAITING, outbox_table
from storage.posts import post_table
from storage.types import among, fixed, many


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row under lease: whose it is, and where it goes."""

    carrier: str
    id: str
    kind: str
    lane: str
    urgency: int
    place: Place


Claim = ReturningUpdate[tuple[str, str, str, str, int, str, str, str]]

_t, _p = outbox_table.c, post_table.c


def _free(row: FromClause, knowing: bool) -> ColumnElement[bool]:
    """Due, and leased to nobody (any more); or to this claimer, who never learnt of it."""
    c = row.c
    over = or_(c.lease_until.is_(None), c.lease_until <= bindparam("moment"))
    due = and_(c.state == fixed(WAITING), c.next_at <= bindparam("moment"))
    if not knowing:
        return and_(due, over)
    return and_(due, or_(over, c.lease_by == bindparam("holder")), ~among(c.id, many("known")))


def _held(row: FromClause, knowing: bool) -> ColumnElement[bool]:
    """Under this claimer's own lease: being sent."""
    c = row.c
    sending = among(c.id, many("known")) if knowing else c.lease_until > bindparam("moment")
    return and_(c.state == fixed(WAITING), c.lease_by == bindparam("holder"), sending)


def _its_turn(row: FromClause) -> ColumnElement[bool]:
    """Nothing older waits in its lane, and the post that a word hangs on stands."""
    c = row.c
    older = outbox_table.alias("older")
    return and_(
        ~exists().where(
            older.c.carrier == c.carrier, older.c.lane == c.lane, older.c.state == fixed(WAITING), older.c.id < c.id
        ),
        or_(c.kind == CARD, c.post_id.is_(None), exists().where(_p.id == c.post_id, _p.ref != "")),
    )


@lru_cache(maxsize=64)
def claim_statement(doors: tuple[str, ...], limited: bool, knowing: bool = False) -> Claim:
    """The UPDATE that leases due rows of these doors, urgent first; `limited` to so many for one place, with those
    that the same claimer holds already. One that is `knowing` names these, and gets what it holds besides."""
    row = outbox_table.alias("candidate")
    c = row.c
    free = and_(_free(row, knowing), _its_turn(row), c.door.in_(doors))
    if limited:
        inner = outbox_table.alias("ranked")
        held = _held(inner, knowing)
        order = (case((held, 0), else_=1), inner.c.urgency.desc(), inner.c.id)
        place = (inner.c.door, inner.c.workspace, inner.c.external)
        rank = func.row_number().over(partition_by=place, order_by=order).label("rank")
        ranked = select(inner.c.id, rank).where(or_(held, and_(_free(inner, knowing), _its_turn(inner)))).subquery()
        free = and_(free, c.id.in_(select(ranked.c.id).where(ranked.c.rank <= bindparam("per_place"))))
    chosen = (
        select(c.id)
        .where(free)
        .order_by(c.urgency.desc(), c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("chosen")  # a plain subquery may be run more than once, and would then lock more than the limit
    )
    return (
        update(outbox_table)
        # What is repeated here is looked at again after a wait for a row that another claimer just took.
        .where(_t.id.in_(select(chosen.c.id)), _free(outbox_table, knowing))
        .values(lease_until=bindparam("until"), lease_by=bindparam("holder"), attempts=_t.attempts + 1)
        .returning(_t.carrier, _t.id, _t.kind, _t.lane, _t.urgency, _t.door, _t.workspace, _t.external)
    )


def claimed(rows: Sequence[tuple[Any, ...]]) -> list[Claimed]:
    """What the statement returned, urgent first, then oldest first."""
    made = [
        Claimed(carrier, id_, kind, lane, urgency, Place(door, workspace, external))
        for carrier, id_, kind, lane, urgency, door, workspace, external in rows
    ]
    return sorted(made, key=lambda one: (-one.urgency, one.id))
