"""Bodies that were made to hurt: of every sort, given to every source, a megabyte in under two seconds."""

from collections.abc import Mapping

import pytest

from bot.domain.status import GOOD
from bot.feeds.registry import SOURCES
from tests.feeds.battery.bad import syntax
from tests.fuzz.corpus import RECEIVED, reader, seeds
from tests.fuzz.sound import bound, sound
from tests.patience import costs

_SIZE = 1_000_000
_MAIL = b"Subject: x\r\n"
_PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
_HTML = b"Content-Type: text/html\r\n\r\n"
_ISA = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260115*1031*U*00406*000000007*0*P*:~"


def _to(size: int, first: bytes, again: bytes, last: bytes = b"") -> bytes:
    return first + again * ((size - len(first) - len(last)) // len(again)) + last


#: By syntax: what it begins with, what it is full of, how it ends.
FULL: Mapping[str, Mapping[str, tuple[bytes, ...]]] = {
    "any": {
        "zeros": (b"", b"\0"),
        "binary": (b"", bytes(range(256))),
        "line ends": (b"", b"\r\n"),
    },
    "edifact": {
        "edifact segments": (b"UNH+1+CUSRES:D:96A:UN'", b"GIS+9'", b"UNT+3+1'"),
        "edifact messages": (b"", b"UNH+1+CUSRES:D:96A:UN'UNT+2+1'"),
        "edifact notices": (b"UNH+1+GOVCBR:D:13A:UN'", b"STS++2:::9'", b"UNT+3+1'"),
        "edifact text": (b"UNH+1+CUSRES:D:96A:UN'FTX+AAO+++", b"A", b"'UNT+3+1'"),
        "edifact headers": (b"", b"UNA:+.? 'UNB+UNOA:3+A+B+260115:1031+1'"),
    },
    "x12": {
        "x12 headers": (b"", _ISA),
        "x12 words like headers": (b"", b"ISA*"),
        "x12 segments": (_ISA + b"GS*AU*A*B*20260115*1031*1*X*004060~ST*350*1~", b"X4*P*1*1*1*1*1*1C~", b"SE*3*1~"),
        "x12 sets": (_ISA + b"GS*AU*A*B*20260115*1031*1*X*004060~", b"ST*350*1~SE*2*1~"),
        "x12 answers": (_ISA + b"GS*AG*A*B*20260115*1031*1*X*004060~ST*824*1~", b"OTI*TA*CN~TED*1*x~", b"SE*3*1~"),
    },
    "json": {
        "brackets": (b"", b"["),
        "braces": (b"", b'{"a":'),
        "wrappers": (b"", b'{"messages":['),
        "items": (b'{"statuses":[', b"{},", b"{}]}"),
        "shipments": (b'{"shipments":[', b"{},", b"{}]}"),
        "messages": (b"[", b'{"data":"X"},', b"1]"),
        "messages of a kind": (b"[", b'{"data":"ACE_RESPONSE"},', b"1]"),
        "shipments of a trip": (b'{"data":"ACE_RESPONSE","shipmentStatusList":[', b"{},", b"{}]}"),
        "keys": (b"{", b'"a":1,', b'"a":1}'),
        "digits": (b'{"statuses":', b"9", b"}"),
        "quotes": (b'"', b'\\"', b'"'),
    },
    "xml": {
        "elements": (b"<rnslist>", b"<rns/>", b"</rnslist>"),
        "open elements": (b"", b"<a>"),
        "attributes": (b"<rns ", b'a="1" ', b"/>"),
        "references": (b"<rns>", b"&amp;", b"</rns>"),
    },
    "lines": {
        "cells": (b"number", b",x"),
        "marks of cells": (b"number,driver\n", b'1,"'),
        "rows": (b"number,driver\n", b"1,a,b,c\n"),
        "headers alike": (b"", b"numbr,", b"\n1\n"),
    },
    "mail": {
        "numbers": (_MAIL + b"\r\n", b"8SMPPARS1 "),
        "words": (_MAIL + b"\r\n", b"Released. 8SMPPARS100123 not Released; "),
        "dashes": (_MAIL + b"\r\n", b"8SMPPARS1-"),
        "encoded words": (b"Subject: ", b"=?utf-8?B?QQ==?= ", b"\r\n\r\nx"),
        "addresses": (b"To: ", b"a@b.example, ", b"\r\n\r\nx"),
        "header lines": (b"", b"X-A: b\r\n", b"\r\nx"),
        "marks of a page": (_HTML, b"<"),
        "parts of a page": (_HTML, b"<div>"),
        "comments of a page": (_HTML, b"<!--"),
        "parts": (_PARTS, b"--b\r\n\r\nx\r\n"),
        "parts in parts": (b"", _PARTS + b"--b\r\n"),
        "parameters": (_PARTS + b"--b\r\nContent-Type: a/b; ", b"x=1; "),
        "mails in mails": (b"", b"Content-Type: message/rfc822\r\n\r\n"),
        "dates": (_MAIL + b"Date: ", b"Thu, 15 Jan 2026 ", b"\r\n\r\nx"),
    },
}


def _own(source: str) -> set[str]:
    """The syntaxes of a source's own messages; a bare EDIFACT message is one too."""
    found = {syntax(seed.body) for seed in seeds(source)}
    return {"edifact" if one == "messages" else one for one in found} | {"any"}


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("source", SOURCES)
def test_a_megabyte_of_it_is_read_in_bounded_time_and_says_nothing_good(source: str, kind: str) -> None:
    """Of a syntax that is not its own a source gets a tenth of that."""
    for full, parts in FULL[kind].items():
        body = _to(_SIZE if kind in _own(source) else _SIZE // 10, *parts)
        assert bound(len(body)) <= 2
        found = sound(source, body, reader(source))
        assert not [r for r in found.reports if r.status in GOOD], full
        assert found.problems or not found.reports, full


@pytest.mark.parametrize("source", SOURCES)
def test_a_megabyte_of_its_own_messages_is_read_in_bounded_time(source: str) -> None:
    longest = max((s.body for s in seeds(source)), key=len)
    for body in (longest, seeds(source)[0].body):
        whole = body * (_SIZE // len(body))
        assert costs(lambda whole=whole: SOURCES[source].read(whole, reader(source), RECEIVED), bound(len(whole)))
