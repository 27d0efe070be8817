"""Which reports of a number count for the load that claims it (DESIGN, Life of a load)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.load import Said
from bot.domain.report import Report
from bot.watch.spoken import manifest_words
from storage.claims import ClaimRecord


def counted(claim: ClaimRecord, reports: Sequence[Report], window: timedelta) -> list[Report]:
    """Reports within the window of a claim: from `window` before the load was known until the claim ends."""
    if not reports:
        return []
    start, end = claim.since - window, claim.until
    return [r for r in reports if r.received is not None and start <= r.received and (end is None or r.received <= end)]


def of_trip(
    claim: ClaimRecord, reports: Sequence[Report], window: timedelta, used: Mapping[tuple[str, str], datetime]
) -> list[Report]:
    """What counts of a trip: not what was said while it was another truck's, whose load is over.

    `used` is when the last other truck of a trip was over before the load had it, by load and number.
    """
    told = counted(claim, reports, window)
    over = used.get((claim.load_id, claim.number_id)) if told else None
    return told if over is None else [r for r in told if r.received is not None and r.received > over]


def told_of_trips(
    trips: Iterable[str],
    claims: Iterable[ClaimRecord],
    reports: Mapping[str, Sequence[Report]],
    window: timedelta,
    used: Mapping[tuple[str, str], datetime],
    said: list[Said],
) -> list[list[Report]]:
    """What counts of each trip of a load: its own reports, and the persons' words that were about it (A2)."""
    told: dict[str, list[Report]] = {trip: [] for trip in trips}
    for claim in claims:
        for report in of_trip(claim, reports.get(claim.number_id, ()), window, used):
            told.setdefault(report.key, []).append(report)
    return [[*own, *manifest_words(said, [trip])] for trip, own in told.items()]
