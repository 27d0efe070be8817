"""Business numbers: what is wrong with one, which digits may have been swapped, and how one is shown."""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import luhn
from stdnum.ca import bn
from stdnum.exceptions import InvalidChecksum, ValidationError

_SPACES = re.compile(r"[\s.\-]+")
_SHAPE = re.compile(r"(\d{9})(?:RM(\d{4}))?")
_OTHER_PROGRAM = re.compile(r"\d{9}R[A-Z]\d{4}")


class BnFault(StrEnum):
    """Why a number is none: `missing` nothing given, `shape` not nine digits, RM and four digits, `program` another
    account than RM, `rm` the RM part is missing or 0000, `check` the check digit does not fit."""

    MISSING = "missing"
    SHAPE = "shape"
    PROGRAM = "program"
    RM = "rm"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Bn:
    """What a text says of a BN15: `bn9` and `rm` as far as read, the fault if any, and for a wrong check digit the
    numbers that two swapped neighbours would explain. Only CBSA knows whether a good number is an open account."""

    bn9: str = ""
    rm: str = ""
    fault: BnFault | None = None
    swapped: tuple[str, ...] = ()

    @property
    def bn15(self) -> str:
        """The whole number; "" unless it is without fault."""
        return f"{self.bn9}RM{self.rm}" if self.fault is None else ""

    @property
    def masked(self) -> str:
        """As shown to people: the last three of the nine digits and the account."""
        return mask(self.bn9, self.rm)


def read_bn(text: str) -> Bn:
    """What a text says of an importer's BN15, with any spaces, dots and dashes."""
    compact = _SPACES.sub("", text).upper()
    if not compact:
        return Bn(fault=BnFault.MISSING)
    found = _SHAPE.fullmatch(compact) if compact.isascii() else None
    if found is None:
        other = compact.isascii() and _OTHER_PROGRAM.fullmatch(compact)
        return Bn(fault=BnFault.PROGRAM if other else BnFault.SHAPE)
    bn9, rm = found[1], found[2] or ""
    try:
        bn.validate(bn9)
    except InvalidChecksum:
        return Bn(bn9, rm, BnFault.CHECK, _swaps(bn9, rm))
    except ValidationError:
        return Bn(bn9, rm, BnFault.SHAPE)
    return Bn(bn9, rm, None if rm.strip("0") else BnFault.RM)


def _swaps(bn9: str, rm: str) -> tuple[str, ...]:
    """The numbers with a good check digit that differ by two swapped neighbours, with the account if it was given."""
    tries = (bn9[:i] + bn9[i + 1] + bn9[i] + bn9[i + 2 :] for i in range(8) if bn9[i] != bn9[i + 1])
    return tuple(dict.fromkeys(found + (f"RM{rm}" if rm else "") for found in tries if luhn.is_valid(found)))


def mask(bn9: str, rm: str = "") -> str:
    """A number that can be shown in chat: `…789 RM0001`; "" when there is none."""
    return " ".join(part for part in (f"…{bn9[-3:]}" if bn9 else "", f"RM{rm}" if rm else "") if part)
