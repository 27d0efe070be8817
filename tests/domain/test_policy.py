"""Every number of RULES is a setting, checked when it is read."""

import re
from dataclasses import fields
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.load import Direction
from bot.domain.policy import Policy, QuietHours, duration, spelled

TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("3h", 180), ("75 min", 75), ("2h20min", 140), ("2 h 20 m", 140), ("45d", 64_800), ("1.5h", 90)],
)
def test_a_length_of_time_is_read_as_people_write_it(text: str, minutes: float) -> None:
    assert duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "3", "h", "three hours", "-1h", "3h4"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        duration(text)


@given(st.integers(0, 10**7))
def test_a_spelled_length_reads_back(seconds: int) -> None:
    assert duration(spelled(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_t1_the_promise_depends_on_agency_and_direction() -> None:
    policy = Policy()
    assert policy.promise_of("PCB", Direction.CA, agency=False) == timedelta(hours=3)
    assert policy.promise_of("PCB", Direction.CA, agency=True) == timedelta(hours=4)
    assert policy.promise_of("PCB", Direction.US, agency=False) == timedelta(hours=2)


def test_t1_a_brokers_own_promise_goes_first() -> None:
    policy = Policy().with_overrides({"brokers": {"PCB": "5h"}})
    assert policy.promise_of("pcb", Direction.US, agency=True) == timedelta(hours=5)
    assert policy.promise_of("WIL", Direction.CA, agency=False) == timedelta(hours=3)


@pytest.mark.parametrize(("p90", "kept"), [(0.5, 1), (2.5, 2.5), (9, 6)])
def test_t1_a_measured_promise_is_kept_within_one_and_six_hours(p90: float, kept: float) -> None:
    assert Policy().measured(timedelta(hours=p90)) == timedelta(hours=kept)


def test_overrides_of_a_carrier_add_to_those_for_all() -> None:
    base = Policy().with_overrides({"warn_before": "5h", "brokers": {"PCB": "4h"}})
    own = base.with_overrides({"urgent_before": "3h", "brokers": {"WIL": "2h"}, "exam_to_driver": True})
    assert (own.warn_before, own.urgent_before) == (timedelta(hours=5), timedelta(hours=3))
    assert set(own.brokers) == {"PCB", "WIL"}
    assert own.exam_to_driver
    assert not base.exam_to_driver


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"warn_befor": "4h"}, "policy.warn_befor is not a setting, did you mean warn_before?"),
        ({"warn_before": 4}, "policy.warn_before is a length of time in quotes"),
        ({"warn_before": "soon"}, "policy.warn_before: 'soon' is not a length of time"),
        ({"promise_samples": "many"}, "policy.promise_samples is a whole number"),
        ({"promise_samples": True}, "policy.promise_samples is a whole number"),
        ({"outage_brokers": 0}, "policy.outage_brokers is a whole number from 1 up"),
        ({"exam_to_driver": "yes"}, "policy.exam_to_driver is true or false"),
        ({"quiet_hours": "late"}, "policy.quiet_hours: 'late' are not hours"),
        ({"quiet_hours": "25:00-06:00"}, "names an hour that no clock shows"),
        ({"quiet_hours": 22}, "policy.quiet_hours are hours in quotes"),
        ({"brokers": "PCB"}, "policy.brokers is a table"),
        ({"brokers": {"PCB": "x"}}, "policy.brokers.PCB: 'x' is not a length of time"),
        ({"urgent_before": "5h"}, "warn_before must be longer than urgent_before"),
        ({"promise_floor": "9h"}, "promise_floor must not be longer"),
    ],
)
def test_a_wrong_value_is_refused_by_name(table: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Policy().with_overrides(table)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("local", "ends"),
    [("01:30", "06:00"), ("22:00", "06:00"), ("23:59", "06:00"), ("06:00", None), ("12:00", None), ("21:59", None)],
)
def test_n4_quiet_hours_cross_midnight(local: str, ends: str | None) -> None:
    quiet = QuietHours.parse("22:00-06:00")
    now = datetime.combine(datetime(2026, 1, 15), time.fromisoformat(local), TORONTO).astimezone(UTC)
    end = quiet.end_of(now, TORONTO)
    assert (end and f"{end.astimezone(TORONTO):%H:%M}") == ends
    assert end is None or timedelta() < end - now <= timedelta(hours=8)


def test_n4_quiet_hours_within_a_day_and_none() -> None:
    quiet = QuietHours.parse("12:00 - 13:00")
    now = datetime(2026, 1, 15, 12, 30, tzinfo=TORONTO)
    assert quiet.end_of(now, TORONTO) == datetime(2026, 1, 15, 13, 0, tzinfo=TORONTO)
    assert str(quiet) == "12:00-13:00"
    assert (
        Policy().with_overrides({"quiet_hours": "22:00-06:00"}).with_overrides({"quiet_hours": "none"}).quiet_hours
        is None
    )


def test_every_number_that_an_operator_can_set_is_read_by_something() -> None:
    root = Path(__file__).parents[2]
    sources = [p for top in ("bot", "handlers") for p in (root / top).rglob("*.py")]
    read = set(re.findall(r"(?<=[.])[a-z_]+", "".join(p.read_text("utf-8") for p in sources)))
    assert {field.name for field in fields(Policy)} - read == set()
