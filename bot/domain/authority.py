"""Whom a fold hears: of each question the highest that has spoken (RULES F3)."""

from collections.abc import Sequence

from bot.domain.report import Report
from bot.domain.status import GOOD, SILENT, Authority, Track

_Question = tuple[Track, str]


def by_authority(facts: list[Report]) -> tuple[list[Report], list[Report]]:
    """Reports of the highest authority that has spoken on each question, and all the others.

    Match and release are one question to a lower source once a higher one has accepted. Each key of a hold is a
    question of its own: what customs says of one agency answers nothing about another.
    """
    if not [r for r in facts if r.authority is not Authority.CUSTOMS]:
        return facts, []
    top = _tops(facts)
    heard = [r for r in facts if r.authority >= top.get(_question(r), Authority.PERSON)]
    return heard, [r for r in facts if r.authority < top.get(_question(r), Authority.PERSON)]


def _tops(facts: Sequence[Report]) -> dict[_Question, Authority]:
    top: dict[_Question, Authority] = {}
    for report in facts:
        if report.status not in SILENT:
            for question in {_question(report), (report.track, "")}:
                top[question] = max(report.authority, top.get(question, Authority.PERSON))
    accepted = max((r.authority for r in facts if r.status in GOOD), default=Authority.PERSON)
    for track in (Track.RELEASE, Track.MATCH):
        top[track, ""] = max(top.get((track, ""), Authority.PERSON), accepted)
    return top


def _question(report: Report) -> _Question:
    """What a report answers: an agency that names no hold speaks of all of its track."""
    return report.track, report.hold_key if report.track is Track.AGENCY else ""
