"""Rows of one load together, before anything is written."""

from dataclasses import dataclass, field

from bot.domain.load import Direction
from bot.domain.numbers import key_of
from bot.domain.rowtext import Row, RowFault

#: Number key and direction of the rows; None while no row says the direction.
Key = tuple[str, Direction | None]


@dataclass(slots=True)
class Group:
    """Rows of one load: what they say of the load itself, and each shipment's row."""

    first: Row
    rows: list[Row] = field(default_factory=list)
    load: dict[str, str | None] = field(default_factory=dict)
    said_in: dict[str, str] = field(default_factory=dict)

    @property
    def direction(self) -> Direction:
        """Where the load goes; RowFault when no row says it."""
        found = next((r.direction for r in self.rows if r.direction), None)
        if found is None:
            raise RowFault(f"load {self.first.number} is new and no row says where it goes: add direction CA or US")
        return found


def join(groups: dict[Key, Group], row: Row) -> None:
    """Adds a row to its load; one that disagrees with an earlier row of the same load is refused."""
    key = key_of(row.number)
    direction = row.direction
    if direction is None:
        known = [d for k, d in groups if k == key and d is not None]
        direction = known[0] if len(known) == 1 else None
    elif (key, None) in groups and (key, direction) not in groups:
        groups[key, direction] = groups.pop((key, None))
    group = groups.get((key, direction)) or Group(row)
    for name, value in row.load.items():
        if name in group.load and group.load[name] != value:
            before = f"{group.said_in[name]} says {group.load[name]}"
            raise RowFault(f"{name} is {value} here, but {before} for the same load {row.number}; make them agree")
    for name, value in row.load.items():
        group.load[name] = value
        group.said_in[name] = row.where
    group.rows.append(row)
    groups[key, direction] = group
