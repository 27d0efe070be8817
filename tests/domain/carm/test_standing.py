"""Which word stands on an item: sources, disputes, ages, and what voids a word."""

from datetime import date, timedelta

import pytest

from bot.domain.carm.evidence import WITHDRAWN, Evidence, Item, Source
from bot.domain.carm.scope import Change, Changed, Subject
from bot.domain.carm.standing import Age, Standing
from bot.domain.carm.verdict import Verdict, own_checklist, readiness
from bot.domain.carm.voices import Void
from tests.domain.carm.says import (
    BROKER,
    FEED,
    FILE,
    IMPORTER,
    NOW,
    PORTAL,
    STAFF,
    at,
    days_ago,
    judged,
    known,
    released,
    rules,
    say,
    whys,
)

YES, NO = "active", "suspended"


def rpp(*evidence: Evidence) -> Standing:
    return judged(*evidence).standings[Item.RPP]


def test_sources_rank_from_the_feed_down_to_a_file_that_names_nobody() -> None:
    assert sorted(Source, key=lambda s: -s.rank) == [FEED, BROKER, PORTAL, IMPORTER, STAFF, FILE]


@pytest.mark.parametrize(
    ("older", "newer", "state", "disputed"),
    [
        ((YES, BROKER), (NO, BROKER), NO, False),
        ((NO, BROKER), (YES, BROKER), YES, False),
        ((NO, IMPORTER), (YES, BROKER), YES, False),
        ((YES, IMPORTER), (NO, BROKER), NO, False),
        ((NO, BROKER), (YES, IMPORTER), NO, True),
        ((YES, BROKER), (NO, IMPORTER), NO, True),
        ((YES, PORTAL), (NO, STAFF), NO, True),
        ((YES, BROKER), ("unknown", BROKER), "unknown", False),
        ((YES, BROKER), ("unknown", IMPORTER), YES, False),
        ((NO, IMPORTER), ("unknown", BROKER), NO, False),
        ((YES, BROKER), ("enrolled_zero_payable", IMPORTER), YES, False),
    ],
)
def test_the_newer_of_equal_sources_stands_and_a_lower_source_that_contradicts_disputes(
    older: tuple[str, Source], newer: tuple[str, Source], state: str, disputed: bool
) -> None:
    words = say(Item.RPP, *older, days_ago(4)), say(Item.RPP, *newer, days_ago(2))
    found = rpp(*words)
    assert (found.state, found.disputed) == (state, disputed)
    if disputed:
        assert {found.evidence, found.against} == set(words)


def test_of_two_words_of_one_moment_the_worse_stands() -> None:
    both = say(Item.RPP, NO, BROKER, days_ago(2)), say(Item.RPP, YES, BROKER, days_ago(2))
    assert rpp(*both).state == rpp(*both[::-1]).state == NO


def test_a_dispute_of_good_and_pending_is_at_risk() -> None:
    found = judged(
        say(Item.RPP, YES),
        say(Item.DELEGATION, "approved_all", BROKER, days_ago(4)),
        say(Item.DELEGATION, "pending", IMPORTER, days_ago(2)),
    )
    assert (found.verdict, whys(found)) == (Verdict.AT_RISK, ["pending", "disputed"])


def test_a_lower_word_stands_once_the_higher_one_is_stale() -> None:
    found = rpp(say(Item.RPP, YES, BROKER, days_ago(120)), say(Item.RPP, YES, IMPORTER, days_ago(5)))
    assert (found.age, found.evidence and found.evidence.source) == (Age.FRESH, IMPORTER)


@pytest.mark.parametrize(
    ("item", "state", "days"),
    [
        (Item.BN15, "importer_rm", 365),
        (Item.CCP_ACCOUNT, "yes", 365),
        (Item.BAM_COVER, "two_plus", 180),
        (Item.DELEGATION, "approved_all", 180),
        (Item.RPP, "active", 90),
        (Item.SECURITY, "sufficient_cash", 90),
        (Item.BROKER_HOURS, "covered", 180),
        (Item.BROKER_HOLD, "none", 30),
        (Item.LAST_GOOD_RELEASE, "accepted", 90),
    ],
)
def test_a_good_word_counts_through_its_last_day(item: Item, state: str, days: int) -> None:
    word, day = say(item, state, when=at("2026-02-02 14:00")), date(2026, 2, 2) + timedelta(days=days)
    last = at(f"{day} 23:30")
    ages = [judged(word, now=now).standings[item].age for now in (last, last + timedelta(hours=2))]
    assert ages in ([Age.FRESH, Age.STALE], [Age.AGEING, Age.STALE])


@pytest.mark.parametrize(
    ("item", "state"),
    [(Item.RPP, NO), (Item.DELEGATION, "revoked"), (Item.ACCOUNT_STANDING, "overdue"), (Item.BAM_COVER, "one")],
)
def test_a_word_that_is_not_good_never_goes_stale(item: Item, state: str) -> None:
    assert judged(say(item, state, when=days_ago(900))).standings[item].age is Age.FRESH


@pytest.mark.parametrize(
    ("day", "age"), [(0, Age.FRESH), (30, Age.FRESH), (31, Age.AGEING), (90, Age.AGEING), (91, Age.STALE)]
)
def test_a_release_is_fresh_30_days_ageing_to_90_then_stale(day: int, age: Age) -> None:
    found = judged(released(at("2026-03-01")), now=at("2026-03-01") + timedelta(days=day))
    assert found.standings[Item.LAST_GOOD_RELEASE].age is age


def test_a_bond_counts_through_the_day_to_which_it_is_valid() -> None:
    bond = say(Item.SECURITY, "sufficient_bond", when=days_ago(10), until=date(2026, 11, 30))
    ages = [judged(bond, now=at(t)).standings[Item.SECURITY].age for t in ("2026-11-30 23:59", "2026-12-01 00:00")]
    assert ages == [Age.FRESH, Age.STALE]


@pytest.mark.parametrize("item", [Item.RPP, Item.SECURITY])
def test_on_15_january_at_3_every_good_word_about_rpp_and_security_is_stale(item: Item) -> None:
    state = {Item.RPP: YES, Item.SECURITY: "sufficient_cash"}[item]
    word = say(item, state, when=at("2026-12-20"))
    ages = [judged(word, now=at(t)).standings[item].age for t in ("2027-01-15 02:59", "2027-01-15 03:00")]
    assert ages == [Age.FRESH, Age.STALE]


def test_an_operator_may_let_words_since_20_october_outlive_the_deadline() -> None:
    long = rules().with_overrides({"review_ends_positives": False, "rpp_days": 200})
    for said, age in (("2026-10-19 23:59", Age.STALE), ("2026-10-20 00:00", Age.FRESH)):
        words = [known(), say(Item.RPP, YES, when=at(said))]
        found = readiness(words, Subject("acme", "0001"), at("2027-01-15 03:00"), long)
        assert found.standings[Item.RPP].age is age


def test_a_reject_voids_older_good_words_about_rpp_security_and_releases_only() -> None:
    reject = say(Item.LAST_RPP_REJECT, "rejected", FEED, days_ago(3))
    found = judged(
        reject, say(Item.RPP, YES, when=days_ago(4)), say(Item.SECURITY, "sufficient_bond", when=days_ago(2)),
        released(days_ago(9)), say(Item.DELEGATION, "approved_all", when=days_ago(9)),
    ).standings  # fmt: skip
    assert (found[Item.RPP].void, found[Item.LAST_GOOD_RELEASE].void) == (Void.REJECT, Void.REJECT)
    assert found[Item.SECURITY].good
    assert found[Item.DELEGATION].good


@pytest.mark.parametrize(
    ("what", "item", "state"),
    [
        (Changed.BROKER, Item.DELEGATION, "approved_all"),
        (Changed.CONSIGNEE, Item.IOR, "confirmed"),
        (Changed.TERMS, Item.IOR, "confirmed"),
        (Changed.DUTIABLE, Item.SECURITY, "none_required"),
    ],
)
def test_a_change_voids_what_was_said_before_it(what: Changed, item: Item, state: str) -> None:
    of = Subject("acme", "0001", "pcb", "load-1", (Change(what, days_ago(5)),))
    older, newer = say(item, state, when=days_ago(6)), say(item, state, when=days_ago(4))
    assert readiness([older], of, NOW, rules()).standings[item].void == Void(what.value)
    assert readiness([older, newer], of, NOW, rules()).standings[item].good


def test_a_delegation_to_the_new_broker_itself_survives_the_change() -> None:
    of = Subject("acme", "0001", "pcb", "", (Change(Changed.BROKER, days_ago(5)),))
    words = [say(Item.DELEGATION, "approved_all", when=days_ago(6), broker="pcb")]
    assert readiness(words, of, NOW, rules()).standings[Item.DELEGATION].good


def test_a_release_after_a_bad_word_lifts_it_and_a_bad_word_after_a_release_disputes() -> None:
    bad, later = say(Item.RPP, NO, when=days_ago(9)), say(Item.RPP, NO, when=days_ago(2))
    assert judged(bad, released(days_ago(5))).verdict is Verdict.OK
    found = judged(later, released(days_ago(5)))
    assert (found.verdict, found.standings[Item.RPP].disputed) == (Verdict.NOT_OK, True)


def test_a_release_of_before_the_transition_ended_proves_nothing() -> None:
    found = judged(released(at("2025-05-19")), now=at("2025-05-25"))
    assert found.verdict is Verdict.NOT_KNOWN
    assert judged(released(at("2025-05-20")), now=at("2025-05-25")).verdict is Verdict.OK


def test_a_word_from_the_future_counts_from_when_it_was_written() -> None:
    word = say(Item.RPP, YES, when=at("2031-01-01"), recorded=days_ago(100))
    assert rpp(word).age is Age.STALE


def test_undo_takes_a_word_back_and_undo_of_that_brings_it_again() -> None:
    first, wrong = say(Item.RPP, YES, when=days_ago(5)), say(Item.RPP, NO, when=days_ago(4))
    undo = say(Item.RPP, WITHDRAWN, supersedes=wrong.id, when=days_ago(3))
    redo = say(Item.RPP, WITHDRAWN, supersedes=undo.id, when=days_ago(2))
    assert [rpp(first, wrong).state, rpp(first, wrong, undo).state, rpp(first, wrong, undo, redo).state] == [
        NO, YES, NO,
    ]  # fmt: skip


def test_a_correction_replaces_what_it_supersedes() -> None:
    wrong = say(Item.RPP, NO, when=days_ago(5))
    right = say(Item.RPP, "unknown", STAFF, days_ago(4), supersedes=wrong.id)
    assert (rpp(wrong, right).age, rpp(wrong, right).asked) == (Age.NONE, right)


def test_a_state_that_its_item_does_not_have_is_not_heard() -> None:
    assert rpp(say(Item.RPP, "excellent")).age is Age.NONE


def test_the_carriers_own_checklist_stands_apart() -> None:
    words = [say(Item.OWN_BONDED, "no", STAFF, importer=""), say(Item.OWN_CODE, "active", STAFF)]
    found = {s.item: s for s in own_checklist(words, NOW, rules())}
    assert (found[Item.OWN_BONDED].bad, found[Item.OWN_CODE].age, found[Item.OWN_PORTAL].age) == (
        True, Age.NONE, Age.NONE,
    )  # fmt: skip
