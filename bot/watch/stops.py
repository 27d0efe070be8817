"""When a driver is told to stop: near the border, and anew each time that it comes back (RULES K, N1)."""

from bot.domain.alert import ENDED, Alert
from bot.domain.assessment import Assessment, from_json
from bot.domain.kinds import Kind, Level
from bot.watch.gather import Case, alert_from
from bot.watch.world import World


def stops_driver(found: Assessment, alert: Alert, world: World, carrier: str) -> bool:
    """Whether the driver must be told to stop: near the border, and not for an exam before he is there (K)."""
    near = alert.level >= Level.URGENT or found.at_border
    return near and _concerns(found, world, carrier)


def stops_again(case: Case, found: Assessment, alert: Alert | None, world: World, carrier: str) -> bool:
    """Whether a driver whose card stands must stop now, and did not at the look before: he hears no edit."""
    if alert is None or alert.state in ENDED or not _concerns(found, world, carrier):
        return False
    before = alert_from(case.alert)
    if before is None or before.state in ENDED or not case.record.assessment:
        return True
    return not _concerns(from_json(case.record.assessment), world, carrier)


def _concerns(found: Assessment, world: World, carrier: str) -> bool:
    standing = [h for h in found.holds if h.stops and h.level is not None]
    only_exam = all(h.kind is Kind.EXAM for h in standing)
    return bool(standing) and (not only_exam or found.at_border or world.carriers[carrier].policy.exam_to_driver)
