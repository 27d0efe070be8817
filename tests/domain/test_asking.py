"""When customs is asked, and what comes of no answer (RULES K `stale`; dispatch-desk E5), over tables and minutes."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.asking import Why, asked_of
from bot.domain.assess import assess
from bot.domain.assessment import Answer, Assessment, But, from_json
from bot.domain.carrier import FeedCover, Way
from bot.domain.coverage import Ear, Liveness
from bot.domain.facts import Question
from bot.domain.kinds import Kind, Level
from bot.domain.load import Load, ShipmentType
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.domain.written import to_text
from tests.domain.builders import (
    MINUTE,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    a_word,
    about,
    before,
    hold,
    level_of,
    see,
    the_facts,
)

READY = a_report(Status.READY, before(4))


def at(hours: float, minutes: float = 0) -> str:
    return f"{before(hours, minutes):%H:%M}"


def nights(
    *reports: Report, load: Load | None = None, answers: timedelta | None = None, policy: Policy = POLICY
) -> list[str]:
    """What is asked in a night, minute by minute from 12 h before the ETA, where an answer takes that long or none."""
    the_load, question, found = load or a_load(), None, []
    for minute in range(7 * 60):
        now = before(6.5) + minute * MINUTE
        known = [r for r in reports if r.received is not None and r.received <= now]
        if question and question.answered is None and answers is not None and now >= question.last + answers:
            question = replace(question, answered=now)
        facts = the_facts(about(known, asked=question, can_ask=True))
        asks = assess(the_load, facts, policy, now).questions
        for ask in asks:
            found.append(f"{ask.partition(':')[0]} {now:%H:%M}")
            if question is None or question.answered is not None:
                question = Question(now, "rns")
            else:
                question = replace(question, again=now)
    return found


def test_customs_is_asked_when_the_promise_runs_out_and_twice_before_the_border() -> None:
    assert nights() == [f"due {at(6)}", f"near {at(2)}", f"last {at(0, 45)}"]


def test_a_guess_is_no_moment_of_its_own() -> None:
    assert nights(load=a_load(shipments=(a_shipment(papers_sent=None),))) == [f"near {at(2)}", f"last {at(0, 45)}"]


@pytest.mark.parametrize(
    ("accepted", "asked"),
    [
        (7.0, [f"near {at(4)}", f"aged {at(3)}", f"aged {at(2)}", f"last {at(0, 45)}"]),
        (4.5, [f"due {at(6)}", f"near {at(4)}", f"aged {at(3)}", f"aged {at(2)}", f"last {at(0, 45)}"]),
        (2.5, [f"due {at(6)}", f"near {at(4)}", f"aged {at(1.5)}", f"last {at(0, 45)}"]),
        (0.5, [f"due {at(6)}", f"near {at(4)}", f"last {at(0, 45)}"]),
    ],
)
def test_an_acceptance_that_is_an_hour_old_is_asked_again_before_it_carries_a_go(
    accepted: float, asked: list[str]
) -> None:
    policy = replace(POLICY, ask_customs_before=timedelta(hours=4))
    assert nights(a_report(Status.READY, before(accepted), received=before(accepted)), policy=policy) == asked


def test_an_answer_makes_an_acceptance_young_again() -> None:
    policy = replace(POLICY, ask_customs_before=timedelta(hours=4))
    told = nights(a_report(Status.READY, before(6.5)), answers=3 * MINUTE, policy=policy)
    assert told == [f"near {at(4)}", f"aged {at(2, 57)}", f"aged {at(1, 54)}", f"last {at(0, 45)}"]


def test_an_acceptance_is_not_asked_again_right_before_the_last_time() -> None:
    told = nights(a_report(Status.READY, before(6.5)), answers=3 * MINUTE)
    assert told == [f"near {at(2)}", f"last {at(0, 45)}"]


def test_what_is_released_is_not_asked_about() -> None:
    assert nights(a_report(Status.RELEASED, before(6.5))) == []


@pytest.mark.parametrize("shipment", [a_shipment(ccn=""), a_shipment(type=ShipmentType.CARNET)])
def test_what_has_no_number_or_goes_by_paper_is_not_asked_about(shipment: object) -> None:
    assert nights(load=a_load(shipments=(shipment,))) == []


def test_where_nobody_can_be_asked_nobody_is() -> None:
    for hours in (6, 2, 1, 0.5):
        assert see(before(hours), READY, can_ask=False).questions == ()


def test_of_moments_that_were_missed_only_the_last_is_asked_for() -> None:
    late = a_load(known_at=before(0, 50))
    assert see(before(0, 49), load=late, can_ask=True).questions == ()  # reports that wait are still read (T6)
    assert see(before(0, 48), load=late, can_ask=True).questions == ("near:s1",)
    asked = Question(before(0, 48), "rns")
    assert see(before(0, 46), load=late, asked=asked, can_ask=True).questions == ()
    assert see(before(0, 45), load=late, asked=asked, can_ask=True).questions == ("last:s1",)
    assert see(before(0), load=late, asked=asked, can_ask=True).questions == ()


def test_a_question_by_hand_answers_to_the_moment_that_it_came_after() -> None:
    asked = Question(before(1.9), "rns")
    assert see(before(1.5), a_report(Status.READY, before(4)), asked=asked, can_ask=True).questions == ()


def test_a_later_eta_has_moments_of_its_own() -> None:
    asked = Question(before(2), "rns")
    later = a_load(eta=before(-3))
    assert see(before(1.5), asked=asked, can_ask=True, load=later).questions == ()
    assert see(before(-1), asked=asked, can_ask=True, load=later).questions == ("near:s1",)


@pytest.mark.parametrize(
    ("minutes", "silent", "answer"),
    [(14, False, Answer.GO), (15, True, Answer.GO_BUT)],
)
def test_an_open_question_is_only_shown_until_the_answer_is_due(minutes: int, silent: bool, answer: Answer) -> None:
    found = see(before(2) + minutes * MINUTE, READY, asked=Question(before(2), "rns"), can_ask=True)
    (judged,) = found.shipments
    assert judged.asked is not None
    assert (judged.asked.silent, found.answer) == (silent, answer)
    assert judged.asked.until == before(1, 45)


def test_a_question_survives_the_json_form_of_an_assessment() -> None:
    for asked in (Question(before(2), "rns"), Question(before(2), "page", before(1.9), of="page")):
        found = see(before(1), READY, asked=asked, can_ask=True)
        assert from_json(json.loads(to_text(found))) == found
        assert found.shipments[0].asked


def test_k_stale_is_a_condition_and_warn_from_three_quarters_of_an_hour_before_the_eta() -> None:
    asked = Question(before(2), "rns")
    early, near = (see(before(0, m), READY, asked=asked, can_ask=True) for m in (46, 45))
    assert [b.kind for b in early.buts] == [But.STALE]
    assert (level_of(early, Kind.STALE), level_of(near, Kind.STALE)) == (None, Level.WARN)
    assert near.is_go


def test_k_stale_stands_though_customs_is_asked_again() -> None:
    twice = Question(before(2), "rns", again=before(0, 45))
    assert level_of(see(before(0, 40), READY, asked=twice, can_ask=True), Kind.STALE) is Level.WARN


@pytest.mark.parametrize("word", [a_report(Status.READY, before(1.5)), a_report(Status.RELEASED, before(1.5))])
def test_k_stale_ends_with_a_newer_word_of_customs(word: Report) -> None:
    found = see(before(0, 40), READY, word, asked=Question(before(2), "rns"), can_ask=True)
    assert hold(found, Kind.STALE) is None
    assert found.answer is Answer.GO


def test_k_stale_ends_with_an_answer_that_says_the_same() -> None:
    answered = Question(before(2), "rns", answered=before(1.9))
    assert see(before(0, 40), READY, asked=answered, can_ask=True).answer is Answer.GO


def test_a_negative_answer_is_a_hold_and_not_stale() -> None:
    no = a_report(Status.NO_RELEASE, before(1.9), track=Track.RELEASE)
    found = see(before(1.5), READY, no, asked=Question(before(2), "rns", answered=before(1.9)), can_ask=True)
    assert level_of(found, Kind.LINK_BROKEN) is Level.URGENT
    assert hold(found, Kind.STALE) is None


def test_a_word_by_phone_is_no_acceptance_that_customs_could_confirm() -> None:
    found = see(before(0, 40), words=[a_word(at=before(1))], asked=Question(before(2), "rns"), can_ask=True)
    assert found.answer is Answer.GO_BUT or hold(found, Kind.STALE) is None


MOMENTS = st.integers(-60, 720).map(lambda m: before(minutes=m))
STATUSES = st.sampled_from([Status.READY, Status.READY, Status.NO_RELEASE, Status.RELEASED, Status.AWAITING_PROCESSING])


@st.composite
def questions(draw: st.DrawFn) -> Question | None:
    if draw(st.integers(0, 3)) == 0:
        return None
    asked = draw(MOMENTS)
    again = draw(st.sampled_from([None, asked + 75 * MINUTE]))
    return Question(asked, "rns", draw(st.sampled_from([None, None, asked + 4 * MINUTE])), again)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(STATUSES, MOMENTS), max_size=3), questions(), st.booleans(), st.booleans())
def test_t8_a_question_and_its_end_are_seen_as_a_scan_minute_by_minute_sees_them(
    told: list[tuple[Status, datetime]], asked: Question | None, can_ask: bool, papers: bool
) -> None:
    reports = [a_report(status, moment, received=moment) for status, moment in told]
    load = a_load(shipments=(a_shipment(papers_sent=before(9) if papers else None),))

    def look(now: datetime) -> Assessment:
        return see(now, *reports, load=load, asked=asked, can_ask=can_ask)

    found = look(before(12))
    for minute in range(14 * 60):
        now = before(12) + minute * MINUTE
        if found.look_again_at is not None and found.look_again_at <= now:
            found = look(now)
        assert replace(look(now), look_again_at=None) == replace(found, look_again_at=None)


def test_the_feed_that_is_asked_is_alive_covers_the_shipment_and_is_nearest_to_customs() -> None:
    covers = [
        FeedCover("mute", frozenset({Track.RELEASE})),
        FeedCover("page", frozenset({Track.RELEASE}), authority=Authority.BROKER, asks=Way.FILE),
        FeedCover("rns", frozenset({Track.RELEASE}), asks=Way.FILE),
        FeedCover("van", frozenset({Track.RELEASE}), asks=Way.FILE),
    ]
    ears = {name: Ear(name, Liveness.ALIVE) for name in ("mute", "page", "rns", "van")}

    def of(*feeds: str, **life: Liveness) -> str:
        found = asked_of(feeds, covers, ears | {name: Ear(name, how) for name, how in life.items()})
        return found.feed if found else ""

    assert of("mute") == ""
    assert of("mute", "page") == "page"
    assert of("page", "van", "rns") == "rns"
    assert of("van", "rns", rns=Liveness.CANT_TELL) == "van"
    assert of("page", "rns", rns=Liveness.DEAD) == "page"
    assert of("rns", rns=Liveness.DEAD) == ""


def test_every_reason_to_ask_has_a_name_for_the_log() -> None:
    assert {why.value for why in Why} == {"due", "near", "last", "aged", "hand"}
