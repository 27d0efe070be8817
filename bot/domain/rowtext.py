"""A row of a load file as typed values: what each cell means, refused with a remark where it means nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.crossings import Crossings
from bot.domain.dates import AmbiguousDate, Order, ambiguous, clocked, orders, spreadsheet_time
from bot.domain.errors import Remarked
from bot.domain.load import Direction, LoadKind, LoadRow, ShipmentType
from bot.domain.numbers import bn15_fault, key_of
from bot.domain.remarks import Remark, Say
from bot.domain.times import local_to_utc

#: The columns of an import file, all but the first optional (DESIGN 6).
COLUMNS = (
    "number", "direction", "kind", "trip", "crossing", "terminal", "eta", "pickup", "driver", "truck", "trailer",
    "fast", "shipper", "consignee", "sale_terms", "importer", "importer_bn15", "broker", "papers_sent", "pars", "paps",
    "inbond", "entry", "agency", "release_plan", "note",
)  # fmt: skip

_DIRECTIONS = {
    Direction.CA: {"CA", "CAN", "CANADA", "NB", "NORTH", "NORTHBOUND", "TO CANADA", "TO CA", "US-CA", "IMPORT"},
    Direction.US: {"US", "USA", "SB", "SOUTH", "SOUTHBOUND", "TO US", "TO USA", "CA-US", "UNITED STATES", "EXPORT"},
}
_KINDS = {
    LoadKind.LOADED: {"LOADED", "LOAD", "FULL", "FTL", "LTL"},
    LoadKind.EMPTY: {"EMPTY", "MT", "DEADHEAD"},
    LoadKind.RACKS: {"RACKS", "RACK", "DUNNAGE", "RETURNS"},
    LoadKind.BOBTAIL: {"BOBTAIL", "BOB"},
}
_YES = {"Y", "YES", "TRUE", "1", "FAST", "X"}
_NO = {"N", "NO", "FALSE", "0"}
_TIMES = ("eta", "pickup", "papers_sent")
_PAPERS = {"pars": ShipmentType.PARS, "paps": ShipmentType.PAPS, "inbond": ShipmentType.INBOND}
_PLANS = {t.value.upper(): t for t in ShipmentType if t not in (ShipmentType.PARS, ShipmentType.PAPS)}
#: Characters of any other cell.
LONGEST = 200
_LONGEST_NOTE = 2000
#: Terms of sale are kept as they are written: no list of them is believed to be whole.
LONGEST_TERMS = 40
#: Times outside of these years are slips of the finger, and what is reckoned with them may not exist.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_LISTS = frozenset({"trip", "pars", "paps", "inbond"})
#: A cell that erases what stood there; an empty one leaves it.
ERASE = "-"


class RowFault(Remarked):
    """A row that cannot be taken; each remark says which cell and what to write."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a load's numbers: added (`old` ''), replaced, or dropped (`new` '')."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row understood. Field values: text, None to erase; absent ones were left empty. Times are ISO text, UTC."""

    where: str
    number: str
    direction: Direction | None
    load: Mapping[str, str | None]
    shipment: Mapping[str, str | None]
    numbers: Mapping[ShipmentType, tuple[Change, ...]]
    doubts: tuple[Remark, ...] = ()


def changes(text: str) -> tuple[Change, ...]:
    """Changes of numbers as people write them: `A`, `A, B`, `A=>B` (also `->`, `→`), `-A`; `A B` of one carrier too."""
    found = []
    for word in re.split(r"[,;\n]+", re.sub(r"(?i)\b(\S{4})(\S{4,})\s+(?=\1\S{4})", r"\1\2,", text)):
        word = word.strip()
        if not word:
            continue
        parts = re.split(r"=>|->|→", word)
        if len(parts) == 2 and all(p.strip() for p in parts):
            found.append(Change(parts[0].strip(), parts[1].strip()))
        elif len(parts) > 1:
            raise RowFault(Say.NO_CHANGE.of(word=word))
        elif word[0] in "-−–" and len(word) > 1:
            found.append(Change(word[1:].strip(), ""))
        else:
            found.append(Change("", word))
    return tuple(found)


def moment(text: str, zone: ZoneInfo, column: str) -> datetime:
    """A time of a file, UTC; one without zone is local to `zone`, an impossible or double one is refused by name."""
    cleaned = text.strip()
    found, whole = _read_time(cleaned, column)
    if not whole:
        raise RowFault(Say.NO_CLOCK.of(column=column, text=text))
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise RowFault(Say.STRANGE_YEAR.of(column=column, text=text, year=found.year))
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return local_to_utc(found, zone)


def _read_time(text: str, column: str) -> tuple[datetime, bool]:
    """The time, and whether a clock time is in it."""
    try:
        return datetime.fromisoformat(text), len(text) > 10
    except ValueError:
        pass
    try:
        found = spreadsheet_time(text)
    except AmbiguousDate as why:
        raise RowFault(Say.TWO_DATES.of(column=column, text=text, first=why.first, second=why.second)) from None
    if found is not None:
        return found, clocked(text)
    try:
        return datetime.strptime(text, "%Y%m%d %H%M"), True  # noqa: DTZ007 - a local time on purpose
    except ValueError:
        raise RowFault(Say.NO_TIME.of(column=column, text=text)) from None


def settled(rows: Sequence[LoadRow], order: Order | None = None) -> list[LoadRow]:
    """Rows of one file with the dates written out whose order of day and month the file settles.

    A value of a column that can only be read in one way settles it for that column; `order` says it outright.
    """
    known: dict[str, Order] = {}
    for column in _TIMES:
        shown = orders(row.cells.get(column) or "" for row in rows)
        if order is not None or len(shown) == 1:
            known[column] = order or shown.pop()
    if not known:
        return list(rows)
    return [replace(row, cells={**row.cells, **_written_out(row, known)}) for row in rows]


def _written_out(row: LoadRow, known: Mapping[str, Order]) -> dict[str, str]:
    found = {}
    for column, order in known.items():
        text = row.cells.get(column) or ""
        if ambiguous(text) and (at := spreadsheet_time(text, order)) is not None:
            found[column] = at.isoformat() if clocked(text) else f"{at:%Y-%m-%d}"
    return found


@contextmanager
def _noting(faults: list[Remark]) -> Iterator[None]:
    """What is refused inside is noted, so that a row tells all that is wrong with it at once."""
    try:
        yield
    except Remarked as why:
        faults += why.remarks


def read_row(row: LoadRow, crossings: Crossings, home: ZoneInfo, at: str = "") -> Row:
    """The row's meaning; RowFault when a cell cannot be taken, doubts where it can but looks wrong.

    `at` is the crossing that the load is known to have: times without zone are local to it if the row names none.
    """
    faults: list[Remark] = []
    cells = _cells(row, faults)
    number = cells.get("number", "").lstrip("#").strip()
    if (not key_of(number) or number == ERASE) and not any(fault.values.get("column") == "number" for fault in faults):
        faults.append(Say.NUMBER_MISSING.of())
    numbers: dict[ShipmentType, tuple[Change, ...]] = {}
    for column, type_ in _PAPERS.items():
        if cells.get(column, ERASE) != ERASE:
            with _noting(faults):
                numbers[type_] = changes(cells[column])
    direction = None
    with _noting(faults):
        direction = _direction(cells, numbers)
    doubts = [Say.DASH_ALONE.of(column=c) for c in _PAPERS if cells.get(c) == ERASE]
    load = _load_fields(cells, crossings, direction, doubts, faults)
    zone = _zone(load, crossings, home, at)
    for name in ("eta", "pickup"):
        if name in cells:
            with _noting(faults):
                load[name] = None if cells[name] == ERASE else moment(cells[name], zone, name).isoformat()
    shipment = _shipment_fields(cells, zone, faults)
    if faults:
        raise RowFault(*faults)
    return Row(row.where, number, direction, load, shipment, numbers, tuple(doubts))


def _cells(row: LoadRow, faults: list[Remark]) -> dict[str, str]:
    found = {}
    for name, cell in row.cells.items():
        with _noting(faults):
            if text := _cell(name, cell or ""):
                found[name] = text
    return found


def _cell(name: str, text: str) -> str:
    """The text of a cell without space around it and, but for lists of numbers, without line ends."""
    text = text.strip() if name in _LISTS else " ".join(text.split())
    longest = {"note": _LONGEST_NOTE, "sale_terms": LONGEST_TERMS}.get(name, LONGEST)
    if len(text) > longest:
        raise RowFault(Say.TOO_LONG.of(column=name, length=len(text), most=longest))
    if any((ord(c) < 32 and c not in "\t\r\n") or 127 <= ord(c) < 160 for c in text):
        raise RowFault(Say.NOT_SHOWN.of(column=name))
    return text


def _direction(cells: Mapping[str, str], numbers: Mapping[ShipmentType, tuple[Change, ...]]) -> Direction | None:
    text = cells.get("direction", "").upper()
    if text:
        for direction, words in _DIRECTIONS.items():
            if text in words:
                return direction
        raise RowFault(Say.NO_DIRECTION.of(text=text))
    if ShipmentType.PARS in numbers and ShipmentType.PAPS in numbers:
        raise RowFault(Say.BOTH_WAYS.of())
    if ShipmentType.PARS in numbers:
        return Direction.CA
    return Direction.US if ShipmentType.PAPS in numbers else None


def _load_fields(
    cells: Mapping[str, str],
    crossings: Crossings,
    direction: Direction | None,
    doubts: list[Remark],
    faults: list[Remark],
) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in ("terminal", "driver", "truck", "trailer", "note"):
        if name in cells:
            found[name] = None if cells[name] == ERASE else cells[name]
    if "trip" in cells:
        trips = [key for t in re.split(r"[,;\n]", cells["trip"]) if (key := key_of(t))]
        found["trip"] = None if cells["trip"] == ERASE else ",".join(dict.fromkeys(trips)) or None
    for name, read in (("kind", _kind), ("fast", _fast)):
        if name in cells:
            with _noting(faults):
                found[name] = read(cells[name])
    if cells.get("crossing") == ERASE:
        found["crossing"] = None
    elif "crossing" in cells:
        seen = crossings.find(cells["crossing"], direction)
        if seen.one is not None:
            found["crossing"] = seen.one.name
        else:
            names = ", ".join(c.name for c in seen.choices[:4])
            said = Say.SEVERAL_CROSSINGS if names else Say.STRANGE_CROSSING
            doubts.append(said.of(text=cells["crossing"], names=names))
    return found


def _zone(fields: Mapping[str, str | None], crossings: Crossings, home: ZoneInfo, at: str) -> ZoneInfo:
    crossing = crossings.get((fields["crossing"] or "") if "crossing" in fields else at)
    return crossing.clock if crossing else home


def _kind(text: str) -> str:
    for kind, words in _KINDS.items():
        if text.upper() in words:
            return kind.value
    raise RowFault(Say.NO_KIND.of(text=text))


def _fast(text: str) -> str:
    if text.upper() in _YES:
        return "yes"
    if text.upper() in _NO or text == ERASE:
        return "no"
    raise RowFault(Say.NO_FAST.of(text=text))


def _shipment_fields(cells: Mapping[str, str], zone: ZoneInfo, faults: list[Remark]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in ("shipper", "consignee", "importer", "broker", "agency", "entry"):
        if name in cells:
            found[name] = None if cells[name] == ERASE else cells[name]
    if "sale_terms" in cells:
        found["terms"] = None if cells["sale_terms"] == ERASE else cells["sale_terms"]
    if "importer_bn15" in cells:
        fault = None if cells["importer_bn15"] == ERASE else bn15_fault(cells["importer_bn15"])
        if fault:
            faults.append(Say.OF_COLUMN.of(column="importer_bn15", fault=fault))
        found["bn15"] = None if cells["importer_bn15"] == ERASE else key_of(cells["importer_bn15"]).replace("-", "")
    if "papers_sent" in cells:
        sent = cells["papers_sent"]
        with _noting(faults):
            found["papers"] = None if sent == ERASE else moment(sent, zone, "papers_sent").isoformat()
    if "release_plan" in cells:
        found["release_plan"] = None if cells["release_plan"] == ERASE else cells["release_plan"].lower()
    return found


def planned_type(row: Row) -> ShipmentType | None:
    """The type of a shipment without a number, by its release plan (`csa`, `a49` …); None when it says none."""
    return _PLANS.get((row.shipment.get("release_plan") or "").upper())
