"""BorderConnect: RNS, ACI and ACE answers relayed as JSON, its own answers, and trips (border-formats 5, 8.2)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.load import Direction, LoadRow
from bot.domain.numbers import NumberKind
from bot.domain.status import TOO_EARLY, Authority, Status, Track
from bot.feeds.codes import codes
from bot.feeds.json_fields import Bad, Object, parsed
from bot.feeds.protocol import Reader, Reading
from bot.feeds.sources.borderconnect_answers import ace, aci, api
from bot.feeds.sources.borderconnect_codes import KINDS, NOT_ON_FILE, RELEASE_NAMES, RELEASE_TEXTS, TABLE, WEAK
from bot.feeds.sources.borderconnect_fields import Batch, child, children, messages, number_of, word_of
from bot.feeds.sources.borderconnect_trips import rows_of, say_trip
from bot.feeds.texts import plain

_OFFICE = 4


def _rns(batch: Batch, item: Object) -> None:
    """RNS_SHIPMENT: a release code about a cargo control number, or about the transaction when it names only that."""
    ccn = number_of(item, "cargoControlNumber", NumberKind.CCN)
    transaction = number_of(item, "transactionNumber", NumberKind.TRANSACTION)
    if not (ccn or transaction):
        raise Bad("it names neither a cargo control number nor a transaction")
    told = child(item, "status")
    code = child(told, "releaseCode")
    number, name = word_of(code, "number"), " ".join(word_of(code, "shortName").upper().split())
    status, text = _release(batch, number, name, word_of(code, "longName"))
    office = word_of(child(item, "releaseOffice"), "number")
    batch.say(
        NumberKind.CCN if ccn else NumberKind.TRANSACTION,
        ccn or transaction,
        status,
        Track.ARRIVAL if status is Status.ARRIVED else Track.RELEASE,
        f"{number} {name}".strip(),
        text,
        sent=batch.time(told, "dateTime"),
        office=office.zfill(_OFFICE)[:10] if office else "",
        transaction=transaction,
        reason="docs" if number == "6" else "",
    )


def _release(batch: Batch, number: str, name: str, sense: str) -> tuple[Status, str]:
    """What a release code says. A number and a name that contradict each other say nothing that can be trusted."""
    if not number:
        batch.problem("its status has no release code: counted as UNKNOWN")
        return Status.UNKNOWN, sense or name
    if name in RELEASE_NAMES and number not in RELEASE_NAMES[name]:
        batch.problem(f"release code {number!r} is not {name!r}: counted as UNKNOWN")
        return Status.UNKNOWN, f"release code {number}, {name}"
    if number == "14" and name in NOT_ON_FILE and batch.table.table["GIS:14"] is Status.REJECTED:
        return Status.NO_RELEASE, "CCN not on file"
    key = f"GIS:{number}"
    return batch.status(key, f"release code {number!r}"), RELEASE_TEXTS.get(key, sense or f"release code {number}")


def _notice(batch: Batch, item: Object) -> None:
    """ACI_NOTICE: matched or not, arrived, too early."""
    type_ = word_of(item, "type").upper()
    status = batch.status(f"NOTICE:{type_}", f"notice {type_!r}")
    found = [
        (NumberKind.TRIP, number_of(item, "tripNumber", NumberKind.TRIP)),
        (NumberKind.CCN, number_of(item, "cargoControlNumber", NumberKind.CCN)),
        *(
            (NumberKind.CCN, number_of(one, "cargoControlNumber", NumberKind.CCN))
            for one in children(item, "references")
        ),
    ]
    about = [(kind, key) for kind, key in dict.fromkeys(found) if key]
    if not about:
        raise Bad(f"it names no number, so nobody is told: {plain(type_, 60)}")
    for kind, key in about:
        batch.say(
            kind,
            key,
            status,
            Track.ARRIVAL if status is Status.ARRIVED else Track.MATCH,
            type_,
            type_.replace("_", " ").lower(),
            sent=batch.time(item, "dateTime"),
            reason=TOO_EARLY if type_ == "INSUFFICIENT_REVIEW_TIME_WARNING" and status is Status.WARNING else "",
        )


def _alert(batch: Batch, item: Object) -> None:
    """SYSTEM_ALERT: shown to people among the problems; it says nothing about any number."""
    batch.problem(f"a notice of BorderConnect, about no number: {word_of(item, 'message') or 'without words'}")


_TYPES: Mapping[str, Callable[[Batch, Object], None]] = {
    "RNS_SHIPMENT": _rns,
    "ACI_NOTICE": _notice,
    "ACI_RESPONSE": aci,
    "ACE_RESPONSE": ace,
    "API_RESPONSE": api,
    "SYSTEM_ALERT": _alert,
}
_TRIPS = {"ACI_TRIP": Direction.CA, "ACE_TRIP": Direction.US}


class BorderConnect:
    """Customs' answers as BorderConnect relays them, and the trips made there."""

    name: str = "borderconnect"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.RELEASE, Track.MATCH, Track.MANIFEST, Track.AGENCY, Track.ARRIVAL})
    directions: frozenset[Direction] = frozenset(Direction)
    weak: Mapping[str, str] = WEAK

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports and load rows, message by message: a bad one is a problem with its place, the others are read."""
        batch = Batch(reader, received, codes(TABLE, KINDS, reader.overrides))
        loads: list[LoadRow] = []
        try:
            for where, one in messages(parsed(body)):
                batch.where = where
                try:
                    loads += _read(batch, one)
                except Bad as why:
                    batch.problem(f"{why}: this one was not read")
        except Bad as why:
            batch.where = "file"
            batch.problem(f"{why}: nothing in it was read")
        return Reading(
            tuple(batch.reports), tuple(loads), tuple(dict.fromkeys((*batch.table.problems, *batch.problems)))
        )


def _read(batch: Batch, one: object) -> list[LoadRow]:
    if not isinstance(one, Object):
        raise Bad("it is not an object")
    if one.twice:
        raise Bad(f"{', '.join(one.twice)} is named twice")
    type_, before = word_of(one, "data"), len(batch.reports)
    ours, theirs = batch.reader.fields.get("company_key", ""), word_of(one, "companyKey")
    if ours and theirs and theirs != ours:
        raise Bad(f"it is for company {plain(theirs, 40)}, not for {plain(ours, 40)}")
    if type_ in _TRIPS:
        return _whole(batch, before, lambda: _take_trip(batch, one, _TRIPS[type_]))
    take = _TYPES.get(type_)
    if take is None:
        raise Bad(
            f"it is {plain(type_, 40)!r}, which is not known here" if type_ else "it does not say what it is (data)"
        )
    return _whole(batch, before, lambda: take(batch, one) or [])


def _whole(batch: Batch, before: int, step: Callable[[], list[LoadRow]]) -> list[LoadRow]:
    """A message is read whole or not at all: half of one could be its better half."""
    try:
        return step()
    except Bad:
        del batch.reports[before:]
        raise


def _take_trip(batch: Batch, item: Object, direction: Direction) -> list[LoadRow]:
    rows = rows_of(batch, item, direction)
    say_trip(batch, item)
    return rows


SOURCE = BorderConnect()
