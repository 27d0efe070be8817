"""Words to a feed: questions to customs become files that a gateway fetches, each at least once."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import Counter

from storage.database import Database
from storage.errors import GONE
from storage.questions import QuestionRecord

log = logging.getLogger(__name__)

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
        self._wake = asyncio.Event()
        self._failing = False

    def wake(self) -> None:
        """Something was committed."""
        self._wake.set()

    async def run(self) -> None:
        """Runs until cancelled; what can't be written is tried again."""
        while self._trays:
            self._wake.clear()
            try:
                await self.look()
                self._failing = False
            except GONE as why:
                if not self._failing:
                    log.warning("questions to customs wait", extra={"action": "ask.waits", "why": str(why)})
                self._failing = True
            await asyncio.sleep(_BREATH)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY):
                    await self._wake.wait()

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
            await asyncio.to_thread(_write, tray, question)
        async with self._database.dock(self._civil(), write=True) as dock:
            for carrier in sorted({carrier for carrier, _ in waiting}):
                await dock.work(carrier).questions.sent([q.id for c, q in waiting if c == carrier], dock.now)
        _ASKED.labels(feed).inc(len(waiting))
        return len(waiting)


def _write(tray: Tray, question: QuestionRecord) -> None:
    """Writes the file of a question, whole or not at all; one that is there already is the same."""
    place = tray.out / f"cusrep-{question.id}.edi"
    if place.exists():
        return
    tray.out.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(tray.written(question))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
