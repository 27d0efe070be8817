"""Who is heard on each item: the newest of each source, less what a higher source said since; time plays no part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.carm.calendar import (
    day_of,
    end_of,
    next_deadline,
    next_due,
    notice_end,
    reviewed_away,
)
from bot.domain.carm.changes import says_dutiable
from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.grades import ZERO, Grade, grade
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Changed, Subject, newest, order

SECURED = frozenset({Item.RPP, Item.SECURITY})
#: Sources that know from the release itself.
CONFIRMING = frozenset({Source.RNS_EVENT, Source.BROKER_SAID})


class Void(StrEnum):
    """Why a good word counts no more: a later `reject` for lack of security, or what changed."""

    REJECT = "reject"
    BROKER = "broker"
    CONSIGNEE = "consignee"
    IMPORTER = "importer"
    TERMS = "terms"
    DUTIABLE = "dutiable"


@dataclass(frozen=True, slots=True)
class Voice:
    """One word that counts, and what ends it: `fresh_until` is the end of a release's first age, `voided` the moment of
    what made it `void`."""

    evidence: Evidence
    grade: Grade
    until: datetime | None = None
    fresh_until: datetime | None = None
    void: Void | None = None
    voided: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether it still counts; only good words end."""
        return self.void is None and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Heard:
    """All that is heard on one subject. `blank` holds the items whose newest word is "don't know"; `zero` is the word
    that nothing has to be secured, also a stale one, until a better word replaces it; `open_reject` stands until a
    broker or a feed says better."""

    voices: dict[Item, tuple[Voice, ...]]
    blank: dict[Item, Evidence]
    zero: Evidence | None = None
    open_reject: Evidence | None = None


def hear(records: Sequence[Evidence], subject: Subject, rules: CarmRules) -> Heard:
    """What counts of the subject's records, whatever the time is."""
    by_item: dict[Item, list[Evidence]] = {}
    for record in records:
        if says_dutiable(record):
            continue
        if record.item is not Item.LAST_GOOD_RELEASE or day_of(record.said, rules) >= rules.enforced:
            by_item.setdefault(record.item, []).append(record)
    words = {item: newest(of) for item, of in by_item.items()}
    releases = _sayings(words, Item.LAST_GOOD_RELEASE)
    rejects = _unanswered(_sayings(words, Item.LAST_RPP_REJECT))
    reject = max((e for e in rejects if e.state == "rejected"), key=order, default=None)
    voices, blank = {}, {}
    for item in words:
        heard = _sayings(words, item)
        if item is Item.RPP:
            heard = [e for e in heard if not _cured(e, releases)]
        ends = _Ends(subject, rules, reject)
        voices[item] = tuple(ends.voice(e) for e in _unanswered(heard))
        if not voices[item]:
            blank[item] = max(words[item].values(), key=order)
    open_reject = reject if reject is not None and not _answered(reject, words) else None
    return Heard(voices, blank, _zero(by_item, subject), open_reject)


def _sayings(words: dict[Item, dict[Source, Evidence]], item: Item) -> list[Evidence]:
    return [e for e in words.get(item, {}).values() if grade(item, e.state) is not Grade.NOTHING]


def _unanswered(records: list[Evidence]) -> list[Evidence]:
    """Without those that a higher source has spoken after, highest source first."""
    left = (e for e in records if not any(o.source.rank > e.source.rank and o.said >= e.said for o in records))
    return sorted(left, key=lambda e: -e.source.rank)


def _cured(record: Evidence, releases: list[Evidence]) -> bool:
    """Whether a release proved later that the account works again."""
    bad = grade(record.item, record.state) is Grade.BAD
    return bad and any(r.said > record.said and r.source.rank >= record.source.rank for r in releases)


def _answered(reject: Evidence, words: dict[Item, dict[Source, Evidence]]) -> bool:
    later = (
        e
        for item in (Item.RPP, Item.LAST_GOOD_RELEASE)
        for e in words.get(item, {}).values()
        if e.source in CONFIRMING and grade(item, e.state) is Grade.GOOD
    )
    return any(e.said > reject.said for e in later)


def _zero(by_item: dict[Item, list[Evidence]], subject: Subject) -> Evidence | None:
    """The word that nothing has to be secured. Only a better word or dutiable goods end it: neither time nor a bad
    word may turn a debt that blocks into one that does not."""
    for item in (Item.RPP, Item.SECURITY):
        good = [e for e in by_item.get(item, []) if grade(item, e.state) is Grade.GOOD]
        for record in _unanswered(list(newest(good).values())):
            if (item, record.state) in ZERO and _changed(record, subject) is None:
                return record
    return None


_VOIDS = {
    Changed.BROKER: lambda e: e.item is Item.DELEGATION and not e.broker,
    Changed.CONSIGNEE: lambda e: e.item is Item.IOR,
    Changed.IMPORTER: lambda e: e.item is Item.IOR,
    Changed.TERMS: lambda e: e.item is Item.IOR,
    Changed.DUTIABLE: lambda e: (e.item, e.state) in ZERO,
}


def _changed(record: Evidence, subject: Subject) -> tuple[Void, datetime] | None:
    """The first of the changes that made a word void, and when that was."""
    found = [c for c in subject.changes if record.said < c.at and _VOIDS[c.what](record)]
    first = min(found, key=lambda c: c.at, default=None)
    return (Void(first.what.value), first.at) if first else None


@dataclass(frozen=True, slots=True)
class _Ends:
    """What ends a good word."""

    subject: Subject
    rules: CarmRules
    reject: Evidence | None

    def voice(self, record: Evidence) -> Voice:
        worth = grade(record.item, record.state)
        if worth is not Grade.GOOD:
            return Voice(record, worth)
        void, voided = self._void(record) or (None, None)
        return Voice(record, worth, self._until(record), self._fresh(record), void, voided)

    def _void(self, record: Evidence) -> tuple[Void, datetime] | None:
        proof = record.item in SECURED or record.item is Item.LAST_GOOD_RELEASE
        if proof and self.reject is not None and record.said <= self.reject.said:
            return Void.REJECT, self.reject.said
        return _changed(record, self.subject)

    def _fresh(self, record: Evidence) -> datetime | None:
        if record.item is not Item.LAST_GOOD_RELEASE:
            return None
        return self._after(record, self.rules.release_fresh_days)

    def _until(self, record: Evidence) -> datetime | None:
        item, rules = record.item, self.rules
        ends = []
        if (days := rules.days_of(item)) is not None:
            ends.append(self._after(record, days))
        if record.valid_until is not None:
            ends.append(end_of(record.valid_until, rules))
        if item is Item.LAST_GOOD_RELEASE:
            ends += [self._after(record, rules.release_known_days), reviewed_away(record.said, rules)]
        if item in SECURED:
            review = next_deadline if rules.review_ends_positives else reviewed_away
            ends.append(review(record.said, rules))
        if item is Item.ACCOUNT_STANDING:
            ends.append(end_of(next_due(day_of(record.said, rules), rules), rules))
        if item is Item.REVIEW_NOTICE:
            ends.append(notice_end(record.said, rules))
        return min(ends, default=None)

    def _after(self, record: Evidence, days: int) -> datetime:
        return end_of(day_of(record.said, self.rules) + timedelta(days=days), self.rules)
