"""BorderConnect's messages: every row of border-formats 8.2, bad input, and no good word that nobody said."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.status import Status, Track
from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from bot.feeds.show import as_json
from bot.feeds.sources.borderconnect_codes import TABLE, WEAK

SOURCE = SOURCES["borderconnect"]
FIXTURES = Path(__file__).parents[1] / "fixtures" / "borderconnect"
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
READER = Reader(ZoneInfo("UTC"))
CASES = sorted(path for path in FIXTURES.glob("*.json") if not path.name.endswith(".expected.json"))
CCN = "8SMPPARS1001"

#: border-formats 8.2, rows of BorderConnect and what they point to: (fixture, statuses).
ROWS = {
    **{f"rns_{n}": "SENT" for n in (1, 17)},
    **{f"rns_{n}": "REJECTED" for n in (2, 3, 10, 11, 12, 13, 14, 16)},
    "rns_4": "RELEASED",
    "rns_5": "EXAM",
    "rns_6": "HELD",
    "rns_7": "HELD",
    "rns_8": "RELEASED_CONDITIONAL",
    "rns_9": "READY",
    "rns_15": "UNKNOWN",
    "rns_23": "RELEASED",
    "rns_24": "AWAITING_PROCESSING",
    "rns_34": "AWAITING_PROCESSING",
    "rns_128": "WARNING",
    "rns_not_on_file": "NO_RELEASE",
    "aci_accept": "ON_FILE",
    "aci_reject": "REJECTED",
    "notice_matched": "MATCHED",
    "notice_not_matched": "NOT_MATCHED",
    "notice_arrival_reported": "ARRIVED ARRIVED ARRIVED",
    "notice_csa_reported": "ARRIVED",
    "notice_insufficient_review_time_warning": "WARNING",
    "display_aci_draft": "UNKNOWN",
    "display_aci_transmitted_to_cbsa": "SENT",
    "display_aci_cbsa_returned_error": "REJECTED",
    "display_aci_on_file_with_cbsa": "ON_FILE",
    "display_aci_on_file_with_match_notice": "MATCHED ON_FILE",
    "display_aci_cancelled": "CANCELLED",
    **{f"api_{word}": "SENT" for word in ("queued", "imported", "transmitted")},
    **{f"api_{word}_error": "REJECTED" for word in ("data", "send", "sync")},
    **{f"api_{word}_with_errors": "REJECTED" for word in ("imported", "processed")},
    "ace_processing": "ON_FILE",
    "ace_processing_with_rejects": "REJECTED",
    "ace_validation": "REJECTED",
    "ace_trip_aad": "ARRIVED",
    "ace_trip_19": "ARRIVED",
    "ace_trip_rtr": "RELEASED",
    "ace_trip_rco": "RELEASED",
    "ace_trip_htr": "HELD",
    "display_ace_complete_manifest_on_file_with_cbp": "ON_FILE",
    "display_ace_complete_manifest_and_entry_numbers_on_file_with_cbp": "READY ON_FILE",
    "display_ace_truck_arrived_at_border": "ARRIVED",
    "display_ace_truck_released_at_border": "RELEASED",
    **{f"ace_x407_{code}": "READY" for code in ("02", "05")},
    **{f"ace_x407_{code}": "ON_FILE" for code in ("1D", "2D", "14", "15", "16")},
    **{f"ace_x407_{code}": "EXAM" for code in ("1A", "2A")},
    **{f"ace_x407_{code}": "RELEASED" for code in ("1B", "2C")},
    **{f"ace_x407_{code}": "HELD" for code in ("1G", "1H", "2H", "3H", "4H", "8H", "9H", "1R", "1S", "1T", "1U")},
    "ace_x407_6H": "DO_NOT_LOAD",
    **{f"ace_x407_{code}": "HOLD_REMOVED" for code in ("6I", "1F", "1I", "2I", "4I")},
    **{f"ace_x407_{code}": "ARRIVED" for code in ("11", "12", "13", "19")},
    **{f"ace_x407_{c}": "WARNING" for c in ("01", "03", "04", "07", "17", "18", "95", "SUV", "STV", "1N", "1O")},
}


def read(body: object, reader: Reader = READER, received: datetime = RECEIVED) -> Reading:
    return SOURCE.read(body if isinstance(body, bytes) else json.dumps(body).encode(), reader, received)


def rns(number: object = "9", at: object = "2026-01-15 15:30:00", name: str = "") -> dict[str, object]:
    status = {"dateTime": at, "releaseCode": {"number": number, "shortName": name}}
    return {"data": "RNS_SHIPMENT", "cargoControlNumber": CCN, "status": status}


def ace(code: str, **more: object) -> dict[str, object]:
    shipment = {"shipmentControlNumber": "SMPL10001", "code": code, **more}
    return {"data": "ACE_RESPONSE", "tripNumber": "SMPLTRIP0001", "shipmentStatusList": [shipment]}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_message_says_what_is_written_beside_it(path: Path) -> None:
    assert as_json(read(path.read_bytes())) == json.loads(path.with_suffix(".expected.json").read_text())


@pytest.mark.parametrize(("case", "statuses"), ROWS.items())
def test_every_row_of_the_table_has_a_fixture_with_its_status(case: str, statuses: str) -> None:
    found = json.loads((FIXTURES / f"{case}.expected.json").read_text())
    assert [report["status"] for report in found["reports"]] == statuses.split()
    assert found["problems"] == []


def test_every_expected_result_has_its_message() -> None:
    assert {path.with_suffix(".expected.json") for path in CASES} == set(FIXTURES.glob("*.expected.json"))


def test_every_status_of_the_table_is_reached_by_a_row() -> None:
    said = {status for row in ROWS.values() for status in row.split()}
    assert {status.value for status in TABLE.values()} <= said


def test_a_disposition_names_its_hold_its_entry_and_its_port() -> None:
    placed, removed = (read(ace(code)).reports[0] for code in ("2H", "2I"))
    assert (placed.track, placed.hold_key) == (removed.track, removed.hold_key) == (Track.AGENCY, "2H")
    (entry,) = read(ace("02", entryNumber="9AB-1234567-8", port="3801")).reports
    assert (entry.transaction, entry.office, entry.track) == ("9AB12345678", "3801", Track.RELEASE)
    assert [read(ace(code)).reports[0].reason for code in ("14", "1D", "03")] == ["withdrawn", "inbond", "port"]


def test_what_the_gateway_refused_says_that_it_was_not_customs() -> None:
    (report,) = read({"data": "API_RESPONSE", "status": "SEND_ERROR", "tripNumber": "8SMPTRIP0001"}).reports
    assert report.status is Status.REJECTED and report.text.startswith("our side, not customs")


@pytest.mark.parametrize(
    ("counts", "status"),
    [((3, 0), "ON_FILE"), ((0, 0), "ON_FILE"), ((3, 1), "REJECTED"), ((0, 5), "REJECTED"), ((3, None), "UNKNOWN"),
     ((3, "0"), "UNKNOWN"), ((3, True), "UNKNOWN"), ((3, -1), "UNKNOWN"), ((3, 0.5), "UNKNOWN"),
     ((None, 0), "ON_FILE")],
)  # fmt: skip
def test_a_processing_response_is_an_accept_only_with_no_reject_counted(counts: tuple[object, object], status: str):
    done = {"shipmentsAccepted": counts[0], "shipmentsRejected": counts[1]}
    (report,) = read({"data": "ACE_RESPONSE", "tripNumber": "SMPLTRIP0001", "processingResponse": done}).reports
    assert report.status.value == status


def test_validation_faults_beside_a_clean_processing_make_it_a_reject() -> None:
    done = {"processingResponse": {"shipmentsAccepted": 1, "shipmentsRejected": 0}}
    faults = {"validationResponses": [{"code": "017", "description": "missing bill"}]}
    (report,) = read({"data": "ACE_RESPONSE", "tripNumber": "SMPLTRIP0001"} | done | faults).reports
    assert (report.status, report.reason) == (Status.REJECTED, "017") and "missing bill" in report.text


def test_a_trip_names_what_it_carries_and_is_a_load_in_the_zone_of_the_feed() -> None:
    body = (FIXTURES / "aci_trip.json").read_bytes()
    reading = read(body, Reader(ZoneInfo("America/Toronto")))
    (report,) = reading.reports
    assert report.carries == (("truck", "88"), ("trailer", "5310"), ("driver", "Sam SAMPLE"))
    assert (report.status, report.track, report.key) == (Status.SENT, Track.MANIFEST, "8SMPTRIP0001")
    assert {row.cells["eta"] for row in reading.loads} == {"2026-01-16T00:30:00+00:00"}
    assert [row.cells.get("pars") for row in reading.loads] == [CCN, None]


def test_a_state_of_a_trip_alone_is_no_load_and_an_empty_trip_is() -> None:
    assert read((FIXTURES / "display_ace_cancelled.json").read_bytes()).loads == ()
    (row,) = read((FIXTURES / "aci_trip_empty.json").read_bytes()).loads
    assert row.cells["kind"] == "empty"


def test_times_without_zone_are_in_the_feeds_and_times_with_one_are_not() -> None:
    local, zoned = (read(rns(at=at), Reader(ZoneInfo("America/Vancouver"))).reports[0].prepared
                    for at in ("2026-01-15 10:30:00", "2026-01-15T10:30:00-05:00"))  # fmt: skip
    assert local == datetime(2026, 1, 15, 18, 30, tzinfo=UTC)
    assert zoned == datetime(2026, 1, 15, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("number", ["9", 9, " 9 "])
def test_f1_a_time_that_cannot_be_believed_costs_the_time_and_not_the_word(number: object) -> None:
    reading = read(rns(number, at="2031-01-01 00:00:00"))
    assert [(r.status, r.prepared) for r in reading.reports] == [(Status.READY, None)]
    assert len(reading.problems) == 1


def test_an_operator_may_say_what_a_code_means() -> None:
    other = Reader(ZoneInfo("UTC"), {"GIS:24": "MATCHED", "X407:05": "WARNING", "TRIP:RTR": "ARRIVED"})
    trip = {"data": "ACE_RESPONSE", "tripNumber": "SMPLTRIP0001", "tripStatus": "RTR"}
    said = [read(body, other).reports[0] for body in (rns("24"), ace("05"), trip)]
    assert [(r.status, r.track) for r in said] == [
        (Status.MATCHED, Track.RELEASE), (Status.WARNING, Track.RELEASE), (Status.ARRIVED, Track.ARRIVAL)
    ]  # fmt: skip
    assert read(rns(), Reader(ZoneInfo("UTC"), {"24": "MATCHED"})).problems


def test_what_no_source_proves_is_named() -> None:
    assert {"date-times", "X407:05", "the answer of receive"} <= WEAK.keys()
    assert all(why for why in WEAK.values())


@pytest.mark.parametrize(("theirs", "told"), [("c-9000-SAMPLE", True), ("", True), ("c-9000-OTHER", False)])
def test_messages_of_another_company_in_the_same_queue_are_named_and_not_read(theirs: str, told: bool) -> None:
    ours = Reader(ZoneInfo("UTC"), fields={"company_key": "c-9000-SAMPLE"})
    reading = read(rns() | {"companyKey": theirs}, ours)
    assert (bool(reading.reports), bool(reading.problems)) == (told, not told)
