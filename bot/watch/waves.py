"""What looks of a stretch of the past came to is written: of every load first what may tell something, then the next;
what told nothing is written by the last of it."""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.alert import Event as Said
from bot.watch.eventlines import Event
from bot.watch.look import Looked, write
from bot.watch.moments import Moment
from bot.watch.recorded import Recorder
from bot.watch.world import World
from storage.scratch import Scratch
from storage.work import Work

#: Moments that are still to be written, by carrier and load.
Ways = Mapping[tuple[str, str], deque[Moment]]
#: Moments of one wave, by load.
Wave = Mapping[str, list[Moment]]


class Waves:
    """Writes moments. `turn` sets clock and ears to one."""

    def __init__(
        self, database: Scratch, world: World, recorder: Recorder[Any], turn: Callable[[datetime], None]
    ) -> None:
        self._database, self._world, self._recorder, self._turn = database, world, recorder, turn

    async def write(self, ways: Ways, before: datetime) -> list[Event]:
        """Writes what was before a moment, and takes it away; the lines of it."""
        told: list[Event] = []
        while True:
            wave: dict[str, dict[str, list[Moment]]] = {}
            for (carrier, load), moments in ways.items():
                if moments and moments[0].at < before:
                    wave.setdefault(carrier, {})[load] = _next(moments, before)
            if not wave:
                return told
            async with self._database.dock(before, write=True) as dock:
                for carrier, own in wave.items():
                    work = dock.work(carrier)
                    await self._one(work, own)
                    told += await self._recorder.of_moments(work, own)

    async def _one(self, work: Work, wave: Wave) -> None:
        """Writes the last moment of each load over what the database holds."""
        last = {load: own[-1] for load, own in wave.items()}
        records = await work.loads.lock(last)
        alerts = await work.alerts.last_of(last)
        duty = await _duty_changes(work, last.values())
        together: list[Looked] = []
        alone: list[Looked] = []
        for load, one in last.items():
            case = replace(one.case, record=records[load], alert=alerts.get(load))
            (alone if duty and _escalates(one) else together).append(Looked(case, one.found, one.notice))

        def to(load: str) -> None:
            self._turn(last[load].at)
            work.unit.now = last[load].at

        await write(work, self._world, together, {}, turn=to)
        for looked in alone:
            to(looked.case.record.id)
            await write(work, self._world, [looked], {})


def _next(moments: deque[Moment], before: datetime) -> list[Moment]:
    """A load's moments up to one that is loud, or up to the last before that time."""
    found: list[Moment] = []
    while moments and moments[0].at < before and not (found and found[-1].loud):
        found.append(moments.popleft())
    return found


async def _duty_changes(work: Work, moments: Collection[Moment]) -> bool:
    """Whether other people are on duty at one of those moments of which it matters than at another: the unit's own is
    the first of them then."""
    at = [one.at for one in moments if _escalates(one)]
    if not at:
        return False
    work.unit.now = min(at)
    return any(p.on_until is not None and min(at) < p.on_until <= max(at) for p in await work.people.on_duty())


def _escalates(one: Moment) -> bool:
    return any(s.event is Said.ESCALATED for s in one.notice.said)
