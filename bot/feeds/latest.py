"""Of a list that tells what became of a number: what still stands. An answer to a poll counts as it was seen (F1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.order import BETTER, FAST
from bot.domain.report import Report
from bot.domain.status import SEVERITY, SILENT, Status


@dataclass(frozen=True, slots=True)
class Told:
    """A report, and when the vendor says that it was so; None when it does not say."""

    report: Report
    at: datetime | None


def ahead(status: Status, at: datetime | None, received: datetime) -> bool:
    """Whether good news is dated so far ahead of its arrival that nothing tells what it followed (F1)."""
    return at is not None and status in BETTER and at - received > FAST


def standing(told: Sequence[Told], received: datetime) -> tuple[Report, ...]:
    """The reports without those that the same list says were followed by others.

    A refusal of nine o'clock that is listed below the acceptance of ten is no refusal that still stands. Without times,
    or with times that are still to come, nothing tells what followed what, and all are kept: the worst of them counts.
    """
    groups: dict[object, list[Told]] = {}
    for one in told:
        r = one.report
        groups.setdefault((r.kind, r.key, r.track, r.hold_key, r.status in SILENT), []).append(one)
    kept = {id(one) for group in groups.values() for one in _kept(group, received)}
    return tuple(one.report for one in told if id(one) in kept)


def _kept(group: list[Told], received: datetime) -> Iterable[Told]:
    if any(one.at is None for one in group) or group[0].report.status in SILENT:
        return group
    early = [ahead(one.report.status, one.at, received) for one in group]
    sure = _last([one for one, too_early in zip(group, early, strict=True) if not too_early])
    return [*(one for one, too_early in zip(group, early, strict=True) if too_early), *sure]


def _last(group: list[Told]) -> Iterable[Told]:
    if not group:
        return ()
    by: dict[str, list[Told]] = {}
    for one in sorted(group, key=_order):
        by.setdefault(one.report.transaction, []).append(one)
    newest = max(by.values(), key=lambda own: _order(own[0]))
    # A transaction whose last word came before the newest one began was given up for it (F5).
    return [own[-1] for own in by.values() if own is newest or not _order(own[-1]) < _order(newest[0])]


def _order(one: Told) -> tuple[float, int]:
    return (one.at.timestamp() if one.at else 0.0, SEVERITY[one.report.status])
