"""Looks at several loads in one unit, each at a moment of its own: the same look, for a run through the past."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.alert import ENDED, notice
from bot.domain.assess import assess
from bot.domain.load import Life
from bot.watch.gather import alert_from, sight
from bot.watch.look import Looked, write
from bot.watch.tell import stops_driver
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
        if _tells(one, world, work.carrier):
            loud.append((at, one))
        else:
            quiet.append(one)
    await write(work, world, quiet, {})
    for at, one in loud:
        turn(at)
        work.unit.now = at
        await write(work, world, [one], {})


def _tells(one: Looked, world: World, carrier: str) -> bool:
    """Whether anything new is told by this look, be it a driver's first card; other cards are only edited."""
    alert, asked = one.notice.alert, one.case.record.extra.get("asked", ())
    if (
        one.notice.said
        or one.found.ended
        or any(f"{a}@{one.found.eta.isoformat()}" not in asked for a in one.found.asks)
    ):
        return True
    stands = alert is not None and alert.state not in ENDED and one.case.record.driver_id is not None
    return alert is not None and stands and stops_driver(one.found, alert, world, carrier)
