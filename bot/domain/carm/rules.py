"""Dated rules, ages and amounts as data: read from `rules.toml`, overridden by what an operator sets."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, time, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.carm.evidence import Item
from bot.domain.policy import duration

_ANY_YEAR = 2023  # not a leap year: 29 February is no day of each year


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of each year."""

    month: int
    day: int

    def on(self, year: int) -> date:
        """That day in a year."""
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as written: its value, what it says, who says so since when, and how well that is proven."""

    name: str
    value: object
    says: str
    source: str
    date: date | None
    proof: str

    @property
    def own(self) -> bool:
        """Whether an operator set it."""
        return self.proof == "operator"


@dataclass(frozen=True, slots=True)
class CarmRules:
    """The rules, typed; `entries` hold the same with their sources. Amounts are Canadian dollars or percent."""

    zone: ZoneInfo
    bn15_days: int
    ccp_account_days: int
    bam_cover_days: int
    delegation_days: int
    rpp_days: int
    security_days: int
    broker_hours_days: int
    broker_hold_days: int
    release_fresh_days: int
    release_known_days: int
    enforced: date
    review_opens: MonthDay
    review_deadline: MonthDay
    review_hour: time
    review_ends_positives: bool
    notice_until: MonthDay
    digest_from: MonthDay
    period_last_day: int
    payment_weekday: int
    statement_day: int
    ask_again: timedelta
    hold_before: timedelta
    pending_before: timedelta
    security_minimum: int
    security_maximum: int
    bond_share: int
    cash_share: int
    paper_bond_days: int
    digest_hour: time
    digest_until: time
    ask_days: int
    ask_most: int
    hauled_days: int
    bond_before_days: int
    payment_before_days: int
    reject_words: tuple[str, ...]
    reject_codes: tuple[str, ...]
    entries: Mapping[str, Entry]

    def __post_init__(self) -> None:
        if self.release_fresh_days >= self.release_known_days:
            raise ValueError("carm.release_fresh_days must be less than carm.release_known_days")
        if self.period_last_day > 28:
            raise ValueError("carm.period_last_day is a day that every month has: 1 to 28")

    @classmethod
    def parse(cls, text: str) -> "CarmRules":
        """From the text of `rules.toml`; ValueError names what is wrong."""
        entries = {name: _entry(name, table) for name, table in tomllib.loads(text).items()}
        missing = _KINDS.keys() - entries.keys()
        if missing or (more := entries.keys() - _KINDS.keys()):
            raise ValueError(f"the table of CARM rules lacks or does not know: {', '.join(sorted(missing or more))}")
        return cls._of(entries)

    @classmethod
    def _of(cls, entries: Mapping[str, Entry]) -> "CarmRules":
        return cls(**{name: _typed(name, entry.value) for name, entry in entries.items()}, entries=entries)

    def with_overrides(self, table: Mapping[str, object]) -> "CarmRules":
        """These rules with the values of a TOML table; ValueError names the key and what it should be.

        A value may come alone, or as a table with `value`, `source` and `date`.
        """
        entries = dict(self.entries)
        for name, given in table.items():
            if name not in entries:
                near = get_close_matches(name, entries, 1)
                raise ValueError(f"carm.{name} is not a setting" + (f", did you mean {near[0]}?" if near else ""))
            entries[name] = _own(entries[name], given)
        return type(self)._of(entries)

    def days_of(self, item: Item) -> int | None:
        """For how many days a positive state of the item counts; None where it has no such age."""
        days: int | None = getattr(self, f"{item}_days", None)
        return days


@cache
def shipped_rules() -> CarmRules:
    """The rules that come with Holdwatch."""
    return CarmRules.parse(files("bot.domain.carm").joinpath("rules.toml").read_text("utf-8"))


_KINDS = {f.name: f.type for f in fields(CarmRules) if f.name != "entries"}
_WHOLE = {"statement_day": 28, "payment_weekday": 31, "period_last_day": 28}
_LONGEST, _MOST = 3650, 10**9


def _entry(name: str, table: Mapping[str, Any]) -> Entry:
    lacking = {"value", "says", "source", "date", "proof"} - table.keys()
    if lacking:
        raise ValueError(f"the CARM rule {name} lacks {', '.join(sorted(lacking))}")
    return Entry(name, table["value"], table["says"], table["source"], table["date"], table["proof"])


def _own(standing: Entry, given: object) -> Entry:
    source, day = "holdwatch.toml", None
    if isinstance(given, Mapping):
        if "value" not in given or given.keys() - {"value", "source", "date"}:
            raise ValueError(f"carm.{standing.name} is a value, or a table with value, source and date")
        source, day = str(given.get("source", source)), given.get("date")
        if day is not None and type(day) is not date:
            raise ValueError(f"carm.{standing.name}: its date is written 2026-11-30, without quotes")
        given = given["value"]
    return replace(standing, value=given, source=source, date=day, proof="operator")


def _typed(name: str, value: object) -> Any:
    """The value as its field has it; ValueError with a sentence when it is not of that kind."""
    kind, readers = _KINDS[name], {MonthDay: _month_day, time: _hour, timedelta: _length, ZoneInfo: _zone}
    if kind is bool or kind is date:
        if type(value) is not kind:
            raise ValueError(f"carm.{name} is {'true or false' if kind is bool else 'a date without quotes'}")
        return value
    if kind is int:
        most = _WHOLE.get(name, _LONGEST if name.endswith("_days") else _MOST)
        if type(value) is not int or not 1 <= value <= most:
            raise ValueError(f"carm.{name} is a whole number from 1 to {most}")
        return value
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise ValueError(f'carm.{name} is a list of words in quotes: ["RPP"]')
        return tuple(one.strip() for one in value)
    if not isinstance(value, str):
        raise ValueError(f"carm.{name} is written in quotes")
    for of, read in readers.items():
        if kind is of:
            return read(name, value)
    raise ValueError(f"carm.{name} has no kind")


def _month_day(name: str, text: str) -> MonthDay:
    try:
        day = date.fromisoformat(f"{_ANY_YEAR}-{text}")
    except ValueError:
        raise ValueError(f'carm.{name} is a day of each year in quotes: "01-15"') from None
    return MonthDay(day.month, day.day)


def _hour(name: str, text: str) -> time:
    try:
        hour = time.fromisoformat(text)
    except ValueError:
        hour = None
    if hour is None or hour.tzinfo is not None:
        raise ValueError(f'carm.{name} is an hour in quotes: "03:00"')
    return hour


def _length(name: str, text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as why:
        raise ValueError(f"carm.{name}: {why}") from None


def _zone(name: str, text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'carm.{name} is a time zone in quotes: "America/Toronto"') from None
