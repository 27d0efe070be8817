"""Giving way: long work without a wait in it lets people who wait for an answer have a turn again and again."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import TypeVar

from bot.watch.world import World

T = TypeVar("T")

#: Messages or loads between two turns of others: one to three milliseconds, and less than one while people ask.
_AT_ONCE, _ASKED = 25, 5
#: Whoever asked is likely to ask again, and an answer takes several turns.
_SOON = timedelta(seconds=2)


def asked(world: World) -> None:
    """Notes that a person asks."""
    world.asked = world.machine()


def people_ask(world: World) -> bool:
    """Whether a person asks, or did a moment ago: what can be done in smaller pieces is."""
    return world.asked is not None and world.machine() - world.asked < _SOON


async def in_turns(things: Iterable[T], world: World) -> AsyncIterator[T]:
    """The same things; whoever else is ready runs now and then between them."""
    at_once = _ASKED if people_ask(world) else _AT_ONCE
    for nth, thing in enumerate(things, 1):
        yield thing
        if nth % at_once == 0:
            await asyncio.sleep(0)
