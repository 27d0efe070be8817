"""Whether somebody filed anew since customs accepted, and nobody has answered it yet (RULES F5)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.filings import Filings, transactions_of
from bot.domain.order import counts_at, latest, received_at, said_at
from bot.domain.report import Report
from bot.domain.status import GOOD, RELEASES, SILENT


def refiled(good: Report | None, facts: list[Report], filings: Filings) -> Report | None:
    """The last word of a newer transaction than the accepted one, which those who accepted did not take it away for.

    A transaction is as new as its first report, whoever made it. Two senders have two clocks, and one that is slow
    dates a filing of now before the acceptance that it replaces: as anywhere between feeds (F1) it is older only if it
    was named earlier by said and by received time.
    """
    if good is None or good.status in RELEASES:
        return None
    beside = [r for r in facts if r.transaction not in ("", good.transaction) and r.status not in SILENT]
    if not beside:
        return None
    own = [r for r in facts if good.transaction and r.transaction == good.transaction and r.status not in SILENT]
    since = min([counts_at(r) for r in own], default=said_at(good))
    came = min([received_at(r) for r in own], default=received_at(good))
    lower = transactions_of(r for r in beside if r.transaction not in filings.named)
    newer = {t for t, named in lower.items() if named > since}
    if own or len({r.transaction for r in beside}) > 1:  # the only one that is named may be the one accepted
        newer |= set(_slow(good, own, beside, facts, since, came))
    return latest(r for r in beside if r.transaction in newer)


def _slow(
    good: Report, own: list[Report], beside: list[Report], facts: list[Report], since: datetime, came: datetime
) -> Iterator[str]:
    """Transactions first received after the accepted one that look older only by a clock that may be slow."""
    for transaction in {r.transaction for r in beside}:
        told = [r for r in beside if r.transaction == transaction]
        if min(map(received_at, told)) <= came or any(_named_before(r, own, good) for r in told):
            continue
        if min(counts_at(r) + _behind(r, facts) for r in told) > since:
            yield transaction


def _named_before(report: Report, own: list[Report], good: Report) -> bool:
    """Whether its sender's own clock puts it before the accepted filing: then it only came late.

    Where customs accepted, a broker's *accepted* may be what it heard of that, and dates no filing.
    """
    filed = (r for r in own if r.feed == report.feed and (r.status not in GOOD or r.authority >= good.authority))
    return any(counts_at(report) < counts_at(r) for r in filed)


def _behind(report: Report, facts: list[Report]) -> timedelta:
    """How far its sender's clock may have been behind ours: no further than by what came soonest of it till then."""
    lags = [
        received_at(r) - r.prepared
        for r in facts
        if r.feed == report.feed and r.prepared is not None and received_at(r) <= received_at(report)
    ]
    return max(timedelta(), min(lags, default=timedelta()))
