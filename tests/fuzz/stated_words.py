"""What a JSON, XML or mail body itself states, found by looking, without our readers."""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message

from bot.domain.report import Report
from tests.fuzz.stated_edi import key, words

_GOOD_GIS = {"4", "8", "9", "23"}
_GOOD_X407 = {"02", "05"} | {f"{agency}{event}" for agency in "123" for event in "BC"}
_GOOD_TRIP = {"RTR", "RCO"}
_GOOD_PAGE = {
    "COMPLETE MANIFEST AND ENTRY NUMBERS ON FILE",
    "COMPLETE MANIFEST AND ENTRY NUMBERS ON FILE WITH CBP",
    "TRUCK RELEASED AT BORDER",
}
_GOOD_WORDS = {
    "READY",
    "RELEASED",
    "RELEASED CONDITIONAL",
    "ACCEPTED",
    "GOODS RELEASED",
    "R",
    "AUTHORIZED TO DELIVER",
    "AUTHORIZED TO DELIVER CSA SHIPMENT",
    "DECLARATION ACCEPTED AWAITING ARRIVAL OF GOODS",
    "GOODS MAY MOVE DETAIN TO DESTINATION CFIA",
}
_GOOD_MAIL = (
    "RELEASED",
    "ACCEPTED",
    "GOODS RELEASED",
    "DECLARATION ACCEPTED AWAITING ARRIVAL OF GOODS",
    "AUTHORIZED TO DELIVER CSA SHIPMENT",
    "GOODS MAY MOVE DETAIN TO DESTINATION CFIA",
)
_TAKES_BACK = re.compile(r"\b(?:NOT|NEVER|PENDING|WILL BE|SHOULD|CANNOT)\b")


def walk(value: object) -> Iterator[dict[str, object]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(one)


def _answer(body: bytes) -> tuple[str, bytes]:
    """The number that was asked about, '' when nothing says so, and the answer."""
    head, end, answer = body.partition(b"\r\n\r\n")
    if not end or not head.startswith(b"Holdwatch-Asked: "):
        return "", body
    return head.decode("utf-8", "replace").partition(" ")[2].partition(" ")[2], answer


def broker(body: bytes, report: Report) -> bool:
    """An item of the list has the number and a good word."""
    items = json.loads(body.decode("utf-8-sig"))["statuses"]
    pairs = [(i.get("number"), i.get("status")) for i in items if isinstance(i, dict)]
    said = {(key(n), words(word)) for n, word in pairs if isinstance(n, str) and isinstance(word, str)}
    return any((report.key, word) in said for word in _GOOD_WORDS)


def borderconnect(body: bytes, report: Report) -> bool:
    """An object that names the number states something good."""
    found = set()
    for item in walk(json.loads(body.decode("utf-8-sig"))):
        about = {_key(item.get(name)) for name in ("cargoControlNumber", "shipmentControlNumber", "tripNumber")}
        transaction = _key(item.get("transactionNumber"))
        about |= {transaction, transaction.replace("-", "")}
        about |= {_key(inner.get("tripNumber")) for inner in walk(item.get("sendRequest"))}
        codes = {_key(inner.get("number")) for inner in walk(item.get("status"))}
        page = words(str(item.get("status")))
        if (
            codes & _GOOD_GIS
            or _key(item.get("code")) in _GOOD_X407
            or str(item.get("tripStatus")).strip().upper() in _GOOD_TRIP
            or page in _GOOD_PAGE
        ):
            found |= about
    return report.key in found


def _key(value: object) -> str:
    return re.sub(r"\s", "", str(value)).upper()


def candata(body: bytes, report: Report) -> bool:
    """A notice states the indicator, and the number is the one that was asked about."""
    asked, answer = _answer(body)
    said = r"processing_ind\s*(?:=\s*[\"']\s*0*{0}\s*[\"']|>\s*0*{0}\s*<)".format(re.escape(report.raw))
    return report.key == asked and report.raw in _GOOD_GIS and bool(re.search(said, _text(answer)))


def _text(answer: bytes) -> str:
    """An answer as text, by the mark of its own charset."""
    wide = answer[:2] in (b"\xff\xfe", b"\xfe\xff")
    return answer.decode("utf-16" if wide else "latin-1", "replace")


def json_poll(body: bytes, report: Report) -> bool:
    """An object has the number, or none where it was asked about, and a good word or date that nothing takes back."""
    asked, answer = _answer(body)
    for item in walk(json.loads(answer.decode("utf-8-sig"))):
        number = _key(item["paps"]) if item.get("paps") not in (None, "") else asked
        good = words(str(item.get("status"))) == "CLEARED" or item.get("release_accepted_by_cbp")
        if number == report.key and good and words(str(item.get("fda") or "")) in ("", "MAY PROCEED"):
            return True
    return False


def mail(body: bytes, report: Report) -> bool:
    """A line above what is quoted has a good word, and nothing in it that takes it back; the mail has the number."""
    lines = [" ".join(line.split()) for line in _mail_text(body).splitlines()]
    named = report.key in key(" ".join(lines)).upper()
    said = [words(line) for line in lines if not line.startswith(">")]
    good = any(word in line for word in _GOOD_MAIL for line in said if not _TAKES_BACK.search(line))
    return named and good


def _mail_text(body: bytes) -> str:
    """Subject and every text of a mail, decoded; without what may be tags of a page, and with it."""
    found = message_from_bytes(body, policy=policy.default)
    texts = [f"Subject: {found.get('Subject', '')}", *(_part(part) for part in found.walk() if not part.is_multipart())]
    page = re.sub(r"(?i)</?(?:p|div|br|tr|li|table|h\d|hr|ul|ol|section|td|th)\b[^>]*>", "\n", "\n".join(texts))
    return re.sub(r"<[^>]*>", "", page) + "\n" + "\n".join(texts)


def _part(part: Message) -> str:
    found = part.get_payload(decode=True)
    raw = found if isinstance(found, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = raw.decode("latin-1")
    return " ".join(text.split()) if part.get_content_type() == "text/html" else text
