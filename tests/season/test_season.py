"""A season with known truth goes through the backtest; and the backtest is as good as a look every minute."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.recording import Recording, read_recording
from bot.domain.kinds import Kind
from bot.watch.backtest import Happening, Heard
from bot.watch.eventlines import Event
from tests.season.made import made
from tests.season.played import events_of, played
from tests.season.stepped import MINUTE, stepped

#: Customs is asked nothing in a backtest, nobody says a word of importers' accounts; and of a plan of CSA no feed
#: tells, so that it is told as `unwatched`.
_UNHEARD = {Kind.STALE, Kind.CSA_PLAN, Kind.CARM}
_KEY = re.compile(r"~[0-9a-z]{4,8}\b")


async def test_a_season_has_no_false_go_no_false_end_and_every_knowable_stop_is_told_in_time(tmp_path: Path) -> None:
    season = await played(tmp_path, loads=160, days=3, seed=32)
    verdict = season.verdict
    assert _wrong(season.problems) == []
    assert verdict.knowable >= 25
    assert set(Kind) - {kind for event in season.events for kind in event.kinds} == _UNHEARD
    assert (verdict.false_go, verdict.false_cleared) == ([], [])
    assert (verdict.missed, verdict.late) == ([], [])
    assert verdict.alarms_per_200 < 30


async def test_t8_what_a_backtest_tells_is_what_a_look_every_minute_tells(tmp_path: Path) -> None:
    season = made(tmp_path, loads=24, days=1.3, seed=11)
    recording = _whole_minutes(read_recording(tmp_path, None, tmp_path))
    end = max(t.eta for t in season.trips) + timedelta(hours=23)
    for name in ("quick", "slow"):
        (tmp_path / name).mkdir()
    quick, problems = await events_of(recording, tmp_path / "quick")
    slow = await stepped(recording, tmp_path / "slow", end)
    assert _wrong(problems) == []
    assert len(slow) > 40
    told, expected = (_counted(events, end) for events in (quick, slow))
    assert sorted((told - expected).elements()) == []
    assert sorted((expected - told).elements()) == []


async def test_what_is_told_does_not_hang_on_how_much_is_taken_together(tmp_path: Path) -> None:
    made(tmp_path, loads=120, days=1.4, seed=4)
    recording = read_recording(tmp_path, None, tmp_path)
    told = []
    for minutes in (7, 24 * 60):
        (var := tmp_path / f"{minutes}").mkdir()
        events, _problems = await events_of(recording, var, timedelta(minutes=minutes))
        told.append([replace(e, text=_text(e)) for e in events])
    short, long = told
    assert len(short) > 400
    assert [e for e in short if e not in long] == []
    assert short == long
    (var := tmp_path / "unread").mkdir()
    wordless, _problems = await events_of(recording, var, text=False)
    assert wordless == [replace(e, text="") for e in long]


def _wrong(problems: list[str]) -> list[str]:
    """Problems but for the one indicator that nobody is meant to know."""
    return [one for one in problems if "'77'" not in one]


def _whole_minutes(recording: Recording) -> Recording:
    """Messages that come on the minute: a look every minute sees them at once."""
    moved: list[Happening] = []
    for one in recording.happenings:
        late = timedelta(seconds=one.at.second, microseconds=one.at.microsecond)
        moved.append(replace(one, at=one.at - late + MINUTE) if isinstance(one, Heard) and late else one)
    rank = {id(one): place for place, one in enumerate(moved)}
    return replace(recording, happenings=sorted(moved, key=lambda one: (one.at, _kind(one), rank[id(one)])))


def _kind(one: Happening) -> int:
    return ("Listed", "Heard", "Typed").index(type(one).__name__)


def _counted(events: list[Event], end: datetime) -> Counter[tuple[str, ...]]:
    return Counter(
        (
            f"{e.at:%Y-%m-%dT%H:%M:%S}",
            e.load or "",
            e.event,
            str(e.posted),
            e.level or "",
            "+".join(e.kinds),
            e.place or "",
            _text(e),
        )
        for e in events
        if e.at <= end
    )


def _text(event: Event) -> str:
    """What was said; the short keys of loads are drawn anew in each run."""
    return _KEY.sub("~", event.text)
