"""One shipment at one moment: what stands against it, what it waits for, and the fact a go rests on."""

from dataclasses import replace
from datetime import datetime

from bot.domain import asking
from bot.domain.assessment import Answer, But, Condition, Hold, Judged, evidence
from bot.domain.bench import Bench, checking, heard, said_by
from bot.domain.cause import Line, Shown, explain, said_of
from bot.domain.clock import by_clock, settles, word_lapses
from bot.domain.doubts import agency, doubts_on_good, port, stale, too_early, unread
from bot.domain.facts import About
from bot.domain.importer import importer, joins
from bot.domain.kinds import KINDS, Cause, Kind, Level
from bot.domain.load import BY_PAPER, LoadKind, Shipment, ShipmentType
from bot.domain.mismatch import mismatch
from bot.domain.order import outdates
from bot.domain.promise import due_at, pace_of, promised
from bot.domain.reasons import Reason
from bot.domain.report import Report
from bot.domain.status import Status

_ABSENT = {
    ShipmentType.PARS: Kind.NOT_MATCHED,
    ShipmentType.PAPS: Kind.ENTRY_MISSING,
    ShipmentType.INBOND: Kind.INBOND_MISSING,
    ShipmentType.CSA: Kind.CSA_PLAN,
}


#: Kinds that leave the answer as it is.
_BESIDE = frozenset({Kind.TIGHT, Kind.STALE})


def judge(bench: Bench, shipment: Shipment) -> Judged:
    """The answer for one shipment; its holds and conditions are added to the bench."""
    about = bench.facts.about.get(shipment.id) or About()
    if shipment.type in BY_PAPER:
        bench.buts.append(Condition(But.BY_PAPER, shipment.id))
        return Judged(shipment.id, Answer.GO_BUT)
    if _bare(shipment) and bench.load.kind is not LoadKind.LOADED:
        return Judged(shipment.id, Answer.GO)  # what was planned for a truck that goes without goods (K)
    start, first_but = len(bench.holds), len(bench.buts)
    good, lapses = _good(bench, shipment, about)
    _reasons(bench, shipment, about)
    if about.earlier:
        bench.fact_hold(Kind.NUMBER_REUSED, shipment.id, None, bench.load.known_at, detail={"earlier": about.earlier})
    due, guess = _due(bench, shipment, about)
    if good is None:
        _absent(bench, shipment, about, due, guess, start)
    else:
        doubts_on_good(bench, shipment, about, good)
        stale(bench, shipment, about, good)
    too_early(bench, shipment, about)
    port(bench, shipment, about)
    agency(bench, shipment, about, due)
    mismatch(bench, shipment, about, start)
    importer(bench, shipment, about, good)
    asking.ask(bench, shipment, about, good, due)
    found = bench.holds[start:]
    answer = _answer(found, len(bench.buts) > first_but)
    ear, rests_on, last = about.hearing.ear, evidence(good), about.clearance.last
    return Judged(
        shipment.id,
        answer,
        rests_on,
        lapses,
        rests_on if last is good else evidence(last),
        due,
        guess,
        ear.feed if ear else "",
        asking.asked(bench, about),
    )


def _answer(found: list[Hold], conditions: bool) -> Answer:
    if [h for h in found if h.stops and h.level is not None]:
        return Answer.HOLD
    if [h for h in found if h.kind not in _BESIDE]:
        return Answer.UNKNOWN
    return Answer.GO_BUT if conditions else Answer.GO


def _good(bench: Bench, shipment: Shipment, about: About) -> tuple[Report | None, datetime | None]:
    """The fact that makes the shipment good by its type (border-formats 8.4), and when it lapses."""
    clearance = about.clearance
    if clearance.good is not None:
        return clearance.good, None
    if clearance.bad_word is not None:
        return None, None
    word, inbond = clearance.word, clearance.inbond or clearance.manifest
    if shipment.type is ShipmentType.INBOND and inbond is not None:
        against = [r for r in (clearance.cancelled, clearance.unreadable) if r is not None and not outdates(inbond, r)]
        if not against or (word is None and clearance.cancelled not in against):
            return inbond, None
    if word is None or word.received is None:
        return None, None
    if shipment.type is ShipmentType.CSA:
        return word, None
    lapses = word_lapses(word.received, bench.eta.at, bench.policy)
    if bench.tick.passed(lapses):
        return None, None
    if bench.tick.passed(bench.eta.at - bench.policy.word_ask_before) and lapses < bench.eta.at:
        bench.asks.append(f"word:{shipment.id}")
    return word, lapses


def _reasons(bench: Bench, shipment: Shipment, about: About) -> None:
    for reason in about.clearance.reasons:
        if reason.kind is Kind.NO_RELEASE or _bonded_anew(shipment, about, reason):
            continue
        if reason.kind is Kind.LINK_BROKEN:
            _broken(bench, shipment, reason)
            continue
        detail = said_by(reason.report)
        if reason.report.note:
            detail["note"] = reason.report.note
        despite = evidence(reason.despite)
        bench.fact_hold(
            reason.kind, shipment.id, reason.report, reason.since, key=reason.key, detail=detail, despite=despite
        )


def _bonded_anew(shipment: Shipment, about: About, reason: Reason) -> bool:
    """Whether an in-bond was authorized since: that is the acceptance of its type (border-formats 8.4)."""
    word = about.clearance.inbond
    if shipment.type is not ShipmentType.INBOND or word is None:
        return False
    return Status.READY in KINDS[reason.kind].ended_by and outdates(word, reason.report)


def _broken(bench: Bench, shipment: Shipment, reason: Reason) -> None:
    settled = settles(reason.since, bench.eta.at, bench.facts.amended, bench.policy)
    if bench.at_border or bench.tick.passed(settled):
        bench.fact_hold(Kind.LINK_BROKEN, shipment.id, reason.report, settled, despite=evidence(reason.despite))
    else:
        checking(bench, shipment, reason.report, reason.since, {"until": settled.isoformat()})


def _due(bench: Bench, shipment: Shipment, about: About) -> tuple[datetime, bool]:
    """When the broker's promise runs out, and whether that is a guess because the papers time is not known (T1)."""
    if shipment.papers_sent is None:
        return bench.eta.at - bench.policy.papers_guess_before, True
    broker = about.broker
    promise = broker.promise if broker else None
    if promise is None:
        name, rows = (broker.name, broker.measured) if broker else ("", ())
        direction, agency = bench.load.direction, bool(shipment.agency)
        measured = promised(rows, pace_of(direction, agency=agency), shipment.papers_sent) if rows else None
        promise = bench.policy.promise_of(name, direction, agency=agency, measured=measured)
    return due_at(shipment.papers_sent, promise, broker.hours if broker else None), False


def _absent(bench: Bench, shipment: Shipment, about: About, due: datetime, guess: bool, start: int) -> None:
    """The kind that rests on missing good news, by the clock, unless a fact already explains it.

    While a lost acceptance settles the answer is *checking* and no clock runs (F7); a lost match stops no clock.
    """
    stopped = [h for h in bench.holds[start:] if h.stops]
    accepted = [r for r in about.clearance.reasons if r.accepted]
    if stopped or accepted:
        return
    bare = _bare(shipment)
    hold = _number_missing(bench, shipment) if bare else _silence(bench, shipment, about, due, guess)
    # A number that we have yet to give, and a plan that a person confirms: no outage of customs explains their absence.
    ours = bare or shipment.type is ShipmentType.CSA
    if bench.facts.outage_on and not hold.fact and not ours:
        bench.hidden += 1
        finding = explain(replace(_shown(bench, about, hold.kind, deaf=False, papers=True, late=True), outage=True))
        detail = {"outage": "on"} | said_of(finding, about.clearance)
        behind = hold.behind or hold.cause
        hold = replace(hold, level=None, evidence=None, cause=finding.cause, behind=behind, detail=detail)
    bench.holds.append(hold)
    if guess and bench.tick.passed(bench.eta.at - bench.policy.ask_papers_before):
        bench.asks.append(f"papers:{shipment.id}")
    if not guess and not bare and (hold.level is None or hold.level is Level.LATE):
        _tight(bench, shipment, due)
    if about.clearance.unread is not None:
        unread(bench, shipment, about.clearance.unread)


def _bare(shipment: Shipment) -> bool:
    """Whether it still waits for its number."""
    return not shipment.ccn and shipment.type in (ShipmentType.PARS, ShipmentType.PAPS)


def _number_missing(bench: Bench, shipment: Shipment | None) -> Hold:
    start = bench.eta.at - bench.policy.number_missing_before
    steps = by_clock(start, bench.eta.at, bench.policy, papers_known=True, deciding=False, not_before=bench.grace)
    return Hold(
        Kind.NUMBER_MISSING, shipment.id if shipment else "", Cause.OURS, bench.level(steps), fact=False, stops=True
    )


def number_missing(bench: Bench) -> None:
    """A loaded truck without any shipment (A2)."""
    bench.holds.append(_number_missing(bench, None))


def _silence(bench: Bench, shipment: Shipment, about: About, due: datetime, guess: bool) -> Hold:
    clearance = about.clearance
    reason = next((r for r in clearance.reasons if r.kind is Kind.NO_RELEASE), None)
    told = reason.report if reason else clearance.bad_word
    kind = Kind.NO_RELEASE if told else _ABSENT[shipment.type]
    steps = by_clock(
        due,
        bench.eta.at,
        bench.policy,
        papers_known=not guess,
        deciding=clearance.progress is not None,
        not_before=bench.grace,
        slack=bench.policy.warn_slack,
    )
    level = bench.level(steps)
    detail = {"due": due.isoformat()}
    if guess:
        detail["guess"] = "yes"
    deaf = told is None and about.hearing.deaf
    shown = _shown(bench, about, kind, deaf=deaf, papers=not guess, late=not guess and bench.tick.passed(due))
    finding = explain(shown)
    own = finding.line is Line.MANIFEST and not shown.refused
    good, bad = clearance.overruled or (None, None)
    return Hold(
        Kind.UNWATCHED if deaf else kind,
        shipment.id,
        finding.cause,
        level,
        fact=told is not None,
        stops=True,
        since=told.received if told else None,
        replaces=kind if deaf else None,
        evidence=evidence(told or bad or clearance.last),
        detail={**detail, **heard(about.hearing), **said_of(finding, clearance), **joins(bench, about, finding.cause)},
        behind=explain(replace(shown, manifest=None)).cause if own else None,
        despite=evidence(reason.despite if reason else good),
    )


def _shown(bench: Bench, about: About, kind: Kind, *, deaf: bool, papers: bool, late: bool) -> Shown:
    """What all tracks show: our manifest is known not to be accepted only where a living feed would have told us."""
    facts, clearance = bench.facts, about.clearance
    accepted = facts.manifest.accepted or clearance.manifest or clearance.progress
    unseen = facts.manifest_hearing.deaf or facts.outage_on or deaf
    manifest = True if accepted is not None else None if unseen else False
    refused = facts.manifest.rejected is not None
    return Shown(kind, clearance, manifest, refused, papers, late)


def _tight(bench: Bench, shipment: Shipment, due: datetime) -> None:
    """A promise that ends too near the ETA is listed, and told at once when it ends after it (T3)."""
    if due <= bench.eta.at - bench.policy.urgent_before:
        return
    level = Level.WARN if due > bench.eta.at else Level.LATE
    bench.holds.append(
        Hold(Kind.TIGHT, shipment.id, Cause.BROKER, level, fact=False, stops=False, detail={"due": due.isoformat()})
    )
