"""A season through `holdwatch backtest`, and its worth: python -m tests.season --loads 5000 --days 30 --seed 7."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zoneinfo
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.watch.eventlines import Event
from tests.season.judged import judged
from tests.season.made import made


def main() -> None:
    """Makes a season, runs it, prints the verdict; exit code 1 when it holds a false go, a false end or a miss."""
    zoneinfo.reset_tzpath(to=())
    parser = argparse.ArgumentParser(prog="python -m tests.season", description=__doc__)
    parser.add_argument("--loads", type=int, default=5000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", type=int, default=0, help="so many false alarms in full")
    parser.add_argument("--keep", type=Path, help="a folder to write the season into")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        season = made(folder, asked.loads, asked.days, asked.seed)
        print(
            f"seed {asked.seed}: {asked.loads} loads, {season.messages} messages, {asked.days} days, {season.late} late"
        )
        begun = time.perf_counter()
        program = [sys.executable, "-m", "bot", "backtest", str(folder), "--json"]
        run = subprocess.run(program, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - begun
        events = [_event(json.loads(line)) for line in run.stdout.splitlines()]
        print(run.stderr, end="", file=sys.stderr)
    verdict = judged(season.trips, events)
    print("\n".join(verdict.lines()))
    print("\n".join(verdict.false_alarms[: asked.show]))
    print(f"{seconds:.0f} s")
    sys.exit(bool(verdict.false_go or verdict.false_cleared or verdict.missed or verdict.late))


def _event(data: dict[str, Any]) -> Event:
    known = data.pop("known_at")
    times = {"at": datetime.fromisoformat(data.pop("at")), "known_at": datetime.fromisoformat(known) if known else None}
    return Event(**times, **data | {"kinds": tuple(data["kinds"])})


if __name__ == "__main__":
    main()
