"""Finding loads: by anything a person can read out, and by filters of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Select, bindparam, exists, literal, select, union_all

from bot.domain.load import Life
from bot.domain.numbers import key_of
from storage.claims import claim_table
from storage.loads import COLUMNS, MINE, OWN, LoadRecord, load_table
from storage.numbers import number_table
from storage.parties import party_table
from storage.reports import report_table
from storage.shipments import shipment_table
from storage.types import among, checked, fixed, many
from storage.unit import Repository

_MOST = 200
_SUFFIX_FROM = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A load that was found, what matched (`number`, `key`, `truck`, `ccn`, `trip` …) and the text that did."""

    load: LoadRecord
    what: str
    text: str


_l, _n, _c, _r, _s = load_table.c, number_table.c, claim_table.c, report_table.c, shipment_table.c
_p = party_table.c
_KEY: BindParameter[str] = bindparam("key")
_LIVE = (checked(_c.carrier) == bindparam("scope")) & _c.dropped_at.is_(None)
_BY_NUMBER = select(*COLUMNS).where(MINE, _l.number_key == _KEY).order_by(_l.id.desc()).limit(_MOST)
_BY_SHORT_KEY = select(*COLUMNS).where(MINE, _l.key == bindparam("short"))
_OF = select(*COLUMNS).where(OWN, among(_l.id, many("ids")))

_CLAIMED = (
    select(_c.load_id, _n.kind, _n.key)
    .join_from(number_table, claim_table, _c.number_id == _n.id)
    .where(_LIVE, _n.carrier == bindparam("scope"))
)
_ARMS = [
    select(_l.id, literal("truck"), _l.truck).where(MINE, _l.truck == _KEY).order_by(_l.id.desc()).limit(_MOST),
    select(_l.id, literal("trailer"), _l.trailer).where(MINE, _l.trailer == _KEY).order_by(_l.id.desc()).limit(_MOST),
    _CLAIMED.where(_n.key == _KEY).limit(_MOST),
    select(_c.load_id, literal("transaction"), _r.transaction)
    .join_from(report_table, claim_table, _c.number_id == _r.number_id)
    .where(_LIVE, _r.carrier == bindparam("scope"), _r.transaction == _KEY)
    .distinct()
    .limit(_MOST),
]  # fmt: skip
_LAST_DIGITS = (
    _CLAIMED.where(_n.reverse >= bindparam("low"), _n.reverse < bindparam("high")).order_by(_n.id.desc()).limit(_MOST)
)
_EXACT = union_all(*(arm.subquery().select() for arm in _ARMS))
_ANY = union_all(*(arm.subquery().select() for arm in [*_ARMS, _LAST_DIGITS]))


def _entered(column: Column[str], party: BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    """A shipment of the load names this party, or one that was merged into it."""
    merged = select(_p.id).where(_p.carrier == bindparam("scope"), _p.merged_into == party)
    kin = select(_p.id).where(checked(_p.carrier) == bindparam("scope"), _p.id == party).union_all(merged)
    return (_s.load_id == _l.id) & (checked(_s.carrier) == _l.carrier), column.in_(kin), _s.dropped_at.is_(None)


class Finder(Repository):
    """Finds loads of a carrier."""

    async def search(self, text: str, *, more: bool = False) -> list[Hit]:
        """Loads that `text` may mean: open ones first, newest first.

        A load number or a short key (`~k3f9`) that hits answers alone, in one query, unless `more`. Otherwise:
        truck, trailer, trip, PARS, PAPS, entry or transaction, or the last three or more characters of a number.
        """
        key = key_of(text.lstrip("#"))
        if not key:
            return []
        if key.startswith("~"):
            rows = await self._rows(_BY_SHORT_KEY, short=key.lower())
            return [Hit(LoadRecord(*row), "key", row[1]) for row in rows]
        hits = [Hit(load, "number", load.number) for load in await self._loads(_BY_NUMBER, key=key)]
        if not hits or more:
            hits += await self._elsewhere(key, {hit.load.id for hit in hits})
        return sorted(hits, key=lambda hit: hit.load.life is not Life.OPEN)

    async def _elsewhere(self, key: str, known: set[str]) -> list[Hit]:
        if len(key) >= _SUFFIX_FROM:
            low = key[::-1]
            rows = await self._rows(_ANY, key=key, low=low, high=low[:-1] + chr(ord(low[-1]) + 1))
        else:
            rows = await self._rows(_EXACT, key=key)
        found: dict[str, tuple[str, str]] = {}
        for load_id, what, matched in rows:
            found.setdefault(load_id, (str(what), matched))
        for load_id in known:
            found.pop(load_id, None)
        if not found:
            return []
        loads = sorted(await self._loads(_OF, ids=list(found)), key=lambda load: load.id, reverse=True)
        return [Hit(load, *found[load.id]) for load in loads]

    async def _loads(self, statement: Select[Any], **parameters: object) -> list[LoadRecord]:
        return [LoadRecord(*row) for row in await self._rows(statement, **parameters)]

    async def listed(
        self,
        *,
        life: Life | None = Life.OPEN,
        answers: Sequence[str] = (),
        crossings: Sequence[str] = (),
        broker_id: str = "",
        importer_id: str = "",
        driver_id: str = "",
        eta_from: datetime | None = None,
        eta_until: datetime | None = None,
        limit: int = 100,
    ) -> list[LoadRecord]:
        """Loads that meet every filter given, worst first, then by ETA. Those of parties that were merged into a broker
        or importer are its own."""
        given = {
            "answers": answers, "crossings": crossings, "broker": broker_id, "importer": importer_id,
            "driver": driver_id, "eta_from": eta_from, "eta_until": eta_until,
        }  # fmt: skip
        asked = {name: value for name, value in given.items() if value}
        return await self._loads(_listed(life, frozenset(asked)), **asked, most=limit)


@lru_cache(maxsize=64)
def _listed(life: Life | None, filters: frozenset[str]) -> Select[Any]:
    """The list under these filters, each a parameter of that name."""
    each = {
        "answers": among(_l.answer, many("answers")),
        "crossings": among(_l.crossing, many("crossings")),
        "driver": _l.driver_id == bindparam("driver"),
        "eta_from": _l.eta >= bindparam("eta_from"),
        "eta_until": _l.eta < bindparam("eta_until"),
        "broker": exists().where(*_entered(_s.broker_id, bindparam("broker"))),
        "importer": exists().where(*_entered(_s.importer_id, bindparam("importer"))),
    }
    statement = select(*COLUMNS).where(MINE, *(each[name] for name in sorted(filters)))
    if life is not None:
        statement = statement.where(_l.life == fixed(life))
    return statement.order_by(_l.level.desc(), _l.eta.nulls_last(), _l.id).limit(bindparam("most"))
