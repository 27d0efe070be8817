"""A list of loads as CSV: a row is a shipment, rows with one number are one load; headers are guessed."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from bot.domain.load import Direction, LoadRow
from bot.domain.rowtext import COLUMNS, settled
from bot.domain.status import Authority, Track
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.texts import plain

#: What dispatch systems call the columns. Keys are plain: lower case, letters and digits only.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("load", "loadnumber", "loadno", "loadid", "order", "orderno", "ordernumber", "pro", "prono", "probill",
               "probillno", "job", "jobno", "ref", "reference", "shipmentid", "fb", "freightbill", "waybill"),
    "direction": ("dir", "to", "country", "bound", "nbsb", "tocountry", "destinationcountry", "destcountry"),
    "kind": ("type", "loadtype", "equipmentstatus", "le"),
    "trip": ("tripno", "tripnumber", "crn", "acetrip", "manifest", "manifestno", "emanifest", "conveyance"),
    "crossing": ("port", "border", "bordercrossing", "portofentry", "poe", "bridge", "portcode", "firstport"),
    "terminal": ("yard", "division", "office", "branch"),
    "eta": ("etaborder", "bordereta", "arrival", "arrivaltime", "etatime", "crossingtime", "estimatedarrival"),
    "pickup": ("pickuptime", "pickupdate", "pu", "putime", "shipdate", "loaded"),
    "driver": ("drivername", "driver1", "operator", "driverid"),
    "truck": ("truckno", "trucknumber", "tractor", "tractorno", "unit", "unitno", "powerunit", "vehicle"),
    "trailer": ("trailerno", "trailernumber", "trl", "trlr", "trailerid"),
    "fast": ("fastdriver", "fastcard", "fastload"),
    "shipper": ("shippername", "origin", "vendor", "from"),
    "consignee": ("consigneename", "receiver", "deliverto", "shipto"),
    "sale_terms": ("incoterm", "incoterms", "termsofsale", "termsale", "tradeterms", "deliveryterms"),
    "importer": ("importerofrecord", "ior", "importername"),
    "importer_bn15": ("bn15", "bn", "importerbn", "businessnumber", "rm", "importeraccount"),
    "broker": ("customsbroker", "brokername", "clearedby", "broker1"),
    "papers_sent": ("paperssenttobroker", "docssent", "paperworksent", "faxed", "senttobroker", "documentssent"),
    "pars": ("parsno", "parsnumber", "ccn", "cargocontrol", "cargocontrolnumber", "cargocontrolno", "pars#"),
    "paps": ("papsno", "papsnumber", "scn", "papsscn"),
    "inbond": ("inbondno", "inbondnumber", "itnumber", "a8a"),
    "entry": ("entryno", "entrynumber", "transaction", "transactionno", "transactionnumber"),
    "agency": ("oga", "ogd", "pga", "otheragency", "fda", "cfia"),
    "release_plan": ("service", "serviceoption", "clearance", "releasetype", "plan"),
    "note": ("notes", "comment", "comments", "remarks", "instructions"),
}  # fmt: skip
_NEAR = 0.88
#: Guessing takes its time: beyond so many columns only names that are known count.
_MOST_GUESSED = 200
_MOST_ROWS = 200_000
#: Lines that one quoted cell may go over; behind that a mark was forgotten.
_MOST_LINES = 20
_LONGEST = 10_000
_COMMENT = re.compile(r"\s*(# |sep=.\s*$)", re.IGNORECASE)


def _plain(header: str) -> str:
    return "".join(c for c in header.lower() if c.isalnum() or c == "#").rstrip("#")


_KNOWN = {_plain(name): name for name in COLUMNS} | {w: name for name, words in SYNONYMS.items() for w in words}


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a file mean: import column by position, and headers that mean nothing to us."""

    columns: dict[int, str] = field(default_factory=dict)
    guessed: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    width: int = 0
    fault: str = ""


def header_of(cells: Sequence[str], given: Mapping[str, str] | None = None) -> Header:
    """The meaning of a header row; `given` says it outright as {header in the file: import column}."""
    said = {_plain(k): v for k, v in (given or {}).items()}
    columns: dict[int, str] = {}
    guessed: dict[str, str] = {}
    ignored: list[str] = []
    for place, cell in enumerate(cells):
        plain = _plain(cell)
        name = said.get(plain) or _KNOWN.get(plain)
        if name is None and len(plain) > 3 and place < _MOST_GUESSED:
            near = get_close_matches(plain, _KNOWN, 1, _NEAR)
            name = _KNOWN[near[0]] if near else None
        if name is None or name in columns.values():
            if cell.strip():
                ignored.append(cell.strip())
            continue
        columns[place] = name
        if plain != _plain(name):
            guessed[cell.strip()] = name
    fault = "" if "number" in columns.values() else _no_number(cells)
    return Header(columns, guessed, tuple(ignored), len(cells), fault)


def _no_number(cells: Sequence[str]) -> str:
    seen = ", ".join(plain(c.strip(), 30) for c in cells[:12] if c.strip()) or "nothing"
    return f"no column is the load's number; the first line has: {seen}. Name one column 'number' (or load, order, pro)"


def read_rows(text: str, given: Mapping[str, str] | None = None) -> tuple[Header, list[LoadRow], list[Problem]]:
    """Header, rows and problems of a CSV text; separators comma, semicolon, tab and bar are understood."""
    return _read(text, lambda cells: header_of(cells, given))


def table_rows(text: str, names: Sequence[str]) -> tuple[Header, list[LoadRow], list[Problem]]:
    """The same of another list than loads: its headers are these names, in any order and case."""
    known = {_plain(name): name for name in names}

    def header(cells: Sequence[str]) -> Header:
        columns = {n: known[_plain(c)] for n, c in enumerate(cells) if _plain(c) in known}
        once = {n: name for n, name in columns.items() if name not in [columns[m] for m in columns if m < n]}
        return Header(
            once, {}, tuple(c.strip() for n, c in enumerate(cells) if n not in once and c.strip()), len(cells)
        )

    return _read(text, header)


def _read(text: str, header_from: Callable[[list[str]], Header]) -> tuple[Header, list[LoadRow], list[Problem]]:
    rows: list[LoadRow] = []
    problems: list[Problem] = []
    header: Header | None = None
    first: list[str] = []
    for where, cells in _records(text.replace("\0", "").replace("\ufeff", ""), problems):
        if header is None:
            header, first = header_from(cells), cells
            if header.fault:
                return header, [], [Problem(where, header.fault)]
        elif cells == first:
            continue  # two exports in one file
        elif len(rows) >= _MOST_ROWS:
            problems.append(Problem(where, f"only the first {_MOST_ROWS} rows were read: split the file"))
            break
        elif any(c.strip() for c in cells[header.width :]):
            problems.append(Problem(where, "more cells than headers: is there a comma inside a cell without quotes?"))
        else:
            rows.append(LoadRow(where, {header.columns[i]: c for i, c in enumerate(cells) if i in header.columns}))
    if header is None and text.strip() and not problems:
        problems.append(Problem("file", "there is no line with headers in it: nothing was read"))
    return header or Header(), rows, problems


def _records(text: str, problems: list[Problem]) -> Iterator[tuple[str, list[str]]]:
    """Place and cells of every line that is not empty nor a comment; one that is not CSV costs only itself."""
    lines = io.StringIO(text, newline=None).readlines()
    delimiter = _delimiter(lines)
    at = 0
    while at < len(lines):
        start, where = at, f"line {at + 1}"
        cells, at = _record(lines, at, delimiter)
        if cells is None:
            why = "a quotation mark is opened here and not closed: the line was not taken, those after it were"
            problems.append(Problem(where, why))
        elif any(len(c) > _LONGEST for c in cells):
            problems.append(Problem(where, f"a cell is longer than {_LONGEST} characters: the line was not taken"))
        elif any(c.strip() for c in cells) and not _COMMENT.match(lines[start]):
            yield where, cells


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str] | None, int]:
    """Cells of the record that begins in a line, and the line after it; a quoted cell may go over several lines."""
    if '"' not in lines[at]:
        return lines[at].rstrip("\n").split(delimiter), at + 1
    for end in range(at + 1, min(at + _MOST_LINES, len(lines)) + 1):
        try:
            return next(csv.reader(["".join(lines[at:end])], delimiter=delimiter, strict=True), []), end
        except csv.Error as why:
            if "unexpected end" not in str(why):
                return _loosely(lines[at], delimiter), at + 1
    return None, at + 1


def _loosely(line: str, delimiter: str) -> list[str] | None:
    """Cells of a line with marks inside quotes that were not doubled, as most programs understand it."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]  # longer than any cell may be


def _delimiter(lines: Sequence[str]) -> str:
    first = next((line for line in lines if line.strip() and not _COMMENT.match(line)), "")
    return max(",;\t|", key=first.count)


def text_of(body: bytes) -> str | None:
    """The file's text, UTF-8 with or without mark, UTF-16 with one, else Latin-1; None when it is not text."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return body.decode("utf-16")
        except UnicodeDecodeError:
            return None  # a byte that is lost makes other characters of all behind it
    if b"\0" in body[:4096]:
        return None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


class LoadCsv:
    """Source `load_csv`: brings loads, no reports."""

    name = "load_csv"
    version = 1
    authority = Authority.BROKER
    covers: frozenset[Track] = frozenset()
    directions = frozenset(Direction)

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Rows of the file; `reader.overrides` maps headers to columns."""
        text = text_of(body)
        if text is None:
            return Reading(problems=(Problem("file", "this is not text: save the list as CSV"),))
        _, rows, problems = read_rows(text, reader.overrides)
        return Reading(loads=tuple(settled(rows)), problems=tuple(problems))


SOURCE = LoadCsv()
