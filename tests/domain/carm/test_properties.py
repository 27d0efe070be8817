"""What holds for every history of words about an importer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.plan import Plan
from bot.domain.carm.scope import Subject
from bot.domain.carm.verdict import Readiness, Verdict, readiness
from tests.domain.carm.says import ACME, FEED, IMPORTER, at, known, released, rules, say
from tests.domain.carm.words import LAST, START, histories, moments, plans, subjects, theirs, words


def result(found: Readiness) -> tuple[object, ...]:
    return found.verdict, found.since, found.basis, found.reasons, found.standings, found.plan, found.unmet


_OF_ONE_ITEM = st.one_of([st.tuples(words([item]), words([item])) for item in theirs])


@given(_OF_ONE_ITEM, histories, st.integers(1, 600_000), subjects)
@settings(max_examples=60, deadline=None)
def test_an_older_record_of_the_same_item_pair_and_source_changes_nothing_of_that_item(
    both: tuple[Evidence, Evidence], history: list[Evidence], minutes: int, of: Subject
) -> None:
    newest, other = both
    older = say(
        other.item, other.state, newest.source, newest.said - timedelta(minutes=minutes),
        rm=newest.rm, broker=newest.broker, load=newest.load, until=other.valid_until,
    )  # fmt: skip
    account = replace(of, rm=newest.rm or of.rm or "0001")
    before, after = (readiness(h, account, LAST, rules()) for h in ([*history, newest], [older, *history, newest]))
    assert before.standings[older.item] == after.standings[older.item]


@given(histories, words(bad=True), subjects, plans)
@settings(max_examples=60, deadline=None)
def test_negative_evidence_never_improves_a_verdict(
    history: list[Evidence], bad: Evidence, of: Subject, plan: Plan | None
) -> None:
    for first in ([], [known()]):
        before, after = (readiness(h, of, LAST, rules(), plan) for h in ([*first, *history], [*first, *history, bad]))
        assert after.verdict.badness >= before.verdict.badness


#: Moments at which time alone may improve a verdict: there are none, not even the ends of a review.
IMPROVING_ENDS: tuple[datetime, ...] = ()


@given(histories, subjects, plans, st.lists(st.integers(0, 700 * 24), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_time_alone_never_improves_a_verdict(
    history: list[Evidence], of: Subject, plan: Plan | None, hours: list[int]
) -> None:
    scan = [
        readiness([known(), *history], of, now, rules(), plan).verdict.badness
        for now in (LAST + timedelta(hours=h) for h in sorted(hours))
    ]
    assert all(a <= b for a, b in pairwise(scan))
    assert IMPROVING_ENDS == ()


@given(histories, subjects, plans)
@settings(max_examples=8, deadline=None)
def test_t8_look_again_is_the_first_moment_of_a_scan_at_which_the_result_changes(
    history: list[Evidence], of: Subject, plan: Plan | None
) -> None:
    assume(of.rm)
    everything = [known(), *history]
    found = readiness(everything, of, LAST, rules(), plan)
    # Every end that is ahead is a midnight or 03:00 in CBSA's zone, in winter or in summer.
    hours = (LAST.replace(minute=0) + timedelta(hours=h) for h in range(1, 210 * 24))
    nights = (now for now in hours if now.hour in (4, 5, 8))
    first = next((n for n in nights if result(readiness(everything, of, n, rules(), plan)) != result(found)), None)
    if first is not None or found.look_again_at is None:
        assert found.look_again_at == first


@given(histories, subjects, plans)
@settings(max_examples=60, deadline=None)
def test_t8_a_minute_before_look_again_nothing_has_changed_and_at_it_something_has(
    history: list[Evidence], of: Subject, plan: Plan | None
) -> None:
    assume(of.rm)
    everything = [known(), *history]
    found = readiness(everything, of, LAST, rules(), plan)
    if found.look_again_at is not None:
        just_before, then = found.look_again_at - timedelta(minutes=1), found.look_again_at
        assert result(readiness(everything, of, max(LAST, just_before), rules(), plan)) == result(found)
        assert result(readiness(everything, of, then, rules(), plan)) != result(found)


@given(histories, subjects, plans)
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_records_arrive_does_not_matter(
    history: list[Evidence], of: Subject, plan: Plan | None
) -> None:
    one, other = (readiness(h, of, LAST, rules(), plan) for h in (history, history[::-1]))
    assert one == other


@given(histories, subjects, plans)
@settings(max_examples=60, deadline=None)
def test_the_recheck_day_is_the_last_on_which_the_verdict_holds(
    history: list[Evidence], of: Subject, plan: Plan | None
) -> None:
    everything = [known(), *history]
    found = readiness(everything, of, LAST, rules(), plan)
    if found.recheck is not None:
        then = datetime.combine(found.recheck, datetime.min.time(), rules().zone).astimezone(UTC) + timedelta(days=1.2)
        assert readiness(everything, of, max(LAST, then), rules(), plan).verdict.badness > found.verdict.badness


@given(st.lists(moments, min_size=1, max_size=5), moments)
def test_ok_always_rests_on_fresh_proof_and_on_a_broker_or_a_feed(proofs: list[datetime], asked: datetime) -> None:
    history = [known(), *map(released, proofs), *(say(Item.RPP, "active", IMPORTER, p) for p in proofs)]
    found = readiness(history, ACME, asked if asked > START else LAST, rules())
    if found.verdict is Verdict.OK:
        assert {e.source for e in found.basis} & {FEED, Source.BROKER_SAID}


def test_no_hour_of_january_turns_an_old_word_good() -> None:
    words_ = [known(), say(Item.RPP, "active", when=at("2026-09-30"))]
    for hour in range(0, 24 * 40, 7):
        now = at("2026-12-20") + timedelta(hours=hour)
        found = readiness(words_, ACME, now, rules())
        assert found.verdict is (Verdict.OK if now < at("2026-12-30 00:00") else Verdict.NOT_KNOWN)
