"""Truck crossings: names, both sides' office codes as sets, zones, and how a person's word for one is found."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from bot.domain.load import Direction

_WORDS = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"\d{4}")
_ANSWERS = frozenset({"yes", "limited", "no", "unknown"})
_NEAR_SCORE = 78.0
_NEAR_MOST = 4


@dataclass(frozen=True, slots=True)
class Crossing:
    """One place where trucks cross: `offices` are CBSA codes, `ports` CBP ones; coordinates are good to a kilometre.

    `wait_names` are what sources of wait times call it; crossings of one `group` may stand in for each other.
    """

    name: str
    zone: str
    also: tuple[str, ...] = ()
    offices: frozenset[str] = frozenset()
    ports: frozenset[str] = frozenset()
    province: str = ""
    state: str = ""
    latitude: float | None = None
    longitude: float | None = None
    trucks: str = "yes"
    paps: str = "yes"
    wait_id: str = ""
    wait_names: tuple[str, ...] = ()
    group: str = ""
    note: str = ""

    @property
    def clock(self) -> ZoneInfo:
        """The zone in which times at this crossing are meant."""
        return ZoneInfo(self.zone)

    @property
    def offered(self) -> bool:
        """Whether it may be suggested to a truck; one that is not is still understood when named."""
        return self.trucks != "no" and self.paps != "no"

    def codes(self, direction: Direction) -> frozenset[str]:
        """The frontier offices of the country that the truck enters."""
        return self.offices if direction is Direction.CA else self.ports


@dataclass(frozen=True, slots=True)
class Found:
    """What a word for a crossing may mean: `hits` are meant by it, `near` only resemble it, by the names in `words`."""

    hits: tuple[Crossing, ...] = ()
    near: tuple[Crossing, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def one(self) -> Crossing | None:
        """The crossing that is meant, when only one can be."""
        return self.hits[0] if len(self.hits) == 1 else None

    @property
    def choices(self) -> tuple[Crossing, ...]:
        """Crossings worth a button when it must be asked which one; no guess is one whose trucks nobody knows."""
        return tuple(c for c in self.hits or self.near if c.offered and (self.hits or c.trucks != "unknown"))


def _plain(text: str) -> str:
    """Words in lower case with single spaces; `St.` and `Saint` are one, hyphens are spaces."""
    words = _WORDS.sub(" ", text.casefold()).split()
    return " ".join("st" if w == "saint" or w == "ste" else w for w in words)


class Crossings:
    """All crossings, in the order of the table."""

    def __init__(self, all_: Iterable[Crossing]) -> None:
        self.all = tuple(all_)

    @classmethod
    def parse(cls, text: str) -> "Crossings":
        """From the text of a CSV with the columns of `crossings.csv`; ValueError names the row that is wrong."""
        return cls(_row(cells) for cells in csv.DictReader(text.splitlines()))

    def get(self, name: str) -> Crossing | None:
        """The crossing of exactly that name, as stored with a load."""
        return self._names.get(name)

    def find(self, text: str, direction: Direction | None = None) -> Found:
        """What a person means by a name, a town, or an office code of either side.

        With a direction a code is that country's; without one a code that both sides use is ambiguous.
        """
        if _CODE.fullmatch(text.strip()):
            return Found(self._by_code(text.strip(), direction))
        wanted = _plain(text)
        if not wanted:
            return Found()
        named = tuple(c for c in self.all if _plain(c.name) == wanted)
        if named:
            return Found(named)
        called = tuple(c for c in self.all if wanted in {_plain(a) for a in c.also})
        if called:
            return Found(called)
        part = tuple(c for c in self.all if f" {wanted} " in f" {' '.join(_plain(w) for w in _says(c))} ")
        return Found(part) if part else self._near(wanted)

    def fits(self, office: str, crossing: Crossing | None, direction: Direction = Direction.CA) -> bool:
        """Whether a release office is no evidence of another port (kind `port_mismatch`).

        Only an office that is another crossing's frontier office, at another US port, is evidence:
        inland offices, sub-locations and unknown codes never are, nor is a crossing whose codes are not known.
        """
        if crossing is None or not crossing.codes(direction) or office in crossing.codes(direction):
            return True
        others = [c for c in self.all if office in c.codes(direction)]
        return not others or any(c.ports & crossing.ports for c in others)

    def with_edits(self, edits: Mapping[str, Mapping[str, object]]) -> "Crossings":
        """These crossings with changed and added ones, keyed by name; ValueError names what is wrong."""
        rows = {c.name: c for c in self.all}
        for name, edit in edits.items():
            where = f'crossings."{name}"'
            values = _edited(where, edit)
            standing = rows.get(name)
            if standing is None and "zone" not in values:
                near = get_close_matches(name, rows, 1)
                hint = f" (or is it '{near[0]}'?)" if near else ""
                raise ValueError(f"{where} is a new crossing{hint}: it needs a zone like America/Toronto")
            rows[name] = replace(standing, **values) if standing else Crossing(name, **values)
        return Crossings(rows.values())

    @cached_property
    def _names(self) -> dict[str, Crossing]:
        return {c.name: c for c in self.all}

    def _by_code(self, code: str, direction: Direction | None) -> tuple[Crossing, ...]:
        sides = [direction] if direction else [Direction.CA, Direction.US]
        return tuple(c for c in self.all if any(code in c.codes(side) for side in sides))

    def _near(self, wanted: str) -> Found:
        scored: dict[str, tuple[float, str]] = {}
        for crossing in self.all:
            scored[crossing.name] = max((fuzz.ratio(wanted, _plain(w)), w) for w in _says(crossing))
        close = [c for c in self.all if scored[c.name][0] >= _NEAR_SCORE]
        near = tuple(sorted(close, key=lambda c: -scored[c.name][0])[:_NEAR_MOST])
        return Found(near=near, words=tuple(dict.fromkeys(scored[c.name][1] for c in near)))


def _says(crossing: Crossing) -> tuple[str, ...]:
    return (crossing.name, *crossing.also)


def _row(cells: Mapping[str, str]) -> Crossing:
    values = {
        "zone": cells["timezone"],
        "also": _list(cells["also"]),
        "offices": _list(cells["cbsa_offices"]),
        "ports": _list(cells["cbp_ports"]),
        "latitude": float(cells["latitude"]) if cells["latitude"] else None,
        "longitude": float(cells["longitude"]) if cells["longitude"] else None,
        "wait_id": cells["cbp_wait_time_id"],
        "wait_names": _list(cells.get("wait_names") or ""),
        "group": cells.get("group") or "",
        **{key: cells[key] for key in ("province", "state", "trucks", "paps", "note")},
    }
    return Crossing(cells["name"], **_edited(cells["name"], {k: v for k, v in values.items() if v is not None}))


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


_KEYS = tuple(f.name for f in fields(Crossing) if f.name != "name")


def _edited(where: str, edit: Mapping[str, object]) -> dict[str, Any]:
    return {key: _value(where, key, value) for key, value in edit.items()}


def _value(where: str, key: str, value: object) -> object:
    if key not in _KEYS:
        near = get_close_matches(key, _KEYS, 1)
        raise ValueError(f"{where}.{key} is not a setting" + (f", did you mean {near[0]}?" if near else ""))
    if key in ("latitude", "longitude"):
        if isinstance(value, (int, float)) and abs(value) <= 180:
            return float(value)
        raise ValueError(f"{where}.{key} is a number of degrees")
    if key in ("also", "wait_names", "offices", "ports"):
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise ValueError(f'{where}.{key} is a list of texts: ["0453", "0454"]')
        named = key in ("also", "wait_names")
        bad = [v for v in value if not named and not _CODE.fullmatch(v)]
        if bad:
            raise ValueError(f"{where}.{key}: {bad[0]} is not an office code of 4 digits")
        return tuple(value) if named else frozenset(value)
    if not isinstance(value, str):
        raise ValueError(f"{where}.{key} is a text in quotes")
    if key in ("trucks", "paps") and value not in _ANSWERS:
        raise ValueError(f"{where}.{key} is yes, limited, no or unknown")
    if key == "zone":
        zone(value, f"{where}.zone")
    return value


def zone(name: str, where: str = "zone") -> ZoneInfo:
    """The zone of that name; ValueError with a sentence when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{where}: '{name}' is not a time zone, write one like America/Toronto") from None
