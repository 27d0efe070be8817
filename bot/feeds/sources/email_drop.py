"""Mails of a filer, a broker or the carrier itself, dropped as files: a number by pattern, a status by the words table.

A word counts only where it stands by itself: "Status: Released" says so, "will be released when" does not.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from bot.domain.load import Direction, LoadRow
from bot.domain.numbers import NumberKind, key_of
from bot.domain.report import Report
from bot.domain.status import GOOD, SEVERITY, Authority, Status, Track
from bot.feeds.codes import Codes
from bot.feeds.mail import Mail, mail_of
from bot.feeds.protocol import Places, Problem, Reader, Reading
from bot.feeds.wordtable import key_of_word, table_of, track_of, word_of

#: The official wordings of RNS answers (border-formats 1.2): nobody writes these by chance.
PHRASES: dict[str, Status] = {
    "ccn not on file": Status.NO_RELEASE,
    "transaction number not on file": Status.NO_RELEASE,
    "goods released": Status.RELEASED,
    "goods required for examination referred": Status.EXAM,
    "goods may move detain to destination cfia": Status.RELEASED_CONDITIONAL,
    "declaration accepted awaiting arrival of goods": Status.READY,
    "authorized to deliver csa shipment": Status.RELEASED,
    "declaration accepted awaiting customs processing": Status.AWAITING_PROCESSING,
}
_SHORTEST, _LONGEST = 5, 25
_DIGIT = re.compile(r"\d")
#: What parts a line into what stands by itself: labels from values, and then sentences and what a dash joins.
_BETWEEN = (re.compile(r"[:;|=\t]"), re.compile(r"\s[-–—]+\s|[:;|=\t]|[.!]+(?:\s|$)"))
_DOUBT = re.compile(
    r"\?|\b(?:not|no(?!\s*[.:#\d])|never|nor|non|pas|if|when|once|until|unless|after|before|pending|awaiting|will|would|should|please|"
    r"can|could|may|must|cannot|to be|yet|request(?:ed)?|was|were|previously|test)\b|n't|n’t",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _patterns(codes: tuple[str, ...], numbers: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    # Without a digit behind the code it names a sort of number; a dash at the end is the writer's, not the number's.
    found = [rf"{re.escape(code)}(?=[A-Z-]*\d)[A-Z0-9-]{{0,{_LONGEST - len(code) - 1}}}[A-Z0-9]" for code in codes]
    edges = r"(?<![A-Za-z0-9-])(?:{})(?!-*[A-Za-z0-9])"
    return tuple(re.compile(edges.format(one), re.IGNORECASE) for one in (*found, *numbers))


def numbers_in(text: str, places: Places) -> Iterator[tuple[str, str]]:
    """Each number that a text names: as it stands there, and its key."""
    for pattern in _patterns(places.codes, places.numbers):
        for match in pattern.finditer(text):
            key = key_of(match[0])
            if _SHORTEST <= len(key) <= _LONGEST and _DIGIT.search(key):
                yield match[0], key


@lru_cache(maxsize=1024)
def _segments(line: str) -> tuple[str, ...]:
    """What stands by itself in a line without its numbers: such a line is the same in mail after mail."""
    pieces = [line, *(piece for between in _BETWEEN for piece in between.split(line))]
    return tuple(dict.fromkeys(word for piece in pieces if (word := word_of(piece))))


class _Heard:
    """One mail on its way to a Reading."""

    def __init__(self, mail: Mail, reader: Reader) -> None:
        self.mail, self.places = mail, reader.places
        self.table: Codes = table_of(reader, PHRASES)
        self.problems = [*self.table.problems, *mail.problems]
        #: Each line with the numbers in it: as they stand there, and their keys.
        self.lines = [(line, list(numbers_in(line, self.places))) for line in (mail.subject, *mail.lines)]

    def key(self) -> str:
        """The one number it names; '' when it names none or several, which is a problem."""
        keys = sorted({key for _, numbers in self.lines for _, key in numbers})
        if len(keys) == 1:
            return keys[0]
        if keys:
            shown = ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
            self._problem(f"it names several numbers ({shown}): of none is anything taken")
        else:
            self._problem("it names no number of ours above what it quotes, so nobody is told")
        return ""

    def _problem(self, why: str, code: str = "") -> None:
        self.problems.append(Problem("mail", why, code))

    @property
    def to_broker(self) -> bool:
        """Whether we wrote to a broker, or somebody did with us in copy."""
        mail, places = self.mail, self.places
        ours = set(places.ours) & {*mail.sender, *mail.to}
        return bool(ours) and any(_is(one, places.brokers) for one in mail.to)

    def papers(self, key: str) -> LoadRow | None:
        """That papers went to the broker, at the date of the mail."""
        if self.mail.date is None:
            self._problem("papers went to a broker, and it has no date to believe: type /load NUMBER papers sent TIME")
            return None
        return LoadRow("mail", {"pars": key, "papers_sent": self.mail.date.isoformat(timespec="minutes")})

    def report(self, key: str) -> Report:
        """What it says of a number."""
        said = self._said()
        status, raw = said
        note = f"mail: {self.mail.subject}"[:300]
        if self.mail.attachments:
            note += f" / attached: {', '.join(self.mail.attachments[:5])}"
        return Report(
            NumberKind.CCN,
            key,
            status,
            track_of(status),
            raw,
            raw or "mail",
            prepared=self.mail.date,
            note=note,
            position=1,
            authority=Authority.EMAIL,
        )

    def _said(self) -> tuple[Status, str]:
        """The status and the words that say it; the worst when there are several."""
        found: dict[Status, str] = {}
        doubtful = ""
        for line, numbers in self.lines:
            bare = line
            for written, _ in numbers:
                bare = bare.replace(written, " ")
            for word in _segments(bare):
                status = self.table.table.get(key_of_word(word))
                if status is None:
                    continue
                if status in GOOD and _DOUBT.search(_without(line, word)):
                    doubtful = line
                else:
                    found.setdefault(status, word)
        if doubtful:
            self._problem(f"{doubtful[:80]!r} is not said plainly: counted as UNKNOWN")
            found = {s: w for s, w in found.items() if s not in GOOD} or {Status.UNKNOWN: ""}
        if not found:
            self._problem("no word of its words table stands in it by itself: counted as UNKNOWN")
            return Status.UNKNOWN, ""
        if len(found) > 1:
            self._problem(f"it says {' and '.join(sorted(s.value for s in found))}: the worse one counts")
        worst = max(found, key=SEVERITY.__getitem__)
        return worst, found[worst][:80]


def _without(line: str, word: str) -> str:
    """The line without the words that say its status."""
    spaced = re.sub(r"[^\w?'’]+", " ", line)
    return re.sub(re.escape(word), " ", spaced, count=1, flags=re.IGNORECASE)


def _is(address: str, known: tuple[str, ...]) -> bool:
    """Whether an address is one of those, or of a domain written as @broker.example."""
    return any(address == one or (one.startswith("@") and address.endswith(one)) for one in known)


class EmailDrop:
    """Statuses and papers sent, from mails."""

    name: str = "email_drop"
    version: int = 1
    authority: Authority = Authority.EMAIL
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset(Direction)
    weak: Mapping[str, str] = {}

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """A report on the one number it names, or that papers went to the broker."""
        mail = mail_of(body, received)
        if isinstance(mail, str):
            return Reading(problems=(Problem("file", f"{mail}: nothing in it was read"),))
        heard = _Heard(mail, reader)
        key = heard.key()
        if not key:
            return Reading(problems=tuple(heard.problems))
        if heard.to_broker:
            row = heard.papers(key)
            return Reading((), (row,) if row else (), tuple(heard.problems))
        report = heard.report(key)
        return Reading((report,), (), tuple(heard.problems))


SOURCE = EmailDrop()
