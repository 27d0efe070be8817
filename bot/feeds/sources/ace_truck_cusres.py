"""US customs' truck answers in EDIFACT (CUSRES): kept and shown, and UNKNOWN until a real one is there."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, key_of
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.cbsa import Named, part, sender_ref
from bot.feeds.edifact import Message, elements, parse
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.texts import plain

#: A SCAC and an own number (border-formats 4.1): what may be a shipment's number among the references.
_NUMBER = re.compile(r"[A-Z]{2,4}(?=[A-Z0-9]*\d)[A-Z0-9]{4,21}")


def _shown(message: Message) -> str:
    return plain("'".join(message.segments), 300)


def _reports(message: Message, reader: Reader, received: datetime, into: list[Report]) -> list[Problem]:
    place, kind = f"message {message.number}", plain(message.type, 12)
    why = f"no document says what this {kind} of US customs means: counted as UNKNOWN. It says: {_shown(message)}"
    problems = [Problem(place, why)]
    if message.type != "CUSRES":
        return [Problem(place, f"it is {kind!r}, not CUSRES: not read")]
    named = Named(message, problems)
    for segment in message.segments:
        if segment[:4] == "DTM+":
            named.dtm(elements(segment))
    made = named.prepared(reader, received)
    references = [key_of(part(elements(s), 1, 1)) for s in message.segments if s[:4] == "RFF+"]
    for key in dict.fromkeys(references):
        if _NUMBER.fullmatch(key):
            into.append(
                Report(
                    kind=NumberKind.SCN,
                    key=key,
                    status=Status.UNKNOWN,
                    track=Track.RELEASE,
                    raw="CUSRES",
                    text="an answer in EDIFACT that we cannot read",
                    prepared=made.of(Status.UNKNOWN, received),
                    note=_shown(message),
                    position=len(into) + 1,
                    ref="/".join(filter(None, (message.interchange.ref, message.ref))),
                )
            )
    return problems


class AceTruckCusres:
    """What US customs says of trips and shipments to those who file in EDIFACT."""

    name: str = "ace_truck_cusres"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset()
    directions: frozenset[Direction] = frozenset({Direction.US})
    weak: Mapping[str, str] = MappingProxyType(
        {"CUSRES": "no truck CUSRES of US customs was to be had: every one is UNKNOWN"}
    )

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """An UNKNOWN report on each reference that may be a number, and a problem that shows what was said."""
        parsed = parse(body)
        reports: list[Report] = []
        problems = list(parsed.problems)
        for message in parsed.messages:
            problems += _reports(message, reader, received, reports)
        return Reading(tuple(reports), (), tuple(problems), sender_ref(parsed))


SOURCE = AceTruckCusres()
