"""How long tests wait, and what they let a call cost: limits against what hangs, and no measures of speed."""

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable

from tests.bench.measure import slowness

#: Seconds for whatever must come; pytest's own limit is three times as long.
PATIENCE = 100.0
_TRIES = 4


async def until(met: Callable[[], object], every: float = 0.01) -> None:
    """Waits until something is the case, or an async question has a true answer."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = met()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(every)


def costs(call: Callable[[], object], seconds: float) -> bool:
    """Whether a call needs at most these seconds of processor time, by what the machine is worth at the moment.

    One of a few tries must: other programs may have had the caches in the others.
    """
    for _ in range(_TRIES):
        start = time.thread_time()
        call()
        if time.thread_time() - start <= seconds * slowness():
            return True
    return False
