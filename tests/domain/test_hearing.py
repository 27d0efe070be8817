"""C3, C4, F5, F8: what is said where nobody listens, customs is down, or a word cannot be read."""

from dataclasses import replace

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Answer
from bot.domain.kinds import Kind, Level
from bot.domain.load import ShipmentType
from bot.domain.status import Authority, Status
from tests.domain.builders import (
    ALIVE,
    CANT_TELL,
    DEAD,
    NOBODY,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    about,
    before,
    hold,
    kinds,
    level_of,
    see,
    the_facts,
)
from tests.domain.histories import ONE, TWO

WARN, URGENT, CRITICAL = Level.WARN, Level.URGENT, Level.CRITICAL
READY = a_report(Status.READY, before(8), transaction=ONE)


@pytest.mark.parametrize("hearing", [DEAD, NOBODY])
def test_c3_unwatched_runs_the_clock_of_the_kind_it_replaces(hearing: object) -> None:
    for hours in (7, 6, 4, 2, 1, -1):
        heard, deaf = see(before(hours)), see(before(hours), hearing=hearing)
        one, other = hold(heard, Kind.NOT_MATCHED), hold(deaf, Kind.UNWATCHED)
        assert one is not None
        assert other is not None
        assert (one.level, one.fingerprint, one.cause) == (other.level, other.fingerprint, other.cause)
        assert other.replaces is Kind.NOT_MATCHED
    assert kinds(see(before(3), READY, hearing=hearing)) == set()


def test_c3_a_folder_that_cannot_tell_counts_absence_and_says_its_last_word() -> None:
    ear = replace(CANT_TELL.ear, last_word=before(22))
    found = hold(see(before(3), hearing=replace(CANT_TELL, ear=ear)), Kind.NOT_MATCHED)
    assert found is not None
    assert found.detail is not None
    assert found.detail["last_word"] == before(22).isoformat()
    alive = hold(see(before(3), hearing=ALIVE), Kind.NOT_MATCHED)
    assert alive is not None
    assert "last_word" not in (alive.detail or {})


def test_c4_an_outage_hides_absence_counts_it_and_tells_facts_as_ever() -> None:
    out = assess(a_load(), the_facts(about(), outage_on=True), POLICY, before(1))
    assert (out.answer, out.level, out.hidden) == (Answer.UNKNOWN, None, 1)
    facts = the_facts(about((a_report(Status.REJECTED),)), outage_on=True)
    assert assess(a_load(), facts, POLICY, before(1)).level is CRITICAL
    missing = assess(a_load(), the_facts(about((READY,)), trip=(), outage_on=True), POLICY, before(1))
    assert (missing.answer, missing.hidden) == (Answer.UNKNOWN, 1)


def test_c4_an_outage_hides_no_plan_of_csa_which_only_a_person_confirms() -> None:
    load = a_load(shipments=(a_shipment(type=ShipmentType.CSA, ccn="", papers_sent=None),))
    facts = [the_facts(about(hearing=NOBODY), outage_on=on) for on in (True, False)]
    out, calm = (assess(load, one, POLICY, before(2)) for one in facts)
    assert (out.answer, out.level, out.hidden) == (Answer.HOLD, calm.level, 0)
    assert out.holds == calm.holds


def test_f8_an_unread_word_makes_the_answer_unknown_and_is_told() -> None:
    found = see(before(5), READY, a_report(Status.UNKNOWN, before(7), raw="15"))
    assert (found.answer, level_of(found, Kind.UNREAD)) == (Answer.UNKNOWN, WARN)
    assert level_of(see(before(2), READY, a_report(Status.UNKNOWN, before(7))), Kind.UNREAD) is URGENT


def test_f5_a_refiling_that_only_the_broker_named_makes_the_answer_unknown() -> None:
    named = a_report(Status.SENT, before(7), transaction=TWO, authority=Authority.BROKER, feed="pcb")
    found = see(before(5), READY, named)
    assert (found.answer, level_of(found, Kind.CHECKING)) == (Answer.UNKNOWN, None)
    assert level_of(see(before(2), READY, named), Kind.CHECKING) is WARN
