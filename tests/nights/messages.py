"""What customs, gateways and brokers send in the night, as bytes (SAMPLE data)."""

import json
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from tests.nights.night import HOME, Night
from tests.standins import customs

PARS, SECOND = "SMPLPARS100123", "SMPLPARS100124"
PAPS, TRIP = "SMPL900001", "SMPLTRIP0001"
TRANSACTION, LATER = "12345000067897", "12345000067905"
_refs = count(1)


def _stamp(night: Night, form: str, zone: ZoneInfo = HOME) -> str:
    return night.now.astimezone(zone).strftime(form)


def rns(
    night: Night,
    code: str = "9",
    pars: str = PARS,
    *,
    transaction: str = TRANSACTION,
    office: str = "0453",
    made: datetime | None = None,
) -> bytes:
    """A release message: `9`, `4`, `14+01` (an error and its code); `made` when it is older than now."""
    stamp = f"{(made or night.now).astimezone(HOME):%Y%m%d%H%M}"
    return customs.rns(code, pars, transaction, stamp, office=office, sub="", ref=next(_refs))


def d4(night: Night, text: str = "MATCHED", pars: str = PARS, *, transaction: str = TRANSACTION) -> bytes:
    """A completeness notice."""
    return customs.notice(text, pars, transaction, _stamp(night, "%Y%m%d%H%M"), ref=next(_refs))


def bc(night: Night, data: str = "ACI_RESPONSE", **more: Any) -> bytes:
    """A message of the gateway that files our manifests."""
    return json.dumps({"data": data, **more}).encode()


def manifest(night: Night, type_: str = "ACCEPT", trip: str = TRIP, **more: Any) -> bytes:
    """Customs' answer to the manifest of a trip into Canada."""
    return bc(night, type=type_, tripNumber=trip, cbsaDateTime=_stamp(night, "%Y-%m-%d %H:%M:%S"), **more)


def ace_manifest(night: Night, trip: str = TRIP, *, rejects: int = 0) -> bytes:
    """Customs' answer to the manifest of a trip into the US."""
    counts = {"shipmentsAccepted": 1 - min(rejects, 1), "shipmentsRejected": rejects}
    processing = {"tripsAccepted": 1, "tripsRejected": 0, **counts}
    return bc(
        night, "ACE_RESPONSE", tripNumber=trip, dateTime=_stamp(night, "%Y-%m-%d %H:%M:%S"),
        processingResponse=processing,
    )  # fmt: skip


def ace(
    night: Night, code: str, paps: str = PAPS, *, entry: str = "9AB12345678", events: tuple[str, ...] = ()
) -> bytes:
    """A 350 of US customs about a shipment: `05`, `1C`, `2H` …, or events of the trip alone."""
    day, clock, ref = _stamp(night, "%Y%m%d"), _stamp(night, "%H%M"), f"{next(_refs):09}"
    about = [f"X4*{paps}*10*01*{entry}*{day}*{clock}*{code}**SMPL"] if code else []
    body = ["ST*350*0001", "M10*SMPL*J*US***TRIP0001", f"P4*3801*{day}", *(f"V9*{e}**{day}*{clock}" for e in events)]
    body += [*about, f"SE*{len(body) + len(about) + 1}*0001"]
    head = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CBP':15}*ZZ*{'SMPL':15}*{day[2:]}*{clock}*U*00406*{ref}*0*P*:",
        f"GS*AU*CBP*SMPL*{day}*{clock}*{ref}*X*004060USCBP350",
    ]
    return "".join(f"{s}~" for s in [*head, *body, f"GE*1*{ref}", f"IEA*1*{ref}"]).encode()


def pcb(night: Night, status: str, number: str = PARS, **more: Any) -> bytes:
    """A status of the broker PCB's own page."""
    item = {"number": number, "status": status, **more}
    sent = {"message_id": str(next(_refs)), "sent_at": night.now.isoformat()}
    return json.dumps({"sender": "PCB", "statuses": [item], **sent}).encode()


def trip(number: str = TRIP, *pars: str, truck: str = "88") -> bytes:
    """A trip into Canada that was made in the gateway; an empty truck when it has no PARS."""
    shipments = [{"shipmentType": "PARS", "cargoControlNumber": one} for one in pars]
    return json.dumps(
        {
            "data": "ACI_TRIP", "operation": "CREATE", "tripNumber": number, "portOfEntry": "0453",
            "estimatedArrivalDateTime": "2026-11-24 06:00:00", "truck": {"number": truck}, "shipments": shipments,
        }
    ).encode()  # fmt: skip
