"""A broker's week as people and files write it: `mon-fri 8-17, sat 9-12 America/Toronto`, or `24/7`."""

import re
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from bot.watch.brokers import open_hours
from storage.parties import PartyRecord

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    r"(?P<a>[a-z]{3})[a-z]*(?:-(?P<b>[a-z]{3})[a-z]*)?\s+(?P<from>\d{1,2}(?::\d\d)?)-(?P<to>\d{1,2}(?::\d\d)?)"
)
#: How a week without an end is written.
ALWAYS = "24/7"


class NoZone(ValueError):
    """What stands for a time zone is none."""


class NoHours(ValueError):
    """What stands for hours is none."""


def read_week(text: str, zone: str) -> dict[str, Any]:
    """A week as stored, with an optional zone behind it, else `zone`; NoZone or NoHours with what cannot be read."""
    words = text.strip()
    last = words.rsplit(" ", 1)
    if len(last) == 2 and "/" in last[1] and last[1] != ALWAYS:
        words, zone = last[0], last[1]
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise NoZone(zone) from None
    if words.casefold() in (ALWAYS, "always", "24h"):
        return {"zone": zone, "spans": []}
    spans: list[list[object]] = []
    for part in words.casefold().split(","):
        spans += _span(part.strip())
    return {"zone": zone, "spans": spans}


def _span(text: str) -> list[list[object]]:
    found = _SPAN.fullmatch(text)
    if found is None or found["a"] not in _DAYS or (found["b"] or found["a"]) not in _DAYS:
        raise NoHours(text)
    first, last = _DAYS.index(found["a"]), _DAYS.index(found["b"] or found["a"])
    days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    try:
        opens, closes = (_clock(found[g]) for g in ("from", "to"))
    except ValueError:
        raise NoHours(text) from None
    return [[d, opens, closes] for d in days]


def _clock(text: str) -> str:
    hour, _colon, minute = text.partition(":")
    return time(0 if hour == "24" else int(hour), int(minute or 0)).isoformat("minutes")


def spelled_week(party: PartyRecord) -> str:
    """`mon-fri 08:00-17:00 America/Toronto`, which `read_week` reads back; '' when not known."""
    hours = open_hours(party)
    if hours is None:
        return ""
    if not hours.spans:
        return f"{ALWAYS} {hours.zone}"
    by_time: dict[str, list[int]] = {}
    for day, opens, closes in hours.spans:
        by_time.setdefault(f"{opens:%H:%M}-{closes:%H:%M}", []).append(day)
    spans = (f"{days} {span}" for span, of in by_time.items() for days in _days(sorted(of)))
    return ", ".join(spans) + f" {hours.zone}"


def _days(days: list[int]) -> list[str]:
    """`mon-fri` for days in a row, else each by itself."""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return [f"{_DAYS[days[0]]}-{_DAYS[days[-1]]}"]
    return [_DAYS[day] for day in days]
