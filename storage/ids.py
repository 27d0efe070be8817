"""Identifiers made by us: sortable by time, safe across processes, short enough to read."""

import os
import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_EPOCH_MS = 1_577_836_800_000  # 2020: 41 bits of milliseconds last until 2089
_PROCESS_BITS, _COUNT_BITS = 23, 16
_SHORT_ALPHABET = _ALPHABET[2:]  # no 0 and 1: short keys are read out over the telephone


class _Maker:
    """41 bits of time, 23 bits that tell processes apart, 16 bits of count: eighty bits, sixteen letters."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._count = 0
        self._head = ""
        self._tail = 0
        self.reseed()

    def reseed(self) -> None:
        """Takes another process mark (a forked child must not repeat its parent's ids)."""
        self._mark = secrets.randbits(_PROCESS_BITS)
        self._begin(self._last)

    def next(self) -> str:
        now = time.time_ns() // 1_000_000 - _EPOCH_MS
        with self._lock:
            if now > self._last:
                self._begin(now)
            else:  # the same millisecond, or a clock set back: order is kept by counting on
                self._count += 1
                if self._count >> _COUNT_BITS:
                    self._begin(self._last + 1)
            tail = self._tail | self._count
            return self._head + _PAIRS[tail >> 10] + _PAIRS[tail & 1023]

    def _begin(self, moment: int) -> None:
        """Starts to count anew: twelve letters stay the same until the next millisecond."""
        self._last, self._count = moment, 0
        number = ((moment << _PROCESS_BITS) | self._mark) << _COUNT_BITS
        self._head = "".join([_PAIRS[(number >> shift) & 1023] for shift in range(70, 10, -10)])
        self._tail = number & 0xFFFFF


_maker = _Maker()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_maker.reseed)


def new_id() -> str:
    """A new identifier of 16 characters; later ones of a process sort behind earlier ones."""
    return _maker.next()


def short_key(length: int = 4) -> str:
    """A random short key such as `~k3f9`; whether it is free only the carrier's loads can tell."""
    return "~" + "".join(secrets.choice(_SHORT_ALPHABET) for _ in range(length))
