"""CARM's own days: billing periods, payment dates, the annual review, and when a day ends in CBSA's zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.carm.rules import CarmRules
from bot.domain.policy import QuietHours

_DAY = timedelta(days=1)


def day_of(at: datetime, rules: CarmRules) -> date:
    """The day of a moment, in CBSA's zone."""
    return at.astimezone(rules.zone).date()


def end_of(day: date, rules: CarmRules) -> datetime:
    """The first moment that is no longer of that day, in UTC."""
    return _at(day + _DAY, time(), rules)


def last_day(end: datetime, rules: CarmRules) -> date:
    """The last day on which something that ends at this moment still counted."""
    return day_of(end - timedelta(microseconds=1), rules)


def billing_period(day: date, rules: CarmRules) -> tuple[date, date]:
    """First and last day of the period in which goods released on that day are billed (SOR/86-1062 s. 10.1)."""
    end = date(day.year, day.month, rules.period_last_day)
    if day > end:
        end = _month_later(end)
    before = (end.replace(day=1) - _DAY).replace(day=rules.period_last_day)
    return before + _DAY, end


def payment_due(period_end: date, rules: CarmRules) -> date:
    """The day on which a period's duties are due: the 10th weekday after it, Monday to Friday with holidays (s. 2)."""
    day, left = period_end, rules.payment_weekday
    while left:
        day += _DAY
        left -= day.weekday() < 5
    return day


def statement_on(period_end: date, rules: CarmRules) -> date:
    """The day of the statement of account that follows a period."""
    day = period_end.replace(day=rules.statement_day)
    return day if day > period_end else _month_later(day)


def next_due(day: date, rules: CarmRules) -> date:
    """The first payment day that is not before `day`."""
    end = (day.replace(day=1) - timedelta(days=45)).replace(day=rules.period_last_day)
    while (due := payment_due(end, rules)) < day:
        end = _month_later(end)
    return due


def deadlines(since: datetime, rules: CarmRules) -> Iterator[datetime]:
    """The deadlines of the annual reviews after a moment, in UTC."""
    for year in range(day_of(since, rules).year, 9999):
        at = deadline_of(year, rules)
        if at > since:
            yield at


def deadline_of(year: int, rules: CarmRules) -> datetime:
    """The deadline that falls into a year, in UTC."""
    return _at(rules.review_deadline.on(year), rules.review_hour, rules)


def next_deadline(at: datetime, rules: CarmRules) -> datetime:
    """The first deadline after a moment."""
    return next(deadlines(at, rules))


def opening(deadline: datetime, rules: CarmRules) -> datetime:
    """When the review of a deadline was opened by the recalculation of what is required."""
    day = day_of(deadline, rules)
    opens = rules.review_opens.on(day.year)
    return _at(opens if opens < day else rules.review_opens.on(day.year - 1), time(), rules)


def reviewed_away(said: datetime, rules: CarmRules) -> datetime:
    """The deadline at which a word becomes stale because it was said before that review opened."""
    return next(d for d in deadlines(said, rules) if said < opening(d, rules))


def notice_deadline(said: datetime, rules: CarmRules) -> datetime:
    """By when the increase that was told at this moment must be met: of the review then open, else the last one."""
    coming = next_deadline(said, rules)
    return coming if opening(coming, rules) <= said else deadline_of(day_of(coming, rules).year - 1, rules)


def notice_end(said: datetime, rules: CarmRules) -> datetime:
    """Until when a good answer about the notice counts."""
    day = day_of(said, rules)
    until = rules.notice_until.on(day.year)
    return end_of(until if until >= day else rules.notice_until.on(day.year + 1), rules)


def in_review(at: datetime, rules: CarmRules) -> bool:
    """Whether importers are to be asked about the notice: from the recalculation to the end of January."""
    return opening(next_deadline(at, rules), rules) <= at or day_of(at, rules) <= rules.notice_until.on(
        day_of(at, rules).year
    )


_QUARTERS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45))


def may_tell(at: time, rules: CarmRules, quiet: QuietHours | None) -> bool:
    """Whether a day's message may be told at this hour of the carrier's home: by day, and not in its quiet hours.

    Where that leaves no hour at all the evening counts too, and then the quiet hours: a silent miss is worse.
    """
    open_ = [one for one in _QUARTERS if one >= rules.digest_hour and not (quiet and quiet.hold(one))]
    free = at >= rules.digest_hour and not (quiet and quiet.hold(at))
    if any(one < rules.digest_until for one in open_):
        return free and at < rules.digest_until
    return free if open_ else at >= rules.digest_hour


def _at(day: date, hour: time, rules: CarmRules) -> datetime:
    return datetime.combine(day, hour, rules.zone).astimezone(UTC)


def _month_later(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=day.day)
