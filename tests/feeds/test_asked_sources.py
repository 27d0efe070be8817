"""Candata, any broker's API, and mails: every fixture says what its expected result says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.feeds.registry import SOURCES
from bot.feeds.show import as_json
from bot.feeds.sources import candata, json_poll
from tests.feeds.asked_readers import CHECKER, READERS

FIXTURES = Path(__file__).parents[1] / "fixtures"
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
SUFFIXES = (".xml", ".json", ".eml")


def messages(source: str) -> list[Path]:
    found = sorted((FIXTURES / source).iterdir())
    return [path for path in found if path.suffix in SUFFIXES and ".expected." not in path.name]


CASES = [path for source in READERS for path in messages(source)]
#: What each case says, a status for each report; what is not here is checked by its file alone.
SAYS = {
    "candata/ind_4": ["RELEASED"],
    "candata/ind_5": ["EXAM"],
    "candata/ind_6": ["HELD"],
    "candata/ind_8": ["RELEASED_CONDITIONAL"],
    "candata/ind_9": ["READY"],
    "candata/ind_14": ["REJECTED"],
    "candata/ind_23": ["RELEASED"],
    "candata/ind_24": ["AWAITING_PROCESSING"],
    "candata/nothing": [],
    "candata/history": ["RELEASED"],
    "candata/history_without_times": ["EXAM", "RELEASED"],
    "candata/refiled": ["AWAITING_PROCESSING"],
    "candata/unknown_indicator": ["UNKNOWN"],
    "candata/not_asked": [],
    "candata/entity": [],
    "candata/external_entity": [],
    "candata/error_page": [],
    "candata/truncated": [],
    "json_poll/paps_nothing": ["NO_RELEASE"],
    "json_poll/paps_on_hold": ["NO_RELEASE"],
    "json_poll/paps_accepted": ["ON_FILE"],
    "json_poll/paps_release_accepted": ["READY"],
    "json_poll/paps_release_accepted_fda": ["READY"],
    "json_poll/paps_release_accepted_fda_review": ["ON_FILE"],
    "json_poll/paps_on_hold_with_date": ["NO_RELEASE"],
    "json_poll/word_unknown": ["UNKNOWN"],
    "json_poll/word_unknown_with_date": ["UNKNOWN"],
    "json_poll/another_number": [],
    "json_poll/several": ["ON_FILE", "READY"],
    "json_poll/twice": [],
    "email_drop/subject_released": ["RELEASED"],
    "email_drop/body_status": ["READY"],
    "email_drop/official_words": ["READY"],
    "email_drop/exam": ["EXAM"],
    "email_drop/not_released": ["UNKNOWN"],
    "email_drop/will_be_released": ["UNKNOWN"],
    "email_drop/question": ["UNKNOWN"],
    "email_drop/unknown_word": ["UNKNOWN"],
    "email_drop/two_words": ["HELD"],
    "email_drop/several_numbers": [],
    "email_drop/no_number": [],
    "email_drop/quoted_news": [],
    "email_drop/quoted_lines": ["HELD"],
    "email_drop/quoted_outlook": ["UNKNOWN"],
    "email_drop/quoted_on_wrote": ["HELD"],
    "email_drop/html_only": ["RELEASED"],
    "email_drop/html_quote": ["HELD"],
    "email_drop/alternative": ["HELD"],
    "email_drop/attachments": ["READY"],
    "email_drop/charset": ["READY"],
    "email_drop/encoded_subject": ["RELEASED"],
    "email_drop/no_date": ["READY"],
    "email_drop/papers_sent": [],
    "email_drop/papers_sent_by_shipper": [],
    "email_drop/papers_to_another_broker": ["UNKNOWN"],
    "email_drop/no_mail": [],
    "email_drop/nest": [],
}
LOUD = {
    "candata": [
        "entity",
        "external_entity",
        "error_page",
        "truncated",
        "not_asked",
        "unknown_indicator",
        "no_indicator",
    ],
    "json_poll": ["word_unknown", "another_number", "html", "no_list", "twice", "status_is_a_list"],
    "email_drop": [
        "not_released",
        "question",
        "several_numbers",
        "no_number",
        "quoted_news",
        "no_mail",
        "nest",
        "charset",
    ],
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_message_says_what_is_written_beside_it(path: Path) -> None:
    source = path.parent.name
    found = as_json(SOURCES[source].read(path.read_bytes(), READERS[source], RECEIVED))
    assert found == json.loads(path.with_suffix(".expected.json").read_text())


@pytest.mark.parametrize(("case", "says"), SAYS.items())
def test_a_case_has_its_status(case: str, says: list[str]) -> None:
    expected = json.loads((FIXTURES / f"{case}.expected.json").read_text())
    assert [report["status"] for report in expected["reports"]] == says


@pytest.mark.parametrize(("source", "case"), [(s, c) for s, cases in LOUD.items() for c in cases])
def test_what_is_not_understood_is_said(source: str, case: str) -> None:
    assert json.loads((FIXTURES / source / f"{case}.expected.json").read_text())["problems"]


def test_papers_that_went_to_a_broker_are_a_row_at_the_date_of_the_mail() -> None:
    for case in ("papers_sent", "papers_sent_by_shipper"):
        expected = json.loads((FIXTURES / "email_drop" / f"{case}.expected.json").read_text())
        assert expected["loads"] == [
            {"where": "mail", "pars": "8SMPPARS100123", "papers_sent": "2026-01-15T13:00+00:00"}
        ]


def test_a_date_that_can_not_be_right_is_left_out() -> None:
    for case in ("no_date", "date_next_year", "date_old"):
        reading = SOURCES["email_drop"].read(
            (FIXTURES / "email_drop" / f"{case}.eml").read_bytes(), READERS["email_drop"], RECEIVED
        )
        assert [r.prepared for r in reading.reports] == [None]
        assert [p.where for p in reading.problems] == ["Date"]


def test_a_page_of_a_proxy_is_no_answer() -> None:
    assert candata.unsound(b"<html><body>Sign in</body></html>")
    assert json_poll.unsound(b"<html>")
    assert candata.unsound(b"<rnslist/>") == json_poll.unsound(b'{"shipments": []}') == ""


def test_a_list_of_many_numbers_is_told_apart_so_that_one_that_moves_is_stored_alone() -> None:
    body = (FIXTURES / "json_poll" / "several.json").read_bytes()
    parts = json_poll.parts(body, CHECKER.places)
    assert [about for about, _ in parts] == ["ccn SMPL777124", "ccn SMPL777130", ""]
    read = [SOURCES["json_poll"].read(part, CHECKER, RECEIVED) for _, part in parts]
    assert [[r.status for r in one.reports] for one in read] == [["ON_FILE"], ["READY"], []]
    assert json_poll.parts(b"nonsense", CHECKER.places) == [("", b"nonsense")]
