"""What US customs' disposition codes say of a shipment (border-formats 4.4, 8.2): X12 350 X407, or a gateway's copy.

A code's plain meaning only: whether an in-bond word is good, or an open hold binds a release, is decided by the fold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.numbers import key_of
from bot.domain.status import Status, Track
from bot.feeds.codes import Codes

#: Kind of the keys below, as an operator writes them in overrides: `X407:05`.
KIND = "X407"
_AGENCIES = {"1": "customs", "2": "agriculture", "3": "another agency"}
_TRACKS = {
    Status.ARRIVED: Track.ARRIVAL,
    Status.MATCHED: Track.MATCH,
    Status.NOT_MATCHED: Track.MATCH,
    Status.NO_CARGO: Track.MATCH,
    Status.DO_NOT_LOAD: Track.AGENCY,
    Status.HOLD_REMOVED: Track.AGENCY,
}
_ENTRY = re.compile(r"[A-Z0-9]{3}\d{8}")


@dataclass(frozen=True, slots=True)
class Disposition:
    """What one code says; `hold_key` pairs the removal of a hold with its placing."""

    status: Status
    track: Track
    text: str
    hold_key: str = ""
    reason: str = ""


def _release(status: Status, text: str, reason: str = "") -> Disposition:
    return Disposition(status, Track.RELEASE, text, reason=reason)


def _hold(key: str, text: str, *, removed: bool = False) -> Disposition:
    status = Status.HOLD_REMOVED if removed else Status.HELD
    return Disposition(status, Track.AGENCY, f"{text} {'removed' if removed else 'placed'}", key)


def _by_agency(first: str, agency: str) -> dict[str, Disposition]:
    """Codes whose first character names the agency."""
    return {
        f"{first}A": _release(Status.EXAM, f"examination pending ({agency}), not released"),
        f"{first}B": _release(Status.RELEASED, f"released, examination done ({agency})"),
        f"{first}C": _release(Status.RELEASED, f"entered and released ({agency})"),
        f"{first}D": _release(Status.ON_FILE, f"in-bond movement authorized ({agency})", "inbond"),
        f"{first}F": _hold(f"{first}G", f"hold at in-bond destination ({agency})", removed=True),
        f"{first}G": _hold(f"{first}G", f"hold at in-bond destination ({agency})"),
        f"{first}H": _hold(f"{first}H", f"hold ({agency})"),
        f"{first}I": _hold(f"{first}H", f"hold ({agency})", removed=True),
        f"{first}N": _release(Status.WARNING, f"overage ({agency})"),
        f"{first}O": _release(Status.WARNING, f"shortage ({agency})"),
        f"{first}R": _release(Status.HELD, f"general order pending ({agency})"),
        f"{first}S": _release(Status.HELD, f"general order issued ({agency})"),
        f"{first}T": _release(Status.HELD, f"seized ({agency})"),
        f"{first}U": _release(Status.HELD, f"sent to general order ({agency})"),
    }


_OF_ALL = {
    "01": _release(Status.WARNING, "port of discharge changed", "port"),
    "02": _release(Status.READY, "entry on file"),
    "03": _release(Status.WARNING, "port of entry changed", "port"),
    "04": _release(Status.WARNING, "second notify party added"),
    "05": _release(Status.READY, "entry on file (05)"),
    "07": _release(Status.WARNING, "within-port transfer authorized"),
    "11": Disposition(Status.ARRIVED, Track.ARRIVAL, "in-bond arrived, whole"),
    "12": Disposition(Status.ARRIVED, Track.ARRIVAL, "in-bond arrived, bill"),
    "13": Disposition(Status.ARRIVED, Track.ARRIVAL, "in-bond arrived, container"),
    "14": _release(Status.ON_FILE, "entry withdrawn: entered quantity deleted", "withdrawn"),
    "15": _release(Status.ON_FILE, "entry withdrawn: released quantity deleted", "withdrawn"),
    "16": _release(Status.ON_FILE, "entry withdrawn: both quantities deleted", "withdrawn"),
    "17": _release(Status.WARNING, "overdue"),
    "18": _release(Status.WARNING, "master in-bond advisory, not a release"),
    "19": Disposition(Status.ARRIVED, Track.ARRIVAL, "truck arrived"),
    "95": _release(Status.WARNING, "consignee over the daily Section 321 limit, not a release"),
    "SUV": _release(Status.WARNING, "person without WHTI document"),
    "STV": _release(Status.WARNING, "person without citizenship"),
    "4H": _hold("4H", "invalid shipper hold"),
    "4I": _hold("4H", "invalid shipper hold", removed=True),
    "6H": Disposition(Status.DO_NOT_LOAD, Track.AGENCY, "do not load", "6H"),
    "6I": Disposition(Status.HOLD_REMOVED, Track.AGENCY, "OK to load", "6H"),
    "8H": _hold("8H", "invalid cargo description hold"),
    "8I": _hold("8H", "invalid cargo description hold", removed=True),
    "9H": _hold("9H", "invalid consignee hold"),
    "9I": _hold("9H", "invalid consignee hold", removed=True),
}  # fmt: skip

#: Code to meaning.
DISPOSITIONS: Mapping[str, Disposition] = MappingProxyType(
    _OF_ALL | {code: found for first, agency in _AGENCIES.items() for code, found in _by_agency(first, agency).items()}
)
#: Key to status, for `codes()` with the overrides of a feed.
STATUSES: dict[str, Status] = {f"{KIND}:{code}": found.status for code, found in DISPOSITIONS.items()}
#: Codes that no source proves for trucks, and why; listed by doctor.
WEAK: Mapping[str, str] = MappingProxyType(
    {
        f"{KIND}:05": "entry on file by one third-party program only",
        f"{KIND}:xD": "in-bond authorized by an old X12 table, entry on file by a third-party program: read as in-bond",
        f"{KIND}:01-19": "from ocean and rail tables; that trucks get them is not proven",
        f"{KIND}:1x-3x": "agency and event from an old X12 table; not every pair is proven for trucks",
        f"{KIND}:4H-9I": "announced by CBP in April 2025 as coming; none was seen",
    }
)


def disposition(code: str, table: Codes) -> Disposition | None:
    """What a code says under a feed's overrides; None when nobody knows it."""
    status, known = table.table.get(f"{KIND}:{code}"), DISPOSITIONS.get(code)
    if status is None:
        return None
    if known is not None and known.status is status:
        return known
    text, key = (known.text, known.hold_key) if known else (f"disposition {code}", "")
    return Disposition(status, _TRACKS.get(status, Track.AGENCY if key else Track.RELEASE), text, key)


def entry_key(text: str) -> str:
    """An entry number's key: 9AB-1234567-8 and 9AB12345678 are one number."""
    key = key_of(text)
    bare = key.replace("-", "")
    return bare if _ENTRY.fullmatch(bare) else key
