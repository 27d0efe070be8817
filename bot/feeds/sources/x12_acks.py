"""Answers to what we sent in X12: 997, 824 and 355 (border-formats 2.4, 4.4, 6, 8.2)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.domain.load import Direction
from bot.domain.numbers import NumberKind, key_of
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.codes import Codes, codes
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.texts import plain
from bot.feeds.x12 import Interchange, parse, sender_ref
from bot.feeds.x12_named import Named, element, joined

_AK = {"A": Status.SENT, "E": Status.SENT} | dict.fromkeys("MPRWX", Status.REJECTED)
_OTI = {"TA": Status.ON_FILE, "TC": Status.ON_FILE, "TE": Status.ON_FILE, "TP": Status.REJECTED, "TR": Status.REJECTED}
_OTI |= {"IA": Status.ON_FILE, "IC": Status.ON_FILE, "IE": Status.ON_FILE, "IP": Status.REJECTED, "IR": Status.REJECTED}
_TABLE = {f"AK5:{code}": status for code, status in _AK.items()} | {f"OTI:{code}": s for code, s in _OTI.items()}
_TEXTS = {Status.SENT: "received", Status.ON_FILE: "accepted", Status.REJECTED: "refused"}
#: Error codes of a 355 that were read in a source; any other is a refusal all the same.
ERRORS: Mapping[str, str] = MappingProxyType(
    {"009": "invalid carrier code", "017": "missing or invalid bill", "401": "invalid conveyance ACE ID"}
)
#: What kind of number an answer is about. A qualifier of OTI-02 may stand here too, and then goes before OTI-10.
FIELDS: Mapping[str, str] = MappingProxyType({"309": "ccn", "358": "trip", "355": "trip", "control": ""})
_KINDS = {"ccn": NumberKind.CCN, "scn": NumberKind.SCN, "trip": NumberKind.TRIP}
_ERROR = re.compile(r"(\d{3})(?!\d)")
_REFUSED = re.compile(r"\bREJECT|\bNOT\s+ACCEPT|\bREFUSE", re.IGNORECASE)
_ACCEPTED = re.compile(r"\bACCEPT", re.IGNORECASE)
_LOOPS = frozenset({"LX", "M13", "M11"})


@dataclass(slots=True)
class _Answer:
    """What one set of answers says, on its way to reports; `trusted`: an accepted 355 is of the whole trip."""

    named: Named
    table: Codes
    kinds: Mapping[str, NumberKind | None]
    position: int
    trusted: bool = False
    told: list[Report] = field(default_factory=list)

    def status(self, kind: str, code: str) -> Status:
        """A code's status; an unknown one is UNKNOWN and a problem."""
        found = self.table.table.get(f"{kind}:{code}")
        if found is None:
            why = f"answer {code!r} is not known: counted as UNKNOWN"
            self.named.problem(kind, why, f"{kind}:{code}")
        return found or Status.UNKNOWN

    def tell(
        self, kind: NumberKind, key: str, status: Status, raw: str, text: str = "", reason: str = "", note: str = ""
    ) -> None:
        """A report on a number of ours."""
        self.position += 1
        self.told.append(
            Report(
                kind=kind,
                key=key,
                status=status,
                track=Track.MANIFEST,
                raw=plain(raw, 80),
                text=plain(text or _TEXTS.get(status, "an answer we cannot read"), 200),
                prepared=self.named.made().of(status, self.named.received),
                reason=plain(reason, 40) if status is Status.REJECTED else "",
                note=plain(note),
                position=self.position,
                ref=plain(self.named.ref, 120),
            )
        )


def _functional(answer: _Answer) -> None:
    """A 997: it names our control numbers only, which are a number of ours only where the operator says so."""
    group, ours, reason, silent, sets = "", ["", ""], "", 0, 0
    for parts in answer.named.one.segments:
        tag = parts[0]
        if tag == "AK1":
            group = plain(f"{element(parts, 1)} {element(parts, 2)}", 40)
        elif tag == "AK2":
            ours, sets = [plain(element(parts, 1), 12), element(parts, 2)], sets + 1
        elif tag == "AK5":
            code, reason = element(parts, 1).upper(), element(parts, 2)
            status, kind = answer.status("AK5", plain(code, 12)), answer.kinds["control"]
            key = key_of(ours[1])
            if kind is not None and answer.named.fits("AK2", key):
                answer.tell(kind, key, status, f"997 AK5 {code}", reason=reason, note=f"{ours[0]} in group {group}")
            elif status is not Status.SENT:
                error = f", error {plain(reason, 12)}" if reason else ""
                what = f"{ours[0]} number {plain(ours[1], 20)} of group {group}"
                said = "refused" if status is Status.REJECTED else "answered by a word we cannot read"
                answer.named.problem("AK5", f"our {what} was {said} ({plain(code, 12)}{error}){_NOBODY}")
            else:
                silent += 1
        elif tag == "AK9":
            _group(answer, group, element(parts, 1).upper(), silent, sets)
            silent = sets = 0


_NOBODY = ": it names no trip or shipment, so nobody is told. What sent it knows which one that was"


def _group(answer: _Answer, group: str, code: str, silent: int, sets: int) -> None:
    """The end of a 997: for the group as a whole, where its sets were not spoken of one by one."""
    status = answer.status("AK5", plain(code, 12))
    if status is not Status.SENT and not sets:
        answer.named.problem("AK9", f"our group {group} was not taken whole ({plain(code, 12)}){_NOBODY}")
    elif silent or not sets:
        answer.named.problem("AK9", f"our group {group} was received ({plain(code, 12)}){_NOBODY}")


def _advice(answer: _Answer) -> None:
    """An 824: each OTI answers one of our sets, with errors in the TED and NTE behind it."""
    found: list[tuple[list[str], list[str], list[str]]] = []
    for parts in answer.named.one.segments:
        if parts[0] == "OTI":
            found.append((parts, [], []))
        elif found and parts[0] == "TED":
            found[-1][1].append(element(parts, 1))
            found[-1][2].append(" ".join(filter(None, (element(parts, 2), element(parts, 7)))))
        elif found and parts[0] == "NTE":
            found[-1][2].append(element(parts, 2))
    if not found:
        answer.named.problem("OTI", "it answers nothing (OTI is missing): nobody is told")
    for parts, errors, texts in found:
        _one_advice(answer, parts, [e for e in errors if e], texts)


def _one_advice(answer: _Answer, parts: list[str], errors: list[str], texts: list[str]) -> None:
    code, qualifier, about = (plain(element(parts, n).upper(), 12) for n in (1, 2, 10))
    status, key = answer.status("OTI", code), key_of(element(parts, 3))
    kind = answer.kinds[qualifier] if qualifier in answer.kinds else answer.kinds.get(about)
    raw = " ".join(["OTI", code, *errors])
    if kind is None:
        why = f"nobody says what kind of number {qualifier} {plain(key, 40)} of a {about or 'set without a type'} is"
        answer.named.problem("OTI", f"{why}, so nobody is told: {_TEXTS.get(status, status.value)} ({plain(raw, 80)})")
    elif answer.named.fits("OTI", key):
        note = " / ".join(text for text in texts if text)
        answer.tell(kind, key, status, raw, reason=(errors or [code])[0], note=note)
    elif not key:
        answer.named.problem("OTI", f"it names no number, so nobody is told: {plain(raw, 80)}")


@dataclass(slots=True)
class _Part:
    """The trip of a 355, or one shipment of it: errors that stand behind its segments."""

    kind: NumberKind | None
    key: str
    errors: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def _customs(answer: _Answer) -> None:
    """A 355: segments in error, each with remarks (K1) behind it that begin with the error's code; K3 sums up."""
    whole, parts_of = _Part(answer.kinds["355"], ""), list[_Part]()
    for parts in answer.named.one.segments:
        tag, part = parts[0], parts_of[-1] if parts_of else whole
        if tag == "M10":
            whole.key = joined(element(parts, 1), element(parts, 6))
        elif tag == "LX":
            parts_of.append(_Part(NumberKind.SCN, ""))
        elif tag in _LOOPS:
            bill = (element(parts, 1), element(parts, 4)) if tag == "M13" else (element(parts, 12), element(parts, 1))
            if part is whole or (part.key and part.key != joined(*bill)):
                parts_of.append(part := _Part(NumberKind.SCN, ""))
            part.key = joined(*bill)
        elif tag in ("K1", "K3"):
            _remark(whole if tag == "K3" else part, [element(parts, 1), element(parts, 2)])
    refused = any(p.errors for p in parts_of)
    for part in parts_of:
        if part.errors or part.texts:
            _judged(answer, part if part.key else _Part(whole.kind, whole.key, part.errors, part.texts), "shipment")
    if not refused or whole.errors:
        _judged(answer, whole, "trip")


def _remark(part: _Part, texts: list[str]) -> None:
    text = " ".join(filter(None, texts))
    code = _ERROR.match(text)
    if _REFUSED.search(text) or (code and not _ACCEPTED.search(text)):
        part.errors.append(code[1] if code else "")
    part.texts.append(text)


def _judged(answer: _Answer, part: _Part, what: str) -> None:
    accepted = not part.errors and any(_ACCEPTED.search(text) for text in part.texts)
    # One that was sent for a 309 alone would pass for an accepted trip: only the operator can know what is sent here.
    good = Status.ON_FILE if answer.trusted else Status.SENT
    status = Status.REJECTED if part.errors else good if accepted else Status.UNKNOWN
    known = [code for code in part.errors if code]
    if status is Status.UNKNOWN:
        answer.named.problem("355", f"it says of the {what} neither accepted nor an error: counted as UNKNOWN")
    text = ", ".join(ERRORS.get(code, f"error {code}") for code in known)
    raw = " ".join(["355", *known])
    if part.kind is None or not part.key:
        answer.named.problem("355", f"it names no {what}, so nobody is told: {_TEXTS.get(status, status.value)} {raw}")
    elif answer.named.fits("355", part.key):
        answer.tell(part.kind, part.key, status, raw, text, (known or ["355"])[0], " / ".join(part.texts))


_READERS: Mapping[str, Callable[[_Answer], None]] = {"997": _functional, "824": _advice, "355": _customs}


def _kinds(reader: Reader, problems: list[Problem]) -> dict[str, NumberKind | None]:
    """Which kind of number each reference is, as we have it or as the feed's operator says."""
    found = {name: _KINDS.get(kind) for name, kind in FIELDS.items()}
    for name, said in reader.fields.items():
        kind = said.strip().lower()
        if kind not in ("", "none", *_KINDS):
            problems.append(Problem("fields", f"{plain(name, 40)}: {plain(said, 40)!r} is not ccn, scn, trip or none"))
        found[name if name == "control" else name.strip().upper()] = _KINDS.get(kind)
    return found


def _interchanges(found: list[Interchange]) -> Iterator[Problem]:
    """Interchanges of ours that were answered as a whole (TA1)."""
    for one in found:
        for parts in one.acknowledged:
            number, code, note = (plain(element(parts, n), 12) for n in (1, 4, 5))
            what = "received" if code == "A" else f"not taken ({code} {note})"
            yield Problem(f"interchange {one.ref}, TA1", f"our interchange {number} was {what}{_NOBODY}")


class X12Acks:
    """Acknowledgements of our manifests: received, accepted, refused."""

    name: str = "x12_acks"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.MANIFEST})
    directions: frozenset[Direction] = frozenset(Direction)
    weak: Mapping[str, str] = MappingProxyType(
        {
            "309": "that an 824 about a 309 names its cargo control number; one about a 358 its trip",
            "355": 'an accepted 355 counts as received; as the accepted trip of M10 only with fields.355 = "trip"',
            "M13": "that M13-04, and M11-01 with the SCAC of M11-12, name the shipment of an error in a 355",
            "OTI:TE": "accepted with errors is read as accepted; a part refused (TP, IP) as refused",
            "control": "a 997 names control numbers only: it is about a number of ours only where fields says so",
        }
    )

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports on trips and shipments; an answer that names none is a problem."""
        parsed = parse(body)
        table = codes(_TABLE, ("AK5", "OTI"), reader.overrides)
        problems = list(table.problems)
        kinds = _kinds(reader, problems)
        problems += parsed.problems
        reports: list[Report] = []
        for one in parsed.sets:
            read = _READERS.get(one.type)
            if read is None:
                why = f"it is {plain(one.type, 12)!r}, not {', '.join(_READERS)}: not read"
                problems.append(Problem(f"set {one.number}", why))
                continue
            trusted = bool(reader.fields.get("355"))
            answer = _Answer(Named(one, reader, received, problems), table, kinds, len(reports), trusted)
            read(answer)
            reports += answer.told
        problems += _interchanges(parsed.interchanges)
        return Reading(tuple(reports), (), tuple(problems), sender_ref(parsed))


SOURCE = X12Acks()
