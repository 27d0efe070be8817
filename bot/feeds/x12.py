"""X12 syntax: bytes to transaction sets and their segments. Knows separators and envelopes, and no meaning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from x12.core.exceptions import X12Error
from x12.core.separators import ISA_SEGMENT_LENGTH, X12Separators, derive_x12_separators

from bot.feeds.protocol import Problem

# Not what Python calls white space: to that belong the separators that some gateways use.
_BLANK = " \t\r\n"
_HEAD = re.compile(rf"ISA(?=[^A-Za-z0-9{_BLANK}])")
#: A header whose elements are not padded is at most so long.
_LONGEST_HEAD = 400
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z")
_NOBODY = [""] * 17

#: Why a set was not read, as a 997 says it (AK5-02).
NO_TRAILER, OTHER_NUMBER, OTHER_COUNT, BAD_SEGMENT = "2", "3", "4", "5"


@dataclass(slots=True)
class Interchange:
    """What an ISA says, its elements as written, and the groups that came under it."""

    head: list[str]
    marks: X12Separators
    groups: list["Group"] = field(default_factory=list)
    acknowledged: list[list[str]] = field(default_factory=list)
    closed: bool = False

    @property
    def ref(self) -> str:
        """Its control number (ISA13)."""
        return _name(self.head[13])

    @property
    def stamp(self) -> str:
        """When it was made, as digits."""
        return digits(self.head[9], self.head[10])


@dataclass(slots=True)
class Group:
    """What a GS says, and each set begun under it: its type, its number and why it was not read ('' if it was)."""

    head: list[str]
    interchange: Interchange
    sets: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """Its control number (GS06)."""
        return _name(self.head[6])

    @property
    def stamp(self) -> str:
        """When it was made, else when its interchange was, as digits."""
        return digits(self.head[4], self.head[5]) or self.interchange.stamp


@dataclass(slots=True)
class Set:
    """One whole ST..SE, the `number`-th of its body: the segments between those two, split into elements."""

    type: str
    ref: str
    number: int
    group: Group
    segments: list[list[str]]


@dataclass(slots=True)
class Parsed:
    """What one body holds: its whole sets in order, its interchanges, and what was broken."""

    sets: list[Set] = field(default_factory=list)
    interchanges: list[Interchange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    begun: int = 0
    stray: int = 0

    def note(self, where: str, why: str) -> None:
        """Add a problem; even a body of garbage gives a short list."""
        if len(self.problems) < 100:
            self.problems.append(Problem(where, why))


def digits(date: str, time: str) -> str:
    """A date and a time of elements as CCYYMMDDHHMM or with seconds, '' when they are none."""
    date, time = date.strip(), time.strip()
    if not (date + time).isdecimal() or len(date) not in (6, 8) or len(time) < 4:
        return ""
    return (date if len(date) == 8 else f"20{date}") + (time[:6] if len(time) >= 6 else time[:4])


def parse(body: bytes) -> Parsed:
    """Every whole set of a body, whatever the separators of its interchanges. What is broken is left out and noted."""
    parsed = Parsed()
    text = _text(body)
    heads = list(_heads(text, parsed))
    if not heads:
        parsed.note("file", "there is no X12 interchange header (ISA) that can be read in it: nothing was read")
        return parsed
    if text[: heads[0][0]].strip():
        parsed.stray += 1
    for (start, marks), (end, _) in pairwise([*heads, (len(text), heads[0][1])]):
        _Reading(parsed, marks, text[start:end]).run()
    if parsed.stray:
        parsed.note("file", f"{parsed.stray} segments stand outside of any set: not read")
    return parsed


def sender_ref(parsed: Parsed) -> str:
    """The control reference of a body: interchange and group numbers, first and last when there are several."""
    refs = []
    for one in parsed.interchanges[:1] + parsed.interchanges[1:][-1:]:
        groups = [g.ref for g in one.groups if g.ref]
        inner = groups[0] if len(set(groups)) == 1 else f"{groups[0]}..{groups[-1]}" if groups else ""
        refs.append("/".join(filter(None, (one.ref, inner))))
    return "..".join(filter(None, refs))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _heads(text: str, parsed: Parsed) -> Iterator[tuple[int, X12Separators]]:
    """Where interchanges begin. One whose elements are not padded is believed only where a segment may begin."""
    end = ""
    for found in _HEAD.finditer(text):
        start = found.start()
        before = text[max(0, start - 16) : start]
        begins = before.rstrip(_BLANK)[-1:] in ("", end) or before[-1:] in ("\r", "\n")
        marks = marks_of(text[start : start + _LONGEST_HEAD], loose=begins)
        if marks is not None:
            end = marks.segment.decode("latin-1")
            yield start, marks
        elif begins:
            parsed.note("file", "an interchange header (ISA) has no separators that can be told: not read")


def marks_of(text: str, *, loose: bool = False) -> X12Separators | None:
    """The separators that a text which begins with an ISA tells, None when it tells none."""
    for one in (text, text.replace("\r", "").replace("\n", "")):
        try:
            marks = derive_x12_separators(one[:ISA_SEGMENT_LENGTH].encode("latin-1"))
        except (X12Error, UnicodeEncodeError):
            continue
        return marks if _sound(marks) else None
    return _loose(text) if loose else None


def _loose(text: str) -> X12Separators | None:
    """The separators of a header that is not as wide as it should be: its sixteenth element is one character."""
    parts = text.split(text[3], 16) if len(text) > 3 else []
    if len(parts) < 17 or len(parts[16]) < 2:
        return None
    try:
        element, component, segment = (c.encode("latin-1") for c in (text[3], parts[16][0], parts[16][1]))
        marks = X12Separators(element, component, segment)
    except (X12Error, UnicodeEncodeError):
        return None
    return marks if _sound(marks) else None


def _sound(marks: X12Separators) -> bool:
    """Whether no letter, digit or blank stands for a separator: then one was lost, and the next character taken."""
    return not any(m.isalnum() or m == b" " for m in (marks.element, marks.segment))


@lru_cache(maxsize=64)
def _next_line(element: str) -> re.Pattern[str]:
    # A segment that was never closed must not swallow the envelope on the next line.
    return re.compile(r"[\r\n](?=(?:GS|ST|SE|GE|IEA)" + re.escape(element) + ")")


def _segments(text: str, element: str, end: str) -> list[str]:
    if end not in "\r\n" and ("\n" in text or "\r" in text):
        text = _next_line(element).sub(lambda _: end, text)
    for mark in {"\r", "\n"} - {end}:
        text = text.replace(mark, "")
    return [segment.lstrip(_BLANK) for segment in text.split(end)]


class _Reading:
    """One interchange on its way, with what stands open."""

    def __init__(self, parsed: Parsed, marks: X12Separators, text: str) -> None:
        self.parsed = parsed
        self.element = marks.element.decode("latin-1")
        self.segments = _segments(text, self.element, marks.segment.decode("latin-1"))
        self.around = Interchange((self.segments[0].split(self.element) + _NOBODY)[:17], marks)
        parsed.interchanges.append(self.around)
        self.group: Group | None = None
        self.opened = -1

    def run(self) -> None:
        mark = self.element
        tags = {f"GS{mark}": "GS", f"ST{mark}": "ST", f"SE{mark}": "SE", f"GE{mark}": "GE", "IEA": "IEA", "TA1": "TA1"}
        for index, segment in enumerate(self.segments[1:], 1):
            tag = tags.get(segment[:3])
            if tag is None:
                self.parsed.stray += self.opened < 0 and segment != ""
            elif tag == "ST":
                self._open(index)
            elif tag == "SE":
                self._close(index)
            elif tag != "TA1" or self.opened < 0:
                self._envelope(tag, segment.split(mark) + _NOBODY)
        self._lost("the end of the file")
        if self.group is not None:
            self.parsed.note(f"group {self.group.ref}", "its end (GE) is missing: sets may be lost")
        if not self.around.closed:
            self.parsed.note(f"interchange {self.around.ref}", "its end (IEA) is missing: sets may be lost")

    def _open(self, index: int) -> None:
        self._lost("the next ST")
        self.parsed.begun += 1
        self.opened = index
        if self.group is None:
            self.parsed.note(f"set {self.parsed.begun}", "it stands outside of a group (GS): read all the same")
            self.group = Group(_NOBODY, self.around)

    def _close(self, index: int) -> None:
        """Take a set whose end fits its beginning: after a lost block, good news could stand beside a wrong number."""
        if self.opened < 0 or self.group is None:
            self.parsed.note(f"after set {self.parsed.begun}", "here is an end (SE) without its beginning (ST)")
            return
        mark = self.element
        head, tail = self.segments[self.opened].split(mark) + _NOBODY, self.segments[index].split(mark) + _NOBODY
        inner = [s.split(mark) for s in self.segments[self.opened + 1 : index] if s]
        kind, ref, said, ends, count = (
            head[1].strip(),
            head[2].strip(),
            tail[1].strip(),
            tail[2].strip(),
            len(inner) + 2,
        )
        bad = next((parts[0] for parts in inner if not _TAG.match(parts[0])), None)
        fault, why = "", ""
        if ends != ref or not ref:
            fault, why = OTHER_NUMBER, f"it begins as {_name(ref)!r} and ends as {_name(ends)!r}"
        elif said.lstrip("0") != str(count):
            fault, why = OTHER_COUNT, f"it says it has {_name(said)} segments and has {count}"
        elif bad is not None:
            fault, why = BAD_SEGMENT, f"{_name(bad)!r} is not the name of a segment"
        else:
            self.parsed.sets.append(Set(kind, _name(ref), self.parsed.begun, self.group, inner))
        if fault:
            self.parsed.note(f"set {self.parsed.begun}", f"{why}: not read")
        self.group.sets.append((_name(kind), _name(ref), fault))
        self.opened = -1

    def _lost(self, before: str) -> None:
        if self.opened < 0:
            return
        self.parsed.note(f"set {self.parsed.begun}", f"it has no end (SE) before {before}: not read")
        head = self.segments[self.opened].split(self.element) + _NOBODY
        if self.group is not None:
            self.group.sets.append((_name(head[1].strip()), _name(head[2].strip()), NO_TRAILER))
        self.opened = -1

    def _envelope(self, tag: str, parts: list[str]) -> None:
        self._lost(f"the next {tag}")
        if tag == "GS":
            if self.group is not None:
                self.parsed.note(f"group {self.group.ref}", "it has no end (GE) before the next GS: sets may be lost")
            self.group = Group(parts, self.around)
            self.around.groups.append(self.group)
        elif tag == "GE":
            if self.group is not None:
                self._counted("group", self.group.ref, parts, len(self.group.sets))
            self.group = None
        elif tag == "IEA":
            self._counted("interchange", self.around.ref, parts, len(self.around.groups))
            self.around.closed = True
        else:
            self.around.acknowledged.append(parts)

    def _counted(self, what: str, ref: str, parts: list[str], came: int) -> None:
        said, ends = parts[1].strip(), _name(parts[2])
        if ends != ref:
            self.parsed.note(f"{what} {ref}", f"it ends as {ends!r}: sets may be lost")
        elif (said.lstrip("0") or "0") != str(came):
            inner = "sets" if what == "group" else "groups"
            self.parsed.note(f"{what} {ref}", f"it says it has {_name(said)} {inner}, and {came} came")


def _name(text: str) -> str:
    text = text.strip()[:35]
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
