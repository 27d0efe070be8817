"""People who ask while messages come have their turn soon."""

import asyncio

from bot.watch.message import BATCH_WHILE_ASKED
from bot.watch.turns import asked, in_turns
from bot.watch.world import World
from tests.watch.ground import Feeds, rns, world


async def _turns_of_others(things: int, world_: World) -> int:
    """How often another task runs while so many things are gone through."""
    turns, over = 0, asyncio.Event()

    async def other() -> None:
        nonlocal turns
        while not over.is_set():
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(other())
    assert [thing async for thing in in_turns(range(things), world_)] == list(range(things))
    over.set()
    await waiting
    return turns


async def test_long_work_gives_way_and_more_often_while_people_ask():
    made = world()
    quiet = await _turns_of_others(200, made)
    asked(made)
    assert 1 < quiet < await _turns_of_others(200, made)


async def test_while_people_ask_messages_are_committed_in_smaller_units(db):
    feeds = Feeds(db, world())
    bodies = [rns(pars=f"SMPLPARS{n}") for n in range(2 * BATCH_WHILE_ASKED)]
    assert await feeds.hears(*bodies[: BATCH_WHILE_ASKED + 1]) == (BATCH_WHILE_ASKED + 1, 0)
    assert feeds.woken == 1
    asked(feeds.world)
    assert await feeds.hears(*bodies) == (BATCH_WHILE_ASKED - 1, BATCH_WHILE_ASKED + 1)
    assert feeds.woken == 3
