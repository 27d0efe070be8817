"""What a source is to the rest of the house: bytes in, a Reading out."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import Protocol

from bot.domain.load import Direction, LoadRow
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import Authority, Track

_PARTY = re.compile(r"[A-Z0-9 .,()/=!\"%&*;<>-]{1,35}(:[A-Z0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a message that could not be understood; shown to people, never dropped.

    `where` is a place in the message ("message 3, GIS"), `why` a sentence, `code` the unknown code if one is the cause.
    """

    where: str
    why: str
    code: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Reading:
    """What one raw message said. `ref` is the sender's control reference, empty when it has none.

    `made` is when its sender made it, where it says so; `beat` whether he says that he lives, news or none.
    `telling` is filled by who read an observation ahead.
    """

    reports: tuple[Report, ...] = ()
    loads: tuple[LoadRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    ref: str = ""
    made: datetime | None = None
    beat: bool = False
    telling: str = ""


def telling(reading: Reading) -> str:
    """What an answer to a poll says, in a form that is the same for answers that say the same (house rule 1).

    Their bytes may differ by the vendor's own clock.
    """
    loads = [(row.where, sorted(row.cells.items())) for row in reading.loads]
    said = ([report.as_read for report in reading.reports], loads, reading.problems)
    return sha256(repr(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Places:
    """Where an operator says that things are, for sources that know no vendor.

    Up to `note` and in `dated` and `only_if` they are paths into an answer (`data.shipments[*]`); `absent` and the
    values of `dated` are names of statuses. `codes` are how numbers of the feed's carriers begin, `numbers` expressions
    of others; `ours` and `brokers` are addresses of mail in small letters.
    """

    items: str = ""
    number: str = ""
    status: str = ""
    time: str = ""
    transaction: str = ""
    office: str = ""
    note: str = ""
    absent: str = ""
    dated: Mapping[str, str] = field(default_factory=dict)
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    brokers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends, and to whom: identifications as the gateway gave them, `SMPL` or `SMPL:ZZ` with their qualifier.

    Those of CBSA were not seen in any document that could be read: the operator's gateway tells them.
    """

    sender: str = ""
    recipient: str = ""
    test: bool = False


def is_party(text: str) -> bool:
    """Whether this can stand in an envelope (UN/EDIFACT level A)."""
    return _PARTY.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Reader:
    """Settings of a feed that its source needs: the zone of times without one, code overrides, meanings of words.

    `fields` is where an operator says that a message has what no document proves: `trip` = "M10-06".
    """

    zone: tzinfo
    overrides: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)


class Source(Protocol):
    """A vendor's file under `sources/`: syntax, code table and `read`. Never raises on bad bytes."""

    name: str
    version: int
    authority: Authority
    covers: frozenset[Track]
    directions: frozenset[Direction]

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """Bytes that reached a feed, before anybody read them; `received` is civil time, UTC.

    With a `problem` the body is empty: something came that could not be taken (too large, unreadable).
    An `observation` answers a poll or a question of ours: the same again says that it still is so (house rule 1).
    `part` is which piece of a long interchange this is, from 1 on; 0 is a whole one. `held` is one that an earlier run
    had taken and may have stored: its sender did not say it a second time.
    """

    feed: str
    body: bytes
    name: str
    received: datetime
    problem: Problem | None = None
    observation: bool = False
    part: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask by GET. `about` names its subject (`ccn 8SMPPARS1234`), '' when the address says it all.

    Only an address that is the same every time is `conditional`: asked again with its ETag and Last-Modified.
    """

    url: str
    about: str = ""
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """How many arrivals were stored, and how many were stored before and only counted."""

    kept: int
    repeated: int = 0


#: Stores arrivals; returning is the promise that they are safe, raising that nothing was kept.
Keep = Callable[[list[Arrived]], Awaitable[Kept]]

#: A pile of arrivals, piece by piece in order, with the readings of each, where they were read ahead.
Ahead = Callable[[Sequence[Arrived]], AsyncGenerator[tuple[Sequence[Arrived], Sequence[Reading] | None], None]]
