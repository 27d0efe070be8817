"""Words to a feed: questions to customs become files that a gateway fetches, each at least once."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import Counter

from bot.watch.errands import Errands, write_once
from storage.database import Database
from storage.questions import QuestionRecord

_ASKED = Counter("holdwatch_questions", "Questions to customs handed to a gateway", ["feed"])
#: A question that could not be sent for so long is about a truck that is long over the border.
_OLD = timedelta(hours=24)
_PAGE, _EVERY, _BREATH = 100, 5.0, 0.05


@dataclass(frozen=True, slots=True)
class Tray:
    """Where the questions to one feed go, and who writes them down."""

    out: Path
    written: Callable[[QuestionRecord], bytes]


class Asker:
    """Hands over every question that was decided, outside any transaction. A kill may have one handed over twice."""

    def __init__(self, database: Database, trays: Mapping[str, Tray], civil: Callable[[], datetime]) -> None:
        self._database, self._trays, self._civil = database, trays, civil
        self._errands = Errands("ask", _EVERY, _BREATH)

    def wake(self) -> None:
        """Something was committed."""
        self._errands.wake()

    async def run(self) -> None:
        """Runs until cancelled, where there is a feed to speak to."""
        if self._trays:
            await self._errands.run(self.look)

    async def look(self) -> int:
        """Hands over what waits; how many questions. One process does this at a time."""
        count = 0
        for feed, tray in self._trays.items():
            async with self._database.duty(f"ask:{feed}") as duty:
                while duty.mine and (handed := await self._hand(feed, tray)):
                    count += handed
        return count

    async def _hand(self, feed: str, tray: Tray) -> int:
        async with self._database.dock(self._civil()) as dock:
            waiting = await dock.questions.unsent(feed, self._civil() - _OLD, _PAGE)
        if not waiting:
            return 0
        for _carrier, question in waiting:
            place = tray.out / f"cusrep-{question.id}.edi"
            await asyncio.to_thread(write_once, place, tray.written(question))
        async with self._database.dock(self._civil(), write=True) as dock:
            for carrier in sorted({carrier for carrier, _ in waiting}):
                await dock.work(carrier).questions.sent([q.id for c, q in waiting if c == carrier], dock.now)
        _ASKED.labels(feed).inc(len(waiting))
        return len(waiting)
