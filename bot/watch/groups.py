"""Rows of one load together, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.domain.crossings import Crossings
from bot.domain.errors import Remarked
from bot.domain.load import Direction, Life, LoadRow
from bot.domain.numbers import key_of
from bot.domain.remarks import Say
from bot.domain.rowtext import Row, RowFault, read_row
from storage.loads import LoadRecord

#: Number key and direction of the rows; None while no row says the direction.
Key = tuple[str, Direction | None]
Known = Mapping[str, Sequence[LoadRecord]]


@dataclass(slots=True)
class Group:
    """Rows of one load: what they say of the load itself, and each shipment's row.

    `said_in` names the row that said a field, of the load (name) or of a shipment (number, name).
    """

    first: Row
    rows: list[Row] = field(default_factory=list)
    load: dict[str, str | None] = field(default_factory=dict)
    said_in: dict[str | tuple[str, str], str] = field(default_factory=dict)
    papers: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def direction(self) -> Direction | None:
        """Where the load goes; None when no row says it."""
        return next((r.direction for r in self.rows if r.direction), None)


def number_key(row: LoadRow) -> str:
    """The key of the load's number in a row, before it is read."""
    return key_of((row.cells.get("number") or "").strip().lstrip("#"))


def understood(
    rows: Sequence[LoadRow], crossings: Crossings, home: ZoneInfo, known: Known
) -> list[tuple[LoadRow, Row | Remarked]]:
    """Each row's meaning, or why it has none, in order.

    A time without zone is local to the crossing of the load, which another row of it may name, or the load itself.
    """
    found: dict[int, Row | Remarked] = {}
    named = {k: load.crossing for k, loads in known.items() for load in loads if load.life is Life.OPEN}
    silent = [not (row.cells.get("crossing") or "").strip() for row in rows]
    for i in sorted(range(len(rows)), key=silent.__getitem__):
        key = number_key(rows[i])
        try:
            read = read_row(rows[i], crossings, home, named.get(key, ""))
        except Remarked as why:
            found[i] = why
            continue
        found[i] = read
        if read.load.get("crossing"):
            named[key] = read.load["crossing"] or ""
    return [(row, found[i]) for i, row in enumerate(rows)]


def join(groups: dict[Key, Group], row: Row) -> None:
    """Adds a row to its load; one that disagrees with an earlier row of the same load is refused."""
    key = key_of(row.number)
    direction = row.direction
    if direction is None:
        known = [d for k, d in groups if k == key and d is not None]
        direction = known[0] if len(known) == 1 else None
    nowhere = (key, None) in groups and (key, direction) not in groups
    group = groups.get((key, None) if nowhere else (key, direction)) or Group(row)
    papers = {(number, name): value for number in _numbers(row) for name, value in row.shipment.items()}
    for name, value in row.load.items():
        if name in group.load and group.load[name] != value:
            raise _disagree(Say.LOAD_DISAGREES, name, value, group.load[name], group.said_in[name], row.number)
    for at, value in papers.items():
        if at in group.papers and group.papers[at] != value:
            raise _disagree(Say.SHIPMENT_DISAGREES, at[1], value, group.papers[at], group.said_in[at], at[0])
    if nowhere:
        del groups[key, None]
    group.load |= row.load
    group.papers |= papers
    group.said_in |= dict.fromkeys([*row.load, *papers], row.where)
    group.rows.append(row)
    groups[key, direction] = group


def _numbers(row: Row) -> list[str]:
    return [key_of(c.new) for changes in row.numbers.values() for c in changes if c.new]


def _disagree(say: Say, name: str, value: str | None, before: str | None, where: str, number: str) -> RowFault:
    return RowFault(say.of(name=name, value=value or "-", where=where, before=before or "-", number=number))
