"""Who rolls the dice: a seed of our own, Hypothesis, or atheris where it is installed; and how a find is kept."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.fuzz.blows import LARGEST, broken
from tests.fuzz.targets import Target, targets

#: How often a find is cut down before it is written.
_CUTS = 400
#: Cases of Hypothesis between two looks at the clock.
_BATCH = 250


@dataclass(frozen=True)
class Run:
    """What one target was given, and what it did not survive: the error and the body."""

    cases: int
    seconds: float
    why: str = ""
    body: bytes = b""


Engine = Callable[[Target, int, float, int], Run]


def fault(target: Target, body: bytes) -> str:
    """What is wrong with how a body is read, '' when nothing is."""
    try:
        target.check(body)
    except Exception as why:  # whatever it is, it was not to leave the reader
        return f"{type(why).__name__}: {why}"
    return ""


def own(target: Target, cases: int, seconds: float, seed: int) -> Run:
    """So many cases by a seeded die, or as many as the time allows."""
    dice, start = Random(f"{target.name}/{seed}"), time.monotonic()
    for done in range(cases):
        if not done % 50 and time.monotonic() - start > seconds:
            return Run(done, time.monotonic() - start)
        body = broken(dice, target.seeds)
        if why := fault(target, body):
            return Run(done + 1, time.monotonic() - start, why, body)
    return Run(cases, time.monotonic() - start)


def by_hypothesis(target: Target, cases: int, seconds: float, seed: int) -> Run:
    """The same blows with Hypothesis's dice, which shrinks what it finds; arbitrary bytes in between."""
    start, done = time.monotonic(), 0
    while done < cases and time.monotonic() - start <= seconds:
        bodies: list[bytes] = []
        try:
            _examples(target, min(_BATCH, cases - done), f"{target.name}/{seed}/{done}", bodies)
        except Exception as why:  # Hypothesis raises the smallest case's own error, and read it last
            return Run(done + len(bodies), time.monotonic() - start, f"{type(why).__name__}: {why}", bodies[-1])
        if not bodies:
            break
        done += len(bodies)
    return Run(done, time.monotonic() - start)


def _examples(target: Target, most: int, seed: str, bodies: list[bytes]) -> None:
    """So many examples; the body of each is added, for Hypothesis does not hand out what it found."""
    rolled = st.randoms(use_true_random=False)

    @seeded(seed)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(rolled | rolled | st.binary(max_size=400))
    def examine(dice: Random | bytes) -> None:
        bodies.append(dice if isinstance(dice, bytes) else broken(dice, target.seeds))
        target.check(bodies[-1])

    examine()


def by_atheris(target: Target, cases: int, seconds: float, seed: int) -> Run:
    """Guided by what code was reached; it ends its process at a find, so it has one of its own."""
    start, found = time.monotonic(), Path(f"fuzz-{target.name}-{seed}.found")
    command = [sys.executable, "-m", "tests.fuzz.guided", target.name, str(cases), str(seconds), str(seed), str(found)]
    run = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    took = time.monotonic() - start
    if found.exists():
        body = found.read_bytes()
        found.unlink()
        return Run(cases, took, fault(target, body) or "it fails only in its own process", body)
    lines = [line for line in run.stderr.splitlines() if line.startswith("Done ")]
    if run.returncode or not lines:
        raise SystemExit(f"atheris did not run:\n{run.stderr[-2000:]}")
    return Run(int(lines[-1].split()[1]), took)


ENGINES: dict[str, Engine] = {"own": own, "hypothesis": by_hypothesis, "atheris": by_atheris}


def smaller(target: Target, body: bytes) -> bytes:
    """A shorter body that fails in the same way, if cutting finds one."""
    kind, left = fault(target, body)[:24], _CUTS
    size = len(body) // 2
    while size and left > 0:
        at = 0
        while at < len(body) and left > 0:
            left -= 1
            shorter = body[:at] + body[at + size :]
            if shorter and fault(target, shorter)[:24] == kind:
                body = shorter
            else:
                at += size
        size //= 2
    return body


def kept(target: Target, run: Run, folder: Path) -> Path:
    """The file that reproduces a find."""
    body = smaller(target, run.body)[:LARGEST]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target.name}-{hashlib.sha256(body).hexdigest()[:12]}.bin"
    path.write_bytes(body)
    return path


def shares(names: list[str], cases: int) -> Iterator[tuple[Target, int]]:
    """Every target with its share of the cases."""
    all_ = targets()
    for place, name in enumerate(names):
        yield all_[name], cases // len(names) + (place < cases % len(names))
