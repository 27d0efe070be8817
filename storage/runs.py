"""Which runs of an installation are dead: each holds a lock on a file of its own while its process lives."""

import contextlib
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from storage.runlock import take

log = logging.getLogger(__name__)

_SUFFIX = ".run"
_TRIES = 10


@contextmanager
def living(folder: Path, name: str) -> Iterator[None]:
    """Shows that the run `name` lives. The system lets go of it when the process is gone, and not before.

    Where the folder takes no lock, nothing is shown: what the run holds when it dies waits for its leases.
    """
    path = folder / f"{name}{_SUFFIX}"
    descriptor = _locked(path)
    if descriptor is None:
        log.warning("a folder takes no lock", extra={"action": "run.no_lock", "folder": str(folder)})
    try:
        yield
    finally:
        if descriptor is not None:
            _ended(path, descriptor)


@contextmanager
def dead(folder: Path) -> Iterator[list[str]]:
    """The names of runs that ended without a word; they are forgotten when the block ends well.

    A lock says more than a session of the database: a session is lost with the network while its process goes on
    sending. It speaks for this machine's own disk alone, so runs elsewhere are in another folder.
    """
    with ExitStack() as held:
        found: dict[Path, int] = {}
        for path in sorted(folder.glob(f"*{_SUFFIX}")):
            with contextlib.suppress(OSError):  # its process lives, or another one tidies up
                descriptor = os.open(path, os.O_RDWR)
                held.callback(os.close, descriptor)
                take(descriptor)
                found[path] = descriptor
        yield [path.name.removesuffix(_SUFFIX) for path in found]
        for path in found:
            with contextlib.suppress(OSError):  # Windows keeps what is open; the next start finds it again
                path.unlink()


def _locked(path: Path) -> int | None:
    """A lock on a new file that is still there: between the two a start of another run may have tidied it away."""
    for _ in range(_TRIES):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        with contextlib.suppress(OSError):
            take(descriptor)
            if os.path.samestat(path.stat(), os.fstat(descriptor)):
                return descriptor
        os.close(descriptor)
    with contextlib.suppress(OSError):
        path.unlink()
    return None


def _ended(path: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
    os.close(descriptor)
    with contextlib.suppress(OSError):  # Windows removes no file that is open
        path.unlink()
