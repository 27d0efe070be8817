"""Dates as spreadsheets write them: the order of day and month is read where it can be told, never guessed."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import HoldwatchError


class Order(StrEnum):
    """Which of the two comes first in 11/12/2026."""

    DMY = "dmy"
    MDY = "mdy"


class AmbiguousDate(HoldwatchError):
    """A date that is two: its order of day and month cannot be told from itself."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"can be {first} or {second}")
        self.first, self.second = first, second


_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_CLOCK = (
    r"(?:(?:\s*,\s*|\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s*(?P<half>[AaPp])?(?(half)\.?[Mm]\.?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_NUMBERS = re.compile(r"(?P<first>\d{1,2})(?P<s>[/.-])(?P<other>\d{1,2})(?P=s)(?P<year>\d{4})" + _CLOCK)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<s>[/.-])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})" + _CLOCK)
_DAY_NAMED = re.compile(r"(?P<day>\d{1,2})[ /.-](?P<name>[A-Za-z]{3,9})\.?[ /.,-]+(?P<year>\d{4}|\d{2})" + _CLOCK)
_NAMED_DAY = re.compile(r"(?P<name>[A-Za-z]{3,9})\.?[ -](?P<day>\d{1,2})(?:,\s*|[ -])(?P<year>\d{4})" + _CLOCK)


def order_of(text: str) -> Order | None:
    """The order that a date in numbers shows by itself: one of its two numbers is no month; None when it shows none."""
    seen = _NUMBERS.fullmatch(text.strip())
    if seen is None:
        return None
    first, second = int(seen["first"]), int(seen["other"])
    if first <= 12 < second:
        return Order.MDY
    return Order.DMY if second <= 12 < first else None


def orders(texts: Iterable[str]) -> set[Order]:
    """The orders that some of these dates show."""
    return {order for text in texts if (order := order_of(text)) is not None}


def ambiguous(text: str) -> bool:
    """Whether both orders make a date of it, and not the same one."""
    seen = _NUMBERS.fullmatch(text.strip())
    if seen is None:
        return False
    first, second = int(seen["first"]), int(seen["other"])
    return first != second and max(first, second) <= 12


def spreadsheet_time(text: str, order: Order | None = None) -> datetime | None:
    """The time that a spreadsheet wrote, with a zone if it names one; midnight where it names no clock time.

    None when it is none. AmbiguousDate when day and month could be either and `order` is not given.
    """
    text = text.strip()
    if seen := _YEAR_FIRST.fullmatch(text):
        return _made(seen, int(seen["year"]), int(seen["month"]), int(seen["day"]))
    if seen := (_DAY_NAMED.fullmatch(text) or _NAMED_DAY.fullmatch(text)):
        month = _month(seen["name"])
        year = int(seen["year"]) + (2000 if len(seen["year"]) == 2 else 0)
        return _made(seen, year, month, int(seen["day"])) if month else None
    seen = _NUMBERS.fullmatch(text)
    if seen is None:
        return None
    first, second = int(seen["first"]), int(seen["other"])
    if ambiguous(text) and order is None:
        days = [f"{d} {_MONTHS[m - 1][:3].title()}" for d, m in ((first, second), (second, first))]
        raise AmbiguousDate(*days)
    shown = order_of(text) or order or Order.DMY
    day, month = (first, second) if shown is Order.DMY else (second, first)
    return _made(seen, int(seen["year"]), month, day)


def clocked(text: str) -> bool:
    """Whether a date of a spreadsheet names a clock time too."""
    forms = (_YEAR_FIRST, _DAY_NAMED, _NAMED_DAY, _NUMBERS)
    return any(seen["hour"] is not None for form in forms if (seen := form.fullmatch(text.strip())))


def _month(name: str) -> int:
    """1 to 12 by an English name, whole or cut to three letters or more; 0 when it is none."""
    found = [n for n, one in enumerate(_MONTHS, 1) if one.startswith(name.lower())]
    return found[0] if len(found) == 1 else 0


def _made(seen: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    hour, minute, second = (int(seen[name] or 0) for name in ("hour", "minute", "second"))
    if seen["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if seen["half"] in "Pp" else 0)
    try:
        made = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a local time on purpose
        zone = seen["zone"] or ""
        return datetime.fromisoformat(made.isoformat() + zone) if zone else made
    except ValueError:
        return None
