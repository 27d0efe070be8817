"""Wait times at crossings: what was told, whether it still counts, and which other bridge is really quicker now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from bot.domain.crossings import Crossing, Crossings
from bot.domain.errors import HoldwatchError
from bot.domain.load import Direction

#: Who tells waits: the setting's name, its public address, and what it is.
SOURCES = {
    "cbp": ("https://bwt.cbp.gov/api/bwtnew", "waits into the US: address of CBP's JSON, or off"),
    "cbsa": (
        "https://www.cbsa-asfc.gc.ca/bwt-taf/bwt-eng.csv",
        "waits into Canada: address of CBSA's CSV, or off",
    ),
}
OFF = "off"


def addresses(table: Mapping[str, str]) -> dict[str, str]:
    """Where waits are asked for, by source, what is off left out; ValueError names the key that is wrong."""
    strange = next((key for key in table if key not in SOURCES), None)
    if strange is not None:
        raise ValueError(f"waits.{strange} is not a setting, there are {', '.join(SOURCES)}")
    told = {name: table.get(name, public).strip() for name, (public, _help) in SOURCES.items()}
    for name, url in told.items():
        if url != OFF and not url.startswith(("https://", "http://")):
            raise ValueError(f"waits.{name} is an http:// or https:// address, or off")
    return {name: url for name, url in told.items() if url != OFF}


class Unanswered(HoldwatchError):
    """A source gave no waits, and why; `after` is how long it asks to be left alone."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class Lane(StrEnum):
    """Which trucks queue there."""

    COMMERCIAL = "commercial"
    FAST = "fast"


class Flow(StrEnum):
    """What a source says of a lane; only MOVING has minutes. NONE: there is no such lane here."""

    MOVING = "moving"
    CLOSED = "closed"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Wait:
    """The newest word about one lane. `at` is the source's own time (None: it gave none that can be believed),
    `fetched` when it was last read there, `raw` its words where they could not be read."""

    crossing: str
    direction: Direction
    lane: Lane
    flow: Flow
    source: str
    fetched: datetime
    at: datetime | None = None
    minutes: int | None = None
    lanes: int | None = None
    raw: str = ""

    def fresh(self, now: datetime, most: timedelta) -> bool:
        """Whether it is young enough to be used; one without a time never is."""
        return self.at is not None and now - self.at <= most


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that does not answer: since when, and why."""

    source: str
    since: datetime
    why: str


@dataclass(frozen=True)
class Waits:
    """All waits there are, and the sources that fail."""

    all: tuple[Wait, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @cached_property
    def _by_place(self) -> dict[tuple[str, Direction], dict[Lane, Wait]]:
        found: dict[tuple[str, Direction], dict[Lane, Wait]] = {}
        for wait in self.all:
            found.setdefault((wait.crossing, wait.direction), {})[wait.lane] = wait
        return found

    def of(self, crossing: str, direction: Direction) -> Mapping[Lane, Wait]:
        """The lanes of a crossing by kind, whatever their age."""
        return self._by_place.get((crossing, direction), {})


@dataclass(frozen=True, slots=True)
class Judging:
    """When waits count: `fresh` is how old a word may be, `gain` how much quicker another bridge must be."""

    now: datetime
    fresh: timedelta
    gain: timedelta


@dataclass(frozen=True, slots=True)
class Bridge:
    """Another crossing where the queue is shorter. `gain` is the difference of the two waits in minutes and no more,
    None where this side is closed; `codes` are what it is filed under, `same_port` that filings need not change."""

    crossing: str
    wait: Wait
    gain: int | None
    codes: tuple[str, ...]
    same_port: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What people are told with a load: the wait where it crosses, while that is fresh, and a quicker bridge."""

    wait: Wait
    better: Bridge | None = None


def wait_for(waits: Waits, crossing: str, direction: Direction, judging: Judging, *, fast: bool = False) -> Wait | None:
    """The fresh word that counts for a truck: of the FAST lane if it may use that and it runs, else of the others."""
    lanes = waits.of(crossing, direction)
    for lane in (Lane.FAST, Lane.COMMERCIAL) if fast else (Lane.COMMERCIAL,):
        wait = lanes.get(lane)
        if wait is None or not wait.fresh(judging.now, judging.fresh):
            continue
        if wait.flow is Flow.MOVING or (wait.flow is Flow.CLOSED and lane is Lane.COMMERCIAL):
            return wait
    return None


def next_bridge(
    here: Crossing, direction: Direction, waits: Waits, crossings: Crossings, judging: Judging, *, fast: bool = False
) -> Bridge | None:
    """The quickest crossing of the same group, where the difference of the waits is worth a word.

    Both waits must be fresh. Never one that is closed, that is not known to take trucks and PAPS, or whose codes are
    not known: nobody could file for it. How much longer the way is nobody here knows, so nothing is said of it.
    """
    now = wait_for(waits, here.name, direction, judging, fast=fast)
    if now is None or not here.group:
        return None
    others = (
        _bridge(now, here, there, direction, waits, judging, fast) for there in _others(here, direction, crossings)
    )
    return min((b for b in others if b), key=lambda b: (b.wait.minutes or 0, b.crossing), default=None)


def _others(here: Crossing, direction: Direction, crossings: Crossings) -> Iterable[Crossing]:
    for crossing in crossings.all:
        takes = crossing.trucks == "yes" and crossing.paps == "yes" and crossing.codes(direction)
        if crossing.name != here.name and crossing.group == here.group and takes:
            yield crossing


def _bridge(
    now: Wait, here: Crossing, there: Crossing, direction: Direction, waits: Waits, judging: Judging, fast: bool
) -> Bridge | None:
    wait = wait_for(waits, there.name, direction, judging, fast=fast)
    if wait is None or wait.flow is not Flow.MOVING or wait.minutes is None:
        return None
    gain = None if now.flow is Flow.CLOSED else (now.minutes or 0) - wait.minutes
    if gain is not None and timedelta(minutes=gain) < judging.gain:
        return None
    codes = there.codes(direction)
    return Bridge(there.name, wait, gain, tuple(sorted(codes)), bool(codes & here.codes(direction)))


def matched(names: Iterable[str], crossings: Crossings) -> Crossing | None:
    """The crossing that a source means by one of these names, the surest name first; None when it is none of ours.

    A name must be the crossing's own or one of its `wait_names`: what only resembles one, or names the town, may be
    the bridge for cars next to it.
    """
    known = {_packed(name): c for c in crossings.all for name in (c.name, *c.wait_names)}
    return next((found for name in names if (found := known.get(_packed(name)))), None)


def _packed(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
