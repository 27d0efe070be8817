"""Every row of border-formats 8.2 has a message, and goes from its bytes to what `/load N status` answers."""

import asyncio

import pytest

from bot.domain.status import GOOD, Status
from tests.feeds.every_row import answers, goldens, read
from tests.feeds.rows import ROWS, Row

#: The two whose formats nobody could show us.
_UNREAD = ("cbsa_350", "ace_truck_cusres")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The answer to every row; written anew by `python -m tests.feeds.every_row`."""
    return asyncio.run(answers(tmp_path_factory.mktemp("rows") / "rows.db"))


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return goldens()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_has_a_message_that_says_its_status(row: Row) -> None:
    assert Status(row.status) in {report.status for reading in read(row) for report in reading.reports}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_goes_from_bytes_to_the_answer_about_its_load(
    row: Row, answered: dict[str, str], written: dict[str, str]
) -> None:
    assert answered[row.name] == written[row.name]


def test_there_is_an_answer_for_each_row_and_for_nothing_else(written: dict[str, str]) -> None:
    assert list(written) == [row.name for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_row_that_is_not_good_is_answered_by_go(row: Row, answered: dict[str, str]) -> None:
    good = Status(row.status) in GOOD or row.load == "inbond" or row.raw == "xI after its xH"
    assert good or " GO" not in answered[row.name].splitlines()[0]


@pytest.mark.parametrize("row", [row for row in ROWS if row.source in _UNREAD], ids=lambda row: row.source)
def test_what_nobody_can_read_is_unknown_and_a_problem_says_so(row: Row, answered: dict[str, str]) -> None:
    (reading,) = read(row)
    assert {report.status for report in reading.reports} == {Status.UNKNOWN}
    assert reading.problems and "counted as UNKNOWN" in reading.problems[0].why
    assert "a word" in answered[row.name] and "we cannot read" in answered[row.name]


def test_every_unread_source_has_its_row() -> None:
    assert {row.source for row in ROWS if row.source in _UNREAD} == set(_UNREAD)
