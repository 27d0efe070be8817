"""The recording that a backtest runs: loads, messages and lines of a folder, read and checked."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bot.config import Config, config_of, read_tables
from bot.domain.errors import HoldwatchError
from bot.domain.load import LoadRow
from bot.domain.rowtext import moment, settled
from bot.feeds.registry import SOURCES
from bot.feeds.sources.load_csv import read_rows, text_of
from bot.feedtables import QUEUES
from bot.watch.backtest import Happening, Heard, Listed, Typed
from handlers.nouns import Role

LOADS, MESSAGES, LINES, SETTINGS = "loads.csv", "messages.jsonl", "lines.jsonl", "holdwatch.toml"
KNOWN_AT = "known_at"
#: A sign of life is good for so long at least, as of a heartbeat file.
_ALIVE = timedelta(minutes=10)
#: What of a feed's settings speaks of how its bytes came, which a recording knows.
_NOT_HERE = ("secret", "secret_file", "bearer", "folder", "heartbeat_file", "headers", "acknowledge", "url", "arrival",
             "ask", "envelope")  # fmt: skip
_ROLES = {role.value for role in Role} - {Role.ANYONE.value}


class RecordingError(HoldwatchError):
    """A recording that can't be run."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be run: settings, happenings in order, and for how long a sign of life of each feed is good."""

    config: Config
    happenings: list[Happening]
    ages: Mapping[str, timedelta]
    drivers: frozenset[str] = frozenset()
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_recording(folder: Path, policy: Path | None, var: Path) -> Recording:
    """The recording of a folder; RecordingError says which line of which file can't be taken."""
    if not (folder / LOADS).is_file():
        raise RecordingError(f"{folder} holds no {LOADS}: a backtest needs the loads, each with {KNOWN_AT}")
    messages = list(_messages(folder / MESSAGES))
    tables = _tables(folder, policy, messages)
    config = _nobody_asked(config_of(tables, folder / SETTINGS, var, SOURCES))
    faults: list[tuple[str, str]] = []
    listed, drivers = _loads(folder / LOADS, config.carriers[0].zone, faults)
    typed = list(_lines(folder / LINES))
    happenings: list[Happening] = [*listed, *(heard for heard, _ in messages), *typed]
    happenings.sort(key=lambda one: (one.at, _RANK[type(one)]))
    if not happenings:
        raise RecordingError(f"{folder / LOADS} has no load: there is nothing to run")
    drivers |= {one.who for one in typed if one.role == Role.DRIVER.value}
    given = {name: table.get("heartbeat_max_age") for name, table in tables.get("feeds", {}).items()}
    ages = _ages([heard for heard, _ in messages], given, config)
    return Recording(config, happenings, ages, frozenset(drivers), faults)


def _nobody_asked(config: Config) -> Config:
    """Settings in which no feed takes questions: the past answers none."""
    carriers = (replace(c, feeds=tuple(replace(f, asks=None) for f in c.feeds)) for c in config.carriers)
    return replace(config, carriers=tuple(carriers))


_RANK: dict[type, int] = {Listed: 0, Heard: 1, Typed: 2}


def _ages(messages: list[Heard], given: Mapping[str, object], config: Config) -> dict[str, timedelta]:
    """Of each feed that gives signs of life, for how long one is good: as set, else twice the usual gap."""
    signs: dict[str, list[datetime]] = {}
    for one in messages:
        if one.body is None:
            signs.setdefault(one.feed, []).append(one.at)
    set_ = {feed.name: feed.heartbeat_max_age for feed in config.feeds}
    found = {}
    for feed, at in signs.items():
        at.sort()
        gaps = [(b - a).total_seconds() for a, b in pairwise(at) if b > a]
        usual = timedelta(seconds=2 * median(gaps)) if gaps else _ALIVE
        found[feed] = set_[feed] if given.get(feed) else max(_ALIVE, usual)
    return found


def _tables(folder: Path, policy: Path | None, messages: list[tuple[Heard, str]]) -> dict[str, Any]:
    tables = read_tables(folder / SETTINGS) if (folder / SETTINGS).exists() else {}
    if not isinstance(tables.get("feeds", {}), dict):
        return tables  # refused by name with all the others
    feeds = {name: _as_recorded(table) for name, table in tables.get("feeds", {}).items()}
    for heard, source in messages:
        known = feeds.setdefault(heard.feed, {"source": source})
        if source and known.get("source") != source:
            raise RecordingError(f"{heard.where}: feed {heard.feed} is of source {known.get('source')}, not {source}")
    tables["feeds"] = feeds
    tables.pop("waits", None)
    if policy is not None:
        given = read_tables(policy)
        other = given.get("policy", given)
        tables["policy"] = {**tables.get("policy", {}), **other}
    return tables


def _as_recorded(table: object) -> dict[str, Any]:
    """A feed's settings without how its bytes came; where numbers were asked about, that stays."""
    if not isinstance(table, dict):
        return {"source": str(table)}
    asks = "{number}" in str(table.get("url", "")) and table.get("source") not in QUEUES
    kept = {name: value for name, value in table.items() if name not in _NOT_HERE}
    return kept | ({"arrival": "poll", "url": table["url"]} if asks else {})


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and object of each line; a file that is not there has none."""
    if not path.exists():
        return
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise RecordingError(f"{path.name} is not text in UTF-8: nothing was run") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path.name} line {number}"
        try:
            found = json.loads(line)
        except ValueError as why:
            raise RecordingError(f"{where} is not JSON ({why}): nothing was run") from None
        if not isinstance(found, dict):
            raise RecordingError(f"{where} is not an object: nothing was run")
        yield where, found


def _text(where: str, found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RecordingError(f"{where}: {name} is missing: nothing was run")
    return value


def _at(where: str, found: Mapping[str, Any]) -> datetime:
    text = _text(where, found, "at")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RecordingError(f"{where}: at '{text}' is not a time: write 2026-11-24T14:30:00Z") from None
    if at.tzinfo is None:
        raise RecordingError(f"{where}: at '{text}' has no zone: write 2026-11-24T14:30:00Z")
    return at.astimezone(UTC)


def _messages(path: Path) -> Iterator[tuple[Heard, str]]:
    for where, found in _objects(path):
        source = str(found.get("source") or "")
        if source and source not in SOURCES:
            raise RecordingError(f"{where}: '{source}' is not a source, there are: {', '.join(SOURCES)}")
        yield Heard(_at(where, found), _text(where, found, "feed"), _body(where, found), where), source


def _body(where: str, found: Mapping[str, Any]) -> bytes | None:
    text, coded = found.get("body"), found.get("body_base64")
    if isinstance(text, str):
        return text.encode()
    if isinstance(coded, str):
        try:
            return base64.b64decode(coded, validate=True)
        except binascii.Error:
            raise RecordingError(f"{where}: body_base64 is not base64: nothing was run") from None
    if text is None and coded is None:
        return None
    raise RecordingError(f"{where}: body is text, body_base64 too: nothing was run")


def _lines(path: Path) -> Iterator[Typed]:
    for where, found in _objects(path):
        role = _text(where, found, "role")
        if role not in _ROLES:
            raise RecordingError(f"{where}: role '{role}' is none of {', '.join(sorted(_ROLES))}")
        yield Typed(_at(where, found), _text(where, found, "who"), role, _text(where, found, "line"), where)


def _loads(path: Path, home: ZoneInfo, faults: list[tuple[str, str]]) -> tuple[list[Listed], set[str]]:
    text = text_of(path.read_bytes())
    if text is None:
        raise RecordingError(f"{path} is not text: save the list as CSV")
    header, rows, problems = read_rows(text, {KNOWN_AT: KNOWN_AT})
    if header.fault:
        raise RecordingError(f"{path}: {header.fault}")
    faults += [(f"{path.name} {p.where}", p.why) for p in problems]
    found: list[tuple[datetime, LoadRow]] = []
    for row in settled(rows):
        cells = dict(row.cells)
        found.append((_known(path, row.where, cells.pop(KNOWN_AT, ""), home), LoadRow(row.where, cells)))
    found.sort(key=lambda one: one[0])
    drivers = {name for _, row in found if (name := " ".join((row.cells.get("driver") or "").split())) not in ("", "-")}
    return [Listed(at, tuple(r for _, r in own)) for at, own in groupby(found, key=lambda one: one[0])], drivers


def _known(path: Path, where: str, text: str, home: ZoneInfo) -> datetime:
    if not text.strip():
        raise RecordingError(f"{path.name} {where}: {KNOWN_AT} is missing: when did you know of this load?")
    try:
        return moment(text, home, KNOWN_AT)
    except HoldwatchError as why:
        raise RecordingError(f"{path.name} {where}: {why}") from None
