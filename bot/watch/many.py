"""When the job that looks at many loads together would find something new, without having it look every time."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.assessment import Answer, Assessment
from bot.domain.load import Life
from bot.domain.policy import Policy
from bot.watch.answers import answer_of
from bot.watch.calls import asked_in
from bot.watch.past import beat
from bot.watch.suspect import overdue, suggests
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord


@dataclass(frozen=True, slots=True)
class Part:
    """What one load adds: brokers that are asked for it (N4), and its silent shipments with broker and due (C4)."""

    brokers: frozenset[str] = frozenset()
    silent: tuple[tuple[str, str, datetime], ...] = ()


NO_PART = Part()
#: From when on a load of a carrier adds what.
Change = tuple[datetime, str, str, Part]


def part_of(load: LoadRecord, shipments: Collection[ShipmentRecord], merged: Mapping[str, str]) -> Part:
    """What a load adds by its stored answer; `merged` are parties that are another one by now."""
    found = answer_of(load) if load.life is Life.OPEN else None
    return part_in(found, shipments, merged) if found is not None else NO_PART


def part_in(found: Assessment, shipments: Collection[ShipmentRecord], merged: Mapping[str, str]) -> Part:
    """The same by an answer: a load adds something only while it is on its way and held at a level."""
    if found.ended or not found.level or found.answer is not Answer.HOLD:
        return NO_PART
    asked, late = asked_in(found), overdue(found)
    if not asked and not late:
        return NO_PART
    brokers = {s.id: merged.get(s.broker_id, s.broker_id) for s in shipments if s.broker_id}
    return Part(
        frozenset(broker for shipment, broker in brokers.items() if shipment in asked),
        tuple((shipment, broker, late[shipment]) for shipment, broker in brokers.items() if shipment in late),
    )


@dataclass(frozen=True, slots=True)
class Finds:
    """What a look at many would find new: silence of customs that began or ended (C4), or `calls` to make (N4)."""

    silence: bool
    calls: bool

    def __bool__(self) -> bool:
        return self.silence or self.calls

    def __or__(self, other: "Finds") -> "Finds":
        return Finds(self.silence or other.silence, self.calls or other.calls)


NOTHING, EVERYTHING = Finds(False, False), Finds(True, True)


@dataclass(slots=True)
class Gate:
    """Whether the job would do something, for one carrier."""

    policy: Policy
    _parts: dict[str, Part] = field(default_factory=dict)
    _calls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _asked: bool = False

    @property
    def asks(self) -> bool:
        """Whether it was asked, when the job ran last, if customs is down."""
        return self._asked

    def put(self, load: str, part: Part) -> Part:
        """Takes what a load adds now; what it added before."""
        before = self._parts.pop(load, NO_PART)
        if part != NO_PART:
            self._parts[load] = part
        return before

    def opens(self, heard: datetime | None, outage: bool) -> "Finds":
        """What the job would find new; `heard` is the last word of customs."""
        return Finds(self._suspects(heard, outage) != self._asked, self._now() != self._calls)

    def ran(self, heard: datetime | None, outage: bool) -> None:
        """The job has run."""
        self._calls = self._now()
        self._asked = self._suspects(heard, outage)

    def _now(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for load, part in self._parts.items():
            for broker in part.brokers:
                found.setdefault(broker, set()).add(load)
        least = self.policy.call_post_loads
        return {broker: frozenset(loads) for broker, loads in found.items() if len(loads) >= least}

    def _suspects(self, heard: datetime | None, outage: bool) -> bool:
        silent = [one for part in self._parts.values() for one in part.silent]
        if outage or not silent or (heard is not None and heard > min(due for _, _, due in silent)):
            return False
        return suggests([shipment for shipment, _, _ in silent], {broker for _, broker, _ in silent}, self.policy)


class Gates:
    """The gates of all carriers, and changes that are still to come. `heard` tells the last word of a carrier's customs
    up to a moment."""

    def __init__(self, world: World, heard: Callable[[str, datetime], datetime | None]) -> None:
        self._world, self._heard = world, heard
        self._gates = {c.id: Gate(c.policy) for c in world.carriers.values()}
        self._later: list[Change] = []
        self._last: dict[tuple[str, str], Part] = {}

    def add(self, changes: Iterable[Change]) -> None:
        """Takes down changes, in order of each load's time; their turn comes."""
        for change in changes:
            _, carrier, load, part = change
            if self._last.get((carrier, load), NO_PART) != part:
                self._last[carrier, load] = part
                self._later.append(change)

    def first(self, end: datetime, words: Iterable[datetime]) -> datetime | None:
        """The first beat before a moment at which the job would find something new; changes up to then are made.
        `words` are when messages come, one of which may end the question whether customs is down."""
        beats: dict[datetime, list[Change]] = {}
        for change in sorted(self._later, key=lambda c: c[0]):
            beats.setdefault(beat(change[0]), []).append(change)
        asks = any(gate.asks for gate in self._gates.values())
        opened: datetime | None = None
        for tick in sorted({*beats, *(map(beat, words) if asks else ())}):
            if tick >= end or opened is not None:
                break
            for _, carrier, load, part in beats.pop(tick, ()):
                self._gates[carrier].put(load, part)
            opened = tick if self.opens(tick) else None
        self._later = [change for own in beats.values() for change in own]
        return opened

    def opens(self, at: datetime) -> Finds:
        """What the job would find new at a moment."""
        found = NOTHING
        for carrier, gate in self._gates.items():
            found |= gate.opens(self._heard(carrier, at), carrier in self._world.outages)
        return found

    def ran(self, at: datetime) -> None:
        """The job has run at a moment."""
        for carrier, gate in self._gates.items():
            gate.ran(self._heard(carrier, at), carrier in self._world.outages)
