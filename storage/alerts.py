"""Alerts: the conversation about one load."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select, update

from bot.domain.quick import quick
from storage.errors import Stale
from storage.table import batch, columns_of, partial, table, values_of
from storage.types import among, checked, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert as stored. `told` is what was told per fingerprint, `memory` what the rules keep of their own."""

    id: str
    load_id: str
    state: str
    level: int
    raised_at: datetime
    owner_id: str | None = None
    owner_name: str = ""
    owned_until: datetime | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)
    ended_at: datetime | None = None
    end_why: str = ""
    version: int = 1


alert_table = table("alert", AlertRecord, Index("ix_alert_load_id", "load_id"), refers={"load_id": "load.id"})
_t = alert_table.c
alert_table.append_constraint(partial("uq_alert_open", "load_id", where=_t.ended_at.is_(None), unique=True))
alert_table.append_constraint(partial("ix_alert_standing", "carrier", "level", where=_t.ended_at.is_(None)))
_MINE = checked(_t.carrier) == bindparam("scope")
_ALERTS = select(*columns_of(alert_table, AlertRecord)).where(_MINE)
_OPEN = _t.ended_at.is_(None)

_OF = _ALERTS.where(among(_t.id, many("ids")))
_LAST_OF = _ALERTS.where(among(_t.load_id, many("ids"))).order_by(_t.id)
_OPEN_ALL = (
    select(*columns_of(alert_table, AlertRecord))
    .where(_t.carrier == bindparam("scope"), _OPEN)
    .order_by(_t.level.desc(), _t.raised_at, _t.id)
    .limit(bindparam("most"))
)
_VERSIONS = (
    select(_t.id, _t.version).where(_MINE, among(_t.id, many("ids"))).order_by(_t.id).with_for_update(key_share=True)
)
_KEPT = ("id", "load_id", "version")
_SAVE = (
    update(alert_table)
    .where(_MINE, _t.id == bindparam("alert"), _t.version == bindparam("was"))
    .values(
        {c.name: bindparam("new_" + c.name) for c in columns_of(alert_table, AlertRecord) if c.name not in _KEPT}
        | {"version": _t.version + 1}
    )
)


class Alerts(Repository):
    """A carrier's alerts; lock the loads first."""

    async def add(self, alerts: Sequence[AlertRecord]) -> set[str]:
        """Raises alerts; returns the ids of those that were: a load that has an open one keeps it."""
        await self._add_missing(alert_table, batch(alerts, carrier=self.carrier))
        return set(await self.of([alert.id for alert in alerts])) if alerts else set()

    async def save(self, alerts: Sequence[AlertRecord]) -> None:
        """Writes changed alerts over the version they were read at; Stale when another change came first.

        `version` of the given records is the one that was read; the stored one becomes one more.
        """
        if not alerts:
            return
        stored = dict(await self._rows(_VERSIONS, ids=[alert.id for alert in alerts]))
        if any(stored.get(alert.id) != alert.version for alert in alerts):
            raise Stale("an alert was changed by somebody else at the same moment; nothing was written, repeat it")
        rows = [
            {"new_" + name: value for name, value in values_of(alert).items() if name not in _KEPT}
            | {"scope": self.carrier, "alert": alert.id, "was": alert.version}
            for alert in alerts
        ]
        await self._each(_SAVE, rows)

    async def of(self, ids: Iterable[str]) -> dict[str, AlertRecord]:
        """These alerts, by id."""
        return {row[0]: AlertRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def last_of(self, load_ids: Iterable[str]) -> dict[str, AlertRecord]:
        """The newest alert of each load, open or ended, by load id."""
        return {row[1]: AlertRecord(*row) for row in await self._rows(_LAST_OF, ids=load_ids)}

    async def open(self, limit: int = 200) -> list[AlertRecord]:
        """Open alerts, worst first, then oldest first."""
        return [AlertRecord(*row) for row in await self._rows(_OPEN_ALL, most=limit)]
