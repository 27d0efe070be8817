"""What the customs sources share: how an EDIFACT message is heard, what it names, and what it comes to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.numbers import NumberKind, key_of, transaction_key
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import SEVERITY, Status, Track
from bot.feeds.codes import Codes
from bot.feeds.edifact import Message, Parsed, elements, parse
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.stamps import Stamp, believed, compact
from bot.feeds.texts import plain

_LONGEST_KEY = 40
_Parts = list[list[str]]


def part(parts: list[list[str]], element: int, component: int = 0) -> str:
    """One component, '' when the segment is shorter."""
    try:
        return parts[element][component].strip()
    except IndexError:
        return ""


@quick
@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing a message says; `rank` puts the code that explains most first among equally bad ones."""

    status: Status
    track: Track
    text: str
    reason: str = ""
    rank: int = 0


@dataclass(slots=True)
class Named:
    """What a message names: numbers with their kinds, the transaction, where and when."""

    message: Message
    problems: list[Problem]
    keys: list[tuple[NumberKind, str]] = field(default_factory=list)
    transactions: list[str] = field(default_factory=list)
    office: str = ""
    sub_location: str = ""
    times: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def problem(self, tag: str, why: str, code: str = "") -> None:
        """Note what is wrong, with the place of this message."""
        self.problems.append(Problem(f"message {self.message.number}, {tag}", why, code))

    def number(self, tag: str, kind: NumberKind, text: str) -> None:
        """Take a number that the message names, unless it can't be one."""
        key = transaction_key(text) if kind is NumberKind.TRANSACTION else key_of(text)
        if not key:
            return
        if len(key) > _LONGEST_KEY or not key.isprintable():
            self.problem(tag, f"{plain(key, _LONGEST_KEY)!r} can't be a number: left out")
        elif kind is NumberKind.TRANSACTION:
            if key not in self.transactions:
                self.transactions.append(key)
        elif (kind, key) not in self.keys:
            self.keys.append((kind, key))

    def dtm(self, parts: list[list[str]]) -> None:
        """A DTM segment; the first of each qualifier stands."""
        self.times.setdefault(part(parts, 1), (part(parts, 1, 1), part(parts, 1, 2)))

    def loc(self, parts: list[list[str]]) -> None:
        """A LOC+22 segment: release office and sub-location."""
        if part(parts, 1) == "22" and not self.office:
            self.office = plain(part(parts, 2), 10)
            self.sub_location = plain(part(parts, 2, 3), 10)

    def ftx(self, parts: list[list[str]]) -> None:
        """An FTX segment: its text, lines joined."""
        text = " ".join(line.strip() for line in [*parts, [], [], [], []][4] if line.strip())
        if text:
            self.notes.append(text)

    def subjects(self) -> list[tuple[NumberKind, str, str]]:
        """Whom the reports are about: kind, key and transaction. With no cargo number it is the transaction itself."""
        alone = [(NumberKind.TRANSACTION, key, key) for key in self.transactions]
        if not self.keys:
            return alone
        one = self.transactions[0] if len(alone) == 1 else ""
        return [(kind, key, one) for kind, key in self.keys] + (alone if len(alone) > 1 else [])

    def prepared(self, reader: Reader, received: datetime) -> Stamp:
        """When the sender made the message: DTM+9, else its interchange's time; of none when not to be believed."""
        if "9" in self.times:
            told = compact(*self.times["9"], reader.zone)
            stamp = believed(told, received)
            self._odd("DTM+9", stamp)
            if told.utc is not None:
                return stamp
        if not self.message.interchange.stamp:
            return Stamp(None)
        stamp = believed(compact(self.message.interchange.stamp, "", reader.zone), received)
        self._odd("UNB", stamp)
        return stamp

    def happened(self, reader: Reader, received: datetime) -> datetime | None:
        """When the thing itself happened (DTM+58), which may be long before the message."""
        if "58" not in self.times:
            return None
        stamp = believed(compact(*self.times["58"], reader.zone), received)
        self._odd("DTM+58", stamp)
        return stamp.utc

    def _odd(self, tag: str, stamp: Stamp) -> None:
        if stamp.why:
            self.notes.append(stamp.why)
            if not stamp.certain:
                self.problem(tag, stamp.why)

    def reports(
        self, said: Iterable[Verdict], raw: str, reader: Reader, received: datetime, before: int
    ) -> Iterator[Report]:
        """A report for each number and verdict, numbered on from those read `before`."""
        prepared, at = self.prepared(reader, received), self.happened(reader, received)
        note = plain(" / ".join(self.notes))
        ref = "/".join(ref for ref in (self.message.interchange.ref, self.message.ref) if ref)
        for kind, key, transaction in self.subjects():
            for v in said:
                before += 1
                yield Report(
                    kind,
                    key,
                    v.status,
                    v.track,
                    raw,
                    v.text,
                    prepared.of(v.status, received),
                    at,
                    self.office,
                    self.sub_location,
                    transaction,
                    "",
                    v.reason,
                    note,
                    before,
                    ref,
                )


def sender_ref(parsed: Parsed) -> str:
    """The control reference of a body: that of its interchange, first and last when there are several."""
    refs = [interchange.ref for interchange in parsed.interchanges if interchange.ref]
    return "" if not refs else refs[0] if len(refs) == 1 else f"{refs[0]}..{refs[-1]}"


HeardT = TypeVar("HeardT", bound=Named)


def hear(heard: HeardT, segments: Mapping[str, Callable[[HeardT, _Parts], None]]) -> HeardT:
    """Tells `heard` every segment of its message that it takes, by tag."""
    for segment in heard.message.segments:
        take = segments.get(segment[:4])
        if take:
            take(heard, elements(segment))
    return heard


def worst(said: Iterable[Verdict]) -> list[Verdict]:
    """At most one verdict that changes state, the worst said, one arrival and one warning."""
    groups: tuple[list[Verdict], list[Verdict], list[Verdict]] = ([], [], [])
    for v in said:
        groups[{Status.ARRIVED: 1, Status.WARNING: 2}.get(v.status, 0)].append(v)
    return [max(group, key=lambda v: (SEVERITY[v.status], v.rank)) for group in groups if group]


@dataclass(frozen=True, slots=True)
class Dialect(Generic[HeardT]):
    """One type of message: what is heard of it, what that comes to, and how it stands in the report as it was sent.

    `subject` is the segment that should name a number, `nameless` what is said when none does.
    """

    type: str
    hear: Callable[[Message, list[Problem]], HeardT]
    verdicts: Callable[[HeardT, Codes], list[Verdict]]
    raw: Callable[[HeardT, Codes], str]
    subject: str
    nameless: str

    def read(self, body: bytes, reader: Reader, received: datetime, table: Codes) -> Reading:
        """Reports on every number that the messages of a body name."""
        parsed = parse(body)
        reports: list[Report] = []
        problems = [*table.problems, *parsed.problems]
        for message in parsed.messages:
            problems += self._reports(message, table, reader, received, reports)
        return Reading(tuple(reports), (), tuple(problems), sender_ref(parsed))

    def _reports(
        self, message: Message, table: Codes, reader: Reader, received: datetime, into: list[Report]
    ) -> list[Problem]:
        if message.type != self.type:
            why = f"it is {plain(message.type, 12)!r}, not {self.type}: not read"
            return [Problem(f"message {message.number}", why)]
        problems: list[Problem] = []
        heard = self.hear(message, problems)
        verdicts = self.verdicts(heard, table)
        if not (heard.keys or heard.transactions):
            heard.problem(self.subject, f"{self.nameless}, so nobody is told: {verdicts[0].text}")
        into.extend(heard.reports(verdicts, self.raw(heard, table), reader, received, len(into)))
        return problems
