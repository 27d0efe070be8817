"""F5 to F9: transactions, leaving a good state, unread words and repeats."""

from dataclasses import replace
from itertools import permutations

import pytest

from bot.domain.clearance import NOTHING_HEARD, fold
from bot.domain.kinds import Kind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from tests.domain.builders import a_report, before, see
from tests.domain.histories import ONE, TWO

BROKER = {"authority": Authority.BROKER, "feed": "pcb"}
READY = a_report(Status.READY, before(8), transaction=ONE)
RELEASED = a_report(Status.RELEASED, before(8), transaction=ONE)


def reasons(*reports: Report) -> set[Kind]:
    return {r.kind for r in fold(reports).reasons}


def test_f5_a_newer_transaction_of_customs_voids_ready_and_not_released() -> None:
    newer = a_report(Status.SENT, before(7), transaction=TWO)
    assert fold([READY, newer]).good is None
    assert fold([RELEASED, newer]).good == RELEASED


def test_f5_a_transaction_is_as_new_as_its_first_report() -> None:
    first = a_report(Status.SENT, before(10), transaction=TWO)
    again = a_report(Status.SENT, before(7), transaction=TWO)
    assert fold([first, READY, again]).good == READY


def test_f5_an_acceptance_without_a_transaction_is_voided_by_a_filing_that_followed_another() -> None:
    bare = a_report(Status.READY, before(8))
    assert fold([bare, a_report(Status.SENT, before(7), transaction=ONE)]).good == bare
    named = a_report(Status.SENT, before(9), transaction=ONE)
    assert fold([named, bare, a_report(Status.SENT, before(7), transaction=TWO)]).good is None


@pytest.mark.parametrize("track", [Track.RELEASE, Track.AGENCY])
def test_f5_a_transaction_that_only_a_lower_source_named_removes_nothing_and_is_said(track: Track) -> None:
    named = a_report(Status.SENT, before(7), transaction=TWO, track=track, **BROKER)
    found = fold([READY, named])
    assert found.good == READY
    assert found.refiled == named


def test_f5_a_refiling_named_before_the_acceptance_is_newer_than_the_filing_that_was_accepted() -> None:
    first = a_report(Status.SENT, before(10), transaction=ONE)
    named = a_report(Status.SENT, before(9), transaction=TWO, **BROKER)
    assert fold([first, named, READY]).refiled == named
    assert fold([a_report(Status.SENT, before(11), transaction=TWO, **BROKER), first, READY]).refiled is None


def test_f5_a_broker_s_own_words_say_which_of_its_filings_is_the_newer() -> None:
    first = a_report(Status.SENT, before(10), transaction=ONE, **BROKER)
    named = a_report(Status.SENT, before(9), transaction=TWO, **BROKER)
    assert fold([first, named, READY]).refiled == named
    assert fold([replace(first, prepared=before(8, 30)), named, READY]).refiled is None


@pytest.mark.parametrize("slow", [0.5, 3, 24])
def test_f5_a_filing_that_a_slow_clock_dates_before_the_acceptance_is_newer_if_it_came_after_it(slow: float) -> None:
    named = a_report(Status.SENT, before(7 + slow), received=before(7), transaction=TWO, **BROKER)
    first = a_report(Status.SENT, before(9 + slow), received=before(9), transaction=ONE, **BROKER)
    echo = a_report(Status.READY, before(6.5 + slow), received=before(6.5), transaction=ONE, **BROKER)
    for told in ([], [first], [echo], [first, echo]):
        assert fold([READY, named, *told]).refiled == named
    answered = a_report(Status.READY, before(6), transaction=TWO)
    assert fold([READY, named, answered]).refiled is None


def test_f5_what_a_broker_said_before_and_comes_late_is_no_refiling() -> None:
    late = a_report(Status.SENT, before(12), received=before(5), transaction=TWO, **BROKER)
    first = a_report(Status.SENT, before(10), transaction=ONE, **BROKER)
    assert fold([READY, late, first]).refiled is None
    pile = replace(first, received=before(5), ref="pile")
    assert fold([READY, late, pile]).refiled is None
    prompt = a_report(Status.MATCHED, before(9), transaction="", **BROKER)
    assert fold([READY, late, prompt]).refiled is None


def test_f5_a_clock_that_is_right_since_does_not_make_an_earlier_filing_older() -> None:
    named = a_report(Status.SENT, before(10), received=before(7), transaction=TWO, **BROKER)
    mended = a_report(Status.MATCHED, before(6), transaction=TWO, **BROKER)
    assert fold([READY, named, mended]).refiled is not None
    assert fold([READY, named, a_report(Status.MATCHED, before(6), **BROKER)]).refiled == named


def test_f5_a_refusal_of_another_filing_by_another_feed_of_customs_with_a_slow_clock_is_heard() -> None:
    refused = a_report(Status.REJECTED, before(10), received=before(7), transaction=TWO, feed="gateway")
    assert fold([READY, refused]).refiled == refused
    told = a_report(Status.SENT, before(11), transaction=TWO)
    assert fold([told, READY, replace(refused, status=Status.SENT)]).refiled is None


def test_f5_an_acceptance_without_a_transaction_is_of_the_only_one_that_comes_late() -> None:
    bare = a_report(Status.READY, before(8))
    late = a_report(Status.SENT, before(9), received=before(7), transaction=ONE, **BROKER)
    assert fold([bare, late]).refiled is None
    other = a_report(Status.SENT, before(8.5), received=before(6), transaction=TWO, **BROKER)
    assert fold([bare, late, other]).refiled == other


LEAVES_READY = {
    Status.NOT_MATCHED,
    Status.NO_RELEASE,
    Status.NO_CARGO,
    Status.CANCELLED,
    Status.REJECTED,
    Status.EXAM,
    Status.HELD,
    Status.DO_NOT_LOAD,
}


LEAVES_RELEASED = {Status.EXAM, Status.HELD, Status.REJECTED, Status.CANCELLED, Status.DO_NOT_LOAD}


def test_f6_ready_is_left_only_by_the_words_that_the_rule_names() -> None:
    def after(status: Status) -> Report:
        return a_report(status, before(7), track=Track.RELEASE, transaction=ONE)

    assert {s for s in Status if fold([READY, after(s)]).good is None} == LEAVES_READY


def test_f6_released_is_left_only_by_a_later_exam_hold_refusal_or_cancel_of_customs() -> None:
    def after(status: Status, **more: object) -> Report:
        return a_report(status, before(7), **({"track": Track.RELEASE} | more))

    assert {s for s in Status if fold([RELEASED, after(s)]).good is None} == LEAVES_RELEASED
    assert not {s for s in Status if fold([RELEASED, after(s, track=Track.MATCH, **BROKER)]).good is None}


@pytest.mark.parametrize("status", [Status.NOT_MATCHED, Status.NO_RELEASE, Status.NO_CARGO])
def test_f6_a_lost_match_after_the_release_opens_no_reason(status: Status) -> None:
    found = fold([a_report(Status.MATCHED, before(10)), RELEASED, a_report(status, before(7))])
    assert found.good == RELEASED
    assert found.reasons == ()


def test_f6_an_older_message_takes_no_release_back() -> None:
    late = a_report(Status.EXAM, before(9), received=before(6))
    assert fold([RELEASED, late]).good == RELEASED


def test_f6_a_nine_after_a_cancellation_acknowledges_it() -> None:
    cancelled = a_report(Status.CANCELLED, before(7), transaction=ONE)
    nine = a_report(Status.READY, before(6), transaction=ONE)
    assert fold([READY, cancelled, nine]).good is None
    assert fold([READY, cancelled, a_report(Status.READY, before(6))]).good is None
    new = a_report(Status.READY, before(6), transaction=TWO)
    assert fold([READY, cancelled, new]).good == new


def test_f6_a_nine_after_a_cancellation_that_only_the_broker_told_of_takes_the_acceptance_back() -> None:
    told = {"authority": Authority.BROKER, "feed": "pcb", "transaction": ONE}
    cancelled = a_report(Status.CANCELLED, before(7), **told)
    nine = a_report(Status.READY, before(6), transaction=ONE)
    assert fold([READY, cancelled]).good == READY
    found = fold([READY, cancelled, nine])
    assert found.good is None and [r.kind for r in found.reasons] == [Kind.LINK_BROKEN]
    assert fold([READY, cancelled, nine, a_report(Status.READY, before(5), transaction=TWO)]).reasons == ()
    anew = a_report(Status.READY, before(6, 30), **told)
    assert fold([READY, cancelled, anew, nine]).good == nine


def test_f6_a_nine_after_our_own_manifest_was_cancelled_is_an_acceptance() -> None:
    ours = a_report(Status.CANCELLED, before(7), track=Track.MANIFEST)
    again = a_report(Status.ON_FILE, before(6, 30))
    nine = a_report(Status.READY, before(6), transaction=ONE)
    found = fold([READY, ours, again, nine])
    assert found.good == nine
    assert found.reasons == ()
    assert reasons(READY, ours) == {Kind.OUR_MANIFEST}


def test_f8_an_unread_word_newer_than_the_good_one_is_kept_in_sight() -> None:
    unread = a_report(Status.UNKNOWN, before(7))
    assert fold([READY, unread]).unread == unread
    assert fold([a_report(Status.UNKNOWN, before(9)), READY]).unread is None
    assert fold([unread]).unread == unread
    assert fold([unread, a_report(Status.MATCHED, before(6))]).unread is None


def test_f9_every_order_of_five_words_folds_to_the_same() -> None:
    told = [
        a_report(Status.MATCHED, before(10)),
        READY,
        a_report(Status.NOT_MATCHED, before(7)),
        a_report(Status.EXAM, before(6)),
        a_report(Status.RELEASED, before(5)),
    ]
    assert len({repr(fold(one)) for one in permutations(told)}) == 1


def test_f9_the_same_fact_from_two_feeds_counts_once_as_first_received() -> None:
    bad = a_report(Status.NOT_MATCHED, before(9))
    relayed = a_report(Status.NOT_MATCHED, before(9), feed="gateway", received=before(5))
    assert fold([bad, READY, relayed]).good == READY


def test_nothing_heard_is_nothing() -> None:
    assert fold([]) == NOTHING_HEARD
    assert fold([a_report(Status.WARNING)]).good is None


def test_progress_is_matched_or_awaiting_and_not_taken_back() -> None:
    matched = a_report(Status.MATCHED, before(9))
    assert fold([matched]).progress == matched
    assert fold([a_report(Status.AWAITING_PROCESSING, before(9))]).progress is not None
    assert fold([matched, a_report(Status.NOT_MATCHED, before(8))]).progress is None
    assert fold([a_report(Status.ON_FILE, before(9))]).progress is None


def test_f6_a_release_that_was_taken_away_does_not_come_back_by_an_acceptance() -> None:
    history = [
        a_report(Status.RELEASED, before(5)),
        a_report(Status.REJECTED, before(4)),
        a_report(Status.READY, before(3)),
    ]
    assert see(before(2.5), *history).is_go
    assert not see(before(1.5), *history, a_report(Status.NOT_MATCHED, before(2))).is_go


def test_f3_a_broker_that_says_released_waits_for_customs_that_said_not_matched() -> None:
    pcb = {"feed": "pcb", "authority": Authority.BROKER}
    apart = a_report(Status.NOT_MATCHED, before(5))
    released = a_report(Status.RELEASED, before(4), **pcb)
    assert not see(before(1.5), apart, released).is_go
    assert see(before(1.5), apart, released, a_report(Status.MATCHED, before(3))).is_go


def test_f5_a_filing_that_only_a_broker_names_does_not_mend_what_customs_refused() -> None:
    refused = a_report(Status.REJECTED, before(5), transaction=ONE)
    refiled = a_report(Status.READY, before(4), transaction=TWO, feed="pcb", authority=Authority.BROKER)
    assert not see(before(1.5), refused, refiled).is_go
    assert see(before(1.5), refused, refiled, a_report(Status.READY, before(3), transaction=TWO)).is_go
