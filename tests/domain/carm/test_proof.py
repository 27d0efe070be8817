"""What feeds say of an importer without being asked, and the records themselves."""

from dataclasses import replace

import pytest

from bot.domain.carm.evidence import OWN_ITEMS, STATES, UNKNOWN, WITHDRAWN, Item, Source, allowed
from bot.domain.carm.grades import Grade, grade
from bot.domain.carm.proof import importer_named, reject_word, release_proof
from bot.domain.carm.verdict import Verdict, readiness
from tests.domain.carm.says import ACME, NOW, days_ago, rules, say


def test_an_electronic_release_proves_the_account_on_its_day() -> None:
    proof = release_proof("p1", ACME, days_ago(5), NOW, released=True)
    assert proof is not None
    assert (proof.item, proof.state, proof.source, proof.how) == (
        Item.LAST_GOOD_RELEASE, "released", Source.RNS_EVENT, "feed",
    )  # fmt: skip
    assert (proof.importer, proof.rm, proof.broker, proof.load) == ("acme", "0001", "pcb", "load-1")
    found = readiness([importer_named(ACME, days_ago(6)), proof], ACME, NOW, rules())
    assert (found.verdict, found.basis) == (Verdict.OK, (proof,))
    accepted = release_proof("p2", ACME, NOW, NOW, released=False, plan="rpp_electronic")
    assert accepted is not None
    assert accepted.state == "accepted"


@pytest.mark.parametrize("plan", ["c_type", "in_bond", "csa", "casual", "contingency", "courier_lvs"])
def test_a_release_by_another_way_proves_nothing_of_the_importers_security(plan: str) -> None:
    assert release_proof("p1", ACME, NOW, NOW, released=True, plan=plan) is None


def test_a_release_paid_at_the_port_or_of_nobody_proves_nothing() -> None:
    assert release_proof("p1", ACME, NOW, NOW, released=True, paid=True) is None
    assert release_proof("p1", replace(ACME, importer=""), NOW, NOW, released=True) is None


def test_a_reject_holds_for_the_account_whichever_broker_filed() -> None:
    word = reject_word("r1", ACME, days_ago(1), NOW, "no security on file")
    assert (word.item, word.state, word.broker, word.rm) == (Item.LAST_RPP_REJECT, "rejected", "", "0001")
    assert word.note == "no security on file"
    words = [importer_named(ACME, days_ago(6)), say(Item.RPP, "active", when=days_ago(2)), word]
    assert readiness(words, replace(ACME, broker="wil"), NOW, rules()).verdict is Verdict.NOT_KNOWN


def test_an_importer_that_only_our_load_names_is_assumed_until_somebody_disputes_it() -> None:
    named, active = importer_named(ACME, days_ago(9)), say(Item.RPP, "active")
    assert readiness([named, active], ACME, NOW, rules()).verdict is Verdict.OK
    disputed = say(Item.IOR, "disputed", load="load-1")
    assert readiness([named, active, disputed], ACME, NOW, rules()).verdict is Verdict.NOT_KNOWN


def test_every_item_has_states_and_every_state_a_grade() -> None:
    assert set(STATES) == set(Item)
    for item, states in STATES.items():
        grades = {grade(item, state) for state in states}
        assert Grade.GOOD in grades
        assert len(set(states)) == len(states)
        if item not in (Item.LAST_GOOD_RELEASE, Item.LAST_RPP_REJECT):
            assert UNKNOWN in states
    assert set(Item) > OWN_ITEMS


def test_only_a_record_that_names_another_may_withdraw() -> None:
    assert allowed(say(Item.RPP, WITHDRAWN, supersedes="e1"))
    assert not allowed(say(Item.RPP, WITHDRAWN))
    assert not allowed(say(Item.RPP, "clear"))
