"""N: what is told, to whom it belongs, and how it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import End, Event, Notice, State, own
from bot.domain.assess import assess
from bot.domain.kinds import Level
from bot.domain.status import Status
from tests.domain.builders import (
    DEAD,
    ETA,
    MINUTE,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    about,
    before,
    see,
    tell,
    the_facts,
)
from tests.domain.desk import TWO_SHIPMENTS, events, raised, two

READY = a_report(Status.READY, before(5))


def test_n1_an_alert_is_raised_at_warn_and_not_before() -> None:
    assert tell(None, see(before(5)), before(5)) == Notice(None)
    one = tell(None, see(before(4)), before(4))
    assert events(one) == [Event.RAISED]
    assert one.alert is not None
    assert one.alert.level is Level.WARN


def test_n1_asking_again_at_once_says_nothing_more() -> None:
    for hours in (4, 2, 1, -1):
        one = tell(None, see(before(hours)), before(hours))
        again = tell(one.alert, see(before(hours)), before(hours))
        assert again.said == ()
        assert again.alert == one.alert


def test_n1_what_was_raised_is_told_at_its_end() -> None:
    over = tell(raised(), see(before(2.5), a_report(Status.READY, before(2.6))), before(2.5))
    assert events(over) == [Event.CLEARED]
    assert over.alert is not None
    assert over.alert.state is State.CLEARED
    assert over.alert.ended_at == before(2.5)
    assert over.said[0].about


def test_n2_each_level_up_is_told_once_and_ends_ownership() -> None:
    alert = own(raised(), "p1", "Ann", before(1.5)).alert
    up = tell(alert, see(before(2)), before(2))
    assert events(up) == [Event.LEVEL]
    assert up.alert is not None
    assert (up.alert.level, up.alert.owner) == (Level.URGENT, "")
    assert tell(up.alert, see(before(1, 59)), before(1, 59)).said == ()


def test_n2_a_new_fingerprint_that_rests_on_a_fact_is_told_at_any_level() -> None:
    alert = tell(None, see(before(1.5)), before(1.5)).alert
    exam = a_report(Status.EXAM, before(1.45))
    found = see(before(1.4), exam)
    one = tell(alert, found, before(1.4))
    assert events(one) == [Event.SAID]
    assert one.said[0].about == (found.holds[0].fingerprint,)


def test_n2_a_second_shipment_that_falls_behind_is_told_in_the_thread() -> None:
    alert = tell(None, two(3, second=(READY,)), before(3)).alert
    broken = two(2.5, second=(READY, a_report(Status.REJECTED, before(2.6))))
    assert events(tell(alert, broken, before(2.5))) == [Event.SAID]


def test_n2_a_level_that_fell_with_a_later_eta_is_said_once() -> None:
    alert = tell(None, see(before(1.5)), before(1.5)).alert
    late = a_load(eta=ETA + timedelta(hours=2))
    fell = tell(alert, see(before(1.4), load=late), before(1.4))
    assert events(fell) == [Event.MORE_TIME]
    assert fell.alert is not None
    assert fell.alert.level is Level.WARN
    assert tell(fell.alert, see(before(1.3), load=late), before(1.3)).said == ()
    up = tell(fell.alert, see(before(0), load=late), before(0))
    assert events(up) == [Event.LEVEL]


def test_n2_more_time_is_not_said_again_when_no_level_fell() -> None:
    later, latest = a_load(eta=ETA + timedelta(hours=9)), a_load(eta=ETA + timedelta(hours=12))
    young = replace(later, shipments=(a_shipment(papers_sent=before(1)),))
    one = tell(raised(), see(before(2.9), load=young), before(2.9))
    assert events(one) == [Event.MORE_TIME]
    assert one.alert is not None
    assert one.alert.state is State.MORE_TIME
    still = replace(latest, shipments=young.shipments)
    assert tell(one.alert, see(before(2.8), load=still), before(2.8)).said == ()


def test_n2_a_later_eta_that_lowered_nothing_is_not_blamed_for_a_hold_that_ended() -> None:
    alert = tell(None, two(1.5, a_report(Status.REJECTED, before(3))), before(1.5)).alert
    moved = replace(TWO_SHIPMENTS, eta=ETA + 10 * MINUTE)
    one = tell(alert, two(1.5, a_report(Status.REJECTED, before(3)), load=moved), before(1.5))
    assert one.said == ()
    assert one.alert is not None
    assert one.alert.eta == moved.eta


def test_n2_tight_at_warn_raises_and_keeps_an_alert() -> None:
    tight = a_load(shipments=(a_shipment(papers_sent=before(2.5)),))
    one = tell(None, see(before(2.4), load=tight), before(2.4))
    assert events(one) == [Event.RAISED]
    assert one.said[0].about[0].split("|")[1] == "tight"


def test_n3_waiting_is_said_when_the_hold_went_and_another_shipment_is_open() -> None:
    young = replace(
        TWO_SHIPMENTS, shipments=(TWO_SHIPMENTS.shipments[0], replace(TWO_SHIPMENTS.shipments[1], papers_sent=None))
    )
    alert = tell(None, two(3, load=young), before(3)).alert
    one = tell(alert, two(2.9, READY, load=young), before(2.9))
    assert events(one) == [Event.WAITING]
    assert one.alert is not None
    assert one.alert.state is State.WAITING
    assert tell(one.alert, two(2.8, READY, load=young), before(2.8)).said == ()
    assert events(tell(one.alert, two(2, READY, load=young), before(2))) == [Event.LEVEL]


def test_n3_a_hold_that_went_while_deaf_is_last_known_and_not_cleared() -> None:
    guess = a_load(shipments=(a_shipment(papers_sent=None),))
    refused = a_report(Status.REJECTED, before(6))
    alert = tell(None, see(before(5), refused, load=guess), before(5)).alert
    newer = a_report(Status.MATCHED, before(4.9))
    one = tell(alert, see(before(4.8), newer, load=guess, hearing=DEAD), before(4.8))
    assert events(one) == [Event.LAST_KNOWN]
    assert one.alert is not None
    assert one.alert.state is State.LAST_KNOWN


def test_n3_a_load_that_crossed_without_an_acceptance_is_closed_and_says_so() -> None:
    found = see(before(2), load=a_load(crossed_word=before(2)))
    one = tell(raised(), found, before(2))
    assert events(one) == [Event.CLOSED]
    assert one.said[0].why == "crossed, never seen accepted"


def test_n3_a_load_that_crossed_and_was_accepted_is_cleared() -> None:
    found = see(before(2), READY, load=a_load(crossed_word=before(2)))
    assert events(tell(raised(), found, before(2))) == [Event.CLEARED]


def test_n3_no_news_for_three_days_closes_as_unknown() -> None:
    now = before(-72)
    one = tell(raised(), see(now), now)
    assert events(one) == [Event.CLOSED]
    assert "unknown" in one.said[0].why
    assert tell(one.alert, see(now + MINUTE), now + MINUTE) == Notice(one.alert)


@pytest.mark.parametrize("reports", [(), (READY,)])
def test_n3_cancelled_or_taken_off_is_closed_with_why_and_never_cleared(reports: tuple) -> None:
    one = tell(raised(), see(before(2.5), *reports), before(2.5), end=End("cancelled by Ann"))
    assert events(one) == [Event.CLOSED]
    assert one.said[0].why == "cancelled by Ann"


def test_n3_a_shipment_taken_off_a_load_clears_nothing() -> None:
    alert = tell(None, two(3, second=(READY,)), before(3)).alert
    rest = assess(a_load(shipments=(a_shipment("s2"),)), the_facts(about(), about((READY,))), POLICY, before(2.9))
    assert rest.is_go
    one = tell(alert, rest, before(2.9))
    assert events(one) == [Event.CLOSED]
    assert one.said[0].why == "number taken off"


def test_n3_an_end_without_an_alert_says_nothing() -> None:
    assert tell(None, see(before(2)), before(2), end=End("cancelled by Ann")) == Notice(None)


def test_n3_a_hold_after_the_end_reopens() -> None:
    done = tell(raised(), see(before(2.5), READY), before(2.5)).alert
    refused = see(before(2.4), READY, a_report(Status.REJECTED, before(2.45)))
    one = tell(done, refused, before(2.4))
    assert events(one) == [Event.REOPENED]
    assert one.alert is not None
    assert one.alert.state is State.OPEN


def test_n3_after_the_end_of_the_load_nothing_reopens() -> None:
    done = tell(raised(), see(before(2)), before(2), end=End("cancelled by Ann")).alert
    assert tell(done, see(before(1)), before(1), end=End("again")).said == ()
    assert tell(done, see(before(1), load=a_load(crossed_word=before(2))), before(1)).said == ()
