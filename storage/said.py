"""What was said about fields with many hands, and persons' words about clearance: histories that can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, func, or_, select, update

from bot.domain.load import Hand, Said
from storage.ids import new_id
from storage.table import table
from storage.types import among, checked, fixed, many
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class SaidRecord:
    """One word about one field of a load or shipment. `delivery` is the line that brought it; `person` the id of who
    said it, None for files, feeds and whoever has none: names may be shared, or change."""

    id: str
    load_id: str
    shipment_id: str
    field: str
    value: str | None
    hand: Hand
    who: str
    at: datetime
    delivery: str
    undone_at: datetime | None = None
    undone_by: str = ""
    person: str | None = None


#: Fields that are persons' words about clearance.
WORDS = frozenset({"word", "manifest", "agency_ok", "filer", "sticker"})
#: Fields that an assessment reads from their history and not from what stands; `pars`: when numbers changed last.
READ = WORDS | {"agency", "pars"}
#: Fields whose change by our own people is an amendment that may break a link for a while (RULES F7).
AMENDS = frozenset({"pars", "trip", "eta", "crossing"})

said_table = table(
    "said", SaidRecord, Index("ix_said_load_id", "load_id", "field", "hand"), refers={"load_id": "load.id"}
)
_t = said_table.c
_STANDING = (checked(_t.carrier) == bindparam("scope")) & _t.undone_at.is_(None)
_SAID = (
    select(_t.load_id, _t.field, _t.value, _t.hand, _t.who, _t.at, _t.id, _t.shipment_id)
    .where(_STANDING)
    .order_by(_t.id)
)
_OF_LOADS = _SAID.where(among(_t.load_id, many("ids")))
# What the index alone can tell comes first: of most loads nothing of it was said.
_JUDGED = _OF_LOADS.where(
    checked(_t.field).in_([fixed(name) for name in sorted(READ | AMENDS)]),
    or_(_t.field.in_([fixed(name) for name in sorted(READ)]), _t.hand >= Hand.DRIVER),
)
_OF_PERSON = _t.person == bindparam("person")
_OF_NAME = _t.person.is_(None) & (_t.who == bindparam("by"))
_LAST_DELIVERY = (
    select(_t.delivery)
    .where(_STANDING, _t.load_id == bindparam("load"), _t.delivery != "")
    .order_by(_t.id.desc())
    .limit(1)
)
_OF_DELIVERY = _SAID.where(_t.load_id == bindparam("load"), _t.delivery == bindparam("line"))
_LINES = select(func.count(_t.delivery.distinct())).where(
    checked(_t.carrier) == bindparam("scope"), _t.load_id == bindparam("load")
)
_UNDO = (
    update(said_table)
    .where(_STANDING, among(_t.id, many("ids")))
    .values(undone_at=bindparam("moment"), undone_by=bindparam("by"))
)


class Saids(Repository):
    """A carrier's field histories; what was undone is never returned."""

    async def add(self, words: Iterable[tuple[str, Said]], delivery: str = "", person: str = "") -> None:
        """Adds (load id, word) of one line, and of the person of this id; `Said.shipment` names the shipment, if one is
        meant. Makes ids where they are empty."""
        rows = [
            {
                "carrier": self.carrier, "id": said.id or new_id(), "load_id": load_id, "shipment_id": said.shipment,
                "field": said.field, "value": said.value, "hand": said.hand, "who": said.who, "at": said.at,
                "delivery": delivery, "undone_at": None, "undone_by": "", "person": person or None,
            }
            for load_id, said in words
        ]  # fmt: skip
        await self._insert(said_table, rows)

    async def of_loads(self, load_ids: Iterable[str]) -> dict[str, list[Said]]:
        """Words by load id, oldest first; loads of which nothing was said are absent."""
        found: dict[str, list[Said]] = {}
        for row in await self._rows(_OF_LOADS, ids=load_ids):
            found.setdefault(row[0], []).append(Said(*row[1:]))
        return found

    async def judged(self, load_ids: Iterable[str]) -> dict[str, list[Said]]:
        """Of these loads only what an assessment reads itself: persons' words, and our own people's amendments."""
        found: dict[str, list[Said]] = {}
        for row in await self._rows(_JUDGED, ids=load_ids):
            found.setdefault(row[0], []).append(Said(*row[1:]))
        return found

    async def last_change(self, load_id: str, who: str, person: str = "") -> list[Said]:
        """All words of the last line with which a person changed this load; empty when there is none left to undo.

        Whoever is no person, a file say, is known by the name `who`.
        """
        own = _OF_PERSON if person else _OF_NAME
        by = {"person": person} if person else {"by": who}
        last = await self._one(_LAST_DELIVERY.where(own), load=load_id, **by)
        if last is None:
            return []
        rows = await self._rows(_OF_DELIVERY.where(own), load=load_id, line=last[0], **by)
        return [Said(*row[1:]) for row in rows]

    async def lines(self, load_id: str) -> int:
        """How many lines, files and messages said something of a load, those that were taken back included."""
        ((count,),) = await self._rows(_LINES, load=load_id)
        return int(count)

    async def undo(self, said_ids: Iterable[str], by: str, at: datetime) -> bool:
        """Takes words back; False when none of them stood any more."""
        return await self._changed(_UNDO, ids=list(said_ids), by=by, moment=at)
