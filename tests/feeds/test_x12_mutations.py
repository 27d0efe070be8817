"""No mutation of an X12 message yields READY or RELEASED that its own segments do not state; no bytes raise."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.status import GOOD, Status
from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES

FIXTURES = Path(__file__).parents[1] / "fixtures"
READER = Reader(ZoneInfo("America/Toronto"), fields={"control": "trip"})
PLAIN = Reader(READER.zone)
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
OURS = ("ace_truck_350", "x12_acks", "cbsa_350", "ace_truck_cusres")
GOOD_DISPOSITIONS = {"02", "05"} | {f"{agency}{event}" for agency in "123" for event in "BC"}
GOOD_EVENTS = {"RTR", "RCO"}
SAYING = re.compile(rb"(?:X4|V9|AK5|OTI|K1|K3|SE|ST)[*|+]([^~!'\n\x1c]*)")


def samples(source: str) -> list[bytes]:
    return [p.read_bytes() for p in sorted((FIXTURES / source).glob("*.edi")) if p.stat().st_size]


BODIES = {source: samples(source) for source in OURS}


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
                body[at] = draw(st.sampled_from(b"0123456789ABCHI"))
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
                body[at:at] = draw(st.sampled_from([b"~", b"*", b":", b"\n", b"|", b"\0", b"\xff", b"\x1c"]))
    return bytes(body)


def key(text: str) -> str:
    return re.sub(r"\s", "", text).upper()


def stated(body: bytes) -> set[tuple[str, str]]:
    """Number and good code of every X4 and V9 there may be, by any separators: slow, simple, and not ours."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    found = set()
    for element in {m[1] for m in re.finditer(r"ISA([^A-Za-z0-9 \t\r\n])", text)}:
        for end in {c for c in text if not c.isalnum() and c not in (element, " ")} | {"\r", "\n"}:
            bare = text if end in "\r\n" else text.replace("\r", "").replace("\n", "")
            parts = [s.strip(" \t\r\n").split(element) + [""] * 11 for s in bare.split(end)]
            trips = {key(p[1] + p[6]) for p in parts if p[0] == "M10"} | {key(p[6]) for p in parts if p[0] == "M10"}
            for p in parts:
                if p[0] == "X4":
                    found |= {(number, p[7].strip().upper()) for number in (key(p[1]), key(p[9] + p[1]))}
                elif p[0] == "V9":
                    found |= {(trip, f"V9 {p[1].strip().upper()}") for trip in trips}
    return found


@settings(max_examples=400, deadline=None)
@given(mutated(BODIES["ace_truck_350"]))
def test_no_mutation_of_a_350_says_ready_or_released_that_its_segments_do_not(body: bytes) -> None:
    good = [r for r in SOURCES["ace_truck_350"].read(body, PLAIN, RECEIVED).reports if r.status in GOOD]
    says = stated(body) if good else set()
    for report in good:
        codes = {code for number, code in says if number == report.key}
        assert codes & (GOOD_DISPOSITIONS | {f"V9 {event}" for event in GOOD_EVENTS}), (report, body)


@pytest.mark.parametrize("source", OURS[1:])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_answers_and_what_nobody_can_read_never_say_ready_or_released(source: str, data: st.DataObject) -> None:
    body = data.draw(mutated(BODIES[source] + BODIES["ace_truck_350"]))
    reports = SOURCES[source].read(body, READER, RECEIVED).reports
    assert not {r.status for r in reports} & GOOD
    if source != "x12_acks":
        assert {r.status for r in reports} <= {Status.UNKNOWN}


@settings(max_examples=300, deadline=None)
@given(mutated(BODIES["x12_acks"]))
def test_no_mutation_of_an_answer_says_accepted_that_its_segments_do_not(body: bytes) -> None:
    for report in SOURCES["x12_acks"].read(body, READER, RECEIVED).reports:
        if report.status is Status.ON_FILE:
            text = body.decode("latin-1").replace("\n", "").replace("\r", "")
            said = re.search(r"OTI.[TI][ACE]", text) if report.raw.startswith("OTI") else "ACCEPT" in text.upper()
            assert said, (report, body)


@pytest.mark.parametrize("source", OURS)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_bytes_make_a_source_raise_or_give_what_can_not_be_stored(source: str, data: st.DataObject) -> None:
    body = data.draw(st.binary(max_size=400) | mutated([b for bodies in BODIES.values() for b in bodies]))
    reading = SOURCES[source].read(body, READER, RECEIVED)
    for report in reading.reports:
        assert report.key.isprintable()
        assert 0 < len(report.key) <= 40
        texts = (report.raw, report.text, report.note, report.office, report.sub_location, report.reason, report.ref)
        carried = [text for _, text in report.carries]
        assert all(text.isprintable() for text in (*texts, *carried, report.transaction, report.hold_key))
        assert report.prepared is None or report.prepared.utcoffset() is not None
    assert all(p.where and p.why and (p.where + p.why + p.code).isprintable() for p in reading.problems)
    assert reading.ref.isprintable()
