"""EDIFACT syntax: bytes to messages and their segments. Knows separators and envelopes, and no meaning."""

import re
from dataclasses import dataclass, field

from bot.feeds.protocol import Problem

# A released character is carried as a private-use one, which text decoded as Latin-1 can never hold by itself.
_PRIVATE = 0xE000
_PLAIN = {ord(usual): chr(_PRIVATE + ord(usual)) for usual in ":+'"}
_LOWER = {_PRIVATE + code: chr(code) for code in range(256)}
_USUAL = ":+?'"
_UNA = re.compile(r"UNA(\W)(\W).(\W).(\W)(?=\s*UN[BGH])", re.DOTALL)
# A segment that was never closed must not swallow the envelope on the next line.
_NEXT_LINE = re.compile(r"[\r\n](?=UN[BGHTEZ]\+)")
_ENVELOPE = frozenset({"UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"})


@dataclass(slots=True)
class Interchange:
    """What an envelope says: control reference, date and time as written; all empty for bare messages."""

    ref: str = ""
    stamp: str = ""
    closed: bool = True
    first: int = 0  # messages begun before it
    groups: int = 0


@dataclass(slots=True)
class Message:
    """One whole UNH..UNT, the `number`-th of its body: the segments between those two, unsplit (see `elements`)."""

    type: str
    ref: str
    number: int
    interchange: Interchange
    segments: list[str]


@dataclass(slots=True)
class Parsed:
    """What one body holds: its whole messages in order, its interchanges, and what was broken."""

    messages: list[Message] = field(default_factory=list)
    interchanges: list[Interchange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    begun: int = 0

    def note(self, where: str, why: str) -> None:
        """Add a problem; even a body of garbage gives a short list."""
        if len(self.problems) < 100:
            self.problems.append(Problem(where, why))


def elements(segment: str) -> list[list[str]]:
    """A segment's elements, each a list of its components; the first is the tag."""
    split = [element.split(":") for element in segment.split("+")]
    return split if segment.isascii() else [[part.translate(_LOWER) for part in element] for element in split]


def parse(body: bytes) -> Parsed:
    """Every whole message of a body, with or without UNA, UNB and UNG. What is broken is left out and noted."""
    parsed, marks, start = Parsed(), _USUAL, 0
    text = body.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    for found in _UNA.finditer(text):
        before = text[max(0, found.start() - 16) : found.start()]
        if (before.rstrip()[-1:] in ("", marks[3]) or before[-1] in "\r\n") and len(set(found.groups())) == 4:
            _read(_segments(text[start : found.start()], marks), parsed)
            marks, start = "".join(found.groups()), found.end()
    _read(_segments(text[start:], marks), parsed)
    if not parsed.begun and not parsed.interchanges:
        parsed.note("file", "there is no EDIFACT message (UNH) in it: nothing was read")
    return parsed


def _segments(text: str, marks: str) -> list[str]:
    """The segments of a text whose separators are made the usual ones."""
    release, end = marks[2], marks[3]
    if end not in "\r\n" and ("\n" in text or "\r" in text):
        text = _NEXT_LINE.sub(lambda _: end, text).replace("\r", "").replace("\n", "")
    if release != " " and release in text:
        text = re.sub(re.escape(release) + "(.)", lambda m: chr(_PRIVATE + ord(m[1])), text, flags=re.DOTALL)
    if marks != _USUAL:
        text = text.translate(_PLAIN | {ord(marks[0]): ":", ord(marks[1]): "+", ord(end): "'"})
    return [segment.lstrip() for segment in text.split("'")]


def _read(segments: list[str], parsed: Parsed) -> None:
    around, opened, stray = Interchange(), -1, 0
    for index, segment in enumerate(segments):
        if segment[:2] != "UN" or (tag := segment[:4].rstrip("+")) not in _ENVELOPE:
            stray += opened < 0 and segment != ""
            continue
        if tag == "UNT":
            _close(segments, opened, index, around, parsed)
        elif opened >= 0:
            parsed.note(f"message {parsed.begun}", f"it has no end (UNT) before the next {tag}: not read")
        opened = index if tag == "UNH" else -1
        parsed.begun += tag == "UNH"
        around.groups += tag == "UNG"
        if tag == "UNB":
            _unclosed(around, parsed)
            around = _envelope(segment, parsed)
        elif tag == "UNZ":
            _end(elements(segment), around, parsed)
    if opened >= 0:
        parsed.note(f"message {parsed.begun}", "it is cut off, its end (UNT) is missing: not read")
    _unclosed(around, parsed)
    if stray and (parsed.begun or parsed.interchanges):
        parsed.note("file", f"{stray} segments stand outside of any message: not read")


def _close(segments: list[str], opened: int, index: int, around: Interchange, parsed: Parsed) -> None:
    """Take a message whose end fits its beginning: after a lost block, good news could stand beside a wrong number."""
    place = f"message {parsed.begun}"
    if opened < 0:
        parsed.note(f"after {place}", "here is an end (UNT) without its beginning (UNH)")
        return
    head, tail = elements(segments[opened]) + [[""]] * 2, elements(segments[index]) + [[""]] * 2
    inner, ref, said = [s for s in segments[opened + 1 : index] if s], head[1][0], tail[1][0]
    if tail[2][0] != ref:
        parsed.note(place, f"it begins as {_name(ref)} and ends as {_name(tail[2][0])}: not read")
    elif said.lstrip("0") != str(len(inner) + 2):
        parsed.note(place, f"it says it has {_name(said)} segments and has {len(inner) + 2}: not read")
    else:
        parsed.messages.append(Message(head[2][0], _name(ref), parsed.begun, around, inner))


def _envelope(segment: str, parsed: Parsed) -> Interchange:
    parts = elements(segment) + [[""]] * 5
    parsed.interchanges += [Interchange(_name(parts[5][0]), "".join(parts[4]), False, parsed.begun)]
    return parsed.interchanges[-1]


def _end(parts: list[list[str]], around: Interchange, parsed: Parsed) -> None:
    said, came = [*parts, [""]][1][0], around.groups or parsed.begun - around.first
    if not around.closed and said.isdecimal() and (said.lstrip("0") or "0") != str(came):
        parsed.note(f"interchange {around.ref}", f"it says it has {_name(said)} messages or groups, and {came} came")
    around.closed = True


def _unclosed(around: Interchange, parsed: Parsed) -> None:
    if not around.closed:
        parsed.note(f"interchange {around.ref}", "its end (UNZ) is missing: messages may be lost")


def _name(text: str) -> str:
    if len(text) <= 35 and text.isprintable():
        return text
    return "".join(c if c.isprintable() else "?" for c in text[:35])
