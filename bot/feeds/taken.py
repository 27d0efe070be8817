"""Which files were taken from a folder, on disk before they are handed over.

A run that is killed between storing files and moving them away finds them again. That is no second word of their
sender, and with what stands here the next run knows it: the same file, known by more than its name, and when it was
taken first. A file that the sender wrote anew is another one, and says what it says again (house rule 1).
"""

import json
import logging
import os
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

#: Size, time of change, inode, and when that inode was changed or moved last.
Mark = tuple[int, int, int, int]


class Taken:
    """The files of one folder that were handed over and are not moved away, by name."""

    def __init__(self, path: Path, feed: str) -> None:
        self._path = path
        self._feed = feed
        self._entries: dict[str, tuple[Mark, datetime]] = {}
        self._told = False

    def read(self) -> None:
        """Learns what an earlier run noted, or another one beside us."""
        try:
            for name, (mark, at) in json.loads(self._path.read_bytes()).items():
                size, changed, inode, moved = map(int, mark)
                self._entries[name] = (size, changed, inode, moved), datetime.fromisoformat(at).astimezone(UTC)
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError) as why:
            self._tell("what an earlier run took can't be read", why)

    def since(self, name: str, mark: Mark) -> datetime | None:
        """When this very file was taken first; None when it is another one."""
        before, at = self._entries.get(name, (None, None))
        return at if before == mark else None

    def first(self, files: Mapping[str, Mark]) -> list[str]:
        """Names in order, those that were taken before in front: they came before the others."""
        return sorted(files, key=lambda name: (self.since(name, files[name]) is None, name))

    def note(self, batch: Mapping[str, tuple[Mark, datetime]], there: Collection[str]) -> None:
        """Writes down that these are about to be handed over; forgets those that are not `there` any more."""
        self._entries = {name: entry for name, entry in self._entries.items() if name in there} | dict(batch)
        text = json.dumps({name: (mark, at.isoformat()) for name, (mark, at) in self._entries.items()})
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with new.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as why:
            # Without it a file may be told twice after a kill; not to take it would hide what it says.
            self._tell("what is taken can't be written down", why)

    def moved(self, names: Iterable[str]) -> None:
        """Forgets files that are away; that is written with what is noted next."""
        for name in names:
            self._entries.pop(name, None)

    def _tell(self, what: str, why: Exception) -> None:
        if not self._told:
            log.warning("%s: %s", what, why, extra={"action": "folder.taken", "feed": self._feed})
        self._told = True
