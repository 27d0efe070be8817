"""Whether a body says in its own words what a report says of it; by source, and for a new one in general."""

import re
from collections.abc import Callable

from bot.domain.report import Report
from bot.domain.status import GOOD, Status
from tests.fuzz import stated_edi, stated_words

Witness = Callable[[bytes, Report], bool]


def _never(body: bytes, report: Report) -> bool:
    """A source that can say nothing good."""
    return False


def _in_general(body: bytes, report: Report) -> bool:
    """What was taken for the status, and the number, stand somewhere in it."""
    text = re.sub(r"[\W_]+", "", body.decode("latin-1")).upper()
    raw, number = (re.sub(r"[\W_]+", "", part).upper() for part in (report.raw, report.key))
    return bool(raw) and raw in text and number in text


WITNESSES: dict[str, Witness] = {
    "cbsa_rns": stated_edi.rns,
    "cbsa_notices": stated_edi.notices,
    "ace_truck_350": stated_edi.ace_350,
    "cbsa_350": stated_edi.cbsa_350,
    "x12_acks": _never,
    "ace_truck_cusres": _never,
    "broker_json": stated_words.broker,
    "borderconnect": stated_words.borderconnect,
    "candata": stated_words.candata,
    "json_poll": stated_words.json_poll,
    "email_drop": stated_words.mail,
    "load_csv": _never,
}


def is_stated(source: str, body: bytes, report: Report) -> bool:
    """Whether good news is in the message itself, attached to that number; other news is not asked about here."""
    if report.status in GOOD:
        return WITNESSES.get(source, _in_general)(body, report)
    if source == "ace_truck_cusres":
        return report.status is Status.UNKNOWN
    if source == "x12_acks" and report.status is Status.ON_FILE:
        return stated_edi.accepted(body, report)
    return True
