"""Threads of a chat in which an importer was asked about: a picture posted there is about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam, select

from bot.domain.route import Place
from storage.ids import new_id
from storage.parties import Parties
from storage.routes import at_place
from storage.table import table, values_of
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """That an importer, by its party id, was asked about in the thread that the message `ref` of a place opens."""

    id: str
    door: str
    workspace: str
    external: str
    ref: str
    importer: str
    at: datetime


thread_table = table(
    "thread", ThreadRecord, UniqueConstraint("carrier", "external", "ref", "importer", "door", "workspace")
)
_t = thread_table.c
_OF = (
    select(_t.importer)
    .where(
        _t.carrier == bindparam("scope"), _t.external == bindparam("at_external"), _t.ref == bindparam("message"),
        _t.door == bindparam("at_door"), _t.workspace == bindparam("at_workspace"),
    )
    .order_by(_t.id)
)  # fmt: skip


class Threads(Repository):
    """A carrier's threads about importers."""

    async def remember(self, place: Place, ref: str, importer: str) -> None:
        """Notes that an importer was asked about in a thread; once, however often it was."""
        row = ThreadRecord(new_id(), place.door, place.workspace, place.external, ref, importer, self.unit.now)
        await self._add_missing(thread_table, [values_of(row, carrier=self.carrier)])

    async def importers(self, place: Place, ref: str) -> list[str]:
        """The importers that were asked about in a thread, as they are by now, each once."""
        told = [id_ for (id_,) in await self._rows(_OF, **at_place(place), message=ref)]
        merged = await Parties(self.unit, self.carrier).merged() if told else {}
        return list(dict.fromkeys(merged.get(id_, id_) for id_ in told))
