"""One line of what a backtest prints (DESIGN 6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.assessment import Assessment
from bot.domain.kinds import Level
from bot.domain.quick import altered, quick
from storage.loads import LoadRecord


@quick
@dataclass(frozen=True, slots=True)
class Event:
    """One line: what was told of a load, or only listed (`posted` false: nobody was sent anything)."""

    at: datetime
    load: str | None
    direction: str | None
    known_at: datetime | None
    shipment: str | None
    event: str
    posted: bool
    level: str | None
    kinds: tuple[str, ...]
    cause: str | None
    but: str | None
    guess: bool
    place: str | None
    text: str

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "at": self.at.isoformat(),
            "load": self.load,
            "direction": self.direction,
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "shipment": self.shipment,
            "event": self.event,
            "posted": self.posted,
            "level": self.level,
            "kinds": list(self.kinds),
            "cause": self.cause,
            "but": self.but,
            "guess": self.guess,
            "place": self.place,
            "text": self.text,
        }


def level_name(level: int | None) -> str | None:
    """As lines call a level."""
    return Level(level).name.lower() if level else None


def event_of(load: LoadRecord, at: datetime, what: str, found: Assessment, **more: Any) -> Event:
    """A line about a load; `more` are fields that are not as its answer says."""
    standing = found.standing
    event = Event(
        at=at,
        load=load.number,
        direction=load.direction.value,
        known_at=load.known_at,
        shipment=None,
        event=what,
        posted=False,
        level=level_name(found.level),
        kinds=tuple(dict.fromkeys(h.kind.value for h in standing)),
        cause=standing[0].cause.value if standing else None,
        but=found.buts[0].kind.value if found.buts else None,
        guess=any("guess" in (h.detail or {}) for h in standing),
        place=None,
        text="",
    )
    return altered(event, **more) if more else event


def of_feed(at: datetime, place: str, text: str, level: str | None = None) -> Event:
    """A line about a feed, and so about no load in particular."""
    return Event(at, None, None, None, None, "feed", True, level, (), None, None, False, place, text)
