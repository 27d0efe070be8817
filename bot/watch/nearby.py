"""Numbers without a load that may be a load's own, misread or mistyped: only ever to ask (border-formats 8.3.6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.load import ShipmentType
from bot.domain.nearness import Near, Slip, blurs_near, nearness, rank
from bot.domain.numbers import NumberKind, blur
from bot.domain.report import Report
from bot.domain.status import GOOD, Authority, Status
from storage.loads import LoadRecord
from storage.numbers import NumberRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: Reports of a number count from so long before (DESIGN, Life of a load).
_WINDOW = timedelta(days=45)
#: No absence is told earlier than this after the papers went, or before the ETA where that is not known.
_AFTER_PAPERS, _BEFORE_ETA = timedelta(minutes=15), timedelta(hours=6)
#: So many loads are looked at whole, for a person may just have moved the clock of one.
_FEW = 20
#: Customs has our number and its filing: nothing is amiss with the number.
_FOUND = GOOD | {Status.MATCHED, Status.AWAITING_PROCESSING, Status.EXAM, Status.HELD, Status.ARRIVED}
#: Carrier code in front of a number: a digit of it makes it another carrier's.
_CODE = 4
#: Places at the end of a number in which one sticker differs from the next.
_SEQUENCE = 3

Rows = Mapping[str, Sequence[ShipmentRecord]]
_NUMBERS = frozenset({NumberKind.CCN, NumberKind.SCN})


async def near_misses(
    work: Work, records: Mapping[str, LoadRecord], shipments: Rows, reports: Mapping[str, Sequence[Report]]
) -> dict[str, str]:
    """By a shipment's number that customs does not know, the number on file that nobody claims and that is near it."""
    told: dict[str, list[Report]] = {}
    for report in (r for own in reports.values() for r in own if r.authority is Authority.CUSTOMS):
        told.setdefault(report.key, []).append(report)
    wanted: dict[str, ShipmentRecord] = {}
    for load, rows in shipments.items():
        record = records[load]
        quiet = len(records) > _FEW and not record.level and record.look_at is not None and record.look_at > work.now
        own = [s for s in rows if s.ccn and _amiss(s, record, told.get(s.ccn, ()), work.now, quiet=quiet)]
        wanted |= {s.ccn: s for s in own}
    if not wanted:
        return {}
    blurs = set().union(*map(blurs_near, wanted))
    orphans: dict[str, list[NumberRecord]] = {}
    for number in await work.numbers.orphans_alike(blurs, work.now - _WINDOW):
        orphans.setdefault(number.blur, []).append(number)
    found: dict[str, str] = {}
    for ccn, row in wanted.items():
        near = _near_to(ccn, [n for b in orphans.keys() & blurs_near(ccn) for n in orphans[b] if n.kind in _kinds(row)])
        wanting = await work.reports.of_numbers(n.id for n in digits) if (digits := _digits(near)) else {}
        if chosen := _nearest(ccn, near, wanting):
            found[ccn] = chosen.text or chosen.key
    return found


@dataclass(frozen=True, slots=True)
class Orphans:
    """Numbers without a load, by the shipment's number that each may be a slip for, and what was told of them: what
    near misses were is said of any moment since loads and their numbers changed last."""

    near: Mapping[str, Sequence[NumberRecord]] = field(default_factory=dict)
    reports: Mapping[str, Sequence[Report]] = field(default_factory=dict)

    def heard(self, ccn: str, *, alike: bool) -> set[datetime]:
        """When something was told of near misses of this number: of those that look alike, or of the others."""
        near = [n for n in self.near.get(ccn, ()) if (n.blur == blur(ccn)) is alike]
        return {r.received for n in near for r in self.reports[n.id] if r.received is not None}

    def of(self, row: ShipmentRecord, record: LoadRecord, told: Sequence[Report], at: datetime) -> str:
        """The near miss of a shipment's number at a moment by which that was told of its own, "" for none."""
        own = [r for r in told if r.authority is Authority.CUSTOMS and r.key == row.ccn]
        if row.ccn not in self.near or not _amiss(row, record, own, at, quiet=False):
            return ""
        known = {n.id: [r for r in self.reports[n.id] if r.received and r.received <= at] for n in self.near[row.ccn]}
        lately = {id_ for id_, own in known.items() if any(r.received and r.received >= at - _WINDOW for r in own)}
        near = _near_to(row.ccn, [n for n in self.near[row.ccn] if n.id in lately and n.kind in _kinds(row)])
        chosen = _nearest(row.ccn, near, known)
        return (chosen.text or chosen.key) if chosen else ""


NO_ORPHANS = Orphans()


async def orphans_near(work: Work, wanted: Mapping[str, Collection[str]]) -> Orphans:
    """Which of these blurred keys are those of numbers without a load, by the shipment's number they are near to."""
    blurs = set().union(*wanted.values())
    if not blurs:
        return NO_ORPHANS
    found: dict[str, list[NumberRecord]] = {}
    for number in await work.numbers.orphans_alike(blurs):
        if number.kind in _NUMBERS:
            found.setdefault(number.blur, []).append(number)
    near = {ccn: [n for b in own for n in found.get(b, ()) if _near(ccn, n.key)] for ccn, own in wanted.items()}
    near = {ccn: own for ccn, own in near.items() if own}
    return Orphans(near, await work.reports.of_numbers({n.id for own in near.values() for n in own}) if near else {})


def _amiss(row: ShipmentRecord, record: LoadRecord, told: Sequence[Report], now: datetime, *, quiet: bool) -> bool:
    """Whether a shipment may be held for want of news by now: sooner, nothing needs an explanation.

    `quiet`: nothing stood against its load when it was looked at last, and no clock has run out since.
    """
    if any(r.status in _FOUND for r in told):
        return False
    if any(r.status is Status.NO_CARGO for r in told):
        return True
    if quiet:
        return False
    if record.eta is None:
        return True
    if row.papers_sent is not None and now >= row.papers_sent + _AFTER_PAPERS:
        return True
    return now >= record.eta - _BEFORE_ETA


def _kinds(row: ShipmentRecord) -> Collection[NumberKind]:
    """Kinds of number that may be this shipment's: a broker that does not say which is read as if it said CCN."""
    return {NumberKind.CCN} if row.type is ShipmentType.PARS else {NumberKind.CCN, NumberKind.SCN}


_Slips = Sequence[tuple[Near, NumberRecord]]


def _near_to(ccn: str, numbers: Iterable[NumberRecord]) -> _Slips:
    return [(near, n) for n in numbers if (near := _near(ccn, n.key)) is not None]


def _digits(near: _Slips) -> list[NumberRecord]:
    return [n for slip, n in near if slip.slip is Slip.DIGIT]


def _nearest(ccn: str, found: _Slips, told: Mapping[str, Sequence[Report]]) -> NumberRecord | None:
    """The likeliest near miss. Stickers are sequential, and a broker that files ahead of us names the next ones: among
    those one digit apart, one that differs in its last places counts only where customs wants our cargo for it, and of
    several only the one of which that is true."""
    if digits := _digits(found):
        wanted = {n.id for n in digits if any(r.status is Status.NO_CARGO for r in told.get(n.id, ()))}
        if len(found) == len(digits) > 1:
            return next(n for n in digits if n.id in wanted) if len(wanted) == 1 else None
        early = {n.id for near, n in found if near.odd and near.odd[0][0] <= len(ccn) - _SEQUENCE}
        found = [(near, n) for near, n in found if near.slip is not Slip.DIGIT or n.id in wanted | early]
    ranked = sorted(found, key=lambda one: (rank(one[0]), one[1].id))
    return ranked[0][1] if ranked else None


def _near(ours: str, theirs: str) -> Near | None:
    """Another digit counts where the number is of the same carrier code."""
    return nearness(ours, theirs, digit=ours[:_CODE] == theirs[:_CODE])


async def near_to(work: Work, keys: Collection[str]) -> set[str]:
    """Loads in trouble, or with a number that looks like one of these, whose number may be a slip for one of them."""
    if not keys:
        return set()
    alike = [n.id for n in await work.numbers.alike(keys)]
    found = {c.load_id for c in await work.claims.loads_of(alike)} if alike else set()
    blurs = {blur(key) for key in keys}
    return found | {load for load, ccn in await work.shipments.in_trouble() if not blurs_near(ccn).isdisjoint(blurs)}


async def whose_slip(work: Work, numbers: Iterable[NumberRecord]) -> dict[str, tuple[str, ShipmentRecord]]:
    """By number without a load, the load in trouble (its id) and the shipment whose card asks about it."""
    rows = await work.shipments.of_loads({load for load, _ in await work.shipments.in_trouble()})
    if not rows:
        return {}
    claimed = {c.number_id for c in await work.claims.of_loads(rows)}
    reports = await work.reports.of_numbers(claimed) if claimed else {}
    chosen = await near_misses(work, await work.loads.of(rows), rows, reports)
    found: dict[str, tuple[str, ShipmentRecord]] = {}
    for number in numbers:
        asked = [
            (rank(slip), load, s)
            for load, own in rows.items()
            for s in own
            if chosen.get(s.ccn) == (number.text or number.key) and number.kind in _kinds(s)
            if (slip := _near(s.ccn, number.key)) is not None
        ]
        if asked:
            _, load, shipment = min(asked, key=lambda one: one[:2])
            found[number.id] = load, shipment
    return found
