"""A2 once more, by replaying a history in the sender's order: written from RULES alone, to prove the fold with.

Reports arrive in the order in which they were prepared, no two in the same minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track

READY, RELEASED, CONDITIONAL = Status.READY, Status.RELEASED, Status.RELEASED_CONDITIONAL
ACCEPTED = {READY, RELEASED, CONDITIONAL}
LINKED = ACCEPTED | {Status.MATCHED}
#: RULES K, "ended by", for the kinds that an arrived fact raises.
ENDED_BY = {
    "no_release": LINKED,
    "no_cargo": LINKED,
    "link_broken": LINKED,
    "rejected": ACCEPTED,
    "docs_required": ACCEPTED,
    "exam": {RELEASED, CONDITIONAL},
    "do_not_load": {Status.HOLD_REMOVED},
    "agency_hold": {RELEASED, CONDITIONAL, Status.HOLD_REMOVED},
    "our_manifest": LINKED | {Status.ON_FILE},
    "number_reused": set(),
}
FILING = {Status.REJECTED, Status.CANCELLED, Status.NOT_MATCHED, Status.NO_RELEASE}


STRONG = {Status.EXAM, Status.HELD, Status.REJECTED, Status.CANCELLED, Status.DO_NOT_LOAD}
LINK = {Status.NOT_MATCHED, Status.NO_RELEASE, Status.NO_CARGO}
LEAVES = STRONG | LINK


@dataclass
class Replay:
    """Where a shipment stands after the reports told so far."""

    floor: Authority = Authority.PERSON
    good: Report | None = None
    unread: bool = False
    named: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=lambda: {""})
    last: Report | None = None
    reasons: list[tuple[str, Report]] = field(default_factory=list)
    cancelled: list[tuple[str, set[str], str]] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    accepted: dict[str, Authority] = field(default_factory=dict)
    against: list[Report] = field(default_factory=list)
    outbid: Report | None = None

    @property
    def newest(self) -> str:
        return self.decided[-1] if self.decided else ""

    def older(self, one: str, other: str) -> bool:
        known = one in self.named and other in self.named
        return known and self.named.index(one) < self.named.index(other)

    def mention(self, report: Report, filed_anew: bool) -> None:
        """What any source says of a filing: that it exists, that it was taken back, and if it filed it anew later."""
        self.mentioned.add(report.transaction)
        if report.status is Status.CANCELLED and report.track is not Track.MANIFEST:
            self.cancelled.append((report.transaction, set(self.mentioned), report.feed if filed_anew else ""))

    def tell(self, report: Report) -> None:
        if report.status is Status.WARNING:
            return
        self.last = report
        if self.acknowledges_cancel(report):
            report = replace(report, status=Status.CANCELLED)
        if report.transaction and report.transaction not in self.named:
            self.named.append(report.transaction)
        new = bool(report.transaction) and report.transaction not in self.decided and report.authority >= self.floor
        if new:
            self.decided.append(report.transaction)
        other = new and self.good is not None and self.good.transaction != report.transaction
        if other and self.good.status is READY and (self.good.transaction or len(self.decided) > 1):
            self.good = None
        if report.status is Status.UNKNOWN:
            self.unread = True
        self.oppose(report)
        if report.status in ACCEPTED and any(bad.authority > report.authority for bad in self.against):
            self.close(report)
            if report.status is READY:
                self.linked.append(report.transaction)
            self.outbid = report
            return
        self.close(report)
        self.open(report)
        if report.status in ACCEPTED:
            self.accept(report)
        waits = self.outbid
        if report.status is Status.MATCHED and waits and not any(b.authority > waits.authority for b in self.against):
            self.outbid = None
            self.close(waits)
            self.accept(waits)

    def oppose(self, report: Report) -> None:
        """Bad words that a lower source can't outbid until their own source has matched since (F3)."""
        if report.track in (Track.MANIFEST, Track.AGENCY):
            return
        if report.status in LEAVES:
            self.against.append(report)
            if self.outbid and not self.older(report.transaction, self.outbid.transaction):
                self.outbid = None
        if report.status in LINKED:
            self.against = [
                bad
                for bad in self.against
                if report.authority < bad.authority or self.older(report.transaction, bad.transaction)
            ]

    def acknowledges_cancel(self, report: Report) -> bool:
        return report.status is READY and any(
            (not of or not report.transaction or of == report.transaction)
            and report.transaction in known
            and anew in ("", report.feed)
            for of, known, anew in self.cancelled
        )

    def accept(self, report: Report) -> None:
        before = self.accepted.get(report.transaction, Authority.PERSON)
        self.accepted[report.transaction] = max(before, report.authority)
        stale = report.status is READY and report.transaction not in ("", self.newest)
        released = self.good is not None and self.good.status is not READY
        if not stale and not (released and report.status is READY):
            self.good = report
            self.unread = False

    def close(self, report: Report) -> None:
        self.reasons = [
            (kind, bad)
            for kind, bad in self.reasons
            if report.status not in ENDED_BY[kind]
            or report.authority < bad.authority
            or self.older(report.transaction, bad.transaction)
            or (report.status is Status.HOLD_REMOVED and report.hold_key != bad.hold_key)
        ]

    def open(self, report: Report) -> None:
        kind = self.kind_of(report)
        released = self.good is not None and self.good.status is not READY
        outranked = released and report.authority <= self.good.authority
        if kind and not (outranked and report.status in (Status.NOT_MATCHED, Status.NO_RELEASE, Status.NO_CARGO)):
            self.reasons.append((kind, report))
        if report.status in (Status.MATCHED, READY):
            self.linked.append(report.transaction)
        if report.track in (Track.MANIFEST, Track.AGENCY) or self.good is None:
            return
        strong, weak = STRONG, LEAVES
        stale = report.status in FILING and self.older(report.transaction, self.good.transaction)
        outranks = report.authority > self.good.authority
        stale = stale and not outranks
        if report.status in (strong if released and not outranks else weak) and not stale:
            self.good = None

    def kind_of(self, report: Report) -> str:
        match report.status:
            case Status.REJECTED | Status.CANCELLED if report.track is Track.MANIFEST:
                return "our_manifest"
            case Status.REJECTED:
                return "number_reused" if report.reason in ("464", "T36") else "rejected"
            case Status.HELD if report.track is Track.AGENCY:
                return "agency_hold"
            case Status.HELD if report.reason == "docs":
                return "docs_required"
            case Status.HELD | Status.EXAM:
                return "exam"
            case Status.DO_NOT_LOAD:
                return "do_not_load"
            case Status.NO_CARGO:
                return "no_cargo"
            case Status.NOT_MATCHED | Status.NO_RELEASE | Status.CANCELLED:
                stood = any(not t or not report.transaction or t == report.transaction for t in self.linked)
                return "link_broken" if stood else "no_release" if report.status is Status.NO_RELEASE else ""
        return ""

    def open_reasons(self) -> set[str]:
        released = self.good is not None and self.good.status is not READY
        return {
            kind
            for kind, bad in self.reasons
            if not (released and bad.status in LINK and bad.authority <= self.good.authority)
            and not (
                self.accepted.get(self.newest, Authority.PERSON) >= bad.authority
                and self.older(bad.transaction, self.newest)
                and bad.status in FILING
                and bad.track is not Track.MANIFEST
            )
        }


def replayed(reports: Sequence[Report]) -> Replay:
    """The state after a whole history."""
    told = heard(reports)
    state = Replay(max((r.authority for r in told if r.status in ACCEPTED), default=Authority.PERSON))
    for report in sorted(reports, key=lambda r: r.prepared or r.received):
        same = [r for r in reports if (r.feed, r.transaction) == (report.feed, report.transaction)]
        state.mention(report, any(r.status in ACCEPTED and r.prepared > report.prepared for r in same))
        if report in told:
            state.tell(report)
    return state


def heard(reports: Sequence[Report]) -> list[Report]:
    """Who speaks highest on a track decides; match and release are one to a source below the one that accepted (F3).

    Holds come as pairs, one per key (K): what is said of one answers nothing about another.
    """
    loud = [r for r in reports if r.status is not Status.WARNING]
    accepted = max((r.authority for r in loud if r.status in ACCEPTED), default=Authority.PERSON)
    top = {t: max((r.authority for r in loud if r.track is t), default=Authority.PERSON) for t in Track}
    for track in (Track.RELEASE, Track.MATCH):
        top[track] = max(top[track], accepted)
    keyed = {
        key: max(r.authority for r in loud if r.track is Track.AGENCY and r.hold_key == key)
        for key in {r.hold_key for r in loud if r.track is Track.AGENCY and r.hold_key}
    }
    return [
        r
        for r in reports
        if r.authority
        >= (keyed.get(r.hold_key, Authority.PERSON) if r.track is Track.AGENCY and r.hold_key else top[r.track])
    ]


def good_to_go(reports: Sequence[Report], words: Sequence[Report], eta: datetime, now: datetime) -> bool:
    """Whether one PARS is good by RULES A2, F: accepted, no reason open, nothing unread or refiled."""
    state = replayed(reports)
    released = state.good is not None and state.good.status is not READY
    reasons = state.open_reasons()
    last = max(words, key=lambda w: w.received, default=None)
    customs = [r for r in reports if r.authority is Authority.CUSTOMS and r.status is not Status.WARNING]
    later = last is not None and any(r.prepared > last.received or r.received > last.received for r in customs)
    spoke = last is not None and any(min(r.prepared, r.received) > last.received for r in customs)
    if last is not None and last.status is Status.NO_RELEASE and not released and not spoke:
        return False
    if state.good is None:
        by_phone = last is not None and last.status in ACCEPTED and not later and holds_still(last.received, eta, now)
        newest = state.last
        unread = newest is not None and newest.status is Status.UNKNOWN
        since = unread and by_phone and max(newest.prepared, newest.received) >= last.received
        return by_phone and not since and not (reasons - {"no_release"})
    first: dict[str, datetime] = {}
    for report in sorted(reports, key=lambda r: r.prepared):
        if report.transaction and report.status is not Status.WARNING:
            first.setdefault(report.transaction, report.prepared)
    since = first.get(state.good.transaction, state.good.prepared)
    refiled = any(first[t] > since for t in first.keys() - set(state.decided))
    return not reasons - {"no_release"} and not state.unread and (released or not refiled)


def holds_still(given: datetime, eta: datetime, now: datetime) -> bool:
    """F4: two hours, but never an end between ETA - 2 h and ETA + 1 h."""
    ends = given + timedelta(hours=2)
    if eta - timedelta(hours=2) < ends < eta + timedelta(hours=1):
        early = given < eta - timedelta(hours=2, minutes=20)
        ends = eta - timedelta(hours=2) if early else eta + timedelta(hours=1)
    return now < ends
