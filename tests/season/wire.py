"""Messages of a season as feeds bring them: real bytes with invented contents. SAMPLE data."""

import json
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.numbers import transaction_check
from bot.sample.messages import notice as notice_of
from bot.sample.messages import rns as rns_of
from bot.sample.messages import transaction
from tests.feeds.x12_made import a_set, group, interchange

_HOME = ZoneInfo("America/Toronto")
_REFS = count(1)
#: Feeds of a season and their sources.
FEEDS = {"rns": "cbsa_rns", "notices": "cbsa_notices", "ace": "ace_truck_350", "gateway": "borderconnect"}


def _ref() -> str:
    return f"R{next(_REFS):07}"


def _filed_by(filer: str, filing: int, body: bytes) -> bytes:
    """The same message with a transaction number of this filer."""
    head = f"{filer}{filing:08d}"
    own = next(head + last for last in "0123456789" if transaction_check(head + last))
    return body.replace(transaction(filing).encode(), own.encode())


def rns(code: str, number: str, office: str, at: datetime, filer: str, filing: int, error: str = "") -> bytes:
    """A release notice."""
    body = rns_of(code, number, office, at.astimezone(_HOME), _ref(), filing=0 if error else filing, error=error)
    return body if error else _filed_by(filer, filing, body)


def notice(says: str, number: str, office: str, at: datetime, filer: str, filing: int) -> bytes:
    """A completeness notice."""
    return _filed_by(filer, filing, notice_of(says, number, office, at.astimezone(_HOME), _ref(), filing=filing))


def ace(shipment: str, port: str, entry: str, at: datetime, *codes: str) -> bytes:
    """A 350 of US customs."""
    made = at.astimezone(UTC)
    words = [f"X4*{shipment}*10*01*{entry}*{made:%Y%m%d}*{made:%H%M}*{code}**SMPL" for code in codes]
    one = a_set("350", ["M10*SMPL*J*US", f"P4*{port}*{made:%Y%m%d}", *words])
    return interchange([group([one], control=next(_REFS), stamp=f"{made:%Y%m%d}*{made:%H%M}")], next(_REFS) % 10**9)


def manifest(trip: str, direction: str, at: datetime, *, good: bool) -> bytes:
    """What the gateway says of a trip's manifest."""
    stamp = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if direction == "US":
        counts = {"shipmentsAccepted": int(good), "shipmentsRejected": int(not good)}
        return json.dumps(
            {"data": "ACE_RESPONSE", "dateTime": stamp, "cbpDateTime": stamp, "tripNumber": trip,
             "processingResponse": counts}
        ).encode()  # fmt: skip
    return json.dumps(_aci("tripNumber", trip, stamp, good=good)).encode()


def cargo(number: str, at: datetime, *, good: bool) -> bytes:
    """What the gateway says of the manifest of one shipment into Canada."""
    return json.dumps(_aci("cargoControlNumber", number, f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", good=good)).encode()


def _aci(name: str, number: str, stamp: str, *, good: bool) -> dict[str, object]:
    said = {"data": "ACI_RESPONSE", "type": "ACCEPT" if good else "REJECT", name: number, "cbsaDateTime": stamp}
    faults = [{"errorCode": "017", "errorDescription": "SAMPLE missing bill"}]
    return {**said} if good else {**said, "errorResponses": faults}
