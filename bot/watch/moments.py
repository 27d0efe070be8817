"""Looks at several loads in one unit, each at a moment of its own: the same look, for a run through the past."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.alert import ENDED, notice
from bot.domain.assess import assess
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

    What is told bears the moment, so each load of which something is told is written by itself.
    """
    carrier = world.carriers[work.carrier]
    seen = await sight(work, moments)
    quiet: list[Looked] = []
    loud: list[tuple[datetime, Looked]] = []
    for record in seen.records:
        if record.life is not Life.OPEN:
            continue
        at = moments[record.id]
        turn(at)
        case = seen.case(world, record, at, heard)
        found = assess(case.load, case.facts, carrier.policy, at)
        alert = alert_from(case.alert)
        one = Looked(case, found, notice(alert, found, at, carrier.policy, carrier.zone))
        stands = one.notice.alert is not None and one.notice.alert.state not in ENDED
        if stands or one.notice.said or found.ended or any(ask != "eta" for ask in found.asks):
            loud.append((at, one))
        else:
            quiet.append(one)
    await write(work, world, quiet, {})
    for at, one in loud:
        turn(at)
        work.unit.now = at
        await write(work, world, [one], {})
