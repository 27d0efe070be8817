"""`python -m tests.fuzz`: breaks messages of every source, lines and pages of wait times, and says what broke.

A find is written to a file, which `python -m tests.fuzz --source X FILE` reads again. Exit code 1 when there was one.
"""

import argparse
import importlib.util
import sys
import time
from pathlib import Path

from tests.fuzz.corpus import missing
from tests.fuzz.engines import ENGINES, fault, kept, shares
from tests.fuzz.targets import targets


def _arguments() -> argparse.Namespace:
    found = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    found.add_argument("files", nargs="*", type=Path, help="finds to read again, with --source")
    found.add_argument("--cases", type=int, default=1_000_000, help="of all targets together (default: a million)")
    found.add_argument("--seconds", type=float, default=0.0, help="the same for time (default: no limit)")
    found.add_argument("--source", action="append", choices=sorted(targets()), help="only this one; may be repeated")
    found.add_argument("--engine", choices=[*ENGINES], default="own", help="atheris where it is installed")
    found.add_argument(
        "--seed", type=int, default=None, help="the same seed breaks the same (default: another each time)"
    )
    found.add_argument("--found", type=Path, default=Path("var/fuzz"), help="where finds are written")
    return found.parse_args()


def _again(names: list[str], files: list[Path]) -> int:
    """Reads finds once more."""
    bad = 0
    for path in files:
        why = fault(targets()[names[0]], path.read_bytes())
        print(f"{path}: {why or 'read without fault'}")
        bad += bool(why)
    return int(bad > 0)


def main() -> int:
    """Runs every target for its share of the cases, and says how it went."""
    said = _arguments()
    names = said.source or list(targets())
    if said.files:
        return _again(names, said.files)
    if missing():
        print(f"no message to begin with: {', '.join(missing())}")
        return 1
    if said.engine == "atheris" and importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: pip install atheris (it is no dependency), or leave --engine out")
        return 1
    seed = said.seed if said.seed is not None else int(time.time())
    print(f"engine {said.engine}, seed {seed}")
    start, total, bad = time.monotonic(), 0, 0
    seconds = said.seconds / len(names) if said.seconds else float("inf")
    for target, cases in shares(names, said.cases):
        run = ENGINES[said.engine](target, cases, seconds, seed)
        total += run.cases
        print(f"{target.name:18} {run.cases:9,} cases {run.cases / max(run.seconds, 1e-9):8,.0f}/s", flush=True)
        if run.why:
            bad += 1
            print(f"  FOUND {run.why[:300]}\n  {kept(target, run, said.found)}", flush=True)
    took = time.monotonic() - start
    print(f"{'all':18} {total:9,} cases {total / took:8,.0f}/s in {took:,.0f} s, {bad} found")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
