"""Cells of a list as typed values: times, zones, crossings, numbers, and what is refused by name."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import world_crossings
from bot.domain.dates import Order
from bot.domain.errors import HoldwatchError
from bot.domain.load import Direction, LoadRow, ShipmentType
from bot.domain.rowtext import COLUMNS, Change, Row, RowFault, changes, moment, planned_type, read_row, settled

TORONTO = ZoneInfo("America/Toronto")
CROSSINGS = world_crossings()


def read(at: str = "", home: ZoneInfo = TORONTO, **cells: str) -> Row:
    return read_row(LoadRow("line 2", {"number": "1234", **cells}), CROSSINGS, home, at)


def why(**cells: str) -> str:
    with pytest.raises(HoldwatchError) as caught:
        read(**cells)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("A", [Change("", "A")]),
        ("A, B;C\nD", [Change("", x) for x in "ABCD"]),
        ("A=>B", [Change("A", "B")]),
        ("A -> B", [Change("A", "B")]),
        ("A→B, -C", [Change("A", "B"), Change("C", "")]),
        ("–A", [Change("A", "")]),
        ("SMPL-100", [Change("", "SMPL-100")]),
        ("SMPL PARS 100123", [Change("", "SMPL PARS 100123")]),
        ("SMPL100124 smpl100125  SMPLPARS7", [Change("", x) for x in ("SMPL100124", "smpl100125", "SMPLPARS7")]),
        (" , ;", []),
    ],
)
def test_numbers_are_added_replaced_and_dropped_as_people_write_it(text: str, change: list[Change]):
    assert list(changes(text)) == change


@pytest.mark.parametrize("text", ["A=>", "=>B", "A=>B=>C"])
def test_half_a_change_of_numbers_is_refused_by_name(text: str):
    with pytest.raises(RowFault, match="OLD=>NEW"):
        changes(text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-24 14:30", "19:30"),
        ("2026/11/24 14:30", "19:30"),
        ("2026-11-24T14:30:00", "19:30"),
        ("20261124 1430", "19:30"),
        ("2026-11-24T14:30Z", "14:30"),
        ("2026-11-24 14:30-06:00", "20:30"),
    ],
)
def test_times_are_local_unless_they_name_their_zone(text: str, utc: str):
    assert moment(text, TORONTO, "eta") == datetime.fromisoformat(f"2026-11-24T{utc}+00:00")


@pytest.mark.parametrize(("zone", "utc"), [("America/Regina", "20:30"), ("America/Moncton", "18:30")])
def test_a_time_without_zone_is_local_to_the_carriers_home(zone: str, utc: str):
    eta = read(eta="2026-11-24 14:30", home=ZoneInfo(zone)).load["eta"]
    assert eta == f"2026-11-24T{utc}:00+00:00"


def test_a_time_without_zone_is_local_to_the_crossing_before_home():
    assert read(eta="2026-11-24 14:30", crossing="North Portal").load["eta"] == "2026-11-24T20:30:00+00:00"
    known = next(c.name for c in CROSSINGS.all if c.zone == "America/Moncton")
    assert read(known, eta="2026-11-24 14:30").load["eta"] == "2026-11-24T18:30:00+00:00"
    assert read(known, eta="2026-11-24 14:30", crossing="-").load["eta"] == "2026-11-24T19:30:00+00:00"


def test_a_time_in_the_hour_that_comes_twice_is_refused_and_both_ways_to_write_it_are_said():
    said = why(eta="2026-11-01 01:30")
    assert "comes twice" in said and "01:30-04:00" in said and "01:30-05:00" in said
    assert read(eta="2026-11-01 01:30-05:00").load["eta"] == "2026-11-01T06:30:00+00:00"


def test_a_time_in_the_hour_that_is_left_out_is_refused():
    assert "does not exist" in why(eta="2026-03-08 02:30")
    assert read(eta="2026-03-08 02:30", home=ZoneInfo("America/Regina")).load["eta"] == "2026-03-08T08:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-24", "no clock time"),
        ("14:30", "is not a time"),
        ("tomorrow", "is not a time"),
        ("2026-13-24 14:30", "is not a time"),
        ("9999-12-31 23:59", "in the year 9999"),
        ("0001-01-01 00:00+14:00", "in the year 1"),
    ],
)
def test_times_that_are_none_are_refused_by_column_and_example(text: str, said: str):
    sentence = why(eta=text)
    assert sentence.startswith(f"eta '{text}'") and said in sentence and "2026-11-24 14:30" in sentence


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), st.integers(-14, 14) | st.none())
def test_every_time_is_taken_or_refused_by_a_sentence(naive: datetime, offset: int | None):
    at = naive if offset is None else naive.replace(tzinfo=timezone(timedelta(hours=offset)))
    try:
        found = moment(at.isoformat(), TORONTO, "eta")
    except HoldwatchError:
        return
    assert found.tzinfo is UTC and 1999 < found.year < 2101


def test_crossings_are_found_by_name_town_and_code_and_doubted_when_several_or_none():
    assert read(crossing="Blue Water Bridge").load["crossing"] == read(crossing="blue water bridge").load["crossing"]
    many = read(crossing="Windsor")
    assert "crossing" not in many.load and "may be" in str(many.doubts[0]) and "say which" in str(many.doubts[0])
    none = read(crossing="Atlantis")
    assert "crossing" not in none.load and [str(d) for d in none.doubts] == ["crossing 'Atlantis' is not known"]


def test_an_empty_cell_leaves_and_a_dash_erases():
    assert dict(read(driver=" ", truck="").load) == {}
    row = read(driver="-", eta="-", crossing="-", trip="-", note="-", broker="-", papers_sent="-", importer_bn15="-")
    assert set(row.load.values()) == {None} and set(row.shipment.values()) == {None}
    assert set(row.load) == {"driver", "eta", "crossing", "trip", "note"}
    assert set(row.shipment) == {"broker", "papers", "bn15"}


def test_a_dash_for_all_numbers_takes_none_off_and_says_how_to():
    row = read(pars="-")
    assert not row.numbers and [str(d) for d in row.doubts] == ["pars '-' takes no number off: write -NUMBER"]


@pytest.mark.parametrize(("text", "found"), [("NB", "CA"), ("canada", "CA"), ("South", "US"), ("to us", "US")])
def test_directions_as_people_say_them(text: str, found: str):
    assert read(direction=text).direction is Direction(found)


def test_the_papers_say_the_direction_and_both_in_one_row_are_refused():
    assert read(pars="SMPLPARS1").direction is Direction.CA
    assert read(paps="SMPL1").direction is Direction.US
    assert "one row for each direction" in why(pars="SMPLPARS1", paps="SMPL1")


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("direction", "Toronto", "is not CA or US"),
        ("kind", "tanker", "is not loaded, empty, racks or bobtail"),
        ("fast", "maybe", "is not yes or no"),
        ("importer_bn15", "123456789RM0001", "check digit"),
        ("number", " # ", "number of the load is missing"),
        ("number", "-", "number of the load is missing"),
        ("driver", "x" * 201, "driver is 201 characters long"),
        ("truck", "T\x007", "cannot be shown"),
        ("pars", "SMPL\x1bPARS", "cannot be shown"),
        ("trailer", "a\x9bb", "cannot be shown"),
    ],
)
def test_a_cell_that_means_nothing_is_refused_by_its_column(column: str, text: str, said: str):
    assert said in why(**{column: text})


def test_line_ends_inside_a_cell_are_spaces_and_part_numbers():
    row = read(note="first\r\nsecond", driver="A.\tSingh", pars="SMPLPARS1\r\nSMPLPARS2", trip="T1;\nT2,,T1")
    assert row.load["note"] == "first second" and row.load["driver"] == "A. Singh" and row.load["trip"] == "T1,T2"
    assert row.numbers[ShipmentType.PARS] == (Change("", "SMPLPARS1"), Change("", "SMPLPARS2"))


def test_a_shipment_without_a_number_has_the_type_of_its_plan():
    assert planned_type(read(release_plan="CSA")) is ShipmentType.CSA
    assert planned_type(read(release_plan="pars")) is None


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30), max_size=6))
def test_whatever_stands_in_a_row_is_taken_or_refused_by_a_sentence(cells: dict[str, str]):
    try:
        row = read(**({"number": "1"} | cells))
    except HoldwatchError:
        return
    assert row.number


@pytest.mark.parametrize(
    "text",
    [
        "23/11/2026 23:15", "11/23/2026 23:15", "2026/11/23 23:15", "2026/11/23 11:15 PM", "23-Nov-2026 23:15",
        "23.11.2026, 23:15", "23 November 2026 23:15:00", "23-Nov-26 11:15pm", "Nov 23, 2026 11:15 p.m.",
        "11/23/2026 23:15 -05:00", "23/11/2026T23:15",
    ],
)  # fmt: skip
def test_dates_of_spreadsheets_are_read_where_they_can_be_only_one(text: str):
    assert moment(text, TORONTO, "eta") == datetime(2026, 11, 24, 4, 15, tzinfo=UTC)
    assert moment("11/11/2026 12:05 AM", TORONTO, "eta") == datetime(2026, 11, 11, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["23-Nov-2026", "11/23/2026", "2026/11/23"])
def test_a_date_of_a_spreadsheet_without_a_clock_time_is_refused(text: str):
    assert f"eta '{text}' has no clock time" in why(eta=text)


@pytest.mark.parametrize(
    "text",
    [
        "31/31/2026 10:00", "30/02/2026 10:00", "23-Foo-2026 10:00", "23/11-2026 10:00", "11/23/2026 13:00 PM",
        "11/23/2026 25:00", "13/0/2026 10:00", "23-Ma-2026 10:00",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_of_a_spreadsheet_is_refused(text: str):
    assert "is not a time I can read" in why(eta=text)


def test_a_date_that_is_two_is_refused_by_name():
    said = why(eta="11/12/2026 23:15")
    assert "eta '11/12/2026 23:15' can be 11 Dec or 12 Nov" in said
    assert "--dates dmy or mdy" in said


def listed(*etas: str, **more: str) -> list[LoadRow]:
    return [LoadRow(f"line {n}", {"number": str(n), "eta": eta, **more}) for n, eta in enumerate(etas, 2)]


def test_a_column_is_settled_by_a_date_of_it_that_is_only_one():
    first = settled(listed("11/12/2026 23:15", "23/11/2026 10:00", "2026-11-23 10:00", "noon", ""))
    assert [row.cells["eta"] for row in first] == [
        "2026-12-11T23:15:00", "23/11/2026 10:00", "2026-11-23 10:00", "noon", "",
    ]  # fmt: skip
    second = settled(listed("11/12/2026 11:15 PM", "11/23/2026 10:00"))
    assert second[0].cells["eta"] == "2026-11-12T23:15:00"
    assert moment(second[0].cells["eta"], TORONTO, "eta") == datetime(2026, 11, 13, 4, 15, tzinfo=UTC)


def test_a_column_does_not_settle_another_nor_does_one_that_disagrees_with_itself():
    apart = listed("11/12/2026 23:15", "23/11/2026 10:00", pickup="11/12/2026 23:15")
    assert settled(apart)[0].cells["pickup"] == "11/12/2026 23:15"
    both = listed("11/12/2026 23:15", "23/11/2026 10:00", "11/23/2026 10:00")
    assert settled(both) == both


def test_the_order_can_be_said_and_a_date_without_clock_time_stays_without():
    (row,) = settled(listed("11/12/2026 23:15", papers_sent="1/2/2026"), Order.MDY)
    assert (row.cells["eta"], row.cells["papers_sent"]) == ("2026-11-12T23:15:00", "2026-01-02")
    (row,) = settled(listed("11/12/2026 23:15"), Order.DMY)
    assert row.cells["eta"] == "2026-12-11T23:15:00"
    assert "papers_sent '2026-01-02' has no clock time" in why(papers_sent="2026-01-02")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)), st.sampled_from(["/", ".", "-"]))
def test_a_date_is_read_as_written_or_refused_as_two(at: datetime, mark: str):
    for form, order in ((f"%d{mark}%m{mark}%Y %H:%M", Order.DMY), (f"%m{mark}%d{mark}%Y %H:%M", Order.MDY)):
        text = f"{at:{form}}"
        whole = at.replace(second=0, microsecond=0).replace(tzinfo=UTC)
        (row,) = settled(listed(text), order)
        assert moment(row.cells["eta"], ZoneInfo("UTC"), "eta") == whole
        try:
            assert moment(text, ZoneInfo("UTC"), "eta") == whole
        except RowFault:
            assert at.day <= 12 and at.day != at.month


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    with pytest.raises(RowFault) as caught:
        read(eta="noon", direction="MX", fast="perhaps", importer_bn15="12", pars="A=>", papers_sent="11/12/2026 9:00")
    assert [str(fault).split()[0] for fault in caught.value.remarks] == [
        "'A=>'", "direction", "fast", "eta", "importer_bn15:", "papers_sent",
    ]  # fmt: skip
    with pytest.raises(RowFault) as caught:
        read(number="\x01", eta="noon")
    assert [str(fault).split()[0] for fault in caught.value.remarks] == ["number", "eta"]
