"""The one table of hold kinds (RULES K): when a kind starts, whose move it is, whom to call, what ends it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from bot.domain.status import RELEASES, Status


class Kind(StrEnum):
    """Why the answer is not go. The last five never make it *hold* by themselves."""

    NOT_MATCHED = "not_matched"
    NO_RELEASE = "no_release"
    NO_CARGO = "no_cargo"
    LINK_BROKEN = "link_broken"
    REJECTED = "rejected"
    DOCS_REQUIRED = "docs_required"
    OTHER_FILER = "other_filer"
    EXAM = "exam"
    AGENCY_HOLD = "agency_hold"
    AGENCY_PENDING = "agency_pending"
    OUR_MANIFEST = "our_manifest"
    DO_NOT_LOAD = "do_not_load"
    ENTRY_MISSING = "entry_missing"
    ENTRY_WITHDRAWN = "entry_withdrawn"
    INBOND_MISSING = "inbond_missing"
    CSA_PLAN = "csa_plan"
    NUMBER_MISSING = "number_missing"
    NUMBER_MISMATCH = "number_mismatch"
    NUMBER_REUSED = "number_reused"
    PORT_MISMATCH = "port_mismatch"
    UNWATCHED = "unwatched"
    CARM = "carm"
    STALE = "stale"
    TIGHT = "tight"
    OVERDUE = "overdue"
    UNREAD = "unread"
    CHECKING = "checking"


class Level(IntEnum):
    """How near the trouble is; `LATE` is listed and not posted."""

    LATE = 1
    WARN = 2
    URGENT = 3
    CRITICAL = 4


class Start(StrEnum):
    """Which schedule a kind's level follows (RULES T2, T4)."""

    CLOCK = "clock"
    DISTANCE = "distance"
    WARN = "warn"
    WITH = "with the hold it explains"


class Cause(StrEnum):
    """Whose move it is."""

    OURS = "ours"
    BROKER = "broker"
    IMPORTER = "importer"
    CUSTOMS = "customs"
    UNKNOWN = "unknown"


class Call(StrEnum):
    """Whom to call first."""

    BROKER = "broker"
    CLERK = "our clerk"
    DRIVER = "driver"
    CUSTOMS = "customs"
    IMPORTER = "importer"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of RULES K. `stops` is whether the kind makes the answer *hold*."""

    starts: Start
    cause: Cause
    calls: tuple[Call, ...]
    ended_by: frozenset[Status] = frozenset()
    stops: bool = True


_ACCEPTED = frozenset({Status.READY}) | RELEASES
_LINKED = _ACCEPTED | {Status.MATCHED}

KINDS: dict[Kind, Row] = {
    Kind.NOT_MATCHED: Row(Start.CLOCK, Cause.BROKER, (Call.BROKER,), _ACCEPTED),
    Kind.NO_RELEASE: Row(Start.CLOCK, Cause.BROKER, (Call.BROKER,), _LINKED),
    Kind.NO_CARGO: Row(Start.DISTANCE, Cause.OURS, (Call.CLERK, Call.BROKER), _LINKED),
    Kind.LINK_BROKEN: Row(Start.DISTANCE, Cause.BROKER, (Call.BROKER,), _LINKED),
    Kind.REJECTED: Row(Start.DISTANCE, Cause.BROKER, (Call.BROKER,), _ACCEPTED),
    Kind.DOCS_REQUIRED: Row(Start.DISTANCE, Cause.BROKER, (Call.BROKER,), _ACCEPTED),
    Kind.OTHER_FILER: Row(Start.DISTANCE, Cause.BROKER, (Call.BROKER,)),
    Kind.EXAM: Row(Start.DISTANCE, Cause.CUSTOMS, (Call.CUSTOMS, Call.DRIVER), RELEASES),
    Kind.AGENCY_HOLD: Row(Start.DISTANCE, Cause.CUSTOMS, (Call.BROKER,), RELEASES | {Status.HOLD_REMOVED}),
    Kind.AGENCY_PENDING: Row(Start.CLOCK, Cause.BROKER, (Call.BROKER, Call.IMPORTER)),
    Kind.OUR_MANIFEST: Row(Start.CLOCK, Cause.OURS, (Call.CLERK,), _LINKED | {Status.ON_FILE}),
    Kind.DO_NOT_LOAD: Row(Start.DISTANCE, Cause.OURS, (Call.CLERK, Call.DRIVER), frozenset({Status.HOLD_REMOVED})),
    Kind.ENTRY_MISSING: Row(Start.CLOCK, Cause.BROKER, (Call.BROKER,), _ACCEPTED),
    Kind.ENTRY_WITHDRAWN: Row(Start.DISTANCE, Cause.BROKER, (Call.BROKER,), _ACCEPTED),
    Kind.INBOND_MISSING: Row(Start.CLOCK, Cause.OURS, (Call.CLERK, Call.BROKER), _ACCEPTED | {Status.ON_FILE}),
    Kind.CSA_PLAN: Row(Start.CLOCK, Cause.OURS, (Call.CLERK,), _ACCEPTED),
    Kind.NUMBER_MISSING: Row(Start.CLOCK, Cause.OURS, (Call.CLERK, Call.DRIVER)),
    Kind.NUMBER_MISMATCH: Row(Start.WITH, Cause.UNKNOWN, (Call.DRIVER,), _LINKED),
    Kind.NUMBER_REUSED: Row(Start.DISTANCE, Cause.OURS, (Call.CLERK,)),
    Kind.PORT_MISMATCH: Row(Start.WARN, Cause.OURS, (Call.CLERK, Call.BROKER)),
    Kind.UNWATCHED: Row(Start.CLOCK, Cause.UNKNOWN, (Call.BROKER,), _ACCEPTED),
    Kind.CARM: Row(Start.WARN, Cause.IMPORTER, (Call.IMPORTER, Call.BROKER), _ACCEPTED),
    Kind.STALE: Row(Start.WARN, Cause.BROKER, (Call.BROKER,), _ACCEPTED, stops=False),
    Kind.TIGHT: Row(Start.WARN, Cause.BROKER, (Call.BROKER, Call.DRIVER), stops=False),
    Kind.OVERDUE: Row(Start.WARN, Cause.UNKNOWN, (Call.DRIVER,), stops=False),
    Kind.UNREAD: Row(Start.DISTANCE, Cause.CUSTOMS, (Call.BROKER,), stops=False),
    Kind.CHECKING: Row(Start.WARN, Cause.UNKNOWN, (Call.NOBODY,), stops=False),
}
