"""Wait times at crossings: the newest of each lane. They belong to the border, not to a carrier."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.domain.waits import Wait
from storage.table import batch, columns_of, names_of, table
from storage.unit import Repository, upsert

_KEY = ("crossing", "direction", "lane")
wait_table = table("wait", Wait, key=_KEY, scoped=False)
_t = wait_table.c
_ALL = select(*columns_of(wait_table, Wait)).order_by(_t.crossing, _t.direction, _t.lane)


class StoredWaits(Repository):
    """The newest wait of each crossing, direction and lane."""

    async def all(self) -> list[Wait]:
        """Every wait that was ever told, however old."""
        return [Wait(*row) for row in await self._rows(_ALL)]

    async def save(self, waits: Iterable[Wait]) -> None:
        """Keeps these instead of what was known of their lanes, unless that was read later."""
        rows = batch(waits)
        if not rows:
            return
        insert = upsert(self.unit, wait_table)
        told = {name: insert.excluded[name] for name in names_of(Wait) if name not in _KEY}
        later = insert.on_conflict_do_update(
            index_elements=list(_KEY), set_=told, where=_t.fetched <= insert.excluded.fetched
        )
        await self.unit.connection.execute(later, rows)
