"""Candata, any broker's API, and mails: every fixture says what its expected result says."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.status import GOOD
from bot.feeds.asked import unwrap
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


BODIES = {source: [path.read_bytes() for path in messages(source)] for source in READERS}
BLOWS = ["flip", "delete", "cut", "move", "double", "splice", "mark"]
MARKS = [b"<", b">", b'"', b"&", b"\n", b"\r\n\r\n", b"\0", b"\xff", b"{", b"]", b"--b", b"> ", b" not ", b"?"]


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    body = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 5))):
        at, to = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        match draw(st.sampled_from(BLOWS)):
            case "flip" if at < len(body):
                body[at] ^= 1 << draw(st.integers(0, 7))
            case "delete":
                del body[at : at + draw(st.integers(1, 40))]
            case "cut":
                del body[to:]
            case "move":
                piece = body[at : min(to, at + 60)]
                del body[at : at + len(piece)]
                place = draw(st.integers(0, len(body)))
                body[place:place] = piece
            case "double":
                body[at:at] = body[at : min(to, at + 60)]
            case "splice":
                other = draw(st.sampled_from(originals))
                body[at:] = other[draw(st.integers(0, len(other))) :]
            case "mark":
                body[at:at] = draw(st.sampled_from(MARKS))
    return bytes(body)


def squeezed(body: bytes) -> str:
    return re.sub(r"[\W_]+", " ", body.decode("latin-1")).upper()


@settings(max_examples=400, deadline=None)
@given(mutated(BODIES["candata"]))
def test_no_mutation_of_an_answer_of_candata_is_good_news_that_no_indicator_states(body: bytes) -> None:
    for report in SOURCES["candata"].read(body, READERS["candata"], RECEIVED).reports:
        if report.status in GOOD:
            assert report.raw in {"4", "8", "9", "23"}, body
            answer = unwrap(body)[1].decode("latin-1")
            assert re.search(
                rf"processing_ind\s*(=\s*[\"']\s*0*{report.raw}\s*[\"']|>\s*0*{report.raw}\s*<)", answer
            ), body
            assert report.key in body.decode("latin-1"), body


@settings(max_examples=400, deadline=None)
@given(mutated(BODIES["json_poll"]))
def test_no_mutation_of_a_brokers_answer_is_good_news_that_it_does_not_state(body: bytes) -> None:
    for report in SOURCES["json_poll"].read(body, CHECKER, RECEIVED).reports:
        if report.status in GOOD:
            said = squeezed(body)
            assert "CLEARED" in said or "RELEASE ACCEPTED BY CBP" in said, body


@settings(max_examples=400, deadline=None)
@given(mutated(BODIES["email_drop"]))
def test_no_mutation_of_a_mail_is_good_news_without_its_word_standing_by_itself(body: bytes) -> None:
    for report in SOURCES["email_drop"].read(body, READERS["email_drop"], RECEIVED).reports:
        if report.status in GOOD:
            assert report.raw in {"RELEASED", "ACCEPTED", "DECLARATION ACCEPTED AWAITING ARRIVAL OF GOODS"}, body


@pytest.mark.parametrize("source", READERS)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_bytes_make_a_source_raise_or_give_what_can_not_be_stored(source: str, data: st.DataObject) -> None:
    body = data.draw(st.binary(max_size=400) | mutated(BODIES[source]))
    reading = SOURCES[source].read(body, READERS[source], RECEIVED)
    for report in reading.reports:
        texts = (
            report.key,
            report.raw,
            report.text,
            report.note,
            report.office,
            report.sub_location,
            report.transaction,
        )
        assert all(text.isprintable() for text in texts)
        assert 0 < len(report.key) <= 40
        assert report.prepared is None or report.prepared.utcoffset() is not None
    assert all(text.isprintable() for row in reading.loads for text in row.cells.values())
    assert all(p.where and p.why and (p.where + p.why + p.code).isprintable() for p in reading.problems)
    assert reading.ref.isprintable()


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("candata", b"<rnslist>" + b"<rns/>" * 200_000 + b"</rnslist>"),
        ("candata", b"<a>" * 100_000),
        ("json_poll", b'{"shipments":[' + b"{}," * 300_000 + b"{}]}"),
        ("json_poll", b"[" * 500_000),
        ("email_drop", b"Subject: x\r\n\r\n" + b"8SMPPARS1 " * 200_000),
        ("email_drop", b"Subject: " + b"=?utf-8?B?QQ==?= " * 50_000 + b"\r\n\r\nx"),
        ("email_drop", b"Content-Type: text/html\r\n\r\n" + b"<" * 1_000_000),
        ("email_drop", b"Content-Type: text/html\r\n\r\n" + b"<div>" * 300_000),
        (
            "email_drop",
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: a/b; " + b"x=1; " * 100_000,
        ),
        ("email_drop", b"To: " + b"a@b.example, " * 50_000 + b"\r\n\r\nx"),
        ("email_drop", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000),
    ],
)
def test_a_monstrous_body_is_read_in_bounded_time(source: str, body: bytes) -> None:
    start = time.perf_counter()
    reading = SOURCES[source].read(body, READERS[source], RECEIVED)
    assert time.perf_counter() - start < 10
    assert not [report for report in reading.reports if report.status in GOOD]
