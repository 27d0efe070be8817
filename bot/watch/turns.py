"""Giving way: long work without a wait in it lets people who wait for an answer have a turn again and again."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")

#: Messages or loads between two turns of others: one to three milliseconds.
_AT_ONCE = 25


async def in_turns(things: Iterable[T]) -> AsyncIterator[T]:
    """The same things; whoever else is ready runs now and then between them."""
    for nth, thing in enumerate(things, 1):
        yield thing
        if nth % _AT_ONCE == 0:
            await asyncio.sleep(0)
