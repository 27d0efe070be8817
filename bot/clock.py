"""The two clocks: machine time, and civil time, which may be virtual (house rule 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


def machine() -> datetime:
    """The machine's clock, UTC; never virtual."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Civil time: the machine's, or from `civil_start` on at `speed` times its pace."""

    civil_start: datetime | None = None
    machine_start: datetime | None = None
    speed: float = 1.0

    def civil(self) -> datetime:
        """Civil now, UTC."""
        if self.civil_start is None or self.machine_start is None:
            return machine()
        return self.civil_start + (machine() - self.machine_start) * self.speed

    def to_json(self) -> dict[str, str | float]:
        """A virtual clock as a setting, so that another process reads the same time."""
        if self.civil_start is None or self.machine_start is None:
            return {}
        start, origin = self.civil_start.isoformat(), self.machine_start.isoformat()
        return {"civil_start": start, "machine_start": origin, "speed": self.speed}

    @classmethod
    def from_json(cls, data: Mapping[str, str | float]) -> "Clock":
        """The clock that `to_json` made this of."""
        if not data:
            return cls()
        start, origin = (datetime.fromisoformat(str(data[k])) for k in ("civil_start", "machine_start"))
        return cls(start, origin, float(data["speed"]))
