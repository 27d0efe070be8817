"""E2 of the desk: what the tracks show together names the cause, how sure it is, and whom to call first."""

from dataclasses import dataclass
from typing import Any

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Hold
from bot.domain.cause import CALLS, EXPLAINED, Line, Shown, Sure, calls_of, explain
from bot.domain.clearance import fold
from bot.domain.kinds import Call, Cause, Kind
from bot.domain.load import Direction, ShipmentType
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Status, Track
from tests.domain.builders import (
    ALIVE,
    NOBODY,
    POLICY,
    a_load,
    a_report,
    a_shipment,
    a_word,
    about,
    before,
    on_file,
    the_facts,
)

APART = a_report(Status.NOT_MATCHED, before(8))
MATCHED = a_report(Status.MATCHED, before(7))
REFUSED = a_report(Status.REJECTED, before(5), kind=NumberKind.TRIP, key="9XYZ77001", track=Track.MANIFEST)


@dataclass(frozen=True)
class Case:
    """What the feeds show, and what the desk reads from it."""

    line: Line
    cause: Cause
    sure: Sure
    calls: tuple[Call, ...]
    told: tuple[Report, ...] = (APART,)
    hours: float = 1.9
    papers: float | None = 9
    kind: Kind = Kind.NOT_MATCHED
    facts: tuple[tuple[str, Any], ...] = ()
    word: Report | None = None


BROKER, CLERK, DRIVER, IMPORTER = Call.BROKER, Call.CLERK, Call.DRIVER, Call.IMPORTER
TABLE = {
    "our manifest refused": Case(
        Line.MANIFEST, Cause.OURS, Sure.CERTAIN, (CLERK, DRIVER), facts=(("trip", (on_file(), REFUSED)),)
    ),
    "our manifest not sent": Case(Line.MANIFEST, Cause.OURS, Sure.CERTAIN, (CLERK, DRIVER), facts=(("trip", ()),)),
    "accepted, not matched, papers never sent as far as we know": Case(
        Line.PAPERS, Cause.UNKNOWN, Sure.POSSIBLE, (DRIVER, BROKER), papers=None
    ),
    "accepted, not matched, papers sent within the promise": Case(
        Line.IN_TIME, Cause.BROKER, Sure.LIKELY, (BROKER,), papers=4
    ),
    "accepted, not matched, papers sent longer ago than the promise": Case(
        Line.LATE, Cause.BROKER, Sure.LIKELY, (BROKER, IMPORTER)
    ),
    "the same where nobody tells us of our manifest": Case(
        Line.LATE,
        Cause.BROKER,
        Sure.POSSIBLE,
        (BROKER, IMPORTER),
        facts=(("trip", ()), ("manifest_hearing", NOBODY)),
    ),
    "nothing at all heard, and late": Case(Line.LATE, Cause.BROKER, Sure.LIKELY, (BROKER, IMPORTER), told=()),
    "matched, no acceptance": Case(Line.DECIDING, Cause.CUSTOMS, Sure.LIKELY, (BROKER,), told=(APART, MATCHED)),
    "customs has it and is not done": Case(
        Line.DECIDING, Cause.CUSTOMS, Sure.LIKELY, (BROKER,), told=(a_report(Status.AWAITING_PROCESSING, before(7)),)
    ),
    "customs has no release request": Case(
        Line.NOT_FILED,
        Cause.BROKER,
        Sure.CERTAIN,
        (BROKER, DRIVER),
        told=(a_report(Status.NO_RELEASE, before(7)),),
        kind=Kind.NO_RELEASE,
    ),
    "a person says that it is not filed": Case(
        Line.NOT_FILED,
        Cause.BROKER,
        Sure.LIKELY,
        (BROKER, DRIVER),
        word=a_word(Status.NO_RELEASE),
        kind=Kind.NO_RELEASE,
    ),
    "nothing from customs for anyone": Case(
        Line.OUTAGE, Cause.CUSTOMS, Sure.LIKELY, (Call.NOBODY,), facts=(("outage_on", True),)
    ),
    "cancelled, and never linked": Case(
        Line.UNEXPLAINED, Cause.UNKNOWN, Sure.NOT_KNOWN, (BROKER,), told=(a_report(Status.CANCELLED, before(7)),)
    ),
    "a word that we cannot read": Case(
        Line.UNEXPLAINED, Cause.UNKNOWN, Sure.NOT_KNOWN, (BROKER,), told=(APART, a_report(Status.UNKNOWN, before(7)))
    ),
}


def silent(case: Case) -> Hold:
    shipment = a_shipment(papers_sent=None if case.papers is None else before(case.papers))
    words = [case.word] if case.word else []
    found = the_facts(about(case.told, words, ALIVE), **dict(case.facts))
    seen = assess(a_load(shipments=(shipment,)), found, POLICY, before(case.hours))
    return next(h for h in seen.holds if h.shipment == "s1" and h.kind is case.kind)


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_e2_the_cause_its_confidence_and_the_first_call(case: Case) -> None:
    hold = silent(case)
    said = hold.detail or {}
    assert (hold.cause, said["line"], said["sure"]) == (case.cause, case.line.value, case.sure.value)
    assert calls_of(said["line"], hold.kind) == case.calls


def test_e2_every_line_of_the_table_has_its_row() -> None:
    assert {case.line for case in TABLE.values()} == set(Line) - {Line.OTHER}
    assert set(CALLS) == set(Line) - {Line.OTHER}


@pytest.mark.parametrize(
    ("kind", "cause", "call", "told"),
    [
        (Kind.NO_CARGO, Cause.OURS, CLERK, (a_report(Status.NO_CARGO, before(4)),)),
        (Kind.LINK_BROKEN, Cause.BROKER, BROKER, (MATCHED, a_report(Status.NOT_MATCHED, before(4)))),
        (Kind.EXAM, Cause.CUSTOMS, Call.CUSTOMS, (a_report(Status.EXAM, before(4)),)),
    ],
)
def test_e2_a_fact_names_its_own_cause(kind: Kind, cause: Cause, call: Call, told: tuple[Report, ...]) -> None:
    seen = assess(a_load(), the_facts(about(told)), POLICY, before(3))
    hold = next(h for h in seen.holds if h.kind is kind)
    assert hold.cause is cause and hold.fact
    assert calls_of((hold.detail or {}).get("line", ""), kind)[0] is call


def test_e2_what_no_line_explains_says_what_was_odd() -> None:
    hold = silent(TABLE["cancelled, and never linked"])
    assert (hold.detail or {})["odd"] == "CANCELLED"


def test_e2_an_entry_that_is_missing_is_not_laid_on_a_manifest_that_is_not_in_yet() -> None:
    paps = a_load(direction=Direction.US, shipments=(a_shipment(type=ShipmentType.PAPS),))
    seen = assess(paps, the_facts(about([]), trip=()), POLICY, before(1.9))
    (entry,) = (h for h in seen.holds if h.kind is Kind.ENTRY_MISSING)
    assert entry.cause is Cause.BROKER
    assert any(h.kind is Kind.OUR_MANIFEST for h in seen.holds)


def test_e2_kinds_with_one_cause_keep_it() -> None:
    shown = Shown(Kind.INBOND_MISSING, fold([]), True, False, True, True)
    assert explain(shown).cause is Cause.OURS and Kind.INBOND_MISSING not in EXPLAINED
