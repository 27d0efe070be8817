"""N, A5, T8: what is never said, whatever happens to feeds, outages and numbers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.alert import Alert, End, Event, Notice, State, own
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.coverage import Hearing, Liveness, hearing
from bot.domain.facts import Facts
from bot.domain.load import Load
from bot.domain.policy import Policy, QuietHours
from tests.domain.builders import ETA, MINUTE, POLICY, before, tell
from tests.domain.histories import loads, moments, worlds

QUIET = replace(POLICY, quiet_hours=QuietHours.parse("12:00-18:45"))
World = Callable[..., Facts]


def dead(one: Hearing) -> Hearing:
    return Hearing(replace(one.ear, liveness=Liveness.DEAD)) if one.ear else one


def removed(one: Hearing) -> Hearing:
    """What a feed becomes for the loads it covered once it is out of the configuration."""
    return hearing([one.ear.feed], {}) if one.ear else one


def standing(load: Load, world: World, now: datetime) -> tuple[Assessment, Alert | None]:
    found = assess(load, world(now, out=False), POLICY, now)
    return found, tell(None, found, now).alert


def said(one: Notice) -> set[Event]:
    return {s.event for s in one.said}


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), moments, st.sampled_from([dead, removed]), st.integers(0, 300))
def test_a_feed_that_dies_or_is_removed_never_says_cleared_and_lowers_nothing(
    load: Load, data: st.DataObject, now: datetime, lose: Callable, minutes: int
) -> None:
    world = data.draw(worlds(load))
    _, alert = standing(load, world, now)
    if alert is None:
        return
    later = now + minutes * MINUTE
    one = tell(alert, assess(load, world(now, lose, False), POLICY, later), later)
    assert Event.CLEARED not in said(one)
    assert one.alert is not None
    assert one.alert.state is State.CLOSED or one.alert.level >= alert.level


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), moments)
def test_a_feed_that_dies_in_the_same_minute_says_nothing_new(load: Load, data: st.DataObject, now: datetime) -> None:
    world = data.draw(worlds(load))
    _, alert = standing(load, world, now)
    for first, then in ((lambda h: h, dead), (dead, lambda h: h)):
        alert = tell(None, assess(load, world(now, first, False), POLICY, now), now).alert
        one = tell(alert, assess(load, world(now, then, False), POLICY, now), now)
        assert one.said == ()
        assert one.alert == alert


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), moments, st.integers(0, 300))
def test_an_outage_never_says_cleared_and_lowers_nothing_told(
    load: Load, data: st.DataObject, now: datetime, minutes: int
) -> None:
    world = data.draw(worlds(load))
    _, alert = standing(load, world, now)
    if alert is None:
        return
    later = now + minutes * MINUTE
    out = tell(alert, assess(load, world(now, out=True), POLICY, later), later)
    assert Event.CLEARED not in said(out)
    assert out.alert is not None
    if out.alert.state is not State.CLOSED:
        assert out.alert.level >= alert.level
        back = tell(out.alert, assess(load, world(now, out=False), POLICY, later), later)
        assert back.alert is not None
        assert Event.CLEARED not in said(back)
        assert back.alert.level >= alert.level


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), moments)
def test_a_number_taken_off_never_says_cleared(load: Load, data: st.DataObject, now: datetime) -> None:
    world = data.draw(worlds(load))
    _, alert = standing(load, world, now)
    if alert is None:
        return
    for gone in load.shipments:
        if any(known.startswith(f"{gone.id}|") for known in alert.told):
            rest = replace(load, shipments=tuple(s for s in load.shipments if s is not gone))
            one = tell(alert, assess(rest, world(now, out=False), POLICY, now), now)
            assert Event.CLEARED not in said(one)
    ended = tell(alert, assess(load, world(now), POLICY, now), now, end=End("number taken off by Ann"))
    assert said(ended) == {Event.CLOSED}


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), moments, st.integers(0, 600))
def test_a5_cleared_is_said_only_when_the_answer_is_go(
    load: Load, data: st.DataObject, now: datetime, minutes: int
) -> None:
    world = data.draw(worlds(load))
    _, alert = standing(load, world, now)
    later = now + minutes * MINUTE
    found = assess(load, world(later), POLICY, later)
    one = tell(alert, found, later)
    assert (Event.CLEARED in said(one)) <= found.is_go
    if alert is not None and found.is_go:
        assert one.alert is not None
        assert one.alert.state in (State.CLEARED, State.CLOSED)


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), moments, st.integers(0, 300))
def test_n1_asking_again_at_once_says_nothing_and_changes_nothing(
    load: Load, data: st.DataObject, now: datetime, minutes: int
) -> None:
    world = data.draw(worlds(load))
    _, alert = standing(load, world, now)
    later = now + minutes * MINUTE
    found = assess(load, world(later), POLICY, later)
    once = tell(alert, found, later)
    again = tell(once.alert, found, later)
    assert again.said == ()
    assert again.alert == once.alert


def scan(load: Load, facts: Facts, policy: Policy, start: datetime, jump: bool) -> list[tuple[datetime, str]]:
    """What is said from `start` on, minute by minute, or only at the moments that were asked for."""
    heard: list[tuple[datetime, str]] = []
    alert: Alert | None = None
    due: datetime | None = start
    for minute in range(10 * 60):
        now = start + minute * MINUTE
        if jump and (due is None or due > now):
            continue
        found = assess(load, facts, policy, now)
        one = tell(alert, found, now, policy)
        alert = one.alert
        if alert is not None and Event.RAISED in said(one):
            owned = own(alert, "p1", "Ann", now + 30 * MINUTE)
            alert, one = owned.alert, replace(one, look_again_at=owned.look_again_at)
        heard += [(now, s.event.value) for s in one.said]
        due = min((m for m in (found.look_again_at, one.look_again_at) if m is not None), default=None)
    return heard


@settings(max_examples=12, deadline=None)
@given(loads(), st.data(), st.sampled_from([POLICY, QUIET]))
def test_t8_looking_when_asked_says_what_a_scan_minute_by_minute_says(
    load: Load, data: st.DataObject, policy: Policy
) -> None:
    facts = data.draw(worlds(load))(before(-5))
    start = ETA - timedelta(hours=8)
    assert scan(load, facts, policy, start, jump=True) == scan(load, facts, policy, start, jump=False)
