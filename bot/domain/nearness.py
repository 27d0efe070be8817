"""Whether a number is a near miss of another: what eyes, keyboards and faxes mistake, and nothing else.

Only ever to ask "which is on the sticker?" (border-formats 2.3, 8.3.6): stickers are sequential, so that two numbers
one digit apart are two shipments as a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import permutations

from bot.domain.numbers import blur


class Slip(StrEnum):
    """How one number is taken for the other, the likeliest first."""

    LOOKS = "looks"
    PARS = "pars"
    SWAPPED = "swapped"
    FAX = "fax"
    DASH = "dash"
    DIGIT = "digit"


@dataclass(frozen=True, slots=True)
class Near:
    """How two numbers differ: `odd` are (place from 1, ours, theirs) where they have the same length."""

    slip: Slip
    odd: tuple[tuple[int, str, str], ...] = ()


def _pairs(*groups: str) -> frozenset[tuple[str, str]]:
    return frozenset(pair for group in groups for pair in permutations(group, 2))


#: Characters that look alike; no chains: 5 is taken for S and for 8, but S not for 8.
_LOOKS = _pairs("O0", "I1L", "S5", "B8")
#: Digits that a fax blurs.
_FAX = _pairs("49", "79", "58")
_CODE = 4
_PARS = "PARS"
_RANK = {slip: place for place, slip in enumerate(Slip)}


def nearness(ours: str, theirs: str, *, digit: bool = False) -> Near | None:
    """How `theirs` is a near miss of `ours`; None where it is not, or where they are the same.

    `digit`: another single digit counts too. At most one digit is a fax's, however many letters look like digits.
    """
    if ours == theirs:
        return None
    if len(ours) != len(theirs):
        return _longer(ours, theirs)
    odd = tuple((at, a, b) for at, (a, b) in enumerate(zip(ours, theirs, strict=True), 1) if a != b)
    blurred = [pair for pair in ((a, b) for _, a, b in odd) if pair not in _LOOKS]
    if not blurred:
        return Near(Slip.LOOKS, odd)
    if len(blurred) == 1 and blurred[0] in _FAX:
        return Near(Slip.FAX, odd)
    if len(odd) == 2 and odd[0][0] + 1 == odd[1][0] and odd[0][1:] == odd[1][:0:-1]:
        return Near(Slip.SWAPPED, odd)
    if digit and len(odd) == 1 and (odd[0][1] + odd[0][2]).isdecimal():
        return Near(Slip.DIGIT, odd)
    return None


def rank(near: Near) -> tuple[int, int]:
    """Order of likelihood, the likeliest first."""
    return _RANK[near.slip], len(near.odd)


def _longer(ours: str, theirs: str) -> Near | None:
    (code, count, rest), (other, many, tail) = _parts(ours), _parts(theirs)
    if (code, rest) == (other, tail) and count != many:
        return Near(Slip.PARS)
    short, long = sorted((ours, theirs), key=len)
    if short in _without_dash(long):
        return Near(Slip.DASH)
    return None


def _parts(key: str) -> tuple[str, int, str]:
    """Carrier code, how often the letters PARS follow it (at most twice), and the rest."""
    code, rest, count = key[:_CODE], key[_CODE:], 0
    while count < 2 and rest.startswith(_PARS):
        rest, count = rest[len(_PARS) :], count + 1
    return code, count, rest


def _without_dash(key: str) -> Iterator[str]:
    return (key[:at] + key[at + 1 :] for at, char in enumerate(key) if char == "-")


@lru_cache(maxsize=4096)
def blurs_near(key: str) -> frozenset[str]:
    """The blurred keys of all its near misses, and of some numbers more: what an index is asked for, some hundreds."""
    seen = blur(key)
    made = {seen, *map(blur, _respelled(key))}
    for at, char in enumerate(seen):
        others = {b for a, b in _FAX if a == char} | (set("0123456789") if key[at].isdecimal() else set())
        made.update(seen[:at] + other + seen[at + 1 :] for other in others)
    return frozenset(made)


def _respelled(key: str) -> Iterator[str]:
    """The key with two neighbours swapped, with its PARS present, absent or doubled, with a dash more or less."""
    for at in range(len(key) - 1):
        yield key[:at] + key[at + 1] + key[at] + key[at + 2 :]
    code, _, rest = _parts(key)
    yield from (code + _PARS * count + rest for count in range(3))
    yield from _without_dash(key)
    yield from (key[:at] + "-" + key[at:] for at in range(len(key) + 1))
