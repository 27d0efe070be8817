"""Into the US good is manifest and entry on file; entries taken back, agency holds, the trip and its manifest."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Answer, Assessment, But
from bot.domain.facts import BrokerFacts, Facts, Question
from bot.domain.journey import journey_of
from bot.domain.kinds import Kind, Level
from bot.domain.load import Direction, Load, ShipmentType
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from tests.domain.builders import (
    POLICY,
    a_load,
    a_report,
    a_shipment,
    about,
    before,
    hold,
    kinds,
    level_of,
    on_file,
    see,
    the_facts,
)

SCN = "SMPL00012345"
ENTRY, REFILED = "ABC-1234567-8", "ABC-1234568-6"


def us(status: Status, hours: float, **more: Any) -> Report:
    """A word of US customs about the shipment, prepared so many hours before the ETA."""
    return a_report(status, before(hours), kind=NumberKind.SCN, key=SCN, **({"track": Track.RELEASE} | more))


def entry(hours: float, number: str = ENTRY) -> Report:
    return us(Status.READY, hours, transaction=number, raw="02")


def withdrawn(hours: float, number: str = "") -> Report:
    return us(Status.ON_FILE, hours, transaction=number, raw="14", reason="withdrawn")


def placed(hours: float, key: str = "2H") -> Report:
    return us(Status.HELD, hours, track=Track.AGENCY, hold_key=key, raw=key)


def removed(hours: float, key: str = "2H") -> Report:
    return us(Status.HOLD_REMOVED, hours, track=Track.AGENCY, hold_key=key, raw="2I")


def southbound(**more: Any) -> Load:
    kind = more.pop("type", ShipmentType.PAPS)
    shipment = a_shipment(type=kind, ccn=SCN, **{k: more.pop(k) for k in ("agency",) if k in more})
    return a_load(direction=Direction.US, shipments=(shipment,), **more)


def at(hours: float, *reports: Report, load: Load | None = None, **more: Any) -> Assessment:
    return see(before(hours), *reports, load=load or southbound(), **more)


def test_paps_is_good_with_manifest_and_entry_on_file_and_never_before() -> None:
    assert at(8).answer is Answer.UNKNOWN
    assert at(1.5).answer is Answer.HOLD and Kind.ENTRY_MISSING in kinds(at(1.5))
    assert at(1.5, entry(3)).answer is Answer.GO
    assert at(1.5, us(Status.ON_FILE, 3, track=Track.MANIFEST)).answer is Answer.HOLD


def test_paps_with_an_in_bond_word_alone_still_waits_for_its_entry_and_an_in_bond_does_not() -> None:
    word = us(Status.ON_FILE, 3, reason="inbond", raw="1D")
    assert at(1.5, word).answer is Answer.HOLD
    bonded = southbound(type=ShipmentType.INBOND)
    assert at(1.5, load=bonded).answer is Answer.HOLD
    found = at(1.5, word, load=bonded)
    assert found.answer is Answer.GO_BUT and found.buts[0].kind is But.INBOND
    assert at(1.5, word, us(Status.REJECTED, 2), load=bonded).answer is Answer.HOLD


def test_k_entry_withdrawn_leaves_the_acceptance_and_ends_with_an_entry_on_file() -> None:
    found = at(3, entry(5), withdrawn(4))
    assert Kind.ENTRY_WITHDRAWN in kinds(found) and found.answer is Answer.HOLD
    assert level_of(found, Kind.ENTRY_WITHDRAWN) is Level.WARN
    assert level_of(at(1.5, entry(5), withdrawn(4)), Kind.ENTRY_WITHDRAWN) is Level.URGENT
    assert at(3, entry(5), withdrawn(4), entry(3.5, REFILED)).answer is Answer.GO


def test_f5_the_end_of_an_older_entry_says_nothing_of_the_newer_one() -> None:
    assert at(2.5, entry(5), entry(4, REFILED), withdrawn(3, ENTRY)).answer is Answer.GO
    assert at(2.5, entry(5), entry(4, REFILED), withdrawn(3, REFILED)).answer is Answer.HOLD


def test_f1_an_entry_withdrawn_in_the_same_minute_as_it_was_filed_is_withdrawn() -> None:
    assert at(2.5, entry(4), withdrawn(4)).answer is Answer.HOLD


@pytest.mark.parametrize("key", ["2H", "1G", "4H", "8H", "9H"])
def test_k_an_agency_hold_into_the_us_ends_by_its_removal_and_not_by_a_release(key: str) -> None:
    assert Kind.AGENCY_HOLD in kinds(at(1.5, entry(5), placed(4, key)))
    assert at(1.5, entry(5), placed(4, key), us(Status.RELEASED, 3)).answer is Answer.HOLD
    assert at(1.5, entry(5), placed(4, key), removed(3, "3H")).answer is Answer.HOLD
    assert at(1.5, entry(5), placed(4, key), removed(3, key)).answer is Answer.GO


def test_k_what_customs_says_of_one_agency_answers_nothing_about_another_that_only_the_broker_names() -> None:
    fda = replace(placed(3, "FDA"), authority=Authority.BROKER, feed="pcb")
    settled = (entry(5), placed(4.5, "2H"), removed(4, "2H"))
    assert at(1.5, *settled, fda).answer is Answer.HOLD
    assert at(1.5, *settled, fda, removed(2, "FDA")).answer is Answer.GO
    unnamed = replace(fda, hold_key="")
    assert at(1.5, *settled, unnamed).answer is Answer.GO  # of agencies as a whole customs has spoken (F3)


def test_k_an_agency_hold_into_canada_ends_by_a_release_too() -> None:
    ready = a_report(Status.READY, before(5))
    held = a_report(Status.HELD, before(4), track=Track.AGENCY, hold_key="cfia")
    assert see(before(1.5), ready, held).answer is Answer.HOLD
    assert see(before(1.5), ready, held, a_report(Status.RELEASED, before(3))).answer is Answer.GO


def test_k_do_not_load_is_ended_by_its_removal_alone() -> None:
    word = us(Status.DO_NOT_LOAD, 4, track=Track.AGENCY, hold_key="6H", raw="6H")
    found = at(3, entry(5), word)
    assert Kind.DO_NOT_LOAD in kinds(found) and found.answer is Answer.HOLD
    assert at(1, entry(5), word, us(Status.RELEASED, 2)).answer is Answer.HOLD
    assert at(3, entry(5), word, removed(3.5, "6H")).answer is Answer.GO


def test_k_fda_prior_notice_by_road_is_critical_from_two_hours_before_the_eta() -> None:
    food = southbound(agency="FDA")
    assert level_of(at(3, entry(5), load=food), Kind.AGENCY_PENDING) is Level.WARN
    assert level_of(at(1.9, entry(5), load=food), Kind.AGENCY_PENDING) is Level.CRITICAL
    assert level_of(at(1.9, entry(5), load=southbound(agency="USDA")), Kind.AGENCY_PENDING) is Level.URGENT
    assert at(1.9, entry(5), removed(4, "FDA"), load=food).answer is Answer.GO


def of_trip(status: Status, hours: float, **more: Any) -> Report:
    return a_report(status, before(hours), kind=NumberKind.TRIP, key="9XYZ77001", **more)


def trip_facts(*words: Report) -> Facts:
    return the_facts(about([entry(5)]), journey=journey_of([[on_file(), *words]]))


def seen(hours: float, *words: Report, **load: Any) -> Assessment:
    return assess(southbound(**load), trip_facts(*words), POLICY, before(hours))


def test_t7_a_trip_that_is_reported_at_the_border_is_there_with_all_its_shipments() -> None:
    arrived = of_trip(Status.ARRIVED, 0.1)
    found = assess(southbound(), the_facts(about([]), journey=journey_of([[arrived]])), POLICY, before(0.05))
    assert found.at_border and found.level is Level.CRITICAL


def test_k_a_truck_that_customs_holds_is_no_go_until_customs_lets_it_go() -> None:
    held = of_trip(Status.HELD, 0.1, track=Track.RELEASE)
    assert seen(0.05, held).answer is Answer.HOLD
    assert seen(0, held, of_trip(Status.RELEASED, 0.05, track=Track.RELEASE)).answer is Answer.GO


def test_a_trip_that_was_let_go_is_over_two_hours_later_and_says_nothing_good_of_its_shipments() -> None:
    let_go = of_trip(Status.RELEASED, 0.5, track=Track.RELEASE)
    facts = the_facts(about([]), journey=journey_of([[on_file(), let_go]]))
    assert assess(southbound(), facts, POLICY, before(0)).answer is Answer.HOLD
    assert assess(southbound(), facts, POLICY, before(-1.6)).ended == "crossed"


CARRIED = (("truck", "T-07714"), ("trailer", "53 102"), ("driver", "SINGH, HARPREET"))


@pytest.mark.parametrize(
    ("ours", "other"),
    [
        ({"truck": "t 07714"}, ""),
        ({"truck": "T07714", "trailer": "53102", "driver": "Harpreet Singh"}, ""),
        ({"truck": "7715"}, "truck"),
        ({"trailer": "53103"}, "trailer"),
        ({"driver": "Marie Tremblay"}, "driver"),
        ({}, ""),
    ],
)
def test_k_our_manifest_that_names_another_truck_trailer_or_driver_is_a_hold_of_ours(
    ours: dict[str, str], other: str
) -> None:
    found = seen(3, of_trip(Status.SENT, 4, track=Track.MANIFEST, carries=CARRIED), **ours)
    if not other:
        assert found.answer is Answer.GO
        return
    assert found.answer is Answer.HOLD
    assert (hold(found, Kind.OUR_MANIFEST).detail or {})["names"] == other


def test_k_only_into_the_us_must_the_manifest_name_the_driver_and_the_newest_manifest_counts() -> None:
    named = of_trip(Status.SENT, 4, track=Track.MANIFEST, carries=CARRIED)
    mended = of_trip(Status.SENT, 3.5, track=Track.MANIFEST, carries=(("truck", "7715"),))
    assert seen(3, named, truck="7715").answer is Answer.HOLD
    assert seen(3, named, mended, truck="7715").answer is Answer.GO
    ready = about([a_report(Status.READY, before(5))])
    facts = the_facts(ready, journey=journey_of([[on_file(), named]]))
    assert assess(a_load(driver="Marie Tremblay"), facts, POLICY, before(3)).answer is Answer.GO


def test_k_stale_is_a_condition_once_the_answer_is_overdue_and_warns_near_the_eta() -> None:
    ready = a_report(Status.READY, before(5))

    def asked(now: float, **answered: Any) -> Assessment:
        question = Question(before(2), "rns", **answered)
        return assess(a_load(), the_facts(about([ready], asked=question, can_ask=True)), POLICY, before(now))

    assert asked(1.9).answer is Answer.GO
    late = asked(1.5)
    assert late.answer is Answer.GO_BUT and late.buts[0].kind is But.STALE and not kinds(late)
    near = asked(0.7)
    assert near.answer is Answer.GO_BUT and level_of(near, Kind.STALE) is Level.WARN
    assert asked(0.7, answered=before(1.9)).answer is Answer.GO


def test_customs_own_warning_of_too_little_review_time_is_a_condition_of_the_go() -> None:
    ready = a_report(Status.READY, before(5))
    early = a_report(Status.WARNING, before(4), reason="too_early", track=Track.MATCH)
    found = see(before(3), ready, early)
    assert found.answer is Answer.GO_BUT and found.buts[0].kind is But.TOO_EARLY


@pytest.mark.parametrize(
    ("filers", "number", "other"),
    [
        ({"ABC"}, ENTRY, False),
        ({"ABC", "12345"}, "ABC12345678", False),
        ({"XYZ"}, ENTRY, True),
        ({"XYZ", "12345"}, ENTRY, True),
        ({"12345"}, ENTRY, False),
        (set(), ENTRY, False),
    ],
)
def test_k_another_filer_of_an_entry_is_known_by_its_first_three_characters(
    filers: set[str], number: str, other: bool
) -> None:
    broker = BrokerFacts("PCB", filers=frozenset(filers))
    found = at(3, entry(5, number), broker=broker)
    assert (Kind.OTHER_FILER in kinds(found)) is other
    yes = at(3, entry(5, number), broker=broker, filer_ok=frozenset({number}))
    assert Kind.OTHER_FILER not in kinds(yes)


def test_f5_the_newest_entry_is_the_evidence_and_carries_its_office() -> None:
    heard = [entry(5), us(Status.READY, 3, transaction=REFILED, raw="02", office="3801")]
    for told in (heard, heard[::-1]):
        (one,) = at(2.5, *told).shipments
        assert one.rests_on is not None
        assert (one.rests_on.transaction, one.rests_on.office) == (REFILED, "3801")
    taken_back = at(1.5, *heard, withdrawn(2, REFILED))
    assert taken_back.answer is Answer.HOLD


def test_goods_that_customs_controls_no_more_are_over_the_border_though_nobody_saw_them_accepted() -> None:
    acquitted = a_report(Status.ACQUITTED, before(-0.5))
    assert see(before(-1), acquitted).ended == "crossed"
    assert not see(before(-1)).ended
    two = a_load(shipments=(a_shipment(), a_shipment("s2", ccn="9XYZPARS000124")))
    assert not assess(two, the_facts(about([acquitted]), about([])), POLICY, before(-1)).ended
    old = a_report(Status.ACQUITTED, before(50))
    assert not see(before(1), old).ended  # said before the load was known: of whoever used the number then


def test_a_truck_that_customs_holds_is_not_over_the_border_by_an_acquittal() -> None:
    acquitted, exam = a_report(Status.ACQUITTED, before(2)), a_report(Status.EXAM, before(1.5))
    assert not see(before(1), acquitted, exam).ended


def test_a_manifest_that_is_matched_or_has_its_entries_on_file_is_accepted_until_it_is_refused() -> None:
    for status in (Status.MATCHED, Status.READY):
        word = of_trip(status, 4, track=Track.MANIFEST)
        ready = about([a_report(Status.READY, before(5))])
        assert assess(a_load(), the_facts(ready, trip=[word]), POLICY, before(2)).is_go
        refused = of_trip(Status.REJECTED, 3, track=Track.MANIFEST)
        assert not assess(a_load(), the_facts(ready, trip=[word, refused]), POLICY, before(2)).is_go
