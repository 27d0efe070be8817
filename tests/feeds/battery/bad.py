"""Bad input by its sort: what becomes of a message that every source's own fixtures show whole.

What is done goes by the syntax that a message looks like, so a source that is new is broken in the same ways.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator

from tests.fuzz.blows import SAYING

Make = Callable[[bytes], Iterator[bytes]]
_ASKED = b"Holdwatch-Asked: "
_EMPTY = b"\r\n\r\n"
#: Carrier codes of the fixtures, also spaced, in small letters, or at the beginning of a subject in base64.
_THEIRS = {
    rb"(?i)8(\W?)S(\W?)M(\W?)P": rb"7\1O\2T\3H",
    rb"(?i)S(\W?)M(\W?)P(\W?)L": rb"O\1T\2H\3R",
    base64.b64encode(b"8SMPPARS1"): base64.b64encode(b"7OTHPARS1"),
}
_NUMBER = re.compile(rb"(?=.*\d)[A-Z0-9 -]{8,}")


def apart(body: bytes) -> tuple[bytes, bytes]:
    """What we put above an answer, and the answer."""
    if not body.startswith(_ASKED) or _EMPTY not in body:
        return b"", body
    head, _, answer = body.partition(_EMPTY)
    return head + _EMPTY, answer


def syntax(body: bytes) -> str:
    """What a message looks like."""
    start = apart(body)[1].removeprefix(b"\xef\xbb\xbf").lstrip()
    looks = {b"ISA": "x12", b"UNA": "edifact", b"UNB": "edifact", b"UNH": "messages"}
    found = looks.get(start[:3]) or {b"{": "json", b"[": "json", b"<": "xml"}.get(start[:1])
    return found or ("mail" if re.match(rb"[A-Z][A-Za-z-]+: ", start) else "lines")


def is_framed(body: bytes) -> bool:
    """Whether its syntax shows that something of it is missing."""
    return syntax(body) in ("x12", "edifact", "json", "xml")


def truncated(body: bytes) -> Iterator[bytes]:
    """Cut at places all over it, and at each of its last bytes."""
    size = len(body)
    for at in {*range(0, size, max(1, size // 12)), *range(max(0, size - 24), size)}:
        yield body[:at]


def wrong_separators(body: bytes) -> Iterator[bytes]:
    """Separators of another sender, each by itself and all at once; lost line ends, and others."""
    head, text = apart(body)
    for ours, theirs in ((b"+", b"|"), (b"'", b"~"), (b"*", b"^"), (b"~", b"!"), (b":", b";"), (b",", b"\x1d")):
        yield head + text.replace(ours, theirs)
    yield head + text.translate(bytes.maketrans(b"*~:+'\",<", b"\x1d\x1c\x1f|!`;["))
    for end in (b"\r", b"\r\n", b"\n\n") if syntax(body) == "lines" else (b"", b"\r", b"\r\n", b"\n\n"):
        yield head + text.replace(b"\r\n", b"\n").replace(b"\n", end)


def wrong_charset(body: bytes) -> Iterator[bytes]:
    """In another charset than its own, or with bytes that are of none."""
    head, text = apart(body)
    for charset in ("utf-8-sig", "utf-16", "utf-32", "cp037", "utf-7"):
        yield head + text.decode("latin-1").encode(charset, "replace")
    yield head + text.replace(b"SAMPLE", "Québec 税 ".encode()).replace(b"e", "é".encode("latin-1"), 3)
    yield head + b"\0" + text
    yield b"\xff\xfe" + body


def unknown_codes(body: bytes) -> Iterator[bytes]:
    """Every code and word that says a status is one that nobody knows; one after the other, and all of them."""
    said = (found.span(found.lastindex or 0) for found in SAYING.finditer(body))
    spans = [(start, end) for start, end in said if not _NUMBER.fullmatch(body[start:end])]
    for start, end in spans[:12]:
        yield body[:start] + b"ZZ9" + body[end:]
    whole = bytearray(body)
    for start, end in reversed(spans):
        whole[start:end] = b"ZZ9"
    yield bytes(whole)


def of_others(body: bytes) -> bytes:
    """The same about the numbers of another carrier."""
    for ours, theirs in _THEIRS.items():
        body = re.sub(ours, theirs, body)
    return body


def other_carriers(body: bytes) -> Iterator[bytes]:
    """About another carrier's numbers."""
    yield of_others(body)


def in_the_future(body: bytes) -> Iterator[bytes]:
    """All its times lie ten years ahead, two days, or in no calendar."""
    for year, day in ((b"36", b"15"), (b"26", b"17"), (b"26", b"45"), (b"99", b"99")):
        moved = re.sub(rb"(20)?26(-?)01(-?)15", rb"\g<1>" + year + rb"\g<2>01\g<3>" + day, body)
        yield re.sub(rb"15 Jan 2026", day + b" Jan 20" + year, moved)


def twice(body: bytes) -> Iterator[bytes]:
    """The same once more behind itself, and nothing changed."""
    yield body
    yield body + body
    yield body + b"\n" + apart(body)[1]


def entities(body: bytes) -> Iterator[bytes]:
    """With a document type, entities that unpack, others that would be fetched, and inclusions."""
    head, text = apart(body)
    inner = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", text)
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    for declared in (
        b'<!ENTITY code "4">',
        b'<!ENTITY code SYSTEM "file:///etc/hostname">',
        b'<!ENTITY % code SYSTEM "http://127.0.0.1:9/x.dtd"> %code;',
        b'<!ENTITY l0 "9">' + laughs,
    ):
        kind = b"<!DOCTYPE rnslist [" + declared + b"]>"
        yield head + kind + re.sub(rb'processing_ind="[^"]*"', b'processing_ind="&code;"', inner)
        yield head + kind + inner.replace(b"</rnslist>", b"<a>&l9;</a></rnslist>")
    yield head + inner.replace(
        b"<rnslist>", b'<rnslist xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/hostname"/>'
    )


def _mime(depth: int, text: bytes) -> bytes:
    opened = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)]
    closed = [b"\r\n--b%d--\r\n" % n for n in reversed(range(depth))]
    return b"Subject: SAMPLE\r\nFrom: a@b.example\r\n" + b"".join(opened) + text + b"".join(closed)


def nests(body: bytes) -> Iterator[bytes]:
    """In lists, objects, elements, parts of mails, mails in mails, and envelopes of its own kind."""
    head, text = apart(body)
    for depth in (1, 12, 300):
        yield head + b"[" * depth + text + b"]" * depth
        yield head + b'{"messages":' * depth + text + b"}" * depth
        yield head + b"<a>" * depth + text + b"</a>" * depth
        yield head + _mime(depth, text)
        yield head + b"Content-Type: message/rfc822\r\n\r\n" * depth + text
        yield head + b"UNB+UNOA:3+A+B+260115:1031+1'" * depth + text + b"UNZ+1+1'" * depth


def half_bad(body: bytes) -> Iterator[bytes]:
    """Beside everything good in it stands something bad of the same kind; nothing where a message is one word only."""
    yield from (made for made in _half_bad(body) if made != body)


def _half_bad(body: bytes) -> Iterator[bytes]:
    head, text = apart(body)
    match syntax(body):
        case "edifact" | "messages":
            worse = re.sub(rb"UNT\+(\d+)", rb"UNT+9\1", b"".join(_between(text, rb"UNH\+", rb"UNT\+[^'~]*['~]")))
            yield re.sub(rb"(?=UNH\+)", worse.replace(b"\\", b""), text, count=1) if worse else text
        case "x12":
            worse = re.sub(rb"SE\*(\d+)", rb"SE*9\1", b"".join(_between(text, rb"ST\*", rb"SE\*[^~]*~")))
            yield text.replace(b"ST*", worse + b"ST*", 1)
        case "json":
            yield from (head + json.dumps(one).encode() for one in _worse_items(text))
        case "xml":
            yield head + text.replace(b"<rns ", b'<rns processing_ind="77"/><rns ', 1)
        case "lines" if b"\0" not in text:
            lines = text.splitlines(keepends=True)
            mark = max((b",", b";", b"\t", b"|"), key=text.count)
            bad = [mark.join((b"9", *(b"abcdefghijkl"[n : n + 1] for n in range(12)))), mark.join((b"8", b'"open'))]
            yield b"".join([*lines, *(line + b"\n" for line in bad), *lines[-1:]])


def _between(text: bytes, first: bytes, last: bytes) -> list[bytes]:
    return re.findall(rb"%b(?:.|\n)*?%b\s*" % (first, last), text)[:1]


def _worse_items(text: bytes) -> Iterator[object]:
    """The same lists with something beside each item that is none."""
    try:
        top = json.loads(text.decode("utf-8-sig"))
    except ValueError:
        return
    if isinstance(top, dict) and isinstance(top.get("data"), str):
        yield [1, top, 1]  # a message that is read whole or not at all
        return
    if isinstance(top, list) and top:
        yield [one for good in top for one in (1, good)]
    for name, found in top.items() if isinstance(top, dict) else ():
        if isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
            yield top | {name: [one for good in found for one in (1, good)]}


BAD: dict[str, Make] = {
    "truncated": truncated,
    "wrong separators": wrong_separators,
    "wrong charset": wrong_charset,
    "unknown codes": unknown_codes,
    "other carriers' numbers": other_carriers,
    "dates in the future": in_the_future,
    "the same twice": twice,
    "half a batch bad": half_bad,
    "XML entities": entities,
    "MIME nests": nests,
}
