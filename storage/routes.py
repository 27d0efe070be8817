"""Routes: which places hear which loads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, func, select, update

from bot.domain.route import Place
from storage.parties import party_table
from storage.table import columns_of, table, values_of
from storage.types import among, checked, many
from storage.unit import Repository, upsert


@dataclass(frozen=True, slots=True)
class RouteRecord:
    """A place that hears loads which meet `matchers`; off since `off_at`, and why.

    Of brokers the ids are kept, and read as the names they have now; those of before 2026-12 were kept by name.
    """

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
_LOCK = _ALL.with_for_update()
_gone, _kept = party_table.alias("gone"), party_table.alias("kept")
_ROOT = (_kept.c.id == _gone.c.merged_into) & (checked(_kept.c.carrier) == bindparam("scope"))
_CALLED = (
    select(_gone.c.id, func.coalesce(_kept.c.name, _gone.c.name))
    .join_from(_gone, _kept, _ROOT, isouter=True)
    .where(checked(_gone.c.carrier) == bindparam("scope"), among(_gone.c.id, many("ids")))
)
_NOW = (
    select(_gone.c.name, _kept.c.name)
    .join_from(_gone, _kept, _ROOT)
    .where(_gone.c.carrier == bindparam("scope"), among(_gone.c.name, many("names")))
)
_OFF = (
    update(route_table)
    .where(_MINE, _HERE, _t.off_at.is_(None))
    .values(off_at=bindparam("moment"), off_why=bindparam("why"))
)
_MATCH = update(route_table).where(_MINE, _t.id == bindparam("route")).values(matchers=bindparam("asked"))
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
        return await self._named([RouteRecord(*row) for row in await self._rows(_ALL)])

    async def on(self) -> list[RouteRecord]:
        """Routes that hear. Who asked for a broker hears it by whatever name, and the one it was made one with."""
        return await self._named([RouteRecord(*row) for row in await self._rows(_ON)])

    async def _named(self, routes: list[RouteRecord]) -> list[RouteRecord]:
        """The same with the names that their brokers have now."""
        wanted = {one for route in routes for one in _brokers(route)}
        if not wanted:
            return routes
        names = {id_: [name] for id_, name in await self._rows(_CALLED, ids=wanted)}
        if by_name := wanted - names.keys():
            names |= {name: [name] for name in by_name}
            for before, now in await self._rows(_NOW, names=by_name):
                names[before].append(now)
        return [_asking(route, [name for one in _brokers(route) for name in names[one]]) for route in routes]

    async def renamed(self, before: str, party_id: str, *, alone: bool) -> None:
        """Has who asked for a broker by name ask for this party, which gets another one; nobody else is called so, if
        it is `alone`."""
        for row in await self._rows(_LOCK):
            route = RouteRecord(*row)
            if before in _brokers(route):
                kept = [one for one in _brokers(route) if one != before or not alone]
                asked = _asking(route, [*kept, party_id]).matchers
                await self._changed(_MATCH, route=route.id, asked=asked)

    async def find(self, place: Place) -> RouteRecord | None:
        """The route of a place."""
        row = await self._one(_FIND, **at_place(place))
        return (await self._named([RouteRecord(*row)]))[0] if row else None

    async def off(self, place: Place, why: str, at: datetime) -> bool:
        """Turns a place off; False when it was off already."""
        return await self._changed(_OFF, **at_place(place), moment=at, why=why)

    async def move(self, place: Place, external: str) -> bool:
        """Follows a place that got another id (a Telegram group made a supergroup)."""
        return await self._changed(_MOVE, **at_place(place), moved_to=external)


def _brokers(route: RouteRecord) -> Sequence[str]:
    return route.matchers.get("broker") or ()


def _asking(route: RouteRecord, brokers: Sequence[str]) -> RouteRecord:
    """The route for these brokers, each once."""
    return replace(route, matchers={**route.matchers, "broker": list(dict.fromkeys(brokers))}) if brokers else route
