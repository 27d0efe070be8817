"""Trips made in BorderConnect (ACI_TRIP, ACE_TRIP) as loads, and what their manifest names."""

from bot.domain.load import Direction, LoadRow
from bot.domain.numbers import NumberKind
from bot.domain.status import Status, Track
from bot.feeds.json_fields import Bad, Object
from bot.feeds.sources.borderconnect_codes import TRIP_TRACKS
from bot.feeds.sources.borderconnect_fields import Batch, child, children, number_of, word_of
from bot.feeds.texts import plain

_TAKEN = frozenset({"", "CREATE", "UPDATE", "SYNC"})
_LONGEST, _LONGEST_NOTE = 200, 2000
#: Shipment types whose number is claimed by the load, and the column that it stands in.
_COLUMNS = {"PARS": "pars", "PAPS": "paps", "BOND": "inbond", "IN_BOND": "inbond", "QP_IN_BOND": "inbond"}
#: Types that travel without a number that a feed tells about.
_PLANS = {
    "CSA": "csa",
    "A49": "a49",
    "ATA": "carnet",
    "CARNET": "carnet",
    "ASTRAY": "astray",
    "GOODS_ASTRAY": "astray",
    "PAPER_RMD": "paper",
    "PAPER_B3": "paper",
    **dict.fromkeys(("E29B", "OIC", "PG", "MILITARY", "VI", "MP", "ALR"), "other"),
    **dict.fromkeys(("INTANGIBLES", "ATTACHED_CF7523", "ATTACHED_CF3311", "ATTACHED_CF3299"), "other"),
}
_NUMBERS = {
    Direction.CA: ("cargoControlNumber", NumberKind.CCN),
    Direction.US: ("shipmentControlNumber", NumberKind.SCN),
}
#: States that their pages reach only after the manifest is on file (border-formats 2.5, 4.3).
_FILED = frozenset({Status.MATCHED, Status.READY})
_TYPES = {Direction.CA: "shipmentType", Direction.US: "type"}
_PORTS = {Direction.CA: "portOfEntry", Direction.US: "usPortOfArrival"}


def rows_of(batch: Batch, item: Object, direction: Direction) -> list[LoadRow]:
    """A row for each shipment of a trip, one without any for a trip that has none; raises Bad.

    What shows only the state of a trip (`status`, no shipments) is no load.
    """
    trip = number_of(item, "tripNumber", NumberKind.TRIP)
    if not trip:
        raise Bad("it names no trip")
    operation = word_of(item, "operation").upper()
    if operation not in _TAKEN:
        raise Bad(
            f"its operation is {plain(operation, 30)!r}: a load is not taken off by a feed, type /load {trip} cancel"
        )
    if "shipments" not in item and "status" in item:
        return []
    common = {"number": trip, "direction": direction.value, "trip": trip, **_where(batch, item, direction)}
    common |= {name: ", ".join(found) for name, found in _named(item).items()}
    shipments = _noted([_shipment(batch, one, direction) for one in children(item, "shipments")])
    if not shipments:
        return [LoadRow(batch.where, common | ({"kind": "empty"} if "shipments" in item else {}))]
    return [LoadRow(f"{batch.where}, shipment {n}", common | one) for n, one in enumerate(shipments, 1)]


def _noted(shipments: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same with all notes in the first that has one: a note is the load's, and rows of one load must agree."""
    notes = [one.pop("note") for one in shipments if "note" in one]
    if notes:
        first = next(one for one in shipments if one.get("release_plan"))
        first["note"] = plain(", ".join(notes), _LONGEST_NOTE)
    return shipments


def _where(batch: Batch, item: Object, direction: Direction) -> dict[str, str]:
    """Crossing and ETA. The time is in the feed's zone, so the cell says which."""
    found = {}
    if port := word_of(item, _PORTS[direction]):
        found["crossing"] = plain(port.zfill(4), 40)
    eta = batch.time(item, "estimatedArrivalDateTime")
    if eta.utc is not None:
        found["eta"] = eta.utc.isoformat()
    return found


def _shipment(batch: Batch, item: Object, direction: Direction) -> dict[str, str]:
    name, kind = _NUMBERS[direction]
    number, type_ = number_of(item, name, kind), word_of(item, _TYPES[direction]).upper()
    if type_ in _COLUMNS:
        return {_COLUMNS[type_]: number} if number else {}
    if type_ not in _PLANS:
        batch.problem(f"shipment type {plain(type_, 30)!r} of {number or 'a shipment'} is not known: taken as other")
    plan = {"release_plan": _PLANS.get(type_, "other")}
    return plan | ({"note": f"{type_} {number}"} if number else {})


def _named(item: Object) -> dict[str, list[str]]:
    """Truck, trailers and drivers of a trip, as filed."""
    truck = _unit(item, "truck")
    trailers = [text for one in children(item, "trailers") if (text := _number(one))]
    drivers = [text for one in children(item, "drivers") if (text := _person(one))]
    named = {"truck": [truck] if truck else [], "trailer": trailers, "driver": drivers}
    return {name: found for name, found in named.items() if found}


def _unit(item: Object, name: str) -> str:
    return word_of(item, name)[:_LONGEST] if isinstance(item.get(name), str) else _number(child(item, name))


def _number(unit: Object) -> str:
    """A unit's own number, else its plate."""
    return (word_of(unit, "number") or word_of(child(unit, "licensePlate"), "number"))[:_LONGEST]


def _person(driver: Object) -> str:
    names = filter(None, (word_of(driver, name) for name in ("firstName", "lastName")))
    return (" ".join(names) or word_of(driver, "name"))[:_LONGEST]


def say_trip(batch: Batch, item: Object) -> None:
    """What is known of the trip's manifest: sent, or the state that their page shows (border-formats 2.5, 4.3)."""
    trip, shown = number_of(item, "tripNumber", NumberKind.TRIP), " ".join(word_of(item, "status").upper().split())
    status = batch.status(f"DISPLAY:{shown}", f"the trip's state {shown!r}") if shown else Status.SENT
    carries = tuple((name, text) for name, found in _named(item).items() for text in found)
    raw, sent = shown or word_of(item, "data"), batch.time(item, "dateTime")
    track, text = TRIP_TRACKS.get(status, Track.MANIFEST), shown.lower() or "made in BorderConnect"
    of_manifest = track in (Track.MANIFEST, Track.ARRIVAL)
    batch.say(NumberKind.TRIP, trip, status, track, raw, text, sent=sent, carries=carries if of_manifest else ())
    filed = Status.ON_FILE if status in _FILED else Status.SENT
    if not of_manifest and (carries or filed is Status.ON_FILE):
        batch.say(NumberKind.TRIP, trip, filed, Track.MANIFEST, raw, text, sent=sent, carries=carries)
