"""The rows of border-formats 8.2, each with the messages that say it: what was written is what is tested."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row of the table, one code each. `cases` come one after the other; `settings` are the feed's, `load` its load.

    A case of another source is written with its source.
    """

    who: str
    raw: str
    status: str
    source: str
    cases: tuple[str, ...]
    settings: str = ""
    load: str = ""

    @property
    def name(self) -> str:
        """The row as the golden file has it."""
        more = f" ({', '.join(filter(None, (self.settings, self.load)))})" if self.settings or self.load else ""
        return f"{self.who} | {self.raw} | {self.status} | {self.source}: {', then '.join(self.cases)}{more}"


def _of(who: str, source: str, table: str) -> list[Row]:
    """Rows of lines `raw = STATUS = cases`, cases with a plus between them."""
    cells = ([cell.strip() for cell in line.split("=")] for line in table.strip().splitlines())
    return [Row(who, raw, status, source, tuple(c.strip() for c in cases.split("+"))) for raw, status, cases in cells]


_RNS = """
1 = SENT = gis_1
17 = SENT = gis_17
2 = REJECTED = gis_2
3 = REJECTED = gis_3
10 = REJECTED = gis_10
11 = REJECTED = gis_11
12 = REJECTED = gis_12
13 = REJECTED = gis_13
16 = REJECTED = gis_16
4 = RELEASED = gis_4
5 = EXAM = gis_5
6 = HELD = gis_6
6 (Y51) = HELD = gis_6_erc_Y51
7 = HELD = gis_7
8 = RELEASED_CONDITIONAL = gis_8
9 (no cancel pending) = READY = gis_9
14 + ERC 01 = NO_RELEASE = gis_14_erc_01
14 + other ERC = REJECTED = gis_14_erc_531
15 = UNKNOWN = gis_15
23 = RELEASED = gis_23
24 = AWAITING_PROCESSING = gis_24
34 = AWAITING_PROCESSING = gis_34
128 = WARNING = gis_128
"""
_ERRORS = """
464 = REJECTED = erc_464
T36 = REJECTED = erc_T36
W80 = REJECTED = erc_W80
Y50 = REJECTED = erc_Y50
32 (WACM) = NO_RELEASE = erc_32
31 (WACM) = ARRIVED = erc_31
34 (WACM) = ARRIVED = erc_34
09 (WACM) = WARNING = erc_09
72 (WACM) = WARNING = erc_72
74 (WACM) = WARNING = erc_74
"""
_TEXTS = """
CCN not on file = NO_RELEASE = word_ccn_not_on_file
transaction not on file = NO_RELEASE = word_transaction_number_not_on_file
Goods released = RELEASED = word_goods_released
Goods required for examination – referred = EXAM = word_goods_required_for_examination_referred
Goods may move, detain to destination (CFIA) = RELEASED_CONDITIONAL = word_goods_may_move_detain_to_destination_cfia
Declaration accepted, awaiting arrival of goods = READY = word_declaration_accepted_awaiting_arrival_of_goods
Authorized to deliver – CSA shipment = RELEASED = word_authorized_to_deliver_csa_shipment
Declaration accepted, awaiting customs processing = AWAITING_PROCESSING = \
word_declaration_accepted_awaiting_customs_processing
Transaction Awaiting Processing = AWAITING_PROCESSING = word_transaction_awaiting_processing
contingency R = RELEASED = word_r
contingency NR = UNKNOWN = word_nr
"""
_D4 = """
0001, Matched = MATCHED = sts_0001_d13A
text Matched = MATCHED = text_matched
0002, Not matched = NOT_MATCHED = sts_0002_d13A
text Not matched = NOT_MATCHED = text_not_matched
0003, Cargo complete = ON_FILE = sts_0003_d13A
text Cargo complete = ON_FILE = text_cargo_complete
Document package complete = MATCHED = text_document_package_complete
S001 = SENT = sts_S001_d13A
S002 = REJECTED = sts_S002_d13A
Document not on file = NO_CARGO = text_document_not_on_file
Reported = ARRIVED = text_reported
Arrived = ARRIVED = text_arrived
Released = RELEASED = text_released
Authorized to deliver = RELEASED = text_authorized_to_deliver
Held = HELD = text_held
De-consolidation = WARNING = text_de_consolidation
"""
_PORTAL = """
Accepted = ON_FILE = paps_accepted
Matched = MATCHED = portal_matched
Acquitted = ACQUITTED = portal_acquitted
Adjusted from = WARNING = portal_adjusted_from
Adjusted to = WARNING = portal_adjusted_to
"""
_BC = """
ACI_RESPONSE ACCEPT = ON_FILE = aci_accept
ACI_RESPONSE REJECT = REJECTED = aci_reject
ACI_NOTICE MATCHED = MATCHED = notice_matched
ACI_NOTICE NOT_MATCHED = NOT_MATCHED = notice_not_matched
ACI_NOTICE ARRIVAL_REPORTED = ARRIVED = notice_arrival_reported
ACI_NOTICE CSA_REPORTED = ARRIVED = notice_csa_reported
ACI_NOTICE INSUFFICIENT_REVIEW_TIME_WARNING = WARNING = notice_insufficient_review_time_warning
display Draft = UNKNOWN = display_aci_draft
display Transmitted to CBSA = SENT = display_aci_transmitted_to_cbsa
display CBSA Returned Error = REJECTED = display_aci_cbsa_returned_error
display On File With CBSA = ON_FILE = display_aci_on_file_with_cbsa
display On File With Match Notice = MATCHED = display_aci_on_file_with_match_notice
display Cancelled = CANCELLED = display_aci_cancelled
API_RESPONSE QUEUED = SENT = api_queued
API_RESPONSE IMPORTED = SENT = api_imported
API_RESPONSE TRANSMITTED = SENT = api_transmitted
API_RESPONSE DATA_ERROR = REJECTED = api_data_error
API_RESPONSE SEND_ERROR = REJECTED = api_send_error
API_RESPONSE SYNC_ERROR = REJECTED = api_sync_error
API_RESPONSE IMPORTED_WITH_ERRORS = REJECTED = api_imported_with_errors
API_RESPONSE PROCESSED_WITH_ERRORS = REJECTED = api_processed_with_errors
ACE_RESPONSE processingResponse, rejected 0 = ON_FILE = ace_processing
ACE_RESPONSE processingResponse, rejected more = REJECTED = ace_processing_with_rejects
ACE_RESPONSE validationResponses = REJECTED = ace_validation
ACE tripStatus AAD = ARRIVED = ace_trip_aad
ACE tripStatus 19 = ARRIVED = ace_trip_19
ACE tripStatus RTR = RELEASED = ace_trip_rtr
ACE tripStatus RCO = RELEASED = ace_trip_rco
ACE tripStatus HTR = HELD = ace_trip_htr
display Complete Manifest On File = ON_FILE = display_ace_complete_manifest_on_file_with_cbp
display … And Entry Numbers On File = READY = display_ace_complete_manifest_and_entry_numbers_on_file_with_cbp
display Truck Arrived at Border = ARRIVED = display_ace_truck_arrived_at_border
display Truck Released at Border = RELEASED = display_ace_truck_released_at_border
"""
#: GIS 14 carries no error code here: it is rejected, or not on file where its name says so.
_RELEASE_CODES = {
    **dict.fromkeys(["1", "17"], "SENT"), **dict.fromkeys(["2", "3", "10", "11", "12", "13", "14", "16"], "REJECTED"),
    "4": "RELEASED", "5": "EXAM", "6": "HELD", "7": "HELD", "8": "RELEASED_CONDITIONAL", "9": "READY", "15": "UNKNOWN",
    "23": "RELEASED", "24": "AWAITING_PROCESSING", "34": "AWAITING_PROCESSING", "128": "WARNING",
    "not_on_file": "NO_RELEASE",
}  # fmt: skip
_AGENCIES = "123"
_X407 = {
    **dict.fromkeys(("02", "05"), "READY"),
    **{f"{a}D": "ON_FILE" for a in _AGENCIES},
    **{f"{a}A": "EXAM" for a in _AGENCIES},
    **{f"{a}{b}": "RELEASED" for a in _AGENCIES for b in "BC"},
    **{f"{a}G": "HELD" for a in _AGENCIES},
    **{f"{a}H": "HELD" for a in "123489"},
    "6H": "DO_NOT_LOAD",
    "6I": "HOLD_REMOVED",
    **{f"{a}F": "HOLD_REMOVED" for a in _AGENCIES},
    **{f"{a}I": "HOLD_REMOVED" for a in "123489"},
    **{f"{a}{b}": "HELD" for a in _AGENCIES for b in "RSTU"},
    **dict.fromkeys(("11", "12", "13", "19"), "ARRIVED"),
    **dict.fromkeys(("14", "15", "16"), "ON_FILE"),
    **dict.fromkeys(("01", "03", "17", "18", "95", "SUV", "STV"), "WARNING"),
    **{f"{a}{b}": "WARNING" for a in _AGENCIES for b in "NO"},
}
_CHECKER = """
(nothing) = NO_RELEASE = paps_nothing
On-hold = NO_RELEASE = paps_on_hold
Accepted = ON_FILE = paps_accepted
Release Accepted by CBP date = READY = paps_release_accepted
"""

ROWS: tuple[Row, ...] = (
    *_of("RNS GIS", "cbsa_rns", _RNS),
    Row("RNS GIS", "9 (after cancel request)", "CANCELLED", "cbsa_rns", ("broker_json/word_cancelled", "gis_9")),
    *_of("RNS error", "cbsa_rns", _ERRORS),
    *_of("RNS text", "broker_json", _TEXTS),
    *_of("D4", "cbsa_notices", _D4),
    *_of("Portal", "json_poll", _PORTAL),
    Row("X12 CBSA", "997 accepted", "SENT", "x12_acks", ("control_997_accepted",), settings="control"),
    Row("X12 CBSA", "824 accept", "ON_FILE", "x12_acks", ("824_accept",)),
    Row("X12 CBSA", "824 reject", "REJECTED", "x12_acks", ("824_reject",)),
    *_of("BC", "borderconnect", _BC),
    *(Row("BC RNS_SHIPMENT", n, status, "borderconnect", (f"rns_{n}",)) for n, status in _RELEASE_CODES.items()),
    *(Row("ACE 350 X407", code, status, "ace_truck_350", (f"x407_{code}",)) for code, status in _X407.items()),
    Row("ACE 350 X407", "xD of an in-bond", "ON_FILE", "ace_truck_350", ("x407_1D",), load="inbond"),
    Row("ACE 350 X407", "xC with open hold", "HELD", "ace_truck_350", ("x407_1H", "x407_1C")),
    Row("ACE 350 X407", "xB with open hold", "HELD", "ace_truck_350", ("x407_2H", "x407_1B")),
    Row("ACE 350 X407", "xI after its xH", "HOLD_REMOVED", "ace_truck_350", ("hold_placed_and_removed",)),
    Row("ACE 355", "reject + code", "REJECTED", "x12_acks", ("355_rejected",)),
    Row("ACE 355", "accepted", "SENT", "x12_acks", ("355_accepted",)),
    Row(
        "ACE 355", "accepted, and the operator says it is of the trip", "ON_FILE", "x12_acks", ("355_accepted",), "355"
    ),
    *_of("PAPS checker", "json_poll", _CHECKER),
    Row("Broker portal", "word not listed", "UNKNOWN", "json_poll", ("word_unknown",)),
    Row("X12 CBSA", "350, kept UNKNOWN", "UNKNOWN", "cbsa_350", ("status",)),
    Row("ACE CUSRES", "kept UNKNOWN", "UNKNOWN", "ace_truck_cusres", ("status",)),
)
