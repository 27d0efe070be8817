"""How long to wait before something is tried again."""

import random
from datetime import timedelta

_FIRST = timedelta(seconds=1)
_MOST = timedelta(minutes=5)


def wait(attempts: int, asked: timedelta | None = None, chance: float | None = None) -> timedelta:
    """The wait after this many attempts: what the other side asked for, else doubling to five minutes, with jitter."""
    if asked is not None and asked > timedelta(0):
        return asked
    doubled = min(_FIRST * 2.0 ** min(max(attempts - 1, 0), 12), _MOST)
    spread: float = 0.75 + 0.5 * (random.random() if chance is None else chance)
    return doubled * spread
