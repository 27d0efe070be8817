"""CBSA eManifest notices: GOVCBR D4, D.13A and D.11B (border-formats 2.1, 2.4, 8.2)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, transaction_check, transaction_key
from bot.domain.status import GOOD, Authority, Status, Track
from bot.feeds.cbsa import Dialect, Named, Verdict, hear, part, worst
from bot.feeds.codes import Codes, codes
from bot.feeds.edifact import Message
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.texts import plain

#: Code or whole phrase to (status, meaning). Four-digit codes beyond these were not found: see doctor.
MEANINGS: dict[str, tuple[Status, str]] = {
    "STS:0001": (Status.MATCHED, "matched"),
    "STS:0002": (Status.NOT_MATCHED, "not matched"),
    "STS:0003": (Status.ON_FILE, "cargo complete"),
    "STS:S001": (Status.SENT, "message accepted for processing"),
    "STS:S002": (Status.REJECTED, "message refused"),
    "TEXT:MATCHED": (Status.MATCHED, "matched"),
    "TEXT:NOT MATCHED": (Status.NOT_MATCHED, "not matched"),
    "TEXT:CARGO COMPLETE": (Status.ON_FILE, "cargo complete"),
    "TEXT:DOCUMENT PACKAGE COMPLETE": (Status.MATCHED, "document package complete"),
    "TEXT:DOCUMENT NOT ON FILE": (Status.NO_CARGO, "document not on file"),
    "TEXT:REPORTED": (Status.ARRIVED, "reported"),
    "TEXT:ARRIVED": (Status.ARRIVED, "arrived"),
    "TEXT:RELEASED": (Status.RELEASED, "released"),
    "TEXT:AUTHORIZED TO DELIVER": (Status.RELEASED, "authorized to deliver"),
    "TEXT:HELD": (Status.HELD, "held"),
    "TEXT:DE CONSOLIDATION": (Status.WARNING, "de-consolidation"),
    "TEXT:DECONSOLIDATION": (Status.WARNING, "de-consolidation"),
}
_TABLE = {code: status for code, (status, _) in MEANINGS.items()}
_TRACKS = {
    Status.ON_FILE: Track.MANIFEST,
    Status.SENT: Track.MANIFEST,
    Status.REJECTED: Track.MANIFEST,
    Status.RELEASED: Track.RELEASE,
    Status.RELEASED_CONDITIONAL: Track.RELEASE,
    Status.READY: Track.RELEASE,
    Status.AWAITING_PROCESSING: Track.RELEASE,
    Status.NO_RELEASE: Track.RELEASE,
    Status.HELD: Track.RELEASE,
    Status.EXAM: Track.RELEASE,
    Status.ARRIVED: Track.ARRIVAL,
}
#: Documents that are release requests: their number is a transaction number. All others are cargo.
_RELEASE_REQUESTS = frozenset({"929", "961"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Heard(Named):
    """What one notice names and says."""

    stated: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def bgm(self, parts: list[list[str]]) -> None:
        """The document the notice is about: its type is the name's code, or that code's fourth component."""
        request = bool({part(parts, 1), part(parts, 1, 3)} & _RELEASE_REQUESTS)
        self.number("BGM", NumberKind.TRANSACTION if request else NumberKind.CCN, part(parts, 2))

    def rff(self, parts: list[list[str]]) -> None:
        """The related document (ACE): the release of a cargo document, or the cargo of a release."""
        value, kind = part(parts, 1, 1), part(parts, 1, 3) or part(parts, 1, 4)
        if part(parts, 1) != "ACE" or not value:
            return
        digits = transaction_key(value)
        fits = not kind and len(digits) == 14 and digits.isdecimal() and transaction_check(digits)
        if kind in _RELEASE_REQUESTS or fits:
            self.number("RFF", NumberKind.TRANSACTION, value)
        elif not self.keys and self.transactions:
            self.number("RFF", NumberKind.CCN, value)
        else:
            self.notes.append(f"related document {plain(value, 40)}")

    def sts(self, parts: list[list[str]]) -> None:
        """A notice code."""
        code = plain(part(parts, 2, 3).upper(), 40)
        if code:
            self.stated.append(code)

    def say(self, parts: list[list[str]]) -> None:
        """Free text: kept as a note, and read where the whole of it is a notice's own phrase.

        Never a part of it, nor one of its lines: *not* and *released* may stand on two.
        """
        before = len(self.notes)
        self.ftx(parts)
        self.words += [phrase(text) for text in self.notes[before:]]

    def erc(self, parts: list[list[str]]) -> None:
        """An error code of a refused message."""
        self.errors.append(plain(part(parts, 1).upper(), 12))


def phrase(line: str) -> str:
    """A whole text as the table of phrases has it: upper case, single blanks."""
    return _BETWEEN_WORDS.sub(" ", line[:200]).strip().upper()


_Take = Callable[[Heard, list[list[str]]], None]
_SEGMENTS: dict[str, _Take] = {
    "BGM+": Heard.bgm,
    "LOC+": Heard.loc,
    "DTM+": Heard.dtm,
    "STS+": Heard.sts,
    "ERC+": Heard.erc,
    "FTX+": Heard.say,
    "RFF+": Heard.rff,
}


def _known(key: str, table: Codes, reason: str = "") -> Verdict:
    status = table.table[key]
    text = MEANINGS[key][1] if key in MEANINGS else f"notice {key.partition(':')[2]}"
    return Verdict(status, _TRACKS.get(status, Track.MATCH), text, reason if status is Status.REJECTED else "")


def _words(heard: Heard, table: Codes) -> list[Verdict]:
    """What the free text states. Good news counts only where nothing stands beside it that could take it back."""
    known = [_known(f"TEXT:{word}", table) for word in heard.words if f"TEXT:{word}" in table.table]
    if not heard.errors and len(known) == len(heard.words):
        return known
    sure = [v for v in known if v.status not in GOOD]
    if len(sure) < len(known):
        heard.problem("FTX", "it says released beside other text or errors: counted as UNKNOWN, read it")
        sure.append(Verdict(Status.UNKNOWN, Track.RELEASE, "released, with words we cannot read"))
    return sure


def _verdicts(heard: Heard, table: Codes) -> list[Verdict]:
    """At most one verdict that changes state, the worst that codes and words state, one arrival and one warning.

    An unknown code beside a good word stays UNKNOWN: the word may be about something else.
    """
    reason, said = (heard.errors or [""])[0], []
    for code in heard.stated:
        key = next((k for k in (f"STS:{code}", f"TEXT:{phrase(code)}") if k in table.table), None)
        if key:
            said.append(_known(key, table, reason))
        else:
            heard.problem("STS", f"notice code {code!r} is not known: counted as UNKNOWN", f"STS:{code}")
            said.append(Verdict(Status.UNKNOWN, Track.MATCH, f"unknown notice {code}"))
    said += _words(heard, table)
    if not said and heard.errors:
        said.append(Verdict(Status.REJECTED, Track.MANIFEST, "validation failed", reason))
    if not said:
        heard.problem("STS", "it has no notice code and none of the known words: counted as UNKNOWN")
        said.append(Verdict(Status.UNKNOWN, Track.MATCH, "no notice code"))
    return worst(said)


def _raw(heard: Heard, table: Codes) -> str:
    words = [word.capitalize() for word in heard.words if f"TEXT:{word}" in table.table]
    errors = [f"ERC {code}" for code in heard.errors]
    return plain("+".join(dict.fromkeys(heard.stated + words)) or "+".join(errors), 80)


def _hear(message: Message, problems: list[Problem]) -> Heard:
    return hear(Heard(message, problems), _SEGMENTS)


_GOVCBR = Dialect("GOVCBR", _hear, _verdicts, _raw, "BGM", "it names no document")


class CbsaNotices:
    """Completeness, arrival and status notices of eManifest."""

    name: str = "cbsa_notices"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.MATCH})
    directions: frozenset[Direction] = frozenset({Direction.CA})

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports on the document of each notice; a related release gives its transaction number."""
        overrides = {f"TEXT:{phrase(k[5:])}" if k[:5].upper() == "TEXT:" else k: v for k, v in reader.overrides.items()}
        return _GOVCBR.read(body, reader, received, codes(_TABLE, ("STS", "TEXT"), overrides))


SOURCE = CbsaNotices()
