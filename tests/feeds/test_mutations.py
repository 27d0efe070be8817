"""No mutation of a message yields READY or RELEASED that its own segments do not state; no bytes raise."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.status import GOOD
from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES

FIXTURES = Path(__file__).parents[1] / "fixtures"
READER = Reader(ZoneInfo("America/Toronto"))
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
EXAMPLES = 500
OURS = ("cbsa_rns", "cbsa_notices", "broker_json")
GOOD_GIS = {"4", "8", "9", "23"}
GOOD_NOTICES = {"RELEASED", "AUTHORIZED TO DELIVER"}
GOOD_WORDS = {
    "READY",
    "RELEASED",
    "RELEASED CONDITIONAL",
    "ACCEPTED",
    "GOODS RELEASED",
    "R",
    "AUTHORIZED TO DELIVER",
    "AUTHORIZED TO DELIVER CSA SHIPMENT",
    "DECLARATION ACCEPTED AWAITING ARRIVAL OF GOODS",
    "GOODS MAY MOVE DETAIN TO DESTINATION CFIA",
}


SAYING = re.compile(rb"""(?:GIS[+*]|ERC[+*]|STS[+]|FTX[+]SIN[+]*|"status": ")([^'~"]*)""")


def samples(source: str, *suffixes: str) -> list[bytes]:
    found = sorted((FIXTURES / source).iterdir())
    return [p.read_bytes() for p in found if p.suffix in suffixes and ".expected" not in p.name and p.stat().st_size]


EDI = samples("cbsa_rns", ".edi"), samples("cbsa_notices", ".edi")
BROKER = samples("broker_json", ".json")


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    body = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        at, to = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        spans = [found.span(1) for found in SAYING.finditer(body)]
        if spans and draw(st.booleans()):
            # Most bytes say nothing about the status: half of the blows go where it is said.
            at = to = draw(st.integers(*draw(st.sampled_from(spans))))
        match draw(st.sampled_from(["flip", "digit", "delete", "cut", "move", "double", "splice", "mark"])):
            case "flip" if at < len(body):
                body[at] ^= 1 << draw(st.integers(0, 7))
            case "digit" if at < len(body):
                body[at] = draw(st.sampled_from(b"0123456789"))
            case "delete":
                del body[at : at + draw(st.integers(1, 3) | st.integers(1, 60))]
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
                body[at:at] = draw(st.sampled_from([b"'", b"+", b":", b"?", b"\n", b'"', b",", b"\0", b"\xff"]))
    return bytes(body)


def stated(body: bytes) -> list[list[list[list[str]]]]:
    """Messages as segments, elements and components, read one character at a time: slow, simple, and not ours."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    marks = ":+.? '"
    found: list[list[list[list[str]]]] = []
    segment: list[list[str]] = [[""]]
    index, inside = 0, False
    while index < len(text):
        una = re.match(r"UNA(\W\W.\W.\W)\s*UN[ABGH]", text[index : index + 40], re.DOTALL)
        if una and segment in ([[""]], [["\n"]]):
            marks, index = una[1], index + 9
            continue
        char = text[index]
        if char == marks[3] != " ":
            while index + 1 < len(text) and text[index + 1] in "\r\n":
                index += 1
            index += 1
            segment[-1][-1] += text[index : index + 1]
        elif char == marks[5] or (char in "\r\n" and re.match(r"UN[BGHTEZ]\+", text[index + 1 : index + 5])):
            tag = segment[0][0].strip()
            if tag == "UNH":
                found.append([])
            inside = tag == "UNH" or (inside and tag not in ("UNT", "UNB", "UNZ", "UNG", "UNE"))
            if inside:
                found[-1].append(segment)
            segment = [[""]]
        elif char == marks[1]:
            segment.append([""])
        elif char == marks[0]:
            segment[-1].append("")
        elif char not in "\r\n":
            segment[-1][-1] += char
        index += 1
    return found


def key(text: str) -> str:
    squeezed = re.sub(r"\s", "", text).upper()
    digits = squeezed.replace("-", "")
    return digits if len(digits) == 14 and digits.isdecimal() else squeezed


def part(segment: list[list[str]], element: int, component: int = 0) -> str:
    return segment[element][component].strip() if len(segment) > element and len(segment[element]) > component else ""


def names(message: list[list[list[str]]], number: str) -> bool:
    return any(key(text) == number for segment in message for element in segment for text in element)


def words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().upper()


@settings(max_examples=EXAMPLES, deadline=None)
@given(mutated(EDI[0]))
def test_no_mutation_of_an_rns_answer_says_ready_or_released_that_its_segments_do_not(body: bytes) -> None:
    messages = stated(body)
    for report in SOURCES["cbsa_rns"].read(body, READER, RECEIVED).reports:
        if report.status in GOOD:
            says = [m for m in messages if names(m, report.key)]
            codes = [{part(s, 1) for s in m if s[0][0].strip() == "GIS"} for m in says]
            assert any(code & GOOD_GIS and code <= GOOD_GIS | {"128"} for code in codes), (report, body)


@settings(max_examples=EXAMPLES, deadline=None)
@given(mutated(EDI[1]))
def test_no_mutation_of_a_notice_says_released_that_its_segments_do_not(body: bytes) -> None:
    messages = stated(body)
    for report in SOURCES["cbsa_notices"].read(body, READER, RECEIVED).reports:
        if report.status in GOOD:
            says = [m for m in messages if names(m, report.key)]
            texts = [{words(part(s, 2, 3)) for s in m if s[0][0].strip() == "STS"} for m in says]
            texts += [{words(" ".join(s[4])) for s in m if s[0][0].strip() == "FTX" and len(s) > 4} for m in says]
            assert any(text & GOOD_NOTICES for text in texts), (report, body)


@settings(max_examples=EXAMPLES, deadline=None)
@given(mutated(BROKER))
def test_no_mutation_of_a_brokers_batch_says_ready_or_released_that_its_items_do_not(body: bytes) -> None:
    good = [r for r in SOURCES["broker_json"].read(body, READER, RECEIVED).reports if r.status in GOOD]
    if good:
        items = json.loads(body.decode("utf-8-sig"))["statuses"]
        pairs = [(i.get("number"), i.get("status")) for i in items if isinstance(i, dict)]
        said = {
            (key(number), words(word)) for number, word in pairs if isinstance(number, str) and isinstance(word, str)
        }
        for report in good:
            assert any((report.key, word) in said for word in GOOD_WORDS), (report, body)


@pytest.mark.parametrize("source", OURS)
@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=600) | mutated([*EDI[0], *EDI[1], *BROKER]))
def test_no_bytes_make_a_source_raise_or_give_what_can_not_be_stored(source: str, body: bytes) -> None:
    reading = SOURCES[source].read(body, READER, RECEIVED)
    for report in reading.reports:
        assert report.key.isprintable()
        assert 0 < len(report.key) <= 40
        texts = (report.raw, report.text, report.note, report.office, report.sub_location, report.reason, report.ref)
        assert all(text.isprintable() for text in (*texts, report.transaction, report.hold_key))
        assert report.prepared is None or report.prepared.utcoffset() is not None
    assert all(text.isprintable() for row in reading.loads for text in row.cells.values())
    assert all(p.where and p.why and (p.where + p.why + p.code).isprintable() for p in reading.problems)
    assert reading.ref.isprintable()


@pytest.mark.parametrize("source", OURS)
@pytest.mark.parametrize(
    "body",
    [
        b"\0" * 1_000_000,
        b"UNH+1+CUSRES:D:96A:UN'" + b"GIS+9'" * 100_000 + b"RFF+XC:A'UNT+100003+1'",
        b"UNH+1+GOVCBR:D:13A:UN'" + b"STS++2:::9'" * 20_000 + b"UNT+20002+1'",
        b"UNH+1+CUSRES:D:96A:UN'" + b"FTX+AAO+++" + b"A" * 3_000_000 + b"'UNT+3+1'",
        b"[" * 500_000,
        b'{"a":' * 200_000,
        b'{"statuses":[' + b"{}," * 300_000 + b"{}]}",
        b'{"statuses":' + b"9" * 1_000_000 + b"}",
    ],
    ids=["zeros", "indicators", "notices", "text", "brackets", "braces", "items", "digits"],
)
def test_a_monstrous_body_is_read_in_bounded_time(source: str, body: bytes) -> None:
    start = time.perf_counter()
    reading = SOURCES[source].read(body, READER, RECEIVED)
    assert time.perf_counter() - start < 10
    assert len(reading.reports) <= 2
    assert all(report.status not in GOOD or report.key == "A" for report in reading.reports)
