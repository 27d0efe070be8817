"""While customs' system is down: the loads of the next hours, and the drill for their drivers, once (C4; desk: E6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.assessment import Assessment
from bot.domain.kinds import Level
from bot.domain.load import Direction
from bot.domain.numbers import printed
from bot.domain.route import Place
from bot.domain.status import RELEASES, Status
from bot.watch.answers import answer_of
from bot.watch.world import World
from storage.ids import new_id
from storage.journal import JournalRecord
from storage.loads import LoadRecord
from storage.outages import OutageRecord
from storage.outbox import WORD, OutboxRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: The system whose outage can be declared.
CBSA = "cbsa"
#: Loads that come to the border within this time hear the drill; one this long overdue may still stand there.
AHEAD, _OVERDUE = timedelta(hours=6), timedelta(hours=6)
#: The card of an outage is renewed at most this often.
_EVERY = timedelta(minutes=5)
_MOST = 500
#: In `LoadRecord.extra`: of which outages which drivers were told.
_DRILLED = "drilled"


@dataclass(frozen=True, slots=True)
class Coming:
    """A load that comes to the border while customs is down: (number as filed, transaction as printed, '' if none)."""

    record: LoadRecord
    papers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the card of an outage said, and since when it says so."""

    what: object
    at: datetime


def topic(agency: str) -> str:
    """Topic of the card of an outage."""
    return f"outage:{agency}"


async def coming(work: Work) -> list[Coming]:
    """Loads into Canada of the next hours that customs has not let go, the nearest first."""
    start, end = work.now - _OVERDUE, work.now + AHEAD
    records = await work.finder.listed(eta_from=start, eta_until=end, limit=_MOST)
    answers = ((r, answer_of(r)) for r in records if r.direction is Direction.CA)
    near = [(r, found) for r, found in answers if found is not None]
    shipments = await work.shipments.of_loads([r.id for r, _ in near])
    found = [_coming(r, answer, shipments.get(r.id, ())) for r, answer in near]
    return sorted((c for c in found if c is not None), key=lambda c: (c.record.eta or end, c.record.number))


def _coming(record: LoadRecord, found: Assessment, shipments: Sequence[ShipmentRecord]) -> Coming | None:
    rests = [j.rests_on for j in found.shipments]
    if found.ended or (rests and all(r is not None and Status(r.status) in RELEASES for r in rests)):
        return None
    told = {j.shipment: j.rests_on or j.last for j in found.shipments}
    named = ((s, told.get(s.id)) for s in shipments)
    return Coming(record, tuple((s.text or s.ccn, printed(e.transaction) if e else "") for s, e in named if s.ccn))


async def attend(work: Work, world: World, shown: Shown | None) -> Shown | None:
    """While an outage is on, tells drivers the drill and keeps its card up to date; what the card says now."""
    outage = (await work.outages.on()).get(CBSA) if work.carrier in world.outages else None
    if outage is None:
        return None
    near = await coming(work)
    await _drill(work, world, outage, near)
    if shown is not None and work.now - shown.at < _EVERY:
        return shown
    answers = map(answer_of, await work.finder.listed(limit=_MOST))
    hidden = sum(found.hidden for found in answers if found is not None)
    says = (outage.id, hidden, tuple((c.record.number, c.record.eta, c.papers) for c in near))
    if shown is not None and shown.what == says:
        return shown
    posts = (await work.posts.of_topics([topic(CBSA)])).get(topic(CBSA), [])
    await work.outbox.cards(posts, world.machine(), int(Level.URGENT))
    return Shown(says, work.now)


async def _drill(work: Work, world: World, outage: OutageRecord, near: Sequence[Coming]) -> None:
    """The checklist to each driver of these loads, in his own chat."""
    new = {c.record.id: c for c in near if c.record.driver_id and _mark(outage, c.record) not in _told(c.record)}
    if not new:
        return
    places = await _places(work, world, {c.record.driver_id or "" for c in new.values()})
    for id_, record in (await work.loads.lock(new)).items():
        place, mark = places.get(record.driver_id or ""), _mark(outage, record)
        if place is None or mark in _told(record):
            continue
        row = _word(work, world, place, outage, Coming(record, new[id_].papers))
        await work.outbox.words([row])
        await work.loads.change(id_, extra={**record.extra, _DRILLED: [*_told(record), mark][-10:]})
        await work.log.add([JournalRecord(new_id(), id_, work.now, "holdwatch", "drill", {"agency": outage.agency})])


def _told(record: LoadRecord) -> list[str]:
    return list(record.extra.get(_DRILLED, ()))


def _mark(outage: OutageRecord, record: LoadRecord) -> str:
    return f"{outage.id}:{record.driver_id}"


async def _places(work: Work, world: World, drivers: set[str]) -> dict[str, Place]:
    """The chat of each of these drivers who has one."""
    known = await work.people.accounts(drivers)
    return {
        person: Place(account.door, account.workspace, account.external, account.name)
        for person, accounts in known.items()
        for account in accounts
        if account.door == world.drivers_door
    }


def _word(work: Work, world: World, place: Place, outage: OutageRecord, one: Coming) -> OutboxRecord:
    now = world.machine()
    content = {
        "drill": outage.agency,
        "load": one.record.number,
        "papers": [list(paper) for paper in one.papers],
        "sample": work.carrier in world.sample,
    }
    lane = f"drill:{one.record.id}:{place.external}"
    return OutboxRecord(
        new_id(), WORD, place.door, place.workspace, place.external, lane, now, now,
        load_id=one.record.id, urgency=int(Level.URGENT), content=content,
    )  # fmt: skip
