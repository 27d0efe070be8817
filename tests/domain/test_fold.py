"""F2 to F9: what the reports about one shipment amount to."""

import pytest

from bot.domain.clearance import fold
from bot.domain.kinds import Kind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from tests.domain.builders import a_report, a_word, before
from tests.domain.histories import ONE, TWO

BROKER = {"authority": Authority.BROKER, "feed": "pcb"}
READY = a_report(Status.READY, before(8), transaction=ONE)
RELEASED = a_report(Status.RELEASED, before(8), transaction=ONE)


def reasons(*reports: Report) -> set[Kind]:
    return {r.kind for r in fold(reports).reasons}


OPENS = {
    Kind.REJECTED: a_report(Status.REJECTED),
    Kind.DOCS_REQUIRED: a_report(Status.HELD, reason="docs"),
    Kind.EXAM: a_report(Status.EXAM),
    Kind.AGENCY_HOLD: a_report(Status.HELD, track=Track.AGENCY, hold_key="cfia"),
    Kind.NO_CARGO: a_report(Status.NO_CARGO),
    Kind.NO_RELEASE: a_report(Status.NO_RELEASE),
    Kind.NUMBER_REUSED: a_report(Status.REJECTED, reason="464"),
    Kind.OUR_MANIFEST: a_report(Status.REJECTED, track=Track.MANIFEST),
}
ACCEPTED = {Status.READY, Status.RELEASED, Status.RELEASED_CONDITIONAL}
RELEASES = ACCEPTED - {Status.READY}
ENDS = {
    Kind.REJECTED: ACCEPTED,
    Kind.DOCS_REQUIRED: ACCEPTED,
    Kind.EXAM: RELEASES,
    Kind.AGENCY_HOLD: RELEASES | {Status.HOLD_REMOVED},
    Kind.NO_CARGO: ACCEPTED | {Status.MATCHED},
    Kind.NO_RELEASE: ACCEPTED | {Status.MATCHED},
    Kind.NUMBER_REUSED: set(),
    Kind.OUR_MANIFEST: ACCEPTED | {Status.MATCHED, Status.ON_FILE},
    Kind.LINK_BROKEN: ACCEPTED | {Status.MATCHED},
}


def later(status: Status, hours: float = 7, **more: str) -> Report:
    """A word of that status, with the key of the agency hold when it removes one."""
    return a_report(status, before(hours), hold_key="cfia" if status is Status.HOLD_REMOVED else "", **more)


@pytest.mark.parametrize("kind", OPENS)
def test_f2_a_reason_is_closed_by_what_the_table_names_and_by_nothing_else(kind: Kind) -> None:
    assert {s for s in Status if kind not in reasons(OPENS[kind], later(s))} == ENDS[kind]


@pytest.mark.parametrize("kind", [k for k in OPENS if k not in (Kind.NO_CARGO, Kind.NO_RELEASE)])
def test_f2_nothing_earlier_closes_a_reason(kind: Kind) -> None:
    assert [s for s in Status if kind not in reasons(later(s, 10), OPENS[kind])] == []


@pytest.mark.parametrize("broke", [Status.NOT_MATCHED, Status.NO_RELEASE, Status.CANCELLED])
def test_f2_a_broken_link_is_closed_by_a_new_link_only(broke: Status) -> None:
    link = [a_report(Status.MATCHED, before(10)), a_report(broke, before(9), track=Track.MATCH)]
    closing = {s for s in Status if Kind.LINK_BROKEN not in reasons(*link, later(s, transaction=TWO))}
    assert closing == ENDS[Kind.LINK_BROKEN]


def test_f2_not_matched_without_a_match_before_it_opens_nothing() -> None:
    assert reasons(a_report(Status.NOT_MATCHED)) == set()


def test_f2_a_reason_outlives_every_weaker_word_after_it() -> None:
    exam = a_report(Status.EXAM, before(9))
    after = [a_report(s, before(8 - n)) for n, s in enumerate((Status.SENT, Status.MATCHED, Status.READY))]
    found = fold([exam, *after])
    assert {r.kind for r in found.reasons} == {Kind.EXAM}


def test_f2_each_hold_of_an_agency_needs_its_own_removal() -> None:
    holds = [a_report(Status.HELD, before(9), track=Track.AGENCY, hold_key=k) for k in ("cfia", "fda")]
    gone = a_report(Status.HOLD_REMOVED, before(8), hold_key="fda")
    assert [r.key for r in fold([*holds, gone]).reasons] == ["cfia"]


def test_f2_an_older_transaction_closes_nothing_that_a_newer_one_opened() -> None:
    first = a_report(Status.SENT, before(10), transaction=ONE)
    refused = a_report(Status.REJECTED, before(9), transaction=TWO)
    late = a_report(Status.READY, before(8), transaction=ONE)
    found = fold([first, refused, late])
    assert {r.kind for r in found.reasons} == {Kind.REJECTED}
    assert found.good is None


def test_f2_transactions_first_named_in_the_same_minute_close_nothing_of_each_other() -> None:
    sent = a_report(Status.SENT, before(10), transaction=ONE)
    refused = a_report(Status.REJECTED, before(10), transaction=TWO, ref="2")
    accepted = a_report(Status.READY, before(8), transaction=ONE)
    assert {r.kind for r in fold([sent, refused, accepted]).reasons} == {Kind.REJECTED}


def test_f2_a_late_refusal_of_an_old_filing_says_nothing_once_the_new_one_is_accepted() -> None:
    old = a_report(Status.SENT, before(10), transaction=ONE)
    new = a_report(Status.READY, before(9), transaction=TWO)
    late = a_report(Status.REJECTED, before(8), transaction=ONE)
    found = fold([old, new, late])
    assert found.good == new
    assert found.reasons == ()


def test_f3_customs_outranks_a_broker_s_feed() -> None:
    said = a_report(Status.NO_RELEASE, before(9))
    assert fold([said, a_report(Status.READY, before(8), **BROKER)]).good is None
    alone = a_report(Status.READY, before(8), **BROKER)
    assert fold([alone]).good == alone


def test_f3_an_e_mail_is_outranked_by_a_broker_s_feed() -> None:
    mail = a_report(Status.READY, before(7), authority=Authority.EMAIL, feed="mail")
    assert fold([a_report(Status.REJECTED, before(8), **BROKER), mail]).good is None


@pytest.mark.parametrize("track", [Track.RELEASE, Track.MATCH])
def test_f3_a_lower_source_takes_nothing_from_customs_but_disputes_when_it_changes(track: Track) -> None:
    was = a_report(Status.MATCHED, before(9), track=track, **BROKER)
    now = a_report(Status.NOT_MATCHED, before(7), track=track, **BROKER)
    found = fold([was, READY, now])
    assert found.good == READY
    assert found.reasons == ()
    assert found.dispute == now


def test_f3_a_lower_source_that_did_not_change_disputes_nothing() -> None:
    same = [a_report(Status.NOT_MATCHED, before(h), track=Track.RELEASE, **BROKER) for h in (9, 7)]
    assert fold([READY, *same]).dispute is None


def test_f3_a_dispute_ends_when_either_agrees() -> None:
    was = a_report(Status.MATCHED, before(9), track=Track.RELEASE, **BROKER)
    now = a_report(Status.REJECTED, before(7), **BROKER)
    broker_agrees = a_report(Status.READY, before(6), **BROKER)
    customs_agrees = a_report(Status.REJECTED, before(6))
    assert fold([was, READY, now]).dispute == now
    assert fold([was, READY, now, broker_agrees]).dispute is None
    agreed = fold([was, READY, now, customs_agrees])
    assert agreed.dispute is None
    assert agreed.good is None


def test_f3_a_reason_of_customs_is_not_closed_by_a_lower_source() -> None:
    link = [a_report(Status.MATCHED, before(10)), a_report(Status.NOT_MATCHED, before(9))]
    broker = a_report(Status.READY, before(8), **BROKER)
    assert Kind.LINK_BROKEN in reasons(*link, broker)
    assert Kind.LINK_BROKEN not in reasons(*link, a_report(Status.MATCHED, before(7)), broker)


def test_f4_a_good_word_stands_in_for_a_missing_acceptance_only() -> None:
    word = a_word()
    assert fold([], [word]).word == word
    assert fold([READY], [word]).word is None
    assert fold([a_report(Status.MATCHED)], [word]).word == word


@pytest.mark.parametrize("kind", [k for k in OPENS if k is not Kind.NO_RELEASE])
def test_f4_a_good_word_lifts_no_reason(kind: Kind) -> None:
    assert kind in {r.kind for r in fold([OPENS[kind]], [a_word()]).reasons}


@pytest.mark.parametrize("status", [Status.SENT, Status.MATCHED, Status.REJECTED, Status.UNKNOWN, Status.ON_FILE])
def test_f4_any_later_customs_report_beats_a_good_word(status: Status) -> None:
    word = a_word(at=before(5))
    assert fold([a_report(status, before(4))], [word]).word is None
    assert fold([a_report(status, before(6), received=before(4))], [word]).word is None
    assert fold([a_report(status, before(4), **BROKER)], [word]).word == word
    assert fold([a_report(Status.WARNING, before(4))], [word]).word == word


def test_f4_a_bad_word_stands_until_customs_speaks_later_or_a_person_does() -> None:
    bad = a_word(Status.NO_RELEASE, before(5))
    assert fold([READY], [bad]).good is None
    assert fold([READY], [bad]).bad_word == bad
    assert fold([a_report(Status.READY, before(4), **BROKER)], [bad]).good is None
    late_mail = a_report(Status.READY, before(6), received=before(4))
    assert fold([late_mail], [bad]).good is None
    customs = a_report(Status.READY, before(4))
    assert fold([customs], [bad]).good == customs
    assert fold([customs], [bad]).bad_word is None
    assert fold([], [bad, a_word(at=before(4))]).word is not None
    assert fold([], [a_word(at=before(6)), bad]).word is None


def test_f4_of_two_words_in_one_moment_the_bad_one_counts() -> None:
    assert fold([], [a_word(at=before(5)), a_word(Status.NO_RELEASE, before(5))]).bad_word is not None


def test_f4_not_filed_does_not_leave_a_release() -> None:
    found = fold([RELEASED], [a_word(Status.NO_RELEASE, before(5))])
    assert found.good == RELEASED
    assert found.bad_word is None
