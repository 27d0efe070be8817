"""Takes back what a person changed last on a load, whatever it was."""

import json
from collections.abc import Sequence

from bot.domain.alert import End
from bot.domain.kinds import Level
from bot.domain.load import Life, Said, standing
from bot.domain.numbers import NumberKind, key_of
from bot.domain.remarks import Say
from bot.watch.adopt import adopt, claiming
from bot.watch.apart import other_truck, part
from bot.watch.hands import SAME_TRUCK, TAKEN_BACK, Changed, Hands, Refused
from bot.watch.look import close_claims, reassess
from bot.watch.papers import came_or_went, change_trips, lock_with_others, undo_numbers, undo_word
from bot.watch.standing import restand
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.work import Work

#: What ended the load: taking it back opens the load again.
_ENDS = frozenset({"cancel", "crossed"})


async def undo(work: Work, world: World, load_id: str, by: Hands) -> Changed:
    """Takes back everything that this person's last line changed on this load."""
    await claiming(work)
    await _numbers_first(work, load_id, by)
    record = (await work.loads.lock([load_id])).get(load_id)
    last = await work.said.last_change(load_id, by.who, by.person)
    if record is None or not last:
        raise Refused(Say.NOTHING_TO_UNDO.of())
    fields = {s.field for s in last}
    if "added" in fields and await work.said.lines(load_id) > 1:
        raise Refused(Say.ONLY_ADDED.of(key=record.key))
    name = _name_before(record, last)
    if name != record.number or (fields & _ENDS and record.life is not Life.OPEN):
        await _refuse_double(work, record, name)
    if "eta" in fields and "added" not in fields and record.level >= Level.WARN:
        await _refuse_without_eta(work, record, last)
    await work.said.undo([s.id for s in last], by.who, work.now)
    if "added" in fields:
        return await _not_added(work, world, record, by)
    if fields & _ENDS:
        await work.loads.change(load_id, life=Life.OPEN, ended_at=None, end_why="", look_at=work.now)
        await work.claims.reopen([load_id])
        await came_or_went(work, load_id)
    for said in last:
        if said.field == "numbers":
            await undo_numbers(work, record, said, by.who)
        if said.field == "word":
            await undo_word(work, record, said)
    if name != record.number:
        await _rename(work, record, name)
    parted = [await part(work, record, s, by) for s in last if s.field == SAME_TRUCK]
    touched = fields.union(*(told for told, _ in parted))
    await restand(work, [load_id], touched)
    if "trip" in touched:
        await change_trips(work, record, (await work.loads.get(load_id)).trips)
    await adopt(work, world, [load_id])
    await reassess(work, world, [load_id], without_fact=End(f"taken back by {by.who}"))
    await reassess(work, world, [made for _, made in parted if made], anew=True)
    return Changed(load_id, fields=tuple(sorted(fields)))


async def _numbers_first(work: Work, load_id: str, by: Hands) -> None:
    """Locks the numbers that may come back before the load is locked, as every unit does that claims some; then the
    load with those that it makes due."""
    last = await work.said.last_change(load_id, by.who, by.person)
    off = {key for s in last if s.field == "numbers" for key in json.loads(s.value or "{}").get("off", ())}
    wanted = [(kind, key) for key in off for kind in (NumberKind.CCN, NumberKind.SCN)]
    if any(s.field == "trip" for s in last):
        history = (await work.said.of_loads([load_id])).get(load_id, [])
        wanted += [(NumberKind.TRIP, t) for s in history if s.field == "trip" for t in (s.value or "").split(",") if t]
    known = await work.numbers.find(wanted) if wanted else {}
    await work.numbers.upsert((kind, key, key) for kind, key in known)
    await lock_with_others(work, load_id, off, [other_truck(s) for s in last if s.field == SAME_TRUCK])


def _name_before(record: LoadRecord, last: Sequence[Said]) -> str:
    """What the load was called before these words."""
    names = [json.loads(s.value)["was"] for s in last if s.field == "number" and s.value]
    return str(names[0]) if names else record.number


async def _refuse_double(work: Work, record: LoadRecord, name: str) -> None:
    """There must never be two open loads of one number and direction."""
    key = key_of(name)
    for other in (await work.loads.of_numbers([key])).get(key, []):
        if other.id != record.id and other.direction is record.direction and other.life is Life.OPEN:
            raise Refused(Say.NUMBER_TAKEN_SINCE.of(number=name))


async def _refuse_without_eta(work: Work, record: LoadRecord, last: Sequence[Said]) -> None:
    """T5: a level falls with a later ETA, not with one that nobody says any more."""
    gone = {s.id for s in last}
    history = (await work.said.of_loads([record.id])).get(record.id, [])
    before = standing(tuple(s for s in history if s.field == "eta" and s.id not in gone))
    if before is None or before.value is None:
        raise Refused(Say.ETA_NEEDED.of(number=record.number))


async def _rename(work: Work, record: LoadRecord, name: str) -> None:
    again = (await work.loads.of_numbers([key_of(name)])).get(key_of(name), [])
    occurrence = 1 + max((r.occurrence for r in again if r.direction is record.direction), default=0)
    await work.loads.change(record.id, number=name, number_key=key_of(name), occurrence=occurrence)


async def _not_added(work: Work, world: World, record: LoadRecord, by: Hands) -> Changed:
    """An addition taken back is a cancelled load."""
    reason = f"{TAKEN_BACK} by {by.who}"
    await work.loads.end(record.id, Life.CANCELLED, reason, work.now)
    await close_claims(work, world, [record.id])
    await came_or_went(work, record.id)
    await reassess(work, world, [record.id], {record.id: End(reason)})
    return Changed(record.id, fields=("added",))
