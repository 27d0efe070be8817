"""Papers that a mail speaks of before anybody entered their load: kept at their number until a load claims it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.load import Hand, LoadRow, Said
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import PAPERS, Authority, Status, Track
from bot.watch.hands import Hands
from bot.watch.standing import restand
from bot.watch.world import World
from storage.adoption import Adoption
from storage.ids import new_id
from storage.work import Work

#: No place in a message: beside what the same mail says of the same number.
_BESIDE = -1


async def keep(work: Work, row: LoadRow, key: str, by: Hands, received: datetime) -> None:
    """Hangs on a number that its papers went to the broker: a remark, which changes no state."""
    sent = row.cells.get("papers_sent")
    if not sent or not key:
        return
    said = Report(
        NumberKind.CCN, key, Status.WARNING, Track.RELEASE, "mail", "papers went to the broker",
        prepared=datetime.fromisoformat(sent), reason=PAPERS, note="papers went to the broker", position=_BESIDE,
    )  # fmt: skip
    ids = await work.numbers.upsert([(said.kind, key, key)])
    await work.reports.add([(ids[said.kind, key], by.delivery, said.heard(received, by.who, Authority.EMAIL))])


async def take_up(work: Work, world: World, load_ids: Sequence[str]) -> None:
    """Notes when papers went of shipments of which nobody said it, by the first mail that spoke of their number."""
    since = work.now - world.carriers[work.carrier].policy.window_before
    told = await Adoption(work.unit, work.carrier).told_of(load_ids, PAPERS, since)
    first: dict[tuple[str, str], tuple[datetime, str]] = {}
    for one in told:
        at = first.get((one.load_id, one.shipment_id))
        if one.at is not None and (at is None or one.at < at[0]):
            first[one.load_id, one.shipment_id] = one.at, one.feed
    if not first:
        return
    history = await work.said.of_loads({load for load, _ in first})
    known = {(load, said.shipment) for load, own in history.items() for said in own if said.field == PAPERS}
    words = [
        (load, Said(PAPERS, at.isoformat(), Hand.FEED, feed, work.now, new_id(), shipment))
        for (load, shipment), (at, feed) in first.items()
        if (load, shipment) not in known
    ]
    if words:
        await work.said.add(words)
        await restand(work, {load for load, _ in words}, {PAPERS})
