"""How long a broker takes from papers to acceptance, counted in its open hours (RULES T1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.policy import Policy

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


def measured_promise(samples: Sequence[timedelta], policy: Policy) -> timedelta | None:
    """The p90 of known papers-to-acceptance times within limits; None under the number of samples that policy asks."""
    if len(samples) < policy.promise_samples:
        return None
    ranked = sorted(samples)
    p90 = ranked[min(len(ranked) - 1, -(-9 * len(ranked) // 10) - 1)]
    return policy.measured(p90)
