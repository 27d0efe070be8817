"""What is asked, of whom, in which order, and what the answers record."""

from datetime import timedelta

import pytest

from bot.domain.carm.evidence import STATES, Evidence, Item, Source, allowed
from bot.domain.carm.fixes import Fix, Fixer, Say, Takes, fix_of
from bot.domain.carm.grades import BLOCKING, Grade, grade
from bot.domain.carm.questions import _OWN as OWN
from bot.domain.carm.questions import QUESTIONS as ALL
from bot.domain.carm.questions import Ask, Asking, Question, Tap, answered, next_asking, own_questions, questions
from bot.domain.carm.reasons import Reason, Rule, Why
from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import Verdict, own_checklist, readiness
from tests.domain.carm.says import ACME, BROKER, FEED, IMPORTER, NOW, STAFF, at, days_ago, known, released, rules, say

TOMORROW = NOW + timedelta(days=1)


def asked(*evidence: Evidence, of: Subject = ACME) -> list[Question]:
    found = readiness(evidence, of, NOW, rules())
    return list(questions(found, evidence, NOW, rules()))


def the(item: Item, found: list[Question]) -> Question:
    return next(q for q in found if q.item is item)


def test_the_first_question_is_who_imports_then_blocking_ones_broker_first_then_the_rest() -> None:
    found = [(q.item, q.ask) for q in asked()]
    assert found == [
        (Item.IOR, Ask.CUSTOMER),
        (Item.RPP, Ask.BROKER),
        (Item.DELEGATION, Ask.BROKER),
        (Item.BROKER_HOLD, Ask.BROKER),
        (Item.BN15, Ask.BROKER),
        (Item.RELEASE_PLAN, Ask.BROKER),
        (Item.CCP_ACCOUNT, Ask.IMPORTER),
        (Item.SECURITY, Ask.IMPORTER),
        (Item.ACCOUNT_STANDING, Ask.BROKER),
        (Item.BROKER_HOURS, Ask.BROKER),
        (Item.REVIEW_NOTICE, Ask.IMPORTER),
        (Item.BAM_COVER, Ask.IMPORTER),
    ]
    assert [q.blocking for q in asked()] == [True] * 8 + [False] * 4


def test_nothing_is_asked_of_an_importer_that_is_ok_nor_twice_what_is_known() -> None:
    assert asked(known(), say(Item.RPP, "active")) == []
    found = [q.item for q in asked(known(), say(Item.DELEGATION, "approved_all"))]
    assert not {Item.IOR, Item.DELEGATION} & set(found)


def test_without_a_broker_the_importer_is_asked_and_without_a_load_no_plan() -> None:
    found = asked(known(), of=Subject("acme", "0001"))
    assert {q.ask for q in found} == {Ask.IMPORTER}
    assert Item.RELEASE_PLAN not in [q.item for q in found]


def test_a_stale_a_disputed_and_a_pending_item_are_asked_again_with_what_was_known() -> None:
    stale = say(Item.RPP, "active", when=days_ago(100))
    pending = say(Item.DELEGATION, "pending")
    found = asked(known(), stale, pending, say(Item.BAM_COVER, "two_plus", IMPORTER))
    standing = the(Item.RPP, found).standing
    assert standing is not None
    assert standing.evidence is stale
    assert the(Item.DELEGATION, found).ask is Ask.BROKER
    assert Item.BAM_COVER not in [q.item for q in found]


def test_an_importers_own_word_is_still_put_to_the_broker() -> None:
    for first in ([], [say(Item.LAST_RPP_REJECT, "rejected", FEED, days_ago(3))]):
        found = asked(known(), *first, say(Item.RPP, "active", IMPORTER))
        assert (found[0].item, found[0].ask) == (Item.RPP, Ask.BROKER)


def test_dont_know_is_not_asked_of_the_same_within_the_hour_and_goes_on_to_the_importer() -> None:
    words = [known()]
    question = the(Item.RPP, asked(*words))
    blank = answered(question, Tap.DONT_KNOW, ACME, "a1", NOW, who="Maria", org="PCB")
    assert blank is not None
    words.append(blank)
    second = the(Item.RPP, asked(*words))
    assert (second.ask, second.asking) == (Ask.IMPORTER, Asking.RPP_LISTED)
    blank = answered(second, Tap.DONT_KNOW, ACME, "a2", NOW)
    assert blank is not None
    words.append(blank)
    assert Item.RPP not in [q.item for q in asked(*words)]
    later = NOW + timedelta(hours=1)
    assert next_asking(words, ACME, NOW, rules()) == later
    found = questions(readiness(words, ACME, later, rules()), words, later, rules())
    assert the(Item.RPP, list(found)).ask is Ask.BROKER
    assert next_asking(words, ACME, later, rules()) is None


def test_dont_know_takes_nothing_back_that_a_broker_said() -> None:
    bad = [known(), say(Item.RPP, "suspended", when=days_ago(3))]
    question = the(Item.RPP, asked(*bad))
    blank = answered(question, Tap.DONT_KNOW, ACME, "a1", NOW)
    assert blank is not None
    assert (blank.state, blank.source) == ("unknown", Source.OWN_STAFF)
    assert readiness([*bad, blank], ACME, TOMORROW, rules()).verdict is Verdict.NOT_OK


@pytest.mark.parametrize("question", [*ALL, *OWN], ids=lambda q: q.asking.value + "-" + q.ask.value)
def test_every_answer_records_a_state_that_its_item_has(question: Question) -> None:
    taps = [answer.tap for answer in question.answers]
    assert len(taps) == len(set(taps))
    assert taps[-1] is Tap.DONT_KNOW
    for tap in taps:
        record = answered(question, tap, ACME, "a1", NOW, who="Maria", how="phone", recorded_by="dispatch")
        assert record is not None
        assert allowed(record)
        assert record.state in STATES[record.item]
    assert answered(question, next(t for t in Tap if t not in taps), ACME, "a1", NOW) is None


def test_every_question_is_asked_of_somebody() -> None:
    assert {q.asking for q in (*ALL, *OWN)} == set(Asking)


def test_an_answer_is_recorded_in_the_scope_of_its_item() -> None:
    found = {(q.item, q.ask): q for q in ALL}
    scopes = {}
    for item, ask, tap in (
        (Item.DELEGATION, Ask.BROKER, Tap.YES),
        (Item.DELEGATION, Ask.IMPORTER, Tap.YES),
        (Item.RPP, Ask.BROKER, Tap.YES),
        (Item.RELEASE_PLAN, Ask.BROKER, Tap.C_TYPE),
        (Item.IOR, Ask.CUSTOMER, Tap.YES),
    ):
        record = answered(found[item, ask], tap, ACME, "a1", NOW)
        assert record is not None
        scopes[item, ask] = record.state, record.source, record.rm, record.broker, record.load
    assert scopes == {
        (Item.DELEGATION, Ask.BROKER): ("approved_this_rm", BROKER, "0001", "pcb", ""),
        (Item.DELEGATION, Ask.IMPORTER): ("approved_all", IMPORTER, "", "pcb", ""),
        (Item.RPP, Ask.BROKER): ("active", BROKER, "0001", "", ""),
        (Item.RELEASE_PLAN, Ask.BROKER): ("c_type", BROKER, "", "", "load-1"),
        (Item.IOR, Ask.CUSTOMER): ("confirmed", IMPORTER, "", "", "load-1"),
    }


def test_answers_change_the_verdict_that_they_were_asked_for() -> None:
    words = [known()]
    for item, tap in ((Item.RPP, Tap.YES), (Item.DELEGATION, Tap.PENDING)):
        question = next(q for q in ALL if (q.item, q.ask) == (item, Ask.BROKER))
        record = answered(question, tap, ACME, f"a-{item}", NOW)
        assert record is not None
        words.append(record)
    assert readiness(words, ACME, NOW, rules()).verdict is Verdict.AT_RISK


def test_the_notice_is_asked_about_in_the_season_of_the_review_only() -> None:
    def items(day: str) -> list[Item]:
        now = at(day)
        return [q.item for q in questions(readiness([known()], ACME, now, rules()), [known()], now, rules())]

    seasons = {d: Item.REVIEW_NOTICE in items(d) for d in ("2026-10-19", "2026-10-20", "2027-01-31", "2027-02-01")}
    assert list(seasons.values()) == [False, True, True, False]


def test_our_own_office_is_asked_what_of_its_checklist_is_not_known() -> None:
    words = [say(Item.OWN_BONDED, "no", STAFF, importer="")]
    found = own_questions(own_checklist(words, NOW, rules()))
    assert [(q.item, q.ask) for q in found] == [(Item.OWN_CODE, Ask.OWN), (Item.OWN_PORTAL, Ask.OWN)]
    record = answered(found[0], Tap.YES, ACME, "a1", NOW)
    assert record is not None
    assert (record.importer, record.rm, record.broker, record.source) == ("", "", "", STAFF)


def reasons() -> list[Reason]:
    bad = [(i, s) for i in BLOCKING for s in STATES[i] if grade(i, s) is Grade.BAD]
    negative = [Reason(Rule.BLOCKED, Why.NEGATIVE, item, state) for item, state in bad]
    return negative + [Reason(Rule.RISK, why, Item.RPP) for why in Why if why not in (Why.NEGATIVE, Why.PENDING)]


@pytest.mark.parametrize("reason", reasons(), ids=lambda r: f"{r.why}-{r.item}-{r.state}")
def test_every_reason_has_somebody_who_mends_it(reason: Reason) -> None:
    assert isinstance(fix_of(reason), Fix)


def test_who_mends_a_pending_delegation_and_a_suspended_account() -> None:
    pending = Reason(Rule.RISK, Why.PENDING, Item.DELEGATION, "pending")
    suspended = Reason(Rule.BLOCKED, Why.NEGATIVE, Item.RPP, "suspended")
    assert fix_of(pending) == Fix(Fixer.IMPORTER, Takes.MINUTES_IN_PORTAL, Say.APPROVE_REQUEST)
    assert fix_of(suspended) == Fix(Fixer.SURETY, Takes.HOURS_TO_DAYS, Say.GIVE_SECURITY)


def test_an_ok_importer_with_a_release_needs_no_question_today() -> None:
    assert asked(known(), released(days_ago(2))) == []
