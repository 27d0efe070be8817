"""CBSA Release Notification System: CUSRES D.96A responses (border-formats 1.3 to 1.5, 8.2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, transaction_check, transaction_key
from bot.domain.reasons import USED_CODES
from bot.domain.status import Authority, Status, Track
from bot.feeds.cbsa import Dialect, Named, Verdict, hear, part, worst
from bot.feeds.codes import Codes, codes
from bot.feeds.edifact import Message
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.texts import plain

#: Code to (status, meaning). GIS 14 is not here: it says only that the error codes decide.
MEANINGS: dict[str, tuple[Status, str]] = {
    "GIS:1": (Status.SENT, "content accepted"),
    "GIS:2": (Status.REJECTED, "content rejected"),
    "GIS:3": (Status.REJECTED, "rejected without comment"),
    "GIS:4": (Status.RELEASED, "goods released"),
    "GIS:5": (Status.EXAM, "goods required for examination, referred"),
    "GIS:6": (Status.HELD, "release documents required"),
    "GIS:7": (Status.HELD, "goods detained"),
    "GIS:8": (Status.RELEASED_CONDITIONAL, "goods may move, detain to destination (CFIA)"),
    "GIS:9": (Status.READY, "declaration accepted, awaiting arrival of goods"),
    "GIS:10": (Status.REJECTED, "declaration requested"),
    "GIS:11": (Status.REJECTED, "pre-entry information"),
    "GIS:12": (Status.REJECTED, "sender not allowed"),
    "GIS:13": (Status.REJECTED, "message type not supported"),
    "GIS:15": (Status.UNKNOWN, "response after correction, approved"),
    "GIS:16": (Status.REJECTED, "response after correction, not approved"),
    "GIS:17": (Status.SENT, "message received"),
    "GIS:23": (Status.RELEASED, "authorized to deliver, CSA shipment"),
    "GIS:24": (Status.AWAITING_PROCESSING, "declaration accepted, awaiting customs processing"),
    "GIS:34": (Status.AWAITING_PROCESSING, "transaction awaiting processing"),
    "GIS:128": (Status.WARNING, "accepted with warning"),
    "ERC:01": (Status.NO_RELEASE, "CCN not on file"),
    "ERC:06": (Status.REJECTED, "invalid office"),
    "ERC:07": (Status.REJECTED, "office too short"),
    "ERC:08": (Status.REJECTED, "EDIFACT syntax"),
    "ERC:09": (Status.WARNING, "arrival office differs from release office"),
    "ERC:16": (Status.REJECTED, "arrival not allowed, in-transit cargo"),
    "ERC:28": (Status.REJECTED, "arrival refused: cargo or house bill rejected"),
    "ERC:30": (Status.REJECTED, "warehouse is mandatory"),
    "ERC:31": (Status.ARRIVED, "already arrived at this port and warehouse"),
    "ERC:32": (Status.NO_RELEASE, "arrival accepted, no related document on file"),
    "ERC:34": (Status.ARRIVED, "already in arrived status"),
    "ERC:72": (Status.WARNING, "sub-location mismatch"),
    "ERC:73": (Status.REJECTED, "arrival document expired"),
    "ERC:74": (Status.WARNING, "arrival port mismatch"),
    "ERC:79": (Status.REJECTED, "warehouse is not of this port"),
    "ERC:80": (Status.REJECTED, "warehouse cannot be a customs office"),
    "ERC:464": (Status.REJECTED, "CCN already used"),
    "ERC:531": (Status.REJECTED, "country of origin"),
    "ERC:998": (Status.REJECTED, "rejected"),
    "ERC:D40": (Status.REJECTED, "consignee postal code"),
    "ERC:T36": (Status.REJECTED, "CCN already used"),
    "ERC:W80": (Status.REJECTED, "release cannot be linked to consolidated cargo or a house bill"),
    "ERC:Y50": (Status.REJECTED, "release does not agree with the cargo report"),
    "ERC:Y51": (Status.HELD, "release documents required"),
}
_TABLE = {code: status for code, (status, _) in MEANINGS.items()}
_REASONS = {"GIS:6": "docs", "ERC:Y51": "docs", "ERC:09": "port", "ERC:72": "port", "ERC:74": "port"}
_REFUSALS = frozenset({"2", "3", "14"})


@dataclass(slots=True)
class Heard(Named):
    """What one CUSRES names and says."""

    indicators: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    document: str = ""

    def bgm(self, parts: list[list[str]]) -> None:
        """The document: a transaction number, or on errors a mere reference."""
        self.document = part(parts, 2)

    def gis(self, parts: list[list[str]]) -> None:
        """A processing indicator."""
        self.indicators.append(plain(part(parts, 1), 12))

    def erc(self, parts: list[list[str]]) -> None:
        """An error code; customs writes 01 and 1 for the same."""
        code = plain(part(parts, 1).upper(), 12)
        self.errors.append(code.zfill(2) if code.isdecimal() else code)

    def rff(self, parts: list[list[str]]) -> None:
        """A reference: cargo control number (XC, CN), transaction (TN), previous cargo control number (ED)."""
        kind, value = part(parts, 1), part(parts, 1, 1)
        if kind in {"XC", "CN"}:
            self.number("RFF", NumberKind.CCN, value)
        elif kind == "TN":
            self.number("RFF", NumberKind.TRANSACTION, value)
        elif kind == "ED" and value:
            self.notes.append(f"previous cargo control number {plain(value, 40)}")


_Take = Callable[[Heard, list[list[str]]], None]
_SEGMENTS: dict[str, _Take] = {
    "BGM+": Heard.bgm,
    "LOC+": Heard.loc,
    "DTM+": Heard.dtm,
    "GIS+": Heard.gis,
    "ERC+": Heard.erc,
    "FTX+": Heard.ftx,
    "RFF+": Heard.rff,
}


def _track(status: Status) -> Track:
    return Track.ARRIVAL if status is Status.ARRIVED else Track.RELEASE


def _known(key: str, table: Codes, fallback: str, reason: str, rank: int = 0) -> Verdict:
    status = table.table[key]
    text = MEANINGS[key][1] if key in MEANINGS else fallback
    return Verdict(status, _track(status), text, _REASONS.get(key, reason), rank)


def _error(code: str, heard: Heard, table: Codes) -> Verdict:
    """What an error code says beside the indicators it came with."""
    key, rank = f"ERC:{code}", 2 if code in USED_CODES else 1
    if key in table.table:
        return _known(key, table, f"error {code}", code, rank)
    if not _REFUSALS.isdisjoint(heard.indicators):
        return Verdict(Status.REJECTED, Track.RELEASE, f"error {code}", code, rank)
    if set(heard.indicators) == {"128"}:
        return Verdict(Status.WARNING, Track.RELEASE, f"warning {code}", code, rank)
    heard.problem("ERC", f"error code {code!r} is not known: counted as UNKNOWN", key)
    return Verdict(Status.UNKNOWN, Track.RELEASE, f"unknown error code {code}", code, rank)


def _indicator(code: str, heard: Heard, table: Codes) -> Verdict | None:
    """What a processing indicator says; none where the error codes beside it say it."""
    key = f"GIS:{code}"
    if key in table.table:
        return _known(key, table, f"indicator {code}", "")
    if code != "14":
        heard.problem("GIS", f"processing indicator {code!r} is not known: counted as UNKNOWN", key)
        return Verdict(Status.UNKNOWN, Track.RELEASE, f"unknown indicator {code}")
    if heard.errors:
        return None
    heard.problem("GIS", "an error (14) without an error code: counted as rejected")
    return Verdict(Status.REJECTED, Track.RELEASE, "error without a code")


def _verdicts(heard: Heard, table: Codes) -> list[Verdict]:
    """At most one verdict that changes state per track, the worst said, and one warning.

    Several indicators in one message have one time, so no order tells which came last: the worse stands.
    An unknown code beside a good one makes it UNKNOWN, for nobody knows what it takes back.
    """
    said = [v for code in heard.indicators if (v := _indicator(code, heard, table))]
    said += [_error(code, heard, table) for code in heard.errors]
    if not said:
        heard.problem("GIS", "it has neither a processing indicator nor an error code: counted as UNKNOWN")
        return [Verdict(Status.UNKNOWN, Track.RELEASE, "no indicator")]
    if len(said) == 1:
        return said
    heard.notes.insert(0, "; ".join(v.text for v in said))
    return worst(said)


def _raw(heard: Heard, _table: Codes) -> str:
    return "+".join(heard.indicators + heard.errors) if heard.indicators else " ".join(["ERC", *heard.errors])


def _hear(message: Message, problems: list[Problem]) -> Heard:
    heard = hear(Heard(message, problems), _SEGMENTS)
    document, sure = transaction_key(heard.document), not heard.errors and "14" not in heard.indicators
    # On an error the document is often only a reference; a fitting check digit tells them apart well enough.
    if len(document) == 14 and document.isdecimal() and (sure or transaction_check(document)):
        heard.transactions = heard.transactions or [document]
    return heard


_CUSRES = Dialect("CUSRES", _hear, _verdicts, _raw, "RFF", "it names no number")


class CbsaRns:
    """RNS answers and notifications."""

    name: str = "cbsa_rns"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset({Direction.CA})

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports on cargo control numbers, or on the transaction when a message names only that."""
        return _CUSRES.read(body, reader, received, codes(_TABLE, ("GIS", "ERC"), reader.overrides))


SOURCE = CbsaRns()
