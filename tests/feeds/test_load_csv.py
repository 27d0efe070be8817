"""Lists of loads as dispatch systems write them: headers, separators, encodings, and lines that are no CSV."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.rowtext import COLUMNS
from bot.feeds.protocol import Reader
from bot.feeds.sources.load_csv import SOURCE, SYNONYMS, header_of, read_rows, text_of

RECEIVED = datetime(2026, 11, 24, 14, tzinfo=UTC)


def cells(text: str, **given: str) -> list[dict[str, str]]:
    header, rows, problems = read_rows(text, given)
    assert not header.fault and not problems
    return [dict(row.cells) for row in rows]


def test_every_column_is_known_by_its_own_name_and_by_every_synonym():
    for name in COLUMNS:
        words = (name, name.upper(), *SYNONYMS.get(name, ()))
        assert {tuple(header_of([word]).columns.values()) for word in words} == {(name,)}, name


def test_no_synonym_means_two_columns():
    words = [w for words in SYNONYMS.values() for w in words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("header", ["Load #", "PRO No.", "Probill", "Order Number", "numbr", "  Load  ID "])
def test_headers_are_guessed_and_the_guess_is_said(header: str):
    found = header_of([header, "Colour of truck"])
    assert found.columns == {0: "number"} and found.guessed == {header.strip(): "number"}
    assert found.ignored == ("Colour of truck",)


@pytest.mark.parametrize("header", ["Terms", "Freight Terms", "Payment Terms", "Ship Terms"])
def test_terms_of_freight_or_payment_are_not_taken_for_terms_of_sale(header: str):
    assert header_of(["number", header]).ignored == (header,)
    assert header_of(["number", header], {header: "sale_terms"}).columns[1] == "sale_terms"


def test_a_header_can_be_settled_by_hand():
    assert cells("Wagenlauf,PARS\n1234,SMPLPARS1\n", Wagenlauf="number") == [{"number": "1234", "pars": "SMPLPARS1"}]


def test_a_second_column_of_the_same_meaning_is_named_as_not_used():
    assert header_of(["load", "order", "pars"]).ignored == ("order",)


def test_a_list_without_a_column_for_the_number_says_what_its_first_line_has():
    header, rows, problems = read_rows("driver,truck\nSingh,T7\n")
    assert "no column is the load's number" in header.fault and "driver, truck" in header.fault
    assert not rows and problems[0].where == "line 1"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_of_every_program(separator: str, end: str):
    lines = ["# SAMPLE, invented, all of it", "number;driver", "1234;Singh", "", ";", "1235;Cote"]
    text = end.join(line.replace(";", separator) for line in lines)
    assert cells(text) == [{"number": "1234", "driver": "Singh"}, {"number": "1235", "driver": "Cote"}]


def test_the_line_by_which_excel_names_its_separator_is_not_a_header():
    assert cells("sep=;\nnumber;driver\n1234;Singh\n") == [{"number": "1234", "driver": "Singh"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_with_and_without_a_mark(encoding: str):
    text = text_of("number,driver\n1234,Côté\n".encode(encoding))
    assert text is not None and cells(text) == [{"number": "1234", "driver": "Côté"}]


@pytest.mark.parametrize("body", [b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(200), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_what_is_not_text_is_a_problem_that_says_what_to_do(body: bytes):
    found = SOURCE.read(body, Reader(ZoneInfo("America/Toronto")), RECEIVED)
    assert not found.loads and [p.why for p in found.problems] == ["this is not text: save the list as CSV"]


def test_quoted_cells_hold_separators_marks_and_line_ends():
    text = 'number,driver,note\n1234,"Singh, A.","he said ""late""\nand left"\n1235,5" rack,x\n'
    assert cells(text) == [
        {"number": "1234", "driver": "Singh, A.", "note": 'he said "late"\nand left'},
        {"number": "1235", "driver": '5" rack', "note": "x"},
    ]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_only():
    _, rows, problems = read_rows('number,driver\n1,a\n2,"open\n' + "".join(f"{n},b\n" for n in range(3, 60)))
    assert [row.cells["number"] for row in rows] == ["1", *map(str, range(3, 60))]
    assert [(p.where, "not closed" in p.why) for p in problems] == [("line 3", True)]


def test_a_huge_cell_costs_its_own_line_only():
    huge = "x" * 300_000
    for cell in (huge, f'"{huge}"'):
        _, rows, problems = read_rows(f"number,driver\n1,{cell}\n2,b\n")
        assert [(r.where, r.cells["number"]) for r in rows] == [("line 3", "2")]
        assert [p.where for p in problems] == ["line 2"] and "longer than" in problems[0].why


def test_a_line_with_more_cells_than_headers_is_named_and_the_others_are_taken():
    _, rows, problems = read_rows("number,driver\n1,a,b\n2,c,\n3\n")
    assert [r.cells["number"] for r in rows] == ["2", "3"]
    assert [p.where for p in problems] == ["line 2"] and "comma" in problems[0].why


def test_nothing_at_all_is_no_row_and_no_stack_trace():
    for text in ("", "\n\n", "\ufeff", "number\n"):
        assert not read_rows(text)[1]


def test_a_status_column_of_a_dispatch_system_is_not_taken_for_the_kind():
    assert header_of(["load", "status"]).ignored == ("status",)
