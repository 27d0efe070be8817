"""Everything that reads what strangers write: each source, the lines that people type, the pages of wait times."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

from bot.config import world_crossings
from bot.domain.waits import Flow, Wait
from bot.feeds.registry import SOURCES
from bot.feeds.waits import read_cbp, read_cbsa
from handlers.grammar import Command, parse
from tests.fuzz.corpus import RECEIVED, readers, seeds
from tests.fuzz.sound import Fault, bounded, sound

_TRIES = Path(__file__).parents[1] / "handlers" / "first_tries.txt"
_CROSSINGS = world_crossings()
_READ = {"cbp": read_cbp, "cbsa": read_cbsa}


@dataclass(frozen=True)
class Target:
    """One reader: what to begin with, and what reads a body and fails where it must not do what it did."""

    name: str
    seeds: Sequence[bytes]
    check: Callable[[bytes], None]


def _source(name: str, body: bytes) -> None:
    for reader in readers(name):
        sound(name, body, reader)


def _line(body: bytes) -> None:
    """A line is a command, which its own spelling means too, or a question; in a thread as well."""
    text = body.decode("utf-8", "replace")
    for thread in (False, True):
        start = time.thread_time()
        found = parse(text, thread_subject=thread)
        bounded(partial(parse, text, thread_subject=thread), time.thread_time() - start, len(body))
        if not isinstance(found, Command):
            if not (found.sentence or found.suggestions):
                raise Fault("a question without words")
        elif found.spec.writes and parse(found.line(), thread_subject=thread) != found:
            raise Fault(f"{found!r} is not what its own spelling means")


def _waits(source: str, body: bytes) -> None:
    start = time.thread_time()
    waits, problems = _READ[source](body, _CROSSINGS, RECEIVED)
    bounded(lambda: _READ[source](body, _CROSSINGS, RECEIVED), time.thread_time() - start, len(body))
    for wait in waits:
        _wait(wait, body)
    if any(not p.why for p in problems):
        raise Fault("a problem without words")


def _wait(wait: Wait, body: bytes) -> None:
    if wait.at is not None and _ahead(wait.at):
        raise Fault(f"a time still to come: {wait.at}")
    if wait.minutes is not None and not 0 <= wait.minutes <= 24 * 60:
        raise Fault(f"{wait.minutes} minutes")
    if (wait.minutes is None) is (wait.flow is Flow.MOVING):
        raise Fault(f"{wait.flow} with {wait.minutes} minutes")
    named = {0, *(int(digits) for digits in re.findall(rb"\d{1,4}", body.replace(b'"', b"")))}
    if wait.minutes and not any(wait.minutes - 60 * hours in named for hours in named):
        raise Fault(f"{wait.minutes} minutes, which it does not say")


def _ahead(moment: datetime) -> bool:
    return moment - RECEIVED > timedelta(minutes=15)


@cache
def targets() -> dict[str, Target]:
    """Every target by name; a source that is new is one."""
    found = [Target(name, [s.body for s in seeds(name)], partial(_source, name)) for name in SOURCES]
    lines = [line for line in _TRIES.read_bytes().splitlines() if line and not line.startswith(b"# ")]
    found.append(Target("lines", [line.partition(b" => ")[0].removeprefix(b"thread: ") for line in lines], _line))
    for name in _READ:
        own = [s.body for s in seeds("waits") if s.name.startswith(f"{name}_")]
        found.append(Target(f"waits_{name}", own, partial(_waits, name)))
    return {target.name: target for target in found}
