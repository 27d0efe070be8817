"""The fold: what all reports about one shipment amount to, in whatever order and however often they came (RULES F).

Nothing here knows the time: rules that depend on *now* (settling, lapsing, the clock) are in `assess`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from bot.domain.authority import by_authority
from bot.domain.filings import Filings, filings_of, taken_back
from bot.domain.manifest import manifest_of
from bot.domain.order import arrival, better, latest, order, outdates, said_at
from bot.domain.phone import standing_words
from bot.domain.quick import quick
from bot.domain.reasons import (
    BESIDE_RELEASE,
    LEAVE_RELEASED,
    Reason,
    of_transaction,
    open_reasons,
    overruled,
    withdrawn,
)
from bot.domain.refiled import refiled
from bot.domain.report import Report
from bot.domain.status import GOOD, INBOND, RELEASES, SEVERITY, SILENT, TOO_EARLY, Status, Track

#: Words that leave READY (F6). NOT_MATCHED, NO_RELEASE and CANCELLED break the link.
_LEAVE_READY = frozenset(
    {
        Status.NOT_MATCHED,
        Status.NO_RELEASE,
        Status.NO_CARGO,
        Status.CANCELLED,
        Status.REJECTED,
        Status.EXAM,
        Status.HELD,
        Status.DO_NOT_LOAD,
    }
)
_PROGRESS = frozenset({Status.MATCHED, Status.AWAITING_PROCESSING})
#: Words that have a part of the clearance to themselves.
_RARE = frozenset(
    {
        Status.UNKNOWN,
        Status.ARRIVED,
        Status.ACQUITTED,
        Status.ON_FILE,
        Status.WARNING,
        Status.CANCELLED,
        Status.HOLD_REMOVED,
    }
)


@quick
@dataclass(frozen=True, slots=True)
class Clearance:
    """What the reports in a shipment's window amount to, with the evidence for each part.

    `unread` is the word nobody can read as it stands against `good`; `unreadable` and `cancelled` are the last ones
    said, for what is good by other evidence (border-formats 8.4).
    """

    good: Report | None = None
    word: Report | None = None
    bad_word: Report | None = None
    reasons: tuple[Reason, ...] = ()
    progress: Report | None = None
    unread: Report | None = None
    dispute: Report | None = None
    refiled: Report | None = None
    arrived: Report | None = None
    acquitted: Report | None = None
    manifest: Report | None = None
    inbond: Report | None = None
    too_early: Report | None = None
    cancelled: Report | None = None
    unreadable: Report | None = None
    confirmed: frozenset[str] = frozenset()
    conditional: bool = False
    last: Report | None = None
    overruled: tuple[Report, Report] | None = None

    @property
    def released(self) -> bool:
        """Whether customs let the goods go."""
        return self.good is not None and self.good.status in RELEASES


NOTHING_HEARD = Clearance()


def fold(reports: Sequence[Report], words: Sequence[Report] = ()) -> Clearance:
    """The clearance of one shipment from its feed reports and the words of persons, both in any order."""
    if not reports and not words:
        return NOTHING_HEARD
    facts = _distinct(reports)
    said = {r.status for r in facts}
    heard, lower = by_authority(facts)
    heard = taken_back(heard, facts) if Status.CANCELLED in said else heard
    filings = filings_of(heard, facts)
    good = _standing_good(filings)
    word, bad_word = standing_words(words, facts)
    if good is not None and good.status in RELEASES:
        bad_word = None
    elif bad_word is not None:
        good = None
    progress = None if _PROGRESS.isdisjoint(said) else _progress(heard)
    rare = _NOTHING_RARE if _RARE.isdisjoint(said) else _rare(heard, facts, good)
    unread, arrived, acquitted, inbond, too_early, cancelled, unreadable, confirmed = rare
    return Clearance(
        good,
        word if good is None else None,
        bad_word,
        open_reasons(filings, good),
        progress,
        unread,
        _dispute(good, lower) if lower else None,
        refiled(good, facts, filings),
        arrived,
        acquitted,
        manifest_of(facts).accepted,
        inbond,
        too_early,
        cancelled,
        unreadable,
        confirmed,
        good is not None and good.status is Status.RELEASED_CONDITIONAL,
        latest([*facts, *words]),
        overruled(filings) if good is None else None,
    )


_Said = Report | None
_Rare = tuple[_Said, _Said, _Said, _Said, _Said, _Said, _Said, frozenset[str]]
_NOTHING_RARE: _Rare = (None, None, None, None, None, None, None, frozenset())


def _rare(heard: list[Report], facts: list[Report], good: Report | None) -> _Rare:
    """What few shipments ever hear, from unread to confirmed as a clearance has it."""
    return (
        _unread(heard, good),
        latest(r for r in facts if r.status is Status.ARRIVED),
        latest(r for r in heard if r.status is Status.ACQUITTED),
        _inbond(heard),
        latest(r for r in heard if r.status is Status.WARNING and r.reason == TOO_EARLY),
        _cancelled(heard),
        latest(r for r in heard if r.status is Status.UNKNOWN),
        _confirmed(facts),
    )


_SAME = attrgetter("status", "track", "prepared", "transaction", "raw", "reason", "office", "hold_key", "authority")


def _distinct(reports: Sequence[Report]) -> list[Report]:
    """The same fact told twice, by one feed or by two, counts once, as first received (F9).

    Bad news that a page still shows is told by that page alone, and as late as it was last seen there (F1).
    """
    if len(reports) < 2 or _all_differ(reports):
        return list(reports)
    first: dict[object, Report] = {}
    for report in sorted(reports, key=arrival):
        seen = "" if report.observed is None or better(report) else report.feed
        before = first.setdefault(id(report) if report.prepared is None else (_SAME(report), seen), report)
        if before.feed == report.feed and before.observed and report.observed and before.observed < report.observed:
            first[_SAME(report), seen] = replace(before, observed=report.observed)
    return list(first.values())


def _all_differ(reports: Sequence[Report]) -> bool:
    """Whether no two can be the same fact, nor equal in the sender's order: then their place says nothing either."""
    return len({r.ref for r in reports}) == len({r.prepared for r in reports}) == len(reports)


def _standing_good(filings: Filings) -> Report | None:
    """The last release if it stands, else the last acceptance of the newest transaction if it does."""
    if not filings.sound:
        return None
    released = latest([g for g in filings.sound if g.status in RELEASES])
    if released is not None and _stands(released, filings, LEAVE_RELEASED):
        return released
    ready = latest([g for g in filings.sound if g.status is Status.READY and not _voided(g, filings)])
    return ready if ready is not None and _stands(ready, filings, _LEAVE_READY) else None


def _stands(good: Report, filings: Filings, leaves: frozenset[Status]) -> bool:
    """Whether nothing that may leave this state has come since (F6); a refused cargo manifest or an agency
    hold opens its own reason and leaves the release alone."""
    for report in filings.heard:
        outranks = report.authority > good.authority
        if not _leaves(report, _LEAVE_READY if outranks else leaves):
            continue
        if filings.outdated(report, RELEASES if leaves is LEAVE_RELEASED else GOOD):
            continue
        if not outranks and of_transaction(report) and filings.older(report.transaction, good.transaction):
            continue
        return False
    return True


def _leaves(report: Report, leaves: frozenset[Status]) -> bool:
    said = report.status in leaves or (leaves is _LEAVE_READY and withdrawn(report))
    return said and report.track not in BESIDE_RELEASE


def _voided(good: Report, filings: Filings) -> bool:
    """Whether a newer transaction named by customs voids this acceptance (F5)."""
    if not filings.newest or good.transaction == filings.newest:
        return False
    return bool(good.transaction) or (len(filings.named) > 1 and filings.named[filings.newest] > said_at(good))


def _progress(heard: list[Report]) -> Report | None:
    """The word that customs is deciding: matched or awaiting processing, not taken back since (T2)."""
    found = latest([r for r in heard if r.status in _PROGRESS])
    if found is None or any(r.status in _LEAVE_READY and order(r) > order(found) for r in heard):
        return None
    return found


def _inbond(heard: list[Report]) -> Report | None:
    """The word that an in-bond movement is authorized, if nothing bad has come since (border-formats 4.4, xD)."""
    found = latest(r for r in heard if r.status is Status.ON_FILE and r.reason == INBOND)
    if found is None or any(_leaves(r, _LEAVE_READY) and not outdates(found, r) for r in heard):
        return None
    return found


def _cancelled(heard: list[Report]) -> Report | None:
    """The last word that the filing itself, not its cargo manifest, is cancelled."""
    return latest(r for r in heard if r.status is Status.CANCELLED and r.track not in BESIDE_RELEASE)


def _confirmed(facts: list[Report]) -> frozenset[str]:
    """Keys of agencies whose last word is that nothing stands against the shipment (K, `agency_pending`)."""
    last: dict[str, Report] = {}
    for report in facts:
        if report.track is Track.AGENCY and report.hold_key:
            before = last.get(report.hold_key)
            if before is None or order(report) > order(before):
                last[report.hold_key] = report
    return frozenset(key for key, report in last.items() if report.status is Status.HOLD_REMOVED)


def _unread(heard: list[Report], good: Report | None) -> Report | None:
    """The newest customs word we cannot read, unless the good one, or any readable word, is later (F8)."""
    unread = [r for r in heard if r.status is Status.UNKNOWN]
    if good is not None:
        return latest(r for r in unread if not outdates(good, r))
    newest = latest(r for r in heard if r.status not in SILENT)
    return newest if newest in unread else None


def _dispute(good: Report | None, lower: list[Report]) -> Report | None:
    """A lower source that *changed* to a bad word after customs spoke well (F3)."""
    if good is None:
        return None
    found = []
    for feed in {r.feed for r in lower}:
        told = sorted((r for r in lower if r.feed == feed and _disputes(r)), key=order)
        last = told[-1] if told else None
        if last is None or last.status not in _LEAVE_READY or order(last)[0] <= order(good)[0]:
            continue
        if any(SEVERITY[r.status] < SEVERITY[last.status] for r in told[:-1]):
            found.append(last)
    return latest(found)


def _disputes(report: Report) -> bool:
    return report.status not in SILENT and report.track in (Track.RELEASE, Track.MATCH)
