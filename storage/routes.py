"""Routes: which places hear which loads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, select, update

from bot.domain.route import Place
from storage.parties import party_table
from storage.table import columns_of, table, values_of
from storage.types import among, checked, many
from storage.unit import Repository, upsert


@dataclass(frozen=True, slots=True)
class RouteRecord:
    """A place that hears loads which meet `matchers`; off since `off_at`, and why."""

    id: str
    door: str
    workspace: str
    external: str
    name: str
    made_by: str
    made_at: datetime
    matchers: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    off_at: datetime | None = None
    off_why: str = ""

    @property
    def place(self) -> Place:
        """As the domain speaks of it."""
        return Place(self.door, self.workspace, self.external, self.name)


route_table = table(
    "route",
    RouteRecord,
    UniqueConstraint("carrier", "door", "workspace", "external"),
    Index("ix_route_place", "door", "external", "workspace"),
)
_t = route_table.c
_MINE = _t.carrier == bindparam("scope")
_HERE = (
    (_t.door == bindparam("at_door"))
    & (_t.workspace == bindparam("at_workspace"))
    & (_t.external == bindparam("at_external"))
)
_ALL = select(*columns_of(route_table, RouteRecord)).where(_MINE).order_by(_t.id)
_ON = _ALL.where(_t.off_at.is_(None))
_FIND = _ALL.where(_HERE)
_gone, _kept = party_table.alias("gone"), party_table.alias("kept")
_NOW = (
    select(_gone.c.name, _kept.c.name)
    .join_from(_gone, _kept, _kept.c.id == _gone.c.merged_into)
    .where(_gone.c.carrier == bindparam("scope"), checked(_kept.c.carrier) == bindparam("scope"))
    .where(among(_gone.c.name, many("names")))
)
_OFF = (
    update(route_table)
    .where(_MINE, _HERE, _t.off_at.is_(None))
    .values(off_at=bindparam("moment"), off_why=bindparam("why"))
)
_MOVE = update(route_table).where(_MINE, _HERE).values(external=bindparam("moved_to"))


def at_place(place: Place) -> dict[str, str]:
    """A place as parameters."""
    return {"at_door": place.door, "at_workspace": place.workspace, "at_external": place.external}


class Routes(Repository):
    """A carrier's routes."""

    async def save(self, route: RouteRecord) -> None:
        """Adds a route, or replaces the one of that place (which also turns it on again)."""
        values = values_of(route, carrier=self.carrier)
        changed = {name: value for name, value in values.items() if name not in ("id", "carrier")}
        statement = upsert(self.unit, route_table).on_conflict_do_update(
            index_elements=["carrier", "door", "workspace", "external"], set_=changed
        )
        await self._run(statement, values)

    async def all(self) -> list[RouteRecord]:
        """Every route, those that are off too."""
        return [RouteRecord(*row) for row in await self._rows(_ALL)]

    async def on(self) -> list[RouteRecord]:
        """Routes that hear. Who asked for a broker that was made one with another hears that one."""
        found = [RouteRecord(*row) for row in await self._rows(_ON)]
        wanted = {name for route in found for name in route.matchers.get("broker", ())}
        for before, now in await self._rows(_NOW, names=wanted) if wanted else ():
            found = [_hearing(route, before, now) for route in found]
        return found

    async def find(self, place: Place) -> RouteRecord | None:
        """The route of a place."""
        row = await self._one(_FIND, **at_place(place))
        return RouteRecord(*row) if row else None

    async def off(self, place: Place, why: str, at: datetime) -> bool:
        """Turns a place off; False when it was off already."""
        return await self._changed(_OFF, **at_place(place), moment=at, why=why)

    async def move(self, place: Place, external: str) -> bool:
        """Follows a place that got another id (a Telegram group made a supergroup)."""
        return await self._changed(_MOVE, **at_place(place), moved_to=external)


def _hearing(route: RouteRecord, before: str, now: str) -> RouteRecord:
    brokers = route.matchers.get("broker", ())
    if before not in brokers or now in brokers:
        return route
    return replace(route, matchers={**route.matchers, "broker": [*brokers, now]})
