"""Sources: what holds for each beside its fixtures."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.domain.numbers import NumberKind
from bot.domain.rowtext import COLUMNS
from bot.domain.status import Authority, Status, Track
from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from bot.feeds.sources.broker_json import WORDS

ZONE = ZoneInfo("America/Toronto")
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
SCHEMA = json.loads((Path(__file__).parents[2] / "bot/feeds/sources/broker_json.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def edi(kind: str, *segments: str) -> bytes:
    return "'".join([f"UNH+1+{kind}:UN", *segments, f"UNT+{len(segments) + 2}+1", ""]).encode("latin-1")


def rns(*segments: str, **overrides: str) -> Reading:
    body = edi("CUSRES:D:96A", *segments, "RFF+XC:SMPLPARS100123")
    return SOURCES["cbsa_rns"].read(
        body, Reader(ZONE, {k.replace("_", ":"): v for k, v in overrides.items()}), RECEIVED
    )


def notice(*segments: str, overrides: dict[str, str] | None = None) -> Reading:
    body = edi("GOVCBR:D:13A", "BGM+23:::785+SMPLPARS100123:1:1+11", *segments)
    return SOURCES["cbsa_notices"].read(body, Reader(ZONE, overrides or {}), RECEIVED)


def broker(**batch: object) -> Reading:
    return SOURCES["broker_json"].read(json.dumps(batch).encode(), Reader(ZONE), RECEIVED)


def said(reading: Reading) -> list[tuple[Status, str]]:
    return [(report.status, report.reason) for report in reading.reports]


def test_each_source_says_who_speaks_and_what_it_covers() -> None:
    found = {n: (s.name, s.authority, s.covers) for n, s in SOURCES.items()}
    assert (
        found
        | {
            "cbsa_rns": ("cbsa_rns", Authority.CUSTOMS, {Track.RELEASE}),
            "cbsa_notices": ("cbsa_notices", Authority.CUSTOMS, {Track.MATCH}),
            "broker_json": ("broker_json", Authority.BROKER, {Track.RELEASE}),
        }
        == found
    )
    assert all(source.name == name for name, source in SOURCES.items())


def test_a_brokers_report_never_speaks_as_customs() -> None:
    assert broker(statuses=[{"number": "A1234", "status": "released"}]).reports[0].authority is Authority.BROKER


def test_an_operator_overrides_a_code() -> None:
    assert said(rns("GIS+24", GIS_24="rejected")) == [(Status.REJECTED, "")]
    assert said(rns("GIS+77", GIS_77="HELD")) == [(Status.HELD, "")]
    assert said(rns("GIS+14", "ERC+Z99", ERC_Z99="WARNING")) == [(Status.WARNING, "Z99")]
    assert said(notice("STS++2:::0042", overrides={"STS:0042": "RELEASED"})) == [(Status.RELEASED, "")]
    assert said(notice("FTX+SIN+++SAMPLE all done", overrides={"TEXT:sample, all-done": "ARRIVED"})) == [
        (Status.ARRIVED, "")
    ]


def test_an_override_that_can_not_be_understood_is_a_problem_and_makes_its_code_unknown() -> None:
    reading = rns("GIS+9", GIS_9="REDY")
    assert said(reading) == [(Status.UNKNOWN, "")]
    assert [p.code for p in reading.problems] == ["GIS:9"]
    reading = rns("GIS+9", STS_0001="READY", GIS9="READY")
    assert said(reading) == [(Status.READY, "")]
    assert sorted(p.code for p in reading.problems) == ["GIS9", "STS:0001"]


def test_a_problem_with_a_code_names_the_override_that_would_end_it() -> None:
    assert [p.code for p in rns("GIS+77").problems] == ["GIS:77"]
    assert [p.code for p in rns("ERC+Z99").problems] == ["ERC:Z99"]
    assert [p.code for p in notice("STS++2:::0042").problems] == ["STS:0042"]
    assert [p.code for p in broker(statuses=[{"number": "A1234", "status": "all done"}]).problems] == ["WORD:ALL DONE"]


@pytest.mark.parametrize(
    ("segments", "verdict"),
    [
        (("GIS+6",), (Status.HELD, "docs")),
        (("GIS+14", "ERC+Y51"), (Status.HELD, "docs")),
        (("GIS+14", "ERC+531", "ERC+464"), (Status.REJECTED, "464")),
        (("GIS+2", "ERC+D40"), (Status.REJECTED, "D40")),
        (("GIS+14", "ERC+01", "ERC+T36"), (Status.REJECTED, "T36")),
        (("GIS+14", "ERC+1"), (Status.NO_RELEASE, "01")),
        (("GIS+128", "ERC+Z99"), (Status.WARNING, "Z99")),
        (("GIS+1", "ERC+74"), (Status.SENT, "")),
        (("GIS+4", "GIS+7"), (Status.HELD, "")),
        (("GIS+4", "GIS+99"), (Status.UNKNOWN, "")),
        (("GIS+04",), (Status.UNKNOWN, "")),
        (("GIS+",), (Status.UNKNOWN, "")),
    ],
)
def test_an_rns_answer_gives_the_worst_it_says_and_why(segments: tuple[str, ...], verdict: tuple[Status, str]) -> None:
    assert said(rns(*segments))[0] == verdict


def test_an_arrival_stands_beside_what_is_said_of_the_release() -> None:
    assert [(r.status, r.track) for r in rns("GIS+5", "ERC+31", "ERC+74").reports] == [
        (Status.EXAM, Track.RELEASE),
        (Status.ARRIVED, Track.ARRIVAL),
        (Status.WARNING, Track.RELEASE),
    ]


def test_a_report_carries_office_notes_and_the_senders_reference() -> None:
    body = edi(
        "CUSRES:D:96A",
        "LOC+22+0453:129::1234",
        "GIS+4",
        "FTX+AAG+++DOCK 4:CALL",
        "RFF+XC:smpl pars 1",
        "RFF+TN:12345-000067897",
    )
    body = b"UNB+UNOA:3+CBSA+SMPL+260115:1031+R77'" + body + b"UNZ+1+R77'"
    reading = SOURCES["cbsa_rns"].read(body, Reader(ZONE), RECEIVED)
    (report,) = reading.reports
    assert (report.kind, report.key, report.transaction) == (NumberKind.CCN, "SMPLPARS1", "12345000067897")
    assert (report.office, report.sub_location, report.note) == ("0453", "1234", "DOCK 4 CALL")
    assert (report.ref, reading.ref, report.position) == ("R77/1", "R77", 1)


def test_a_number_that_can_not_be_one_is_a_problem_and_nobodys_news() -> None:
    for number in ("A" * 41, "SMPL\x01PARS"):
        body = edi("CUSRES:D:96A", "GIS+4", f"RFF+XC:{number}")
        reading = SOURCES["cbsa_rns"].read(body, Reader(ZONE), RECEIVED)
        assert reading.reports == ()
        assert [p.where for p in reading.problems] == ["message 1, RFF", "message 1, RFF"]


def test_the_reference_of_an_error_is_not_taken_for_a_transaction() -> None:
    stamp, real = "BGM+:::489+20260115103000+11", "BGM+:::489+12345000067897+11"
    assert rns(stamp, "GIS+14", "ERC+01").reports[0].transaction == ""
    assert rns(real, "GIS+14", "ERC+01").reports[0].transaction == "12345000067897"
    assert rns(stamp, "GIS+9").reports[0].transaction == "20260115103000"


def test_every_status_has_its_own_word_in_a_brokers_batch() -> None:
    assert set(WORDS.values()) == set(Status)
    reading = broker(statuses=[{"number": "A1234", "status": status.value} for status in Status])
    assert [report.status for report in reading.reports] == list(Status)
    assert reading.problems == ()


def test_a_named_track_goes_before_the_usual_one() -> None:
    item = {"number": "A1234", "status": "held", "track": "agency", "hold_key": "FDA"}
    (report,) = broker(statuses=[item]).reports
    assert (report.track, report.hold_key) == (Track.AGENCY, "FDA")


def test_a_status_is_as_new_as_it_was_recorded_and_never_newer_than_its_batch() -> None:
    items = [
        {"number": "A1234", "status": "rejected", "at": "2026-01-15T10:00:00Z"},
        {"number": "A1234", "status": "accepted", "at": "2026-01-15T19:00:00Z"},
        {"number": "A1234", "status": "accepted"},
    ]
    reading = broker(sent_at="2026-01-15T12:00:00Z", statuses=items)
    assert [report.prepared.hour for report in reading.reports if report.prepared] == [10, 12, 12]


def test_a_lone_surrogate_or_a_zero_byte_never_gets_through() -> None:
    text = '{"statuses":[{"number":"A\\ud800123","status":"held"},{"number":"A1\\u0000234","status":"held"}'
    text += ',{"number":"A1234","status":"held","note":"a\\ud800\\u0000b"}],"sender":"\\ud800","message_id":"\\u0000"}'
    reading = SOURCES["broker_json"].read(text.encode(), Reader(ZONE), RECEIVED)
    assert [(report.key, report.note) for report in reading.reports] == [("A1234", "a  b")]
    assert [p.where for p in reading.problems] == ["statuses[0]", "statuses[1]"]


def test_a_batch_nested_without_end_is_a_problem() -> None:
    reading = SOURCES["broker_json"].read(b'{"statuses":' + b"[" * 200_000, Reader(ZONE), RECEIVED)
    assert [p.where for p in reading.problems] == ["file"]


def test_more_items_than_a_batch_may_hold_is_a_problem_and_the_first_are_read() -> None:
    reading = broker(statuses=[{"number": "A1234", "status": "held"}] * 10_001)
    assert (len(reading.reports), [p.where for p in reading.problems]) == (10_000, ["statuses"])


def test_the_published_schema_is_one_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["$defs"]["load"]["properties"]) == COLUMNS
    fields = [*SCHEMA["properties"].values(), *SCHEMA["$defs"]["load"]["properties"].values()]
    fields += SCHEMA["$defs"]["status"]["properties"].values()
    assert all(len(field["description"]) > 8 for field in fields)


_SCALARS = st.none() | st.booleans() | st.integers(-5, 10**20) | st.sampled_from(["", "A1234", "held", "trip", "match"])
_VALUES = _SCALARS | st.lists(_SCALARS, max_size=1) | st.just({}) | st.text(max_size=3) | st.just("x" * 700)
_STATUS = st.fixed_dictionaries(
    {},
    optional={"number": _VALUES, "status": st.just("held") | _VALUES, "kind": _VALUES, "track": _VALUES}
    | {"note": _VALUES, "office": _VALUES, "reason": _VALUES, "hold_key": _VALUES, "colour": _VALUES},
)
_LOAD = st.fixed_dictionaries({}, optional=dict.fromkeys(("number", "pars", "fast", "note", "colour"), _VALUES))
_ITEMS = st.lists(
    st.sampled_from([{"number": "A1234", "status": "held"}, {"number": "77"}]) | _STATUS | _LOAD, max_size=2
)
_BATCH = st.fixed_dictionaries(
    {}, optional={"statuses": _ITEMS | _VALUES, "loads": _ITEMS | _VALUES, "sender": _VALUES, "heartbeat": _VALUES}
)


@settings(max_examples=150, deadline=None)
@given(_BATCH)
@example({"loads": [{"number": False}]})
def test_what_the_schema_refuses_is_a_problem_of_the_reader(batch: dict[str, object]) -> None:
    if not VALIDATOR.is_valid(batch):
        assert broker(**batch).problems, batch
    elif not broker(**batch).reports:
        assert broker(**batch).problems == ()
