"""Times of feeds: zones, the days the clocks change, what is not believed, what is never the prepared time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES

ZONES = {name: ZoneInfo(f"America/{name}") for name in ("Regina", "Moncton", "Toronto")}


def rns(*segments: str, stamp: str = "", zone: str = "Toronto", received: datetime | None = None) -> Reading:
    inner = [*segments, "GIS+9", "RFF+XC:SMPLPARS100123"]
    text = "'".join(["UNH+1+CUSRES:D:96A:UN", *inner, f"UNT+{len(inner) + 2}+1", ""])
    if stamp:
        text = f"UNB+UNOA:3+CBSA+SMPL+{stamp}+R1'{text}UNZ+1+R1'"
    reader = Reader(ZONES[zone])
    return SOURCES["cbsa_rns"].read(text.encode(), reader, received or datetime(2026, 12, 1, tzinfo=UTC))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [("Regina", (16, 30), (16, 30)), ("Moncton", (14, 30), (13, 30)), ("Toronto", (15, 30), (14, 30))],
)
def test_a_time_without_a_zone_is_in_the_zone_of_its_feed(zone: str, winter, summer) -> None:
    assert rns("DTM+9:202601151030:203", zone=zone).reports[0].prepared == utc(2026, 1, 15, *winter)
    assert rns("DTM+9:202607151030:203", zone=zone).reports[0].prepared == utc(2026, 7, 15, *summer)


@pytest.mark.parametrize(("zone", "hour"), [("Moncton", 6), ("Toronto", 7)])
def test_a_time_in_the_spring_gap_is_moved_over_it_and_is_a_problem(zone: str, hour: int) -> None:
    reading = rns("DTM+9:202603080230:203", zone=zone)
    assert reading.reports[0].prepared == utc(2026, 3, 8, hour, 30)
    assert "202603080230" in reading.reports[0].note
    assert [(p.where, zone in p.why) for p in reading.problems] == [("message 1, DTM+9", True)]


@pytest.mark.parametrize(("zone", "hour"), [("Moncton", 4), ("Toronto", 5)])
def test_a_time_in_the_double_hour_is_the_first_and_the_note_keeps_its_text(zone: str, hour: int) -> None:
    reading = rns("DTM+9:202611010130:203", zone=zone)
    assert reading.reports[0].prepared == utc(2026, 11, 1, hour, 30)
    assert "202611010130 comes twice" in reading.reports[0].note
    assert reading.problems == ()


def test_regina_has_neither_gap_nor_double_hour() -> None:
    for text, found in (("202603080230", utc(2026, 3, 8, 8, 30)), ("202611010130", utc(2026, 11, 1, 7, 30))):
        reading = rns(f"DTM+9:{text}:203", zone="Regina")
        assert (reading.reports[0].prepared, reading.reports[0].note, reading.problems) == (found, "", ())


def test_a_release_time_is_never_the_prepared_time() -> None:
    (report,) = rns("DTM+58:202601140900:203").reports
    assert (report.at, report.prepared) == (utc(2026, 1, 14, 14), None)
    (report,) = rns("DTM+58:202601140900:203", stamp="260115:1031").reports
    assert (report.at, report.prepared) == (utc(2026, 1, 14, 14), utc(2026, 1, 15, 15, 31))


def test_the_prepared_time_of_the_message_goes_before_that_of_its_interchange() -> None:
    (report,) = rns("DTM+9:202601151000:203", stamp="260115:1031").reports
    assert report.prepared == utc(2026, 1, 15, 15)


def test_a_prepared_time_that_is_none_is_a_problem_and_the_interchange_stands_in() -> None:
    reading = rns("DTM+9:202613451030:203", stamp="20260115:1031")
    assert reading.reports[0].prepared == utc(2026, 1, 15, 15, 31)
    assert "not a date" in reading.problems[0].why


def test_a_time_more_than_a_day_ahead_is_not_believed() -> None:
    received = utc(2026, 1, 15, 16)
    assert rns("DTM+9:202601161100:203", received=received).reports[0].prepared == utc(2026, 1, 16, 16)
    reading = rns("DTM+9:202601161101:203", received=received, stamp="260115:1031")
    assert reading.reports[0].prepared is None
    assert "not believed" in reading.problems[0].why
    reading = rns(stamp="260117:1031", received=received)
    assert (reading.reports[0].prepared, reading.problems[0].where) == (None, "message 1, UNB")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2026-01-15T10:30:00-05:00", utc(2026, 1, 15, 15, 30)),
        ("2026-01-15T15:30:00Z", utc(2026, 1, 15, 15, 30)),
        ("2026-01-15T10:30", utc(2026, 1, 15, 14, 30)),
        ("2026-01-15", None),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_brokers_time_carries_its_zone_or_is_in_the_feeds(written: str, found: datetime | None) -> None:
    body = b'{"statuses":[{"number":"SMPLPARS100123","status":"accepted","at":"%s"}]}' % written.encode()
    reading = SOURCES["broker_json"].read(body, Reader(ZONES["Moncton"]), utc(2026, 1, 15, 16))
    assert (reading.reports[0].at, reading.reports[0].prepared) == (found, found)
    assert [p.where for p in reading.problems] == ([] if found else ["statuses[0].at"])


@pytest.mark.parametrize(("status", "hour"), [("accepted", 4), ("held", 5), ("odd", 5)])
def test_a_brokers_bad_word_of_a_double_hour_counts_from_its_second(status: str, hour: int) -> None:
    item = b'{"number":"SMPLPARS100123","status":"%s"}' % status.encode()
    body = b'{"sent_at":"2026-11-01T01:30","statuses":[%s]}' % item
    for came, found in ((utc(2026, 11, 1, 4, 40), 4), (utc(2026, 11, 1, 5, 40), hour)):
        reading = SOURCES["broker_json"].read(body, Reader(ZONES["Moncton"]), came)
        assert reading.reports[0].prepared == utc(2026, 11, 1, found, 30)
