"""A long X12 or EDIFACT file in pieces that stand for themselves: same header, whole messages, an end of their own."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from bot.feeds.x12 import marks_of

#: About so large is a piece; the last message of one may make it larger.
PIECE = 1_000_000
_CHUNK, _SEEN = 262_144, 64
#: No segment of an envelope is longer.
_TAIL = 1_024
_BLANK = b" \t\r\n"
_UNA = re.compile(rb"UNA\W\W.\W.\W", re.DOTALL)
_USUAL = b":+.? '"


class Uncut(Exception):
    """A file that can't be cut: for so many bytes no message begins."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How an interchange is written: which segments open and end it, its groups and messages, and its separators."""

    interchange: bytes
    group: bytes
    message: bytes
    group_end: bytes
    end: bytes
    refs: tuple[int, int]
    element: bytes
    terminator: bytes
    release: bytes = b""


@lru_cache(maxsize=64)
def _finder(form: _Form) -> re.Pattern[bytes]:
    inner = b"|".join((form.group, form.message, form.group_end, form.end))
    element = re.escape(form.element)
    if form.interchange == b"ISA":
        return re.compile(rb"(?:" + inner + rb")(?=" + element + rb")|ISA(?=[^A-Za-z0-9\s])")
    return re.compile(rb"(?:UNB|" + inner + rb")(?=" + element + rb")|UNA(?=\W\W.\W.\W)", re.DOTALL)


def _x12(element: bytes, terminator: bytes) -> _Form:
    return _Form(b"ISA", b"GS", b"ST", b"GE", b"IEA", (13, 6), element, terminator)


def _edifact(marks: bytes) -> _Form:
    release = b"" if marks[3:4] == b" " else marks[3:4]
    return _Form(b"UNB", b"UNG", b"UNH", b"UNE", b"UNZ", (5, 5), marks[1:2], marks[5:6], release)


def cuttable(start: bytes) -> bool:
    """Whether a file that starts so is X12 or EDIFACT."""
    bare = _bare(start)
    if bare.startswith(b"ISA"):
        return marks_of(bare[:400].decode("latin-1"), loose=True) is not None
    return _UNA.match(bare) is not None or bare.startswith((b"UNB+", b"UNG+", b"UNH+"))


def _bare(start: bytes) -> bytes:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()


def pieces(file: BinaryIO, size: int = PIECE, largest: int = 5 * PIECE) -> Iterator[bytes]:
    """The pieces of a file in order, each of whole messages; raises `Uncut` where one message is larger than `largest`.

    The same file always gives the same pieces, so whoever was killed between two may begin again.
    """
    data = file.read(_CHUNK)
    cutter = _Cutter(size, largest, _x12(b"*", b"~") if _bare(data).startswith(b"ISA") else _edifact(_USUAL))
    last, eof = 0, not data
    while True:
        until = len(data) if eof else len(data) - _TAIL
        if until > last:
            last = yield from cutter.take(data, last, until)
        if eof:
            break
        chunk = file.read(_CHUNK)
        eof = not chunk
        keep = max(0, last - _SEEN)
        data, last = data[keep:] + chunk, last - keep
    yield from cutter.rest()


class _Cutter:
    """What stands open while a file goes by, in all and in the piece that is being made."""

    def __init__(self, size: int, largest: int, form: _Form) -> None:
        self.size, self.largest, self.form = size, largest, form
        self.service = self.head = self.group = b""
        self.told = self.closed = self.cut = self.group_cut = False
        self.groups = self.messages = self.in_group = 0
        self.here_groups = self.here_messages = self.here_in_group = 0
        self.parts: list[bytes] = []
        self.length = 0

    def take(self, data: bytes, last: int, until: int) -> Generator[bytes, None, int]:
        """Goes from `last` to `until` and may look behind and ahead of these in `data`; returns how far it came."""
        at = last
        while (found := _finder(self.form).search(data, at)) and found.start() < until:
            at, start, tag = found.end(), found.start(), found[0]
            segment = self._segment(data, start, tag)
            if not segment:
                continue
            self._add(data[last:start])
            last = start
            if tag in (self.form.group_end, self.form.end):
                last = at = start + len(segment)
                self._add(self._ended(tag, segment))
                continue
            if self.length >= self.size and not (tag == b"UNB" and self.told):
                yield self._piece(tag)
            self._opened(tag, segment)
        self._add(data[last:until])
        if self.length > self.size + self.largest:
            raise Uncut(f"for {self.length // 1024} KiB no message begins")
        return max(last, until)

    def rest(self) -> Iterator[bytes]:
        """What is left at the end of the file."""
        if self.length:
            yield b"".join(self.parts)

    def _add(self, data: bytes) -> None:
        if data:
            self.parts.append(data)
            self.length += len(data)

    def _segment(self, data: bytes, start: int, tag: bytes) -> bytes:
        """The whole segment that begins here, empty when none does."""
        before = data[max(0, start - _SEEN) : start]
        bare = before.rstrip(_BLANK)
        begins = not bare or before[-1:] in (b"\r", b"\n") or self._terminated(bare)
        if tag == b"ISA":
            return self._isa(data[start : start + _TAIL], begins)
        if not begins:
            return b""
        if tag == b"UNA":
            return data[start : start + 9]
        end = data.find(self.form.terminator, start, start + _TAIL)
        return data[start : end + 1] if end >= 0 else b""

    def _terminated(self, bare: bytes) -> bool:
        """Whether a segment ends here: its terminator stands there, and is not a released one."""
        if not bare.endswith(self.form.terminator):
            return False
        inner = bare[:-1]
        return not self.form.release or (len(inner) - len(inner.rstrip(self.form.release))) % 2 == 0

    def _isa(self, data: bytes, begins: bool) -> bytes:
        marks = marks_of(data[:400].decode("latin-1"), loose=begins)
        if marks is None:
            return b""
        at = 0
        for _ in range(16):
            at = data.find(marks.element, at) + 1
        end = data.find(marks.segment, at + 1, at + 8)
        return data[: end + 1] if end >= 0 else b""

    def _opened(self, tag: bytes, segment: bytes) -> None:
        self.told = tag == b"UNA"
        if self.told:
            self.service, self.form = segment, _edifact(segment[3:9])
        elif tag == self.form.interchange:
            if tag == b"ISA":
                self.form = _x12(segment[3:4], segment[-1:])
            self.head, self.group, self.closed, self.cut, self.group_cut = segment, b"", False, False, False
            self.groups = self.messages = self.here_groups = self.here_messages = 0
        elif tag == self.form.group:
            self.group, self.group_cut = segment, False
            self.groups, self.here_groups = self.groups + 1, self.here_groups + 1
            self.in_group = self.here_in_group = 0
        else:
            self.messages, self.here_messages = self.messages + 1, self.here_messages + 1
            self.in_group, self.here_in_group = self.in_group + 1, self.here_in_group + 1

    def _ended(self, tag: bytes, segment: bytes) -> bytes:
        """The end of a group or an interchange; of one that was cut it counts what is here, if it counted right."""
        if tag == self.form.group_end:
            was_cut, came, here = self.group_cut, self.in_group, self.here_in_group
            self.group, self.group_cut = b"", False
        else:
            was_cut, came, here = self.cut, *self._counts()
            self.closed, self.group, self.cut = True, b"", False
        said = segment[:-1].split(self.form.element)
        if was_cut and len(said) > 2 and said[1].strip().isdigit() and int(said[1]) == came:
            return self._trailer(tag, here, said[2])
        return segment

    def _counts(self) -> tuple[int, int]:
        """What the end of an interchange counts, in all and here: groups, or messages where there are none."""
        if self.groups or self.form.interchange == b"ISA":
            return self.groups, self.here_groups
        return self.messages, self.here_messages

    def _trailer(self, tag: bytes, count: int, ref: bytes) -> bytes:
        return self.form.element.join((tag, b"%d" % count, ref)) + self.form.terminator

    def _ref(self, segment: bytes, number: int) -> bytes:
        parts = segment[:-1].split(self.form.element)
        return parts[number] if number < len(parts) else b""

    def _piece(self, tag: bytes) -> bytes:
        """Ends the piece before a segment that opens something, and begins the next as far as that stands inside."""
        whole, inner = self.form.refs
        if tag == self.form.message and self.group and not self.closed:
            self._add(self._trailer(self.form.group_end, self.here_in_group, self._ref(self.group, inner)))
        inside = tag in (self.form.message, self.form.group)
        if inside and self.head and not self.closed:
            self._add(self._trailer(self.form.end, self._counts()[1], self._ref(self.head, whole)))
        made = b"".join(self.parts)
        self.parts, self.length = [], 0
        if tag not in (b"UNA", b"ISA"):
            self._add(self.service)
        if inside:
            self._add(self.head)
            self.cut = bool(self.head)
            self.here_groups = self.here_messages = self.here_in_group = 0
        if tag == self.form.message and self.group:
            self._add(self.group)
            self.here_groups, self.group_cut = 1, True
        return made
