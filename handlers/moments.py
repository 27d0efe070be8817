"""Which moment a clock time means: the day, the zone, the direction; what is impossible or double is refused."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.errors import DoubleTime, HoldwatchError, ImpossibleTime
from bot.domain.times import age, instant, local_to_utc
from handlers.words import _, said

#: What a letter means on each side of the border. Since 2026 some clocks of the two differ in winter (IANA 2026).
_REGIONS = {
    "E": ("America/Toronto", "America/New_York"),
    "C": ("America/Winnipeg", "America/Chicago"),
    "M": ("America/Edmonton", "America/Denver"),
    "P": ("America/Vancouver", "America/Los_Angeles"),
    "A": ("America/Halifax",),
    "N": ("America/St_Johns",),
}
_MARGIN = timedelta(hours=2)
_FAR = timedelta(days=400)

#: A zone at the end of a time.
ZONE = re.compile(r"(?:(?<=\d)|(?<=[ap]m)|\s)\s*(utc|gmt|z|[ecmpan][sd]?t)$|(?<=:\d\d)\s?([+-]\d\d:\d\d)$")


class TimeError(HoldwatchError):
    """A time that is not one, or that could be two; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The question: what was typed, when, where, and in which directions an answer may lie."""

    typed: str
    now: datetime
    zone: ZoneInfo
    past_ok: bool
    future_ok: bool


def unknown_time(ask: Ask) -> TimeError:
    return TimeError(
        _("“{typed}” is not a time I can be sure of. Type 14:30, tomorrow 6:00, 24 nov 14:30 or +2h.").format(
            typed=ask.typed
        )
    )


def zone_of(word: str, ask: Ask) -> tzinfo:
    """The zone that a suffix names, loosely: a season's letter is looked at in `utc_of`."""
    if not word:
        return ask.zone
    if word in ("utc", "gmt", "z"):
        return UTC
    if word[0] in "+-":
        sign = -1 if word[0] == "-" else 1
        return timezone(sign * timedelta(hours=int(word[1:3]), minutes=int(word[4:])))
    meant = _REGIONS[word[0].upper()]
    return ask.zone if ask.zone.key in meant else ZoneInfo(meant[0])


def _one_side(naive: datetime, word: str, zone: tzinfo, ask: Ask) -> None:
    """Refuses a letter that means two times on that day, one on each side of the border."""
    sides = [ZoneInfo(name) for name in _REGIONS.get(word[:1].upper(), ())] if len(word) == 2 else []
    if zone is ask.zone or len({instant(naive, side).utc for side in sides}) < 2:
        return
    said = [f"{naive:%H:%M}{_offset(naive.replace(tzinfo=side))}" for side in sides]
    raise TimeError(
        _("“{typed}”: {word} is not the same in Canada and the US on that day. Type {ours} or {theirs}.").format(
            typed=ask.typed, word=word.upper(), ours=said[0], theirs=said[1]
        )
    )


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}"


def utc_of(naive: datetime, word: str, ask: Ask) -> datetime:
    """The moment of a local time; a time that never was, or was twice, or a season not in force is refused."""
    zone = zone_of(word, ask)
    if len(word) == 3 and word not in ("utc", "gmt"):
        for place in (ask.zone, *(ZoneInfo(name) for name in _REGIONS[word[0].upper()])):
            for fold in (0, 1):
                local = naive.replace(tzinfo=place, fold=fold)
                back = local.astimezone(UTC).astimezone(place)
                if local.tzname() == word.upper() and back.replace(tzinfo=None, fold=0) == naive:
                    return local.astimezone(UTC)
        raise TimeError(
            _("“{typed}”: {word} is not in force on that day. Type {any} for the time on the clocks.").format(
                typed=ask.typed, word=word.upper(), any=f"{naive:%H:%M} {word[0].upper()}T"
            )
        )
    _one_side(naive, word, zone, ask)
    try:
        return local_to_utc(naive, zone)
    except ImpossibleTime as error:
        raise TimeError(said(error)) from error
    except DoubleTime as error:
        names = [naive.replace(tzinfo=zone, fold=fold).tzname() or "" for fold in (0, 1)]
        if not all(ZONE.fullmatch(" " + name.casefold()) for name in names):
            raise TimeError(said(error)) from error
        first, second = (f"{naive:%H:%M} {name}" for name in names)
        raise TimeError(
            _("“{typed}” comes twice that night, the clocks go back. Type {first} for the first or {second}.").format(
                typed=ask.typed, first=first, second=second
            )
        ) from error


def in_direction(at: datetime, ask: Ask) -> datetime:
    """The moment, if it lies where one was asked for."""
    if abs(at - ask.now) > _FAR:
        raise TimeError(_("“{typed}” is more than a year away. Check the date.").format(typed=ask.typed))
    if not ask.future_ok and at > ask.now:
        raise TimeError(
            _("“{typed}” is still {away} away; this takes a time that has passed.").format(
                typed=ask.typed, away=age(at - ask.now)
            )
        )
    if not ask.past_ok and at < _minute(ask.now):
        raise TimeError(
            _("“{typed}” was {ago} ago; this takes a time to come.").format(typed=ask.typed, ago=age(ask.now - at))
        )
    return at


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def on_one_of(days: list[date], clock: time, word: str, ask: Ask) -> datetime:
    moments = [datetime.combine(day, clock) for day in days]
    if not moments:
        raise unknown_time(ask)
    zone = zone_of(word, ask)
    near = min(moments, key=lambda m: abs(instant(m, zone).utc - ask.now))
    weekly = len(moments) > 1 and moments[1] - moments[0] == timedelta(days=7)
    if weekly and ask.future_ok != ask.past_ok and not _within(near, zone, ask):
        ahead = [m for m in moments if (instant(m, zone).utc >= _minute(ask.now)) == ask.future_ok]
        near = min(ahead, key=lambda m: abs(instant(m, zone).utc - ask.now))
    return in_direction(utc_of(near, word, ask), ask)


def _within(moment: datetime, zone: tzinfo, ask: Ask) -> bool:
    return abs(instant(moment, zone).utc - ask.now) < _MARGIN


def nearest(clock: time, word: str, ask: Ask) -> datetime:
    """The next or last moment at which the clock shows this; one just missed is asked about, not moved by a day."""
    zone = zone_of(word, ask)
    today = ask.now.astimezone(zone).date()
    moments = [datetime.combine(today + timedelta(days=shift), clock) for shift in (-2, -1, 0, 1, 2)]
    past = [m for m in moments if instant(m, zone).utc < _minute(ask.now)]
    ahead = [m for m in moments if instant(m, zone).utc >= _minute(ask.now)]
    last, coming = past[-1], ahead[0]
    if not ask.future_ok and instant(coming, zone).utc <= ask.now:
        last = coming
    if ask.future_ok and ask.past_ok:
        near = min((last, coming), key=lambda m: abs(instant(m, zone).utc - ask.now))
        return utc_of(near, word, ask)
    if ask.future_ok:
        if _within(last, zone, ask):
            said = _("“{typed}” was {span} ago; if you mean {day}, type: {day} {clock}")
            raise _missed(said, last, coming, word, ask)
        return utc_of(coming, word, ask)
    if last is not coming and instant(coming, zone).utc - ask.now <= ask.now - instant(last, zone).utc:
        said = _("“{typed}” is in {span}; if you mean {day}, type: {day} {clock}")
        raise _missed(said, coming, last, word, ask)
    return utc_of(last, word, ask)


def _missed(sentence: str, missed: datetime, other: datetime, word: str, ask: Ask) -> TimeError:
    zone = zone_of(word, ask)
    shift = (other.date() - ask.now.astimezone(zone).date()).days
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(shift, other.date().isoformat())
    span = age(abs(instant(missed, zone).utc - ask.now))
    clock = f"{other:%H:%M} {word.upper()}".strip()
    return TimeError(sentence.format(typed=ask.typed, span=span, day=day, clock=clock))
