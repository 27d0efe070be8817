"""Which of two numbers is on the sticker, by a person's word (K, `number_mismatch`)."""

import json

from bot.domain.load import Said
from bot.domain.numbers import key_of
from bot.watch.hands import Changed, Hands
from bot.watch.intake import numbers, open_load
from bot.watch.look import reassess
from bot.watch.world import World
from storage.ids import new_id
from storage.shipments import ShipmentRecord
from storage.work import Work


async def ours(work: Work, world: World, row: ShipmentRecord, other: str, by: Hands) -> Changed:
    """Our number is on the sticker: whoever filed the other one must file again."""
    await open_load(work, row.load_id)
    await _say(work, row.load_id, "ours", row.ccn, other, by)
    await reassess(work, world, [row.load_id])
    return Changed(row.load_id)


async def theirs(work: Work, world: World, row: ShipmentRecord, other: str, by: Hands) -> Changed:
    """The other number is on the sticker: it replaces ours, and nothing goes until it is matched or accepted anew.

    The answer is kept first, so that no look between the two says go by what was told of that number before.
    """
    await open_load(work, row.load_id, lock=False)
    await _say(work, row.load_id, "theirs", key_of(other), row.text or row.ccn, by)
    return await numbers(work, world, row.load_id, row.type, f"{row.ccn}=>{other}", by)


async def _say(work: Work, load_id: str, answer: str, number: str, other: str, by: Hands) -> None:
    value = json.dumps({"answer": answer, "number": number, "other": other})
    said = Said("sticker", value, by.hand, by.who, work.now, new_id())
    await work.said.add([(load_id, said)], by.delivery, by.person)
