"""Any broker's or TMS's HTTP API: where things are and what its words mean is what an operator wrote, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, key_of, transaction_key
from bot.domain.report import Report
from bot.domain.status import GOOD, SEVERITY, Authority, Status, Track
from bot.feeds.asked import Subject, unwrap
from bot.feeds.codes import Codes
from bot.feeds.json_fields import Bad, parsed
from bot.feeds.json_paths import found, rebuilt, text_at
from bot.feeds.latest import Told, ahead, standing
from bot.feeds.protocol import Places, Problem, Reader, Reading
from bot.feeds.stamps import Stamp, believed, compact, iso, made
from bot.feeds.texts import plain
from bot.feeds.wordtable import key_of_word, table_of, track_of, word_of

_MOST_ITEMS = 10_000
_LONGEST = 40
_NEVER = Stamp(None)
#: From here on a word is bad news, or may be: a time that stands beside it does not make it better.
_BAD = SEVERITY[Status.UNKNOWN]


@dataclass(frozen=True, slots=True)
class _Said:
    """What an item says, by which words, and when."""

    status: Status
    raw: str
    at: Stamp = _NEVER
    note: str = ""


@dataclass(slots=True)
class _Answer:
    """One answer on its way to a Reading."""

    reader: Reader
    received: datetime
    table: Codes
    subject: Subject | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def places(self) -> Places:
        return self.reader.places

    def problem(self, where: str, why: str, code: str = "") -> None:
        self.problems.append(Problem(where, why, code))

    def items(self, top: object) -> Sequence[object] | None:
        """The shipments it lists; None when there is no such list. Raises Bad."""
        items = [top] if not self.places.items else found(top, self.places.items)
        if items is not None and len(items) > _MOST_ITEMS:
            self.problem("file", f"it has {len(items)} shipments: the first {_MOST_ITEMS} were read")
        return None if items is None else [item for item in items[:_MOST_ITEMS] if item is not None]

    def number(self, item: object) -> Subject:
        """Whom an item is about; raises Bad."""
        key = key_of(text_at(item, self.places.number)) if self.places.number else ""
        if key and (len(key) > _LONGEST or not key.isprintable()):
            raise Bad(f"{plain(key, _LONGEST)!r} can't be a number")
        if self.subject is not None:
            if key and key != self.subject.key:
                raise Bad(f"it is about {key}, and {self.subject.key} was asked about")
            return self.subject
        if not key:
            raise Bad(f"it has no number at {self.places.number}" if self.places.number else "it names no number")
        return Subject(NumberKind.CCN, key)

    def time(self, item: object, path: str, where: str) -> Stamp:
        """A time, of none when there is none to believe; a bad one is a problem but does not cost the item."""
        text = text_at(item, path)
        if not text:
            return _NEVER
        zone = self.reader.zone
        stamp = believed(compact(text, "", zone) if text.isdecimal() else iso(text, zone), self.received)
        if stamp.why and not stamp.certain:
            self.problem(f"{where}, {path}", stamp.why)
        return stamp

    def said(self, item: object, where: str) -> _Said | None:
        """What an item says; None when it says nothing. Raises Bad."""
        worded, dated = self._word(item, where), self._dates(item, where)
        if worded is not None and SEVERITY[worded.status] >= _BAD:
            return worded
        sure = [one for one in dated if not ahead(one.status, one.at.utc, self.received)]
        last = max(sure, key=self._counts, default=None)
        if last is None or SEVERITY[last.status] < _BAD:
            last = max(dated, key=self._counts, default=None)
        best = last or worded or self._nothing(where)
        return best and self._only_if(item, best)

    def _nothing(self, where: str) -> _Said | None:
        """What an item without a status says."""
        if self.places.absent or self.places.dated:
            return _Said(Status(self.places.absent), "") if self.places.absent else None
        self.problem(where, f"it has no status at {self.places.status}: counted as UNKNOWN")
        return _Said(Status.UNKNOWN, "")

    def _word(self, item: object, where: str) -> _Said | None:
        raw = plain(text_at(item, self.places.status), 80)
        at = self.time(item, self.places.time, where)
        if not raw:
            return None
        word = word_of(raw)
        status = self.table.table.get(key_of_word(word))
        if status is None:
            self.problem(where, f"the word {raw!r} is not known: counted as UNKNOWN", key_of_word(word))
        return _Said(status or Status.UNKNOWN, raw, at)

    def _dates(self, item: object, where: str) -> list[_Said]:
        """What is said by a time that stands somewhere."""
        named = [(path, Status(name), self.time(item, path, where)) for path, name in self.places.dated.items()]
        found = [_Said(status, path, at) for path, status, at in named if at.utc is not None]
        for path, status, at in named:
            if SEVERITY[status] >= _BAD and at.utc is None and (text := plain(text_at(item, path), 80)):
                # Bad news whose time nobody can read is bad news or none: no good word stands beside it unsaid.
                found.append(_Said(Status.UNKNOWN, path, Stamp(self.received), f"{path} reads {text!r}"))
        return found

    def _counts(self, said: _Said) -> tuple[datetime, int]:
        """When a word that stands by its time counts: bad news of a double time from its second (F1)."""
        at = said.at.of(said.status, self.received) or self.received
        return (min(at, self.received) if SEVERITY[said.status] < _BAD else at, SEVERITY[said.status])

    def _only_if(self, item: object, said: _Said) -> _Said:
        """Good news only while other fields read as they must; else the entry is on file, and no more is known."""
        if said.status not in GOOD:
            return said
        for path, wanted in self.places.only_if.items():
            reads = plain(text_at(item, path), 80)
            if word_of(reads) not in {word_of(word) for word in wanted}:
                note = f"{said.raw}, but {path} reads {reads!r}" if reads else f"{said.raw}, but {path} is empty"
                return _Said(Status.ON_FILE, said.raw, said.at, note)
        return said

    def told(self, where: str, item: object, position: int) -> Told | None:
        """An item as a report, and when it was so; None when it says nothing. Raises Bad."""
        places, about = self.places, self.number(item)
        said = self.said(item, where)
        if said is None:
            return None
        transaction = transaction_key(text_at(item, places.transaction))
        if len(transaction) > _LONGEST or not transaction.isprintable():
            self.problem(f"{where}, {places.transaction}", f"{plain(transaction, 40)!r} can't be a number: left out")
            transaction = ""
        notes = (said.note, plain(text_at(item, places.note, 2000)))
        report = Report(
            kind=about.kind,
            key=about.key,
            status=said.status,
            track=track_of(said.status),
            raw=said.raw,
            text=said.raw,
            prepared=made(said.at, said.at, said.status, self.received) if said.at.utc else None,
            at=said.at.utc,
            office=plain(text_at(item, places.office), 10),
            transaction=transaction,
            note=" / ".join(note for note in notes if note),
            position=position,
            authority=Authority.BROKER,
        )
        return Told(report, said.at.of(said.status, self.received))

    def absent(self) -> Report | None:
        """What it says that a number is not listed; None: nothing."""
        if self.subject is None or not self.places.absent:
            return None
        status = Status(self.places.absent)
        kind, key = self.subject.kind, self.subject.key
        return Report(kind, key, status, track_of(status), "", "not listed", position=1, authority=Authority.BROKER)


class JsonPoll:
    """Statuses from an API that is asked, by the settings `answer` and `words` of its feed."""

    name: str = "json_poll"
    version: int = 1
    authority: Authority = Authority.BROKER
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset(Direction)
    weak: Mapping[str, str] = {}

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports of what still stands, item by item: a bad one is a problem with its index, the others are read."""
        subject, answer = unwrap(body)
        ref = subject.key if subject else ""
        table = table_of(reader)
        one = _Answer(reader, received, table, subject, list(table.problems))
        try:
            items = one.items(parsed(answer))
        except Bad as why:
            return Reading(problems=(*one.problems, Problem("file", f"{why}: nothing in it was read")), ref=ref)
        if items is None:
            one.problem("file", f"there is no {reader.places.items} in it: nothing in it was read")
            return Reading(problems=tuple(one.problems), ref=ref)
        told = self._told(one, items)
        absent = one.absent() if not items else None
        return Reading(standing(told, received) or ((absent,) if absent else ()), (), tuple(one.problems), ref)

    def _told(self, one: _Answer, items: Sequence[object]) -> list[Told]:
        told = []
        for index, item in enumerate(items):
            where = f"item {index}"
            try:
                said = one.told(where, item, index + 1)
            except Bad as why:
                one.problem(where, f"{why}: this one was not read")
            else:
                told += [said] if said is not None else []
        return told


def unsound(body: bytes) -> str:
    """Why an answer is none (a page of a proxy, say); '' when it is one."""
    try:
        parsed(unwrap(body)[1])
    except Bad as why:
        return str(why)
    return ""


def parts(body: bytes, places: Places) -> list[tuple[str, bytes]]:
    """An answer that lists many numbers as one answer for each, about its number; what names none stays together.

    So that a list of five hundred is not stored again when one of them moves.
    """
    try:
        items = found(parsed(body), places.items) if places.items.endswith("[*]") and places.number else None
    except Bad:
        items = None
    if not items or len(items) > _MOST_ITEMS:
        return [("", body)]
    by: dict[str, list[object]] = {}
    for item in items:
        by.setdefault(_about(item, places), []).append(item)
    return [(about, rebuilt(places.items, own)) for about, own in by.items()]


def _about(item: object, places: Places) -> str:
    try:
        key = key_of(text_at(item, places.number))
    except Bad:
        return ""
    return str(Subject(NumberKind.CCN, key)) if Subject.parse(f"ccn {key}") else ""


SOURCE = JsonPoll()
