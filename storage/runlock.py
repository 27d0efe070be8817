"""A lock on a file, so that one `holdwatch run` at a time uses an SQLite database."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import AlreadyRunning

if sys.platform == "win32":
    import msvcrt

    def take(descriptor: int) -> None:
        """Locks a file, or OSError at once; the lock goes with the process."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def take(descriptor: int) -> None:
        """Locks a file, or OSError at once; the lock goes with the process."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def run_lock(database: Path) -> Iterator[None]:
    """Holds the lock file beside a database; AlreadyRunning when another process does. A crash lets go of it."""
    path = database.with_name(database.name + ".run")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            take(descriptor)
        except OSError as error:
            raise AlreadyRunning(
                f"another holdwatch run uses {database}; nothing was changed. Stop it first, or give this one "
                "its own HOLDWATCH_VAR. Several at once need PostgreSQL"
            ) from error
        yield
    finally:
        os.close(descriptor)
