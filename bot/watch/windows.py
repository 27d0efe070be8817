"""Which reports of a number count for the load that claims it (DESIGN, Life of a load)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.report import Report
from storage.claims import ClaimRecord


def counted(claim: ClaimRecord, reports: Iterable[Report], window: timedelta) -> list[Report]:
    """Reports within the window of a claim: from `window` before the load was known until the claim ends."""
    start, end = claim.since - window, claim.until
    return [r for r in reports if r.received is not None and start <= r.received and (end is None or r.received <= end)]


def of_trip(
    claim: ClaimRecord, reports: Iterable[Report], window: timedelta, used: Mapping[tuple[str, str], datetime]
) -> list[Report]:
    """What counts of a trip: not what was said while it was another truck's, whose load is over.

    `used` is when the last earlier load of a trip ended, by load and number.
    """
    told = counted(claim, reports, window)
    over = used.get((claim.load_id, claim.number_id))
    return told if over is None else [r for r in told if r.received is not None and r.received > over]
