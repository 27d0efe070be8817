"""Into the US: an in-bond that is authorized anew, and a word on the trip's manifest that nobody can read (K, F8)."""

from dataclasses import replace

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Answer
from bot.domain.coverage import UNCOVERED
from bot.domain.kinds import Kind
from bot.domain.load import ShipmentType
from bot.domain.manifest import manifest_of_trips
from bot.domain.report import Report
from bot.domain.status import Status, Track
from tests.domain.builders import POLICY, about, before, kinds, the_facts
from tests.domain.test_southbound import at, entry, of_trip, southbound, us, withdrawn


def authorized(hours: float) -> Report:
    return us(Status.ON_FILE, hours, reason="inbond", raw="1D")


@pytest.mark.parametrize("bad", [withdrawn(4), us(Status.REJECTED, 4), us(Status.CANCELLED, 4)])
def test_k_an_in_bond_that_is_authorized_anew_is_taken_back_no_more(bad: Report) -> None:
    bonded = southbound(type=ShipmentType.INBOND)
    assert at(3.5, authorized(5), bad, load=bonded).answer is not Answer.GO_BUT
    found = at(3, authorized(5), bad, authorized(3.5), load=bonded)
    assert found.answer is Answer.GO_BUT and not found.standing
    assert at(3, authorized(3.9), us(Status.EXAM, 4), load=bonded).answer is Answer.HOLD
    assert at(2, authorized(3.5), bad, withdrawn(2.5), load=bonded).answer is Answer.HOLD


def test_k_a_paps_whose_entry_was_taken_back_is_no_go_by_an_in_bond_word() -> None:
    assert Kind.ENTRY_WITHDRAWN in kinds(at(3, entry(5), withdrawn(4), authorized(3.5)))


def test_f8_an_unread_word_on_a_manifest_that_no_feed_covers_leaves_no_go() -> None:
    said = manifest_of_trips([[of_trip(Status.UNKNOWN, 4, track=Track.MANIFEST, raw="SAMPLE")]])
    facts = the_facts(about([entry(5)]), trip=(), manifest_hearing=UNCOVERED)
    assert assess(southbound(), facts, POLICY, before(3)).answer is Answer.GO_BUT
    unread = assess(southbound(), replace(facts, manifest=said), POLICY, before(3))
    assert (unread.answer, kinds(unread)) == (Answer.UNKNOWN, {Kind.UNREAD})


def test_f8_a_draft_that_waits_for_its_manifest_is_no_alarm_of_its_own() -> None:
    draft = manifest_of_trips([[of_trip(Status.UNKNOWN, 6, track=Track.MANIFEST, raw="DRAFT")]])
    found = assess(southbound(), replace(the_facts(about([entry(5)])), manifest=draft), POLICY, before(5))
    assert Kind.UNREAD not in kinds(found) and found.level is None
