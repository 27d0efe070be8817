"""What customs says of a trip itself: arrived, let go, or held; and what its manifest names (RULES T7; K)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.order import latest, order, outdates
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import RELEASES, Status, Track

_HELD = frozenset({Status.HELD, Status.EXAM})


@quick
@dataclass(frozen=True, slots=True)
class Journey:
    """Words about the trips of a load: none of them says anything of a shipment.

    `named` are the newest manifests that name a truck, trailer or driver, one a trip at most.
    """

    arrived: Report | None = None
    released: Report | None = None
    held: Report | None = None
    named: tuple[Report, ...] = ()


#: Nothing was heard of it.
NO_WORD = Journey()


def journey_of(trips: Sequence[Sequence[Report]]) -> Journey:
    """Fold of all that names only the trips of a load."""
    told = [r for reports in trips for r in reports]
    if not told:
        return NO_WORD
    released = latest(r for r in told if r.status in RELEASES)
    held = latest(r for r in map(_held, trips) if r is not None)
    named = [latest(r for r in reports if r.carries) for reports in trips]
    return Journey(
        arrived=latest(r for r in told if r.status is Status.ARRIVED),
        released=released if held is None else None,
        held=held,
        named=tuple(sorted((r for r in named if r is not None), key=order)),
    )


def _held(reports: Sequence[Report]) -> Report | None:
    """The word that holds a trip: that another trip of the load was let go does not end it."""
    let_go = [r for r in reports if r.status in RELEASES]
    return latest(
        r
        for r in reports
        if r.status in _HELD and r.track is not Track.MANIFEST and not any(_ends(one, r) for one in let_go)
    )


def _ends(released: Report, held: Report) -> bool:
    return released.authority >= held.authority and outdates(released, held)
