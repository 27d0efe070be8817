"""Every number of RULES, as data that an operator may change for all, for a carrier or for a broker."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.load import Direction

_UNITS = {"d": "days", "h": "hours", "min": "minutes", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:d|h|min|m|s))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(d|h|min|m|s)")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def duration(text: str) -> timedelta:
    """The length of time in words such as `3h`, `2 h 20 min`, `45d`; ValueError with a sentence when it is none."""
    packed = text.replace(" ", "").lower()
    if not _DURATION.fullmatch(packed):
        raise ValueError(f"'{text}' is not a length of time: write 3h, 75min or 2h20min")
    return sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in _PART.findall(packed)), timedelta())


def spelled(length: timedelta) -> str:
    """A length of time as `duration` reads it: `2h20min`."""
    seconds = int(length.total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    out = ""
    for name, size in units:
        count, seconds = divmod(seconds, size)
        out += f"{count}{name}" if count else ""
    return out or "0min"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the night, local to the carrier's home, in which `warn` waits (N4)."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """From `22:00-06:00`; ValueError with a sentence when it is not that."""
        found = _HOURS.fullmatch(text.replace(" ", ""))
        if not found:
            raise ValueError(f"'{text}' are not hours: write 22:00-06:00")
        h1, m1, h2, m2 = map(int, found.groups())
        try:
            return cls(time(h1, m1), time(h2, m2))
        except ValueError:
            raise ValueError(f"'{text}' names an hour that no clock shows") from None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def hold(self, at: time) -> bool:
        """Whether they hold at this hour of the carrier's home."""
        return self.start <= at < self.end if self.start <= self.end else not self.end <= at < self.start

    def end_of(self, now: datetime, home: ZoneInfo) -> datetime | None:
        """When the quiet hours that hold at `now` end; None when `now` is not in them."""
        local = now.astimezone(home)
        if not self.hold(local.time()):
            return None
        day = local.date() + timedelta(days=1 if local.time() >= self.end else 0)
        return datetime.combine(day, self.end, home).astimezone(now.tzinfo)


def _of(help_: str, **length: float) -> Any:
    return field(default=timedelta(**length), metadata={"help": help_})


def _count(help_: str, value: int) -> Any:
    return field(default=value, metadata={"help": help_})


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of RULES; `…_before` is measured back from the ETA."""

    promise: timedelta = _of("how long a broker takes from papers to acceptance (T1)", hours=3)
    promise_agency: timedelta = _of("the same where another agency looks too (T1)", hours=4)
    promise_southbound: timedelta = _of("the same into the US (T1)", hours=2)
    promise_samples: int = _count("known times after which a broker's own p90 replaces the promise (T1)", 20)
    promise_floor: timedelta = _of("a measured promise is never shorter (T1)", hours=1)
    promise_ceiling: timedelta = _of("a measured promise is never longer (T1)", hours=6)
    promise_window: timedelta = _of("papers sent since then are measured (T1)", days=90)
    papers_guess_before: timedelta = _of(
        "when papers are unknown, good news is due this long before the ETA (T1)", hours=2
    )
    ask_papers_before: timedelta = _of("from here on 'when did papers go?' is asked (T1)", hours=4)

    warn_before: timedelta = _of("a late shipment is told at warn from here (T2)", hours=4)
    warn_slack: timedelta = _of("and this long after its promise ran out (T2)")
    urgent_before: timedelta = _of("urgent from here (T2, T4)", hours=2)
    critical_before: timedelta = _of("critical from here (T2, T4)", hours=1)
    say_before: timedelta = _of("from here on nothing that is not go stays silent (A4, T2)", hours=2)
    our_manifest_late_before: timedelta = _of("our own manifest is listed as missing (K)", hours=4)
    our_manifest_warn_before: timedelta = _of("our own manifest is told at warn (K)", hours=2)
    our_manifest_before: timedelta = _of("our own manifest is critical (K)", minutes=75)
    number_missing_before: timedelta = _of("a loaded truck should have its number (K)", hours=6)
    agency_before: timedelta = _of("another agency's word should be in (K)", hours=4)
    fda_before: timedelta = _of("FDA prior notice by road must be in; critical from here (K)", hours=2)
    stale_before: timedelta = _of("an unanswered re-confirmation is told (K)", minutes=45)

    reask_age: timedelta = _of("an acceptance older than this is asked again before it carries a go (F3)", minutes=60)
    ask_customs_before: timedelta = _of("customs is asked once more here (dispatch-desk E5)", hours=2)
    ask_customs_last_before: timedelta = _of("and for the last time here (dispatch-desk E5)", minutes=45)
    answer_within: timedelta = _of("customs answers a question within this (border-formats 1.1)", minutes=15)

    manifest_hour: timedelta = _of("a manifest is accepted this long before arrival (A3)", minutes=60)
    manifest_hour_fast: timedelta = _of("the same for FAST (A3)", minutes=30)
    settle: timedelta = _of("a broken link is looked at again before it is told (F7)", minutes=5)
    settle_amended: timedelta = _of("the same after an amendment of our own (F7)", minutes=10)
    settle_until_before: timedelta = _of("no settling later than this (F7)", hours=1)

    word_lapse: timedelta = _of("a person's good word lapses after this (F4)", hours=2)
    word_ask_before: timedelta = _of("a word that would lapse on the way is asked again here (F4)", minutes=140)
    word_lapse_before: timedelta = _of("and lapses here if nobody answered (F4)", hours=2)
    word_hold_after: timedelta = _of("a word given later than that holds until this long after the ETA (F4)", hours=1)

    late_entry_grace: timedelta = _of("a load entered late waits this long for reports that wait (T6)", minutes=2)
    poll_before: timedelta = _of("numbers are asked about, where a feed is asked, from here on", hours=24)
    poll_every: timedelta = _of("each as often as this", minutes=30)
    poll_near_before: timedelta = _of("from here on more often", hours=4)
    poll_near_every: timedelta = _of("namely as often as this", minutes=10)
    poll_close_before: timedelta = _of("and from here on most often", minutes=90)
    poll_close_every: timedelta = _of("namely as often as this, near the border", minutes=5)

    assumed_eta: timedelta = _of("without an ETA: first seen plus this, shown as assumed (T6)", hours=12)
    pickup_to_border: timedelta = _of("without an ETA but with a pickup: pickup plus this (T6)", hours=4)
    overdue_dispatch: timedelta = _of("ETA passed without proof: dispatch is asked after this (T7)", minutes=15)
    ask_after: timedelta = _of("a load without news is asked about this long past its ETA", hours=24)
    close_after: timedelta = _of("and closed as unknown this long past its ETA", hours=72)
    crossed_after_release: timedelta = _of("a released load counts as crossed after this", hours=2)
    window_before: timedelta = _of("reports count from this long before the load was known", days=45)
    window_after: timedelta = _of("until this long after its end", days=7)

    ack_expiry: timedelta = _of("'I've got it' lasts this long (N4)", minutes=30)
    ack_expiry_near: timedelta = _of("or this long when the border is near (N4)", minutes=15)
    ack_near: timedelta = _of("the border is near from here (N4)", hours=1)
    escalate_after: timedelta = _of("an unowned urgent alert goes to the next person after this (N4)", minutes=10)
    shift: timedelta = _of("who says to be on, and not until when, is on so long", hours=12)
    wait_fresh: timedelta = _of("a wait time at a crossing counts until it is this old", minutes=75)
    wait_gain: timedelta = _of("another bridge is named when its wait is shorter by this", minutes=20)
    wait_near: timedelta = _of("and only to loads that are at most this far from the border", hours=3)
    call_post_loads: int = _count("that many loads with one broker and cause make one call post (N4)", 3)
    outage_numbers: int = _count("overdue and silent numbers that suggest an outage (C4)", 5)
    outage_brokers: int = _count("over at least that many brokers (C4)", 2)
    quiet_hours: QuietHours | None = field(
        default=None, metadata={"help": "hours of the carrier's home in which warn waits, as 22:00-06:00 (N4)"}
    )
    exam_to_driver: bool = field(
        default=False, metadata={"help": "true: the driver hears of an exam at once, not only at customs (K)"}
    )
    brokers: Mapping[str, timedelta] = field(
        default_factory=dict, hash=False, metadata={"help": 'promises of brokers by name, as PCB = "4h" (T1)'}
    )

    def __post_init__(self) -> None:
        if not self.warn_before > self.urgent_before > self.critical_before:
            raise ValueError("warn_before must be longer than urgent_before, and that longer than critical_before")
        if self.promise_floor > self.promise_ceiling:
            raise ValueError("promise_floor must not be longer than promise_ceiling")

    def own_promise(self, broker: str) -> timedelta | None:
        """What the operator set for a broker."""
        return {name.casefold(): length for name, length in self.brokers.items()}.get(broker.casefold())

    def promise_of(
        self, broker: str, direction: Direction, *, agency: bool, measured: timedelta | None = None
    ) -> timedelta:
        """What is promised for one shipment: a broker's own setting, else what was measured, else the usual."""
        own = (self.own_promise(broker) if self.brokers else None) or measured
        if own is not None:
            return own
        if agency:
            return self.promise_agency
        return self.promise_southbound if direction is Direction.US else self.promise

    def measured(self, p90: timedelta) -> timedelta:
        """A measured p90 kept within its floor and ceiling (T1)."""
        return min(max(p90, self.promise_floor), self.promise_ceiling)

    def with_overrides(self, table: Mapping[str, object]) -> "Policy":
        """This policy with the values of a TOML table; ValueError names the key and what it should be."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        changed: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                near = get_close_matches(key, known, 1)
                raise ValueError(f"policy.{key} is not a setting" + (f", did you mean {near[0]}?" if near else ""))
            changed[key] = _value(f"policy.{key}", known[key], value)
        return replace(self, **changed)


def _value(name: str, standing: object, value: object) -> object:
    match standing:
        case bool():
            if not isinstance(value, bool):
                raise ValueError(f"{name} is true or false")
        case int():
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} is a whole number from 1 up")
        case timedelta():
            return _length(name, value)
        case Mapping():
            if not isinstance(value, Mapping):
                raise ValueError(f"{name} is a table of brokers and lengths of time")
            return {**standing, **{str(k): _length(f"{name}.{k}", v) for k, v in value.items()}}
        case _:
            return _quiet(name, value)
    return value


def _length(name: str, value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError(f'{name} is a length of time in quotes: "3h", "75min"')
    try:
        return duration(value)
    except ValueError as why:
        raise ValueError(f"{name}: {why}") from None


def _quiet(name: str, value: object) -> QuietHours | None:
    if value in ("", "none"):
        return None
    if not isinstance(value, str):
        raise ValueError(f'{name} are hours in quotes: "22:00-06:00", or "none"')
    try:
        return QuietHours.parse(value)
    except ValueError as why:
        raise ValueError(f"{name}: {why}") from None
