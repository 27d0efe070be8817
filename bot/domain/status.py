"""The vocabulary of what customs and brokers say (border-formats 8.1, 8.3.2)."""

from enum import IntEnum, StrEnum


class Status(StrEnum):
    """Canonical state of one number. `READY` is printed *accepted*."""

    UNKNOWN = "UNKNOWN"
    SENT = "SENT"
    NO_RELEASE = "NO_RELEASE"
    NO_CARGO = "NO_CARGO"
    NOT_MATCHED = "NOT_MATCHED"
    ON_FILE = "ON_FILE"
    MATCHED = "MATCHED"
    AWAITING_PROCESSING = "AWAITING_PROCESSING"
    READY = "READY"
    ARRIVED = "ARRIVED"
    EXAM = "EXAM"
    HELD = "HELD"
    DO_NOT_LOAD = "DO_NOT_LOAD"
    RELEASED = "RELEASED"
    RELEASED_CONDITIONAL = "RELEASED_CONDITIONAL"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    ACQUITTED = "ACQUITTED"
    WARNING = "WARNING"
    HOLD_REMOVED = "HOLD_REMOVED"


class Track(StrEnum):
    """Which question a report answers."""

    RELEASE = "release"
    MATCH = "match"
    MANIFEST = "manifest"
    AGENCY = "agency"
    ARRIVAL = "arrival"


class Authority(IntEnum):
    """Who speaks; the highest that has spoken on a track decides (RULES F3)."""

    PERSON = 0
    EMAIL = 1
    BROKER = 2
    CUSTOMS = 3


_WORST_FIRST = (
    Status.DO_NOT_LOAD,
    Status.HELD,
    Status.EXAM,
    Status.REJECTED,
    Status.CANCELLED,
    Status.NO_CARGO,
    Status.NO_RELEASE,
    Status.NOT_MATCHED,
    Status.UNKNOWN,
    Status.SENT,
    Status.ON_FILE,
    Status.AWAITING_PROCESSING,
    Status.MATCHED,
    Status.READY,
    Status.ARRIVED,
    Status.RELEASED_CONDITIONAL,
    Status.RELEASED,
    Status.HOLD_REMOVED,
    Status.ACQUITTED,
    Status.WARNING,
)

#: Severity, higher is worse (border-formats 8.3.2; CANCELLED placed beside REJECTED by us).
SEVERITY: dict[Status, int] = {s: len(_WORST_FIRST) - i for i, s in enumerate(_WORST_FIRST)}

#: Annotations: they change no state.
SILENT = frozenset({Status.WARNING})
#: `Report.reason` of words whose status alone says too little (border-formats 4.4, 8.2; RULES A3).
WITHDRAWN = "withdrawn"
INBOND = "inbond"
TOO_EARLY = "too_early"
PAPERS = "papers"
#: Reasons that are ours and no code of the sender: nobody is shown them.
OUR_REASONS = frozenset({WITHDRAWN, INBOND, TOO_EARLY, PAPERS, "docs", "port", "gateway"})

RELEASES = frozenset({Status.RELEASED, Status.RELEASED_CONDITIONAL})
GOOD = RELEASES | {Status.READY}
