"""What the watch knows besides the database: carriers, crossings, and how each feed stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.carrier import Carrier
from bot.domain.coverage import Ear
from bot.domain.crossings import Crossings


@dataclass(slots=True)
class World:
    """Settings as they were read, and the ears, refreshed by jobs. `outages` are carriers in a declared outage (C4);
    `sample` carriers are marked SAMPLE wherever they are shown; `drivers_door` is the chat that drivers use;
    `machine` reads the machine's clock, which is never virtual (house rule 7)."""

    carriers: Mapping[str, Carrier]
    crossings: Crossings
    machine: Callable[[], datetime]
    ears: dict[str, Ear] = field(default_factory=dict)
    outages: frozenset[str] = frozenset()
    sample: frozenset[str] = frozenset()
    drivers_door: str = "telegram"
