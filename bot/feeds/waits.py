"""Wait times as CBP (JSON, into the US) and CBSA (CSV, into Canada) publish them: bytes in, waits out.

Both formats were read in public clients, not in a published document: words that are not in the tables stay words.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from bot.domain.crossings import Crossing, Crossings
from bot.domain.load import Direction
from bot.domain.times import instant
from bot.domain.waits import Flow, Lane, Wait, matched
from bot.feeds.protocol import Problem

#: Hours of UTC of the zones' short names: they say which side of a clock change is meant.
_ZONES = {
    "ADT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}  # fmt: skip
#: CBP's operational_status; of "delay" the minutes are read.
_CBP = {"n/a": Flow.NONE, "no delay": Flow.MOVING, "lanes closed": Flow.CLOSED, "update pending": Flow.UNKNOWN}
#: CBSA's flows that are no length of time.
_CBSA = {
    "no delay": Flow.MOVING,
    "not applicable": Flow.NONE,
    "closed": Flow.CLOSED,
    "missed entry": Flow.UNKNOWN,
}
_LANES = {"standard_lanes": Lane.COMMERCIAL, "FAST_lanes": Lane.FAST}
_CLOCK = re.compile(r"(?:at\s+)?(noon|midnight|(\d{1,2}):(\d{2})\s*([ap])\.?m\.?)\s*([a-z]{2,4})?", re.IGNORECASE)
_UPDATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(?::\d{2})?(?:\s+([A-Za-z]{2,4}))?")
_LENGTH = re.compile(r"(?:(\d{1,2}) hours?)?\s*(?:(\d{1,3}) minutes?)?", re.IGNORECASE)
_PARTS = re.compile(r"\(([^()]*)\)")
#: How far ahead of our clock theirs may go; and the longest wait that is believed.
_AHEAD, _LONGEST = timedelta(minutes=15), 24 * 60
_MOST_PROBLEMS = 20

Read = tuple[tuple[Wait, ...], tuple[Problem, ...]]


def read_cbp(body: bytes, crossings: Crossings, fetched: datetime) -> Read:
    """Waits into the US, standard and FAST lanes for trucks; never raises on bad bytes."""
    try:
        records = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return (), (Problem("", _not(body, "JSON")),)
    if not isinstance(records, list):
        return (), (Problem("", "it is not a list of crossings as CBP's was"),)
    problems: list[Problem] = []
    by_id = {c.wait_id: c for c in crossings.all if c.wait_id}
    waits = (w for r in records if isinstance(r, dict) for w in _record(r, by_id, crossings, fetched, problems))
    return _newest(waits), tuple(dict.fromkeys(problems))[:_MOST_PROBLEMS]


def _record(
    record: Mapping[str, Any],
    by_id: Mapping[str, Crossing],
    crossings: Crossings,
    fetched: datetime,
    problems: list[Problem],
) -> Iterator[Wait]:
    crossing = by_id.get(_text(record.get("port_number")))
    if crossing is None and "canad" in _text(record.get("border")).casefold():
        # A port may have several bridges, so its own name stands for one only where no bridge is named.
        named = _text(record.get("crossing_name")) or _text(record.get("port_name"))
        crossing = matched([named], crossings)
    group = record.get("commercial_vehicle_lanes")
    if crossing is None or not isinstance(group, dict):
        return
    shut = _text(record.get("port_status")).casefold() == "closed"
    for key, lane in _LANES.items():
        told = group.get(key)
        if isinstance(told, dict):
            yield _lane(told, crossing, lane, fetched, problems, shut=shut)


def _lane(
    told: Mapping[str, Any], crossing: Crossing, lane: Lane, fetched: datetime, problems: list[Problem], *, shut: bool
) -> Wait:
    word = _text(told.get("operational_status"))
    flow, minutes, raw = Flow.CLOSED, None, ""
    if not shut:
        flow, minutes, raw = _cbp_flow(word, _text(told.get("delay_minutes")))
    where = f"{crossing.name}, {lane}"
    if raw:
        problems.append(Problem(where, f"“{raw}” is not a wait that we can read", word))
    at, why = _clock(_text(told.get("update_time")), crossing.clock, fetched)
    if why:
        problems.append(Problem(where, why))
    lanes = _number(_text(told.get("lanes_open")))
    return Wait(crossing.name, Direction.US, lane, flow, "CBP", fetched, at, minutes, lanes, raw)


def _cbp_flow(word: str, minutes: str) -> tuple[Flow, int | None, str]:
    plain = word.casefold()
    if plain == "delay":
        found = _number(minutes)
        known = found is not None and found <= _LONGEST
        return (Flow.MOVING, found, "") if known else (Flow.UNKNOWN, None, f"{word} {minutes}".strip()[:40])
    if plain in _CBP:
        return _CBP[plain], 0 if _CBP[plain] is Flow.MOVING else None, ""
    return Flow.UNKNOWN, None, word[:40]


def _clock(text: str, zone: tzinfo, fetched: datetime) -> tuple[datetime | None, str]:
    """When `At 2:00 pm EDT` was last, in UTC; without a zone's name it is the crossing's own."""
    if not text:
        return None, ""
    found = _CLOCK.fullmatch(text)
    try:
        clock = _of_day(found) if found else None
    except ValueError:
        clock = None
    if found is None or clock is None:
        return None, f"“{text[:40]}” is not a time as “At 2:00 pm EDT”"
    offset = _offset(found[5])
    if found[5] and offset is None:
        return None, f"“{text[:40]}” is in a zone that we do not know"
    own = offset or zone
    day = fetched.astimezone(own).date()
    for date in (day, day - timedelta(days=1)):
        at = instant(datetime.combine(date, clock), own).utc
        if at - fetched <= _AHEAD:
            return at, ""
    return None, f"“{text[:40]}” is not a time that has been"


def _of_day(found: re.Match[str]) -> time:
    if found[1].casefold() in ("noon", "midnight"):
        return time(12 if found[1].casefold() == "noon" else 0)
    hour = int(found[2])
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return time(hour % 12 + (12 if found[4].casefold() == "p" else 0), int(found[3]))


def _offset(name: str | None) -> timezone | None:
    hours = _ZONES.get(name.upper()) if name else None
    return timezone(timedelta(hours=hours)) if hours is not None else None


def read_cbsa(body: bytes, crossings: Crossings, fetched: datetime) -> Read:
    """Waits into Canada of the commercial flow; never raises on bad bytes."""
    try:
        text = body.decode("utf-8-sig")
        rows = [row for row in _rows(text) if any(row)]
    except (UnicodeDecodeError, csv.Error):
        return (), (Problem("", _not(body, "CSV in UTF-8")),)
    head = [cell.casefold() for cell in rows[0]] if rows else []
    if not {"cbsa office", "updated", "commercial flow"} <= set(head):
        return (), (Problem("", _not(body, "CBSA's list of offices")),)
    problems: list[Problem] = []
    waits = (_office(dict(zip(head, row, strict=False)), crossings, fetched, problems) for row in rows[1:])
    return _newest(w for w in waits if w), tuple(dict.fromkeys(problems))[:_MOST_PROBLEMS]


def _rows(text: str) -> Iterable[list[str]]:
    lines = text.splitlines()
    double = bool(lines) and ";;" in lines[0]
    rows = (line.split(";;") for line in lines) if double else csv.reader(text.splitlines(keepends=True))
    return ([cell.strip().strip('"').strip() for cell in row] for row in rows)


def _office(cells: Mapping[str, str], crossings: Crossings, fetched: datetime, problems: list[Problem]) -> Wait | None:
    office = cells.get("cbsa office", "")
    inside, outside = _PARTS.findall(office), _PARTS.sub("", office).strip()
    crossing = matched([office, *inside, outside], crossings)
    if crossing is None:
        return None
    word = cells.get("commercial flow", "")
    flow, minutes, raw = _cbsa_flow(word)
    if raw:
        problems.append(Problem(crossing.name, f"“{raw}” is not a wait that we can read", raw))
    at, why = _updated(cells.get("updated", ""), crossing.clock, fetched)
    if why:
        problems.append(Problem(crossing.name, why))
    return Wait(crossing.name, Direction.CA, Lane.COMMERCIAL, flow, "CBSA", fetched, at, minutes, None, raw)


def _cbsa_flow(word: str) -> tuple[Flow, int | None, str]:
    known = _CBSA.get(word.casefold())
    if known is not None:
        return known, 0 if known is Flow.MOVING else None, ""
    length = _LENGTH.fullmatch(word) if word else None
    minutes = int(length[1] or 0) * 60 + int(length[2] or 0) if length else None
    if minutes is None or minutes > _LONGEST:
        return Flow.UNKNOWN, None, word[:40]
    return Flow.MOVING, minutes, ""


def _updated(text: str, zone: tzinfo, fetched: datetime) -> tuple[datetime | None, str]:
    """When a row was made, in UTC; without a zone's name it is the crossing's own, of a double hour the first."""
    found = _UPDATED.fullmatch(text)
    try:
        naive = datetime.fromisoformat(f"{found[1]} {found[2]:0>5}") if found else None
    except ValueError:
        naive = None
    if found is None or naive is None:
        return None, f"“{text[:40]}” is not a time as “2026-01-15 10:30 EST”" if text else ""
    offset = _offset(found[3])
    if found[3] and offset is None:
        return None, f"“{text[:40]}” is in a zone that we do not know"
    at = naive.replace(tzinfo=offset).astimezone(UTC) if offset else instant(naive, zone).utc
    return (at, "") if at - fetched <= _AHEAD else (None, f"“{text[:40]}” is still to come: not believed")


def _newest(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """One word a lane: a source may list a crossing twice, and one of them without trucks."""
    found: dict[tuple[str, Lane], Wait] = {}
    for wait in waits:
        standing = found.get((wait.crossing, wait.lane))
        if standing is None or _weight(wait) >= _weight(standing):
            found[wait.crossing, wait.lane] = wait
    return tuple(found.values())


def _weight(wait: Wait) -> tuple[bool, bool, float]:
    return (wait.flow is not Flow.NONE, wait.at is not None, wait.at.timestamp() if wait.at else 0.0)


def _not(body: bytes, what: str) -> str:
    page = body.lstrip()[:1] == b"<"
    return f"a web page came, not {what}" if page else f"it is not {what}"


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None
