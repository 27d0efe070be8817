"""A broker's week and promise, as people type them and as they are shown."""

import re
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.policy import duration
from bot.watch.brokers import open_hours
from handlers.announce.scene import cut
from handlers.commands.asking import no
from handlers.words import _
from storage.parties import PartyRecord

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    r"(?P<a>[a-z]{3})[a-z]*(?:-(?P<b>[a-z]{3})[a-z]*)?\s+(?P<from>\d{1,2}(?::\d\d)?)-(?P<to>\d{1,2}(?::\d\d)?)"
)


def promise_minutes(text: str) -> int:
    """How long a broker says it takes, in minutes."""
    try:
        length = duration(text)
    except ValueError:
        form = _("'{text}' is not a length of time: write 3h, 75min or 2h20min. Nothing was changed.")
        raise no(form.format(text=text)) from None
    if not timedelta(minutes=5) <= length <= timedelta(days=2):
        raise no(_("A promise is between 5 minutes and 2 days. Nothing was changed."))
    return int(length.total_seconds() // 60)


def spelled_hours(party: PartyRecord) -> str:
    """`mon-fri 08:00-17:00 America/Toronto`; '' when not known."""
    hours = open_hours(party)
    if hours is None:
        return ""
    if not hours.spans:
        return _("around the clock")
    by_time: dict[str, list[str]] = {}
    for day, opens, closes in hours.spans:
        by_time.setdefault(f"{opens:%H:%M}-{closes:%H:%M}", []).append(_DAYS[day])
    return ", ".join(f"{_days(days)} {span}" for span, days in by_time.items()) + f" {hours.zone}"


def _days(days: list[str]) -> str:
    """`mon-fri` for days in a row."""
    first, last = _DAYS.index(days[0]), _DAYS.index(days[-1])
    return f"{days[0]}-{days[-1]}" if len(days) > 2 and last - first == len(days) - 1 else "/".join(days)


def week(text: str, zone: str) -> dict[str, Any]:
    """A week as stored, from `mon-fri 8-17, sat 9-12` with an optional zone behind it, or `24/7`."""
    words = text.strip()
    last = words.rsplit(" ", 1)
    if len(last) == 2 and "/" in last[1] and last[1] != "24/7":
        words, zone = last[0], last[1]
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise no(_("“{zone}” is not a time zone; write one like America/Toronto.").format(zone=cut(zone, 40))) from None
    if words.casefold() in ("24/7", "always", "24h"):
        return {"zone": zone, "spans": []}
    spans: list[list[object]] = []
    for part in words.casefold().split(","):
        spans += _span(part.strip())
    return {"zone": zone, "spans": spans}


def _span(text: str) -> list[list[object]]:
    found = _SPAN.fullmatch(text)
    wrong = no(_('“{text}” are not hours. Type: hours="mon-fri 8-17, sat 9-12"').format(text=cut(text, 40)))
    if found is None or found["a"] not in _DAYS or (found["b"] or found["a"]) not in _DAYS:
        raise wrong
    first, last = _DAYS.index(found["a"]), _DAYS.index(found["b"] or found["a"])
    days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    try:
        opens, closes = (_clock(found[g]) for g in ("from", "to"))
    except ValueError:
        raise wrong from None
    return [[d, opens, closes] for d in days]


def _clock(text: str) -> str:
    hour, _colon, minute = text.partition(":")
    return time(0 if hour == "24" else int(hour), int(minute or 0)).isoformat("minutes")
