"""Loads through a stretch of the past: each is looked at in memory, as it was at each of its moments, one after the
other. What the looks came to is written after that."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.alert import ENDED, Alert, Notice, notice
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.kinds import Kind
from bot.domain.load import Life
from bot.domain.quick import altered
from bot.domain.report import Report
from bot.watch.gather import Case, Sight, alert_from
from bot.watch.many import Part, part_in
from bot.watch.nearby import NO_ORPHANS, Orphans
from bot.watch.world import World
from storage.errors import StorageError
from storage.loads import LoadRecord

#: The least time there is.
LEAST = timedelta(microseconds=1)
#: A load that is due again and again at one moment would be looked at for ever.
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Moment:
    """What a look at a load came to. `was` and `low` are answer and level before it, `part` what the load adds to the
    looks at many from now on; it is `fresh` where it shows people something else than the look before. One that is
    `loud` may tell something: it is written before a later one is."""

    at: datetime
    case: Case
    found: Assessment
    notice: Notice
    was: str
    low: int
    part: Part
    fresh: bool
    loud: bool

    @property
    def stands(self) -> bool:
        """Whether there is a conversation that goes on."""
        return _stands(self.notice.alert)


def _stands(alert: Alert | None) -> bool:
    return alert is not None and alert.state not in ENDED


@dataclass(frozen=True, slots=True)
class Times:
    """When a load is looked at even if its own clock does not ask for it: at what was `told` of it, and while it is in
    trouble at what was told `near` it."""

    told: Sequence[datetime] = ()
    near: Sequence[datetime] = ()

    def after(self, last: datetime, alert: Alert | None) -> list[datetime]:
        """The next of either, if there is one."""
        found = [self.told[place] for place in (bisect_right(self.told, last),) if place < len(self.told)]
        if self.near and _stands(alert):
            found += self.near[bisect_right(self.near, last) :][:1]
        return found


@dataclass(frozen=True, slots=True)
class Stretched:
    """What the loads of a carrier share that are looked at in a stretch: what was read of them at its end, parties that
    are another one by now, and what sets clock and ears. `left` is when earlier loads of a trip left it meanwhile, by
    load and number, `learnt` when something was learnt of importers."""

    seen: Sight
    begun: datetime
    end: datetime
    merged: Mapping[str, str]
    turn: Callable[[datetime], None]
    learnt: Sequence[datetime] = ()
    left: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)


class Walk:
    """One load on its way through a stretch. It is `puzzled` where something stood against it on the way that another
    number on file might explain."""

    def __init__(
        self, world: World, shared: Stretched, record: LoadRecord, times: Times, orphans: Orphans = NO_ORPHANS
    ) -> None:
        self._world, self._shared, self._record, self._times = world, shared, record, times
        self._carrier = world.carriers[shared.seen.carrier]
        self._orphans = orphans
        self._past = _Past(shared, record)
        self._alert = alert_from(shared.seen.read.alerts.get(record.id))
        self._due, self._last = record.look_at, shared.begun - LEAST
        self._was, self._low = record.answer, record.level
        self._before: Assessment | None = None
        self._asked: set[tuple[str, datetime]] = set()
        self._shown, self.puzzled = False, bool(record.level)
        self._stops: tuple[frozenset[Kind], bool] = (frozenset(), False)

    def moments(self) -> list[Moment]:
        """What its looks came to, in order."""
        found: list[Moment] = []
        while self._record.life is Life.OPEN:
            at = self._next()
            if at is None or at >= self._shared.end:
                break
            found.append(self._look(at))
            if found[-1].found.ended:
                break
            if len(found) > _MOST:
                raise StorageError(f"load {self._record.number} stays due at {at}: nobody would ever be done with it")
        return found

    def _next(self) -> datetime | None:
        moments = self._times.after(self._last, self._alert)
        if self._due is not None:
            moments.append(max(self._due, self._last + LEAST))
        return min(moments, default=None)

    def _look(self, at: datetime) -> Moment:
        self._shared.turn(at)
        case = self._past.case(self._world, at)
        found = assess(case.load, case.facts, self._carrier.policy, at)
        if any(h.shipment for h in found.standing):
            self.puzzled = True
            if near := self._near(at):
                case = self._past.case(self._world, at, near)
                found = assess(case.load, case.facts, self._carrier.policy, at)
        told = notice(self._alert, found, at, self._carrier.policy, self._carrier.zone)
        fresh = self._before is None or altered(found, look_again_at=None) != altered(self._before, look_again_at=None)
        loud = self._loud(found, told, fresh)
        part = part_in(found, case.shipments, self._shared.merged)
        one = Moment(at, case, found, told, self._was, self._low, part, fresh, loud)
        self._alert, self._before, self._last = told.alert, found, at
        self._was, self._low = found.answer.value, int(found.level or 0)
        self._due = min((m for m in (found.look_again_at, told.look_again_at) if m is not None), default=None)
        return one

    def _near(self, at: datetime) -> dict[str, str]:
        """Near misses on file of its numbers."""
        if self._orphans is NO_ORPHANS:
            return {}
        rows = self._shared.seen.read.shipments.get(self._record.id, ())
        told = self._past.told(at)
        return {s.ccn: n for s in rows if s.ccn and (n := self._orphans.of(s, self._record, told, at))}

    def _loud(self, found: Assessment, told: Notice, fresh: bool) -> bool:
        """Whether people may hear of it, or a place or a driver may get its card: the first change is tried at least,
        for where cards stand only the database knows, and each that may stop a driver."""
        asks = {(ask, found.eta) for ask in found.asks}
        stops = frozenset(h.kind for h in found.standing if h.stops), found.at_border
        loud = bool(told.said or found.ended or asks - self._asked)
        if _stands(told.alert):
            loud = loud or stops != self._stops or (fresh and not self._shown)
            self._shown = self._shown or loud
        self._asked, self._stops = self._asked | asks, stops
        return loud


class _Past:
    """What was read of a load, as it was known at its moments."""

    def __init__(self, shared: Stretched, record: LoadRecord) -> None:
        self._carrier, self._record, self._begun = shared.seen.carrier, record, shared.begun
        read = shared.seen.read
        own = {c.number_id for c in read.claims.get(record.id, ())}
        reports = {n: read.reports[n] for n in own if n in read.reports}
        named = {r.transaction for told in reports.values() for r in told if r.transaction}
        alone = {t: read.by_transaction[t] for t in named if t in read.by_transaction}
        self._left = {key: shared.left[key] for n in own if (key := (record.id, n)) in shared.left}
        self._learns = bool(shared.learnt)
        self._all = self._read = altered(read, reports=reports, by_transaction=alone, near={})
        changes = {
            r.received for of in (reports, alone) for told in of.values() for r in told if r.received is not None
        }
        changes |= {at + LEAST for ends in self._left.values() for at in ends}
        self._changes = sorted(at for at in changes.union(shared.learnt) if at >= shared.begun)
        self._passed = -1

    def case(self, world: World, at: datetime, near: Mapping[str, str] | None = None) -> Case:
        """The load at a moment; moments come in order."""
        self._turn(at)
        read = altered(self._read, near=near) if near else self._read
        return Sight(self._carrier, [self._record], read, at).case(world, self._record)

    def told(self, at: datetime) -> list[Report]:
        """What was told of its numbers by then."""
        self._turn(at)
        return [r for told in self._read.reports.values() for r in told]

    def _turn(self, at: datetime) -> None:
        passed, before, read = bisect_right(self._changes, at), self._passed, self._all
        self._passed = passed
        if passed == before or not self._changes:
            return
        left = {key: max(t for t in ends if t < at) for key, ends in self._left.items() if min(ends) < at}
        self._read = altered(
            read,
            reports={n: _until(told, at) for n, told in read.reports.items()},
            by_transaction={t: _until(told, at) for t, told in read.by_transaction.items()},
            importers=read.importers.until(at) if self._learns else read.importers,
            used={**read.used, **left} if left else read.used,
        )


def _until(told: list[Report], at: datetime) -> list[Report]:
    return [r for r in told if r.received is None or r.received <= at]
