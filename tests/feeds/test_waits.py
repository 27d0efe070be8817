"""Wait times as CBP and CBSA publish them: every word of their tables, times by zone, bad input (SAMPLE)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.config import world_crossings
from bot.domain.load import Direction
from bot.domain.waits import Flow, Lane, Wait
from bot.feeds.waits import Read, read_cbp, read_cbsa

ALL = world_crossings()
#: A Tuesday in winter, 10:20 in Toronto.
NOW = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)
HEAD = '"CBSA Office","Location","Updated","Commercial Flow","Travellers Flow"'


def lane(
    status: str = "delay", minutes: str = "35", update: str = "At 10:00 am EST", lanes: str = "3"
) -> dict[str, str]:
    return {"update_time": update, "operational_status": status, "delay_minutes": minutes, "lanes_open": lanes}


NONE = lane("N/A", "", "", "")


def record(number: str = "380001", standard: object = None, fast: object = NONE, **more: Any) -> dict[str, Any]:
    own = {"port_number": number, "border": "Canadian Border", "port_name": "Detroit", "port_status": "Open"}
    lanes = {"maximum_lanes": "9", "standard_lanes": lane() if standard is None else standard, "FAST_lanes": fast}
    return {**own, "crossing_name": "Ambassador Bridge", "commercial_vehicle_lanes": lanes, **more}


def cbp(*records: object, now: datetime = NOW) -> Read:
    return read_cbp(json.dumps(records).encode(), ALL, now)


def one(read: Read) -> Wait:
    (wait,) = (w for w in read[0] if w.lane is Lane.COMMERCIAL)
    return wait


def cbsa(*rows: str, now: datetime = NOW, head: str = HEAD) -> Read:
    return read_cbsa(b"\xef\xbb\xbf" + "\r\n".join((head, *rows, "")).encode(), ALL, now)


def office(flow: str = "10 minutes", updated: str = "2026-11-24 10:05 EST", name: str = "Ambassador Bridge") -> str:
    return f'"{name}","Windsor, ON","{updated}","{flow}","No delay"'


@pytest.mark.parametrize(
    ("status", "minutes", "flow", "found"),
    [
        ("delay", "35", Flow.MOVING, 35),
        ("no delay", "0", Flow.MOVING, 0),
        ("no delay", "1", Flow.MOVING, 0),
        ("N/A", "", Flow.NONE, None),
        ("Lanes Closed", "", Flow.CLOSED, None),
        ("Update Pending", "", Flow.UNKNOWN, None),
    ],
)
def test_every_word_of_cbp_is_read(status: str, minutes: str, flow: Flow, found: int | None) -> None:
    read = cbp(record(standard=lane(status, minutes)))
    wait = one(read)
    assert (wait.flow, wait.minutes, wait.raw, read[1]) == (flow, found, "", ())
    assert (wait.crossing, wait.direction, wait.source) == ("Ambassador Bridge", Direction.US, "CBP")


@pytest.mark.parametrize(("status", "minutes"), [("Delayed", "5"), ("delay", ""), ("delay", "many"), ("delay", "9999")])
def test_a_word_of_cbp_that_is_not_in_the_table_stays_a_word_and_is_a_problem(status: str, minutes: str) -> None:
    waits, problems = cbp(record(standard=lane(status, minutes)))
    wait = one((waits, problems))
    assert (wait.flow, wait.minutes) == (Flow.UNKNOWN, None)
    assert wait.raw.startswith(status)
    assert "is not a wait that we can read" in problems[0].why


def test_the_fast_lane_is_a_lane_of_its_own_and_lanes_are_counted() -> None:
    waits, _problems = cbp(record(fast=lane("delay", "12", lanes="1")))
    assert {(w.lane, w.minutes, w.lanes) for w in waits} == {(Lane.COMMERCIAL, 35, 3), (Lane.FAST, 12, 1)}


def test_a_closed_port_is_closed_whatever_its_lanes_say() -> None:
    assert {w.flow for w in cbp(record(port_status="Closed"))[0]} == {Flow.CLOSED}


@pytest.mark.parametrize(
    ("text", "now", "at"),
    [
        ("At 10:00 am EST", "2026-11-24T15:20", "2026-11-24T15:00"),
        ("At Noon PST", "2026-11-24T20:05", "2026-11-24T20:00"),
        ("At Midnight EST", "2026-11-24T05:10", "2026-11-24T05:00"),
        ("At 12:30 am EST", "2026-11-24T06:00", "2026-11-24T05:30"),
        ("At 11:00 pm EST", "2026-11-24T05:30", "2026-11-24T04:00"),  # of the day before
        ("At 10:00 am EDT", "2026-07-01T14:20", "2026-07-01T14:00"),
        ("At 1:30 am EDT", "2026-11-01T06:40", "2026-11-01T05:30"),  # the hour that comes twice: its zone says which
        ("At 1:30 am EST", "2026-11-01T06:40", "2026-11-01T06:30"),
        ("At 1:30 am", "2026-11-01T06:40", "2026-11-01T05:30"),  # without a zone the older one, so that it ages sooner
        ("10:00 am", "2026-11-24T15:20", "2026-11-24T15:00"),
    ],
)
def test_the_time_of_cbp_is_the_last_such_hour_in_its_own_zone(text: str, now: str, at: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    read = cbp(record(standard=lane(update=text)), now=moment)
    assert one(read).at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert read[1] == ()


@pytest.mark.parametrize(
    "text", ["At 25:00 pm EST", "At 10:77 am EST", "At 10:00 am XYZ", "yesterday", "At 13:00 am EST"]
)
def test_a_time_that_is_none_leaves_the_wait_without_an_age(text: str) -> None:
    waits, problems = cbp(record(standard=lane(update=text)))
    assert one((waits, problems)).at is None
    assert text in problems[0].why
    assert not one((waits, problems)).fresh(NOW, timedelta(days=900))


@pytest.mark.parametrize(
    ("more", "crossing"),
    [
        ({"number": "300402", "crossing_name": "", "port_name": "Blaine"}, "Pacific Highway-Blaine"),
        ({"number": "999999", "crossing_name": "Bluewater Bridge"}, "Blue Water Bridge"),
        ({"number": "999999", "crossing_name": "", "port_name": "Sweetgrass"}, "Coutts-Sweetgrass"),
        ({"number": "090104", "crossing_name": "Rainbow Bridge", "port_name": "Buffalo/Niagara Falls"}, None),
        ({"number": "300401", "crossing_name": "Peace Arch", "port_name": "Sumas"}, None),  # the bridge, not its town
        ({"number": "999999", "crossing_name": "Ambassador Bridge", "border": "Mexican Border"}, None),
    ],
)
def test_a_crossing_is_known_by_its_number_or_its_own_name_only(more: dict[str, str], crossing: str | None) -> None:
    assert {w.crossing for w in cbp(record(**more))[0]} == ({crossing} if crossing else set())


def test_a_crossing_that_is_listed_twice_counts_once_with_the_newer_word() -> None:
    older, newer = record(standard=lane(minutes="5", update="At 9:00 am EST")), record()
    assert one(cbp(newer, older)).minutes == one(cbp(older, newer)).minutes == 35


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!doctype html><p>down", "a web page came, not JSON"),
        (b"", "it is not JSON"),
        (b'[{"port_number": "38', "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[" * 200_000, "it is not JSON"),
        (b'{"error": 1}', "it is not a list of crossings as CBP's was"),
    ],
)
def test_what_is_not_cbps_list_gives_no_wait_and_says_why(body: bytes, why: str) -> None:
    waits, problems = read_cbp(body, ALL, NOW)
    assert (waits, [p.why for p in problems]) == ((), [why])


@pytest.mark.parametrize(
    "broken", [1, None, [], {}, {"port_number": "380001"}, {"port_number": "380001", "commercial_vehicle_lanes": [1]},
               record(standard=[], fast=3), record(standard={"update_time": {}, "operational_status": None})]
)  # fmt: skip
def test_one_broken_record_does_not_spoil_the_others(broken: object) -> None:
    waits, _problems = cbp(broken, record("090101", crossing_name="Peace Bridge"))
    assert "Peace Bridge" in {w.crossing for w in waits}


@pytest.mark.parametrize(
    ("flow", "found", "minutes"),
    [
        ("No delay", Flow.MOVING, 0),
        ("No Delay", Flow.MOVING, 0),
        ("10 minutes", Flow.MOVING, 10),
        ("1 minute", Flow.MOVING, 1),
        ("1 hour 5 minutes", Flow.MOVING, 65),
        ("2 hours", Flow.MOVING, 120),
        ("Not applicable", Flow.NONE, None),
        ("Closed", Flow.CLOSED, None),
        ("Missed entry", Flow.UNKNOWN, None),
        ('""Missed entry""', Flow.UNKNOWN, None),
    ],
)
def test_every_word_of_cbsa_is_read(flow: str, found: Flow, minutes: int | None) -> None:
    read = cbsa(office(flow))
    wait = one(read)
    assert (wait.flow, wait.minutes, wait.raw, read[1]) == (found, minutes, "", ())
    assert (wait.direction, wait.source, wait.at) == (Direction.CA, "CBSA", datetime(2026, 11, 24, 15, 5, tzinfo=UTC))


@pytest.mark.parametrize("flow", ["soon", "10", "99 hours", "-5 minutes", "hours minutes"])
def test_a_word_of_cbsa_that_is_not_in_the_table_stays_a_word_and_is_a_problem(flow: str) -> None:
    waits, problems = cbsa(office(flow))
    assert (one((waits, problems)).flow, one((waits, problems)).raw) == (Flow.UNKNOWN, flow)
    assert flow in problems[0].why


def test_the_variant_with_double_semicolons_says_the_same() -> None:
    rows = "Ambassador Bridge;; Windsor, ON;;2026-11-24 10:05 EST;; 1 hour 5 minutes;; No Delay"
    head = "CBSA Office;; Location;; Updated;; Commercial Flow;; Travellers Flow"
    assert cbsa(rows, head=head) == cbsa(office("1 hour 5 minutes"))


@pytest.mark.parametrize(
    ("updated", "name", "at"),
    [
        ("2026-11-24 10:05 EST", "Ambassador Bridge", "2026-11-24T15:05"),
        ("2026-11-24 10:05", "Ambassador Bridge", "2026-11-24T15:05"),
        ("2026-11-24 11:05", "St. Stephen 3rd Bridge", "2026-11-24T15:05"),  # local: Atlantic time
        ("2026-11-24T09:05:30", "North Portal", "2026-11-24T15:05"),  # Saskatchewan has no summer time
        ("2026-11-01 01:30 EST", "Peace Bridge", "2026-11-01T06:30"),
        ("2026-11-01 01:30", "Peace Bridge", "2026-11-01T05:30"),
    ],
)
def test_the_time_of_cbsa_is_local_to_the_crossing_unless_it_names_its_zone(updated: str, name: str, at: str) -> None:
    wait = one(cbsa(office(updated=updated, name=name)))
    assert wait.at == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize("updated", ["2026-11-24 10:36 EST", "2026-02-30 10:00", "10:05", "2026-11-24 10:05 ABC"])
def test_a_time_of_cbsa_that_cannot_be_is_not_believed(updated: str) -> None:
    waits, problems = cbsa(office(updated=updated))
    assert one((waits, problems)).at is None
    assert updated in problems[0].why


@pytest.mark.parametrize(
    ("name", "crossing"),
    [
        ("Fort Erie (Peace Bridge)", "Peace Bridge"),
        ("Queenston Lewiston Bridge (Travellers and Commercial)", "Queenston-Lewiston Bridge"),
        ("Lacolle: Autoroute 15", "Lacolle-Champlain"),
        ("Niagara Falls Rainbow Bridge(Travellers only)", None),
        ("Stanstead: Route 143", None),
        ("St. Stephen", None),  # the bridge in town, not the third one
    ],
)
def test_an_office_of_cbsa_is_known_by_its_own_name_only(name: str, crossing: str | None) -> None:
    assert {w.crossing for w in cbsa(office(name=name))[0]} == ({crossing} if crossing else set())


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\x00", b'"a","b"\r\n"1","2"', b"\x00"])
def test_what_is_not_cbsas_list_gives_no_wait_and_says_why(body: bytes) -> None:
    waits, problems = read_cbsa(body, ALL, NOW)
    assert waits == ()
    assert len(problems) == 1


def test_short_and_long_rows_do_not_spoil_the_others() -> None:
    waits, _problems = cbsa('"Peace Bridge"', "", '"a","b","c","d","e","f","g"', office())
    assert {w.crossing: w.flow for w in waits} == {"Peace Bridge": Flow.UNKNOWN, "Ambassador Bridge": Flow.MOVING}


def test_digits_on_two_lines_of_a_cell_are_no_number():
    read = cbsa('"Peace Bridge","x","2026-11-24 10:00 EST","1 hour 1\r0 minutes","No delay"')
    assert one(read).flow is Flow.UNKNOWN and read[1]
