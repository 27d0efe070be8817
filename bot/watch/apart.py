"""Loads that were taken for one truck, and are two after all: the other one must be watched again."""

from bot.domain.load import Hand, Life, Said
from bot.watch.hands import SAME_TRUCK, Hands
from bot.watch.papers import came_or_went, undo_numbers
from bot.watch.standing import restand
from storage.loads import LoadRecord
from storage.work import Work


def other_truck(said: Said) -> str:
    """The id of the load that another was put together with."""
    return (said.value or "").partition("=")[0]


async def part(work: Work, record: LoadRecord, said: Said, by: Hands) -> tuple[set[str], str]:
    """Two loads that were taken for one truck are two again: the fields that the feed had said of this one by that, and
    the id of the other where it is watched again."""
    history = (await work.said.of_loads([record.id])).get(record.id, [])
    told = [s for s in history if s.hand is Hand.FEED and s.at == said.at]
    for one in told:
        if one.field == "numbers":
            await undo_numbers(work, record, one, by.who)
    await work.said.undo([s.id for s in told], by.who, work.now)
    fields, id_ = {s.field for s in told}, other_truck(said)
    made = (await work.loads.of([id_])).get(id_)
    if made is None or made.life is not Life.CANCELLED or made.ended_at != said.at:
        return fields, ""
    same = (await work.loads.of_numbers([made.number_key])).get(made.number_key, [])
    if any(r.life is Life.OPEN and r.direction is made.direction for r in same):
        return fields, ""  # the feed has made it anew
    await work.loads.change(id_, life=Life.OPEN, ended_at=None, end_why="", look_at=work.now)
    await work.claims.reopen([id_])
    await came_or_went(work, id_)
    return fields, id_


async def part_strangers(work: Work, record: LoadRecord, by: Hands) -> list[str]:
    """Parts a load from those with which it has no number in common any more: ids of those that are watched again."""
    history = (await work.said.of_loads([record.id])).get(record.id, [])
    same = [s for s in history if s.field == SAME_TRUCK]
    found: list[str] = []
    for said in same:
        claims = await work.claims.of_loads([record.id, other_truck(said)])
        held = {load: {c.number_id for c in claims if c.load_id == load} for load in (record.id, other_truck(said))}
        if held[record.id].isdisjoint(held[other_truck(said)]):
            await work.said.undo([said.id], by.who, work.now)
            fields, made = await part(work, record, said, by)
            await restand(work, [record.id], fields)
            found += [made] if made else []
    return found
