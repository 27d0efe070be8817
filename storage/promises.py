"""Measured promises of brokers: one dated row a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import UniqueConstraint, bindparam, select

from storage.table import batch, columns_of, table
from storage.types import among, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """From `day` (ISO date) on, a broker is taken to need `minutes`, measured over `samples` known times."""

    id: str
    broker_id: str
    day: str
    minutes: int
    samples: int


promise_table = table(
    "promise", PromiseRecord, UniqueConstraint("carrier", "broker_id", "day"), refers={"broker_id": "party.id"}
)
_t = promise_table.c
_LATEST = (
    select(*columns_of(promise_table, PromiseRecord))
    .where(_t.carrier == bindparam("scope"), among(_t.broker_id, many("ids")), _t.day <= bindparam("until_day"))
    .order_by(_t.day)
)


class Promises(Repository):
    """A carrier's measured promises."""

    async def add(self, promises: Iterable[PromiseRecord]) -> None:
        """Fixes promises; a day that has one keeps it."""
        await self._add_missing(promise_table, batch(promises, carrier=self.carrier))

    async def latest(self, broker_ids: Iterable[str], day: str) -> dict[str, PromiseRecord]:
        """The promise that holds on a day, by broker id."""
        return {row[1]: PromiseRecord(*row) for row in await self._rows(_LATEST, ids=broker_ids, until_day=day)}
