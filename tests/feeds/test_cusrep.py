"""Questions as CUSREP: the segments of border-formats 1.4, in an envelope that any reader takes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.cusrep import status_query
from bot.feeds.protocol import Envelope, is_party
from tests.feeds.test_edifact import by_oracle

TORONTO = ZoneInfo("America/Toronto")
ASKED = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
ETA = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
ENVELOPE = Envelope("SMPL:ZZ", "SAMPLEVAN")


def query(envelope: Envelope = ENVELOPE, number: str = "SMPLPARS100123", **more: object) -> bytes:
    known: dict[str, object] = {"transaction": "12345000067897", "arrives": ETA, "asked": ASKED, "zone": TORONTO}
    return status_query(envelope, "k3f9q2m4p7s1t5v8", number, **(known | more))  # type: ignore[arg-type]


def test_a_query_is_what_customs_wants_segment_by_segment() -> None:
    assert query().decode() == (
        "UNA:+.? '"
        "UNB+UNOA:3+SMPL:ZZ+SAMPLEVAN+261124:1205+F9Q2M4P7S1T5V8'"
        "UNH+1+CUSREP:D:96A:UN'"
        "BGM+998'"
        "DTM+132:202611241400:203'"
        "RFF+ABT:SMPLPARS100123'"
        "RFF+TN:12345000067897'"
        "UNT+6+1'"
        "UNZ+1+F9Q2M4P7S1T5V8'"
    )


def test_without_a_transaction_or_an_eta_it_asks_by_the_number_alone() -> None:
    said = query(transaction="", arrives=None).decode()
    assert "RFF+TN" not in said
    assert "DTM+132:202611241205:203'" in said
    assert "UNT+5+1'" in said


def test_a_test_is_marked_as_one() -> None:
    assert b"+F9Q2M4P7S1T5V8++++++1'UNH" in query(Envelope("SMPL", "VAN", test=True))


@pytest.mark.parametrize("number", ["SMPLPARS100123", "A+B'C:D?E", "smpl-1"])
def test_another_reader_finds_the_number_and_counts_the_segments(number: str) -> None:
    marks, body = query(number=number).decode()[3:9], query(number=number).decode()[9:]
    found = by_oracle(body, marks)
    message = found[1:-1]
    assert [parts[0][0] for parts in message] == ["UNH", "BGM", "DTM", "RFF", "RFF", "UNT"]
    assert message[0][2] == ["CUSREP", "D", "96A", "UN"]
    assert message[3][1] == ["ABT", number.upper()]
    assert message[-1][1] == [str(len(message))]


@pytest.mark.parametrize(
    ("text", "fits"),
    [("SMPL", True), ("SMPL:ZZ", True), ("", False), ("smpl", False), ("A:B:C", False), ("A+B", False), ("É", False)],
)
def test_an_id_of_an_envelope_is_in_capitals(text: str, fits: bool) -> None:
    assert is_party(text) is fits
