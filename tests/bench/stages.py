"""Where the time of a run goes: the stack is looked at every millisecond and counted for the stage it is in."""

import functools
import linecache
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_EVERY = 0.001
#: Stages by a part of the file and a name of the function ('' for any); from the innermost frame out, the first fits.
STAGES = (
    ("bot/feeds/", "", "parse"),
    ("bot/domain/clearance", "", "fold"),
    ("bot/domain/reasons", "open_reasons", "fold"),
    ("bot/domain/manifest", "manifest_of", "fold"),
    ("bot/domain/written", "to_json", "JSON of answers"),
    ("bot/domain/assess.py", "", "assess"),
    ("bot/domain/alert", "", "notice"),
    ("json/encoder", "", "JSON of answers"),
    ("json/decoder", "", "rows to records"),
    ("storage/unit", "_many", "parameters of writes"),
    ("storage/table", "batch", "parameters of writes"),
    ("storage/reports", "_row", "parameters of writes"),
    ("storage/", "_rows", "rows to records"),
    ("storage/", "of_", "rows to records"),
    ("storage/loads", "", "rows to records"),
    ("storage/raws", "", "raws"),
    ("bot/watch/gather", "", "gather"),
    ("bot/watch/tell", "", "tell"),
    ("bot/watch/look", "", "look"),
    ("bot/watch/ingest", "_read", "parse"),
    ("bot/watch/ingest", "", "ingest itself"),
)
_DATABASE = {"commit": "database: commit", "executemany": "database: writes"}


class Sampled:
    """How often each stage was seen."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.main = threading.get_ident()

    def look(self, _: int, frame: FrameType | None) -> None:
        """Counts the stage that the main thread is in; while it waits, what the database's thread does."""
        self.seen[self._stage(frame)] += 1

    def _stage(self, frame: FrameType | None) -> str:
        if frame is not None and frame.f_code.co_name == "select":
            return self._waited_for()
        outermost = "other"
        while frame is not None:
            file, name = frame.f_code.co_filename, frame.f_code.co_name
            for part, function, stage in STAGES:
                if part in file and name.startswith(function):
                    return stage
            outermost = "SQLAlchemy" if "sqlalchemy/" in file else outermost
            frame = frame.f_back
        return outermost

    def _waited_for(self) -> str:
        for thread, frame in sys._current_frames().items():
            if thread == self.main or "aiosqlite" not in frame.f_code.co_filename:
                continue
            if frame.f_code.co_name == "_execute_fetchall":
                return "database: reads"
            if "function()" not in linecache.getline(frame.f_code.co_filename, frame.f_lineno):
                continue
            running = frame.f_locals.get("function")
            if isinstance(running, functools.partial):
                return _DATABASE.get(running.func.__name__, "database: reads")
        return "loop and thread hops"

    def shares(self) -> list[tuple[str, float]]:
        """Stages and their share of the time, the largest first."""
        whole = sum(self.seen.values()) or 1
        return [(stage, count / whole) for stage, count in self.seen.most_common()]


@contextmanager
def sampled() -> Iterator[Sampled]:
    """Samples what runs inside."""
    found = Sampled()
    before = signal.signal(signal.SIGALRM, found.look)
    signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
