"""T5, T8, A4 and the JSON form, over random loads, histories and moments."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.alert import Alert
from bot.domain.assess import assess
from bot.domain.assessment import Answer, Assessment, Hold, from_json, shown
from bot.domain.clock import word_lapses
from bot.domain.coverage import Hearing
from bot.domain.kinds import KINDS
from bot.domain.load import Load
from bot.domain.policy import Policy, QuietHours
from bot.domain.written import to_text
from tests.domain.builders import DEAD, ETA, MINUTE, POLICY, before, tell
from tests.domain.histories import loads, moments, worlds

NIGHT = replace(POLICY, quiet_hours=QuietHours.parse("16:00-23:30"))


def level(found: Assessment) -> int:
    return int(found.level or 0)


def by_mark(found: Assessment) -> dict[str, int]:
    return {h.fingerprint: int(h.level or 0) for h in found.holds}


@settings(max_examples=50, deadline=None)
@given(loads(), st.data())
def test_t8_the_answer_stays_exactly_true_until_look_again_at(load: Load, data: st.DataObject) -> None:
    facts = data.draw(worlds(load))(before(-5))
    now = data.draw(moments)
    found = assess(load, facts, POLICY, now)
    end = min(found.look_again_at or now + timedelta(days=9), now + timedelta(days=9))
    assert end > now
    for part in data.draw(st.lists(st.floats(0, 1, exclude_max=True), min_size=3, max_size=3)):
        later = min(now + (end - now) * part, end - timedelta(microseconds=1))
        assert replace(assess(load, facts, POLICY, later), look_again_at=None) == replace(found, look_again_at=None)
    last = assess(load, facts, POLICY, end - timedelta(microseconds=1))
    assert replace(last, look_again_at=None) == replace(found, look_again_at=None)


@settings(max_examples=8, deadline=None)
@given(loads(), st.data())
def test_t8_stepping_from_look_to_look_sees_what_a_scan_minute_by_minute_sees(load: Load, data: st.DataObject) -> None:
    facts = data.draw(worlds(load))(before(-5))
    now, end = before(8), before(-5)
    found = assess(load, facts, POLICY, now)
    for minute in range(int((end - now) / MINUTE)):
        at = now + minute * MINUTE
        if found.look_again_at is not None and found.look_again_at <= at:
            found = assess(load, facts, POLICY, at)
        scanned = assess(load, facts, POLICY, at)
        assert replace(scanned, look_again_at=None) == replace(found, look_again_at=None)


@settings(max_examples=50, deadline=None)
@given(loads(), st.data())
def test_t5_with_time_alone_a_level_never_falls(load: Load, data: st.DataObject) -> None:
    facts = data.draw(worlds(load))(before(-5))
    last = 0
    for now in sorted(data.draw(st.lists(moments, min_size=2, max_size=6))):
        found = assess(load, facts, POLICY, now)
        assert level(found) >= last
        last = level(found)


@settings(max_examples=50, deadline=None)
@given(loads(), st.data(), moments)
def test_t5_losing_a_feed_lowers_no_level_and_clears_nothing(load: Load, data: st.DataObject, now: datetime) -> None:
    world = data.draw(worlds(load))

    def dead(hearing: Hearing) -> Hearing:
        return DEAD if hearing.ear else hearing

    heard, deaf = assess(load, world(now), POLICY, now), assess(load, world(now, dead), POLICY, now)
    assert deaf.level == heard.level
    assert deaf.answer == heard.answer
    assert by_mark(deaf) == by_mark(heard)


@settings(max_examples=50, deadline=None)
@given(loads(), st.data(), moments)
def test_c4_an_outage_clears_nothing_and_hides_no_fact(load: Load, data: st.DataObject, now: datetime) -> None:
    world = data.draw(worlds(load, outages=False))
    clear, out = assess(load, world(now), POLICY, now), assess(load, world(now, out=True), POLICY, now)
    assert out.is_go == clear.is_go
    assert [h for h in out.holds if h.fact and h.kind.value != "number_mismatch"] == [
        h for h in clear.holds if h.fact and h.kind.value != "number_mismatch"
    ]
    assert by_mark(out).keys() | {"near"} >= {m for m, _ in by_mark(clear).items() if "number_mismatch" not in m}


@settings(max_examples=50, deadline=None)
@given(loads(), st.data(), moments)
def test_every_assessment_survives_its_json_form(load: Load, data: st.DataObject, now: datetime) -> None:
    found = assess(load, data.draw(worlds(load))(now), POLICY, now)
    text = to_text(found)
    assert text == json.dumps(json.loads(text))
    assert from_json(json.loads(text)) == found
    assert shown(text) in (text[:-1], to_text(replace(found, look_again_at=None))[:-1])
    assert shown(text) == shown(to_text(replace(found, look_again_at=now)))


@settings(max_examples=50, deadline=None)
@given(loads(), st.data(), moments)
def test_a1_the_answer_is_the_worst_of_the_shipments_and_the_trip(
    load: Load, data: st.DataObject, now: datetime
) -> None:
    found = assess(load, data.draw(worlds(load))(now), POLICY, now)
    order = [Answer.GO, Answer.GO_BUT, Answer.UNKNOWN, Answer.HOLD]
    assert order.index(found.answer) >= max(order.index(s.answer) for s in found.shipments)
    assert found.is_go == (not [h for h in found.holds if h.kind.value != "tight"])
    assert (found.answer is Answer.HOLD) == any(h.stops and h.level is not None for h in found.holds)
    assert all(h.stops == KINDS[h.kind].stops for h in found.holds)
    assert found.answer is not Answer.GO or not found.buts
    assert all(s.rests_on or s.answer is Answer.GO_BUT or load.shipments for s in found.shipments)


def simulate(load: Load, world: object, policy: Policy, until: datetime) -> tuple[Assessment, Alert | None, list[str]]:
    """Assess and notice from when the load is known, at each moment that either of them, or an arrival, asks for."""
    arrivals = [before(minutes=m) for m in range(720, -61, -10)]
    alert, said, now = None, [], load.known_at
    while True:
        found = assess(load, world(now), policy, now)
        told = tell(alert, found, now, policy)
        alert = told.alert
        said += [s.event.value for s in told.said]
        moments = [m for m in (found.look_again_at, told.look_again_at, *arrivals) if m is not None and m > now]
        if now >= until or min(moments, default=until) > until:
            return found, alert, said
        now = min(moments)


@settings(max_examples=40, deadline=None)
@given(loads(assumed=False), st.data(), st.sampled_from([POLICY, NIGHT]))
def test_a4_two_hours_before_the_eta_nothing_that_is_not_go_is_silent(
    load: Load, data: st.DataObject, policy: Policy
) -> None:
    at = max(before(2), load.known_at + POLICY.late_entry_grace)
    found, alert, said = simulate(load, data.draw(worlds(load, outages=False)), policy, at)
    if not found.is_go and not found.ended:
        assert said
        assert alert is not None
        assert loud(found)


def loud(found: Assessment) -> list[Hold]:
    return [h for h in found.holds if (h.level or 0) >= 2]


@settings(max_examples=80, deadline=None)
@given(st.integers(-300, 900).map(lambda m: before(minutes=m)))
def test_f4_a_word_never_lapses_between_two_hours_before_and_one_after_the_eta(given_at: datetime) -> None:
    lapse = word_lapses(given_at, ETA, POLICY)
    assert lapse <= before(2) or lapse >= before(-1)
    assert lapse > given_at or given_at >= before(2)
    two_hours = given_at + timedelta(hours=2)
    if two_hours <= before(2) or two_hours >= before(-1):
        assert lapse == two_hours
    else:
        assert lapse == (before(2) if given_at < before(2, 20) else before(-1))
