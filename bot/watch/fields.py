"""Fields with many hands, and the columns that hold what stands of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.domain.load import LoadKind

Columns = dict[str, Any]


def _text(column: str) -> Callable[[str | None], Columns]:
    return lambda value: {column: value or ""}


def _time(column: str) -> Callable[[str | None], Columns]:
    return lambda value: {column: datetime.fromisoformat(value) if value else None}


def _key(column: str) -> Callable[[str | None], Columns]:
    """Trucks and trailers are found by key: upper case, no spaces."""
    return lambda value: {column: "".join((value or "").split()).upper()}


def _driver(value: str | None) -> Columns:
    """`=Name` is a driver whom nobody invited; else `id=Name` of a person."""
    person, _, name = (value or "").partition("=")
    return {"driver_id": person or None, "driver_name": name}


LOAD_FIELDS: dict[str, Callable[[str | None], Columns]] = {
    "eta": _time("eta"),
    "pickup": _time("pickup"),
    "crossing": _text("crossing"),
    "terminal": _text("terminal"),
    "truck": _key("truck"),
    "trailer": _key("trailer"),
    "carried_by": _text("carried_by"),
    "phone": _text("phone"),
    "driver": _driver,
    "kind": lambda value: {"kind": LoadKind(value or "loaded")},
    "fast": lambda value: {"fast": value == "yes"},
    "trip": lambda value: {"trips": [t for t in (value or "").split(",") if t]},
    "crossed": _time("crossed_word"),
    "note": lambda value: {},
    "wrong": lambda value: {},
}

SHIPMENT_FIELDS: dict[str, Callable[[str | None], Columns]] = {
    "shipper": lambda value: {},
    "consignee": lambda value: {},
    "terms": lambda value: {},
    "papers": _time("papers_sent"),
    "broker": lambda value: {"broker_id": value or None},
    "importer": lambda value: {"importer_id": value or None},
    "bn15": _text("importer_bn15"),
    "agency": _text("agency"),
    "release_plan": _text("release_plan"),
    "entry": _text("entry"),
}


def columns_for(field: str, value: str | None) -> Columns:
    """The columns of a field's standing value; none for what is only remembered."""
    column = LOAD_FIELDS.get(field) or SHIPMENT_FIELDS.get(field)
    return column(value) if column else {}
