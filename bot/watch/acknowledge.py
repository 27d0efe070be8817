"""Words to a feed: what was kept is acknowledged to its sender, by a file that the gateway fetches."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.watch.errands import Errands, write_once
from storage.database import Database
from storage.ids import new_id

_PREFIX = "acknowledged:"
_PAGE, _AT_ONCE = 500, 20
#: Of two messages the one with the earlier id may be committed so much later: so long it is looked for.
_LATE, _MANY = 600.0, 100_000
_EVERY, _WHOLE, _BREATH = 15.0, 30.0, 0.1

#: Files, by name, that answer a body received at a time; none where there is nothing to answer.
Answers = Callable[[bytes, datetime], list[tuple[str, bytes]]]


@dataclass(slots=True)
class Desk:
    """One feed that is answered: where its answers go, who writes them, and which messages were answered when."""

    out: Path
    answers: Answers
    done: dict[str, float] = field(default_factory=dict)
    at: str = ""
    looked: float = float("-inf")


class Acknowledge:
    """Answers every message that was kept, once it is. A kill may have one answered twice, never not at all.

    `machine` is monotonic seconds: how long ago something was answered.
    """

    def __init__(
        self,
        database: Database,
        desks: Mapping[str, Desk],
        civil: Callable[[], datetime],
        machine: Callable[[], float],
    ) -> None:
        self._database, self._desks, self._civil, self._machine = database, desks, civil, machine
        self._errands = Errands("acknowledge", _EVERY, _BREATH)

    def wake(self) -> None:
        """Something was committed."""
        self._errands.wake()

    async def begin(self) -> None:
        """A feed that is answered from now on: what was kept before is not."""
        if not self._desks:
            return
        async with self._database.dock(self._civil(), write=True) as dock:
            for feed in self._desks:
                await dock.settings.add(_PREFIX + feed, new_id())

    async def run(self) -> None:
        """Runs until cancelled, where there is a feed to speak to."""
        if self._desks:
            await self._errands.run(self.look)

    async def look(self) -> int:
        """Answers what was kept and is not answered yet; how many messages. One process does this at a time."""
        count = 0
        for feed, desk in self._desks.items():
            async with self._database.duty(_PREFIX + feed) as duty:
                if duty.mine:
                    count += await self._feed(feed, desk)
        return count

    async def _feed(self, feed: str, desk: Desk) -> int:
        async with self._database.dock(self._civil()) as dock:
            since = await dock.settings.find(_PREFIX + feed) or ""
        now, count = self._machine(), 0
        if now - desk.looked >= _WHOLE or desk.at < since:
            desk.at, desk.looked = since, now
        while True:
            async with self._database.dock(self._civil()) as dock:
                ids = await dock.raws.ids_after(feed, desk.at, _PAGE)
            fresh = [id_ for id_ in ids if id_ not in desk.done]
            for start in range(0, len(fresh), _AT_ONCE):
                count += await self._answer(desk, fresh[start : start + _AT_ONCE])
            if not ids:
                break
            desk.at = ids[-1]
        await self._pass(feed, desk)
        return count

    async def _answer(self, desk: Desk, ids: list[str]) -> int:
        async with self._database.dock(self._civil()) as dock:
            raws = await dock.raws.of(ids)
        for raw in raws:
            part = raw.ref.rpartition("#")[2] if "#" in raw.ref else ""
            await asyncio.to_thread(_write, desk, raw.body, raw.received, part)
            desk.done[raw.id] = self._machine()
        return len(raws)

    async def _pass(self, feed: str, desk: Desk) -> None:
        """Looks no more for what is older than all that was answered long ago."""
        long_ago = self._machine() - _LATE
        old = [id_ for id_, at in desk.done.items() if at < long_ago]
        if len(desk.done) > _MANY:
            old = sorted(desk.done)[: _MANY // 2]
        if not old:
            return
        async with self._database.dock(self._civil(), write=True) as dock:
            await dock.settings.save(_PREFIX + feed, max(old))
        desk.done = {id_: at for id_, at in desk.done.items() if id_ > max(old)}


def _write(desk: Desk, body: bytes, received: datetime, part: str) -> None:
    """Writes what answers a body; a file that is there already says the same."""
    for name, answer in desk.answers(body, received) if body else ():
        stem, dot, suffix = name.rpartition(".")
        place = desk.out / (f"{stem}-{part}{dot}{suffix}" if part else name)
        write_once(place, answer)
