"""What the X12 sources share: elements of segments, the numbers and times that a set names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from bot.domain.numbers import key_of
from bot.domain.status import Status
from bot.feeds.protocol import Problem, Reader
from bot.feeds.stamps import Stamp, believed, compact
from bot.feeds.texts import plain
from bot.feeds.x12 import Set, digits

_LONGEST_KEY = 40
_NONE = Stamp(None)
_PLACE = re.compile(r"([A-Z][A-Z0-9]{1,2})(?:\[(\d\d)=([^\]]{1,20})\])?-(\d\d(?:\+\d\d)*)")


def element(parts: list[str], number: int) -> str:
    """One element of a segment, '' when the segment is shorter; the first after its name is 1."""
    return parts[number].strip() if number < len(parts) else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a set has something: `M10-06`, several elements as `NM1-04+03`, only in some segments as `NM1[01=QD]-03`.

    `tag` is '' when nobody said where.
    """

    tag: str = ""
    elements: tuple[int, ...] = ()
    only: tuple[int, str] | None = None

    def read(self, parts: list[str]) -> str:
        """What a segment has there, '' when it is another segment."""
        if parts[0] != self.tag or (self.only and element(parts, self.only[0]) != self.only[1]):
            return ""
        return " ".join(filter(None, (element(parts, n) for n in self.elements)))


@lru_cache(maxsize=256)
def place(text: str) -> Place | None:
    """A place as an operator writes it; None when it is not one."""
    if not text.strip():
        return Place()
    found = _PLACE.fullmatch(text.strip().upper())
    if found is None:
        return None
    only = (int(found[2]), found[3]) if found[2] else None
    return Place(found[1], tuple(map(int, found[4].split("+"))), only)


def places(known: Mapping[str, str], reader: Reader) -> tuple[dict[str, Place], list[Problem]]:
    """Where each thing is: as the source has it, or as the feed's operator says; what is wrong with that is told."""
    found, problems = {name: place(text) or Place() for name, text in known.items()}, []
    for name, text in reader.fields.items():
        said = place(text)
        if name not in known:
            problems.append(Problem("fields", f"{plain(name, 40)!r} is not one of {', '.join(known)}"))
        elif said is None:
            why = f"{name}: {plain(text, 40)!r} is not a place as M10-06 or NM1[01=QD]-04+03: taken as unsaid"
            problems.append(Problem("fields", why))
            found[name] = Place()
        else:
            found[name] = said
    return found, problems


def joined(prefix: str, own: str) -> str:
    """A number whose issuer's code is an element of its own; a number that begins with the code has it already."""
    code, key = key_of(prefix), key_of(own)
    return key if not key or key.startswith(code) else code + key


@dataclass(slots=True)
class Named:
    """One set on its way to reports, with what is wrong with it."""

    one: Set
    reader: Reader
    received: datetime
    problems: list[Problem]
    _odd: set[str] = field(default_factory=set)

    @property
    def ref(self) -> str:
        """The sender's numbers of interchange, group and set."""
        return "/".join(filter(None, (self.one.group.interchange.ref, self.one.group.ref, self.one.ref)))

    def problem(self, tag: str, why: str, code: str = "") -> None:
        """Note what is wrong, with the place in the body."""
        self.problems.append(Problem(f"set {self.one.number}, {tag}", why, code))

    def fits(self, tag: str, key: str) -> bool:
        """Whether a key can be a number's; where it can't, that is noted."""
        if len(key) > _LONGEST_KEY or not key.isprintable():
            self.problem(tag, f"{plain(key, _LONGEST_KEY)!r} can't be a number: left out")
            return False
        return bool(key)

    def made(self) -> Stamp:
        """When the sender made the set's group, of none when that is not to be believed."""
        return self._believed("GS", self.one.group.stamp)

    def at(self, tag: str, date: str, time: str) -> Stamp:
        """When something of the set happened; a date alone says nothing about order."""
        if not date or not time:
            return _NONE
        stamp = digits(date, time)
        if not stamp:
            self.problem(tag, f"{plain(f'{date} {time}', 40)!r} is not a date and time: taken as unsaid")
        return self._believed(tag, stamp)

    def _believed(self, tag: str, stamp: str) -> Stamp:
        if not stamp:
            return _NONE
        found = believed(compact(stamp, "", self.reader.zone), self.received)
        if found.why and not found.certain and found.why not in self._odd:
            self._odd.add(found.why)
            self.problem(tag, found.why)
        return found

    def posted(self, made: Stamp, at: Stamp, status: Status) -> datetime | None:
        """When a word was made that customs posted at a time of its own: told later, it is still as old as that."""
        sent, own = made.of(status, self.received), at.of(status, self.received)
        return sent if own is None or (sent is not None and own > sent) else own
