"""The table of dated rules: whole, sourced, and an operator's to override."""

from datetime import date, time, timedelta
from importlib.resources import files

import pytest

from bot.domain.carm.evidence import Item
from bot.domain.carm.rules import CarmRules, MonthDay
from tests.domain.carm.says import rules


def test_every_rule_names_what_it_says_its_source_its_day_and_its_proof() -> None:
    for entry in rules().entries.values():
        assert entry.says
        assert entry.source
        assert isinstance(entry.date, date)
        assert entry.proof in {"primary", "broker", "proposal", "unverified"}
        assert not entry.own


def test_values_are_typed() -> None:
    found = rules()
    assert (found.review_opens, found.review_deadline, found.review_hour) == (
        MonthDay(10, 20),
        MonthDay(1, 15),
        time(3),
    )
    assert (found.enforced, found.hold_before, found.zone.key) == (
        date(2025, 5, 20), timedelta(hours=24), "America/Toronto",
    )  # fmt: skip
    assert (found.days_of(Item.RPP), found.days_of(Item.IOR), found.days_of(Item.RELEASE_PLAN)) == (90, None, None)


def test_an_operator_overrides_a_value_alone_or_with_its_source() -> None:
    table = {
        "rpp_days": 60,
        "review_deadline": {"value": "01-31", "source": "CBSA notice", "date": date(2026, 12, 1)},
        "hold_before": "36h",
        "review_ends_positives": False,
    }
    found = rules().with_overrides(table)
    assert (found.rpp_days, found.review_deadline.on(2027)) == (60, date(2027, 1, 31))
    assert (found.hold_before, found.review_ends_positives) == (timedelta(hours=36), False)
    assert found.entries["review_deadline"].source == "CBSA notice"
    assert {name for name, entry in found.entries.items() if entry.own} == table.keys()
    assert rules().rpp_days == 90
    assert rules().with_overrides({}) == rules()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"rp_days": 60}, "did you mean rpp_days?"),
        ({"zzzz": 60}, "carm.zzzz is not a setting"),
        ({"rpp_days": 0}, "a whole number from 1"),
        ({"rpp_days": True}, "a whole number from 1"),
        ({"rpp_days": "60"}, "a whole number from 1"),
        ({"period_last_day": 31}, "a whole number from 1 to 28"),
        ({"review_deadline": "02-29"}, "a day of each year"),
        ({"review_deadline": 15}, "written in quotes"),
        ({"review_hour": "25:00"}, "an hour in quotes"),
        ({"review_hour": "03:00+01:00"}, "an hour in quotes"),
        ({"zone": "Mars/Olympus"}, "a time zone in quotes"),
        ({"zone": ""}, "a time zone in quotes"),
        ({"hold_before": "soon"}, "not a length of time"),
        ({"enforced": "2025-05-20"}, "a date without quotes"),
        ({"review_ends_positives": 1}, "true or false"),
        ({"rpp_days": {"source": "me"}}, "a value, or a table with"),
        ({"rpp_days": {"value": 3, "why": "me"}}, "a value, or a table with"),
        ({"rpp_days": {"value": 3, "date": "today"}}, "its date is written"),
        ({"release_fresh_days": 90}, "must be less than"),
    ],
)
def test_a_wrong_override_is_refused_in_a_sentence(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("?", r"\?")):
        rules().with_overrides(table)


def test_a_table_that_lacks_a_rule_or_holds_another_is_refused() -> None:
    text = files("bot.domain.carm").joinpath("rules.toml").read_text("utf-8")
    for broken, sentence in (
        (text.replace("[rpp_days]", "[rpq_days]"), "rpp_days"),
        (text + "\n[more]\nvalue=1\nsays='a'\nsource='b'\ndate=2026-01-01\nproof='broker'\n", "more"),
        (text.replace('source = "RULES K"\n', ""), "hold_before lacks source"),
    ):
        with pytest.raises(ValueError, match=sentence):
            CarmRules.parse(broken)
