"""When the job that looks at many loads together would find something new, without having it look every time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.assessment import from_json
from bot.domain.policy import Policy
from bot.watch.calls import asked_of
from bot.watch.suspect import overdue, suggests
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord


@dataclass(frozen=True, slots=True)
class Part:
    """What one load adds: brokers that are asked for it (N4), and its silent shipments with broker and due (C4)."""

    brokers: frozenset[str] = frozenset()
    silent: tuple[tuple[str, str, datetime], ...] = ()


NO_PART = Part()


def part_of(load: LoadRecord, shipments: Collection[ShipmentRecord], merged: Mapping[str, str]) -> Part:
    """What a load adds by its stored answer; `merged` are parties that are another one by now."""
    asked = asked_of(load)
    late = overdue(from_json(load.assessment)) if load.assessment else {}
    brokers = {s.id: merged.get(s.broker_id, s.broker_id) for s in shipments if s.broker_id}
    return Part(
        frozenset(broker for shipment, broker in brokers.items() if shipment in asked),
        tuple((shipment, broker, late[shipment]) for shipment, broker in brokers.items() if shipment in late),
    )


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

    def opens(self, heard: datetime | None, outage: bool) -> bool:
        """Whether the job would find something new; `heard` is the last word of customs."""
        return self._now() != self._calls or self._suspects(heard, outage) != self._asked

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
