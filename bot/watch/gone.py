"""Who is no more: a place (its loads are told elsewhere, the admins hear of it), a driver's chat, a carrier."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.kinds import Level
from bot.domain.route import Account, Place, hear_loads
from bot.watch.tell import DRIVER, post_open
from bot.watch.world import World
from storage.ids import new_id
from storage.journal import JournalRecord
from storage.outbox import WORD, OutboxRecord
from storage.people import AccountRecord
from storage.work import Work

log = logging.getLogger(__name__)

#: What waits for a carrier that is not in the settings is kept for a day: it may have been left out by mistake,
#: or another process may have newer settings.
_KEEP = timedelta(days=1)
_LOOK_AGAIN = timedelta(minutes=15)
#: How lanes begin in which somebody is called alone.
_CALL = "call:"


async def turn_off(work: Work, world: World, gone: Place, why: str) -> bool:
    """Turns a place off and has its loads told elsewhere; False when nothing is heard there.

    To be called before any row is locked: the loads come first, as in every look at them.
    """
    if not any(_same(route, gone) for route in await work.routes.on()):
        return False
    await work.loads.lock({a.load_id for a in await work.alerts.open(1000)})
    if not await work.routes.off(gone, why, work.now):
        return False
    await _tell_elsewhere(work, world, gone, why)
    return True


async def _tell_elsewhere(work: Work, world: World, gone: Place, why: str) -> None:
    """Tells the loads of a place that was just turned off in the places that are left, and the admins why."""
    route = await work.routes.find(gone)
    name = (route.name if route else "") or gone.name or gone.external
    words = {"place": name, "door": gone.door, "why": why}
    await work.log.add([JournalRecord(new_id(), None, work.now, "holdwatch", "place_gone", words)])
    await leave(work, gone)
    count = await post_open(work, world)
    left = [r.name or r.external for r in hear_loads(await work.routes.on())]
    content = {"gone": name, "door": gone.door, "why": why, "left": left, "open": count, "carrier": work.carrier}
    await work.outbox.words([_row(world, a, content) for a in await _admins(work) if not _same(a, gone)])


async def tell_admins(work: Work, world: World, content: Mapping[str, Any]) -> None:
    """Says something to every admin in a chat of his own."""
    await work.outbox.words([_row(world, a, {**content, "carrier": work.carrier}) for a in await _admins(work)])


async def leave(work: Work, place: Place) -> None:
    """Ends the posts of open alerts in a place that hears nothing any more: nothing is edited or said there."""
    posts = await work.posts.of_alerts([a.id for a in await work.alerts.open(1000)])
    await work.posts.end([p.id for p in posts if _same(p, place)], work.now)


async def _admins(work: Work) -> list[AccountRecord]:
    admins = [p.id for p in await work.people.all() if p.role == "admin" and p.active]
    return [a for accounts in (await work.people.accounts(admins)).values() for a in accounts]


def _same(one: Any, place: Place) -> bool:
    return (one.door, one.workspace, one.external) == (place.door, place.workspace, place.external)


def _row(world: World, admin: AccountRecord, content: Mapping[str, Any]) -> OutboxRecord:
    """A word in the admin's own chat."""
    now, lane = world.machine(), f"admin:{admin.door}:{admin.external}"
    return OutboxRecord(
        new_id(), WORD, admin.door, admin.workspace, admin.external, lane, now, now,
        urgency=int(Level.URGENT), content=content,
    )  # fmt: skip


async def unreached(work: Work, world: World, row: OutboxRecord, why: str) -> None:
    """Tells dispatch, in the load's own threads, that the chat of its driver, or of somebody who was called for it,
    took no message; a driver is not tried again."""
    load = (await work.loads.of([row.load_id])).get(row.load_id) if row.load_id else None
    if load is None:
        return
    name, phone, called = load.driver_name, load.phone, row.lane.startswith(_CALL)
    if called:
        person = await work.people.by_account(Account(row.door, row.workspace, row.external))
        name, phone = (person.name, person.phone) if person else (row.external, "")
    posts = await work.posts.of_alerts([row.alert_id]) if row.alert_id else []
    await work.posts.end([p.id for p in posts if _same(p, row.place)], work.now)
    content = {"unreached": name, "load": load.number, "phone": phone, "why": why, "called": called}
    now = world.machine()
    await work.outbox.words(
        OutboxRecord(
            new_id(), WORD, p.door, p.workspace, p.external, f"post:{p.id}", now, now, p.id, row.alert_id, load.id,
            int(Level.URGENT), content, broadcast=True,
        )
        for p in posts if not _same(p, row.place) and p.topic != DRIVER
    )  # fmt: skip
    what, words = ("call_unreached", {"name": name}) if called else ("driver_unreached", {"driver": name})
    await work.log.add([JournalRecord(new_id(), load.id, work.now, "holdwatch", what, {**words, "why": why})])


async def carrier_gone(work: Work, row: OutboxRecord, at: datetime) -> None:
    """Keeps what waits for a carrier that is not in the settings for a day, then drops it; `at` is machine time."""
    why = "its carrier is not in the settings any more"
    if at - row.made_at < _KEEP:
        await work.outbox.retry(row, at + _LOOK_AGAIN, why)
    else:
        await work.outbox.dropped(row, why, at)
        log.error(
            "a message was dropped", extra={"action": "deliver.no_carrier", "carrier": work.carrier, "row": row.id}
        )
