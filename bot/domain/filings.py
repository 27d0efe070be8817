"""What reports tell of filings: which acceptances are sound, and how old each transaction is (RULES F5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.numbers import NumberKind
from bot.domain.order import counts_at, outdates, said_at
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import GOOD, SILENT, Status, Track


@quick
@dataclass(frozen=True, slots=True)
class Filings:
    """Reports that count, the acceptances among them that are sound, and how old each transaction is (F5).

    `named` are the transactions that no source lower than the one that accepted has named, `newest` the last of them.
    """

    heard: Sequence[Report]
    sound: Sequence[Report]
    ages: Mapping[str, datetime]
    named: Mapping[str, datetime]
    newest: str

    def older(self, transaction: str, than: str) -> bool:
        """Whether one transaction was first named before another; unnamed or equally old ones are not."""
        first, other = self.ages.get(transaction), self.ages.get(than)
        return first is not None and other is not None and first < other

    def follows(self, transaction: str, than: str) -> bool:
        """Whether one transaction is the same as another or newer (F2); an unnamed one may be either."""
        return not transaction or not than or transaction == than or self.older(than, transaction)

    def outdated(self, bad: Report, by: frozenset[Status] = GOOD) -> bool:
        """Whether a sound acceptance, or only a release, of the same or a newer transaction is later than a bad word.

        That of a lower source counts against a higher one's *not matched* only once the higher one matched them (F3).
        """
        good = [g for g in self.sound if g.status in by]
        later = [g for g in good if outdates(g, bad) and self.follows(g.transaction, bad.transaction)]
        return any(g.authority >= bad.authority for g in later) or (bool(later) and self._matched_since(bad))

    def _matched_since(self, bad: Report) -> bool:
        matched = (r for r in self.heard if r.status is Status.MATCHED and r.authority >= bad.authority)
        return any(outdates(m, bad) and self.follows(m.transaction, bad.transaction) for m in matched)


def transactions_of(heard: Iterable[Report]) -> dict[str, datetime]:
    """When each transaction was first named: a transaction is as new as its first report (F5)."""
    ages: dict[str, datetime] = {}
    for report in heard:
        if report.transaction and report.status not in SILENT:
            at = counts_at(report)
            if report.transaction not in ages or at < ages[report.transaction]:
                ages[report.transaction] = at
    return ages


def _newest(ages: dict[str, datetime], accepted: list[Report]) -> str:
    """The newest transaction; of two equally new the one that is not accepted (the worse) counts."""
    if len(ages) < 2:
        return next(iter(ages), "")
    good = {r.transaction for r in accepted}
    return max(ages, key=lambda t: (ages[t], t not in good, t))


def _acknowledges_cancel(good: Report, facts: list[Report]) -> bool:
    """Whether a 9 answers a cancellation (border-formats 1.3, trap on 9): of a filing that is not known to be newer.

    Who said that it is cancelled, and says since that it is accepted, filed it anew.
    """
    if good.status is not Status.READY:
        return False
    anew = [r for r in facts if r.status in GOOD and r.feed != good.feed]
    for report in facts:
        if any(r.feed == report.feed and r.transaction == report.transaction and outdates(r, report) for r in anew):
            continue
        if report.status is Status.CANCELLED and report.track is not Track.MANIFEST and said_at(report) < said_at(good):
            known = min((said_at(r) for r in facts if r.transaction == good.transaction), default=said_at(good))
            same = not report.transaction or not good.transaction or report.transaction == good.transaction
            if same and (not good.transaction or known <= said_at(report)):
                return True
    return False


def taken_back(heard: list[Report], facts: list[Report]) -> list[Report]:
    """These reports, where a 9 after a cancel request is the word that the filing is cancelled (border-formats 8.2);
    into the US an entry on file answers nothing but its filing."""
    return [
        replace(r, status=Status.CANCELLED) if r.kind is not NumberKind.SCN and _acknowledges_cancel(r, facts) else r
        for r in heard
    ]


def filings_of(heard: list[Report], facts: list[Report]) -> Filings:
    """The filings that these reports, of all `facts` those that count, tell of."""
    accepted = [r for r in heard if r.status in GOOD]
    ages = named = transactions_of(heard)
    if accepted:
        floor = max([r.authority for r in accepted])
        naming = [r for r in heard if r.authority >= floor]
        named = ages if len(naming) == len(heard) else transactions_of(naming)
    sound = [r for r in accepted if not _acknowledges_cancel(r, facts)]
    return Filings(heard, sound, ages, named, _newest(named, accepted))
