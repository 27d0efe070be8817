"""Times as typed: what is sure becomes a moment in UTC, what could be two things is refused with what to type."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import HoldwatchError
from handlers.timewords import TimeError, duration, when

TORONTO = ZoneInfo("America/Toronto")
REGINA = ZoneInfo("America/Regina")
MONCTON = ZoneInfo("America/Moncton")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=TORONTO)  # a Monday


def local(
    text: str, now: datetime = NOW, zone: ZoneInfo = TORONTO, past_ok: bool = False, future_ok: bool = True
) -> str:
    found = when(text, now, zone, past_ok=past_ok, future_ok=future_ok)
    assert found.tzinfo is UTC
    return f"{found.astimezone(zone):%Y-%m-%d %H:%M}"


def refusal(
    text: str, now: datetime = NOW, zone: ZoneInfo = TORONTO, past_ok: bool = False, future_ok: bool = True
) -> str:
    with pytest.raises(TimeError) as caught:
        when(text, now, zone, past_ok=past_ok, future_ok=future_ok)
    assert isinstance(caught.value, HoldwatchError)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", "2026-11-23 14:30"),
        ("14:30.", "2026-11-23 14:30"),
        ("at 14:30", "2026-11-23 14:30"),
        ("1430", "2026-11-23 14:30"),
        ("14h30", "2026-11-23 14:30"),
        ("2:30pm", "2026-11-23 14:30"),
        ("2:30 PM", "2026-11-23 14:30"),
        ("2:30 p.m.", "2026-11-23 14:30"),
        ("230pm", "2026-11-23 14:30"),
        ("2pm", "2026-11-23 14:00"),
        ("12am", "2026-11-24 00:00"),
        ("12 pm", "2026-11-23 12:00"),
        ("6:00", "2026-11-24 06:00"),
        ("0600", "2026-11-24 06:00"),
        ("2026", "2026-11-23 20:26"),
        ("noon", "2026-11-23 12:00"),
        ("midnight", "2026-11-24 00:00"),
        ("now", "2026-11-23 10:00"),
        ("10:00", "2026-11-23 10:00"),
        ("tomorrow 6:00", "2026-11-24 06:00"),
        ("6:00 tomorrow", "2026-11-24 06:00"),
        ("tmrw 0600", "2026-11-24 06:00"),
        ("tomorrow at 6am", "2026-11-24 06:00"),
        ("tomorrow, noon", "2026-11-24 12:00"),
        ("today 14:30", "2026-11-23 14:30"),
        ("tue 8:00", "2026-11-24 08:00"),
        ("Tuesday 8:00", "2026-11-24 08:00"),
        ("mon 14:00", "2026-11-23 14:00"),
        ("mon 7:00", "2026-11-30 07:00"),
        ("sun 7:00", "2026-11-29 07:00"),
        ("+2h", "2026-11-23 12:00"),
        ("+ 2 h", "2026-11-23 12:00"),
        ("in 45 min", "2026-11-23 10:45"),
        ("in 2 hours", "2026-11-23 12:00"),
        ("1h30", "2026-11-23 11:30"),
        ("+1h30", "2026-11-23 11:30"),
        ("+12h", "2026-11-23 22:00"),
        ("30m", "2026-11-23 10:30"),
        ("2h", "2026-11-23 12:00"),
        ("2026-11-24 14:30", "2026-11-24 14:30"),
        ("2026–11–24 14:30", "2026-11-24 14:30"),
        ("2026-11-24T14:30", "2026-11-24 14:30"),
        ("2026-11-24T14:30-05:00", "2026-11-24 14:30"),
        ("2026-11-24T19:30:00Z", "2026-11-24 14:30"),
        ("24 nov 14:30", "2026-11-24 14:30"),
        ("nov 24 14:30", "2026-11-24 14:30"),
        ("24th november 2:30pm", "2026-11-24 14:30"),
        ("24 nov 2026 14:30", "2026-11-24 14:30"),
        ("14:30 24 nov", "2026-11-24 14:30"),
        ("14:30 nov 24", "2026-11-24 14:30"),
        ("2 jan 8:00", "2027-01-02 08:00"),
        ("14:30 ET", "2026-11-23 14:30"),
        ("14:30 EST", "2026-11-23 14:30"),
        ("14:30EST", "2026-11-23 14:30"),
        ("14:30 CST", "2026-11-23 15:30"),
        ("14:30 MST", "2026-11-23 16:30"),
        ("2:30pm PST", "2026-11-23 17:30"),
        ("14:30 AT", "2026-11-23 13:30"),
        ("14:30 -04:00", "2026-11-23 13:30"),
        ("19:30 UTC", "2026-11-23 14:30"),
        ("tomorrow 6:00 CST", "2026-11-24 07:00"),
        ("NOW", "2026-11-23 10:00"),
    ],
)
def test_a_time_to_come_is_the_next_one(text, expected):
    assert local(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:40", "2026-11-23 09:40"),
        ("0940", "2026-11-23 09:40"),
        ("10:00", "2026-11-23 10:00"),
        ("23:50", "2026-11-22 23:50"),
        ("yesterday 16:00", "2026-11-22 16:00"),
        ("mon 9:00", "2026-11-23 09:00"),
        ("fri 9:00", "2026-11-20 09:00"),
        ("30 min ago", "2026-11-23 09:30"),
        ("1h30 ago", "2026-11-23 08:30"),
        ("now", "2026-11-23 10:00"),
        ("midnight", "2026-11-23 00:00"),
        ("20 nov 9:00", "2026-11-20 09:00"),
    ],
)
def test_a_time_that_has_passed_is_the_last_one(text, expected):
    assert local(text, past_ok=True, future_ok=False) == expected


def test_with_both_directions_open_the_nearest_is_meant():
    assert local("9:00", past_ok=True) == "2026-11-23 09:00"
    assert local("11:00", past_ok=True) == "2026-11-23 11:00"
    assert local("21:00", past_ok=True) == "2026-11-23 21:00"
    assert local("23:00", past_ok=True) == "2026-11-22 23:00"


def test_a_time_just_missed_is_asked_about_and_not_moved_by_a_day():
    assert "tomorrow 09:00" in refusal("9:00")
    assert "1 h ago" in refusal("9:00")
    assert "yesterday 11:00" in refusal("11:00", past_ok=True, future_ok=False)
    assert "yesterday 15:25" in refusal("15:25", past_ok=True, future_ok=False)
    assert "today 23:30" in refusal("23:30", now=datetime(2026, 11, 24, 0, 30, tzinfo=TORONTO))
    assert "1 h 59 ago" in refusal("mon 8:00", now=datetime(2026, 11, 23, 9, 59, tzinfo=TORONTO))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "14:30"),
        ("   ", "14:30"),
        ("13", "13:00"),
        ("+45", "sure"),
        ("6", "6:00"),
        ("930", "9:30"),
        ("may", "names a day|sure"),
        ("24 nov", "Add one"),
        ("tomorrow", "Add one"),
        ("mon", "Add one"),
        ("2026-11-24", "Add one"),
        ("24/11 14:30", "24 nov"),
        ("11/24", "24 nov"),
        ("10h", r"10:00 or \+10h"),
        ("25:00", "23:59"),
        ("24:00", "23:59"),
        ("12:60", "23:59"),
        ("2460", "23:59"),
        ("13pm", "1 to 12"),
        ("0:30am", "1 to 12"),
        ("tomorrow midnight", "23:59"),
        ("31 feb 9:00", "sure"),
        ("2026-02-30 9:00", "sure"),
        ("soon", "sure"),
        ("later", "sure"),
        ("14:30 Sarnia", "sure"),
        ("tomorrow tomorrow 6:00", "sure"),
        ("14:30 14:30", "sure"),
        ("2099-01-01 08:00", "more than a year"),
        ("+9999999999h", "sure"),
        ("yesterday 16:00", "time to come"),
        ("30 min ago", "time to come"),
        ("14:30 EDT", "14:30 ET"),
        ("１4:30x", "sure"),
        ("9" * 5000, "sure"),
    ],
)
def test_what_could_be_two_times_or_none_is_refused_with_what_to_type(text, hint):
    assert re.search(hint, refusal(text))


def test_a_length_without_a_direction_is_asked_about_where_the_past_is_possible():
    assert "30m ago" in refusal("30m", past_ok=True, future_ok=False)
    assert "+30m or 30m ago" in refusal("30m", past_ok=True)
    assert "has passed" in refusal("+30m", past_ok=True, future_ok=False)


def test_a_time_in_the_gap_of_spring_is_refused_by_name():
    now = datetime(2026, 3, 7, 22, 0, tzinfo=TORONTO)
    said = refusal("2:30", now=now)
    assert "does not exist" in said
    assert local("3:30", now=now) == "2026-03-08 03:30"
    assert local("2:30", now=now, zone=REGINA) == "2026-03-08 02:30"


def test_a_double_time_of_autumn_is_refused_by_name_and_the_named_zones_are_taken():
    now = datetime(2026, 10, 31, 22, 0, tzinfo=TORONTO)
    said = refusal("1:30", now=now)
    assert "01:30 EDT" in said
    assert "01:30 EST" in said
    first = when("01:30 EDT", now, TORONTO, past_ok=False, future_ok=True)
    second = when("1:30 EST", now, TORONTO, past_ok=False, future_ok=True)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert second - first == timedelta(hours=1)
    assert when("01:30-05:00", now, TORONTO, past_ok=False, future_ok=True) == second


def test_a_season_is_only_taken_while_it_is_in_force():
    july = datetime(2026, 7, 1, 10, 0, tzinfo=TORONTO)
    assert "14:30 ET" in refusal("14:30 EST", now=july)
    assert when("14:30 CST", july, REGINA, past_ok=False, future_ok=True) == datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    assert "14:30 CT" in refusal("14:30 CDT", now=NOW)


def test_the_zone_of_the_crossing_is_the_zone_of_a_bare_time():
    assert when("14:30", NOW, REGINA, past_ok=False, future_ok=True) == datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert when("14:30", NOW, MONCTON, past_ok=False, future_ok=True) == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30m", 30),
        ("2h", 120),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("45 minutes", 45),
        ("+2h", 120),
        ("90 min", 90),
        ("1 hour", 60),
    ],
)
def test_a_length_of_time_is_read(text, minutes):
    assert duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "30", "h", "m", "soon", "1:30", "2 days", "-30m", "9" * 5000, "30m30m"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(TimeError, match="30m"):
        duration(text)


PIECES = st.sampled_from(
    ["14:30", "1430", "13", "2pm", "am", "h", "30", "m", "+", "in", "ago", "tomorrow", "mon", "may", "sept", "nov",
     "24", "24th", "29", "feb", "2026", "2026-11-24", "T", "ET", "EST", "-05:00", "Z", "noon", "midnight", "now", "/",
     ".", "today", "31", "0:00", "é", "٣:30"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60), st.lists(PIECES, max_size=6).map(" ".join), st.lists(PIECES, max_size=6).map("".join)
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),
    st.sampled_from([(True, False), (False, True), (True, True)]),
    st.sampled_from([TORONTO, REGINA, MONCTON]),
)
def test_anything_typed_is_a_moment_in_a_direction_asked_for_or_a_sentence(text, moment, directions, zone):
    now = moment.replace(tzinfo=UTC)
    past_ok, future_ok = directions
    try:
        found = when(text, now, zone, past_ok=past_ok, future_ok=future_ok)
    except TimeError as error:
        found = None
        said = str(error)
    if found is None:
        assert said.strip()
        return
    assert found.tzinfo is UTC
    assert past_ok or found >= now.replace(second=0, microsecond=0)
    assert future_ok or found <= now


@settings(max_examples=150, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)), st.integers(0, 1439))
def test_a_clock_time_to_come_is_that_time_within_a_day_or_is_refused(moment, minute):
    now = moment.replace(tzinfo=UTC)
    text = f"{minute // 60}:{minute % 60:02d}"
    try:
        found = when(text, now, TORONTO, past_ok=False, future_ok=True)
    except TimeError:
        return
    shown = found.astimezone(TORONTO)
    assert (shown.hour * 60 + shown.minute, shown.second) == (minute, 0)
    assert found - now <= timedelta(hours=25)
