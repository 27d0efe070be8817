"""A season through the backtest, in this process."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.cli.backtest import running
from bot.cli.recording import Recording, read_recording
from bot.watch.backtest import LONGEST
from bot.watch.eventlines import Event
from tests.season.judged import Verdict, judged
from tests.season.made import made


@dataclass(frozen=True)
class Played:
    """What came of a season."""

    events: list[Event]
    verdict: Verdict
    problems: list[str]


async def events_of(
    recording: Recording, var: Path, longest: timedelta = LONGEST, *, text: bool = True
) -> tuple[list[Event], list[str]]:
    """What a recording tells, and its problems; so much of it is taken together at most."""
    async with running(recording, var, longest, text=text) as run:
        events = [event async for event in run.run(recording.happenings, lambda _: None)]
        return events, [f"{p.where}: {p.why}" for p in run.problems]


async def played(folder: Path, loads: int, days: float, seed: int) -> Played:
    """Makes a season, runs it, and judges it."""
    season = made(folder, loads, days, seed)
    var = folder / "var"
    var.mkdir()
    events, problems = await events_of(read_recording(folder, None, var), var)
    return Played(events, judged(season.trips, events), problems)
