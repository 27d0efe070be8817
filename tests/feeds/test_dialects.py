"""What the benches send is what the sources read: a bench of messages that nobody understands would be quick."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.status import Status
from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES
from tests.bench.dialects import DIALECTS

NOW = datetime(2026, 1, 15, 15, tzinfo=UTC)
CODES = ("34", "9", "14+01", "4", "5")


@pytest.mark.parametrize("source", DIALECTS)
def test_every_word_of_a_bench_is_read_without_a_problem_and_says_when(source: str) -> None:
    made = NOW - timedelta(minutes=30)
    reader = Reader(ZoneInfo("America/Toronto"))
    for code in CODES:
        reading = SOURCES[source].read(DIALECTS[source].said(code, 1_000_001, made), reader, NOW)
        assert reading.problems == ()
        (report,) = reading.reports
        assert report.status is not Status.UNKNOWN
        assert (report.prepared, report.key[-7:]) == (made, "1000001")
