"""Local times to UTC, ages and clock times as a desk says them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

from bot.domain.errors import DoubleTime, ImpossibleTime
from bot.domain.remarks import Say


class Oddity(StrEnum):
    """What is wrong with a local time on the day the clocks change."""

    NONE = ""
    IMPOSSIBLE = "impossible"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class Instant:
    """A local time made UTC, and whether the clocks made it odd."""

    utc: datetime
    odd: Oddity = Oddity.NONE


@lru_cache(maxsize=16_384)
def instant(naive: datetime, zone: tzinfo) -> Instant:
    """The UTC instant of a local time, always one: a double time is its first, an impossible one moves by the gap.

    Feeds carry times without zone, many of the same minute: the answer is kept.
    """
    first = naive.replace(tzinfo=zone, fold=0)
    utc = first.astimezone(UTC)
    if first.utcoffset() == naive.replace(tzinfo=zone, fold=1).utcoffset():
        return Instant(utc)
    # A time that does not survive the way to UTC and back never stood on a clock.
    real = utc.astimezone(zone).replace(tzinfo=None, fold=0) == naive.replace(fold=0)
    return Instant(utc, Oddity.DOUBLE if real else Oddity.IMPOSSIBLE)


def local_to_utc(naive: datetime, zone: tzinfo) -> datetime:
    """The UTC instant of what a person typed; raises ImpossibleTime or DoubleTime on the day the clocks change."""
    found = instant(naive, zone)
    said = f"{naive:%H:%M} on {naive.day} {naive:%b %Y}"
    if found.odd is Oddity.IMPOSSIBLE:
        later = found.utc.astimezone(zone)
        raise ImpossibleTime(Say.IMPOSSIBLE_TIME.of(time=said, zone=str(zone), later=f"{later:%H:%M}"))
    if found.odd is Oddity.DOUBLE:
        first, second = (f"{naive:%H:%M}{_offset(naive.replace(tzinfo=zone, fold=fold))}" for fold in (0, 1))
        raise DoubleTime(Say.DOUBLE_TIME.of(time=said, zone=str(zone), first=first, second=second))
    return found.utc


def _offset(at: datetime) -> str:
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:]}"


def age(span: timedelta) -> str:
    """A span as a desk says it: `25 min`, `3 h 10`, `2 d`; a negative one is `0 min`."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    return f"{minutes // (24 * 60)} d"


def clock(at: datetime, zone: tzinfo, now: datetime) -> str:
    """A moment on the local clock: `16:15` today, `Tue 16:15` within six days, else `12 Feb 16:15`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    time = f"{local:%H:%M}"
    days = abs((local.date() - today.date()).days)
    if days == 0:
        return time
    if days < 7:
        return f"{local:%a} {time}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {time}"
