"""Zone letters across the border: since 2026 some clocks of Canada and the US differ in winter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.timewords import when
from tests.handlers.test_timewords import NOW, TORONTO, refusal


@pytest.mark.parametrize("word", ["CT", "MT", "PT"])
def test_a_letter_that_differs_across_the_border_in_winter_is_refused_by_name(word):
    said = refusal(f"14:30 {word}", now=NOW)
    assert "Canada and the US" in said
    assert "14:30-0" in said


def test_a_letter_is_the_crossings_own_where_it_has_one():
    winnipeg = ZoneInfo("America/Winnipeg")
    own, bare = (when(text, NOW, winnipeg, past_ok=False, future_ok=True) for text in ("14:30 CT", "14:30"))
    assert own == bare


def test_a_letter_that_is_one_in_summer_is_taken():
    july = datetime(2026, 7, 1, 10, 0, tzinfo=TORONTO)
    assert when("14:30 CT", july, TORONTO, past_ok=False, future_ok=True) == datetime(2026, 7, 1, 19, 30, tzinfo=UTC)
