"""Candata's RNS query: release notices of one cargo control number as XML, asked for by polling (border-formats 6).

Its answers name no number: that stands in the envelope which the poller puts around them.
"""

from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, transaction_key
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.asked import Subject, unwrap
from bot.feeds.codes import Codes, codes
from bot.feeds.latest import Told, standing
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.sources.cbsa_rns import MEANINGS
from bot.feeds.stamps import Stamp, believed, compact, iso, made
from bot.feeds.texts import plain

_TABLE = {code: status for code, (status, _) in MEANINGS.items() if code.startswith("GIS:")}
_MOST = 1_000
_LONGEST, _OFFICE = 40, 4


def parsed(body: bytes) -> Element | str:
    """The root of an answer, or why there is none. Entities are never opened: they may unpack to anything."""
    try:
        found = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        return "it holds a document type or entities, which an answer has no need of"
    except (ParseError, ValueError, LookupError, RecursionError) as why:
        return f"it is not XML ({plain(str(why), 80)})"
    return found if isinstance(found, Element) else "it is not XML"


def unsound(body: bytes) -> str:
    """Why an answer is none; '' when it is one."""
    root = parsed(unwrap(body)[1])
    return root if isinstance(root, str) else "" if _is_answer(root) else f"it answers <{plain(root.tag, 30)}>"


def _is_answer(root: Element) -> bool:
    """Whether it lists notices, or none: a page of a proxy or an error is something else."""
    words = any((element.text or "").strip() for element in root.iter())
    return next(root.iter("rns"), None) is not None or not (len(root) or words)


def _value(notice: Element, name: str) -> str:
    return plain((notice.get(name) or notice.findtext(name) or "").strip(), 80)


class _Answer:
    """One answer on its way to a Reading."""

    def __init__(self, subject: Subject, reader: Reader, received: datetime) -> None:
        self.subject, self.reader, self.received = subject, reader, received
        self.table: Codes = codes(_TABLE, ("GIS",), reader.overrides)
        self.problems = [*self.table.problems]

    def _time(self, notice: Element, name: str, where: str) -> Stamp:
        text = _value(notice, name)
        if not text:
            return Stamp(None)
        zone = self.reader.zone
        stamp = believed(compact(text, "", zone) if text.isdecimal() else iso(text, zone), self.received)
        if stamp.why and not stamp.certain:
            self.problems.append(Problem(f"{where}, {name}", stamp.why))
        return stamp

    def _status(self, code: str, where: str) -> tuple[Status, str]:
        key = f"GIS:{code}"
        status = self.table.table.get(key)
        if status is not None:
            return status, MEANINGS[key][1] if key in MEANINGS else f"indicator {code}"
        if code == "14":
            self.problems.append(Problem(where, "an error (14) without an error code: counted as rejected"))
            return Status.REJECTED, "error without a code"
        why = f"processing indicator {code!r} is not known" if code else "it has no processing indicator"
        self.problems.append(Problem(where, f"{why}: counted as UNKNOWN", key if code else ""))
        return Status.UNKNOWN, f"unknown indicator {code}" if code else "no indicator"

    def notice(self, notice: Element, position: int) -> Told:
        """One notice as a report, and when it was so."""
        where = f"rns {position}"
        code = _value(notice, "processing_ind").lstrip("0")[:12]
        status, text = self._status(code, where)
        processed, released = self._time(notice, "process_date", where), self._time(notice, "release_date", where)
        transaction = transaction_key(_value(notice, "transaction_num"))
        if len(transaction) > _LONGEST:
            self.problems.append(Problem(where, f"{plain(transaction, 40)!r} can't be a transaction: left out"))
            transaction = ""
        port = _value(notice, "port")[:10]
        report = Report(
            kind=self.subject.kind,
            key=self.subject.key,
            status=status,
            track=Track.RELEASE,
            raw=code,
            text=text,
            prepared=made(processed, released, status, self.received),
            at=released.utc,
            office=port.zfill(_OFFICE) if port else "",
            sub_location=_value(notice, "sublocation")[:10],
            transaction=transaction,
            reason="docs" if code == "6" else "",
            position=position,
        )
        return Told(report, processed.of(status, self.received) or released.utc)


class Candata:
    """RNS notices by query. No answer about a number says nothing about it: what that means nobody has written down."""

    name: str = "candata"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset({Direction.CA})
    weak: Mapping[str, str] = {
        "rnsquery": "the address, the header and the fields of its XML were seen in a client's code, not in a manual",
        "no <rns> at all": "taken as no news: that it means 'not on file' is written nowhere",
        "times": "neither their form nor their zone is documented",
    }

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports about the number that was asked: those that still stand."""
        subject, answer = unwrap(body)
        root = parsed(answer)
        ref = subject.key if subject else ""
        if isinstance(root, str):
            return Reading(problems=(Problem("file", f"{root}: nothing in it was read"),), ref=ref)
        notices = list(root.iter("rns"))
        if not notices and not _is_answer(root):
            why = f"it is <{plain(root.tag, 30)}> and lists no <rns>: nothing in it was read"
            return Reading(problems=(Problem("file", why),), ref=ref)
        if subject is None or subject.kind is not NumberKind.CCN:
            why = "nothing says which cargo control number was asked about, so nobody is told"
            return Reading(problems=(Problem("file", why),) if notices else (), ref=ref)
        found = _Answer(subject, reader, received)
        if len(notices) > _MOST:
            found.problems.append(Problem("file", f"it has {len(notices)} notices: the first {_MOST} were read"))
        told = [found.notice(notice, position) for position, notice in enumerate(notices[:_MOST], 1)]
        return Reading(standing(told, received), (), tuple(found.problems), ref)


SOURCE = Candata()
