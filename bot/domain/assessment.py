"""What the rules say of a load at one moment: answer, holds, conditions, and when to look again; read from JSON too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.kinds import Cause, Kind, Level
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import Authority, Status


class Answer(StrEnum):
    """May the truck go (RULES A1)."""

    GO = "go"
    GO_BUT = "go, but"
    UNKNOWN = "unknown"
    HOLD = "hold"


#: Worst last.
WORSE: dict[Answer, int] = {Answer.GO: 0, Answer.GO_BUT: 1, Answer.UNKNOWN: 2, Answer.HOLD: 3}


class But(StrEnum):
    """Conditions of a *go, but* (RULES A3, F3, F4; K, `stale`)."""

    NOT_BEFORE = "not_before"
    MANIFEST_UNSEEN = "manifest_unseen"
    CFIA = "cfia"
    PAY_AT_PORT = "pay_at_port"
    INBOND = "inbond"
    BY_PAPER = "by_paper"
    DISPUTED = "disputed"
    TOO_EARLY = "too_early"
    STALE = "stale"


@quick
@dataclass(frozen=True, slots=True)
class Evidence:
    """A report, cut to what people are shown; `reason` is kept where *on file* alone says too little."""

    status: str
    raw: str
    by: str
    at: datetime
    received: datetime
    transaction: str = ""
    office: str = ""
    note: str = ""
    phone: bool = False
    reason: str = ""


def evidence(report: Report | None) -> Evidence | None:
    """The showable part of a report."""
    if report is None or report.received is None:
        return None
    return Evidence(
        report.status.value,
        report.raw,
        report.by or report.feed,
        report.prepared or report.received,
        report.received,
        report.transaction,
        report.office,
        report.note,
        report.authority is Authority.PERSON,
        report.reason if report.status is Status.ON_FILE else "",
    )


@quick
@dataclass(frozen=True, slots=True)
class Hold:
    """A kind that stands, or is waited for when `level` is None: its clock has not started.

    `fact` is whether it rests on an arrived fact, `replaces` the kind whose clock an unwatched shipment runs;
    `detail` feeds the words. `behind` is whose move it is once our own manifest is accepted, where that comes first;
    `despite` a good word from elsewhere that does not count against the evidence (F1).
    """

    kind: Kind
    shipment: str
    cause: Cause
    level: Level | None
    fact: bool
    stops: bool
    since: datetime | None = None
    key: str = ""
    replaces: Kind | None = None
    evidence: Evidence | None = None
    detail: Mapping[str, str] | None = None
    behind: Cause | None = None
    despite: Evidence | None = None

    @property
    def fingerprint(self) -> str:
        """What *told* is kept by (N2); an unwatched shipment keeps the one of the kind it replaces.

        An absence is the same one whether our own manifest is accepted yet or not: that is told by itself.
        """
        kind, cause = self.replaces or self.kind, self.behind or self.cause
        return "|".join((self.shipment, kind.value, cause.value, self.key))

    @property
    def telling(self) -> bool:
        """Whether it is told at its level: from `warn`, and at any level when it rests on an arrived fact (N2)."""
        return self.level is not None and (self.fact or self.level >= Level.WARN)


@quick
@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a *go, but*; `until` is when it ends by itself."""

    kind: But
    shipment: str = ""
    until: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to customs about a shipment: an answer is expected until `until`; `silent` when none came by then.

    `of` names the feed that was asked, where it is not customs' own word.
    """

    at: datetime
    until: datetime
    answered: datetime | None = None
    silent: bool = False
    of: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Judged:
    """One shipment's answer, and the fact a go rests on with its end, if it has one."""

    shipment: str
    answer: Answer
    rests_on: Evidence | None = None
    until: datetime | None = None
    last: Evidence | None = None
    due: datetime | None = None
    guess: bool = False
    heard_by: str = ""
    asked: Asked | None = None


@quick
@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer. Exactly true while now < `look_again_at` and no fact changed (RULES T8).

    `questions` are those to put to customs now, as `near:<shipment>`.
    """

    answer: Answer
    level: Level | None
    holds: tuple[Hold, ...]
    buts: tuple[Condition, ...]
    shipments: tuple[Judged, ...]
    eta: datetime
    eta_assumed: bool
    at_border: bool = False
    overdue: bool = False
    deaf: bool = False
    manifest: Evidence | None = None
    asks: tuple[str, ...] = ()
    ended: str = ""
    hidden: int = 0
    questions: tuple[str, ...] = ()
    look_again_at: datetime | None = None

    @property
    def standing(self) -> tuple[Hold, ...]:
        """Holds whose clock has started, worst first."""
        return tuple(h for h in self.holds if h.level is not None)

    @property
    def waits(self) -> tuple[Hold, ...]:
        """What the answer waits for: kinds whose clock has not started."""
        return tuple(h for h in self.holds if h.level is None)

    @property
    def is_go(self) -> bool:
        """Go, or go with a condition: all that lets *cleared* be said (A5, N3)."""
        return self.answer in (Answer.GO, Answer.GO_BUT)

    @property
    def cause(self) -> Cause | None:
        """Whose move it is by the worst hold."""
        return self.holds[0].cause if self.holds else None


#: Its name as the last field of a written assessment; inside a text the quotes would be escaped.
_AGAIN = ', "look_again_at": '


def shown(written: str) -> str:
    """What of a written assessment people see: all but when to look again."""
    return written[:-1].partition(_AGAIN)[0]


def from_json(data: Mapping[str, Any]) -> Assessment:
    """The assessment that `to_json` made this of."""
    return Assessment(
        answer=Answer(data["answer"]),
        level=Level(data["level"]) if data.get("level") else None,
        holds=tuple(_hold(h) for h in data.get("holds", ())),
        buts=tuple(
            Condition(But(b["kind"]), b.get("shipment", ""), _time(b.get("until")), b.get("detail", ""))
            for b in data.get("buts", ())
        ),
        shipments=tuple(_judged(s) for s in data.get("shipments", ())),
        eta=datetime.fromisoformat(data["eta"]),
        eta_assumed=data.get("eta_assumed", False),
        at_border=data.get("at_border", False),
        overdue=data.get("overdue", False),
        deaf=data.get("deaf", False),
        manifest=_evidence(data.get("manifest")),
        asks=tuple(data.get("asks", ())),
        ended=data.get("ended", ""),
        hidden=data.get("hidden", 0),
        questions=tuple(data.get("questions", ())),
        look_again_at=_time(data.get("look_again_at")),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _evidence(data: Mapping[str, Any] | None) -> Evidence | None:
    if not data:
        return None
    text = data.get
    return Evidence(
        data["status"],
        text("raw", ""),
        text("by", ""),
        datetime.fromisoformat(data["at"]),
        datetime.fromisoformat(data["received"]),
        text("transaction", ""),
        text("office", ""),
        text("note", ""),
        text("phone", False),
        text("reason", ""),
    )


def _hold(data: Mapping[str, Any]) -> Hold:
    return Hold(
        kind=Kind(data["kind"]),
        shipment=data.get("shipment", ""),
        cause=Cause(data["cause"]),
        level=Level(data["level"]) if data.get("level") else None,
        fact=data.get("fact", False),
        stops=data.get("stops", False),
        since=_time(data.get("since")),
        key=data.get("key", ""),
        replaces=Kind(data["replaces"]) if data.get("replaces") else None,
        evidence=_evidence(data.get("evidence")),
        detail=data.get("detail"),
        behind=Cause(data["behind"]) if data.get("behind") else None,
        despite=_evidence(data.get("despite")),
    )


def _judged(data: Mapping[str, Any]) -> Judged:
    return Judged(
        data.get("shipment", ""),
        Answer(data["answer"]),
        _evidence(data.get("rests_on")),
        _time(data.get("until")),
        _evidence(data.get("last")),
        _time(data.get("due")),
        data.get("guess", False),
        data.get("heard_by", ""),
        _asked(data.get("asked")),
    )


def _asked(data: Mapping[str, Any] | None) -> Asked | None:
    if not data:
        return None
    at, until = datetime.fromisoformat(data["at"]), datetime.fromisoformat(data["until"])
    return Asked(at, until, _time(data.get("answered")), data.get("silent", False), data.get("of", ""))
