"""Answers to what a carrier sent by BorderConnect: of CBSA, of CBP, and of the gateway itself."""

from bot.domain.numbers import NumberKind
from bot.domain.status import SEVERITY, Status, Track
from bot.feeds.dispositions import disposition, entry_key
from bot.feeds.json_fields import Bad, Object
from bot.feeds.sources.borderconnect_codes import TRIP_TRACKS
from bot.feeds.sources.borderconnect_fields import NEVER, Batch, child, children, number_of, word_of
from bot.feeds.stamps import Stamp
from bot.feeds.texts import plain


def _trip_of(item: Object) -> tuple[NumberKind, str]:
    """Whom an answer is about: a trip, also one that only the request names, or one shipment of it."""
    request = child(item, "sendRequest")
    for kind, name in (
        (NumberKind.TRIP, "tripNumber"),
        (NumberKind.CCN, "cargoControlNumber"),
        (NumberKind.SCN, "shipmentControlNumber"),
    ):
        key = number_of(item, name, kind) or number_of(request, name, kind)
        if key:
            return kind, key
    return NumberKind.TRIP, ""


def _accepted(batch: Batch, item: Object, status: Status) -> Status:
    """An acceptance as what it accepts: of a cancellation it is none of the manifest."""
    request = word_of(child(item, "sendRequest"), "type").upper()
    if status is not Status.ON_FILE or not request:
        return status
    return batch.status(f"SEND:{request}", f"what an accepted request {request!r} amounts to")


def _faults(items: list[Object], code: str, *texts: str) -> str:
    """Codes and sentences of a list of faults, joined."""
    told = (" ".join(filter(None, (word_of(one, name) for name in (code, *texts)))) for one in items)
    return plain("; ".join(filter(None, told)))


def aci(batch: Batch, item: Object) -> None:
    """ACI_RESPONSE: customs took the manifest, or refused it."""
    kind, key = _trip_of(item)
    if not key:
        raise Bad("it names no trip, so nobody is told")
    type_ = word_of(item, "type").upper()
    faults = children(item, "errorResponses")
    note = _faults(faults, "errorCode", "errorField", "errorDescription", "errorText")
    status = _accepted(batch, item, batch.status(f"ACI:{type_}", f"answer {type_!r}"))
    if faults and status is Status.ON_FILE:
        batch.problem("it accepts and names errors: counted as UNKNOWN")
        status = Status.UNKNOWN
    first = word_of(faults[0], "errorCode") if faults else ""
    text = f"{type_.lower()} by CBSA" + (f": {note}" if note else "")
    batch.say(kind, key, status, Track.MANIFEST, type_, text, sent=_sent(batch, item), reason=first, note=note)


def _sent(batch: Batch, item: Object) -> Stamp:
    """When an answer was made: by the gateway's word, else by customs'."""
    for name in ("dateTime", "cbpDateTime", "cbsaDateTime"):
        stamp = batch.time(item, name)
        if stamp.utc is not None:
            return stamp
    return NEVER


def ace(batch: Batch, item: Object) -> None:
    """ACE_RESPONSE: the manifest's processing and faults, the trip's status, dispositions of its shipments."""
    kind, key = _trip_of(item)
    sent = _sent(batch, item)
    customs = batch.time(item, "cbpDateTime")
    happened = customs if customs.utc is not None and customs != sent else NEVER
    shipments, before = children(item, "shipmentStatusList"), len(batch.reports)
    said = _processing(batch, item)
    if said is not None and key:
        status, raw, note, reason = said
        text = f"manifest {raw}" + (f": {note}" if note else "")
        batch.say(kind, key, status, Track.MANIFEST, raw, text, sent=sent, happened=happened, reason=reason, note=note)
    trip = word_of(item, "tripStatus").upper()
    if trip and kind is not NumberKind.TRIP:
        batch.problem(f"trip status {plain(trip, 20)!r} names no trip: of a truck let go no shipment is released")
    elif trip and key:
        shown = f"DISPLAY:{' '.join(trip.split())}"
        written = shown if f"TRIP:{trip}" not in batch.table.table and shown in batch.table.table else f"TRIP:{trip}"
        status = batch.status(written, f"trip status {trip!r}")
        track = TRIP_TRACKS.get(status, Track.RELEASE)
        batch.say(kind, key, status, track, trip, f"trip status {trip}", sent=sent, happened=happened)
    for one in shipments:
        _shipment(batch, one, sent, happened)
    if len(batch.reports) == before:
        unsaid = said is None and not trip and not shipments
        raise Bad("it says nothing that is known" if unsaid else "it names no trip or shipment, so nobody is told")


def _processing(batch: Batch, item: Object) -> tuple[Status, str, str, str] | None:
    """Status, code, faults and first fault code of a manifest's processing; rejects make it no accept."""
    faults = children(item, "validationResponses")
    if item.get("processingResponse") is None and not faults:
        return None
    note = _faults(faults, "code", "description")
    if faults:
        return Status.REJECTED, "validationResponses", note, word_of(faults[0], "code")
    done = child(item, "processingResponse")
    counts = [done.get(name) for name in ("shipmentsAccepted", "shipmentsRejected")]
    if not isinstance(counts[1], int) or isinstance(counts[1], bool) or counts[1] < 0:
        batch.problem("its processing does not say how many shipments were rejected: counted as UNKNOWN")
        return Status.UNKNOWN, "processingResponse", "", ""
    raw = f"accepted {counts[0]}, rejected {counts[1]}" if isinstance(counts[0], int) else f"rejected {counts[1]}"
    return (Status.REJECTED if counts[1] else _accepted(batch, item, Status.ON_FILE)), raw, "", ""


def _shipment(batch: Batch, item: Object, sent: Stamp, happened: Stamp) -> None:
    """A disposition of one shipment."""
    key = number_of(item, "shipmentControlNumber", NumberKind.SCN)
    if not key:
        batch.problem("a shipment's status names no shipment: left out")
        return
    code, sense = word_of(item, "code").upper(), word_of(item, "description")
    found = disposition(code, batch.table)
    if found is None:
        batch.status(f"X407:{code}", f"disposition {code!r} of {key}")
    batch.say(
        NumberKind.SCN,
        key,
        found.status if found else Status.UNKNOWN,
        found.track if found else Track.RELEASE,
        code,
        found.text if found else sense or f"disposition {code}",
        sent=sent,
        happened=happened,
        office=word_of(item, "port")[:10],
        transaction=entry_key(number_of(item, "entryNumber", NumberKind.ENTRY)),
        hold_key=found.hold_key if found else "",
        reason=found.reason if found else "",
        note=sense,
    )


def api(batch: Batch, item: Object) -> None:
    """API_RESPONSE: what the gateway itself did with something of ours; customs has no part in it."""
    word = word_of(item, "status").upper()
    if word == "OK":
        return
    note = _faults(children(item, "errors"), "identifier", "note") or word_of(item, "message")
    if word == "ACCESS_DENIED_ERROR":
        batch.problem(f"BorderConnect does not take our key: {note or word}. Check secret and url of this feed")
        return
    status = batch.status(f"API:{word}", f"gateway status {word!r}")
    kind, key = _trip_of(item)
    if key:
        text = f"our side, not customs: {word.replace('_', ' ').lower()}" + (f": {note}" if note else "")
        batch.say(kind, key, status, Track.MANIFEST, word, text, sent=_sent(batch, item), reason="gateway", note=note)
    elif SEVERITY[status] >= SEVERITY[Status.REJECTED]:
        sent = word_of(item, "sendId")
        of = f"what was sent as {sent}" if sent else "something of ours, it does not say which"
        batch.problem(f"BorderConnect, not customs, refused {of}: {word}{f': {note}' if note else ''}")
