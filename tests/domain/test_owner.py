"""N4, C3, C4: to whom an alert belongs, what waits for the morning, and what deafness does not say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import ON, ON_CALL, Alert, Event, State, own, own_until
from bot.domain.assess import assess
from bot.domain.kinds import Level
from bot.domain.policy import QuietHours
from bot.domain.status import Status
from tests.domain.builders import (
    ALIVE,
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
from tests.domain.desk import events, raised, two

NIGHT = replace(POLICY, quiet_hours=QuietHours.parse("10:00-17:30"))  # 14:00 to 21:30 UTC that day
READY = a_report(Status.READY, before(5))


@pytest.mark.parametrize(("hours", "minutes"), [(3, 30), (1, 30), (0.9, 15), (-1, 15)])
def test_n4_got_it_lasts_thirty_minutes_and_fifteen_within_an_hour_of_the_eta(hours: float, minutes: int) -> None:
    now = before(hours)
    assert own_until(None, see(now), now, POLICY) == now + minutes * MINUTE
    assert own_until(before(0.5), see(now), now, POLICY) == before(0.5)


def test_n4_ownership_expires_and_then_the_alert_is_nobody_s() -> None:
    owned = own(tell(None, see(before(1.9)), before(1.9)).alert or raised(), "p1", "Ann", before(1.4))
    assert events(owned) == [Event.OWNED]
    assert owned.look_again_at == before(1.4)
    early = tell(owned.alert, see(before(1.5)), before(1.5))
    assert early.said == ()
    assert early.look_again_at == before(1.4)
    over = tell(early.alert, see(before(1.4)), before(1.4))
    assert events(over) == [Event.UNOWNED]
    assert over.alert is not None
    assert over.alert.owner == ""
    assert over.alert.unowned_since == before(1.4)


def test_n4_unowned_urgent_goes_to_who_is_on_after_ten_minutes_then_to_who_is_on_call_and_owned_does_not() -> None:
    one = tell(None, see(before(2)), before(2))
    assert one.look_again_at == before(1, 50)
    late = tell(one.alert, see(before(1, 50)), before(1, 50))
    assert [(s.event, s.why) for s in late.said] == [(Event.ESCALATED, ON)]
    assert late.look_again_at == before(1, 40)
    assert tell(late.alert, see(before(1, 41)), before(1, 41)).said == ()
    later = tell(late.alert, see(before(1, 40)), before(1, 40))
    assert [(s.event, s.why) for s in later.said] == [(Event.ESCALATED, ON_CALL)]
    assert tell(later.alert, see(before(1, 20)), before(1, 20)).said == ()
    asleep = tell(one.alert, see(before(1, 35)), before(1, 35))
    assert [s.why for s in asleep.said] == [ON, ON_CALL]
    assert one.alert is not None
    owned = own(one.alert, "p1", "Ann", before(1, 30)).alert
    assert tell(owned, see(before(1, 50)), before(1, 50)).said == ()


def test_n4_warn_does_not_escalate() -> None:
    assert tell(raised(3.5), see(before(2.5)), before(2.5)).said == ()


def test_n4_quiet_hours_delay_warn_only_and_never_past_two_hours_before_the_eta() -> None:
    quiet = tell(None, see(before(4)), before(4), NIGHT)
    assert quiet.said == ()
    assert quiet.look_again_at == before(2)
    assert events(tell(None, see(before(2)), before(2), NIGHT)) == [Event.RAISED]
    moved = a_load(eta=ETA + timedelta(hours=4))
    morning = tell(None, see(before(3), load=moved), before(3), NIGHT)
    assert morning.look_again_at is None
    refused = tell(None, see(before(1.5), a_report(Status.REJECTED, before(1.6))), before(1.5), NIGHT)
    assert events(refused) == [Event.RAISED]


def test_n4_quiet_hours_delay_a_warn_that_comes_back_too() -> None:
    guess = a_load(shipments=(a_shipment(papers_sent=None),), eta=ETA + timedelta(hours=2))
    refused, matched = a_report(Status.REJECTED, before(9)), a_report(Status.READY, before(8.8))
    alert = Alert(state=State.WAITING, level=Level.LATE, eta=guess.eta, raised_at=before(9))
    again = see(before(4), refused, load=guess)
    quiet = tell(alert, again, before(4), NIGHT)
    assert quiet.said == ()
    assert quiet.alert == alert
    assert quiet.look_again_at == before(0.5)
    assert events(tell(alert, again, before(4))) == [Event.LEVEL]
    assert events(tell(alert, see(before(4), refused, matched, load=guess), before(4), NIGHT)) == [Event.CLEARED]


@pytest.mark.parametrize("hours", [3.5, 1.9, 0.5])
def test_c3_unwatched_inherits_what_was_told_of_the_kind_it_replaces_both_ways(hours: float) -> None:
    for first, then in ((ALIVE, DEAD), (DEAD, ALIVE)):
        alert = tell(None, see(before(hours), hearing=first), before(hours)).alert
        found = see(before(hours), hearing=then)
        one = tell(alert, found, before(hours))
        assert one.said == ()
        assert one.alert == alert


def test_c4_an_outage_lowers_nothing_told_and_tells_again_at_its_end() -> None:
    alert = tell(None, two(1.9, second=(READY,)), before(1.9)).alert
    out = tell(alert, two(1.8, second=(READY,), outage_on=True), before(1.8))
    assert Event.CLEARED not in events(out)
    assert out.alert is not None
    assert (out.alert.level, out.alert.state) == (Level.URGENT, State.OPEN)
    wrong_port = two(1.75, a_report(Status.REJECTED, before(1.79)), second=(), outage_on=True)
    fact = tell(out.alert, wrong_port, before(1.75))
    assert events(fact) == [Event.SAID]
    assert fact.alert is not None
    assert fact.alert.level is Level.URGENT
    back = tell(out.alert, two(1.74, second=(READY,)), before(1.74))
    assert events(back) == [Event.SAID]
    assert back.said[0].about


def test_c4_an_outage_and_a_shipment_taken_off_clear_nothing() -> None:
    alert = tell(None, two(1.9, second=(READY,)), before(1.9)).alert
    alert = tell(alert, two(1.8, second=(READY,), outage_on=True), before(1.8)).alert
    rest = assess(a_load(shipments=(a_shipment("s2"),)), the_facts(about(), about((READY,))), POLICY, before(1.7))
    assert events(tell(alert, rest, before(1.7))) == [Event.CLOSED]
