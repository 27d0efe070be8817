"""Messages of the SAMPLE day as customs and brokers send them: real bytes with invented contents."""

import json
from datetime import datetime

from bot.domain.numbers import transaction_check

#: Account security number (first five digits) of the broker that files with Canadian customs.
FILER = "99101"


def transaction(filing: int) -> str:
    """An invented transaction number of 14 digits whose check digit fits."""
    body = f"{FILER}{filing:08d}"
    return next(body + last for last in "0123456789" if transaction_check(body + last))


def rns(code: str, number: str, office: str, at: datetime, ref: str, *, filing: int = 0, error: str = "") -> bytes:
    """A CUSRES D.96A answer of the release notification system about one cargo control number; `at` is local."""
    filed = transaction(filing) if filing else f"SAMPLE{ref}"
    faults = ["ERP+2:1'", f"ERC+{error}'"] if error else []
    segments = [
        "UNH+1+CUSRES:D:96A:UN'",
        f"BGM+:::125+{filed}+11'",
        f"LOC+22+{office}:129::'",
        f"DTM+9:{at:%Y%m%d%H%M}:203'",
        f"GIS+{code}'",
        *faults,
        f"RFF+XC:{number}'",
        *([f"RFF+TN:{filed}'"] if filing else []),
    ]
    opening = ["UNA:+.? '", f"UNB+UNOA:3+CBSA+SMPL+{at:%y%m%d}:{at:%H%M}+{ref}'"]
    closing = [f"UNT+{len(segments) + 1}+1'", f"UNZ+1+{ref}'"]
    return "\n".join([*opening, *segments, *closing, ""]).encode()


def notice(says: str, number: str, office: str, at: datetime, ref: str, *, filing: int = 0) -> bytes:
    """A GOVCBR D.13A notice of eManifest: a code such as 0001 (matched), or words such as REPORTED; `at` is local."""
    stated = f"STS++2:::{says}'" if says.isdecimal() else f"FTX+SIN+++{says}'"
    segments = [
        "UNH+1+GOVCBR:D:13A:UN+ECRD40'",
        f"BGM+23:::785+{number}:1:1+11'",
        f"DTM+9:{at:%Y%m%d%H%M}:203'",
        *([f"RFF+ACE:{transaction(filing)}::929'"] if filing else []),
        "GOR++5'",
        f"LOC+22+{office}:129::'",
        stated,
        "UNS+D'",
        "HYN+3'",
        "UNS+S'",
    ]
    opening = [
        "UNA:+.? '",
        f"UNB+UNOC:3+CBSA+SMPL+{at:%y%m%d}:{at:%H%M}+{ref}'",
        f"UNG+GOVCBR+CCR+SMPL+{at:%y%m%d}:{at:%H%M}+1+UN+D:13A'",
    ]
    closing = [f"UNT+{len(segments) + 1}+1'", "UNE+1+1'", f"UNZ+1+{ref}'"]
    return "\n".join([*opening, *segments, *closing, ""]).encode()


def broker_json(status: str, number: str, at: datetime, ref: str) -> bytes:
    """A status of one PAPS number as a broker posts it in our own JSON; `at` is aware."""
    said = {"number": number, "kind": "scn", "status": status, "at": at.isoformat()}
    batch = {"sender": "SAMPLE Pine Brokers", "message_id": ref, "sent_at": at.isoformat(), "statuses": [said]}
    return json.dumps(batch, indent=1).encode()
