"""Members of dispatch places, as the platforms last told us."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Index, bindparam, delete, select

from bot.domain.route import Account, Place
from storage.people import at
from storage.table import table
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """`external` is an account at `door` and `workspace`, `place` the external id of the place."""

    door: str
    workspace: str
    place: str
    external: str


member_table = table(
    "member",
    MemberRecord,
    Index("ix_member_account", "door", "external", "workspace"),
    key=("carrier", "door", "workspace", "place", "external"),
)
_t = member_table.c
_OF_PLACE = (
    (_t.carrier == bindparam("scope"))
    & (_t.door == bindparam("at_door"))
    & (_t.workspace == bindparam("at_workspace"))
    & (_t.place == bindparam("at_place"))
)
_LIST = select(_t.external).where(_OF_PLACE).order_by(_t.external)
_REMOVE = delete(member_table).where(_OF_PLACE, _t.external == bindparam("at_external"))
_CLEAR = delete(member_table).where(_OF_PLACE)
_PLACES = select(_t.place).where(
    _t.carrier == bindparam("scope"), _t.door == bindparam("at_door"),
    _t.workspace == bindparam("at_workspace"), _t.external == bindparam("at_external"),
)  # fmt: skip


def _place(place: Place) -> dict[str, str]:
    return {"at_door": place.door, "at_workspace": place.workspace, "at_place": place.external}


class Members(Repository):
    """Who is in a carrier's places."""

    async def add(self, place: Place, externals: Iterable[str]) -> None:
        """Notes that these accounts are in a place."""
        rows = [
            {"carrier": self.carrier, "door": place.door, "workspace": place.workspace, "place": place.external,
             "external": external}
            for external in externals
        ]  # fmt: skip
        await self._add_missing(member_table, rows)

    async def remove(self, place: Place, external: str) -> bool:
        """Notes that an account left a place; False when it was not known to be there."""
        return await self._changed(_REMOVE, **_place(place), at_external=external)

    async def replace(self, place: Place, externals: Iterable[str]) -> None:
        """Makes these accounts all that are in a place."""
        await self._changed(_CLEAR, **_place(place))
        await self.add(place, externals)

    async def of(self, place: Place) -> list[str]:
        """The external ids of the accounts in a place."""
        return [external for (external,) in await self._rows(_LIST, **_place(place))]

    async def places_of(self, account: Account) -> list[str]:
        """External ids of the carrier's places that an account is in."""
        return [place for (place,) in await self._rows(_PLACES, **at(account))]
