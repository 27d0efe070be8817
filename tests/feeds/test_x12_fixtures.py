"""Every X12 fixture, and every CUSRES of US customs, says what its expected result says; every row has one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.feeds.dispositions import DISPOSITIONS
from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES
from bot.feeds.show import as_json

FIXTURES = Path(__file__).parents[1] / "fixtures"
ZONE = ZoneInfo("America/Toronto")
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
OURS = ("ace_truck_350", "x12_acks", "cbsa_350", "ace_truck_cusres")
CASES = sorted(path for source in OURS for path in (FIXTURES / source).glob("*.edi"))
AGENCIES = "123"

# border-formats 8.2: disposition -> status, track, key of the hold, reason.
ROWS_350: Mapping[str, tuple[str, str, str, str]] = (
    dict.fromkeys(("02", "05"), ("READY", "release", "", ""))
    | {f"{a}D": ("ON_FILE", "release", "", "inbond") for a in AGENCIES}
    | {f"{a}A": ("EXAM", "release", "", "") for a in AGENCIES}
    | {f"{a}{b}": ("RELEASED", "release", "", "") for a in AGENCIES for b in "BC"}
    | {f"{a}G": ("HELD", "agency", f"{a}G", "") for a in AGENCIES}
    | {f"{a}F": ("HOLD_REMOVED", "agency", f"{a}G", "") for a in AGENCIES}
    | {f"{a}H": ("HELD", "agency", f"{a}H", "") for a in AGENCIES + "489"}
    | {f"{a}I": ("HOLD_REMOVED", "agency", f"{a}H", "") for a in AGENCIES + "489"}
    | {"6H": ("DO_NOT_LOAD", "agency", "6H", ""), "6I": ("HOLD_REMOVED", "agency", "6H", "")}
    | {f"{a}{b}": ("HELD", "release", "", "") for a in AGENCIES for b in "RSTU"}
    | dict.fromkeys(("11", "12", "13", "19"), ("ARRIVED", "arrival", "", ""))
    | dict.fromkeys(("14", "15", "16"), ("ON_FILE", "release", "", "withdrawn"))
    | dict.fromkeys(("01", "03"), ("WARNING", "release", "", "port"))
    | dict.fromkeys(("04", "07", "17", "18", "95", "SUV", "STV"), ("WARNING", "release", "", ""))
    | {f"{a}{b}": ("WARNING", "release", "", "") for a in AGENCIES for b in "NO"}
)
ROWS = {
    ("ace_truck_350", "v9_AAD"): ["ARRIVED"],
    ("ace_truck_350", "v9_19"): ["ARRIVED"],
    ("ace_truck_350", "v9_RTR"): ["RELEASED"],
    ("ace_truck_350", "v9_RCO"): ["RELEASED"],
    ("ace_truck_350", "v9_HTR"): ["HELD"],
    ("x12_acks", "control_997_accepted"): ["SENT"],
    ("x12_acks", "control_997_rejected"): ["REJECTED"],
    ("x12_acks", "997_accepted"): [],
    ("x12_acks", "997_rejected"): [],
    ("x12_acks", "824_accept"): ["ON_FILE"],
    ("x12_acks", "824_accept_trip"): ["ON_FILE"],
    ("x12_acks", "824_reject"): ["REJECTED"],
    ("x12_acks", "355_rejected"): ["REJECTED"],
    ("x12_acks", "355_conveyance"): ["REJECTED"],
    ("x12_acks", "355_shipment_rejected"): ["REJECTED", "REJECTED"],
    ("x12_acks", "355_accepted"): ["SENT"],
    ("cbsa_350", "status"): ["UNKNOWN"],
    ("ace_truck_cusres", "status"): ["UNKNOWN"],
}


def reader(path: Path) -> Reader:
    """Cases named after a field have it set: a 997 tells of trips only where control numbers are trip numbers."""
    return Reader(ZONE, fields={"control": "trip"} if path.stem.startswith("control_") else {})


def expected(source: str, case: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads((FIXTURES / source / f"{case}.expected.json").read_text())
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_message_says_what_is_written_beside_it(path: Path) -> None:
    found = as_json(SOURCES[path.parent.name].read(path.read_bytes(), reader(path), RECEIVED))
    assert found == json.loads(path.with_suffix(".expected.json").read_text())


@pytest.mark.parametrize(("code", "row"), ROWS_350.items())
def test_every_disposition_has_a_fixture_with_its_status(code: str, row: tuple[str, str, str, str]) -> None:
    path = FIXTURES / "ace_truck_350" / f"x407_{code}.edi"
    (report,) = SOURCES["ace_truck_350"].read(path.read_bytes(), reader(path), RECEIVED).reports
    assert (report.status, report.track, report.hold_key, report.reason) == row
    assert (report.key, report.transaction, report.office) == ("SMPLPAPS100123", "9AB12345678", "3801")


def test_no_disposition_is_without_a_row() -> None:
    assert set(ROWS_350) == set(DISPOSITIONS)


@pytest.mark.parametrize(("source", "case"), ROWS)
def test_every_row_of_the_tables_has_a_fixture_with_its_status(source: str, case: str) -> None:
    found = expected(source, case)
    assert [report["status"] for report in found["reports"]] == ROWS[source, case]
    assert found["reports"] or "names no trip or shipment, so nobody is told" in found["problems"][0]["why"]


@pytest.mark.parametrize("source", ["cbsa_350", "ace_truck_cusres"])
def test_what_nobody_can_read_is_unknown_and_says_so(source: str) -> None:
    for path in (FIXTURES / source).glob("*.edi"):
        found = expected(source, path.stem)
        assert {report["status"] for report in found["reports"]} <= {"UNKNOWN"}
        assert found["problems"]


def test_every_expected_result_has_its_message() -> None:
    beside = {path.with_suffix(".expected.json") for path in CASES}
    assert {path for source in OURS for path in (FIXTURES / source).glob("*.expected.json")} == beside


@pytest.mark.parametrize("source", OURS)
def test_read_shows_each_of_them_as_json(source: str) -> None:
    path = next(iter(sorted((FIXTURES / source).glob("*status.edi"))), FIXTURES / source / "x407_02.edi")
    path = path if path.exists() else FIXTURES / source / "824_accept.edi"
    found = CliRunner().invoke(cli, ["read", source, str(path), "--json"])
    assert [r["number"] for r in json.loads(found.output)["reports"]]
    assert found.exit_code == bool(json.loads(found.output)["problems"])
