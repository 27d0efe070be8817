"""What was told of a number before a load claimed it: that load hears it as if it had been there (house rule 8)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority
from bot.watch.early import take_up
from bot.watch.world import World
from storage.adoption import Adoption, Elsewhere
from storage.dock import Dock
from storage.work import Work

#: Whose word may be about a number of another kind than it says.
_KINDLESS = frozenset({Authority.BROKER, Authority.EMAIL})


async def claiming(work: Work) -> None:
    """Says that numbers are claimed in this unit; to be called before any row is locked."""
    await Adoption(work.unit, work.carrier).claiming()


async def adopt(work: Work, world: World, load_ids: Iterable[str]) -> None:
    """Gives the numbers of these loads what was told of them before: by a broker that did not say their kind, or
    by a feed of several carriers to the one whose code they bear. To be called before the loads are looked at."""
    ids = list(load_ids)
    if not ids:
        return
    adoption = Adoption(work.unit, work.carrier)
    await adoption.move(await adoption.kindless(ids))
    if feeds := _shared(world, work.carrier):
        await _from_others(work, world, ids, feeds)
    await take_up(work, world, ids)


def _shared(world: World, carrier: str) -> dict[str, set[str]]:
    """Feeds that speak for this carrier too, by the other carrier."""
    own = {cover.feed for cover in world.carriers[carrier].feeds}
    found = {c.id: own & {cover.feed for cover in c.feeds} for c in world.carriers.values() if c.id != carrier}
    return {other: feeds for other, feeds in found.items() if feeds}


async def _from_others(work: Work, world: World, ids: list[str], shared: dict[str, set[str]]) -> None:
    since = work.now - world.carriers[work.carrier].policy.window_before
    feeds = set().union(*shared.values())
    found = await Adoption(work.unit, work.carrier).elsewhere(ids, set(shared), feeds, since)
    for other in sorted({one.carrier for one in found}):
        told = _Told(work, other, shared[other], since)
        own = await told.copy(_meant([one for one in found if one.carrier == other]))
        await told.of_transactions({r.transaction for r in own if r.transaction})


def _meant(found: Sequence[Elsewhere]) -> dict[str, Elsewhere]:
    """Which of ours each of their numbers is: the one of its kind, else the only one that it may be."""
    same = {one.number_id: one for one in found if not one.kindless}
    others = Counter(one.number_id for one in found if one.kindless)
    return {one.number_id: one for one in found if others[one.number_id] == 1} | same


class _Told:
    """What shared feeds told one other carrier, to be told to ours."""

    def __init__(self, work: Work, other: str, feeds: Collection[str], since: datetime) -> None:
        self._work, self._feeds, self._since = work, feeds, since
        self._other = Dock(work.unit).work(other)

    async def copy(self, meant: Mapping[str, Elsewhere]) -> list[Report]:
        """Adds to our numbers what was told of theirs and not of ours yet; those reports."""
        mine = {one.mine for one in meant.values()}
        kinds = {id_: number.kind for id_, number in (await self._work.numbers.of(mine)).items()}
        known = {(number, raw, r.position) for number, raw, r in await self._work.reports.with_raws(mine)}
        found = []
        for theirs, raw, report in await self._other.reports.with_raws(meant):
            to = meant[theirs]
            if (to.mine, raw, report.position) not in known and self._ours(report, to.kindless):
                found.append((to.mine, raw, replace(report, kind=kinds[to.mine])))
        await self._work.reports.add(found)
        return [report for _, _, report in found]

    def _ours(self, report: Report, kindless: bool) -> bool:
        late = report.received is None or report.received < self._since
        return report.feed in self._feeds and not late and (not kindless or report.authority in _KINDLESS)

    async def of_transactions(self, keys: Collection[str]) -> None:
        """What was told of these transactions alone, without our number, may take back what was told of it."""
        theirs = await self._other.numbers.find((NumberKind.TRANSACTION, key) for key in keys) if keys else {}
        ours = await self._work.numbers.upsert((kind, key, key) for kind, key in theirs)
        if theirs:
            carrier = self._other.carrier
            await self.copy({id_: Elsewhere(carrier, id_, ours[number], False) for number, id_ in theirs.items()})
