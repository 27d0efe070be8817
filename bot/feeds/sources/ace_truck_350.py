"""US customs' truck status, ANSI X12 350 (CBP to carrier; border-formats 4.4, 8.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.codes import Codes, codes
from bot.feeds.dispositions import KIND, STATUSES, WEAK, Disposition, disposition, entry_key
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.stamps import Stamp
from bot.feeds.texts import plain
from bot.feeds.x12 import Set, parse, sender_ref
from bot.feeds.x12_named import Named, Place, element, joined, places

#: What an event of the trip says (V9-01). All weak: see `weak`.
EVENTS: Mapping[str, Disposition] = MappingProxyType(
    {
        "AAD": Disposition(Status.ARRIVED, Track.ARRIVAL, "truck arrived"),
        "19": Disposition(Status.ARRIVED, Track.ARRIVAL, "truck arrived"),
        "RTR": Disposition(Status.RELEASED, Track.RELEASE, "truck released"),
        "RCO": Disposition(Status.RELEASED, Track.RELEASE, "truck released"),
        "HTR": Disposition(Status.HELD, Track.RELEASE, "truck held"),
        "SUV": Disposition(Status.WARNING, Track.RELEASE, "person without WHTI document"),
        "STV": Disposition(Status.WARNING, Track.RELEASE, "person without citizenship"),
    }
)
#: Where a set names its trip and what it is made of; '' is where no document says it.
FIELDS: Mapping[str, str] = MappingProxyType({"trip": "M10-06", "truck": "", "trailer": "VID-03", "driver": ""})
_TABLE = STATUSES | {f"V9:{code}": found.status for code, found in EVENTS.items()}
_TRACKS = {Status.ARRIVED: Track.ARRIVAL, Status.ON_FILE: Track.MANIFEST, Status.REJECTED: Track.MANIFEST}
_CARRIED = ("truck", "trailer", "driver")


@dataclass(slots=True)
class _Port:
    """One P4 loop: where, what happened to the trip there, what the trip is made of, and what was said of shipments."""

    office: str = ""
    events: list[list[str]] = field(default_factory=list)
    carries: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: list[tuple[list[str], list[str]]] = field(default_factory=list)


class _Where:
    """Where a set has its trip and what that is made of, by the name of the segment."""

    def __init__(self, found: Mapping[str, Place]) -> None:
        self.trip = found["trip"]
        self.carried: dict[str, list[tuple[str, Place]]] = {}
        for what in _CARRIED:
            if found[what].tag:
                self.carried.setdefault(found[what].tag, []).append((what, found[what]))
        self.tags = frozenset({"P4", "V9", "X4", "K1", "N9", self.trip.tag, *self.carried})


class _Telling:
    """One 350 on its way to reports."""

    def __init__(self, named: Named, table: Codes, where: _Where, before: int) -> None:
        self.named, self.table, self.where, self.position = named, table, where, before
        self.trip, self.ports = "", [_Port()]
        for parts in named.one.segments:
            if parts[0] in where.tags:
                self._take(parts)
        self.made = named.made()
        self.ref = plain(named.ref, 120)

    def _take(self, parts: list[str]) -> None:
        tag, port = parts[0], self.ports[-1]
        if tag == "P4":
            self.ports.append(_Port(plain(element(parts, 1), 10)))
        elif tag == "V9":
            port.events.append(parts)
        elif tag == "X4":
            port.words.append((parts, []))
        elif tag in ("K1", "N9"):
            text = " ".join(filter(None, (element(parts, 1), element(parts, 2))))
            (port.words[-1][1] if port.words else port.notes).append(text)
        if tag == self.where.trip.tag and not self.trip:
            self._trip(parts)
        for what, place in self.where.carried.get(tag, ()):
            text = plain(place.read(parts), 60)
            if text and (what, text) not in port.carries:
                port.carries.append((what, text))

    def _trip(self, parts: list[str]) -> None:
        scac = element(parts, 1) if parts[0] == "M10" else ""
        own = self.where.trip.read(parts)
        key = joined(scac, own) if own else ""
        self.trip = key if self.named.fits(parts[0], key) else ""

    def reports(self) -> Iterator[Report]:
        """What is said of the trip, then of shipments, port by port."""
        for port in self.ports:
            for parts in port.events:
                yield from self._event(parts, port)
            for parts, notes in port.words:
                yield from self._word(parts, notes, port)

    def _event(self, parts: list[str], port: _Port) -> Iterator[Report]:
        code = plain(element(parts, 1).upper(), 12)
        said = self._meaning(code)
        if not self.trip:
            self.named.problem("V9", f"it names no trip, so nobody is told: {said.text}")
            return
        carries = tuple(port.carries) if said.track in (Track.MANIFEST, Track.ARRIVAL) else ()
        at = self.named.at("V9", element(parts, 3), element(parts, 4))
        yield self._report(NumberKind.TRIP, self.trip, said, f"V9 {code}", at, port, port.notes, carries=carries)

    def _meaning(self, code: str) -> Disposition:
        status, known = self.table.table.get(f"V9:{code}"), EVENTS.get(code)
        if status is None:
            self.named.problem("V9", f"event code {code!r} is not known: counted as UNKNOWN", f"V9:{code}")
            return Disposition(Status.UNKNOWN, Track.RELEASE, f"unknown event {code}")
        if known is not None and known.status is status:
            return known
        return Disposition(status, _TRACKS.get(status, Track.RELEASE), known.text if known else f"event {code}")

    def _word(self, parts: list[str], notes: list[str], port: _Port) -> Iterator[Report]:
        code = plain(element(parts, 7).upper(), 12)
        said = disposition(code, self.table) if code else None
        if said is None:
            why = f"disposition code {code!r} is not known" if code else "it has no disposition code"
            self.named.problem("X4", f"{why}: counted as UNKNOWN", f"{KIND}:{code}" if code else "")
            said = Disposition(Status.UNKNOWN, Track.RELEASE, f"unknown disposition {code}".strip())
        key = joined(element(parts, 9), element(parts, 1))
        if not self.named.fits("X4", key):
            self.named.problem("X4", f"it names no shipment, so nobody is told: {said.text}")
            return
        entry = plain(entry_key(element(parts, 4)), 40)
        at = self.named.at("X4", element(parts, 5), element(parts, 6))
        more = [f"quantity {element(parts, 2)}" if element(parts, 2) else "", *notes]
        more.append(f"entry type {element(parts, 3)}" if element(parts, 3) else "")
        yield self._report(NumberKind.SCN, key, said, code or "X4", at, port, more, transaction=entry)

    def _report(
        self,
        kind: NumberKind,
        key: str,
        said: Disposition,
        raw: str,
        at: Stamp,
        port: _Port,
        notes: list[str],
        transaction: str = "",
        carries: tuple[tuple[str, str], ...] = (),
    ) -> Report:
        self.position += 1
        return Report(
            kind=kind,
            key=key,
            status=said.status,
            track=said.track,
            raw=raw,
            text=said.text,
            prepared=self.named.posted(self.made, at, said.status),
            at=at.utc,
            office=port.office,
            transaction=transaction,
            hold_key=said.hold_key,
            reason=said.reason,
            note=plain(" / ".join(filter(None, notes))),
            position=self.position,
            ref=self.ref,
            carries=carries,
        )


def _foreign(one: Set) -> str:
    """Why a set is not one of these; '' when it is."""
    if one.type != "350":
        return f"it is {plain(one.type, 12)!r}, not 350"
    if any("CBSA" in sender.upper() for sender in (one.group.interchange.head[6], one.group.head[2])):
        return "it is a 350 of the CBSA, whose codes are other ones: source cbsa_350 is for these"
    return ""


class AceTruck350:
    """Entry on file, holds, releases and arrivals as US customs posts them."""

    name: str = "ace_truck_350"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.RELEASE, Track.AGENCY, Track.ARRIVAL})
    directions: frozenset[Direction] = frozenset({Direction.US})
    weak: Mapping[str, str] = MappingProxyType(
        dict(WEAK)
        | {
            "V9": "event codes AAD, 19, RTR, RCO, HTR are the trip letters of one third-party adapter",
            "trip": "that M10-06 with the SCAC of M10-01 is the trip number: X12 calls it flight or voyage number",
            "trailer": "that VID-03 is the trailer; truck and driver are not read until fields says where they are",
            "X4-09": "that the SCAC of X4-09 stands before the number of X4-01, where that does not begin with it",
        }
    )

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports on shipments (X4) and on the trip (V9); an entry number is the transaction."""
        parsed = parse(body)
        table = codes(_TABLE, (KIND, "V9"), reader.overrides)
        found, wrong = places(FIELDS, reader)
        where = _Where(found)
        reports: list[Report] = []
        problems = [*table.problems, *wrong, *parsed.problems]
        for one in parsed.sets:
            why = _foreign(one)
            if why:
                problems.append(Problem(f"set {one.number}", f"{why}: not read"))
                continue
            told = _Telling(Named(one, reader, received, problems), table, where, len(reports))
            reports += told.reports()
            if not any(port.events or port.words for port in told.ports):
                told.named.problem("350", "it has neither a word on a shipment (X4) nor an event (V9): nobody is told")
        return Reading(tuple(reports), (), tuple(problems), sender_ref(parsed))


SOURCE = AceTruck350()
