"""Loads of the past that nobody knew before: those of a stretch are entered together, each as of its own moment."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.load import Hand, LoadRow
from bot.watch.hands import Hands
from bot.watch.rows import RowResult, add_rows
from bot.watch.world import World
from storage.scratch import Scratch

#: Whose word a recorded list is.
LISTS = Hands(Hand.FILE, "loads.csv", "backtest:loads")


class NewLoads:
    """Rows whose turn is still to come. `results` says what became of the others."""

    def __init__(self, database: Scratch, world: World) -> None:
        self._database, self._world = database, world
        self._carrier = next(iter(world.carriers))
        self._rows: list[tuple[datetime, LoadRow]] = []
        self.results: list[RowResult] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, at: datetime, rows: Sequence[LoadRow]) -> None:
        """Plans the turn of rows of loads that are new, with numbers that nobody spoke of yet."""
        self._rows += [(at, row) for row in rows]

    async def enter(self, end: datetime) -> None:
        """Enters those of before a moment; each is due when it was known."""
        due = [(at, row) for at, row in self._rows if at < end]
        self._rows = [(at, row) for at, row in self._rows if at >= end]
        if not due:
            return
        async with self._database.work(self._carrier, due[0][0], write=True) as work:
            known_at = {row.where: at for at, row in due}
            self.results += await add_rows(work, self._world, [row for _, row in due], LISTS, known_at)
