"""F1: which of two facts is the later one."""

from dataclasses import replace

from bot.domain.clearance import fold
from bot.domain.order import latest, order, outdates
from bot.domain.status import Status
from tests.domain.builders import a_report, before


def test_f1_the_sender_s_time_decides_and_not_ours() -> None:
    first = a_report(Status.READY, before(9), received=before(7))
    later = a_report(Status.REJECTED, before(8), received=before(7, 59))
    assert latest([later, first]) == later


def test_f1_without_a_time_of_the_sender_ours_counts() -> None:
    untimed = replace(a_report(Status.MATCHED), prepared=None, received=before(7))
    timed = a_report(Status.REJECTED, before(8), received=before(6))
    assert order(untimed)[0] == before(7)
    assert latest([timed, untimed]) == untimed


def test_f1_at_equal_times_the_worse_is_the_later_then_the_sender_s_reference() -> None:
    good, bad = a_report(Status.READY, before(9)), a_report(Status.NOT_MATCHED, before(9))
    assert latest([bad, good]) == bad
    one, two = a_report(Status.READY, before(9), ref="001"), a_report(Status.READY, before(9), ref="002")
    assert latest([two, one]) == two


def test_f1_within_a_feed_and_track_prepared_time_alone_decides() -> None:
    bad = a_report(Status.REJECTED, before(9), received=before(5))
    good = a_report(Status.READY, before(8), received=before(6))
    assert outdates(good, bad)


def test_f1_between_feeds_a_good_fact_must_be_later_by_prepared_and_by_received() -> None:
    bad = a_report(Status.REJECTED, before(9), received=before(5))
    good = a_report(Status.READY, before(8), received=before(6), feed="other")
    assert not outdates(good, bad)
    assert outdates(good, a_report(Status.REJECTED, before(9), received=before(7)))


def test_f1_between_tracks_too_and_the_bad_one_stands() -> None:
    bad = a_report(Status.NO_CARGO, before(9), received=before(5))
    good = a_report(Status.READY, before(8), received=before(6))
    found = fold([bad, good])
    assert found.good is None
    assert found.reasons


def test_f1_a_good_word_from_the_future_does_not_outdate_a_refusal_that_came_after_it() -> None:
    fast = a_report(Status.READY, before(2), received=before(6))
    refusal = a_report(Status.REJECTED, before(5), received=before(5))
    assert latest([fast, refusal]) == refusal
    assert fold([fast, refusal]).good is None


def test_f1_a_good_word_without_a_time_does_not_outdate_a_refusal_that_came_after_it_from_a_slow_clock() -> None:
    untimed = replace(a_report(Status.READY), prepared=None, received=before(6))
    refusal = a_report(Status.REJECTED, before(11), received=before(5))
    assert fold([untimed, refusal]).reasons
    assert not fold([refusal, replace(untimed, received=before(4))]).reasons


def test_f1_an_observation_counts_at_the_moment_it_was_last_seen() -> None:
    refused = a_report(Status.REJECTED, before(8))
    seen_last = replace(a_report(Status.READY), prepared=None, received=before(7))
    assert fold([refused, seen_last]).good == seen_last
    assert fold([refused, replace(seen_last, received=before(8, 30))]).good is None
