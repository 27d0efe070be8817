"""The same day of customs in the words of each source: what is said of a load's number."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.load import Direction
from bot.feeds.asked import wrap
from tests.bench.messages import paps, pars, rns

_HOME = ZoneInfo("America/Toronto")
_REFS = count(1)
#: What stands for the codes of `messages.HISTORIES` where a source has other words.
_D4 = {"34": "NOT MATCHED", "9": "Matched", "14": "NOT MATCHED", "4": "Matched", "5": "NOT MATCHED"}
_ACE = {"34": "01", "9": "02", "14": "2H", "4": "1C", "5": "1A"}
_WORDS = {
    "34": "Transaction awaiting processing",
    "9": "Declaration accepted, awaiting arrival of goods",
    "14": "Transaction number not on file",
    "4": "Goods released",
    "5": "Goods required for examination, referred",
}
#: The words of a broker's own API and mails, and what an operator wrote that they mean.
_STATES = {"34": "In process", "9": "Accepted", "14": "Not on file", "4": "Released", "5": "Exam"}
_PLACES = 'answer = { items = "shipments[*]", number = "reference", status = "state", time = "updated_at" }\n'
_MEANINGS = """[feeds.rns.words]
"In process" = "AWAITING_PROCESSING"
"Accepted" = "READY"
"Not on file" = "NO_RELEASE"
"Released" = "RELEASED"
"Exam" = "EXAM"
"""


@dataclass(frozen=True)
class Dialect:
    """A source: what makes a message of a code, a number and a time, and the settings that it needs."""

    said: Callable[[str, int, datetime], bytes]
    direction: Direction = Direction.CA
    observed: bool = False
    settings: str = ""


def _of(code: str) -> str:
    return code.partition("+")[0]


def _notice(code: str, number: int, made: datetime) -> bytes:
    stamp, ref = made.astimezone(_HOME).strftime("%Y%m%d%H%M"), next(_REFS)
    segments = (
        f"UNB+UNOC:3+INETCECPT+SMPL+{stamp[2:8]}:{stamp[8:]}+{ref}",
        f"UNG+GOVCBR+CCR+SMPL+{stamp[2:8]}:{stamp[8:]}+{ref}+UN+D:13A",
        f"UNH+{ref}+GOVCBR:D:13A:UN+ECRD40",
        f"BGM+23:::785+{pars(number)}:1:1+11",
        f"DTM+9:{stamp}:203",
        "RFF+AGO:123456782RM0001",
        f"RFF+ACE:12345{number % 10**9:09}::929",
        "GOR++5",
        "LOC+22+0453:129::1234",
        f"FTX+SIN+++{_D4[_of(code)]}",
        "UNS+D",
        "HYN+3",
        "UNS+S",
        f"UNT+12+{ref}",
        f"UNE+1+{ref}",
        f"UNZ+1+{ref}",
    )
    return ("'".join(segments) + "'").encode()


def _broker(code: str, number: int, made: datetime) -> bytes:
    status = {"number": pars(number), "status": _WORDS[_of(code)]}
    head = {"sender": "SAMPLE BROKER", "message_id": f"B-{next(_REFS)}", "sent_at": made.isoformat()}
    return json.dumps({**head, "statuses": [status]}).encode()


def _borderconnect(code: str, number: int, made: datetime) -> bytes:
    released = {"number": _of(code), "shortName": "", "longName": ""}
    said = {
        "data": "RNS_SHIPMENT",
        "companyKey": "c-9000-SAMPLE",
        "cargoControlNumber": pars(number),
        "transactionNumber": f"12345{number % 10**9:09}",
        "releaseOffice": {"number": "0453", "name": "WINDSOR - AMBASSADOR BRIDGE"},
        "status": {"dateTime": f"{made.astimezone(_HOME):%Y-%m-%d %H:%M:%S}", "releaseCode": released},
    }
    return json.dumps(said).encode()


def _ace(code: str, number: int, made: datetime) -> bytes:
    here, ref = made.astimezone(_HOME), next(_REFS)
    day, clock = here.strftime("%Y%m%d"), here.strftime("%H%M")
    segments = (
        "ISA*00*          *00*          *ZZ*CBP            *ZZ*SMPL           *"
        f"{day[2:]}*{clock}*U*00406*{ref:09}*0*P*:",
        f"GS*AU*CBP*SMPL*{day}*{clock}*{ref}*X*004060USCBP350",
        "ST*350*0001",
        f"M10*SMPL*J*US***{number}T",
        f"P4*3801*{day}",
        f"X4*{paps(number)}*10*01*9AB{number % 10**8:08}*{day}*{clock}*{_ACE[_of(code)]}**SMPL",
        "SE*5*0001",
        f"GE*1*{ref}",
        f"IEA*1*{ref:09}",
    )
    return ("~".join(segments) + "~").encode()


def _candata(code: str, number: int, made: datetime) -> bytes:
    when = f"{made.astimezone(_HOME):%Y-%m-%d %H:%M:%S}"
    said = (
        f'<rns processing_ind="{_of(code).replace("14", "3")}" port="0453" sublocation="1234" '
        f'transaction_num="12345-{number % 10**9:09}" process_date="{when}"/>'
    )
    answer = f'<?xml version="1.0" encoding="UTF-8"?>\n<rnslist>{said}</rnslist>'.encode()
    return wrap(f"ccn {pars(number)}", answer)


def _api(code: str, number: int, made: datetime) -> bytes:
    status = {"reference": pars(number), "state": _STATES[_of(code)], "updated_at": made.isoformat(), "party": "SAMPLE"}
    return wrap(f"ccn {pars(number)}", json.dumps({"shipments": [status]}).encode())


def _mail(code: str, number: int, made: datetime) -> bytes:
    lines = (
        "From: SAMPLE Broker <notices@broker.example>",
        "To: SAMPLE Dispatch <dispatch@carrier.example>",
        f"Subject: {pars(number)} - {_STATES[_of(code)]}",
        f"Date: {format_datetime(made)}",
        f"Message-ID: <{next(_REFS)}@broker.example>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Good day,",
        f"Cargo control number: {pars(number)}",
        f"Status: {_STATES[_of(code)]}",
        "SAMPLE Broker, Windsor",
    )
    return "\r\n".join(lines).encode()


DIALECTS: dict[str, Dialect] = {
    "cbsa_rns": Dialect(rns),
    "cbsa_notices": Dialect(_notice),
    "broker_json": Dialect(_broker),
    "borderconnect": Dialect(_borderconnect, settings='zone = "America/Toronto"\n'),
    "ace_truck_350": Dialect(_ace, Direction.US),
    "candata": Dialect(_candata, observed=True),
    "json_poll": Dialect(_api, observed=True, settings=_PLACES + _MEANINGS),
    "email_drop": Dialect(_mail, settings=_MEANINGS),
}
