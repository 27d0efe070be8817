"""What a SAMPLE day is told in: loads, and steps at a civil time of that day. Data only."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at `at` (hh:mm on the carrier's own clock)."""

    at: str


@dataclass(frozen=True, slots=True)
class Listed(Step):
    """A list of loads is dropped into the loads folder: import columns by name, times as hh:mm."""

    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rns(Step):
    """Canadian customs answers about a cargo control number: a processing indicator, perhaps an error code."""

    code: str
    number: str
    filing: int = 0
    office: str = "0453"
    error: str = ""


@dataclass(frozen=True, slots=True)
class Notice(Step):
    """A notice of eManifest about a cargo control number: 0001 matched, 0002 not matched, or words."""

    says: str
    number: str
    filing: int = 0
    office: str = "0453"


@dataclass(frozen=True, slots=True)
class Broker(Step):
    """The broker posts a status of a PAPS number."""

    says: str
    number: str


@dataclass(frozen=True, slots=True)
class Typed(Step):
    """Somebody types a line: the dispatcher at the console, a driver on the phone."""

    who: str
    line: str


@dataclass(frozen=True, slots=True)
class Silent(Step):
    """A feed's gateway stops: its heartbeat file is touched no more."""

    feed: str


@dataclass(frozen=True, slots=True)
class Beats(Step):
    """The gateway is back."""

    feed: str


@dataclass(frozen=True, slots=True)
class Tale:
    """One load of the day: what it shows, its row in the list of `known` ('' : nobody lists it), and what happens."""

    shows: str
    known: str = ""
    rows: tuple[dict[str, str], ...] = ()
    steps: tuple[Step, ...] = field(default=())
