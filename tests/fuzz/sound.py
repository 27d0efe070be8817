"""What holds for every body that any source reads, whatever it is."""

import time
from collections.abc import Callable
from datetime import timedelta

from bot.domain.report import Report
from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from tests.fuzz.corpus import RECEIVED
from tests.fuzz.stated import is_stated
from tests.patience import costs

#: Processor time that a body may take, and that each byte of it may.
_LEAST, _PER_BYTE = 0.5, 1.5e-6
#: Bytes that each problem must have cost: what is lost is told, and one loss is not told many times over.
_PER_PROBLEM, _FEW = 8, 100


class Fault(AssertionError):
    """A reader did what none may do; the words say what."""


def bound(size: int) -> float:
    """Seconds of processor time that reading so many bytes may take: under two for a megabyte."""
    return _LEAST + _PER_BYTE * size


def sound(source: str, body: bytes, reader: Reader, *, timed: bool = True) -> Reading:
    """What a source reads in a body; Fault when that breaks a rule, and whatever it raises."""
    reading, took = _timed(source, body, reader)
    if timed:
        bounded(lambda: SOURCES[source].read(body, reader, RECEIVED), took, len(body))
    _loud(reading, len(body))
    for report in reading.reports:
        _storable(report)
        if not is_stated(source, body, report):
            raise Fault(f"it does not say {report.status} of {report.key}")
    return reading


def bounded(read: Callable[[], object], took: float, size: int) -> None:
    """Fault where reading so many bytes takes much longer than it may, each time that it is tried."""
    if took > bound(size) and not costs(read, 2 * bound(size)):
        raise Fault(f"{size} bytes took {took:.1f} s")


def _timed(source: str, body: bytes, reader: Reader) -> tuple[Reading, float]:
    start = time.thread_time()
    reading = SOURCES[source].read(body, reader, RECEIVED)
    return reading, time.thread_time() - start


def _loud(reading: Reading, size: int) -> None:
    """Every loss is a problem that names a place, in words that can be shown."""
    if len(reading.problems) > _FEW + size // _PER_PROBLEM:
        raise Fault(f"{len(reading.problems)} problems: nobody reads so many")
    for p in reading.problems:
        if not (p.where and p.why and (p.where + p.why + p.code).isprintable()):
            raise Fault(f"a problem without a place or words: {p!r}")
    cells = [text for row in reading.loads for text in (row.where, *row.cells.values())]
    if not reading.ref.isprintable() or any("\0" in text for text in cells):
        raise Fault("what can't be stored")


def _storable(report: Report) -> None:
    texts = [getattr(report, name) for name in _TEXTS] + [text for pair in report.carries for text in pair]
    if not (report.key.isprintable() and 0 < len(report.key) <= 40 and all(text.isprintable() for text in texts)):
        raise Fault(f"what can't be stored: {report!r}")
    for moment in (report.prepared, report.at):
        if moment is not None and (moment.utcoffset() is None or moment - RECEIVED > timedelta(hours=24)):
            raise Fault(f"a time that nobody can believe: {moment!r}")


_TEXTS = ("raw", "text", "note", "office", "sub_location", "reason", "ref", "transaction", "hold_key")
