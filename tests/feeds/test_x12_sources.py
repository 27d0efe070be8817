"""X12 sources: what holds for each beside its fixtures."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from tests.feeds.x12_made import a_set, group, interchange, one, released

ZONE = ZoneInfo("America/Toronto")
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
NAMES = ("ace_truck_350", "x12_acks", "cbsa_350", "ace_truck_cusres")
TRIP = "M10*SMPL*J*US***TRIP0042"


def at(hour: int, minute: int = 0) -> datetime:
    """A time of that morning in Toronto."""
    return datetime(2026, 1, 15, hour + 5, minute, tzinfo=UTC)


def read(body: bytes, source: str = "ace_truck_350", **settings: dict[str, str]) -> Reading:
    return SOURCES[source].read(body, Reader(ZONE, **settings), RECEIVED)


def said(reading: Reading) -> list[tuple[str, Status]]:
    return [(r.key, r.status) for r in reading.reports]


@pytest.mark.parametrize("name", NAMES)
def test_each_speaks_with_the_authority_of_customs_and_says_what_is_weak(name: str) -> None:
    source = SOURCES[name]
    assert source.authority is Authority.CUSTOMS
    assert all(len(why) > 20 for why in source.weak.values())  # type: ignore[attr-defined]
    assert source.directions <= set(Direction)


def test_words_count_from_when_customs_posted_them_not_from_when_they_were_told() -> None:
    words = [f"X4*PAPS100123****20260115*{time}*{code}**SMPL" for time, code in (("0950", "2H"), ("102059", "2I"))]
    placed, removed = read(one("350", TRIP, *words)).reports
    assert [r.prepared for r in (placed, removed)] == [at(9, 50), at(10, 20).replace(second=59)]
    assert placed.hold_key == removed.hold_key == "2H"


def test_a_word_posted_after_it_was_told_is_as_old_as_its_message() -> None:
    (report,) = read(one("350", "X4*PAPS100123****20260115*1100*02**SMPL")).reports
    assert (report.prepared, report.at) == (at(10, 31), at(11))


def test_a_time_without_a_date_or_a_date_alone_is_no_time() -> None:
    reports = read(one("350", "X4*PAPS1****20260115**02**SMPL", "X4*PAPS2*****1020*02**SMPL")).reports
    assert [(r.prepared, r.at) for r in reports] == [(at(10, 31), None)] * 2


def test_the_zone_is_the_feeds() -> None:
    reading = SOURCES["ace_truck_350"].read(released("02"), Reader(ZoneInfo("America/Vancouver")), RECEIVED)
    assert reading.reports[0].at == at(13, 20)


def test_times_from_the_future_are_not_believed_and_said() -> None:
    body = interchange([group([a_set("350", ["X4*PAPS1****20270115*1020*02**SMPL"])], stamp="20270115*1031")])
    reading = read(body)
    assert (reading.reports[0].prepared, reading.reports[0].at) == (None, None)
    assert ["not believed" in p.why for p in reading.problems] == [True, True]


@pytest.mark.parametrize(
    ("bill", "scac", "key"),
    [
        ("PAPS100123", "SMPL", "SMPLPAPS100123"),
        ("SMPLPAPS100123", "SMPL", "SMPLPAPS100123"),
        ("smpl paps 100123", "", "SMPLPAPS100123"),
        ("100123", "SMP", "SMP100123"),
    ],
)
def test_a_shipments_number_is_its_issuers_code_and_its_own(bill: str, scac: str, key: str) -> None:
    assert said(read(one("350", f"X4*{bill}****20260115*1020*02**{scac}"))) == [(key, Status.READY)]


def test_a_number_that_can_not_be_one_is_a_problem_and_nobodys_news() -> None:
    for bill in ("A" * 41, "PAPS\x01"):
        reading = read(one("350", f"X4*{bill}****20260115*1020*1C"))
        assert reading.reports == ()
        assert [p.where for p in reading.problems] == ["set 1, X4", "set 1, X4"]


def test_an_entry_number_is_the_transaction_with_and_without_its_dashes() -> None:
    reports = read(
        one("350", "X4*P1***9AB-1234567-8***02", "X4*P1***9AB12345678***02", "X4*P1***257700030***1D")
    ).reports
    assert [r.transaction for r in reports] == ["9AB12345678", "9AB12345678", "257700030"]


def test_remarks_references_and_the_port_stand_with_the_word_they_follow() -> None:
    words = ("P4*3801", "X4*P1*10*01****02", "K1*SAMPLE*NOTE", "N9*BM*B1", "P4*3802", "X4*P2******02", "K1*OTHER")
    first, second = read(one("350", *words)).reports
    assert (first.office, first.note) == ("3801", "quantity 10 / SAMPLE NOTE / BM B1 / entry type 01")
    assert (second.office, second.note) == ("3802", "OTHER")


def test_an_arrival_tells_of_the_trip_and_names_its_trailer() -> None:
    (report,) = read(one("350", TRIP, "P4*3801", "V9*AAD**20260115*1025", "VID*TL**5310", "VID*TL**5311")).reports
    assert (report.kind, report.key, report.track) == (NumberKind.TRIP, "SMPLTRIP0042", Track.ARRIVAL)
    assert (report.at, report.office) == (at(10, 25), "3801")
    assert report.carries == (("trailer", "5310"), ("trailer", "5311"))


def test_where_trip_truck_and_driver_are_is_what_the_operator_says() -> None:
    where = {"trip": "N9[01=TN]-02", "truck": "VEH-03", "driver": "NM1[01=QD]-04+03", "trailer": ""}
    words = (TRIP, "N9*TN*SMPLTRIP7", "P4*3801", "V9*AAD", "VEH*1*VIN*T88", "NM1*QD*1*SINGH*SAM", "NM1*XX*1*OTHER*NO")
    (report,) = read(one("350", *words, "VID*TL**5310"), fields=where).reports
    assert report.key == "SMPLTRIP7"
    assert report.carries == (("truck", "T88"), ("driver", "SAM SINGH"))


def test_a_field_that_is_none_is_a_problem_and_is_not_read() -> None:
    reading = read(one("350", TRIP, "V9*AAD"), fields={"trip": "the sixth", "colour": "X4-01"})
    assert [p.where for p in reading.problems] == ["fields", "fields", "set 1, V9"]
    assert reading.reports == ()


def test_an_override_goes_before_the_table_and_keeps_the_key_of_a_hold() -> None:
    reading = read(released("05", "5H", "2H"), overrides={"X407:05": "WARNING", "x407:5h": "HELD", "X407:2H": "EXAM"})
    assert [(r.status, r.hold_key) for r in reading.reports] == [
        (Status.WARNING, ""),
        (Status.HELD, ""),
        (Status.EXAM, "2H"),
    ]
    assert reading.problems == ()


def test_an_unknown_code_is_unknown_and_names_itself() -> None:
    reading = read(released("7Q"))
    assert said(reading) == [("SMPLPAPS100123", Status.UNKNOWN)]
    assert reading.problems[0].code == "X407:7Q"


def test_the_same_350_twice_says_the_same_under_the_same_reference() -> None:
    assert read(released("02")) == read(released("02"))
    assert read(released("02")).ref == "000000007/45"


def test_a_set_without_any_word_is_a_problem() -> None:
    assert [p.where for p in read(one("350", TRIP, "P4*3801")).problems] == ["set 1, 350"]


def answers(*segments: str, kind: str = "824", **settings: dict[str, str]) -> tuple[Report, ...]:
    return read(one(kind, *segments, sender="CBSA"), "x12_acks", **settings).reports


def test_an_advice_is_about_the_kind_of_number_its_set_names() -> None:
    tail = "8SMP1234*****12*0001"
    kinds = [[r.kind for r in answers(f"OTI*TA*CN*{tail}*{about}")] for about in ("309", "358", "353")]
    assert kinds == [[NumberKind.CCN], [NumberKind.TRIP], []]
    for fields in ({"309": "scn"}, {"CN": "scn"}):
        assert [r.kind for r in answers(f"OTI*TA*CN*{tail}*309", fields=fields)] == [NumberKind.SCN]
    assert answers(f"OTI*TA*CN*{tail}*309", fields={"309": "none"}) == ()


def test_a_refusal_carries_its_first_error_and_its_words() -> None:
    (report,) = answers("OTI*TR*CN*8SMP1234*****12*1*309", "TED*848*OFFICE****0999", "TED*024*OTHER", "NTE*GEN*AGAIN")
    assert (report.status, report.reason, report.raw) == (Status.REJECTED, "848", "OTI TR 848 024")
    assert report.note == "OFFICE / OTHER / AGAIN"
    assert (report.track, report.prepared) == (Track.MANIFEST, at(10, 31))


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        (("K3*ACCEPTED",), [("SMPLTRIP0042", Status.ON_FILE, "")]),
        (("K1*009 INVALID CARRIER CODE",), [("SMPLTRIP0042", Status.REJECTED, "009")]),
        (("K1*SAMPLE WORDS",), [("SMPLTRIP0042", Status.UNKNOWN, "")]),
        (("K1*0091 IS NO CODE",), [("SMPLTRIP0042", Status.UNKNOWN, "")]),
        (("K3*ACCEPTED", "K1*401 INV CONV ACE ID"), [("SMPLTRIP0042", Status.REJECTED, "401")]),
        (("LX*1", "K1*017 BILL", "K3*REJECTED"), [("SMPLTRIP0042", Status.REJECTED, "017")] * 1),
        (("LX*1", "M13*SMPL*3801*A*P1", "K1*017 BILL", "K3*ACCEPTED"), [("SMPLP1", Status.REJECTED, "017")]),
    ],
)
def test_a_355_is_accepted_only_where_it_says_so_and_names_no_error(
    segments: tuple[str, ...], found: list[tuple[str, Status, str]]
) -> None:
    reports = answers(TRIP, *segments, kind="355", fields={"355": "trip"})
    assert [(r.key, r.status, r.reason) for r in reports][:1] == found


def test_an_accepted_355_is_only_received_until_the_operator_says_what_is_sent_here() -> None:
    assert said(Reading(answers(TRIP, "K3*ACCEPTED", kind="355"))) == [("SMPLTRIP0042", Status.SENT)]


def test_a_shipments_error_never_leaves_the_trip_accepted() -> None:
    reports = answers(TRIP, "M11*P1*0901*1*PCS*1*K******SMPL", "K1*033 DDPP", "K3*ACCEPTED", kind="355")
    assert said(Reading(reports)) == [("SMPLP1", Status.REJECTED)]


def test_an_operator_may_say_that_a_355_is_not_about_the_trip() -> None:
    assert answers(TRIP, "K3*ACCEPTED", kind="355", fields={"355": "none"}) == ()


def test_a_kind_that_is_none_is_a_problem() -> None:
    reading = read(one("997", "AK1*SM*1"), "x12_acks", fields={"control": "load"})
    assert reading.problems[0].where == "fields"


def test_an_operator_gives_the_cbsas_350_its_meaning() -> None:
    body = one("350", "X4*8SMPPARS100123*10*01*12345000067897*20260115*1020*02", sender="CBSA", version="004060")
    reading = read(body, "cbsa_350", overrides={"X407:02": "WARNING"})
    assert said(reading) == [("8SMPPARS100123", Status.WARNING)]
    assert reading.problems == ()
