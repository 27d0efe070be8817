"""Times as feeds write them: compact digits or ISO 8601, with a zone or in the feed's own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from bot.domain.order import BETTER, FAST
from bot.domain.status import SEVERITY, Status
from bot.domain.times import Oddity, instant

#: How far ahead of its arrival a message may claim to be made before the claim is not believed.
AHEAD = timedelta(hours=24)
#: From here on a status is bad news, or may be.
_BAD = SEVERITY[Status.UNKNOWN]
_FORMATS = {"201": 10, "203": 12, "204": 14, "301": 10, "303": 12, "304": 14}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time in UTC, None when not understood; `why` says what is odd about it, `certain` that this is harmless.

    `again` is when a double time comes for the second time.
    """

    utc: datetime | None
    why: str = ""
    certain: bool = True
    again: datetime | None = None

    def of(self, status: Status, received: datetime) -> datetime | None:
        """The time for order: bad news of a double time counts from its second, once that may have been (F1), also by a
        sender's clock that is somewhat ahead of ours."""
        late = self.again is not None and self.again - FAST <= received and status not in BETTER
        return self.again if late else self.utc


@lru_cache(maxsize=16_384)
def compact(text: str, format_code: str, zone: tzinfo) -> Stamp:
    """A time of digits such as 202601151030: UN/EDIFACT 2379 formats 201, 203 and 204, else told by its length."""
    length = _FORMATS.get(format_code, len(text))
    digits = text if length != 10 else "20" + text
    if not (text.isascii() and text.isdecimal()) or len(text) != length or len(digits) not in (12, 14):
        return Stamp(None, f"{text[:40]!r} is not a time as CCYYMMDDHHMM", certain=False)
    try:
        naive = datetime.fromisoformat(f"{digits[:8]}T{digits[8:]}")
    except ValueError:
        return Stamp(None, f"{text[:40]!r} is not a date and time", certain=False)
    return local(naive, zone, text)


@lru_cache(maxsize=4_096)
def iso(text: str, zone: tzinfo) -> Stamp:
    """A time as ISO 8601 writes it; one without a zone is in the feed's."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return Stamp(None, f"{text[:40]!r} is not a time as 2026-01-15T10:30:00-05:00", certain=False)
    if len(text) < 14:
        return Stamp(None, f"{text[:40]!r} has no time of day", certain=False)
    if not 2000 <= found.year < 2100:
        return Stamp(None, f"{text[:40]!r} is not of this century", certain=False)
    return local(found, zone, text) if found.tzinfo is None else Stamp(found.astimezone(UTC))


def local(naive: datetime, zone: tzinfo, text: str) -> Stamp:
    """A feed's local time: of a double hour the first, of a skipped one the time moved by the gap, and it says so."""
    if not 2000 <= naive.year < 2100:
        return Stamp(None, f"{text[:40]!r} is not of this century", certain=False)
    found = instant(naive, zone)
    if found.odd is Oddity.DOUBLE:
        again = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
        return Stamp(found.utc, f"{text} comes twice in {zone}: taken as the first", again=again)
    if found.odd is Oddity.IMPOSSIBLE:
        why = f"{text} does not exist in {zone}: moved over the gap. Is that the zone of this feed?"
        return Stamp(found.utc, why, certain=False)
    return Stamp(found.utc)


def believed(stamp: Stamp, received: datetime) -> Stamp:
    """The stamp, or none of it when it lies more than a day ahead of its own arrival."""
    if stamp.utc is not None and stamp.utc - received > AHEAD:
        return Stamp(
            None, f"{stamp.utc:%Y-%m-%d %H:%M} UTC is more than a day after it came: not believed", certain=False
        )
    return stamp


def made(sent: Stamp, happened: Stamp, status: Status, received: datetime) -> datetime | None:
    """When a sender prepared a word that says when its matter happened (F1); None when it gave no time.

    The time of the matter makes a good word older, never newer, and a bad one never older: a refusal that is told late
    is news all the same. A bad word that does not say when it was sent was sent just before it came.
    """
    told, at = sent.of(status, received), happened.of(status, received)
    if SEVERITY[status] < _BAD or at is None:
        return min((moment for moment in (told, at) if moment is not None), default=None)
    return max(told or received, min(at, received))
