"""Times as dispatchers type them: `14:30`, `tmrw 0600`, `mon 8:00 ET`, `+2h`. What could mean two things is refused."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.moments import ZONE, Ask, TimeError, in_direction, nearest, on_one_of, unknown_time, zone_of
from handlers.words import _

__all__ = ["TimeError", "duration", "when"]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip

_UNIT = r"(?:(\d{1,3})\s*(?:hours|hour|hrs|hr|h)\s*)?(?:(\d{1,4})\s*(?:minutes|minute|mins|min|m)?)?"
_DURATION = re.compile(_UNIT)
_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d)?(z|[+-]\d\d:?\d\d)")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[t\s]*")
_CLOCKS = (
    re.compile(r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?\s*(?P<half>[ap]m)?"),
    re.compile(r"(?P<h>\d\d)(?P<m>\d\d)"),
    re.compile(r"(?P<h>\d{1,2})\s*(?P<half>[ap]m)"),
    re.compile(r"(?P<h>\d{3,4})\s*(?P<half>[ap]m)"),
    re.compile(r"(?P<h>\d\d)h(?P<m>\d\d)"),
)


def when(text: str, now: datetime, zone: ZoneInfo, *, past_ok: bool, future_ok: bool) -> datetime:
    """The moment meant, in UTC. A time without a date is the next (or last) one; without a zone it is of `zone`."""
    typed = " ".join(text.split())[:60]
    ask = Ask(typed, now.astimezone(UTC), zone, past_ok, future_ok)
    words = _mended(text)
    if not words:
        raise TimeError(_("No time was given. Type one such as 14:30 or tomorrow 6:00."))
    if len(text) > 200:
        raise unknown_time(ask)
    try:
        return _moment(words, ask)
    except (ValueError, OverflowError):
        raise unknown_time(ask) from None


def duration(text: str) -> timedelta:
    """How long: `30m`, `2h`, `1h30`, `1 h 30 min`, `45 minutes`."""
    words = _mended(text).lstrip("+").strip()
    found = _DURATION.fullmatch(words) if len(words) <= 40 else None
    if found is None or not any(found.groups()) or words.isdigit():
        raise TimeError(_("“{typed}” is not a length of time. Type 30m, 2h or 1h30.").format(typed=text.strip()[:60]))
    return timedelta(hours=int(found.group(1) or 0), minutes=int(found.group(2) or 0))


def _mended(text: str) -> str:
    words = text.casefold().translate({ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2212"})
    words = " ".join(words.replace(",", " ").split()).rstrip(".!?; ")
    words = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", words)
    return re.sub(r"^(?:at|@|by|around|about)\s+", "", words)


def _moment(words: str, ask: Ask) -> datetime:
    if words == "now":
        return ask.now
    if (relative := _relative(words, ask)) is not None:
        return relative
    if _OFFSET.fullmatch(words):
        return in_direction(datetime.fromisoformat(words.upper()).astimezone(UTC), ask)
    suffix = ZONE.search(words)
    zone_word = (suffix.group(1) or suffix.group(2)) if suffix else ""
    days, clock_words = _days(words[: suffix.start()].strip() if suffix else words, ask, zone_word)
    clock = _clock(clock_words, ask, dated=days is not None)
    if days is not None:
        return on_one_of(days, clock, zone_word, ask)
    return nearest(clock, zone_word, ask)


def _relative(words: str, ask: Ask) -> datetime | None:
    """`+2h`, `in 45 min`, `30m`, `1h30`, `30 min ago`; None when it is no length of time."""
    found = re.fullmatch(r"(?P<sign>\+|in\s)?\s*(?P<long>.+?)(?P<ago>\sago)?", words)
    if found is None:
        return None
    length = _DURATION.fullmatch(found["long"])
    signed = bool(found["sign"] or found["ago"])
    if length is None or not any(length.groups()) or found["long"].isdigit():
        return None
    if not signed and re.fullmatch(r"\d\dh\d\d", found["long"]):
        return None
    if not signed and re.fullmatch(r"\d\d\s?h", found["long"]) and int(found["long"][:2]) < 24:
        hour = found["long"][:2]
        raise TimeError(
            _("“{typed}” can be a time or a length. Type {hour}:00 or +{hour}h.").format(typed=ask.typed, hour=hour)
        )
    span = timedelta(hours=int(length.group(1) or 0), minutes=int(length.group(2) or 0))
    if found["ago"] and found["sign"]:
        raise unknown_time(ask)
    if not signed and ask.past_ok:
        raise TimeError(
            _("“{typed}”: from now, or ago? Type +{long} or {long} ago.").format(typed=ask.typed, long=found["long"])
            if ask.future_ok
            else _("“{typed}” is a length of time. Type {long} ago.").format(typed=ask.typed, long=found["long"])
        )
    return in_direction(ask.now - span if found["ago"] else ask.now + span, ask)


def _days(words: str, ask: Ask, zone_word: str) -> tuple[list[date] | None, str]:
    """The days that the words may name, and the words of the clock; None when they name no day."""
    today = ask.now.astimezone(zone_of(zone_word, ask)).date()
    if found := _ISO.match(words):
        return [date(int(found[1]), int(found[2]), int(found[3]))], words[found.end() :]
    if re.search(r"\d[/.]\d", words):
        raise TimeError(
            _("“{typed}”: day or month first? Type the month as a word, as in 24 nov 14:30.").format(typed=ask.typed)
        )
    parts = words.split()
    for i, part in enumerate(parts):
        rest = " ".join(parts[:i] + parts[i + 1 :])
        shift = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tmw": 1, "tomorow": 1, "yesterday": -1,
                 "yday": -1}.get(part)  # fmt: skip
        if shift is not None:
            return [today + timedelta(days=shift)], rest
        if (weekday := _index(part, _DAYS)) is not None:
            ahead = (weekday - today.weekday()) % 7
            return [today + timedelta(days=ahead + week) for week in (-7, 0, 7)], rest
        if (month := _index(part, _MONTHS)) is not None:
            return _month_day(parts, i, month + 1, today, ask)
    return None, words


def _index(word: str, names: tuple[str, ...]) -> int | None:
    """Which name a word is, whole or cut to three letters or more."""
    if len(word) < 3:
        return None
    return next((i for i, name in enumerate(names) if name.startswith(word) or (word == "sept" and i == 8)), None)


def _month_day(parts: list[str], at: int, month: int, today: date, ask: Ask) -> tuple[list[date], str]:
    before, after = parts[:at], parts[at + 1 :]
    day_before = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", before[-1]) if before else None
    day_after = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", after[0]) if after else None
    if day_before and not (day_after and len(before) > 1):
        before = before[:-1]
    elif day_after:
        after = after[1:]
    else:
        raise unknown_time(ask)
    found = day_before if before != parts[:at] else day_after
    if found is None:
        raise unknown_time(ask)
    day = int(found.group(1))
    if len(after) > 1 and re.fullmatch(r"20\d\d", after[0]):
        return [date(int(after[0]), month, day)], " ".join(before + after[1:])
    days = [date(y, month, day) for y in range(today.year - 1, today.year + 2) if _exists(y, month, day)]
    return days, " ".join(before + after)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _clock(words: str, ask: Ask, *, dated: bool) -> time:
    words = re.sub(r"^(?:at|@)\s+", "", words.strip())
    if words == "noon":
        return time(12)
    if words == "midnight" and not dated:
        return time(0)
    if words == "midnight":
        raise TimeError(
            _("“{typed}”: the midnight before or after? Type that day with 0:00 or 23:59.").format(typed=ask.typed)
        )
    if not words and dated:
        raise TimeError(_("“{typed}” names a day and no time. Add one, as in 14:30.").format(typed=ask.typed))
    found = next((f for pattern in _CLOCKS if (f := pattern.fullmatch(words))), None)
    if found is None:
        if re.fullmatch(r"\d{1,3}", words):
            hint = f"{words[:-2] or words}:{words[-2:] if len(words) == 3 else '00'}"
            raise TimeError(_("“{typed}” can be several times. Type {hint}.").format(typed=ask.typed, hint=hint))
        raise unknown_time(ask)
    parts = found.groupdict()
    hour, minute, half = parts["h"], int(parts.get("m") or 0), parts.get("half")
    if len(hour) > 2:
        hour, minute = hour[:-2], int(hour[-2:])
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise TimeError(_("“{typed}”: with am or pm the hour is 1 to 12.").format(typed=ask.typed))
        hours = hours % 12 + (12 if half == "pm" else 0)
    if hours > 23 or minute > 59:
        raise TimeError(_("“{typed}” is no time of day. Hours go from 0:00 to 23:59.").format(typed=ask.typed))
    return time(hours, minute, int(parts.get("s") or 0))
