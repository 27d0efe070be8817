"""All loads of a carrier that have something to do in a stretch of the past: read together, then each on its way."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.nearness import blurs_near
from bot.watch.gather import Sight, sight
from bot.watch.moments import Moment, Stretched, Times, Walk
from bot.watch.nearby import orphans_near
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.work import Work

Heard = Mapping[str, Sequence[datetime]]


class Walks:
    """Looks at loads between two moments; `strange` are blurred numbers that were heard of when no load had them."""

    def __init__(
        self,
        world: World,
        carrier: str,
        begun: datetime,
        end: datetime,
        turn: Callable[[datetime], None],
        strange: Collection[str],
    ) -> None:
        self._world, self._carrier, self._turn = world, carrier, turn
        self._begun, self._end = begun, end
        self._strange = frozenset(strange)
        self._left: dict[tuple[str, str], list[datetime]] = {}

    async def of(self, work: Work, load_ids: Sequence[str], heard: Heard) -> dict[str, list[Moment]]:
        """What looks at these loads come to; `heard` is when something was told of them."""
        seen = await sight(work, self._world, load_ids)
        learnt = {e.recorded for told in seen.read.importers.evidence.values() for e in told}
        merged = await work.parties.merged()
        shared = Stretched(
            seen, self._begun, self._end, merged, self._turn, [at for at in learnt if at >= self._begun], self._left
        )
        sharing = _sharing(seen)
        found: dict[str, list[Moment]] = {}
        puzzled: list[LoadRecord] = []
        for record in seen.records:
            walk = Walk(self._world, shared, record, Times(heard.get(record.id, ())))
            found[record.id] = walk.moments()
            if walk.puzzled:
                puzzled.append(record)
            self._leaves(record.id, found[record.id], sharing)
        found |= await self._solved(work, shared, puzzled, heard)
        return {load: moments for load, moments in found.items() if moments}

    async def _solved(
        self, work: Work, shared: Stretched, puzzled: Sequence[LoadRecord], heard: Heard
    ) -> dict[str, list[Moment]]:
        """The same of those near whose numbers others are on file that nobody claims."""
        rows = shared.seen.read.shipments
        wanted = {s.ccn for r in puzzled for s in rows.get(r.id, ()) if s.ccn} if self._strange else ()
        near = {ccn: blurs for ccn in wanted if (blurs := blurs_near(ccn) & self._strange)}
        orphans = await orphans_near(work, near)
        found: dict[str, list[Moment]] = {}
        for record in puzzled:
            own = {s.ccn for s in rows.get(record.id, ()) if s.ccn in orphans.near}
            if own:
                told = {at for ccn in own for at in orphans.heard(ccn, alike=True)}.union(heard.get(record.id, ()))
                others = {at for ccn in own for at in orphans.heard(ccn, alike=False)}
                times = Times(sorted(told), sorted(others))
                found[record.id] = Walk(self._world, shared, record, times, orphans).moments()
        return found

    def _leaves(self, load: str, moments: Sequence[Moment], sharing: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """What is said of a trip after a load left it is of the later loads of that trip."""
        if load in sharing and moments and moments[-1].found.ended:
            for later in sharing[load]:
                self._left.setdefault(later, []).append(moments[-1].at)


def _sharing(seen: Sight) -> dict[str, list[tuple[str, str]]]:
    """By load the later loads of its trips, with the trip."""
    by_trip: dict[str, list[str]] = {}
    for record in seen.records:
        for claim in seen.read.claims.get(record.id, ()):
            if claim.shipment_id is None:
                by_trip.setdefault(claim.number_id, []).append(record.id)
    found: dict[str, list[tuple[str, str]]] = {}
    for trip, loads in by_trip.items():
        for place, load in enumerate(loads):
            found.setdefault(load, []).extend((later, trip) for later in loads[place + 1 :])
    return {load: later for load, later in found.items() if later}
