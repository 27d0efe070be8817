"""`holdwatch parties` and `holdwatch evidence`: lists tried, taken, the same again, and written back (SAMPLE data)."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from tests.cli.started import holdwatch

PARTIES = """# SAMPLE, invented
Name,Roles,Aliases,Phone,Hours,Promise,BN15,Account,Broker,Colour
ACME,importer,ACME Foods; Acme Snacks,+1 555-0142,,,123456782RM0001,importer,PCB,red
ACME,,,,,,123456782RM0002,exporter_only,,
PCB,broker,,555-0101,"mon-fri 8-17, sat 9-12",2h,,,,
,importer,,,,,,,,
Zeta,pirate,,call me,sometimes,forever,213456782RM0001,,,
"""
EVIDENCE = """importer,item,state,at,who,role,broker,rm,valid until
ACME,rpp,active,2026-08-12,Maria,broker,,RM1,2027-01-15
ACME,delegation,approved_all,2026-08-12 14:30,Maria,broker,PCB,,
,own_bonded,yes,2026-08-12,,,,,
ACME,rpp,perhaps,2099-01-01,,,Nobody,12345,soon
Nobody,rpp,active,,,,,,
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no configuration file is."""
    monkeypatch.chdir(tmp_path)


def run(var: Path, *line: str) -> Result:
    """Runs a subcommand in this process; a refused row makes the exit code 1."""
    return CliRunner().invoke(cli, line, env={"HOLDWATCH_VAR": str(var)})


def told(var: Path, *line: str) -> str:
    """What a subcommand that must not fail says."""
    done = run(var, *line)
    assert done.exit_code == 0, done.output
    return done.stdout


def tried(var: Path, text: str, *line: str) -> str:
    """What a list is answered with; a refused row makes the exit code 1."""
    path = var.parent / "list.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    done = run(var, line[0], "import", str(path), *line[1:])
    assert done.exit_code == (1 if "REFUSED" in done.stdout else 0), done.output
    return done.stdout


def test_an_address_book_is_tried_taken_and_the_same_again(tmp_path: Path) -> None:
    var = tmp_path / "var"
    said = tried(var, PARTIES, "parties", "--dry-run")
    assert "not used: Colour" in said and "2 parties would be added" in said and "2 rows would be refused" in said
    assert "line 6: REFUSED: the name is missing" in said
    for fault in ("roles: 'pirate'", "phone 'call me'", "hours: 'sometimes'", "promise 'forever'", "123456782RM0001"):
        assert [row for row in said.splitlines() if row.startswith("line 7: Zeta: REFUSED: ") and fault in row], fault
    said = tried(var, PARTIES, "parties")
    assert "2 parties added, 0 changed, 0 the same, 2 rows refused" in said
    assert "0 parties added, 0 changed, 2 the same, 2 rows refused" in tried(var, PARTIES, "parties")
    shown = told(var, "ask", "/shipper acme snacks")
    assert "Accounts: …782 RM0001 cleared by PCB, …782 RM0002 for exports only" in shown and "+1 555-0142" in shown
    assert "mon-fri 08:00-17:00, sat 09:00-12:00 America/Toronto" in told(var, "ask", "/broker PCB")


def test_what_is_exported_is_the_same_when_it_is_imported_here_or_elsewhere(tmp_path: Path) -> None:
    var = tmp_path / "var"
    tried(
        var,
        PARTIES.replace("Zeta,pirate", "=cmd|' /C calc'!A0,importer").replace(
            ",call me,sometimes,forever,213456782RM0001", ",,,,"
        ),
        "parties",
    )
    book = tmp_path / "book.csv"
    assert "4 rows were written" in told(var, "parties", "export", str(book))
    text = book.read_text("utf-8")
    assert "'=cmd|" in text and "'+1 555-0142" in text
    assert "is there already" in str(run(var, "parties", "export", str(book)).exception)
    assert "0 parties added, 0 changed, 3 the same, 0 rows refused" in tried(var, text, "parties")
    assert told(var, "parties", "export") == text
    without = "\n".join(row.split(",", 1)[1] for row in text.splitlines())
    assert "3 parties added, 0 changed, 0 the same" in tried(tmp_path / "other" / "var", without, "parties")


def test_a_row_changes_and_erases_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    var = tmp_path / "var"
    tried(var, PARTIES, "parties")
    said = tried(var, "name,phone,aliases,promise\nacme foods,-,-Acme Snacks; Acme Treats,\nPCB,,,-\n", "parties")
    assert "0 parties added, 2 changed" in said
    shown = told(var, "ask", "/shipper ACME")
    assert "Day: no number stored" in shown and "Also called: ACME FOODS, ACME TREATS" in shown
    assert "PCB" in shown and "Promise: " not in told(var, "ask", "/broker PCB").replace("| Promise", "")


def test_rows_that_want_the_same_name_or_disagree_are_refused(tmp_path: Path) -> None:
    var = tmp_path / "var"
    tried(var, "name\nACME\nCafé Montréal\n", "parties")
    rows = (
        "name,aliases,phone,id\nBeta,ACME,,\nGamma,Beta Two,,\nDelta,beta two,,\nGamma,,555-0101,\nGamma,,555-0102,\n"
        "X,,,zz\nCAFE MONTREAL,,,\n"
    )
    said = tried(var, rows, "parties")
    assert "line 2: Beta: REFUSED: 'ACME' is ACME already" in said
    assert "line 4: Delta: REFUSED: 'beta two' is Gamma already" in said
    assert "line 6: Gamma: REFUSED: phone is not what line 5 says" in said
    assert "line 7: X: REFUSED: there is no party with the id 'zz'" in said
    assert 'line 8: CAFE MONTREAL: it looks like Café Montréal; if they are one, type: /shipper "Café Montréal"' in said
    assert "2 parties added" in said


def test_evidence_is_tried_taken_and_never_twice(tmp_path: Path) -> None:
    var = tmp_path / "var"
    tried(var, PARTIES, "parties")
    said = tried(var, EVIDENCE, "evidence", "--dry-run")
    assert "3 records would be added" in said and "2 rows would be refused" in said
    refused = [row for row in said.splitlines() if "line 5: ACME: REFUSED: " in row]
    for fault in ("state 'perhaps' is none of rpp", "at '2099-01-01' is in the future", "rm '12345'", "'soon' is not a",
                  "broker 'Nobody' is not in the address book"):  # fmt: skip
        assert [row for row in refused if fault in row], fault
    assert "line 6: Nobody: REFUSED: at is missing" in said and "'Nobody' is not in the address book" in said
    assert "3 records added, 0 changed, 0 the same, 2 rows refused" in tried(var, EVIDENCE, "evidence")
    assert "0 records added, 0 changed, 3 the same, 2 rows refused" in tried(var, EVIDENCE, "evidence")
    text = told(var, "evidence", "export")
    assert "broker_said" in text and "import_file" in text and "2026-08-12T18:30:00+00:00" in text
    assert "0 records added, 0 changed, 3 the same, 0 rows refused" in tried(var, text, "evidence")
    changed = tried(var, text.replace(",active,", ",suspended,"), "evidence")
    assert "says something else: leave its id empty" in changed and "2 the same, 1 rows refused" in changed


def test_what_is_no_list_is_refused_in_a_sentence_by_the_command_itself(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"driver,truck\nSingh,T7\n")
    done = holdwatch(tmp_path / "var", "parties", "import", str(path))
    assert done.returncode == 1 and "no column is 'name'" in done.stderr and "Traceback" not in done.stderr
    path.write_bytes(b"PK\x03\x04\x14\0\0\0")
    assert "is not text: save the list as CSV" in str(run(tmp_path / "var", "evidence", "import", str(path)).exception)
    assert not (tmp_path / "var" / "holdwatch.db").exists()
