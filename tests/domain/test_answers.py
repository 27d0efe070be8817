"""A: go, go-but, hold or unknown, and what each rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Answer, But
from bot.domain.kinds import Kind, Level
from bot.domain.load import Direction, ShipmentType
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from tests.domain.builders import (
    ETA,
    NOBODY,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    a_word,
    about,
    before,
    kinds,
    on_file,
    see,
    the_facts,
)
from tests.domain.histories import ONE

READY = a_report(Status.READY, before(8), transaction=ONE)


def test_a1_a_load_s_answer_is_its_worst_shipment_s() -> None:
    load = a_load(shipments=(a_shipment("s1"), a_shipment("s2", papers_sent=before(4))))
    answers = {}
    for name, second in {"good": (READY,), "open": (), "bad": (a_report(Status.EXAM),)}.items():
        answers[name] = assess(load, the_facts(about((READY,)), about(second)), POLICY, before(3.5)).answer
    assert answers == {"good": Answer.GO, "open": Answer.UNKNOWN, "bad": Answer.HOLD}


def test_a1_a_go_names_the_fact_it_rests_on() -> None:
    one = see(before(3), READY).shipments[0]
    assert one.answer is Answer.GO
    assert one.rests_on is not None
    assert (one.rests_on.status, one.rests_on.at, one.rests_on.transaction) == ("READY", before(8), ONE)
    assert not one.rests_on.phone


def test_a1_a_go_by_phone_names_its_end() -> None:
    one = see(before(4.5), words=[a_word(at=before(5))]).shipments[0]
    assert one.rests_on is not None
    assert (one.rests_on.phone, one.rests_on.by, one.until) == (True, "Maria", before(3))


def test_a2_go_needs_the_trip_s_manifest_and_a_shipment_on_a_loaded_truck() -> None:
    assert assess(a_load(), the_facts(about((READY,))), POLICY, before(5)).answer is Answer.GO
    assert assess(a_load(), the_facts(about((READY,)), trip=()), POLICY, before(5)).answer is Answer.UNKNOWN
    assert assess(a_load(), the_facts(about((READY,)), trip=()), POLICY, before(3)).answer is Answer.HOLD
    assert assess(a_load(shipments=()), the_facts(), POLICY, before(9)).answer is Answer.UNKNOWN


def test_a2_a_condition_whose_clock_has_not_started_makes_the_answer_unknown() -> None:
    found = see(before(8))
    assert found.answer is Answer.UNKNOWN
    assert [h.kind for h in found.waits] == [Kind.NOT_MATCHED]
    assert found.standing == ()


@pytest.mark.parametrize(
    ("fast", "direction", "accepted", "now", "until"),
    [
        (False, Direction.CA, (1,), (1,), None),
        (False, Direction.CA, (0, 59), (0, 59), (0, -1)),
        (False, Direction.CA, (0, 59), (0, -1), None),
        (True, Direction.US, (0, 30), (0, 30), None),
        (True, Direction.US, (0, 29), (0, 29), (0, -1)),
        (True, Direction.CA, (0, 30), (0, 30), (0, -30)),
        (False, Direction.CA, (-1,), (-1,), (-2,)),
    ],
)
def test_a3_the_manifest_hour_is_measured_against_the_later_of_eta_and_now(
    fast: bool, direction: Direction, accepted: tuple, now: tuple, until: tuple | None
) -> None:
    load = a_load(fast=fast, direction=direction)
    found = assess(load, the_facts(about((READY,)), trip=[on_file(before(*accepted))]), POLICY, before(*now))
    assert found.answer is (Answer.GO_BUT if until else Answer.GO)
    assert [b.until for b in found.buts] == ([before(*until)] if until else [])
    if until:
        assert found.look_again_at == min(before(*until), found.look_again_at or ETA)


def test_a3_a_manifest_never_covered_by_a_feed_is_a_condition_lifted_by_dispatch_s_word() -> None:
    unseen = assess(a_load(), the_facts(about((READY,)), trip=(), manifest_hearing=NOBODY), POLICY, before(3))
    assert (unseen.answer, [b.kind for b in unseen.buts]) == (Answer.GO_BUT, [But.MANIFEST_UNSEEN])
    word = replace(a_word(Status.ON_FILE, before(3.5)), track=Track.MANIFEST)
    told = assess(a_load(), the_facts(about((READY,)), trip=[word], manifest_hearing=NOBODY), POLICY, before(3))
    assert told.answer is Answer.GO


def test_a3_cfia_and_pay_at_port_are_conditions() -> None:
    cfia = see(before(3), a_report(Status.RELEASED_CONDITIONAL, note="hold at Guelph"))
    assert (cfia.answer, cfia.buts[0].kind, cfia.buts[0].detail) == (Answer.GO_BUT, But.CFIA, "hold at Guelph")
    pay = see(before(3), a_report(Status.READY, transaction="00000123456789"))
    assert (pay.answer, pay.buts[0].kind) == (Answer.GO_BUT, But.PAY_AT_PORT)


def test_a3_the_condition_that_ends_first_comes_first() -> None:
    load = a_load()
    pay = a_report(Status.READY, transaction="00000123456789")
    found = assess(load, the_facts(about((pay,)), trip=[on_file(before(0.5))]), POLICY, before(0.5))
    assert [b.kind for b in found.buts] == [But.NOT_BEFORE, But.PAY_AT_PORT]


def test_f3_a_dispute_is_a_condition() -> None:
    broker = {"authority": Authority.BROKER, "feed": "pcb", "by": "PCB"}
    was, now = a_report(Status.MATCHED, before(9), **broker), a_report(Status.NOT_MATCHED, before(6), **broker)
    found = see(before(3), was, READY, now)
    assert (found.answer, found.buts[0].kind, found.buts[0].detail) == (Answer.GO_BUT, But.DISPUTED, "PCB")


@pytest.mark.parametrize("kind", [Status.EXAM, Status.HELD, Status.REJECTED, Status.NO_CARGO, Status.DO_NOT_LOAD])
def test_f4_a_good_word_lifts_no_hold_of_customs(kind: Status) -> None:
    assert see(before(3), a_report(kind), words=[a_word(at=before(3))]).answer is Answer.HOLD


def test_f4_a_good_word_lifts_missing_release_and_silence() -> None:
    for told in ((), (a_report(Status.NO_RELEASE),), (a_report(Status.MATCHED),)):
        found = see(before(2.9), *told, words=[a_word(at=before(3))])
        assert (found.answer, kinds(found)) == (Answer.GO, set())


@pytest.mark.parametrize(
    ("given", "ends"),
    [((5,), (3,)), ((4,), (2,)), ((3,), (2,)), ((2, 21), (2,)), ((2, 20), (-1,)), ((1,), (-1,)), ((0, 59), (-1, -1))],
)
def test_f4_a_good_word_lapses_when_the_rule_says(given: tuple, ends: tuple) -> None:
    word = a_word(at=before(*given))
    end = before(*ends)
    assert see(end - timedelta(seconds=1), words=[word]).is_go
    after = see(end, words=[word])
    assert not after.is_go
    assert after.level is not None


def test_f4_a_word_that_would_lapse_on_the_way_is_asked_again() -> None:
    word = a_word(at=before(3))
    assert see(before(2, 21), words=[word]).asks == ()
    assert see(before(2, 20), words=[word]).asks == ("word:s1",)
    assert see(before(2), words=[a_word(at=before(2.1))]).asks == ()


def test_f4_not_filed_does_not_lapse() -> None:
    word = a_word(Status.NO_RELEASE, before(9))
    found = see(before(0.5), a_report(Status.MATCHED, before(10)), words=[word])
    assert kinds(found) == {Kind.NO_RELEASE}


def test_life_a_released_load_has_crossed_two_hours_later_and_an_accepted_one_has_not() -> None:
    out = a_report(Status.RELEASED, before(1))
    assert see(before(-0.9), out).ended == ""
    assert see(before(-1), out).ended == "crossed"
    assert see(before(-9), READY).ended == ""


def test_life_a_load_is_asked_about_after_a_day_and_unknown_after_three() -> None:
    assert "crossed" not in see(before(-23.9), READY).asks
    assert "crossed" in see(before(-24), READY).asks
    assert see(before(-71.9)).ended == ""
    assert see(before(-72)).ended == "unknown"
    assert see(before(-72)).level is Level.CRITICAL


BONDED = a_load(shipments=(a_shipment(type=ShipmentType.INBOND),))
AUTHORIZED = a_report(Status.ON_FILE, before(7), track=Track.RELEASE, reason="inbond")


@pytest.mark.parametrize("accepted", [(AUTHORIZED,), (on_file(before(8)), AUTHORIZED), (on_file(before(8)),)])
def test_f6_an_in_bond_that_was_cancelled_is_accepted_no_more(accepted: tuple[Report, ...]) -> None:
    cancelled = a_report(Status.CANCELLED, before(6))
    assert see(before(3), *accepted, load=BONDED).answer is Answer.GO_BUT
    assert see(before(1.5), *accepted, cancelled, load=BONDED).answer is Answer.HOLD
    again = replace(AUTHORIZED, prepared=before(5), received=before(5))
    assert see(before(3), *accepted, cancelled, again, load=BONDED).answer is Answer.GO_BUT
    told = [a_word(at=before(4))]
    assert see(before(3), *accepted, cancelled, words=told, load=BONDED).answer is Answer.GO_BUT


@pytest.mark.parametrize("accepted", [AUTHORIZED, on_file(before(8))])
def test_f8_an_unread_word_after_an_in_bond_was_accepted_stands_though_a_readable_one_came_since(
    accepted: Report,
) -> None:
    odd, sent = a_report(Status.UNKNOWN, before(6)), a_report(Status.SENT, before(5))
    assert see(before(3), accepted, odd, sent, load=BONDED).answer is Answer.UNKNOWN
    again = replace(AUTHORIZED, prepared=before(4), received=before(4))
    assert see(before(3), accepted, odd, sent, again, load=BONDED).answer is Answer.GO_BUT
