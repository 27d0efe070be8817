"""K `carm`: told a day before pickup and ended by an acceptance; NOT KNOWN never holds, and nothing here makes a go."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.assess import assess
from bot.domain.assessment import WORSE, Answer
from bot.domain.carm.evidence import Evidence, Item
from bot.domain.carm.verdict import Verdict, readiness
from bot.domain.facts import CarmFacts, Facts
from bot.domain.kinds import Cause, Kind, Level
from bot.domain.load import Direction, Load, ShipmentType
from bot.domain.status import Status
from tests.domain.builders import (
    ALIVE,
    DEAD,
    ETA,
    MINUTE,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    a_word,
    before,
    hold,
    kinds,
    level_of,
    see,
)
from tests.domain.carm import words
from tests.domain.carm.says import ACME, BROKER, IMPORTER, known, released, rules, say
from tests.domain.histories import loads, worlds
from tests.domain.histories import moments as near_the_border

PICKUP = before(6)


def carm(*told: Evidence, now: datetime = ETA) -> CarmFacts:
    """ACME as importer, by these words."""
    return CarmFacts(readiness([known(), *told], ACME, now, rules()), rules())


def said(item: Item, state: str, source: Any = BROKER, when: datetime | None = None, **more: Any) -> Evidence:
    return say(item, state, source, when or before(100), **more)


SUSPENDED = said(Item.RPP, "suspended")
FINE = released(before(200))
LOAD = a_load(pickup=PICKUP, known_at=before(72))


def test_k_carm_is_told_24_hours_before_pickup_and_waited_for_until_then() -> None:
    start = PICKUP - timedelta(hours=24)
    facts = carm(SUSPENDED, now=before(60))
    early, told = (see(at, load=LOAD, carm=facts) for at in (start - MINUTE, start))
    assert (level_of(early, Kind.CARM), level_of(told, Kind.CARM)) == (None, Level.WARN)
    assert (early.answer, told.answer) == (Answer.UNKNOWN, Answer.HOLD)
    assert early.look_again_at == start
    one = hold(told, Kind.CARM)
    assert one is not None and one.cause is Cause.IMPORTER and not one.fact
    assert one.detail is not None
    assert {k: one.detail[k] for k in ("carm", "carm_item", "carm_state", "carm_say")} == {
        "carm": "not_ok", "carm_item": "rpp", "carm_state": "suspended", "carm_say": "give_security",
    }  # fmt: skip


def test_k_carm_without_a_pickup_is_told_24_hours_before_the_eta() -> None:
    load = replace(LOAD, pickup=None)
    facts = carm(SUSPENDED, now=before(60))
    assert level_of(see(before(24, 1), load=load, carm=facts), Kind.CARM) is None
    assert level_of(see(before(24), load=load, carm=facts), Kind.CARM) is Level.WARN


@pytest.mark.parametrize(
    ("told", "verdict"), [((), Verdict.NOT_KNOWN), ((FINE,), Verdict.OK), ((said(Item.RPP, "active", IMPORTER),), None)]
)
def test_k_carm_is_no_hold_while_it_is_not_known_at_risk_or_ok(
    told: tuple[Evidence, ...], verdict: Verdict | None
) -> None:
    facts = carm(*told)
    assert facts.readiness.verdict is (verdict or Verdict.AT_RISK)
    assert Kind.CARM not in kinds(see(before(1), load=LOAD, carm=facts))


def test_k_carm_is_ended_by_an_acceptance_of_this_very_shipment_or_a_word_that_stands_in_for_one() -> None:
    facts = carm(SUSPENDED)
    assert Kind.CARM in kinds(see(before(3), a_report(Status.MATCHED), load=LOAD, carm=facts))
    assert Kind.CARM not in kinds(see(before(3), a_report(Status.READY), load=LOAD, carm=facts))
    assert Kind.CARM not in kinds(see(before(2, 30), words=[a_word()], load=LOAD, carm=facts))
    refused = (a_report(Status.READY), a_report(Status.REJECTED, before(4)))
    assert Kind.CARM in kinds(see(before(3), *refused, load=LOAD, carm=facts))


def test_k_carm_is_of_electronic_releases_into_canada_only() -> None:
    south = replace(LOAD, direction=Direction.US, shipments=(a_shipment(type=ShipmentType.PAPS),))
    csa = replace(LOAD, shipments=(a_shipment(type=ShipmentType.CSA),))
    for load in (south, csa):
        assert Kind.CARM not in kinds(see(before(3), load=load, carm=carm(SUSPENDED)))


def test_k_carm_a_delegation_that_is_still_pending_is_told_four_hours_before_the_eta() -> None:
    facts = carm(said(Item.RPP, "active"), said(Item.DELEGATION, "pending", broker="pcb"))
    assert facts.readiness.verdict is Verdict.AT_RISK
    early, told = (see(before(*at), load=LOAD, carm=facts) for at in ((4, 1), (4,)))
    assert (Kind.CARM in kinds(early), level_of(early, Kind.CARM)) == (True, None)
    one = hold(told, Kind.CARM)
    assert one is not None and one.level is Level.WARN and one.detail and one.detail["carm_why"] == "pending"


def test_k_carm_is_the_brokers_move_where_the_broker_stops_the_importer() -> None:
    one = hold(see(before(3), load=LOAD, carm=carm(said(Item.BROKER_HOLD, "hold", broker="pcb"))), Kind.CARM)
    assert one is not None and one.cause is Cause.BROKER


def test_the_readiness_joins_the_cause_of_what_is_not_matched_with_the_day_since_when_it_is_not_known() -> None:
    gone = said(Item.RPP, "active", when=before(24 * 120), broker="")
    facts = carm(gone)
    for hearing, kind in ((ALIVE, Kind.NOT_MATCHED), (DEAD, Kind.UNWATCHED)):
        one = hold(see(before(3), load=LOAD, carm=facts, hearing=hearing), kind)
        assert one is not None and one.detail is not None
        assert (one.detail["carm"], one.detail["carm_why"]) == ("not_known", "proof_unknown")
        assert one.detail["carm_since"] == facts.readiness.reasons[0].since.isoformat()  # type: ignore[union-attr]
    fine = hold(see(before(3), load=LOAD, carm=carm(FINE)), Kind.NOT_MATCHED)
    assert fine is not None and "carm" not in (fine.detail or {})


def test_t8_a_verdict_that_ends_by_itself_is_looked_at_again_then() -> None:
    facts = carm(FINE, now=before(48))
    assert facts.readiness.look_again_at is not None
    later = replace(facts.readiness, look_again_at=before(40))
    assert see(
        before(48), load=replace(LOAD, known_at=before(50)), carm=CarmFacts(later, rules())
    ).look_again_at == before(40)


#: Histories of words are of November 2026, loads of March: the verdict is made for the last day of the former.
verdicts = st.builds(
    lambda told, plan: CarmFacts(
        replace(readiness([known(), *told], ACME, words.LAST, rules(), plan), look_again_at=None), rules()
    ),
    words.histories,
    words.plans,
)


def with_carm(facts: Facts, carm: CarmFacts) -> Facts:
    return replace(facts, about={id_: replace(one, carm=carm) for id_, one in facts.about.items()})


@settings(max_examples=60, deadline=None)
@given(loads(), st.data(), near_the_border, verdicts, st.integers(0, 40))
def test_a5_no_readiness_makes_an_answer_better_or_takes_a_hold_away(
    load: Load, data: st.DataObject, now: datetime, carm: CarmFacts, hours: int
) -> None:
    load = replace(load, pickup=before(hours))
    facts = data.draw(worlds(load))(now)
    plain, found = assess(load, facts, POLICY, now), assess(load, with_carm(facts, carm), POLICY, now)
    assert WORSE[found.answer] >= WORSE[plain.answer]
    assert (found.level or 0) >= (plain.level or 0)
    assert {h.fingerprint: h.level for h in found.holds if h.kind is not Kind.CARM} == {
        h.fingerprint: h.level for h in plain.holds
    }
    if carm.readiness.verdict in (Verdict.NOT_KNOWN, Verdict.OK):
        assert found.answer is plain.answer and Kind.CARM not in kinds(found)


@settings(max_examples=40, deadline=None)
@given(loads(), st.data(), verdicts, st.integers(0, 40))
def test_t8_with_an_importer_the_answer_stays_exactly_true_until_look_again_at(
    load: Load, data: st.DataObject, carm: CarmFacts, hours: int
) -> None:
    load = replace(load, pickup=before(hours))
    facts = with_carm(data.draw(worlds(load))(before(-5)), carm)
    now = data.draw(near_the_border)
    found = assess(load, facts, POLICY, now)
    end = min(found.look_again_at or now + timedelta(days=9), now + timedelta(days=9))
    last = assess(load, facts, POLICY, end - timedelta(microseconds=1))
    assert replace(last, look_again_at=None) == replace(found, look_again_at=None)


@settings(max_examples=40, deadline=None)
@given(loads(), st.data(), near_the_border, verdicts)
def test_c4_an_outage_changes_no_verdict_and_hides_no_importer(
    load: Load, data: st.DataObject, now: datetime, carm: CarmFacts
) -> None:
    world = data.draw(worlds(load, outages=False))
    clear, out = (assess(load, with_carm(world(now, **more), carm), POLICY, now) for more in ({}, {"out": True}))
    assert [h for h in out.holds if h.kind is Kind.CARM] == [h for h in clear.holds if h.kind is Kind.CARM]
