"""A person's word about a release: what of it stands beside what customs says (RULES F4)."""

from collections.abc import Sequence

from bot.domain.order import arrival, received_at, said_at
from bot.domain.report import Report
from bot.domain.status import SILENT, Authority, Status

_PERSON_BAD = frozenset({Status.NO_RELEASE})


def standing_words(words: Sequence[Report], facts: list[Report]) -> tuple[Report | None, Report | None]:
    """The last word of a person, as (good, bad), unless a customs report later than it has come (F4)."""
    if not words:
        return None, None
    last = max(words, key=lambda w: (received_at(w), w.status in _PERSON_BAD, arrival(w)))
    customs = [r for r in facts if r.authority is Authority.CUSTOMS and r.status not in SILENT]
    if last.status in _PERSON_BAD:
        beaten = any(_beats_bad_word(r, last) for r in customs)
        return None, None if beaten else last
    at = received_at(last)
    beaten = any(said_at(r) > at or received_at(r) > at for r in customs)
    return (None if beaten else last), None


def _beats_bad_word(report: Report, word: Report) -> bool:
    at = received_at(word)
    return said_at(report) > at and received_at(report) > at
