"""T1: the broker's promise, counted in its open hours, and measured."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.load import Direction
from bot.domain.policy import Policy
from bot.domain.promise import (
    Filing,
    Fixed,
    OpenHours,
    Pace,
    due_at,
    measured_promise,
    open_between,
    pace_of,
    promised,
    taken,
    within,
)
from bot.domain.status import Status

HOUR = timedelta(hours=1)
ZONE = "America/Toronto"
DAYS = OpenHours(ZONE, tuple((d, time(8), time(17)) for d in range(5)))
NIGHTS = OpenHours(ZONE, tuple((d, time(20), time(6)) for d in range(7)))
MIDNIGHT = OpenHours(ZONE, tuple((d, time(0), time(0)) for d in range(7)))


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def test_t1_a_broker_around_the_clock_counts_every_hour() -> None:
    papers = utc(2026, 1, 10, 3)
    assert due_at(papers, 3 * HOUR, None) == papers + 3 * HOUR
    assert due_at(papers, 3 * HOUR, OpenHours(ZONE)) == papers + 3 * HOUR
    assert due_at(papers, 3 * HOUR, MIDNIGHT) == papers + 3 * HOUR


def test_t1_the_rest_of_a_promise_runs_on_the_next_morning() -> None:
    assert due_at(utc(2026, 1, 13, 21), 3 * HOUR, DAYS) == utc(2026, 1, 14, 15)


def test_t1_papers_before_opening_wait_for_it() -> None:
    assert due_at(utc(2026, 1, 13, 9), 3 * HOUR, DAYS) == utc(2026, 1, 13, 16)


def test_t1_a_closed_weekend_does_not_count() -> None:
    friday, monday = utc(2026, 1, 16, 21), utc(2026, 1, 19, 15)
    assert due_at(friday, 3 * HOUR, DAYS) == monday
    assert due_at(utc(2026, 1, 17, 18), 1 * HOUR, DAYS) == utc(2026, 1, 19, 14)


def test_t1_a_promise_that_ends_at_closing_is_due_at_closing() -> None:
    assert due_at(utc(2026, 1, 13, 19), 3 * HOUR, DAYS) == utc(2026, 1, 13, 22)


def test_t1_a_span_over_midnight_belongs_to_the_day_it_begins() -> None:
    assert due_at(utc(2026, 1, 14, 6), 3 * HOUR, NIGHTS) == utc(2026, 1, 14, 9)
    assert due_at(utc(2026, 1, 14, 10), 3 * HOUR, NIGHTS) == utc(2026, 1, 15, 3)
    assert NIGHTS.open_at(utc(2026, 1, 14, 10, 59))
    assert not NIGHTS.open_at(utc(2026, 1, 14, 11))
    only_monday = OpenHours(ZONE, ((0, time(20), time(6)),))
    assert only_monday.open_at(utc(2026, 1, 13, 8))
    assert not only_monday.open_at(utc(2026, 1, 14, 8))


def test_t1_the_night_the_clocks_go_forward_is_an_hour_shorter() -> None:
    # 8 March 2026: 02:00 becomes 03:00; the office opens at 20:00 EST and closes at 06:00 EDT, nine hours later.
    assert due_at(utc(2026, 3, 8, 1), 9 * HOUR, NIGHTS) == utc(2026, 3, 8, 10)
    assert due_at(utc(2026, 3, 8, 1), 10 * HOUR, NIGHTS) == utc(2026, 3, 9, 1)


def test_t1_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    assert due_at(utc(2026, 11, 1, 0), 11 * HOUR, NIGHTS) == utc(2026, 11, 1, 11)


def test_t1_no_day_is_skipped_when_the_clocks_go_forward() -> None:
    sunday = OpenHours(ZONE, ((6, time(8), time(17)),))
    late_on_saturday = utc(2026, 3, 8, 4, 30)
    assert due_at(late_on_saturday, 1 * HOUR, sunday) == utc(2026, 3, 8, 13)
    sunday_night = OpenHours(ZONE, ((6, time(22), time(6)),))
    assert sunday_night.open_at(utc(2026, 3, 9, 4, 30))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 525_600), st.integers(1, 12 * 60), st.sampled_from([DAYS, NIGHTS, MIDNIGHT]))
def test_t1_between_papers_and_due_lies_exactly_the_promise_of_open_time(
    start: int, length: int, hours: OpenHours
) -> None:
    papers = utc(2026, 1, 1) + timedelta(minutes=start)
    due = due_at(papers, timedelta(minutes=length), hours)
    step = timedelta(minutes=15)
    if start % 15 == 0 and length % 15 == 0:
        quarters = int((due - papers) / step)
        assert sum(hours.open_at(papers + n * step) for n in range(quarters)) * 15 == length
    assert hours.open_at(due - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([60] * 19, None),
        ([120] * 20, 120),
        ([30] * 20, 60),
        ([600] * 20, 360),
        ([60] * 18 + [300, 300], 60),
        ([60] * 17 + [300] * 3, 300),
        (list(range(100, 300, 10)), 270),
    ],
)
def test_t1_twenty_samples_make_the_promise_the_p90_kept_within_one_and_six_hours(
    minutes: list, expected: int | None
) -> None:
    samples = [timedelta(minutes=m) for m in reversed(minutes)]
    found = measured_promise(samples, Policy())
    assert found == (timedelta(minutes=expected) if expected else None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 525_600), st.integers(1, 12 * 60), st.sampled_from([None, DAYS, NIGHTS, MIDNIGHT]))
def test_t1_what_a_broker_took_is_what_it_would_have_had_to_promise(
    start: int, length: int, hours: OpenHours | None
) -> None:
    papers, took = utc(2026, 1, 1) + timedelta(minutes=start), timedelta(minutes=length)
    assert open_between(papers, due_at(papers, took, hours), hours) == took


def test_t1_an_acceptance_at_night_took_the_open_hours_before_it() -> None:
    papers, at_night = utc(2026, 1, 13, 20), utc(2026, 1, 14, 3)
    assert open_between(papers, at_night, DAYS) == 2 * HOUR
    assert open_between(at_night, at_night + HOUR, DAYS) == timedelta()
    assert open_between(papers, papers - HOUR, None) == timedelta()


def said(hours: float, status: Status = Status.READY, transaction: str = "12345000067897") -> Filing:
    return Filing(PAPERS + hours * HOUR, transaction, status)


PAPERS = utc(2026, 1, 13, 14)
AGAIN = "12345000067905"


@pytest.mark.parametrize(
    ("heard", "took"),
    [
        ([], None),
        ([said(2)], 2),
        ([said(2), said(2), said(5)], 2),
        ([said(1, Status.NOT_MATCHED), said(3)], 3),
        ([said(1, Status.AWAITING_PROCESSING, ""), said(3, transaction="")], 3),
        ([said(1, Status.REJECTED), said(3, transaction=AGAIN)], None),
        ([said(1, Status.REJECTED), said(3)], 3),
        ([said(2), said(4, transaction=AGAIN)], 2),
        ([said(1, Status.CANCELLED), said(2)], None),
        ([said(-1)], None),
        ([said(-1), said(2)], None),
        ([said(2, Status.RELEASED)], None),
    ],
)
def test_t1_a_sample_is_the_first_acceptance_of_the_first_filing(heard: list[Filing], took: int | None) -> None:
    for order in (heard, heard[::-1]):
        assert taken(PAPERS, order, None) == (took * HOUR if took is not None else None)


def test_t1_a_shipment_keeps_the_promise_that_held_when_its_papers_went() -> None:
    rows = (
        Fixed(PAPERS, Pace.CA, 2 * HOUR),
        Fixed(PAPERS + 24 * HOUR, Pace.CA, 5 * HOUR),
        Fixed(PAPERS + 48 * HOUR, Pace.CA, None),
        Fixed(PAPERS, Pace.US, HOUR),
    )
    at = [promised(rows, Pace.CA, PAPERS + h * HOUR) for h in (-1, 0, 23, 24, 50)]
    assert at == [None, 2 * HOUR, 2 * HOUR, 5 * HOUR, None]
    assert promised(rows, Pace.US, PAPERS + 50 * HOUR) == HOUR
    assert promised(rows, Pace.AGENCY, PAPERS + 50 * HOUR) is None


def test_t1_another_agency_makes_a_pace_of_its_own() -> None:
    assert pace_of(Direction.CA, agency=False) is Pace.CA
    assert pace_of(Direction.US, agency=False) is Pace.US
    assert {pace_of(d, agency=True) for d in Direction} == {Pace.AGENCY}


def test_t1_what_an_operator_set_goes_before_what_was_measured_and_that_before_the_usual() -> None:
    policy = Policy(brokers={"PCB": 4 * HOUR})
    assert policy.promise_of("pcb", Direction.CA, agency=False, measured=HOUR) == 4 * HOUR
    assert policy.promise_of("WIL", Direction.CA, agency=True, measured=HOUR) == HOUR
    assert policy.promise_of("WIL", Direction.CA, agency=True) == 4 * HOUR


def test_t1_half_and_nine_of_ten_are_times_that_were_measured() -> None:
    ten = [timedelta(minutes=m) for m in range(10, 110, 10)]
    assert (within(ten, 50), within(ten, 90)) == (timedelta(minutes=50), timedelta(minutes=90))
    assert within(ten[:1], 50) == within(ten[:1], 90) == timedelta(minutes=10)
