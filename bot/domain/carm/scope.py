"""Which records speak of one importer's account with one broker for one load."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.carm.evidence import OWN_ITEMS, WITHDRAWN, Evidence, Item, Source, allowed
from bot.domain.carm.grades import Grade, grade


class Changed(StrEnum):
    """What makes older answers void: another `broker` (delegation), another `consignee`, `importer` or `terms` of sale
    (importer of record), first `dutiable` goods of an importer that had nothing to pay (zero-payable states)."""

    BROKER = "broker"
    CONSIGNEE = "consignee"
    IMPORTER = "importer"
    TERMS = "terms"
    DUTIABLE = "dutiable"


@dataclass(frozen=True, slots=True)
class Change:
    """One such change and when it was known."""

    what: Changed
    at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom it is asked: importer and broker as party ids, `rm` the four digits after RM ("" = not known), and the
    load ("" = in general)."""

    importer: str
    rm: str = ""
    broker: str = ""
    load: str = ""
    changes: tuple[Change, ...] = ()


def order(record: Evidence) -> tuple[datetime, int, datetime, str]:
    """Newer is later; of words of one moment the worse one is."""
    return record.said, grade(record.item, record.state).worse, record.recorded, record.id


def newest(records: Sequence[Evidence]) -> dict[Source, Evidence]:
    """The newest record of each source."""
    found: dict[Source, Evidence] = {}
    for record in records:
        if record.source not in found or order(record) > order(found[record.source]):
            found[record.source] = record
    return found


def standing_records(records: Iterable[Evidence]) -> list[Evidence]:
    """The records that no other took back or replaced, oldest first; a taken-back replacement replaces nothing."""
    gone: set[str] = set()
    kept = []
    for record in sorted(records, key=lambda e: (e.recorded, bool(e.supersedes), e.id), reverse=True):
        if record.id in gone or not allowed(record):
            continue
        if record.supersedes:
            gone.add(record.supersedes)
        if record.state != WITHDRAWN:
            kept.append(record)
    return kept[::-1]


def accounts(records: Iterable[Evidence], subject: Subject) -> list[Subject]:
    """The subject for each account that it may be: itself when its RM is known or no record names one."""
    if subject.rm:
        return [subject]
    named = sorted({e.rm for e in records if e.rm and e.importer == subject.importer})
    return [replace(subject, rm=rm) for rm in named] or [subject]


_FOR_ALL = (Item.DELEGATION, "approved_all")


def scoped(records: Sequence[Evidence], subject: Subject) -> list[Evidence]:
    """The records that speak of the subject, as they are to be read for it."""
    inside = [e for e in records if e.importer == subject.importer and _of_pair(e, subject)]
    mine = [e for e in inside if e.rm in ("", subject.rm) or (e.item, e.state) == _FOR_ALL]
    delegations = [e for e in inside if e.item is Item.DELEGATION]
    own = newest([e for e in delegations if e.rm == subject.rm != ""])
    if not any(grade(e.item, e.state) in (Grade.GOOD, Grade.WEAK) for e in own.values()):
        others = (e for e in delegations if e.rm not in ("", subject.rm))
        mine += [replace(e, state="other_rm_only") for e in others if e.state == "approved_this_rm"]
    return mine


def _of_pair(record: Evidence, subject: Subject) -> bool:
    if record.broker not in ("", subject.broker):
        return False
    if record.item is Item.RELEASE_PLAN:
        return record.load == subject.load
    return record.item is not Item.IOR or record.load in ("", subject.load)


def own_records(records: Sequence[Evidence]) -> list[Evidence]:
    """The records of the carrier's own checklist."""
    return [e for e in records if not e.importer and e.item in OWN_ITEMS]
