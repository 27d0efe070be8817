"""Every fixture of a source says what its expected result says; every row of the tables has one."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES
from bot.feeds.show import as_json

FIXTURES = Path(__file__).parents[1] / "fixtures"
READER = Reader(ZoneInfo("America/Toronto"))
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
OURS = ("cbsa_rns", "cbsa_notices", "broker_json", "load_csv")
CASES = sorted(
    path
    for source in OURS
    for path in (FIXTURES / source).iterdir()
    if path.suffix in {".edi", ".json", ".csv"} and not path.name.endswith(".expected.json")
)

# border-formats 8.2: row -> (fixture, status). GIS 9 after a cancel request needs other reports: the fold's matter.
RNS_ROWS = {
    "GIS 1": ("gis_1", "SENT"),
    "GIS 17": ("gis_17", "SENT"),
    "GIS 2": ("gis_2", "REJECTED"),
    "GIS 3": ("gis_3", "REJECTED"),
    "GIS 10": ("gis_10", "REJECTED"),
    "GIS 11": ("gis_11", "REJECTED"),
    "GIS 12": ("gis_12", "REJECTED"),
    "GIS 13": ("gis_13", "REJECTED"),
    "GIS 16": ("gis_16", "REJECTED"),
    "GIS 4": ("gis_4", "RELEASED"),
    "GIS 5": ("gis_5", "EXAM"),
    "GIS 6": ("gis_6", "HELD"),
    "GIS 6, Y51": ("gis_6_erc_Y51", "HELD"),
    "GIS 7": ("gis_7", "HELD"),
    "GIS 8": ("gis_8", "RELEASED_CONDITIONAL"),
    "GIS 9": ("gis_9", "READY"),
    "GIS 14 + ERC 01": ("gis_14_erc_01", "NO_RELEASE"),
    "GIS 14 + other ERC": ("gis_14_erc_531", "REJECTED"),
    "GIS 15": ("gis_15", "UNKNOWN"),
    "GIS 23": ("gis_23", "RELEASED"),
    "GIS 24": ("gis_24", "AWAITING_PROCESSING"),
    "GIS 34": ("gis_34", "AWAITING_PROCESSING"),
    "GIS 128": ("gis_128", "WARNING"),
    "ERC 464": ("erc_464", "REJECTED"),
    "ERC T36": ("erc_T36", "REJECTED"),
    "ERC W80": ("erc_W80", "REJECTED"),
    "ERC Y50": ("erc_Y50", "REJECTED"),
    "ERC 32": ("erc_32", "NO_RELEASE"),
    "ERC 31": ("erc_31", "ARRIVED"),
    "ERC 34": ("erc_34", "ARRIVED"),
    "ERC 09": ("erc_09", "WARNING"),
    "ERC 72": ("erc_72", "WARNING"),
    "ERC 74": ("erc_74", "WARNING"),
}
D4_ROWS = {
    "STS 0001": ("sts_0001_d13A", "MATCHED"),
    "STS 0001, D.11B": ("sts_0001_d11B", "MATCHED"),
    "Matched": ("text_matched", "MATCHED"),
    "STS 0002": ("sts_0002_d13A", "NOT_MATCHED"),
    "Not matched": ("text_not_matched", "NOT_MATCHED"),
    "STS 0003": ("sts_0003_d13A", "ON_FILE"),
    "Cargo complete": ("text_cargo_complete", "ON_FILE"),
    "Document package complete": ("text_document_package_complete", "MATCHED"),
    "STS S001": ("sts_S001_d13A", "SENT"),
    "STS S002": ("sts_S002_d13A", "REJECTED"),
    "Document not on file": ("text_document_not_on_file", "NO_CARGO"),
    "Reported": ("text_reported", "ARRIVED"),
    "Arrived": ("text_arrived", "ARRIVED"),
    "Released": ("text_released", "RELEASED"),
    "Authorized to deliver": ("text_authorized_to_deliver", "RELEASED"),
    "Held": ("text_held", "HELD"),
    "De-consolidation": ("text_de_consolidation", "WARNING"),
}
TEXT_ROWS = {
    "CCN not on file": ("word_ccn_not_on_file", "NO_RELEASE"),
    "Transaction not on file": ("word_transaction_number_not_on_file", "NO_RELEASE"),
    "Goods released": ("word_goods_released", "RELEASED"),
    "Referred": ("word_goods_required_for_examination_referred", "EXAM"),
    "CFIA": ("word_goods_may_move_detain_to_destination_cfia", "RELEASED_CONDITIONAL"),
    "Accepted": ("word_declaration_accepted_awaiting_arrival_of_goods", "READY"),
    "CSA": ("word_authorized_to_deliver_csa_shipment", "RELEASED"),
    "Customs processing": ("word_declaration_accepted_awaiting_customs_processing", "AWAITING_PROCESSING"),
    "Awaiting processing": ("word_transaction_awaiting_processing", "AWAITING_PROCESSING"),
    "Contingency R": ("word_r", "RELEASED"),
    "Contingency NR": ("word_nr", "UNKNOWN"),
}
ROWS = [("cbsa_rns", *row) for row in RNS_ROWS.values()]
ROWS += [("cbsa_notices", *row) for row in D4_ROWS.values()]
ROWS += [("broker_json", *row) for row in TEXT_ROWS.values()]


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_message_says_what_is_written_beside_it(path: Path) -> None:
    found = as_json(SOURCES[path.parent.name].read(path.read_bytes(), READER, RECEIVED))
    assert found == json.loads(path.with_suffix(".expected.json").read_text())


@pytest.mark.parametrize(("source", "case", "status"), ROWS)
def test_every_row_of_the_tables_has_a_fixture_with_its_status(source: str, case: str, status: str) -> None:
    expected = json.loads((FIXTURES / source / f"{case}.expected.json").read_text())
    assert [report["status"] for report in expected["reports"]] == [status]


def test_every_expected_result_has_its_message() -> None:
    beside = {path.with_suffix(".expected.json") for path in CASES}
    assert {path for source in OURS for path in (FIXTURES / source).glob("*.expected.json")} == beside


def test_fixtures_come_with_and_without_envelopes() -> None:
    for source in ("cbsa_rns", "cbsa_notices"):
        starts = {path.read_bytes()[:3] for path in (FIXTURES / source).glob("*.edi")}
        assert {b"UNA", b"UNB", b"UNH"} <= starts
