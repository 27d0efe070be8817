"""What customs says of a trip itself: arrived, let go, held, not matched; what its manifest names (RULES T7, F8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.load import Direction, Load, ShipmentType
from bot.domain.order import latest, order, outdates, received_at
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import GOOD, RELEASES, SILENT, Authority, Status, Track

_HELD = frozenset({Status.HELD, Status.EXAM})
#: Bad words about a filing or a link: of a trip they are about one of its shipments, and do not say which.
_AGAINST = frozenset(
    {Status.NOT_MATCHED, Status.NO_RELEASE, Status.NO_CARGO, Status.CANCELLED, Status.REJECTED, Status.DO_NOT_LOAD}
)
_WELL = GOOD | {Status.MATCHED, Status.ON_FILE}
#: Types of which customs knows a number: words about the trip may be about them.
NUMBERED = frozenset({ShipmentType.PARS, ShipmentType.PAPS, ShipmentType.INBOND})


@quick
@dataclass(frozen=True, slots=True)
class Journey:
    """Words about the trips of a load: none of them names a shipment.

    `named` are the newest manifests that name a truck, trailer or driver, one a trip at most; `unread` is a word that
    nobody can read, `against` one that is bad news of a shipment and does not say of which.
    """

    arrived: Report | None = None
    released: Report | None = None
    held: Report | None = None
    named: tuple[Report, ...] = ()
    unread: Report | None = None
    against: Report | None = None


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
        unread=latest(r for r in map(_unread, trips) if r is not None),
        against=latest(r for r in map(_against, trips) if r is not None),
    )


def of_only_shipment(load: Load, trips: Sequence[Sequence[Report]], numbered: datetime | None = None) -> list[Report]:
    """Words about the trips that are about the one shipment of a load that has no second one: a lost match; and into
    the US, from the page of its only trip, that entry numbers are on file (border-formats 4.3), unless that was said
    before the load got the number that it has (`numbered`)."""
    if len(load.shipments) != 1 or load.shipments[0].type not in NUMBERED:
        return []
    found = [r for r in map(_against, trips) if r is not None]
    if load.direction is Direction.US and load.shipments[0].type is ShipmentType.PAPS and len(trips) == 1:
        entries = _entries(trips[0])
        of_another = entries is not None and numbered is not None and received_at(entries) <= numbered
        found += [entries] if entries is not None and not of_another else []
    return found


def _heard(reports: Sequence[Report]) -> list[Report]:
    """What the highest of those who speak of a trip says beside its manifest (F3)."""
    top = max((r.authority for r in reports if r.status not in SILENT), default=Authority.PERSON)
    return [r for r in reports if r.authority >= top and r.track is not Track.MANIFEST]


def _unread(reports: Sequence[Report]) -> Report | None:
    """The newest word beside the manifest that nobody can read and that nothing good of the trip outdates (F8)."""
    unread = [r for r in _heard(reports) if r.status is Status.UNKNOWN]
    return latest(r for r in unread if not _outdated(r, reports)) if unread else None


def _against(reports: Sequence[Report]) -> Report | None:
    bad = [r for r in _heard(reports) if r.status in _AGAINST]
    linked = [r for r in reports if r.status is not Status.ON_FILE] if bad else []
    return latest(r for r in bad if not _outdated(r, linked)) if bad else None


def _outdated(bad: Report, reports: Sequence[Report]) -> bool:
    """Whether a good word of the trip is later; a person's counts where it may stand in for one (F4)."""
    return any(
        r.status in _WELL
        and (r.authority >= bad.authority or (r.authority is Authority.PERSON and bad.status is Status.UNKNOWN))
        and outdates(r, bad)
        for r in reports
    )


def _entries(reports: Sequence[Report]) -> Report | None:
    """The page's word that the entries are on file, unless a later word of the trip says less."""
    entries = latest(r for r in reports if r.status is Status.READY and r.track is Track.RELEASE)
    if entries is None or entries.authority is not Authority.CUSTOMS:
        return None
    at = order(entries)[0]
    less = (r for r in reports if r.track is Track.MANIFEST and r.authority is Authority.CUSTOMS)
    return None if any(order(r)[0] > at for r in less) else entries


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
