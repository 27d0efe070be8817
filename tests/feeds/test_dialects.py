"""What the benches send is what the sources read: a bench of messages that nobody understands would be quick."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import read_config
from bot.domain.status import Status
from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES
from tests.bench.dialects import DIALECTS
from tests.bench.ground import CONFIG

NOW = datetime(2026, 1, 15, 15, tzinfo=UTC)
CODES = ("34", "9", "14+01", "4", "5")


def reader_of(source: str, folder: Path) -> Reader:
    """As the settings of the bench have it."""
    path = folder / "holdwatch.toml"
    path.write_text(CONFIG.format(source=source, settings=DIALECTS[source].settings), "utf-8")
    (feed,) = [f for f in read_config(path, folder, SOURCES).feeds if f.source == source]
    return feed.reader


@pytest.mark.parametrize("source", DIALECTS)
def test_every_word_of_a_bench_is_read_without_a_problem_and_says_when(source: str, tmp_path: Path) -> None:
    made = NOW - timedelta(minutes=30)
    reader = reader_of(source, tmp_path)
    for code in CODES:
        reading = SOURCES[source].read(DIALECTS[source].said(code, 1_000_001, made), reader, NOW)
        assert reading.problems == ()
        (report,) = reading.reports
        assert report.status is not Status.UNKNOWN
        assert (report.prepared, report.key[-7:]) == (made, "1000001")
