"""BorderConnect's messages broken in every way: no crash, nothing dropped in silence, no good word nobody said."""

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.status import GOOD
from tests.feeds.test_borderconnect import CASES, CCN, RECEIVED, read, rns

GOOD_GIS = {"4", "8", "9", "23"}
GOOD_X407 = {"02", "05"} | {f"{agency}{event}" for agency in "123" for event in "BC"}
GOOD_TRIP = {"RTR", "RCO"}
GOOD_PAGE = {
    "COMPLETE MANIFEST AND ENTRY NUMBERS ON FILE",
    "COMPLETE MANIFEST AND ENTRY NUMBERS ON FILE WITH CBP",
    "TRUCK RELEASED AT BORDER",
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_message_cut_anywhere_says_more_than_the_whole(path: Path) -> None:
    body = path.read_bytes()
    whole = {(r.key, r.status) for r in read(body).reports}
    for cut in range(0, len(body), 7):
        assert {(r.key, r.status) for r in read(body[:cut]).reports} <= whole


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "utf-32"])
def test_another_charset_is_read_or_named_and_never_guessed(encoding: str) -> None:
    text = json.dumps([rns(), {"data": "SYSTEM_ALERT", "message": "Québec"}], ensure_ascii=False)
    reading = read(text.encode(encoding))
    assert bool(reading.reports) is (encoding == "utf-8-sig")
    assert reading.problems


def test_half_a_batch_may_be_bad() -> None:
    batch = [rns() | {"cargoControlNumber": f"8SMPPARS{n}"} if n % 2 else {"data": f"NEW_{n}"} for n in range(100)]
    reading = read({"messages": batch})
    assert len(reading.reports) == len(reading.problems) == 50
    assert [r.position for r in reading.reports] == list(range(1, 51))


def test_a_message_that_breaks_half_way_says_nothing_at_all() -> None:
    references = [{"cargoControlNumber": CCN}, {"cargoControlNumber": ["8SMPPARS1002"]}]
    shipments = [{"shipmentControlNumber": "SMPL10001", "code": "02"}, {"shipmentControlNumber": {}, "code": "1H"}]
    for body in (
        {"data": "ACI_NOTICE", "type": "ARRIVAL_REPORTED", "references": references},
        {"data": "ACE_RESPONSE", "tripNumber": "SMPLTRIP0001", "tripStatus": "RTR", "shipmentStatusList": shipments},
    ):
        reading = read(body)
        assert reading.reports == () and len(reading.problems) == 1


@pytest.mark.parametrize(
    "body",
    [b"\0" * 1_000_000, b"[" * 500_000, b'{"messages":' * 100_000, b'{"data":"RNS_SHIPMENT",' * 100_000,
     b"[" + b'{"data":"X"},' * 300_000 + b"1]", b'[{"data":"SYSTEM_ALERT","message":"' + b"A" * 3_000_000 + b'"}]',
     b'{"data":"ACE_RESPONSE","shipmentStatusList":[' + b"{}," * 100_000 + b"{}]}", b"9" * 1_000_000, b""],
    ids=["zeros", "brackets", "wrappers", "objects", "items", "text", "shipments", "digits", "nothing"],
)  # fmt: skip
def test_a_monstrous_body_is_read_in_bounded_time_and_says_so(body: bytes) -> None:
    start = time.perf_counter()
    reading = read(body)
    assert time.perf_counter() - start < 5
    assert reading.problems and not reading.reports and len(reading.problems) < 20


BODIES = [path.read_bytes() for path in CASES if path.stat().st_size]
_SAYING = re.compile(rb'"(?:number|code|tripStatus|type|status|shortName|shipmentsRejected)": ?("?[^",}]*)')
_BLOWS = ["flip", "digit", "delete", "cut", "double", "splice", "mark"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(body)))
        spans = [found.span(1) for found in _SAYING.finditer(body)]
        if spans and draw(st.booleans()):
            at = draw(st.integers(*draw(st.sampled_from(spans))))
        match draw(st.sampled_from(_BLOWS)):
            case "flip" if at < len(body):
                body[at] ^= 1 << draw(st.integers(0, 7))
            case "digit" if at < len(body):
                body[at] = draw(st.sampled_from(b"0123456789"))
            case "delete":
                del body[at : at + draw(st.integers(1, 3) | st.integers(1, 60))]
            case "cut":
                del body[at:]
            case "double":
                body[at:at] = body[at : at + draw(st.integers(1, 60))]
            case "splice":
                other = draw(st.sampled_from(BODIES))
                body[at:] = other[draw(st.integers(0, len(other))) :]
            case "mark":
                body[at:at] = draw(st.sampled_from([b'"', b",", b"}", b"]", b"\\", b"\0", b"\xff", b"null"]))
    return bytes(body)


def walk(value: object) -> Iterator[dict[str, object]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(one)


def key(value: object) -> str:
    return re.sub(r"\s", "", str(value)).upper()


def stated(body: bytes) -> set[str]:
    """Numbers about which a body itself states something good: found by looking, without our reader."""
    found = set()
    for item in walk(json.loads(body.decode("utf-8-sig"))):
        about = {key(item.get(name)) for name in ("cargoControlNumber", "shipmentControlNumber", "tripNumber")}
        transaction = key(item.get("transactionNumber"))
        about |= {transaction, transaction.replace("-", "")}
        about |= {key(inner.get("tripNumber")) for inner in walk(item.get("sendRequest"))}
        codes = {key(inner.get("number")) for inner in walk(item.get("status"))}
        page = " ".join(str(item.get("status")).upper().split())
        if (
            codes & GOOD_GIS
            or key(item.get("code")) in GOOD_X407
            or str(item.get("tripStatus")).strip().upper() in GOOD_TRIP
            or page in GOOD_PAGE
        ):
            found |= about
    return found


@settings(max_examples=600, deadline=None)
@given(mutated())
def test_no_mutation_says_ready_or_released_that_the_message_does_not(body: bytes) -> None:
    good = {report.key for report in read(body).reports if report.status in GOOD}
    assert not good or good <= stated(body), body


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400) | mutated())
def test_no_bytes_make_it_raise_or_give_what_can_not_be_stored(body: bytes) -> None:
    reading = read(body)
    for r in reading.reports:
        assert r.key.isprintable() and 0 < len(r.key) <= 40
        texts = (r.raw, r.text, r.note, r.office, r.reason, r.ref, r.transaction, r.hold_key)
        assert all(text.isprintable() for text in texts)
        assert all(text.isprintable() for pair in r.carries for text in pair)
        assert r.prepared is None or r.prepared - RECEIVED <= timedelta(hours=24)
    assert all(text.isprintable() for row in reading.loads for text in row.cells.values())
    assert all(p.where and p.why and (p.where + p.why + p.code).isprintable() for p in reading.problems)
