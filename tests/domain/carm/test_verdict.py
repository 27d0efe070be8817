"""The four rules of the verdict, and what a verdict tells besides."""

from datetime import date, timedelta

import pytest

from bot.domain.carm.evidence import Evidence, Item
from bot.domain.carm.plan import NEEDS, Plan
from bot.domain.carm.reasons import Rule, Verdict
from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import holds_from, readiness, worst
from tests.domain.carm.says import (
    ACME,
    BROKER,
    FEED,
    IMPORTER,
    NOW,
    at,
    days_ago,
    items,
    judged,
    known,
    released,
    rules,
    say,
    whys,
)

FINE = (say(Item.RPP, "active", when=days_ago(3)), say(Item.DELEGATION, "approved_all", when=days_ago(9)))


def test_verdicts_from_worst_to_best_are_not_ok_not_known_at_risk_ok() -> None:
    worst_first = sorted(Verdict, key=lambda v: -v.badness)
    assert worst_first == [Verdict.NOT_OK, Verdict.NOT_KNOWN, Verdict.AT_RISK, Verdict.OK]


@pytest.mark.parametrize(
    ("item", "state"),
    [
        (Item.BN15, "exporter_only"),
        (Item.BN15, "inactive"),
        (Item.CCP_ACCOUNT, "no"),
        (Item.DELEGATION, "revoked"),
        (Item.DELEGATION, "none"),
        (Item.DELEGATION, "other_rm_only"),
        (Item.RPP, "suspended"),
        (Item.RPP, "not_enrolled"),
        (Item.RPP, "enrolled_no_security"),
        (Item.SECURITY, "short"),
        (Item.SECURITY, "lapsed"),
        (Item.BROKER_HOLD, "hold"),
    ],
)
def test_rule_1_a_blocking_item_that_is_negative_is_not_ok(item: Item, state: str) -> None:
    bad = say(item, state)
    found = judged(*FINE, bad)
    assert (found.verdict, found.rule, found.failing[0].evidence) == (Verdict.NOT_OK, Rule.BLOCKED, bad)
    assert found.since == bad.said


def test_rule_1_an_increase_not_met_blocks_from_the_deadline_on() -> None:
    words = say(Item.REVIEW_NOTICE, "increase_pending", when=at("2026-11-02")), released(at("2027-01-10"))
    before, after = (judged(*words, now=at(t)) for t in ("2027-01-15 02:59", "2027-01-15 03:00"))
    assert (before.verdict, whys(before)) == (Verdict.AT_RISK, ["increase_pending"])
    assert (after.verdict, whys(after), after.since) == (Verdict.NOT_OK, ["increase_unmet"], at("2027-01-15 03:00"))
    assert before.look_again_at == at("2027-01-15 03:00")
    met = say(Item.REVIEW_NOTICE, "increase_met", when=at("2027-01-12"))
    assert judged(*words, met, now=at("2027-01-16")).verdict is Verdict.OK


def test_rule_1_an_increase_told_after_the_deadline_blocks_at_once() -> None:
    words = say(Item.REVIEW_NOTICE, "increase_pending", when=at("2027-02-03")), released(at("2027-02-01"))
    assert judged(*words, now=at("2027-02-04")).verdict is Verdict.NOT_OK


@pytest.mark.parametrize(
    ("zero", "verdict"),
    [
        ((Item.RPP, "enrolled_zero_payable"), Verdict.NOT_OK),
        ((Item.SECURITY, "none_required"), Verdict.NOT_OK),
        ((Item.RPP, "active"), Verdict.AT_RISK),
    ],
)
def test_rule_1_a_debt_blocks_where_nothing_has_to_be_secured(zero: tuple[Item, str], verdict: Verdict) -> None:
    assert judged(*FINE, say(*zero), say(Item.ACCOUNT_STANDING, "overdue")).verdict is verdict


@pytest.mark.parametrize(
    "plan",
    [
        Plan("c_type", attendee="Sam Lee"),
        Plan("in_bond", bonded=True),
        Plan("csa", csa_carrier=True, csa_importer=True, csa_driver=True),
        Plan("contingency", contingency=True),
        Plan("casual", casual=True),
    ],
    ids=lambda plan: plan.state,
)
def test_rule_1_a_plan_whose_needs_are_met_turns_not_ok_and_not_known_into_at_risk(plan: Plan) -> None:
    bare = Plan(plan.state)
    for words in ((say(Item.RPP, "suspended"),), ()):
        with_, without = (judged(*words, plan=p) for p in (plan, bare))
        assert (with_.verdict, with_.reasons[0].why, with_.unmet) == (Verdict.AT_RISK, "plan", ())
        assert without.verdict is (Verdict.NOT_OK if words else Verdict.NOT_KNOWN)
        assert without.unmet == NEEDS[plan.state]


def test_rule_1_a_plan_said_by_the_broker_for_this_load_counts_and_for_another_does_not() -> None:
    bad, attended = say(Item.RPP, "suspended"), Plan(attendee="Sam Lee")
    here, there = (say(Item.RELEASE_PLAN, "c_type", load=load) for load in ("load-1", "load-2"))
    assert judged(bad, here, plan=attended).verdict is Verdict.AT_RISK
    assert judged(bad, there, plan=attended).verdict is Verdict.NOT_OK


def test_rule_1_a_disputed_plan_excuses_nothing() -> None:
    plans = (
        say(Item.RELEASE_PLAN, "rpp_electronic", BROKER, days_ago(3), load="load-1"),
        say(Item.RELEASE_PLAN, "c_type", IMPORTER, days_ago(2), load="load-1"),
    )
    found = judged(say(Item.RPP, "suspended"), *plans, plan=Plan(attendee="Sam Lee"))
    assert (found.verdict, found.plan) == (Verdict.NOT_OK, "")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "ior_unknown"),
        ((say(Item.IOR, "unknown"),), "ior_unknown"),
        ((say(Item.IOR, "disputed"),), "ior_disputed"),
        ((say(Item.IOR, "confirmed", when=days_ago(3)), say(Item.IOR, "disputed", IMPORTER)), "ior_disputed"),
    ],
)
def test_rule_2_without_one_importer_of_record_nothing_is_known(words: tuple[Evidence, ...], why: str) -> None:
    found = readiness([*words, *FINE, released(days_ago(2))], ACME, NOW, rules())
    assert (found.verdict, whys(found)) == (Verdict.NOT_KNOWN, [why])
    assert readiness([*words, say(Item.RPP, "suspended")], ACME, NOW, rules()).verdict is Verdict.NOT_OK


def test_rule_2_without_enrolment_or_release_nothing_is_known_since_the_last_proof_ended() -> None:
    found = judged(say(Item.DELEGATION, "approved_all"))
    assert (found.verdict, whys(found), found.since) == (Verdict.NOT_KNOWN, ["proof_unknown"], None)
    stale = say(Item.RPP, "active", when=at("2026-08-12"))
    found = judged(stale)
    assert (found.since, found.reasons[0].evidence) == (at("2026-11-11 00:00"), stale)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (say(Item.DELEGATION, "pending"), "pending"),
        (say(Item.BAM_COVER, "one"), "one_manager"),
        (say(Item.BAM_COVER, "none"), "one_manager"),
        (say(Item.ACCOUNT_STANDING, "overdue"), "overdue"),
        (say(Item.REVIEW_NOTICE, "increase_pending"), "increase_pending"),
        (say(Item.BROKER_HOURS, "not_covered"), "not_covered"),
    ],
)
def test_rule_3_a_weak_item_is_at_risk(word: Evidence, why: str) -> None:
    found = judged(*FINE, released(days_ago(2)), word)
    assert (found.verdict, whys(found), found.reasons[0].item) == (Verdict.AT_RISK, [why], word.item)


def test_rule_3_a_broker_that_does_not_answer_at_the_eta_is_a_risk() -> None:
    assert whys(judged(*FINE, plan=Plan(broker_covered=False))) == ["not_covered"]
    assert judged(*FINE, plan=Plan(broker_covered=True)).verdict is Verdict.OK


def test_rule_3_an_ageing_release_alone_is_a_risk_and_with_a_fresh_word_it_is_not() -> None:
    old = released(days_ago(45))
    assert whys(judged(old)) == ["ageing"]
    assert judged(old, say(Item.RPP, "active", IMPORTER)).verdict is Verdict.OK


def test_rule_4_ok_says_since_when_what_it_rests_on_and_until_when_to_recheck() -> None:
    words = (
        say(Item.LAST_GOOD_RELEASE, "released", FEED, at("2026-11-14")),
        say(Item.DELEGATION, "approved_all", BROKER, at("2026-11-03")),
    )
    found = judged(*words)
    assert (found.verdict, found.since, found.basis) == (Verdict.OK, at("2026-11-14"), words)
    assert (found.recheck, found.look_again_at) == (date(2026, 12, 14), at("2026-12-15 00:00"))


def test_look_again_comes_with_the_first_item_that_ends_and_recheck_with_the_first_that_matters() -> None:
    hours = say(Item.BROKER_HOLD, "none", when=at("2026-11-01"))
    found = judged(hours, say(Item.RPP, "active", when=at("2026-11-20")))
    assert (found.look_again_at, found.recheck) == (at("2026-12-02 00:00"), date(2027, 1, 15))


def test_the_worst_of_several_importers_counts_and_any_of_them_is_looked_at_again() -> None:
    ok, bad = judged(*FINE), judged(say(Item.RPP, "suspended"))
    unknown, risk = judged(), judged(say(Item.RPP, "active", IMPORTER))
    assert worst([ok, risk, unknown, bad]).verdict is Verdict.NOT_OK
    assert worst([ok, risk, unknown]).verdict is Verdict.NOT_KNOWN
    assert worst([ok, bad]).look_again_at == ok.look_again_at


def test_an_unknown_account_is_the_worst_of_those_that_are_named() -> None:
    words = say(Item.RPP, "active", rm="0001"), say(Item.RPP, "suspended", rm="0002")
    found = judged(*words, of=Subject("acme", "", "pcb"))
    assert (found.verdict, found.subject.rm) == (Verdict.NOT_OK, "0002")
    assert judged(words[0], of=Subject("acme", "", "pcb")).verdict is Verdict.OK
    assert judged(of=Subject("acme")).verdict is Verdict.NOT_KNOWN


def test_words_about_another_importer_account_or_broker_are_not_heard() -> None:
    for stranger in (
        say(Item.RPP, "suspended", importer="other"),
        say(Item.RPP, "suspended", rm="0002"),
        say(Item.BROKER_HOLD, "hold", broker="wil"),
    ):
        assert judged(*FINE, stranger).verdict is Verdict.OK


def test_k_not_ok_is_told_a_day_before_pickup_and_not_known_never() -> None:
    pickup, eta = NOW + timedelta(days=2), NOW + timedelta(days=3)
    bad = judged(say(Item.RPP, "suspended"))
    assert holds_from(bad, pickup, eta, rules()) == pickup - timedelta(hours=24)
    assert holds_from(bad, None, eta, rules()) == eta - timedelta(hours=24)
    assert holds_from(bad, None, None, rules()) is None
    others = (judged(), judged(*FINE), judged(say(Item.RPP, "active", IMPORTER)))
    assert [holds_from(of, pickup, eta, rules()) for of in others] == [None] * 3


def test_the_basis_of_ok_names_the_proofs_first() -> None:
    assert items(judged(*FINE, released(days_ago(2))).basis) == [
        Item.RPP, Item.LAST_GOOD_RELEASE, Item.DELEGATION,
    ]  # fmt: skip
    assert known().item not in items(judged(*FINE).basis)
