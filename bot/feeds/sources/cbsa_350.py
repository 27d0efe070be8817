"""The CBSA's status in X12 (350): kept and shown, and read as UNKNOWN until a real one is there (border-formats 10)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, key_of
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.codes import Codes, codes
from bot.feeds.dispositions import KIND
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.texts import plain
from bot.feeds.x12 import Set, parse, sender_ref
from bot.feeds.x12_named import Named, element

_TRACKS = {
    Status.ARRIVED: Track.ARRIVAL,
    Status.ON_FILE: Track.MANIFEST,
    Status.MATCHED: Track.MATCH,
    Status.NOT_MATCHED: Track.MATCH,
    Status.NO_CARGO: Track.MATCH,
}


def _shown(one: Set) -> str:
    return plain(" / ".join("*".join(parts) for parts in one.segments), 300)


def _word(named: Named, parts: list[str], table: Codes, position: int) -> Report | None:
    code, key = plain(element(parts, 7).upper(), 12), key_of(element(parts, 1))
    status = table.table.get(f"{KIND}:{code}")
    if status is None:
        why = f"no document says what {code!r} of the CBSA means: counted as UNKNOWN. It says: {_shown(named.one)}"
        named.problem("X4", why, f"{KIND}:{code}")
        status = Status.UNKNOWN
    if not named.fits("X4", key):
        return None
    at = named.at("X4", element(parts, 5), element(parts, 6))
    return Report(
        kind=NumberKind.CCN,
        key=key,
        status=status,
        track=_TRACKS.get(status, Track.RELEASE),
        raw=code or "X4",
        text=f"disposition {code}",
        prepared=named.posted(named.made(), at, status),
        at=at.utc,
        transaction=plain(key_of(element(parts, 4)), 40),
        note=_shown(named.one),
        position=position,
        ref=plain(named.ref, 120),
    )


class Cbsa350:
    """What the CBSA says of a cargo control number in X12; only what an operator's overrides name has a meaning."""

    name: str = "cbsa_350"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset()
    directions: frozenset[Direction] = frozenset({Direction.CA})
    weak: Mapping[str, str] = MappingProxyType({KIND: "no 350 of the CBSA was to be had: every code is UNKNOWN"})

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """An UNKNOWN report on each number that an X4 names, and a problem that shows what was said."""
        parsed = parse(body)
        table = codes({}, (KIND,), reader.overrides)
        reports: list[Report] = []
        problems = [*table.problems, *parsed.problems]
        for one in parsed.sets:
            named = Named(one, reader, received, problems)
            words = [parts for parts in one.segments if parts[0] == "X4"] if one.type == "350" else []
            for parts in words:
                found = _word(named, parts, table, len(reports) + 1)
                reports += [found] if found else []
            if not words:
                why = f"a {plain(one.type, 12)!r} of the CBSA that names no number: kept and not read. {_shown(one)}"
                problems.append(Problem(f"set {one.number}", why))
        return Reading(tuple(reports), (), tuple(problems), sender_ref(parsed))


SOURCE = Cbsa350()
