"""What an EDIFACT or X12 body itself states, read one character at a time or by any separators: slow, and not ours."""

import re

from bot.domain.report import Report
from tests.fuzz.corpus import OVERRIDES

Message = list[list[list[str]]]
_GOOD_GIS = {"4", "8", "9", "23"}
_GOOD_NOTICES = {"RELEASED", "AUTHORIZED TO DELIVER"}
_GOOD_X407 = {"02", "05"} | {f"{agency}{event}" for agency in "123" for event in "BC"}
_GOOD_EVENTS = {"RTR", "RCO"}
_ENDS = ("UNT", "UNB", "UNZ", "UNG", "UNE")


def key(text: str) -> str:
    """A number as numbers are compared."""
    squeezed = re.sub(r"\s", "", text).upper()
    digits = squeezed.replace("-", "")
    return digits if len(digits) == 14 and digits.isdecimal() else squeezed


def words(text: str) -> str:
    """A phrase as phrases are compared."""
    return re.sub(r"[\W_]+", " ", text).strip().upper()


def messages(body: bytes) -> list[Message]:
    """Every UNH and what stands behind it, as segments, elements and components."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    marks, index, inside = ":+.? '", 0, False
    found: list[Message] = []
    segment: list[list[str]] = [[""]]
    while index < len(text):
        una = re.match(r"UNA(\W\W.\W.\W)\s*UN[ABGH]", text[index : index + 40], re.DOTALL)
        if una and (segment == [[""]] or text[index - 1] in "\r\n"):
            marks, index, inside, segment = una[1], index + 9, False, [[""]]
            continue
        char = text[index]
        if char == marks[3] != " ":
            while index + 1 < len(text) and text[index + 1] in "\r\n":
                index += 1
            index += 1
            segment[-1][-1] += text[index : index + 1]
        elif char == marks[5] or (char in "\r\n" and re.match(r"UN[BGHTEZ]\+", text[index + 1 : index + 5])):
            tag = segment[0][0].strip()
            if tag == "UNH":
                found.append([])
            inside = tag == "UNH" or (inside and tag not in _ENDS)
            if inside:
                found[-1].append(segment)
            segment = [[""]]
        elif char == marks[1]:
            segment.append([""])
        elif char == marks[0]:
            segment[-1].append("")
        elif char not in "\r\n":
            segment[-1][-1] += char
        index += 1
    return found


def _part(segment: list[list[str]], element: int, component: int = 0) -> str:
    return segment[element][component].strip() if len(segment) > element and len(segment[element]) > component else ""


def _about(body: bytes, report: Report) -> list[Message]:
    """The messages that name the number of a report."""
    return [
        m
        for m in messages(body)
        if any(key(text) == report.key for segment in m for element in segment for text in element)
    ]


def rns(body: bytes, report: Report) -> bool:
    """One message about the number has a good indicator, and no indicator that is not."""
    codes = [{_part(s, 1) for s in m if s[0][0].strip() == "GIS"} for m in _about(body, report)]
    return any(code & _GOOD_GIS and code <= _GOOD_GIS | {"128"} for code in codes)


def notices(body: bytes, report: Report) -> bool:
    """One message about the number states a good phrase, as its code or as the whole of a text."""
    says = _about(body, report)
    texts = [{words(_part(s, 2, 3)) for s in m if s[0][0].strip() == "STS"} for m in says]
    texts += [{words(" ".join(s[4])) for s in m if s[0][0].strip() == "FTX" and len(s) > 4} for m in says]
    return any(text & _GOOD_NOTICES for text in texts)


def _x12(body: bytes) -> set[tuple[str, str]]:
    """Number and code of every X4 and V9 there may be, by any separators."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    found = set()
    for element in {m[1] for m in re.finditer(r"ISA([^A-Za-z0-9 \t\r\n])", text)}:
        for end in {c for c in text if not c.isalnum() and c not in (element, " ")} | {"\r", "\n"}:
            bare = text if end in "\r\n" else text.replace("\r", "").replace("\n", "")
            parts = [s.strip(" \t\r\n").split(element) + [""] * 11 for s in bare.split(end)]
            trips = {key(p[1] + p[6]) for p in parts if p[0] == "M10"} | {key(p[6]) for p in parts if p[0] == "M10"}
            for p in parts:
                if p[0] == "X4":
                    found |= {(number, p[7].strip().upper()) for number in (key(p[1]), key(p[9] + p[1]))}
                elif p[0] == "V9":
                    found |= {(trip, f"V9 {p[1].strip().upper()}") for trip in trips}
    return found


def ace_350(body: bytes, report: Report) -> bool:
    """A good disposition stands beside the shipment, or a good event in a set that names the trip."""
    codes = {code for number, code in _x12(body) if number == report.key}
    return bool(codes & (_GOOD_X407 | {f"V9 {event}" for event in _GOOD_EVENTS}))


def cbsa_350(body: bytes, report: Report) -> bool:
    """A code that the operator calls good stands beside the number."""
    codes = {code for number, code in _x12(body) if number == report.key}
    return bool(codes & {name.removeprefix("X407:") for name in OVERRIDES})


def accepted(body: bytes, report: Report) -> bool:
    """An answer to our own manifest says accepted in so many words, or by OTI."""
    text = body.decode("latin-1").replace("\n", "").replace("\r", "")
    return bool(
        re.search(r"OTI.\s*[TI][ACE]", text.upper()) if report.raw.startswith("OTI") else "ACCEPT" in text.upper()
    )
