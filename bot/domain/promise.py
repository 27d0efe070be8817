"""How long a broker takes from papers to acceptance, counted in its open hours (RULES T1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.load import Direction
from bot.domain.policy import Policy
from bot.domain.status import SEVERITY, Status

_DAY = timedelta(days=1)
#: A broker that is open at all keeps the longest promise within this many days.
_DAYS = 62


@dataclass(frozen=True, slots=True)
class OpenHours:
    """A broker's week: (weekday 0-6, opens, closes) local to `zone`; no span means around the clock.

    A span that closes at or before it opens ends the next morning.
    """

    zone: str
    spans: tuple[tuple[int, time, time], ...] = ()

    def day_of(self, at: datetime) -> date:
        """The local day of a moment."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def windows(self, day: datetime) -> list[tuple[datetime, datetime]]:
        """Opening windows that begin on the local day of `day`, as UTC pairs."""
        return self.windows_on(self.day_of(day))

    def windows_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Opening windows that begin on a local day, as UTC pairs."""
        zone = ZoneInfo(self.zone)
        found = []
        for weekday, opens, closes in self.spans:
            if weekday == day.weekday():
                start = datetime.combine(day, opens, zone)
                end = datetime.combine(day if closes > opens else day + _DAY, closes, zone)
                found.append((start.astimezone(UTC), end.astimezone(UTC)))
        return sorted(found)

    def open_at(self, at: datetime) -> bool:
        """Whether somebody answers at this moment."""
        if not self.spans:
            return True
        today = self.day_of(at)
        return any(a <= at < b for day in (today - _DAY, today) for a, b in self.windows_on(day))


def due_at(papers: datetime, promise: timedelta, hours: OpenHours | None) -> datetime:
    """The moment by which the broker promised the acceptance: `papers` plus `promise` of open time."""
    if hours is None or not hours.spans:
        return papers + promise
    left, at = promise, papers
    first = hours.day_of(papers) - _DAY
    for step in range(_DAYS):
        for opens, closes in hours.windows_on(first + step * _DAY):
            start = max(opens, at)
            if start >= closes:
                continue
            if closes - start >= left:
                return start + left
            left -= closes - start
            at = closes
    return papers + promise


def open_between(start: datetime, end: datetime, hours: OpenHours | None) -> timedelta:
    """How long the broker was open between two moments: what `due_at` would have needed to end there."""
    if hours is None or not hours.spans:
        return max(end - start, timedelta())
    counted, at = timedelta(), start
    day = hours.day_of(start) - _DAY
    for _step in range(_DAYS):
        for opens, closes in hours.windows_on(day):
            first, last = max(opens, at), min(closes, end)
            if first < last:
                counted, at = counted + (last - first), last
        day += _DAY
        if at >= end or day > hours.day_of(end):
            break
    return counted


class Pace(StrEnum):
    """What a broker's time depends on: into Canada, into the US, or another agency looks too (T1)."""

    CA = "ca"
    US = "us"
    AGENCY = "agency"


def pace_of(direction: Direction, *, agency: bool) -> Pace:
    """The pace of one shipment."""
    if agency:
        return Pace.AGENCY
    return Pace.US if direction is Direction.US else Pace.CA


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was measured of a broker on one day: its promise for papers sent from `since` on; None: too few times."""

    since: datetime
    pace: Pace
    promise: timedelta | None


def promised(rows: Iterable[Fixed], pace: Pace, papers: datetime) -> timedelta | None:
    """The measured promise for papers sent at a moment; None where none was fixed by then.

    A shipment keeps the promise that held when its papers went: no level moves because another night was measured.
    """
    held = [row for row in rows if row.pace is pace and row.since <= papers]
    return max(held, key=lambda row: row.since).promise if held else None


@dataclass(frozen=True, slots=True)
class Filing:
    """What customs said of a shipment's release: when, and of which transaction."""

    at: datetime
    transaction: str
    status: Status


def taken(papers: datetime, heard: Iterable[Filing], hours: OpenHours | None) -> timedelta | None:
    """Open time from papers to the first acceptance of the first filing; None where that says nothing of the broker.

    Papers that are said to have gone after the acceptance were noted wrong, and of a shipment that was filed again
    nobody knows which papers it waited for.
    """
    first = ""
    for filing in sorted(heard, key=lambda one: (one.at, -SEVERITY[one.status])):
        first = first or filing.transaction
        if filing.status is Status.CANCELLED or filing.transaction not in ("", first):
            return None
        if filing.status is Status.READY:
            return open_between(papers, filing.at, hours) if papers <= filing.at else None
    return None


def measured_promise(samples: Sequence[timedelta], policy: Policy) -> timedelta | None:
    """The p90 of known papers-to-acceptance times within limits; None under the number of samples that policy asks."""
    if len(samples) < policy.promise_samples:
        return None
    return policy.measured(within(samples, 90))


def within(samples: Sequence[timedelta], percent: int) -> timedelta:
    """The time within which so many of a hundred were done; there is at least one sample."""
    ranked = sorted(samples)
    return ranked[max(0, -(-percent * len(ranked) // 100) - 1)]
