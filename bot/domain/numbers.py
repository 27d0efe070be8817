"""Numbers that border messages name: how they are keyed, checked and compared.

Rules of form: border-formats 3.1 and 7.1. A key is upper case without spaces and nothing more;
a CCN with and without its letters PARS are two numbers to customs and are never made one.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from stdnum import luhn

from bot.domain.remarks import Remark, Say


class NumberKind(StrEnum):
    """What a number identifies."""

    CCN = "ccn"
    SCN = "scn"
    TRIP = "trip"
    TRANSACTION = "transaction"
    ENTRY = "entry"


_CCN = re.compile(r"[A-Z0-9-]{4}[A-Z0-9-]{1,21}")
_SHIPMENT = re.compile(r"(.{4})(PARS|PAPS|)(.*)")
_TURNED = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BLUR = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "B": "8"})


def key_of(text: str) -> str:
    """The key under which a number is stored: upper case, no white space."""
    return "".join(text.split()).upper()


def transaction_key(text: str) -> str:
    """A transaction number's key: customs prints 12345-001495785 and sends 12345001495785, which are one number."""
    key = key_of(text)
    digits = key.replace("-", "")
    return digits if len(digits) == 14 and digits.isdecimal() else key


def printed(transaction: str) -> str:
    """A transaction number as customs prints it, 12345-001495785; any other number as it is."""
    return f"{transaction[:5]}-{transaction[5:]}" if len(transaction) == 14 and transaction.isdecimal() else transaction


@lru_cache(maxsize=65_536)
def blur(key: str) -> str:
    """The key with look-alike characters made one (O/0, I/1/L, S/5, B/8): only ever to *suggest*."""
    return key.translate(_BLUR)


def doubts(kind: NumberKind, key: str) -> list[Remark]:
    """Remarks that say what looks wrong with a number; empty when nothing does. Never a reject."""
    found: list[Remark] = []
    if kind in (NumberKind.CCN, NumberKind.TRIP):
        if not 5 <= len(key) <= 25:
            found.append(Say.NUMBER_LENGTH.of(key=key, length=len(key)))
        elif not _CCN.fullmatch(key):
            found.append(Say.NUMBER_LETTERS.of(key=key))
        elif len(key) < 8:
            found.append(Say.NUMBER_SHORT.of(key=key))
    if kind in (NumberKind.CCN, NumberKind.SCN) and (meant := mended(key)) != key:
        found.append(Say.NUMBER_MENDED.of(key=key, meant=meant))
    if kind is NumberKind.TRANSACTION:
        if not re.fullmatch(r"\d{14}", key.replace("-", "")):
            found.append(Say.TRANSACTION_LENGTH.of(key=key))
        elif not transaction_check(key.replace("-", "")):
            found.append(Say.TRANSACTION_CHECK.of(key=key))
    return found


def mended(key: str) -> str:
    """A shipment's number with letters that stand where digits do made those digits (O to 0, I and L to 1).

    Only ever to ask: the carrier's code and words in front of the digits are left alone.
    """
    seen = _SHIPMENT.fullmatch(key)
    if seen is None:
        return key
    code, letters, tail = seen.groups()
    leading = r"^[OIL]+(?=\d)" if letters else r"^O+(?=\d)"
    made = re.sub(leading + r"|(?<=\d)[OIL]+(?=\d|$)", lambda one: one[0].translate(_TURNED), tail)
    return code + letters + made


def transaction_check(digits: str) -> bool:
    """Whether the check digit of a 14-digit transaction number fits (derived rule: a soft warning only)."""
    total = 0
    for place, digit in enumerate(reversed(digits[:13])):
        product = int(digit) * (1 if place % 2 == 0 else 2)
        total += product // 10 + product % 10
    return total % 10 == int(digits[13])


def bn15_fault(text: str) -> Remark | None:
    """Why a business number of an importer account is not one; None when it is well formed."""
    key = key_of(text).replace("-", "")
    if not re.fullmatch(r"\d{9}RM\d{4}", key):
        return Say.ACCOUNT_FORM.of()
    if not luhn.is_valid(key[:9]):
        return Say.ACCOUNT_CHECK.of(key=f"…{key[6:9]}")
    return None


#: How many characters at the head of a number say who filed it.
_FILER_CA, _FILER_US = 5, 3


def filer_of(transaction: str, *, southbound: bool = False) -> str:
    """Who filed: the account security number, first five digits of a transaction, or the filer code, first three
    characters of an entry number (border-formats 7.1)."""
    return transaction.replace("-", "")[: _FILER_US if southbound else _FILER_CA]


def filer_code(text: str) -> bool:
    """Whether this can be the head of a transaction (5 digits) or of an entry number (3 letters or digits)."""
    return bool(re.fullmatch(rf"[0-9]{{{_FILER_CA}}}|[A-Z0-9]{{{_FILER_US}}}", text))


def filers_for(codes: Iterable[str], *, southbound: bool) -> frozenset[str]:
    """Of a broker's codes those that its filings in this direction begin with."""
    return frozenset(c for c in codes if len(c) == (_FILER_US if southbound else _FILER_CA))
