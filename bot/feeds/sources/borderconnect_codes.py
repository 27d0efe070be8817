"""BorderConnect's words and numbers, and what they say (border-formats 2.5, 4.3, 5, 8.2)."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.status import Status, Track
from bot.feeds import dispositions
from bot.feeds.sources.cbsa_rns import MEANINGS

#: Kinds of the keys of the table, as an operator writes them in overrides (`NOTICE:CSA_REPORTED`).
KINDS = ("GIS", "NOTICE", "ACI", "API", "TRIP", "SEND", "DISPLAY", dispositions.KIND)

#: The release codes are those of RNS.
RELEASE_TEXTS: Mapping[str, str] = MappingProxyType(
    {key: text for key, (_, text) in MEANINGS.items() if key.startswith("GIS:")} | {"GIS:14": "error"}
)
#: Short names of release codes, from the vendor's own list: a name of another number contradicts the number.
RELEASE_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "CONTENT ACCEPTED": frozenset({"1"}),
        "RELEASED": frozenset({"4"}),
        "EXAMINATION REQUIRED": frozenset({"5"}),
        "RELEASED (CFIA)": frozenset({"8"}),
        "DECLARATION ACCEPTED": frozenset({"9"}),
        "ERROR": frozenset({"14"}),
        "NOT ON FILE": frozenset({"14"}),
        "CSA AUTHORIZED DELIVERY": frozenset({"23"}),
        "AWAITING CBSA PROCESSING": frozenset({"24", "34"}),
    }
)
#: Names beside an error (14) that say that customs does not know the number at all.
NOT_ON_FILE = frozenset({"NOT ON FILE", "CCN NOT ON FILE", "TRANSACTION NOT ON FILE", "TRANSACTION NUMBER NOT ON FILE"})

#: Words of the ACI page of an eManifest (2.5).
_ACI_PAGE = {
    "DRAFT": Status.UNKNOWN,
    "TRANSMITTED TO CBSA": Status.SENT,
    "CBSA RETURNED ERROR": Status.REJECTED,
    "ON FILE WITH CBSA": Status.ON_FILE,
    "ON FILE WITH MATCH NOTICE": Status.MATCHED,
    "CANCELLED": Status.CANCELLED,
}
#: Words of the ACE page (4.3). A complete manifest alone is good only for a trip without PAPS or in-bond: the fold's
#: matter.
_ACE_PAGE = {
    "TRANSMITTED TO CBP": Status.SENT,
    "CBP RETURNED ERROR": Status.REJECTED,
    "PRELIMINARY MANIFEST ON FILE": Status.SENT,
    "COMPLETE MANIFEST ON FILE": Status.ON_FILE,
    "COMPLETE MANIFEST ON FILE WITH CBP": Status.ON_FILE,
    "COMPLETE MANIFEST AND ENTRY NUMBERS ON FILE": Status.READY,
    "COMPLETE MANIFEST AND ENTRY NUMBERS ON FILE WITH CBP": Status.READY,
    "TRUCK ARRIVED AT BORDER": Status.ARRIVED,
    "TRUCK RELEASED AT BORDER": Status.RELEASED,
}

TABLE: dict[str, Status] = {
    **{key: status for key, (status, _) in MEANINGS.items() if key.startswith("GIS:")},
    "GIS:14": Status.REJECTED,
    "NOTICE:MATCHED": Status.MATCHED,
    "NOTICE:NOT_MATCHED": Status.NOT_MATCHED,
    "NOTICE:ARRIVAL_REPORTED": Status.ARRIVED,
    "NOTICE:CSA_REPORTED": Status.ARRIVED,
    "NOTICE:INSUFFICIENT_REVIEW_TIME_WARNING": Status.WARNING,
    "ACI:ACCEPT": Status.ON_FILE,
    "ACI:REJECT": Status.REJECTED,
    "API:QUEUED": Status.SENT,
    "API:IMPORTED": Status.SENT,
    "API:TRANSMITTED": Status.SENT,
    "API:COMPLETED": Status.SENT,
    "API:DATA_ERROR": Status.REJECTED,
    "API:SEND_ERROR": Status.REJECTED,
    "API:SYNC_ERROR": Status.REJECTED,
    "API:IMPORTED_WITH_ERRORS": Status.REJECTED,
    "API:PROCESSED_WITH_ERRORS": Status.REJECTED,
    "TRIP:AAD": Status.ARRIVED,
    "TRIP:19": Status.ARRIVED,
    "TRIP:RTR": Status.RELEASED,
    "TRIP:RCO": Status.RELEASED,
    "TRIP:HTR": Status.HELD,
    "TRIP:SUV": Status.WARNING,
    "TRIP:STV": Status.WARNING,
    # What an accepted request of ours amounts to; one that is not here says nothing that we know of.
    "SEND:COMPLETE_TRIP_AND_SHIPMENTS": Status.ON_FILE,
    "SEND:CANCEL_TRIP_AND_SHIPMENTS": Status.CANCELLED,
    "SEND:ORIGINAL": Status.ON_FILE,
    "SEND:AMEND": Status.ON_FILE,
    "SEND:CANCEL": Status.CANCELLED,
    **{f"DISPLAY:{word}": status for word, status in (_ACI_PAGE | _ACE_PAGE).items()},
    **dispositions.STATUSES,
}

#: Tracks of words about a trip; all else is about its manifest.
TRIP_TRACKS: Mapping[Status, Track] = MappingProxyType(
    {
        Status.ARRIVED: Track.ARRIVAL,
        Status.READY: Track.RELEASE,
        Status.RELEASED: Track.RELEASE,
        Status.RELEASED_CONDITIONAL: Track.RELEASE,
        Status.HELD: Track.RELEASE,
        Status.EXAM: Track.RELEASE,
        Status.MATCHED: Track.MATCH,
        Status.NOT_MATCHED: Track.MATCH,
    }
)

WEAK: Mapping[str, str] = MappingProxyType(
    {
        "date-times": "they carry no zone and no document names one: the feed's zone is taken (UTC is one guess)",
        "the answer of receive": "not documented: an object, a list, or one list under a name is read",
        "GIS:14": "an error without its code: rejected, or not on file where its name says so",
        "NOTICE:CSA_REPORTED": "taken as arrived; known from third-party software only",
        "NOTICE:INSUFFICIENT_REVIEW_TIME_WARNING": "its sense is not documented: taken as too early for the border",
        "API:COMPLETED": "taken as sent; known from third-party software only",
        "TRIP:AAD, 19, RTR, RCO, HTR": "known from third-party software only; what the letters stand for is unknown",
        "SEND:*": "that an answer repeats the type of the request is not proven",
        "DISPLAY:*": "words of their pages, where a trip carries its status; a preliminary manifest counts as sent",
        **dispositions.WEAK,
    }
)
