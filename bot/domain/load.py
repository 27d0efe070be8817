"""A load: one truck movement over the border, its shipments, and fields with many hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.quick import quick


class Direction(StrEnum):
    """Which country the truck enters."""

    CA = "CA"
    US = "US"


class LoadKind(StrEnum):
    """What the truck carries; only `loaded` needs shipments."""

    LOADED = "loaded"
    EMPTY = "empty"
    RACKS = "racks"
    BOBTAIL = "bobtail"


class Life(StrEnum):
    """Where a load is in its life. Only `open` loads are watched."""

    OPEN = "open"
    CROSSED = "crossed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class ShipmentType(StrEnum):
    """The customs document (border-formats 8.4)."""

    PARS = "pars"
    PAPS = "paps"
    INBOND = "inbond"
    CSA = "csa"
    A49 = "a49"
    CARNET = "carnet"
    ASTRAY = "astray"
    PAPER = "paper"
    OTHER = "other"


#: Types about which no feed will ever say anything: never alarmed by absence (border-formats 8.4).
BY_PAPER = frozenset(
    {ShipmentType.A49, ShipmentType.CARNET, ShipmentType.ASTRAY, ShipmentType.PAPER, ShipmentType.OTHER}
)


class Hand(IntEnum):
    """Who wrote a field value; a person's word stands until a newer word of a person or driver."""

    FILE = 0
    FEED = 1
    DRIVER = 2
    PERSON = 3


@quick
@dataclass(frozen=True, slots=True)
class Said:
    """One value of a field with many hands. `value` None erases."""

    field: str
    value: str | None
    hand: Hand
    who: str
    at: datetime
    id: str = ""
    shipment: str = ""


def _when(said: Said) -> tuple[datetime, str]:
    return (said.at, said.id)


def standing(history: tuple[Said, ...]) -> Said | None:
    """The value that stands among words about one field (DESIGN, Fields with many hands).

    A person's or driver's word stands until a newer such word; among machines the newest *change* stands:
    a file that repeats itself says nothing new.
    """
    human = [s for s in history if s.hand >= Hand.DRIVER]
    if human:
        return max(human, key=_when)
    newest: Said | None = None
    last: dict[str, str | None] = {}
    for said in sorted(history, key=_when):
        if newest is None or last.get(said.who, said.value if said.who in last else _NOTHING) != said.value:
            newest = said
        last[said.who] = said.value
    return newest


_NOTHING = "\0"


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One row of a load file or TMS message: a shipment, or a load without one. Cells are text as received.

    Keys are the import columns of DESIGN 6; `where` says which line or item it is ("line 7").
    """

    where: str
    cells: Mapping[str, str]


@quick
@dataclass(frozen=True, slots=True)
class Shipment:
    """One customs document in a load. `ccn` is the key of its number ('' when there is none yet)."""

    id: str
    type: ShipmentType
    ccn: str = ""
    importer: str = ""
    importer_bn15: str = ""
    broker: str = ""
    papers_sent: datetime | None = None
    agency: str = ""
    release_plan: str = ""
    entry: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Load:
    """A load as the rules see it: standing values only. `known_at` is when we first heard of it; times UTC."""

    id: str
    number: str
    direction: Direction
    kind: LoadKind
    known_at: datetime
    trips: tuple[str, ...] = ()
    crossing: str = ""
    eta: datetime | None = None
    pickup: datetime | None = None
    fast: bool = False
    shipments: tuple[Shipment, ...] = ()
    crossed_word: datetime | None = None
    truck: str = ""
    trailer: str = ""
    driver: str = ""
