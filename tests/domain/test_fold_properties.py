"""F9, F2 and A5 of the fold, over random histories."""

import random
from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.clearance import fold
from bot.domain.kinds import KINDS
from bot.domain.report import Report
from bot.domain.status import GOOD, Authority
from tests.domain.builders import ETA, MINUTE, a_load, a_shipment, see
from tests.domain.histories import moments, reports, words
from tests.domain.oracle import good_to_go, replayed


@settings(max_examples=150, deadline=None)
@given(reports(), words(), moments)
def test_a5_go_is_said_only_while_a2_holds_in_every_history(
    told: list[Report], phoned: list[Report], now: datetime
) -> None:
    told = [r for r in told if r.received <= now]
    phoned = [w for w in phoned if w.received <= now]
    assert see(now, *told, words=phoned).is_go == good_to_go(told, phoned, ETA, now)


@settings(max_examples=80, deadline=None)
@given(reports())
def test_f2_reasons_are_closed_by_what_the_table_names_and_by_nothing_else(told: list[Report]) -> None:
    assert {r.kind.value for r in fold(told).reasons} == replayed(told).open_reasons()


@settings(max_examples=80, deadline=None)
@given(reports(), words(), st.randoms(use_true_random=False))
def test_f9_the_fold_does_not_depend_on_the_order_in_which_it_is_given(
    told: list[Report], phoned: list[Report], chance: random.Random
) -> None:
    mixed, calls = list(told), list(phoned)
    chance.shuffle(mixed)
    chance.shuffle(calls)
    assert fold(mixed, calls) == fold(told, phoned)


@settings(max_examples=80, deadline=None)
@given(reports(), words(), st.data())
def test_f9_repeats_change_nothing(told: list[Report], phoned: list[Report], data: st.DataObject) -> None:
    again = [
        replace(r, received=r.received + data.draw(st.integers(0, 90)) * MINUTE, ref=r.ref + "again")
        for r in (data.draw(st.lists(st.sampled_from(told), max_size=4)) if told else [])
    ]
    assert fold([*told, *again], phoned) == fold(told, phoned)


@settings(max_examples=120, deadline=None)
@given(reports(most=6), st.data(), moments)
def test_f9_shuffled_arrival_never_turns_a_hold_into_a_go(
    told: list[Report], data: st.DataObject, now: datetime
) -> None:
    now = max([now, *(r.received for r in told)])
    order = data.draw(st.permutations(told))
    late = max((r.received for r in told), default=ETA)
    shuffled = [replace(r, received=late + n * MINUTE) for n, r in enumerate(order)]
    now += 10 * MINUTE
    load = a_load(shipments=(a_shipment(agency="CFIA"),))
    for one in (None, load):
        if see(now, *shuffled, load=one).is_go:
            assert see(now, *told, load=one).is_go


@settings(max_examples=60, deadline=None)
@given(reports(), reports(most=3))
def test_f3_a_lower_source_takes_no_acceptance_of_customs_away(told: list[Report], lower: list[Report]) -> None:
    customs = [r for r in told if r.authority is Authority.CUSTOMS]
    accepted = fold(customs).good
    whispered = [replace(r, authority=Authority.BROKER, feed="pcb", ref=f"b{r.ref}") for r in lower]
    if accepted is not None and not any(r.status.value == "CANCELLED" for r in whispered):
        assert fold([*customs, *whispered]).good == accepted


@settings(max_examples=60, deadline=None)
@given(reports())
def test_f6_what_is_good_was_said_and_was_not_left(told: list[Report]) -> None:
    good = fold(told).good
    assert good is None or (good in told and good.status in GOOD)


def test_f2_no_kind_that_a_report_opens_is_closed_by_a_word_that_says_less_than_matched() -> None:
    weak = {"SENT", "UNKNOWN", "NOT_MATCHED", "AWAITING_PROCESSING", "WARNING", "ARRIVED"}
    assert not [k for k, row in KINDS.items() if weak & {s.value for s in row.ended_by}]
