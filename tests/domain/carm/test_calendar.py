"""Payment dates, billing periods, and the moments of the annual review."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.carm.calendar import (
    billing_period,
    day_of,
    deadline_of,
    end_of,
    in_review,
    last_day,
    may_tell,
    next_deadline,
    next_due,
    notice_deadline,
    notice_end,
    opening,
    payment_due,
    reviewed_away,
    statement_on,
)
from bot.domain.policy import QuietHours
from tests.domain.carm.says import at, rules

DAYS = st.dates(date(2024, 10, 21), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("end", "due"),
    [
        ((2026, 10, 17), (2026, 10, 30)),
        ((2026, 11, 17), (2026, 12, 1)),
        ((2026, 12, 17), (2026, 12, 31)),
        ((2027, 1, 17), (2027, 1, 29)),
        ((2027, 2, 17), (2027, 3, 3)),
    ],
)
def test_the_worked_payment_dates_of_2026_and_2027(end: tuple[int, int, int], due: tuple[int, int, int]) -> None:
    assert payment_due(date(*end), rules()) == date(*due)


@given(DAYS)
def test_payment_is_due_on_the_tenth_weekday_after_the_17th_holidays_counted(day: date) -> None:
    _, end = billing_period(day, rules())
    due = payment_due(end, rules())
    weekdays = [end + timedelta(days=n) for n in range(1, (due - end).days + 1)]
    assert sum(d.weekday() < 5 for d in weekdays) == 10
    assert due.weekday() < 5


@given(DAYS)
def test_every_day_is_in_one_billing_period_from_the_18th_to_the_17th(day: date) -> None:
    start, end = billing_period(day, rules())
    assert start <= day <= end
    assert (start.day, end.day) == (18, 17)
    assert billing_period(end + timedelta(days=1), rules())[0] == end + timedelta(days=1)
    assert end < statement_on(end, rules()) < payment_due(end, rules()) + timedelta(days=10)


@given(DAYS)
def test_the_next_payment_day_is_the_first_that_is_not_past(day: date) -> None:
    due = next_due(day, rules())
    assert due >= day
    dues = [payment_due(date(y, m, 17), rules()) for y in (day.year - 1, day.year, day.year + 1) for m in range(1, 13)]
    assert due == min(d for d in dues if d >= day)


def test_the_statement_comes_on_the_25th_also_where_an_operator_moves_it_before_the_period_ends() -> None:
    assert statement_on(date(2026, 11, 17), rules()) == date(2026, 11, 25)
    early = rules().with_overrides({"statement_day": 5})
    assert statement_on(date(2026, 12, 17), early) == date(2027, 1, 5)


def test_a_day_ends_at_midnight_in_cbsas_zone_in_winter_and_in_summer() -> None:
    assert end_of(date(2026, 1, 15), rules()) == at("2026-01-16 00:00")
    assert end_of(date(2026, 7, 15), rules()) == at("2026-07-16 00:00")
    assert last_day(end_of(date(2026, 7, 15), rules()), rules()) == date(2026, 7, 15)
    assert day_of(at("2026-07-15 23:59"), rules()) == date(2026, 7, 15)


@pytest.mark.parametrize(
    ("said", "deadline", "away", "notice"),
    [
        ("2026-09-03", 2027, 2027, 2026),
        ("2026-10-19 23:59", 2027, 2027, 2026),
        ("2026-10-20 00:00", 2027, 2028, 2027),
        ("2027-01-15 02:59", 2027, 2028, 2027),
        ("2027-01-15 03:00", 2028, 2028, 2027),
    ],
)
def test_reviews_open_on_20_october_and_close_on_15_january_at_three(
    said: str, deadline: int, away: int, notice: int
) -> None:
    found = (f(at(said), rules()) for f in (next_deadline, reviewed_away, notice_deadline))
    assert list(found) == [at(f"{year}-01-15 03:00") for year in (deadline, away, notice)]


def test_the_review_of_a_deadline_opened_the_october_before() -> None:
    assert opening(deadline_of(2027, rules()), rules()) == at("2026-10-20 00:00")
    later = rules().with_overrides({"review_deadline": "12-15"})
    assert opening(deadline_of(2026, later), later) == at("2026-10-20 00:00")


@pytest.mark.parametrize(
    ("moment", "inside"),
    [("2026-10-19 23:59", False), ("2026-10-20 00:00", True), ("2027-01-20", True), ("2027-02-01 00:00", False)],
)
def test_the_season_of_the_review_lasts_from_20_october_to_31_january(moment: str, inside: bool) -> None:
    assert in_review(at(moment), rules()) is inside


def test_a_good_answer_about_the_notice_counts_until_the_end_of_january() -> None:
    assert notice_end(at("2026-11-02"), rules()) == at("2027-02-01 00:00")
    assert notice_end(at("2027-01-31"), rules()) == at("2027-02-01 00:00")
    assert notice_end(at("2027-02-01"), rules()) == at("2028-02-01 00:00")


@pytest.mark.parametrize(
    ("quiet", "told"),
    [
        ("", "08:00-17:59"),
        ("22:00-06:00", "08:00-17:59"),
        ("20:00-09:30", "09:30-17:59"),
        ("12:00-13:00", "08:00-11:59 13:00-17:59"),
        ("06:00-18:00", "18:00-23:59"),
        ("08:00-19:00", "19:00-23:59"),
        ("07:00-00:00", "08:00-23:59"),
    ],
)
def test_a_days_message_is_told_by_day_and_not_in_quiet_hours_and_somehow_it_always_is(quiet: str, told: str) -> None:
    hours = QuietHours.parse(quiet) if quiet else None
    minutes = [time(n // 60, n % 60) for n in range(24 * 60)]
    open_ = [may_tell(at, rules(), hours) for at in minutes]
    starts = [at for n, at in enumerate(minutes) if open_[n] and not (n and open_[n - 1])]
    ends = [at for n, at in enumerate(minutes) if open_[n] and not (n + 1 < len(minutes) and open_[n + 1])]
    assert " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in zip(starts, ends, strict=True)) == told


def test_an_operators_last_hour_before_the_first_one_keeps_nothing_back() -> None:
    early = rules().with_overrides({"digest_until": "07:00"})
    assert may_tell(time(20, 0), early, None) and not may_tell(time(7, 30), early, None)
