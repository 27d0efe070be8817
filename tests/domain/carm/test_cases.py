"""The test cases of the field's readiness model, by their numbers."""

import inspect
from datetime import timedelta

import pytest

from bot.domain.carm.evidence import Item
from bot.domain.carm.plan import Need, Plan
from bot.domain.carm.questions import questions
from bot.domain.carm.reasons import Rule, Why
from bot.domain.carm.scope import Change, Changed, Subject
from bot.domain.carm.standing import Age
from bot.domain.carm.verdict import Verdict, holds_from, readiness
from bot.domain.carm.voices import Void
from bot.domain.carm.whose import Asked, Roles, whose
from tests.domain.carm.says import (
    ACME,
    BROKER,
    FEED,
    IMPORTER,
    NOW,
    at,
    days_ago,
    judged,
    known,
    released,
    rules,
    say,
    whys,
)


def test_carm_case_01_an_importer_alone_who_says_active_is_at_risk() -> None:
    found = judged(say(Item.RPP, "active", IMPORTER))
    assert (found.verdict, whys(found)) == (Verdict.AT_RISK, ["unconfirmed"])


def test_carm_case_02_the_same_with_a_release_of_five_days_ago_is_ok() -> None:
    found = judged(say(Item.RPP, "active", IMPORTER), released(days_ago(5)))
    assert (found.verdict, found.reasons, found.rule) == (Verdict.OK, (), Rule.FINE)


def test_carm_case_03_a_pending_delegation_is_at_risk_and_is_told_four_hours_before_the_eta() -> None:
    eta = NOW + timedelta(hours=12)
    found = judged(say(Item.RPP, "active"), say(Item.DELEGATION, "pending", broker="pcb"))
    assert (found.verdict, whys(found)) == (Verdict.AT_RISK, ["pending"])
    assert holds_from(found, NOW, eta, rules()) == eta - timedelta(hours=4)


def test_carm_case_04_active_of_september_says_nothing_after_the_review_of_january() -> None:
    active = say(Item.RPP, "active", when=at("2026-09-03"))
    found = judged(active, now=at("2027-01-16"))
    rpp = found.standings[Item.RPP]
    assert (found.verdict, rpp.age, rpp.state, rpp.evidence) == (Verdict.NOT_KNOWN, Age.STALE, "active", active)


def test_carm_case_05_dutiable_goods_void_the_zero_payable_enrolment_and_it_is_asked_again() -> None:
    words = [known(), say(Item.RPP, "enrolled_zero_payable", when=days_ago(5))]
    before = readiness(words, ACME, NOW, rules())
    dutiable = Subject("acme", "0001", "pcb", "load-1", (Change(Changed.DUTIABLE, days_ago(1)),))
    found = readiness(words, dutiable, NOW, rules())
    assert (before.verdict, found.verdict) == (Verdict.OK, Verdict.NOT_KNOWN)
    assert found.standings[Item.RPP].void is Void.DUTIABLE
    assert Item.RPP in [q.item for q in questions(found, words, NOW, rules())]


def test_carm_case_06_suspended_with_somebody_who_pays_at_the_port_is_at_risk() -> None:
    found = judged(say(Item.RPP, "suspended"), plan=Plan("c_type", attendee="Sam Lee 555-0134"))
    assert (found.verdict, found.reasons[0].why, found.plan, found.unmet) == (Verdict.AT_RISK, Why.PLAN, "c_type", ())


def test_carm_case_07_suspended_with_nobody_at_the_port_is_not_ok() -> None:
    found = judged(say(Item.RPP, "suspended"), plan=Plan("c_type"))
    assert (found.verdict, found.unmet) == (Verdict.NOT_OK, (Need.ATTENDEE,))


def test_carm_case_08_a_delegation_for_another_account_is_none_for_this_one() -> None:
    words = say(Item.RPP, "active"), say(Item.DELEGATION, "approved_this_rm", rm="0001", broker="pcb")
    second = Subject("acme", "0002", "pcb")
    assert judged(*words).verdict is Verdict.OK
    found = judged(*words, of=second)
    assert (found.verdict, found.standings[Item.DELEGATION].state) == (Verdict.NOT_OK, "other_rm_only")
    for mended in (("approved_this_rm", "0002"), ("approved_all", "0001")):
        later = say(Item.DELEGATION, mended[0], when=NOW, rm=mended[1], broker="pcb")
        assert judged(*words, later, of=second).verdict is Verdict.OK


def test_carm_case_09_an_importer_that_says_fixed_after_a_reject_is_at_risk() -> None:
    monday, tuesday = at("2026-11-16"), at("2026-11-17")
    reject = say(Item.LAST_RPP_REJECT, "rejected", FEED, monday)
    before = released(at("2026-11-12")), say(Item.RPP, "active", BROKER, at("2026-11-10"))
    delegated = say(Item.DELEGATION, "approved_all", BROKER, at("2026-11-03"))
    assert judged(*before, reject, delegated).verdict is Verdict.NOT_KNOWN
    found = judged(*before, reject, delegated, say(Item.RPP, "active", IMPORTER, tuesday))
    assert (found.verdict, whys(found)) == (Verdict.AT_RISK, ["reject_open"])
    broker = say(Item.RPP, "active", BROKER, at("2026-11-18"))
    assert judged(*before, reject, delegated, broker).verdict is Verdict.OK


def test_carm_case_10_an_outage_is_no_argument_of_the_verdict() -> None:
    assert list(inspect.signature(readiness).parameters) == ["evidence", "subject", "now", "rules", "plan"]


def test_carm_case_11_two_brokers_of_one_importer_are_judged_apart() -> None:
    words = [
        say(Item.RPP, "active"),
        say(Item.DELEGATION, "approved_all", broker="pcb"),
        say(Item.DELEGATION, "revoked", broker="wil"),
    ]
    assert judged(*words, of=Subject("acme", "0001", "pcb")).verdict is Verdict.OK
    assert judged(*words, of=Subject("acme", "0001", "wil")).verdict is Verdict.NOT_OK
    proof = say(Item.LAST_GOOD_RELEASE, "released", FEED, days_ago(3), broker="pcb")
    assert judged(proof, of=Subject("acme", "0001", "pcb")).verdict is Verdict.OK
    assert judged(proof, of=Subject("acme", "0001", "wil")).verdict is Verdict.NOT_KNOWN


@pytest.mark.parametrize(
    ("party", "importer", "asked"),
    [
        ("acme", "north", Asked.SHIPPER),
        ("north", "north", Asked.IMPORTER),
        ("dock", "north", Asked.CONSIGNEE),
        ("west", "", Asked.UNNAMED),
        ("nobody", "nobody", Asked.STRANGER),
    ],
)
def test_carm_case_12_a_shipper_is_answered_about_the_importer_of_its_load(
    party: str, importer: str, asked: Asked
) -> None:
    loads = [Roles("north", "acme", "dock", "l1"), Roles("", "west", "dock", "l2"), Roles("south", "acme", "", "l3")]
    found = whose(party, loads)
    assert (found.importer, found.asked) == (importer, asked)
    assert found.others == (("south",) if party == "acme" else ())


def test_carm_case_13_a_driver_who_is_not_approved_voids_the_csa_plan() -> None:
    suspended = say(Item.RPP, "not_enrolled")
    csa = Plan("csa", csa_carrier=True, csa_importer=True)
    found = judged(suspended, plan=csa)
    assert (found.verdict, found.unmet) == (Verdict.NOT_OK, (Need.CSA_DRIVER,))
    whole = Plan("csa", csa_carrier=True, csa_importer=True, csa_driver=True)
    assert judged(suspended, plan=whole).verdict is Verdict.AT_RISK


def test_carm_case_14_clear_of_20_november_is_stale_once_the_payment_of_1_december_was_due() -> None:
    words = say(Item.RPP, "active"), say(Item.ACCOUNT_STANDING, "clear", when=at("2026-11-20"))
    ages = {
        day: judged(*words, now=at(day)).standings[Item.ACCOUNT_STANDING].age
        for day in ("2026-12-01 23:59", "2026-12-02 00:00")
    }
    assert list(ages.values()) == [Age.FRESH, Age.STALE]
