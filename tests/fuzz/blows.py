"""How a message is broken: bytes, pieces of its syntax, its numbers and codes, and what is put around it.

Whoever rolls the dice decides: a seeded `random.Random`, Hypothesis (which then shrinks), or atheris.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

#: Where the syntaxes say a status: most bytes say nothing about it, so half of the blows go there.
SAYING = re.compile(
    rb"(?:GIS|ERC|STS|AK5|AK9|OTI|K1|K3|X4|V9|SE|ST|UNT|FTX.SIN)[*+|]+([^~!'\n\x1c]*)"
    rb'|"(?:status|code|number|tripStatus|type|shortName|shipmentsRejected|release_accepted_by_cbp|fda)"\s*:\s*"?([^",}\n]*)'
    rb"|processing_ind\s*=\s*\"([^\"]*)"
    rb"|(?:Subject|Status):\s*([^\r\n]*)",
)
_NUMBER = re.compile(rb"(?=[A-Z0-9]*\d)[A-Z0-9]{6,25}")
_PIECES = (b"'", b"~", b"\n", b",", b"}", b"<", b"*", b"+", b":")
_MARKS = (
    b"'", b"+", b":", b"?", b"~", b"*", b"|", b"\x1c", b"\n", b"\r\n\r\n", b'"', b",", b"{", b"}", b"[", b"]", b"\\",
    b"<", b">", b"&", b"\0", b"\xff", b"\xef\xbb\xbf", b"--b", b"> ", b";", b"\t",
)  # fmt: skip
_WORDS = (
    b"RELEASED", b"Released", b"READY", b"Accepted", b"Cleared", b"GIS+9'", b"GIS+4'", b"GIS+77'", b"STS++2:::0001'",
    b"FTX+SIN+++RELEASED'", b"X4*PAPS100123*10*01*9AB12345678*20260115*1020*1C**SMPL~", b"V9*RTR~", b" not ", b"?",
    b"null", b"true", b"-1", b"1e999", b"NaN", b"1C", b"02", b"4", b"9", b"23", b"2099", b"99999999999999999999",
    b'<rns processing_ind="4"/>', b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b'"data": "RNS_SHIPMENT",', b"\\u0000",
    b"\\ud800", b"SMPLPARS100124", b"OTHRPARS900001", b"UNT+3+1'", b"SE*5*0001~", b"On Mon someone wrote:",
)  # fmt: skip
_CHARSETS = ("utf-16", "utf-32", "cp037", "utf-8-sig", "cp1252", "utf-7")
_AROUND = (
    (b"[", b"]"),
    (b'{"messages":[', b"]}"),
    (b'{"statuses":[', b"]}"),
    (b"<a>", b"</a>"),
    (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>", b""),
    (b"UNB+UNOA:3+CBSA+SMPL+260115:1031+1'", b"UNZ+1+1'"),
    (b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\n", b"\r\n--q--\r\n"),
    (b"Content-Type: message/rfc822\r\n\r\n", b""),
    (b"Subject: x\r\n\r\n", b""),
    (b"Holdwatch-Asked: ccn SMPLPARS100123\r\n\r\n", b""),
)

Blow = Callable[[Random, bytearray, Sequence[bytes]], None]


def _at(dice: Random, body: bytearray) -> int:
    """A place to hit."""
    if dice.random() < 0.5:
        spans = [found.span(found.lastindex or 0) for found in SAYING.finditer(body)]
        if spans:
            return dice.randint(*dice.choice(spans))
    return dice.randint(0, len(body))


def _flip(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    if body:
        body[min(_at(dice, body), len(body) - 1)] ^= 1 << dice.randint(0, 7)


def _digit(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    if body:
        body[min(_at(dice, body), len(body) - 1)] = dice.choice(b"0123456789ABCHI")


def _delete(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    at = _at(dice, body)
    del body[at : at + dice.choice((1, 1, 2, 3, 20, 60, 300))]


def _cut(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    del body[dice.randint(0, len(body)) :]


def _move(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    at = _at(dice, body)
    piece = body[at : at + dice.randint(1, 60)]
    del body[at : at + len(piece)]
    place = _at(dice, body)
    body[place:place] = piece


def _double(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    at = _at(dice, body)
    body[at:at] = body[at : at + dice.randint(1, 60)]


def _splice(dice: Random, body: bytearray, others: Sequence[bytes]) -> None:
    other = dice.choice(others)
    body[dice.randint(0, len(body)) :] = other[dice.randint(0, len(other)) :]


def _mark(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    at = _at(dice, body)
    body[at:at] = dice.choice(_MARKS)


def _word(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    at = _at(dice, body)
    body[at:at] = dice.choice(_WORDS)


def _pieces(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    """A segment, line or key is left out, said twice, or changes places with another."""
    mark = dice.choice([m for m in _PIECES if m in body] or [b"\n"])
    found = bytes(body).split(mark)
    one, two = dice.randrange(len(found)), dice.randrange(len(found))
    match dice.randint(0, 3):
        case 0:
            del found[one]
        case 1:
            found.insert(one, found[two])
        case 2:
            found[one], found[two] = found[two], found[one]
        case _:
            found[one:one] = found[one : one + 4]
    body[:] = mark.join(found)


def _numbers(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    """Two numbers change places, or one character of one does not stay what it was."""
    spans = [found.span() for found in _NUMBER.finditer(body)]
    if not spans:
        return
    (a, b), (c, d) = sorted((dice.choice(spans), dice.choice(spans)))
    if b <= c and dice.random() < 0.6:
        body[a:d] = body[c:d] + body[b:c] + body[a:b]
    else:
        body[dice.randrange(a, b)] = dice.choice(b"0O1ILS5B8-49 ")


def _around(dice: Random, body: bytearray, others: Sequence[bytes]) -> None:
    """What is put around a message, in front of it or behind it."""
    match dice.randint(0, 3):
        case 0:
            body += dice.choice(others)
        case 1:
            body += body[: dice.randint(0, len(body))]
        case _:
            first, last = dice.choice(_AROUND)
            for _ in range(dice.choice((1, 1, 1, 2, 5, 40))):
                body[:] = first + body + last


def _charset(dice: Random, body: bytearray, _: Sequence[bytes]) -> None:
    text = bytes(body).decode("latin-1")
    body[:] = text.encode(dice.choice(_CHARSETS), "replace")


#: The last is rare: behind it hardly anything is left to read.
_BLOWS: tuple[Blow, ...] = (
    _flip, _digit, _delete, _cut, _move, _double, _splice, _mark, _word, _pieces, _pieces, _numbers, _around,
    _flip, _digit, _delete, _pieces, _word, _numbers, _mark, _charset,
)  # fmt: skip
LARGEST = 40_000


def broken(dice: Random, others: Sequence[bytes], body: bytes | None = None) -> bytes:
    """A message of the corpus (or this one) after one to six blows."""
    made = bytearray(dice.choice(others) if body is None else body)
    for _ in range(dice.choice((1, 1, 2, 2, 3, 4, 6))):
        dice.choice(_BLOWS)(dice, made, others)
    del made[LARGEST:]
    return bytes(made)
