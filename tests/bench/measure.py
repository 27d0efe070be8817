"""Numbers of a bench: times of the clock and of the processor, what lies where among them, and a table of them."""

import gc
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")


def batches(all_: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """In pieces of this size."""
    return (all_[start : start + size] for start in range(0, len(all_), size))


def percentile(times: Sequence[float], share: float) -> float:
    """The value under which this share of the times lies."""
    ranked = sorted(times)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def median(times: Sequence[float]) -> float:
    """The middle one."""
    return percentile(times, 0.5)


def ms(seconds: float) -> str:
    """A time in words."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


@dataclass
class Watch:
    """Adds up what passes inside `with`: `wall` seconds of the clock, `cpu` seconds of this process."""

    wall: float = 0.0
    cpu: float = 0.0

    def __enter__(self) -> "Watch":
        gc.collect()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        self.wall += time.perf_counter() - self._wall
        self.cpu += time.process_time() - self._cpu


#: What a yardstick is on the machine where the limits of tests were set.
_USUAL = 11.5e-6


def slowness() -> float:
    """How much slower this machine is at this moment than the one where the limits of tests were set; 1 at least."""
    return max(1.0, yardstick() / _USUAL)


def yardstick(times: int = 300) -> float:
    """Processor seconds of one JSON round trip of a load's answer: what this machine is worth at this moment."""
    found = json.dumps({"holds": [{"kind": "not_matched", "cause": "broker", "detail": {"ear": "rns"}}] * 4, "n": 1.5})
    start = time.thread_time()
    for _ in range(times):
        json.dumps(json.loads(found))
    return (time.thread_time() - start) / times
