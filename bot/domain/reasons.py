"""Open reasons: a report opens one; only what the table names, later and of no older transaction, closes it (F2)."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.filings import Filings
from bot.domain.kinds import KINDS, Kind
from bot.domain.numbers import NumberKind
from bot.domain.order import differs, latest, order, outdates, received_at
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import GOOD, RELEASES, WITHDRAWN, Status, Track

#: "CCN already used" (border-formats 1.5).
USED_CODES = frozenset({"464", "T36"})
#: Words that break a link when one stood.
BREAKS = frozenset({Status.NOT_MATCHED, Status.NO_RELEASE, Status.CANCELLED})
#: Words that leave RELEASED (F6); those about a cargo manifest or of an agency open reasons of their own beside it.
LEAVE_RELEASED = frozenset({Status.EXAM, Status.HELD, Status.REJECTED, Status.CANCELLED, Status.DO_NOT_LOAD})
BESIDE_RELEASE = (Track.MANIFEST, Track.AGENCY)
#: Words about the link and the filing: once the goods are released they say nothing (F6).
OF_LINK = frozenset({Status.NOT_MATCHED, Status.NO_RELEASE, Status.NO_CARGO})
_ACCEPTED = frozenset({Status.READY})
_LINKED = _ACCEPTED | {Status.MATCHED}
#: Of an older transaction these say nothing about the newest one (border-formats 8.3.10); EXAM, HELD are about goods.
OF_TRANSACTION = frozenset({Status.REJECTED, Status.CANCELLED, Status.NOT_MATCHED, Status.NO_RELEASE})

#: Words that may open a reason.
_MAY_OPEN = BREAKS | LEAVE_RELEASED | {Status.NO_CARGO, Status.ON_FILE}
#: Kinds of which one may stand for each key of a hold.
_KEYED = frozenset({Kind.AGENCY_HOLD, Kind.DO_NOT_LOAD})


def of_transaction(report: Report) -> bool:
    """Whether a bad word is about one filing, so that it says nothing about a newer one."""
    return report.status in OF_TRANSACTION or withdrawn(report)


def withdrawn(report: Report) -> bool:
    """Whether this says that an entry was taken back (border-formats 4.4: 14, 15, 16)."""
    return report.status is Status.ON_FILE and report.track is Track.RELEASE and report.reason == WITHDRAWN


@quick
@dataclass(frozen=True, slots=True)
class Reason:
    """An open reason (F2): `report` is the newest word that keeps it open, `since` when we first received one.

    `accepted` is whether what it took away was an acceptance, not only a match; `despite` the good word of
    another feed or track that does not end it (F1).
    """

    kind: Kind
    report: Report
    since: datetime
    key: str = ""
    accepted: bool = False
    despite: Report | None = None


def open_reasons(filings: Filings, good: Report | None = None) -> tuple[Reason, ...]:
    """The reasons that stand beside the good word, one per kind and hold key."""
    if len(filings.heard) == 1 and filings.heard[0].status in GOOD:
        return ()
    released = good.authority if good is not None and good.status in RELEASES else -1
    found: dict[tuple[Kind, str], Reason] = {}
    for report in filings.heard:
        kind = _opens(report, filings) if report.status in _MAY_OPEN else None
        if kind is None:
            continue
        said_nothing = report.status in OF_LINK and (report.authority <= released or _was_released(report, filings))
        if said_nothing or _closed(kind, report, filings):
            continue
        key = report.hold_key if kind in _KEYED else ""
        since, newest = received_at(report), report
        before = found.get((kind, key))
        if before is not None:
            since, newest = min(before.since, since), max(before.report, report, key=order)
        accepted = kind is Kind.LINK_BROKEN and _stood(report, filings, _ACCEPTED)
        found[kind, key] = Reason(kind, newest, since, key, accepted or (before is not None and before.accepted))
    return tuple([replace(found[k], despite=_despite(found[k], filings)) for k in sorted(found)])


def _despite(reason: Reason, filings: Filings) -> Report | None:
    """The word that might have ended a reason, and came from elsewhere."""
    ends, bad = KINDS[reason.kind].ended_by, reason.report
    return latest(
        r
        for r in filings.heard
        if r.status in ends
        and differs(r, bad)
        and filings.follows(r.transaction, bad.transaction)
        and r.hold_key in ("", bad.hold_key)
    )


def _was_released(word: Report, filings: Filings) -> bool:
    """Whether a release stood when this was said; what took it away since does not make the word mean more."""
    at = order(word)
    for good in filings.sound:
        if good.status in RELEASES and good.authority >= word.authority and order(good) < at:
            left = (r for r in filings.heard if r.status in LEAVE_RELEASED and r.track not in BESIDE_RELEASE)
            if not any(order(good) < order(r) < at for r in left):
                return True
    return False


def _opens(report: Report, filings: Filings) -> Kind | None:
    match report.status:
        case Status.REJECTED | Status.CANCELLED if report.track is Track.MANIFEST:
            return Kind.OUR_MANIFEST
        case Status.REJECTED:
            return Kind.NUMBER_REUSED if report.reason in USED_CODES else Kind.REJECTED
        case Status.HELD if report.track is Track.AGENCY:
            return Kind.AGENCY_HOLD
        case Status.HELD if report.reason == "docs":
            return Kind.DOCS_REQUIRED
        case Status.HELD | Status.EXAM:
            return Kind.EXAM
        case Status.DO_NOT_LOAD:
            return Kind.DO_NOT_LOAD
        case Status.ON_FILE if withdrawn(report):
            return Kind.ENTRY_WITHDRAWN
        case Status.NO_CARGO:
            return Kind.NO_CARGO
        case status if status in BREAKS and _stood(report, filings, _LINKED):
            return Kind.LINK_BROKEN
        case Status.NO_RELEASE:
            return Kind.NO_RELEASE
    return None


def _stood(report: Report, filings: Filings, what: frozenset[Status]) -> bool:
    """Whether a match or acceptance stood before this word (border-formats 8.3.4)."""
    return any(
        r.status in what
        and order(r)[0] < order(report)[0]
        and (not r.transaction or not report.transaction or r.transaction == report.transaction)
        and (r.status not in GOOD or r in filings.sound)
        for r in filings.heard
    )


def _closed(kind: Kind, bad: Report, filings: Filings) -> bool:
    superseded = of_transaction(bad) and bad.track is not Track.MANIFEST
    if superseded and filings.older(bad.transaction, filings.newest) and _accepted(filings.newest, bad, filings):
        return True
    ends = KINDS[kind].ended_by
    return any(_closes(kind, report, bad, filings) for report in filings.heard if report.status in ends)


def _accepted(transaction: str, bad: Report, filings: Filings) -> bool:
    return any(g.transaction == transaction and g.authority >= bad.authority for g in filings.sound)


def _closes(kind: Kind, report: Report, bad: Report, filings: Filings) -> bool:
    if report.authority < bad.authority or not outdates(report, bad):
        return False
    if report.status in GOOD and report not in filings.sound:
        return False
    if report.status is Status.HOLD_REMOVED and report.hold_key != bad.hold_key:
        return False
    if kind is Kind.OUR_MANIFEST and withdrawn(report):
        return False
    if kind is Kind.AGENCY_HOLD and bad.kind is NumberKind.SCN and report.status is not Status.HOLD_REMOVED:
        return False  # into the US a release does not clear an open hold (border-formats 4.4)
    return filings.follows(report.transaction, bad.transaction)


def overruled(filings: Filings) -> tuple[Report, Report] | None:
    """The last acceptance, and the word about the link, of another feed or track, that it does not outdate."""
    good = latest(filings.sound)
    if good is None:
        return None
    bad = latest(r for r in filings.heard if r.status in BREAKS and differs(good, r) and not filings.outdated(r))
    return (good, bad) if bad is not None else None
