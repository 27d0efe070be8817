"""Our own JSON for a broker or TMS: statuses and loads in batches, as `broker_json.schema.json` publishes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.load import Direction, LoadRow
from bot.domain.numbers import NumberKind, key_of, transaction_key
from bot.domain.order import BETTER
from bot.domain.report import Report
from bot.domain.rowtext import COLUMNS
from bot.domain.status import Authority, Status, Track
from bot.feeds.codes import Codes, codes
from bot.feeds.json_fields import Bad, Object, known_keys, parse, shown, text_of
from bot.feeds.protocol import Problem, Reader, Reading
from bot.feeds.stamps import Stamp, believed, iso, made
from bot.feeds.texts import plain

#: Words to statuses, beside the names of the statuses themselves (border-formats 1.2, 2.1, 3.5, 8.2).
WORDS: dict[str, Status] = {status.value.lower().replace("_", " "): status for status in Status} | {
    "accepted": Status.READY,
    "declaration accepted awaiting arrival of goods": Status.READY,
    "goods released": Status.RELEASED,
    "authorized to deliver": Status.RELEASED,
    "authorized to deliver csa shipment": Status.RELEASED,
    "r": Status.RELEASED,
    "goods may move detain to destination cfia": Status.RELEASED_CONDITIONAL,
    "goods required for examination referred": Status.EXAM,
    "referred": Status.EXAM,
    "examination": Status.EXAM,
    "detained": Status.HELD,
    "declaration accepted awaiting customs processing": Status.AWAITING_PROCESSING,
    "transaction awaiting processing": Status.AWAITING_PROCESSING,
    "ccn not on file": Status.NO_RELEASE,
    "transaction not on file": Status.NO_RELEASE,
    "transaction number not on file": Status.NO_RELEASE,
    "not on file": Status.NO_RELEASE,
    "not filed": Status.NO_RELEASE,
    "document not on file": Status.NO_CARGO,
    "document package complete": Status.MATCHED,
    "cargo complete": Status.ON_FILE,
    "reported": Status.ARRIVED,
    "transmitted": Status.SENT,
    "refused": Status.REJECTED,
    "canceled": Status.CANCELLED,
    "nr": Status.UNKNOWN,
}
_TABLE = {f"WORD:{word.upper()}": status for word, status in WORDS.items()}
_TRACKS = {
    Status.MATCHED: Track.MATCH,
    Status.NOT_MATCHED: Track.MATCH,
    Status.NO_CARGO: Track.MATCH,
    Status.ON_FILE: Track.MANIFEST,
    Status.ARRIVED: Track.ARRIVAL,
    Status.DO_NOT_LOAD: Track.AGENCY,
    Status.HOLD_REMOVED: Track.AGENCY,
}
_LOAD_KEYS = frozenset(COLUMNS)
_STATUS_KEYS = frozenset(
    ("number", "kind", "status", "at", "transaction", "office", "track", "note", "reason", "hold_key")
)
_TOP_KEYS = frozenset(("sender", "message_id", "sent_at", "statuses", "loads", "heartbeat", "$schema"))
_KINDS = {kind.value: kind for kind in NumberKind}
_TRACK_NAMES = {track.value: track for track in Track}
_MOST_ITEMS = 10_000
_LONGEST = {"note": 600, "number": 40, "transaction": 40, "office": 10, "hold_key": 40, "reason": 80}
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def _text(item: Object, name: str, required: bool = False) -> str:
    return text_of(item, name, _LONGEST.get(name, 200), required)


def _key(item: Object, name: str, kind: NumberKind, required: bool = False) -> str:
    text = _text(item, name, required)
    key = transaction_key(text) if kind is NumberKind.TRANSACTION else key_of(text)
    if not key.isprintable() or (required and not key):
        raise Bad(f"{name} {plain(text, 40)!r} can't be a number")
    return key


def _matter(report: Report) -> object:
    """What a good word must share with a bad one to answer it."""
    return report.kind, report.key, report.track, report.hold_key


_NEVER = Stamp(None)


@dataclass(slots=True)
class _Batch:
    """One body on its way to a Reading."""

    reader: Reader
    received: datetime
    table: Codes
    problems: list[Problem] = field(default_factory=list)
    sent_at: Stamp = _NEVER
    #: When the matter of each status happened, by position.
    times: dict[int, Stamp] = field(default_factory=dict)

    def problem(self, where: str, why: str, code: str = "") -> None:
        self.problems.append(Problem(where, why, code))

    def time(self, item: Object, name: str, where: str) -> Stamp:
        """A time, of none when there is none to believe; a bad one is a problem but does not cost the item."""
        text = _text(item, name)
        if not text:
            return _NEVER
        stamp = believed(iso(text, self.reader.zone), self.received)
        if stamp.why and not stamp.certain:
            self.problem(f"{where}{name}", stamp.why)
        return stamp

    def items(self, top: Object, name: str) -> Iterator[tuple[str, object]]:
        """The items of a list with their places."""
        found = top.get(name)
        if found is None:
            return
        if not isinstance(found, list):
            self.problem(name, f"it is {shown(found)}, not a list: none of it was read")
            return
        if len(found) > _MOST_ITEMS:
            self.problem(name, f"it has {len(found)} items: the first {_MOST_ITEMS} were read, send the others again")
        for index, item in enumerate(found[:_MOST_ITEMS]):
            yield f"{name}[{index}]", item

    def report(self, where: str, raw_item: object, position: int, ref: str) -> Report:
        """One status as a report; raises Bad."""
        item, strange = known_keys(raw_item, _STATUS_KEYS)
        kind = _KINDS.get(_text(item, "kind").lower() or "ccn")
        track = _TRACK_NAMES.get(_text(item, "track").lower())
        if kind is None or (track is None and _text(item, "track")):
            raise Bad(f"kind is one of {', '.join(_KINDS)}, track one of {', '.join(_TRACK_NAMES)}")
        key, raw = _key(item, "number", kind, required=True), plain(_text(item, "status", required=True), 80)
        word = _BETWEEN_WORDS.sub(" ", raw).strip().upper()
        status = self.table.table.get(f"WORD:{word}")
        at = self.times[position] = self.time(item, "at", f"{where}.")
        found = Report(
            kind=kind,
            key=key,
            status=status or Status.UNKNOWN,
            track=track or (_TRACKS.get(status, Track.RELEASE) if status else Track.RELEASE),
            raw=raw,
            text=raw,
            prepared=made(self.sent_at, at, status or Status.UNKNOWN, self.received),
            at=at.utc,
            office=plain(_text(item, "office"), 10),
            transaction=_key(item, "transaction", NumberKind.TRANSACTION),
            hold_key=plain(_text(item, "hold_key"), 40),
            reason=plain(_text(item, "reason"), 80),
            note=plain(_text(item, "note")),
            position=position,
            ref=ref,
            authority=Authority.BROKER,
        )
        if status is None:
            self.problem(where, f"the word {raw!r} is not known: counted as UNKNOWN", f"WORD:{word}")
        self._strange(where, strange)
        return found

    def answered(self, reports: list[Report]) -> tuple[Report, ...]:
        """The reports; a bad word that its own batch says was answered later counts from when its matter happened.

        A batch that tells a number's history is no news of what stands at its beginning.
        """
        good: dict[object, datetime] = {}
        for report in reports:
            if report.status in BETTER and report.at is not None:
                good[_matter(report)] = max(report.at, good.get(_matter(report), report.at))
        return tuple(self._aged(report, good.get(_matter(report))) for report in reports)

    def _aged(self, report: Report, good: datetime | None) -> Report:
        at = self.times[report.position].of(report.status, self.received)
        if good is None or at is None or report.prepared is None or not at < good:
            return report
        return replace(report, prepared=min(at, report.prepared))

    def load(self, where: str, raw_item: object) -> LoadRow:
        """One load as a row of text cells; raises Bad."""
        item, strange = known_keys(raw_item, _LOAD_KEYS)
        cells = {}
        for name in COLUMNS:
            value = item.get(name)
            if isinstance(value, bool) and name != "number":
                cells[name] = "yes" if value else "no"
            elif isinstance(value, int) and not isinstance(value, bool):
                cells[name] = str(value)
            elif text := _text(item, name, required=name == "number"):
                cells[name] = plain(text)
        self._strange(where, strange)
        return LoadRow(where, cells)

    def _strange(self, where: str, keys: list[str]) -> None:
        if keys:
            self.problem(where, f"{', '.join(keys)} means nothing here; the rest of it was read")


class BrokerJson:
    """Statuses and loads that a broker or TMS posts."""

    name: str = "broker_json"
    version: int = 2
    authority: Authority = Authority.BROKER
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset(Direction)

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """Reports and load rows, item by item: a bad one is a problem with its index, the others are read."""
        batch = _Batch(reader, received, codes(_TABLE, ("WORD",), reader.overrides))
        batch.problems += batch.table.problems
        try:
            top = parse(body)
        except Bad as why:
            batch.problem("file", f"{why}: nothing in it was read")
            return Reading(problems=tuple(batch.problems))
        ref = self._head(top, batch)
        reports: list[Report] = []
        loads: list[LoadRow] = []
        for where, item in batch.items(top, "statuses"):
            try:
                reports.append(batch.report(where, item, len(reports) + 1, ref))
            except Bad as why:
                batch.problem(where, f"{why}: this one was not read")
        for where, item in batch.items(top, "loads"):
            try:
                loads.append(batch.load(where, item))
            except Bad as why:
                batch.problem(where, f"{why}: this one was not read")
        beat = "heartbeat" in top or top.get("statuses") == []
        made_at = batch.sent_at.utc or max((t.utc for t in batch.times.values() if t.utc), default=None)
        said = batch.answered(reports)
        return Reading(said, tuple(loads), tuple(batch.problems), ref, made=made_at, beat=beat)

    def _head(self, top: Object, batch: _Batch) -> str:
        """Take what stands above the lists; the sender's reference."""
        said = {}
        for name in ("sender", "message_id", "sent_at"):
            try:
                said[name] = plain(text_of(top, name), 80)
                if name == "sent_at":
                    batch.sent_at = batch.time(top, name, "")
            except Bad as why:
                batch.problem(name, f"{why}: left out")
        if not {"statuses", "loads", "heartbeat"} & top.keys():
            batch.problem("file", "it has neither statuses nor loads nor heartbeat")
        if strange := sorted(plain(key, 40) for key in top.keys() - _TOP_KEYS):
            batch.problem("file", f"{', '.join(strange[:5])} means nothing here; the rest was read")
        return "/".join(
            part for part in (said.get("sender"), said.get("message_id")) if part and said.get("message_id")
        )


SOURCE = BrokerJson()
