"""A lock on a file, which ends with whoever holds it, also by a kill -9."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def take(descriptor: int) -> None:
        """Takes the lock of an open file; OSError where somebody else has it, or files can't be locked here."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def take(descriptor: int) -> None:
        """Takes the lock of an open file; OSError where somebody else has it, or files can't be locked here."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


#: Errors that say somebody else has it; all others say that this place knows no locks.
_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """False while another process is in here; where files can't be locked nobody is kept out."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _taken(descriptor)
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        take(descriptor)
    except OSError as why:
        return why.errno not in _HELD
    return True
