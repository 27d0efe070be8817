"""Doing a unit again where the database was away for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage.errors import GONE

Got = TypeVar("Got")

#: Pauses double from a tenth of a second: half a minute in all, less than a lease of the outbox lasts.
_TRIES = 9


async def patiently(do: Callable[[], Awaitable[Got]]) -> Got:
    """What `do` gives, tried for half a minute; the last fault of the database is raised."""
    for attempt in range(_TRIES - 1):
        try:
            return await do()
        except GONE:
            await asyncio.sleep(0.1 * 2**attempt)
    return await do()
