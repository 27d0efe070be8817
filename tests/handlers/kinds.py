"""One brief for each kind of hold in each of its situations, as a function of the hours before the ETA."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.brief import Brief
from bot.domain.facts import Facts, Question, Sticker
from bot.domain.journey import Journey
from bot.domain.load import Direction, ShipmentType
from bot.domain.manifest import UNSEEN, Manifest
from bot.domain.status import TOO_EARLY, WITHDRAWN, Authority, Status, Track
from tests.handlers.briefs import (
    ALIVE,
    BOTH,
    BRIDGE,
    CANT_TELL,
    DEAD,
    MANIFEST,
    TRANSACTION,
    about,
    accepted,
    before,
    brief,
    load,
    one,
    pars,
    person,
    report,
)
from tests.handlers.carmkinds import CARM

BASE = Facts(manifest=MANIFEST, crossing=BRIDGE, crossings=BOTH)
UNCOVERED_BY_FEEDS = about(hearing=replace(ALIVE, ear=None))
PAPS = pars(type=ShipmentType.PAPS)
SOUTH = load(PAPS, direction=Direction.US)
NO_MANIFEST = replace(BASE, manifest=UNSEEN, manifest_hearing=ALIVE)
REFUSED = Manifest(rejected=report(Status.REJECTED, 3, Track.MANIFEST, reason="E17", raw="S002"))
NAMED = report(Status.ON_FILE, 6, Track.MANIFEST, carries=(("truck", "91"),))
OF_TWO = replace(
    BASE,
    journey=Journey(against=report(Status.NOT_MATCHED, 3, Track.MATCH)),
    about={"s1": about([accepted()]), "s2": about([accepted()])},
)
TAKEN_BACK = report(Status.ON_FILE, 5, raw="14", reason=WITHDRAWN)

Made = Callable[[float], Brief]


def _told(*reports: object, **more: object) -> Made:
    return lambda hours: one(told=about(reports, **more), hours=hours)  # type: ignore[arg-type]


def _trip(facts: Facts, **more: object) -> Made:
    good = about([accepted()])
    return lambda hours: one(told=good, facts=facts, load_=load(pars(), **more), hours=hours)


def _refiled() -> Made:
    other = report(Status.SENT, 4, transaction="99990000000011", authority=Authority.BROKER, by="PCB page", feed="pcb")
    return _told(accepted(6), other)


KINDS: dict[str, Made] = {
    **CARM,
    "not_matched": lambda h: one(hours=h),
    "not_matched-guess": lambda h: one(pars(papers=None), hours=h),
    "not_matched-promise": lambda h: one(pars(papers=1.9), hours=h),
    "not_matched-deciding": _told(report(Status.MATCHED, 5, Track.MATCH)),
    "not_matched-ours": lambda h: one(hours=h, facts=replace(BASE, manifest=REFUSED)),
    "not_matched-unseen": lambda h: one(hours=h, facts=NO_MANIFEST),
    "not_matched-unseen-guess": lambda h: one(pars(papers=None), hours=h, facts=NO_MANIFEST),
    "not_matched-despite": _told(
        report(Status.NOT_MATCHED, 5, Track.MATCH, feed="d4"),
        report(Status.READY, 4, authority=Authority.BROKER, by="PCB page", feed="pcb"),
    ),
    "not_matched-asked": lambda h: one(told=about(asked=Question(before(h + 0.5), "rns"), can_ask=True), hours=h),
    "not_matched-folder": _told(report(Status.ON_FILE, 7, Track.MATCH), hearing=CANT_TELL),
    "not_matched-folder-silent": _told(hearing=CANT_TELL),
    "no_release": _told(report(Status.NO_RELEASE, 5, raw="14 01")),
    "no_release-guess": lambda h: one(pars(papers=None), about([report(Status.NO_RELEASE, 5)]), h),
    "no_release-promise": lambda h: one(pars(papers=1.9), about([report(Status.NO_RELEASE, 5)]), h),
    "no_release-ours": lambda h: one(
        told=about([report(Status.NO_RELEASE, 5)]), hours=h, facts=replace(BASE, manifest=REFUSED)
    ),
    "no_release-phone": lambda h: one(told=about((), [person(Status.NO_RELEASE, 5)]), hours=h),
    "no_cargo": _told(report(Status.NO_CARGO, 5, Track.MATCH)),
    "link_broken": _told(accepted(7), report(Status.NOT_MATCHED, 5, Track.MATCH)),
    "rejected-despite": _told(
        report(Status.REJECTED, 5, reason="Y50", raw="12", received=before(3.5)),
        report(Status.READY, 4, feed="gateway", transaction=TRANSACTION),
    ),
    "rejected": _told(report(Status.REJECTED, 5, reason="Y50", note="value missing", raw="12")),
    "docs_required": _told(report(Status.HELD, 5, reason="docs", raw="Y51")),
    "other_filer": lambda h: one(
        told=replace(about([accepted()]), broker=replace(about().broker, filers=frozenset({"77777"}))), hours=h
    ),
    "exam": _told(report(Status.EXAM, 5, raw="5")),
    "exam-held": _told(report(Status.HELD, 5, raw="7")),
    "exam-trip": _trip(replace(BASE, journey=Journey(held=report(Status.HELD, 3, raw="HTR")))),
    "do_not_load": _told(report(Status.DO_NOT_LOAD, 5, Track.AGENCY, hold_key="6H", raw="6H")),
    "agency_hold": _told(report(Status.HELD, 5, Track.AGENCY, hold_key="CFIA-7", raw="H")),
    "agency_pending": lambda h: one(pars(agency="CFIA"), about([accepted()]), h),
    "our_manifest": _trip(replace(BASE, manifest=Manifest(), manifest_hearing=ALIVE)),
    "our_manifest-no_trip": _trip(replace(BASE, manifest=Manifest(), manifest_hearing=ALIVE), trips=()),
    "our_manifest-rejected": _trip(replace(BASE, manifest=REFUSED)),
    "our_manifest-phone": _trip(replace(BASE, manifest=Manifest(rejected=person(Status.REJECTED, 3)))),
    "our_manifest-names": _trip(replace(BASE, journey=Journey(named=(NAMED,))), truck="88"),
    "our_manifest-cargo": _told(report(Status.REJECTED, 5, Track.MANIFEST, reason="E09")),
    "entry_missing": lambda h: one(PAPS, hours=h, load_=SOUTH),
    "entry_missing-guess": lambda h: one(own := pars(papers=None, type=ShipmentType.PAPS), hours=h, load_=load(own)),
    "entry_missing-promise": lambda h: one(own := pars(papers=1.9, type=ShipmentType.PAPS), hours=h, load_=load(own)),
    "entry_missing-deciding": lambda h: one(PAPS, about([report(Status.AWAITING_PROCESSING, 5)]), h, load_=SOUTH),
    "entry_missing-ours": lambda h: one(PAPS, hours=h, load_=SOUTH, facts=replace(BASE, manifest=REFUSED)),
    "entry_withdrawn": lambda h: one(PAPS, about([accepted(7), TAKEN_BACK]), h, load_=SOUTH),
    "inbond_missing": lambda h: one(pars(type=ShipmentType.INBOND, number="257700030"), hours=h),
    "csa_plan": lambda h: one(pars(type=ShipmentType.CSA), hours=h),
    "number_missing": lambda h: one(pars(number=""), hours=h),
    "number_missing-load": lambda h: brief(load(), BASE, h, state="open", raised_at=before(3)),
    "number_mismatch": _told(near="SMPLPARS1OO123"),
    "number_mismatch-ours": _told(near="SMPLPARS1OO123", sticker=Sticker(True, "SMPLPARS1OO123", before(5), "Maria")),
    "number_mismatch-theirs": _told(accepted(7), sticker=Sticker(False, "SMPLPARS1OO123", before(5), "Maria")),
    "number_reused": _told(earlier="1190"),
    "number_reused-code": _told(report(Status.REJECTED, 5, reason="464")),
    "port_mismatch": _told(accepted(office="0410")),
    "unwatched": lambda h: one(told=UNCOVERED_BY_FEEDS, hours=h),
    "unwatched-guess": lambda h: one(pars(papers=None), UNCOVERED_BY_FEEDS, h),
    "unwatched-dead": _told(hearing=DEAD),
    "unwatched-manifest": _trip(replace(BASE, manifest=Manifest(), manifest_hearing=DEAD)),
    "stale": lambda h: one(
        told=replace(about([accepted(5)]), asked=Question(before(4.6), "rns"), can_ask=True), hours=h
    ),
    "tight": lambda h: one(pars(papers=4.2), hours=h),
    "tight-after": lambda h: one(pars(papers=2.9), hours=h),
    "overdue": lambda h: one(told=about(hearing=ALIVE), hours=h),
    "unread": _told(report(Status.UNKNOWN, 5, raw="ZZ9")),
    "unread-after-good": _told(accepted(7), report(Status.UNKNOWN, 5, raw="ZZ9")),
    "unread-trip": _trip(replace(BASE, journey=Journey(unread=report(Status.UNKNOWN, 5, raw="ZZ9")))),
    "unread-which": lambda h: brief(
        load(pars(), pars("s2", "SMPLPARS2")), OF_TWO, h, state="open", raised_at=before(3)
    ),
    "checking": lambda h: one(told=about([accepted(7), report(Status.NOT_MATCHED, h + 0.02, Track.MATCH)]), hours=h),
    "checking-refiled": _refiled(),
    "outage": lambda h: one(hours=h, facts=replace(BASE, outage_on=True)),
}
#: A kind that shows only at one hour.
ONLY = {"stale": 0.7, "tight": 3.0, "tight-after": 2.5, "overdue": -0.5}

GOOD: dict[str, Brief] = {
    "go": one(told=about([accepted()]), state=""),
    "go-asked": one(told=about([accepted()], asked=Question(before(1.9), "rns"), can_ask=True), state=""),
    "go-answered": one(
        told=about([accepted()], asked=Question(before(2), "page", before(1.9), of="page"), can_ask=True), state=""
    ),
    "go-by-phone": one(told=about((), [person(Status.READY, 1.9)]), state=""),
    "go-released": one(told=about([report(Status.RELEASED, 2, transaction=TRANSACTION)]), state=""),
    "go-overdue": one(told=about([accepted()]), hours=-0.5, state=""),
    "but-not_before": one(
        told=about([accepted()]),
        facts=replace(BASE, manifest=Manifest(accepted=report(Status.ON_FILE, 0.6, Track.MANIFEST))),
        hours=0.5,
        state="",
    ),
    "but-manifest_unseen": one(told=about([accepted()]), facts=replace(BASE, manifest=Manifest()), state=""),
    "but-cfia": one(told=about([report(Status.RELEASED_CONDITIONAL, 3, note="detain, CFIA")]), state=""),
    "but-pay_at_port": one(told=about([accepted(transaction="00000123456789")]), state=""),
    "but-inbond": one(pars(type=ShipmentType.INBOND), about([accepted()]), state=""),
    "but-too_early": one(
        told=about([accepted(), report(Status.WARNING, 4, Track.ARRIVAL, reason=TOO_EARLY)]), state=""
    ),
    "but-stale": one(told=about([accepted()], asked=Question(before(3), "rns"), can_ask=True), state=""),
    "but-by_paper": one(pars(type=ShipmentType.CARNET), state=""),
    "but-disputed": one(
        told=about(
            [
                accepted(),
                report(Status.READY, 6, authority=Authority.BROKER, by="PCB page", feed="pcb"),
                report(Status.NOT_MATCHED, 3, authority=Authority.BROKER, by="PCB page", feed="pcb"),
            ]
        ),
        state="",
    ),
}
