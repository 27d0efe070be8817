"""Words to a feed, carried out outside any transaction: a loop that is woken by commits, and files written whole."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from storage.errors import GONE

log = logging.getLogger(__name__)


class Errands:
    """Looks at what is to be carried out whenever something was committed, and every so many seconds.

    A database that is away is waited for, and said once. `breath` seconds pass between two looks.
    """

    def __init__(self, name: str, every: float, breath: float) -> None:
        self._name, self._every, self._breath = name, every, breath
        self._wake = asyncio.Event()
        self._failing = False

    def wake(self) -> None:
        """Something was committed."""
        self._wake.set()

    async def run(self, look: Callable[[], Awaitable[object]]) -> None:
        """Runs until cancelled; what can't be written is tried again."""
        while True:
            self._wake.clear()
            try:
                await look()
                self._failing = False
            except GONE as why:
                if not self._failing:
                    log.warning("words to feeds wait", extra={"action": f"{self._name}.waits", "why": str(why)})
                self._failing = True
            await asyncio.sleep(self._breath)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):  # wait_for may lose a stop that comes with a wake (3.11)
                    await self._wake.wait()


def write_once(place: Path, body: bytes) -> None:
    """Writes a file whole or not at all; one that is there already says the same."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
