"""Local times, ages and clock times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DoubleTime, HoldwatchError, ImpossibleTime
from bot.domain.times import Oddity, age, clock, instant, local_to_utc

TORONTO, MONCTON = ZoneInfo("America/Toronto"), ZoneInfo("America/Moncton")
REGINA, ST_JOHNS = ZoneInfo("America/Regina"), ZoneInfo("America/St_Johns")
NOW = datetime(2026, 1, 15, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "winter", "summer"), [(TORONTO, 15, 14), (MONCTON, 14, 13), (REGINA, 16, 16)], ids=str
)
def test_a_local_time_becomes_utc_by_its_zone_and_season(zone: ZoneInfo, winter: int, summer: int) -> None:
    assert local_to_utc(datetime(2026, 1, 15, 10, 30), zone) == datetime(2026, 1, 15, winter, 30, tzinfo=UTC)
    assert local_to_utc(datetime(2026, 7, 15, 10, 30), zone) == datetime(2026, 7, 15, summer, 30, tzinfo=UTC)


def test_a_time_that_no_clock_showed_is_refused_by_name() -> None:
    with pytest.raises(ImpossibleTime, match=r"02:30 on 8 Mar 2026 does not exist .* type 03:30"):
        local_to_utc(datetime(2026, 3, 8, 2, 30), TORONTO)


def test_a_time_that_clocks_showed_twice_is_refused_by_name() -> None:
    with pytest.raises(DoubleTime, match=r"01:30 on 1 Nov 2026 comes twice .* 01:30-04:00 .* 01:30-05:00"):
        local_to_utc(datetime(2026, 11, 1, 1, 30), TORONTO)


def test_both_errors_may_be_shown_to_people() -> None:
    assert issubclass(ImpossibleTime, HoldwatchError)
    assert issubclass(DoubleTime, HoldwatchError)


@pytest.mark.parametrize(
    ("naive", "odd"),
    [
        (datetime(2026, 3, 8, 1, 59), Oddity.NONE),
        (datetime(2026, 3, 8, 2, 0), Oddity.IMPOSSIBLE),
        (datetime(2026, 3, 8, 2, 59), Oddity.IMPOSSIBLE),
        (datetime(2026, 3, 8, 3, 0), Oddity.NONE),
        (datetime(2026, 11, 1, 0, 59), Oddity.NONE),
        (datetime(2026, 11, 1, 1, 0), Oddity.DOUBLE),
        (datetime(2026, 11, 1, 1, 59), Oddity.DOUBLE),
        (datetime(2026, 11, 1, 2, 0), Oddity.NONE),
    ],
)
def test_the_edges_of_the_odd_hours(naive: datetime, odd: Oddity) -> None:
    assert instant(naive, TORONTO).odd is odd
    assert instant(naive, REGINA).odd is Oddity.NONE


def test_a_feed_takes_the_first_of_a_double_time_and_moves_an_impossible_one_over_the_gap() -> None:
    assert instant(datetime(2026, 11, 1, 1, 30), MONCTON).utc == datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    assert instant(datetime(2026, 3, 8, 2, 30), MONCTON).utc.astimezone(MONCTON).hour == 3


@given(st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1)), st.sampled_from([TORONTO, MONCTON, REGINA, ST_JOHNS]))
def test_a_time_is_odd_exactly_when_it_has_no_single_way_to_utc_and_back(naive: datetime, zone: ZoneInfo) -> None:
    ways = {naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = {utc for utc in ways if utc.astimezone(zone).replace(tzinfo=None, fold=0) == naive}
    found = instant(naive, zone)
    assert found.odd is (Oddity.IMPOSSIBLE if not real else Oddity.DOUBLE if len(real) == 2 else Oddity.NONE)
    assert not real or found.utc == min(real)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=-5), "0 min"),
        (timedelta(minutes=25), "25 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(minutes=190), "3 h 10"),
        (timedelta(minutes=185), "3 h 05"),
        (timedelta(hours=47, minutes=59), "47 h 59"),
        (timedelta(hours=48), "2 d"),
        (timedelta(days=9, hours=23), "9 d"),
    ],
)
def test_an_age_is_said_as_a_desk_says_it(span: timedelta, said: str) -> None:
    assert age(span) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 1, 15, 21, 15, tzinfo=UTC), "16:15"),
        (datetime(2026, 1, 16, 4, 59, tzinfo=UTC), "23:59"),
        (datetime(2026, 1, 16, 5, 0, tzinfo=UTC), "Fri 00:00"),
        (datetime(2026, 1, 13, 21, 15, tzinfo=UTC), "Tue 16:15"),
        (datetime(2026, 1, 21, 21, 15, tzinfo=UTC), "Wed 16:15"),
        (datetime(2026, 1, 22, 21, 15, tzinfo=UTC), "22 Jan 16:15"),
        (datetime(2025, 2, 12, 21, 15, tzinfo=UTC), "12 Feb 2025 16:15"),
    ],
)
def test_a_moment_is_said_on_the_local_clock(at: datetime, said: str) -> None:
    assert clock(at, TORONTO, NOW) == said
