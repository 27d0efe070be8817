"""Which of two facts is the later one (RULES F1)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.report import Report
from bot.domain.status import GOOD, SEVERITY, WITHDRAWN, Status

#: How far a sender's clock may be ahead of ours before its times say nothing of what came after what.
FAST = timedelta(minutes=5)
#: Words that are good news.
BETTER = GOOD | {Status.MATCHED, Status.ON_FILE, Status.HOLD_REMOVED}


def better(report: Report) -> bool:
    """Whether a report is good news; an entry that was taken back leaves the manifest *on file*, which is none."""
    return report.status in BETTER and report.reason != WITHDRAWN


def said_at(report: Report) -> datetime:
    """When the sender prepared the message, else when we received it (F1).

    An observation counts when the same answer was last seen, but good news never later than it says it was made: a
    vendor that still shows yesterday's acceptance knows nothing of today's refusal.
    """
    if report.observed is not None and (report.prepared is None or not better(report)):
        return report.observed
    return report.prepared or received_at(report)


def received_at(report: Report) -> datetime:
    if report.received is None:
        raise ValueError("a report is folded only after it was received")
    return report.received


def counts_at(report: Report) -> datetime:
    """The moment from which a report counts.

    A good word from the future counts from when we received it: a sender's fast clock must not outdate a later refusal.
    """
    at = said_at(report)
    if not better(report):
        return at
    came = received_at(report)
    return came if came < at else at


def dated_ahead(report: Report) -> bool:
    """Whether a good word says that it is from the future: nobody knows what it came after, but by when we got it."""
    if report.prepared is None or not better(report):
        return False
    return report.prepared - received_at(report) > FAST


def order(report: Report) -> tuple[datetime, int, str]:
    """Place of a report in the sender's order; at equal times the worse is later (F1)."""
    return (counts_at(report), SEVERITY[report.status], report.ref)


def outdates(good: Report, bad: Report) -> bool:
    """Whether a good fact is later than a bad one; between feeds or tracks, where the good one is dated ahead of its
    own arrival, or where only one of the two says when it was made, by prepared *and* received time (F1)."""
    if good.feed == bad.feed and good.track is bad.track:
        if _replaces(good, bad):
            return True
        if not dated_ahead(good) and (good.prepared is None) is (bad.prepared is None):
            return order(good) > order(bad)
    return counts_at(good) > counts_at(bad) and received_at(good) > received_at(bad)


def _replaces(good: Report, bad: Report) -> bool:
    """Whether a page that was asked later shows a good word in place of a bad one of before, and says itself that it
    came after it: such a page may be slow to show what it dates."""
    if good.observed is None or bad.observed is None or good.prepared is None or bad.prepared is None:
        return False
    return good.observed > bad.observed and good.prepared > bad.prepared


def arrival(report: Report) -> tuple[datetime, str, str, int, str, str, str]:
    """A place for each report, whatever order they are handed over in."""
    where = (received_at(report), report.feed, report.ref, report.position)
    return (*where, report.status, report.transaction, report.reason)


def differs(good: Report, bad: Report) -> bool:
    """Whether another feed or track has a good word that is later than this bad one by one clock at least: where the
    bad one stands all the same, the answer says so (F1)."""
    if good.feed == bad.feed and good.track is bad.track:
        return False
    return counts_at(good) > counts_at(bad) or received_at(good) > received_at(bad)


def latest(reports: Iterable[Report]) -> Report | None:
    """The last of the reports in the sender's order."""
    found = list(reports)
    return max(found, key=order) if len(found) > 1 else found[0] if found else None
