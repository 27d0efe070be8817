"""What a season told against what was true: stops that were missed, false go, false alarms."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.watch.eventlines import Event
from tests.season.trip import Trip

_HOUR = timedelta(hours=1)
#: A fact that arrives is told within this.
_AT_ONCE = timedelta(minutes=6)
_MINUTE = timedelta(minutes=1)
_ALARMS = frozenset({"raised", "reopened", "level", "said"})


@dataclass
class Verdict:
    """Loads by what was wrong with what was told of them; each list holds a sentence a load."""

    loads: int = 0
    posted: int = 0
    stops: int = 0
    knowable: int = 0
    missed: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    false_go: list[str] = field(default_factory=list)
    false_cleared: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    by_tale: Counter[str] = field(default_factory=Counter)

    @property
    def alarms_per_200(self) -> float:
        return 200 * len(self.false_alarms) / self.loads

    @property
    def messages_per_load(self) -> float:
        return self.posted / self.loads

    def lines(self) -> list[str]:
        """For people."""
        found = [
            f"{self.loads} loads, {self.stops} of them stopped at the border, {self.knowable} of these knowable before",
            f"stops never told {len(self.missed)}, told too late {len(self.late)}",
            f"false go {len(self.false_go)}, false cleared {len(self.false_cleared)}",
            f"false alarms {len(self.false_alarms)}: {self.alarms_per_200:.1f} in 200 loads",
            f"messages to people {self.posted}: {self.messages_per_load:.2f} a load",
        ]
        if self.by_tale:
            found.append("false alarms by tale: " + ", ".join(f"{n} {c}" for n, c in self.by_tale.most_common()))
        for name in ("missed", "late", "false_go", "false_cleared"):
            found += [f"{name}: {one}" for one in getattr(self, name)[:10]]
        return found


def judged(trips: Iterable[Trip], events: Iterable[Event]) -> Verdict:
    """The verdict on a season."""
    told: dict[tuple[str, str], list[Event]] = {}
    found = Verdict()
    for event in events:
        found.posted += event.posted
        if event.load is not None:
            told.setdefault((event.load, event.direction or ""), []).append(event)
    for t in trips:
        found.loads += 1
        own = told.get((t.number, t.direction), [])
        if t.stop:
            _stopped(t, own, found)
        elif not t.trouble and any(e.event == "raised" and e.posted for e in own):
            found.false_alarms.append(_said(t, own))
            found.by_tale[t.tale] += 1
    return found


def _stopped(t: Trip, own: list[Event], found: Verdict) -> None:
    assert t.arrives is not None
    found.stops += 1
    known = t.known_from
    if known is None or known >= t.arrives:
        return
    found.knowable += 1
    before = [e for e in own if e.at < t.arrives]
    alarms = [e.at for e in before if e.posted and e.event in _ALARMS]
    limit = max(t.arrives - _HOUR, known + _AT_ONCE)
    if not alarms:
        found.missed.append(_said(t, own))
    elif min(alarms) > limit:
        found.late.append(_said(t, own))
    turns = [e.event for e in before if e.event in ("go", "go_withdrawn")]
    if turns and turns[-1] == "go" and t.arrives - known > _AT_ONCE:
        found.false_go.append(_said(t, own))
    if any(e.event == "cleared" and e.posted and e.at > known + _AT_ONCE for e in before):
        found.false_cleared.append(_said(t, own))


def _said(t: Trip, own: list[Event]) -> str:
    def at(moment: datetime | None) -> str:
        return f"{moment:%d %H:%M}" if moment else "never"

    told = "; ".join(
        f"{at(e.at)} {e.event}{'' if e.posted else ' (listed)'} {e.level or ''} {'+'.join(e.kinds)}".rstrip()
        for e in own
    )
    return f"{t.number} {t.tale} arrives {at(t.arrives)}, known {at(t.known_from)}: {told or 'nothing told'}"
