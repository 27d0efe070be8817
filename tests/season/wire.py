"""Messages of a season as feeds bring them: real bytes with invented contents. SAMPLE data."""

import json
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from bot.sample.messages import notice as notice_of
from bot.sample.messages import rns as rns_of
from tests.feeds.x12_made import a_set, group, interchange

_HOME = ZoneInfo("America/Toronto")
_REFS = count(1)
#: Feeds of a season and their sources.
FEEDS = {"rns": "cbsa_rns", "notices": "cbsa_notices", "ace": "ace_truck_350", "gateway": "borderconnect"}


def _ref() -> str:
    return f"R{next(_REFS):07}"


def rns(code: str, number: str, office: str, at: datetime, filing: int, error: str = "") -> bytes:
    """A release notice."""
    return rns_of(code, number, office, at.astimezone(_HOME), _ref(), filing=0 if error else filing, error=error)


def notice(says: str, number: str, office: str, at: datetime, filing: int) -> bytes:
    """A completeness notice."""
    return notice_of(says, number, office, at.astimezone(_HOME), _ref(), filing=filing)


def ace(shipment: str, port: str, n: int, at: datetime, *codes: str) -> bytes:
    """A 350 of US customs."""
    made = at.astimezone(UTC)
    words = [f"X4*{shipment}*10*01*9AB{n:08}*{made:%Y%m%d}*{made:%H%M}*{code}**SMPL" for code in codes]
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
    said = {"data": "ACI_RESPONSE", "type": "ACCEPT" if good else "REJECT", "tripNumber": trip, "cbsaDateTime": stamp}
    if not good:
        said["errorResponses"] = [{"errorCode": "017", "errorDescription": "SAMPLE missing bill"}]  # type: ignore[assignment]
    return json.dumps(said).encode()
