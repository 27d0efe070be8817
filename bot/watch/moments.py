"""Looks at several loads in one unit, each at a moment of its own: the same look, for a run through the past."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.alert import Event, Notice, notice
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.load import Life
from bot.watch.gather import alert_from, sight
from bot.watch.look import Looked, write
from bot.watch.world import World
from storage.work import Work


async def look_each(
    work: Work,
    world: World,
    moments: Mapping[str, datetime],
    turn: Callable[[datetime], None],
    heard: Mapping[str, datetime],
) -> None:
    """Looks at each load as it was at its moment; before that `turn` sets clock and ears to it. `heard` is when
    numbers without a load were heard of first.

    What is told bears the moment of its load.
    """
    carrier = world.carriers[work.carrier]
    seen = await sight(work, world, moments)
    together: list[Looked] = []
    alone: list[Looked] = []

    def to(load: str) -> None:
        turn(moments[load])
        work.unit.now = moments[load]

    for record in seen.records:
        if record.life is not Life.OPEN:
            continue
        at = moments[record.id]
        turn(at)
        case = seen.case(world, record, at, heard)
        found = assess(case.load, case.facts, carrier.policy, at)
        told = notice(alert_from(case.alert), found, at, carrier.policy, carrier.zone)
        (alone if _alone(found, told) else together).append(Looked(case, found, told))
    await write(work, world, together, {}, turn=to)
    for one in alone:
        to(one.case.record.id)
        await write(work, world, [one], {})


def _alone(found: Assessment, told: Notice) -> bool:
    """Whether the moment decides more than what is written down: until when numbers count, and who is on duty."""
    return bool(found.ended) or any(s.event is Event.ESCALATED for s in told.said)
