"""K: each kind is raised when the table says, by its clock, and ended by what the table names."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Answer, Assessment
from bot.domain.crossings import Crossing, Crossings
from bot.domain.facts import BrokerFacts
from bot.domain.kinds import KINDS, Call, Cause, Kind, Level, Start
from bot.domain.load import Direction, LoadKind, ShipmentType
from bot.domain.status import Status, Track
from tests.domain.builders import (
    DEAD,
    NOBODY,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    a_word,
    about,
    before,
    hold,
    kinds,
    level_of,
    on_file,
    see,
    the_facts,
)
from tests.domain.histories import ONE

WARN, URGENT, CRITICAL = Level.WARN, Level.URGENT, Level.CRITICAL
READY = a_report(Status.READY, before(8), transaction=ONE)
WINDSOR = Crossing("Ambassador", "America/Toronto", offices=frozenset({"0453"}), ports=frozenset({"3801"}))
TUNNEL = Crossing("Tunnel", "America/Toronto", offices=frozenset({"0452"}), ports=frozenset({"3801"}))
SARNIA = Crossing("Blue Water", "America/Toronto", offices=frozenset({"0440"}), ports=frozenset({"3802"}))
CROSSINGS = Crossings([WINDSOR, TUNNEL, SARNIA])


def test_k_the_table_has_a_row_for_every_kind() -> None:
    assert set(KINDS) == set(Kind)
    assert all(row.calls for row in KINDS.values())
    quiet = {Kind.STALE, Kind.TIGHT, Kind.OVERDUE, Kind.UNREAD, Kind.CHECKING}
    assert {k for k, row in KINDS.items() if not row.stops} == quiet


@pytest.mark.parametrize(
    ("kind", "starts", "cause", "call"),
    [
        (Kind.NOT_MATCHED, Start.CLOCK, Cause.BROKER, Call.BROKER),
        (Kind.NO_RELEASE, Start.CLOCK, Cause.BROKER, Call.BROKER),
        (Kind.NO_CARGO, Start.DISTANCE, Cause.OURS, Call.CLERK),
        (Kind.LINK_BROKEN, Start.DISTANCE, Cause.BROKER, Call.BROKER),
        (Kind.REJECTED, Start.DISTANCE, Cause.BROKER, Call.BROKER),
        (Kind.OTHER_FILER, Start.DISTANCE, Cause.BROKER, Call.BROKER),
        (Kind.EXAM, Start.DISTANCE, Cause.CUSTOMS, Call.CUSTOMS),
        (Kind.AGENCY_PENDING, Start.CLOCK, Cause.BROKER, Call.BROKER),
        (Kind.DO_NOT_LOAD, Start.DISTANCE, Cause.OURS, Call.CLERK),
        (Kind.ENTRY_MISSING, Start.CLOCK, Cause.BROKER, Call.BROKER),
        (Kind.ENTRY_WITHDRAWN, Start.DISTANCE, Cause.BROKER, Call.BROKER),
        (Kind.STALE, Start.WARN, Cause.BROKER, Call.BROKER),
        (Kind.OUR_MANIFEST, Start.CLOCK, Cause.OURS, Call.CLERK),
        (Kind.NUMBER_MISSING, Start.CLOCK, Cause.OURS, Call.CLERK),
        (Kind.NUMBER_REUSED, Start.DISTANCE, Cause.OURS, Call.CLERK),
        (Kind.PORT_MISMATCH, Start.WARN, Cause.OURS, Call.CLERK),
        (Kind.UNWATCHED, Start.CLOCK, Cause.UNKNOWN, Call.BROKER),
        (Kind.CARM, Start.WARN, Cause.IMPORTER, Call.IMPORTER),
    ],
)
def test_k_start_cause_and_first_call_are_those_of_the_rules(
    kind: Kind, starts: Start, cause: Cause, call: Call
) -> None:
    row = KINDS[kind]
    assert (row.starts, row.cause, row.calls[0]) == (starts, cause, call)


def test_k_not_matched_is_ended_by_accepted_and_not_by_matched() -> None:
    assert Kind.NOT_MATCHED in kinds(see(before(3)))
    assert Kind.NOT_MATCHED in kinds(see(before(3), a_report(Status.MATCHED)))
    assert Kind.NOT_MATCHED in kinds(see(before(3), a_report(Status.ON_FILE)))
    assert kinds(see(before(3), READY)) == set()


def test_k_not_matched_blames_our_own_refused_manifest_first() -> None:
    trip = [on_file(), replace(on_file(before(7)), status=Status.REJECTED)]
    found = assess(a_load(), the_facts(about(), trip=trip), POLICY, before(3))
    one = hold(found, Kind.NOT_MATCHED)
    assert one is not None
    assert one.cause is Cause.OURS


def test_k_no_release_goes_by_the_clock_although_it_is_a_fact() -> None:
    told = a_report(Status.NO_RELEASE, before(8))
    assert level_of(see(before(6, 1), told), Kind.NO_RELEASE) is None
    assert level_of(see(before(6), told), Kind.NO_RELEASE) is Level.LATE
    assert level_of(see(before(4), told), Kind.NO_RELEASE) is WARN
    one = hold(see(before(4), told, hearing=DEAD), Kind.NO_RELEASE)
    assert one is not None
    assert one.fact


def test_k_a_person_who_says_not_filed_makes_no_release() -> None:
    found = see(before(3), words=[a_word(Status.NO_RELEASE, before(5))])
    one = hold(found, Kind.NO_RELEASE)
    assert one is not None
    assert one.evidence is not None
    assert one.evidence.phone


@pytest.mark.parametrize(
    ("kind", "report"),
    [
        (Kind.NO_CARGO, a_report(Status.NO_CARGO)),
        (Kind.REJECTED, a_report(Status.REJECTED)),
        (Kind.DOCS_REQUIRED, a_report(Status.HELD, reason="docs")),
        (Kind.EXAM, a_report(Status.EXAM)),
        (Kind.AGENCY_HOLD, a_report(Status.HELD, track=Track.AGENCY, hold_key="cfia")),
        (Kind.NUMBER_REUSED, a_report(Status.REJECTED, reason="T36")),
        (Kind.OUR_MANIFEST, a_report(Status.REJECTED, track=Track.MANIFEST)),
    ],
)
def test_k_a_kind_by_distance_warns_at_once_and_explains_the_silence(kind: Kind, report: object) -> None:
    for now, level in ((before(20), None), (before(8), WARN), (before(2, 1), WARN), (before(2), URGENT)):
        found = see(now, report)
        assert level_of(found, kind) is (level or level_of(found, kind))
        assert Kind.NOT_MATCHED not in kinds(found)
    assert level_of(see(before(1), report), kind) is CRITICAL
    assert see(before(8), report).answer is Answer.HOLD


def test_k_link_broken_is_ended_by_a_new_match() -> None:
    lost = [a_report(Status.MATCHED, before(9)), a_report(Status.NOT_MATCHED, before(7))]
    assert Kind.LINK_BROKEN in kinds(see(before(5), *lost))
    assert Kind.LINK_BROKEN not in kinds(see(before(5), *lost, a_report(Status.MATCHED, before(6))))


def test_k_other_filer_is_ended_by_a_person_s_yes_or_another_acceptance() -> None:
    filers = BrokerFacts("PCB", filers=frozenset({"99999"}))
    found = see(before(5), READY, broker=filers)
    assert (found.answer, kinds(found)) == (Answer.HOLD, {Kind.OTHER_FILER})
    assert see(before(5), READY, broker=filers, filer_ok=frozenset({ONE})).answer is Answer.GO
    own = a_report(Status.READY, before(7), transaction="99999000067900")
    assert see(before(5), READY, own, broker=filers).answer is Answer.GO
    assert see(before(5), READY, broker=BrokerFacts("PCB", filers=frozenset({"12345"}))).answer is Answer.GO
    assert see(before(5), READY, broker=BrokerFacts("PCB")).answer is Answer.GO


def test_k_agency_pending_waits_and_runs_its_clock_from_four_hours_before() -> None:
    load = a_load(shipments=(a_shipment(agency="CFIA"),))
    waits = see(before(4, 1), READY, load=load)
    assert (waits.answer, level_of(waits, Kind.AGENCY_PENDING)) == (Answer.UNKNOWN, None)
    assert level_of(see(before(4), READY, load=load), Kind.AGENCY_PENDING) is WARN
    assert level_of(see(before(1), READY, load=load), Kind.AGENCY_PENDING) is CRITICAL
    assert see(before(4), READY, load=load, agency_ok=True).answer is Answer.GO
    assert see(before(4), a_report(Status.RELEASED), load=load).answer is Answer.GO
    assert see(before(4), READY, words=[a_word()], load=load).answer is Answer.HOLD


def trip(now: datetime, *told: Status, **more: object) -> Assessment:
    reports = [replace(on_file(before(9 - n)), status=s) for n, s in enumerate(told)]
    return assess(a_load(), the_facts(about((READY,)), trip=reports, **more), POLICY, now)


@pytest.mark.parametrize(
    ("at", "level"),
    [
        ((4, 1), None),
        ((4,), Level.LATE),
        ((2, 1), Level.LATE),
        ((2,), WARN),
        ((1, 16), WARN),
        ((1, 15), CRITICAL),
        ((-1,), CRITICAL),
    ],
)
def test_k_our_manifest_missing_has_a_clock_of_its_own(at: tuple, level: Level | None) -> None:
    assert level_of(trip(before(*at)), Kind.OUR_MANIFEST) is level


def test_k_our_manifest_rejected_goes_by_distance_and_is_ended_by_accepted() -> None:
    assert level_of(trip(before(6), Status.REJECTED), Kind.OUR_MANIFEST) is WARN
    assert level_of(trip(before(2), Status.ON_FILE, Status.REJECTED), Kind.OUR_MANIFEST) is URGENT
    assert kinds(trip(before(2), Status.REJECTED, Status.ON_FILE)) == set()


def test_k_a_person_s_manifest_word_does_not_lift_a_refusal() -> None:
    word = replace(a_word(Status.ON_FILE, before(3)), track=Track.MANIFEST)
    refused = replace(on_file(before(5)), status=Status.REJECTED)
    for reports, answer in (((word,), Answer.GO), ((refused, word), Answer.HOLD)):
        assert assess(a_load(), the_facts(about((READY,)), trip=reports), POLICY, before(2.5)).answer is answer


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        (ShipmentType.PAPS, Kind.ENTRY_MISSING),
        (ShipmentType.INBOND, Kind.INBOND_MISSING),
        (ShipmentType.CSA, Kind.CSA_PLAN),
    ],
)
def test_k_each_type_of_shipment_has_its_own_absence(type_: ShipmentType, kind: Kind) -> None:
    load = a_load(shipments=(a_shipment(type=type_),))
    assert kinds(see(before(3), load=load)) == {kind}
    assert see(before(3), READY, load=load).is_go


def test_8_4_an_inbond_is_good_when_its_manifest_is_accepted_and_always_a_condition() -> None:
    load = a_load(shipments=(a_shipment(type=ShipmentType.INBOND),))
    found = see(before(3), a_report(Status.ON_FILE), load=load)
    assert (found.answer, [b.kind.value for b in found.buts]) == (Answer.GO_BUT, ["inbond"])
    unread = a_report(Status.UNKNOWN, before(8))
    assert see(before(3), a_report(Status.ON_FILE), unread, load=load).answer is Answer.UNKNOWN


def test_8_4_a_csa_plan_that_a_person_confirmed_is_good() -> None:
    load = a_load(shipments=(a_shipment(type=ShipmentType.CSA),))
    assert see(before(3), words=[a_word(at=before(9))], load=load).answer is Answer.GO


@pytest.mark.parametrize("type_", [ShipmentType.A49, ShipmentType.CARNET, ShipmentType.ASTRAY, ShipmentType.PAPER])
def test_8_4_what_goes_by_paper_is_never_alarmed_by_absence(type_: ShipmentType) -> None:
    found = see(before(-1), load=a_load(shipments=(a_shipment(type=type_),)), hearing=NOBODY)
    assert (found.answer, found.level) == (Answer.GO_BUT, None)
    assert [b.kind.value for b in found.buts] == ["by_paper"]


def test_k_no_number_is_missing_of_a_truck_that_goes_without_goods() -> None:
    planned = a_load(shipments=(a_shipment(ccn=""),), kind=LoadKind.EMPTY)
    assert see(before(1), load=planned).answer is Answer.GO
    assert level_of(see(before(1), load=replace(planned, kind=LoadKind.LOADED)), Kind.NUMBER_MISSING) is not None
    numbered = replace(planned, shipments=(a_shipment(),))
    assert see(before(1), load=numbered).answer is Answer.HOLD  # a number that customs knows may be on board


def test_k_number_missing_runs_from_six_hours_before() -> None:
    for load in (a_load(shipments=()), a_load(shipments=(a_shipment(ccn=""),))):
        assert level_of(see(before(6, 1), load=load), Kind.NUMBER_MISSING) is None
        assert level_of(see(before(6), load=load), Kind.NUMBER_MISSING) is Level.LATE
        assert level_of(see(before(4), load=load), Kind.NUMBER_MISSING) is WARN
        assert see(before(7), load=load).answer is Answer.UNKNOWN
    empty = assess(a_load(shipments=(), kind=LoadKind.EMPTY), the_facts(), POLICY, before(3))
    assert empty.answer is Answer.GO


def test_8_4_a_bobtail_into_canada_needs_no_manifest() -> None:
    for direction, answer in ((Direction.CA, Answer.GO), (Direction.US, Answer.HOLD)):
        load = a_load(shipments=(), kind=LoadKind.BOBTAIL, direction=direction)
        assert assess(load, the_facts(trip=()), POLICY, before(1)).answer is answer


def test_k_number_mismatch_comes_with_the_hold_that_it_explains() -> None:
    assert level_of(see(before(6, 1), near="9XYZPARSOOO123"), Kind.NUMBER_MISMATCH) is None
    assert level_of(see(before(4), near="9XYZPARSOOO123"), Kind.NUMBER_MISMATCH) is WARN
    assert level_of(see(before(2), near="9XYZPARSOOO123"), Kind.NUMBER_MISMATCH) is URGENT
    assert kinds(see(before(2), READY, near="9XYZPARSOOO123")) == set()


def test_k_a_number_of_an_earlier_load_is_reused_whatever_was_heard_of_it() -> None:
    assert kinds(see(before(5), READY, earlier="SAMPLE-0007")) == {Kind.NUMBER_REUSED}
    assert kinds(see(before(5), a_report(Status.RELEASED), earlier="SAMPLE-0007")) == {Kind.NUMBER_REUSED}


def port(office: str, crossing: Crossing | None = WINDSOR, sub: str = "", **more: object) -> Assessment:
    ready = replace(READY, office=office, sub_location=sub)
    return assess(a_load(**more), the_facts(about((ready,)), crossing=crossing, crossings=CROSSINGS), POLICY, before(3))


def test_k_port_mismatch_names_another_frontier_office_and_stays_warn() -> None:
    found = port("0440")
    assert level_of(found, Kind.PORT_MISMATCH) is WARN
    late = assess(
        a_load(),
        the_facts(about((replace(READY, office="0440"),)), crossing=WINDSOR, crossings=CROSSINGS),
        POLICY,
        before(0.5),
    )
    assert level_of(late, Kind.PORT_MISMATCH) is WARN


@pytest.mark.parametrize(
    ("office", "sub", "crossing"),
    [
        ("0453", "", WINDSOR),
        ("0452", "", WINDSOR),
        ("0495", "", WINDSOR),
        ("0440", "2987", WINDSOR),
        ("0440", "", None),
    ],
)
def test_k_inland_offices_sub_locations_and_the_same_us_port_never_mismatch(
    office: str, sub: str, crossing: Crossing | None
) -> None:
    assert kinds(port(office, crossing, sub)) == set()


def test_k_an_inbond_s_inland_office_is_no_mismatch() -> None:
    assert Kind.PORT_MISMATCH not in kinds(port("0440", shipments=(a_shipment(type=ShipmentType.INBOND),)))
