"""T: when each level is reached, and which moment is looked at again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Answer, Assessment
from bot.domain.clock import Tick, by_clock, by_manifest, settles
from bot.domain.eta import eta_of
from bot.domain.facts import BrokerFacts
from bot.domain.kinds import Cause, Kind, Level
from bot.domain.load import Direction, Load
from bot.domain.policy import Policy
from bot.domain.status import Status
from tests.domain.builders import (
    ETA,
    MINUTE,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    about,
    before,
    hold,
    level_of,
    on_file,
    see,
    the_facts,
)

LATE, WARN, URGENT, CRITICAL = Level.LATE, Level.WARN, Level.URGENT, Level.CRITICAL


def papers(hours: float, **more: object) -> Load:
    return a_load(shipments=(a_shipment(papers_sent=before(hours), **more),))


#: papers sent before the ETA (h) → (level, from so many hours before the ETA), promise 3 h.
T2 = {
    9: [(LATE, 6), (WARN, 4), (URGENT, 2), (CRITICAL, 1)],
    6.5: [(LATE, 3.5), (WARN, 3.5), (URGENT, 2), (CRITICAL, 1)],
    5: [(LATE, 2), (WARN, 2), (URGENT, 2), (CRITICAL, 1)],
    4.5: [(LATE, 2), (WARN, 2), (URGENT, 1.5), (CRITICAL, 1)],
    3.5: [(LATE, 2), (WARN, 2), (URGENT, 1), (CRITICAL, 1)],
    2.5: [(LATE, 2), (WARN, 2), (URGENT, 1), (CRITICAL, 1)],
}


@pytest.mark.parametrize(("sent", "steps"), T2.items())
def test_t2_a_kind_that_goes_by_the_clock_reaches_each_level_at_its_minute(sent: float, steps: list) -> None:
    for level, hours in steps:
        best = max(one for one, at in steps if at >= hours)
        below = [one for one, at in steps if at > hours]
        load = papers(sent)
        assert level_of(see(before(hours), load=load), Kind.NOT_MATCHED) == best, level
        early = level_of(see(before(hours, minutes=1), load=load), Kind.NOT_MATCHED)
        assert early == (max(below) if below else None)


@pytest.mark.parametrize("word", [Status.MATCHED, Status.AWAITING_PROCESSING])
def test_t2_while_customs_decides_the_broker_is_not_late_until_two_hours_before(word: Status) -> None:
    told = a_report(word, before(8))
    assert level_of(see(before(2, 1), told), Kind.NOT_MATCHED) is LATE
    assert level_of(see(before(2), told), Kind.NOT_MATCHED) is URGENT


def test_t2_papers_unknown_warn_comes_two_hours_before() -> None:
    guess = a_load(shipments=(a_shipment(papers_sent=None),))
    assert level_of(see(before(2, 1), load=guess), Kind.NOT_MATCHED) is None
    assert level_of(see(before(2), load=guess), Kind.NOT_MATCHED) is URGENT


def test_t1_due_is_papers_plus_promise_and_a_guess_without_papers() -> None:
    known, guess = see(before(5)).shipments[0], see(before(5), load=papers_unknown()).shipments[0]
    assert (known.due, known.guess) == (before(6), False)
    assert (guess.due, guess.guess) == (before(2), True)


def papers_unknown() -> Load:
    return a_load(shipments=(a_shipment(papers_sent=None),))


def test_t1_from_four_hours_before_the_papers_are_asked_for_and_no_broker_is_named_late() -> None:
    assert see(before(4, 1), load=papers_unknown()).asks == ()
    found = see(before(4), load=papers_unknown())
    assert found.asks == ("papers:s1",)
    one = hold(found, Kind.NOT_MATCHED)
    assert one is not None
    assert one.cause is Cause.UNKNOWN
    assert one.detail is not None
    assert one.detail["guess"] == "yes"
    assert see(before(3)).asks == ()


@pytest.mark.parametrize(
    ("more", "direction", "hours"),
    [({}, Direction.CA, 3), ({"agency": "CFIA"}, Direction.CA, 4), ({}, Direction.US, 2)],
)
def test_t1_the_promise_is_three_hours_four_with_an_agency_two_southbound(
    more: dict, direction: Direction, hours: int
) -> None:
    load = a_load(direction=direction, shipments=(a_shipment(**more),))
    assert see(before(5), load=load).shipments[0].due == before(9 - hours)


def test_t1_a_measured_promise_of_the_broker_goes_first() -> None:
    measured = BrokerFacts("PCB", timedelta(hours=5))
    assert see(before(5), broker=measured).shipments[0].due == before(4)


def test_t3_tight_is_listed_when_the_promise_ends_within_two_hours_of_the_eta() -> None:
    found = see(before(4), load=papers(4.5))
    assert level_of(found, Kind.TIGHT) is LATE
    assert found.answer is Answer.UNKNOWN
    assert hold(see(before(4), load=papers(5)), Kind.TIGHT) is None


def test_t3_tight_is_told_at_once_when_the_promise_ends_after_the_eta() -> None:
    assert level_of(see(before(2.4), load=papers(2.5)), Kind.TIGHT) is WARN
    assert level_of(see(before(2.9), load=papers(3)), Kind.TIGHT) is LATE


def test_t3_a_guess_never_makes_tight() -> None:
    assert hold(see(before(2.5), load=papers_unknown()), Kind.TIGHT) is None


@pytest.mark.parametrize("status", [Status.REJECTED, Status.EXAM, Status.NO_CARGO])
def test_t4_a_kind_that_goes_by_distance_warns_at_once(status: Status) -> None:
    told = a_report(status, before(30))
    levels = [see(before(*at), told).level for at in [(20,), (2, 1), (2,), (1, 1), (1,), (-3,)]]
    assert levels == [WARN, WARN, URGENT, URGENT, CRITICAL, CRITICAL]


def test_t5_a_refused_manifest_is_never_below_a_missing_one() -> None:
    assert level_of(see_trip(before(1, 15)), Kind.OUR_MANIFEST) is CRITICAL
    assert level_of(see_trip(before(1, 15), Status.REJECTED), Kind.OUR_MANIFEST) is CRITICAL


def see_trip(now: datetime, *told: Status) -> Assessment:
    trip = [replace(on_file(), status=s) for s in told]
    return assess(a_load(), the_facts(about((a_report(Status.READY),)), trip=trip), POLICY, now)


def test_t5_a_match_that_is_lost_near_the_eta_lowers_nothing_while_it_settles() -> None:
    matched, lost = a_report(Status.MATCHED, before(8)), a_report(Status.NOT_MATCHED, before(1.5))
    now = before(1.5) + 2 * MINUTE
    assert see(now, matched).level is URGENT
    assert see(now, matched, lost).level is URGENT


def test_t6_a_load_entered_late_waits_two_minutes_for_reports_that_wait() -> None:
    young = a_load(known_at=before(1.5))
    assert see(before(1.5) + MINUTE, load=young).level is None
    assert see(before(1.5) + 2 * MINUTE, load=young).level is URGENT
    refused = a_report(Status.REJECTED, before(3))
    assert see(before(1.5), refused, load=young).level is URGENT


def test_t6_without_an_eta_it_is_assumed_asked_for_and_at_most_warn() -> None:
    from_pickup = a_load(eta=None, pickup=before(4))
    assert eta_of(from_pickup, POLICY).at == ETA
    assert eta_of(a_load(eta=None, known_at=before(12)), POLICY).at == ETA
    assert eta_of(a_load(), POLICY) == eta_of(a_load(pickup=before(30)), POLICY)
    for now in (before(2), before(1), before(-6)):
        found = see(now, a_report(Status.REJECTED), load=from_pickup)
        assert (found.eta_assumed, found.level) == (True, WARN)
        assert "eta" in found.asks
    assert level_of(see(before(0.5), load=from_pickup), Kind.NOT_MATCHED) is WARN


def test_t7_an_eta_that_passed_without_proof_is_overdue_and_the_level_is_kept() -> None:
    assert not see(before(0, 1)).overdue
    found = see(before(0))
    assert (found.overdue, found.at_border, found.level) == (True, False, CRITICAL)
    assert "arrived" in found.asks
    assert hold(see(before(0, -14)), Kind.OVERDUE) is None
    assert level_of(see(before(0, -15)), Kind.OVERDUE) is WARN


def test_t7_at_the_border_is_a_proven_fact_and_critical_while_the_answer_is_not_go() -> None:
    arrived = a_report(Status.ARRIVED, before(6))
    found = see(before(5.9), arrived)
    assert (found.at_border, found.level, found.overdue) == (True, CRITICAL, False)
    good = see(before(5.9), a_report(Status.READY), arrived)
    assert (good.at_border, good.level, good.answer) == (True, None, Answer.GO)
    assumed = see(before(5.9), arrived, load=a_load(eta=None, pickup=before(4)))
    assert assumed.level is CRITICAL


def test_t8_each_moment_to_look_again_is_the_next_threshold() -> None:
    seen, now = [], before(9)
    while now < before(-1):
        found = see(now)
        now = found.look_again_at or before(-2)
        seen.append(now)
    assert seen == [before(6), before(4), before(2), before(1), before(0), before(0, -15), before(-24)]


def test_t8_a_word_said_for_later_is_looked_at_then() -> None:
    load = a_load(crossed_word=before(5))
    assert see(before(5, 1), load=load).look_again_at == before(5)
    assert see(before(5), load=load).ended == "crossed"


def test_f7_a_broken_link_settles_five_minutes_and_ten_after_our_own_amendment() -> None:
    heard = before(5)
    assert settles(heard, ETA, None, POLICY) == heard + 5 * MINUTE
    assert settles(heard, ETA, heard - 9 * MINUTE, POLICY) == heard + 10 * MINUTE
    assert settles(heard, ETA, heard - 11 * MINUTE, POLICY) == heard + 5 * MINUTE
    assert settles(heard, ETA, heard + MINUTE, POLICY) == heard + 5 * MINUTE


def test_f7_settling_never_lasts_past_an_hour_before_the_eta() -> None:
    assert settles(before(1, 2), ETA, None, POLICY) == before(1)
    assert settles(before(0.5), ETA, None, POLICY) == before(0.5)


def test_f7_while_it_settles_the_answer_is_unknown_and_then_the_link_is_broken() -> None:
    lost = a_report(Status.NOT_MATCHED, before(5), received=before(5))
    found = see(before(5), a_report(Status.READY), lost)
    assert found.answer is Answer.UNKNOWN
    assert [h.kind for h in found.holds] == [Kind.CHECKING]
    assert found.look_again_at == before(5) + 5 * MINUTE
    after = see(before(5) + 5 * MINUTE, a_report(Status.READY), lost)
    assert (after.answer, level_of(after, Kind.LINK_BROKEN)) == (Answer.HOLD, WARN)


def test_a_policy_moves_the_thresholds_that_it_names() -> None:
    own = Policy(say_before=timedelta(hours=3), urgent_before=timedelta(hours=1.5))
    steps = dict(by_clock(before(1), ETA, own, papers_known=False, deciding=False, not_before=before(48)))
    assert steps == {LATE: before(3), WARN: before(3), URGENT: before(1), CRITICAL: before(1)}
    assert dict(by_manifest(ETA, POLICY, before(48))) == {LATE: before(4), WARN: before(2), CRITICAL: before(1, 15)}


def test_t2_a_slack_makes_the_warning_wait_after_the_promise_and_nothing_else() -> None:
    slow = Policy(warn_slack=timedelta(minutes=20))
    for sent, warned in ((9, before(4)), (6.5, before(3, 10)), (5.2, before(2))):
        first, then = (see(at, load=papers(sent), policy=slow) for at in (warned - MINUTE, warned))
        assert level_of(first, Kind.NOT_MATCHED) is LATE
        assert first.look_again_at == warned
        assert level_of(then, Kind.NOT_MATCHED) is (URGENT if warned == before(2) else WARN)
    known = {"papers_known": True, "deciding": False, "not_before": before(48)}
    waits, plain = (dict(by_clock(before(3.5), ETA, POLICY, **known, slack=s)) for s in (20 * MINUTE, 0 * MINUTE))
    assert waits == plain | {WARN: before(3, 10)}


def test_a_tick_remembers_the_first_threshold_to_come() -> None:
    tick = Tick(before(5))
    assert tick.passed(before(5))
    assert not tick.passed(before(1))
    assert not tick.passed(before(3))
    assert tick.next == before(3)
    assert tick.reached(((WARN, before(6)), (URGENT, before(4)))) is WARN
    assert tick.next == before(4)
