"""Why good news is missing: what the desk reads from all tracks together, and whom it calls (dispatch-desk E2)."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.clearance import Clearance
from bot.domain.kinds import KINDS, Call, Cause, Kind
from bot.domain.status import Authority, Status


class Line(StrEnum):
    """A line of the desk's table, by what the feeds show."""

    OUTAGE = "outage"
    MANIFEST = "manifest"
    NOT_FILED = "not_filed"
    UNEXPLAINED = "unexplained"
    DECIDING = "deciding"
    PAPERS = "papers"
    IN_TIME = "in_time"
    LATE = "late"
    OTHER = "other"


class Sure(StrEnum):
    """How far the feeds prove it."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Shown:
    """What all tracks show of a shipment that has no good news: `kind` is what it waits for.

    `manifest` is whether our own was accepted: None where nobody would tell us. `papers` is whether we know when they
    went, `late` whether the broker's promise has run out.
    """

    kind: Kind
    clearance: Clearance
    manifest: bool | None
    refused: bool
    papers: bool
    late: bool
    outage: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The line that explains it, whose move it is, and how sure that is."""

    line: Line
    cause: Cause
    sure: Sure


#: Whom to call, in order; a line that is not here goes by its kind (RULES K).
CALLS: dict[Line, tuple[Call, ...]] = {
    Line.OUTAGE: (Call.NOBODY,),
    Line.MANIFEST: (Call.CLERK, Call.DRIVER),
    Line.NOT_FILED: (Call.BROKER, Call.DRIVER),
    Line.UNEXPLAINED: (Call.BROKER,),
    Line.DECIDING: (Call.BROKER,),
    Line.PAPERS: (Call.DRIVER, Call.BROKER),
    Line.IN_TIME: (Call.BROKER,),
    Line.LATE: (Call.BROKER, Call.IMPORTER),
}
#: Kinds whose silence the table explains; the others have one cause each.
EXPLAINED = frozenset({Kind.NOT_MATCHED, Kind.ENTRY_MISSING, Kind.NO_RELEASE})
#: Last words of customs or a broker after which waiting is the plain reading.
_PLAIN = frozenset(
    {
        Status.SENT,
        Status.ON_FILE,
        Status.MATCHED,
        Status.AWAITING_PROCESSING,
        Status.NOT_MATCHED,
        Status.NO_RELEASE,
        Status.HOLD_REMOVED,
        Status.WARNING,
    }
)


def explain(shown: Shown) -> Finding:
    """The first line of the table that fits; one that none explains is *not known*."""
    if shown.outage:
        return Finding(Line.OUTAGE, Cause.CUSTOMS, Sure.LIKELY)
    if shown.refused or (shown.kind is Kind.NOT_MATCHED and shown.manifest is False):
        return Finding(Line.MANIFEST, Cause.OURS, Sure.CERTAIN)
    if shown.kind not in EXPLAINED:
        return Finding(Line.OTHER, KINDS[shown.kind].cause, Sure.LIKELY)
    if shown.kind is Kind.NO_RELEASE:
        phoned = shown.clearance.bad_word is not None
        return Finding(Line.NOT_FILED, Cause.BROKER, Sure.LIKELY if phoned else Sure.CERTAIN)
    return _waiting(shown)


def _waiting(shown: Shown) -> Finding:
    clearance = shown.clearance
    if odd(clearance) is not None:
        return Finding(Line.UNEXPLAINED, Cause.UNKNOWN, Sure.NOT_KNOWN)
    if clearance.progress is not None:
        return Finding(Line.DECIDING, Cause.CUSTOMS, Sure.LIKELY)
    if not shown.papers:
        return Finding(Line.PAPERS, Cause.UNKNOWN, Sure.POSSIBLE)
    if not shown.late:
        return Finding(Line.IN_TIME, Cause.BROKER, Sure.LIKELY)
    # A manifest that nobody tells us about may be what is missing: then the broker may well be in time.
    return Finding(Line.LATE, Cause.BROKER, Sure.LIKELY if shown.manifest else Sure.POSSIBLE)


def odd(clearance: Clearance) -> Status | None:
    """The status of a last word that no line explains: unread, cancelled, or an acceptance that does not count."""
    if clearance.unread is not None:
        return Status.UNKNOWN
    last = clearance.last
    if last is None or last.authority is Authority.PERSON or last.status in _PLAIN:
        return None
    return last.status


def said_of(finding: Finding, clearance: Clearance) -> dict[str, str]:
    """A finding as a hold carries it for the words."""
    said = {"line": finding.line.value, "sure": finding.sure.value}
    last = odd(clearance) if finding.line is Line.UNEXPLAINED else None
    return said if last is None else said | {"odd": last.value}


def calls_of(line: str, kind: Kind) -> tuple[Call, ...]:
    """Whom to call, in order, for a hold that carries this line."""
    known = Line(line) if line in Line.__members__.values() else Line.OTHER
    return CALLS.get(known, KINDS[kind].calls)
