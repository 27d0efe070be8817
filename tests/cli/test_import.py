"""`holdwatch import`: a dry run, bad rows by line, headers as they are, and a second time (SAMPLE data)."""

from pathlib import Path

import pytest

from tests.cli.started import holdwatch

LIST = """# SAMPLE, invented
Probill;Richtung;PARS no.;ETA border;Colour
1234;CA;SMPLPARS100123;2026-11-24 14:30;red
1234;CA;SMPLPARS100124;;red
1235;CA;SMPLPARS100125;noon;blue
1236;;;;
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "loads.csv"
    path.write_text(LIST, "utf-8")
    return path


def test_a_list_is_tried_taken_and_the_same_again(tmp_path: Path, listed: Path):
    var = tmp_path / "var"
    settled = ("--column", "Richtung=direction")
    tried = holdwatch(var, "import", str(listed), "--dry-run", *settled)
    assert (
        tried.returncode == 1 and "1 loads would be added" in tried.stdout and "2 rows would be refused" in tried.stdout
    )
    taken = holdwatch(var, "import", str(listed), *settled)
    assert taken.returncode == 1 and "Traceback" not in taken.stderr
    said = taken.stdout
    assert "column 'Probill' is taken as number" in said and "not used: Colour" in said
    assert "line 5: load 1235 REFUSED: eta 'noon' is not a time I can read" in said
    assert "line 6: load 1236 REFUSED: load 1236 is new and no row says where it goes" in said
    assert "1 loads added, 0 changed, 0 the same, 2 rows refused" in said
    again = holdwatch(var, "import", str(listed), *settled)
    assert "0 loads added, 0 changed, 1 the same, 2 rows refused" in again.stdout
    asked = holdwatch(var, "ask", "/load 1234 status", "--as", "operator")
    assert "1234" in asked.stdout and "SMPLPARS100124" in asked.stdout


@pytest.mark.parametrize(
    ("body", "more", "why"),
    [
        (b"driver,truck\nSingh,T7\n", (), "no column is the load's number"),
        (b"PK\x03\x04\x14\0\0\0", (), "is not text: save the list as CSV"),
        (b"number\n1\n", ("--column", "Probill"), "is not HEADER=COLUMN"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(tmp_path: Path, body: bytes, more: tuple[str, ...], why: str):
    path = tmp_path / "loads.csv"
    path.write_bytes(body)
    done = holdwatch(tmp_path / "var", "import", str(path), *more)
    assert done.returncode != 0 and why in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "var" / "holdwatch.db").exists()


def test_dates_of_a_spreadsheet_are_settled_by_the_file_or_by_whoever_imports_it(tmp_path: Path):
    path, var = tmp_path / "loads.csv", tmp_path / "var"
    path.write_text("number,direction,eta,fast\n1,CA,11/12/2026 23:15,\n2,CA,10/12/2026 23:15,perhaps\n", "utf-8")
    refused = holdwatch(var, "import", str(path), "--dry-run").stdout
    assert "line 2: load 1 REFUSED: eta '11/12/2026 23:15' can be 11 Dec or 12 Nov" in refused
    assert "line 3: load 2 REFUSED: fast 'perhaps' is not yes or no" in refused
    assert "line 3: load 2 REFUSED: eta '10/12/2026 23:15' can be 10 Dec or 12 Oct" in refused
    assert "2 rows would be refused" in refused
    said = holdwatch(var, "import", str(path), "--dry-run", "--dates", "dmy").stdout
    assert "1 loads would be added" in said and "load 1 REFUSED" not in said
    path.write_text(path.read_text("utf-8") + "3,CA,23/11/2026 10:00,\n", "utf-8")
    shown = holdwatch(var, "import", str(path), "--dry-run").stdout
    assert "2 loads would be added" in shown and "can be" not in shown
