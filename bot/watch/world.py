"""What the watch knows besides the database: carriers, crossings, and how each feed stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.carm.plan import Plan
from bot.domain.carm.rules import CarmRules, shipped_rules
from bot.domain.carm.scope import Subject
from bot.domain.carrier import Carrier
from bot.domain.coverage import Ear, covering
from bot.domain.crossings import Crossings
from bot.domain.load import Direction, Load, Shipment
from bot.domain.promise import Fixed
from bot.domain.status import Track
from bot.domain.waits import Waits
from bot.watch.carm_subjects import Records, Remembered


@dataclass(slots=True)
class World:
    """Settings as they were read, and the ears, refreshed by jobs. `outages` are carriers in a declared outage (C4);
    `sample` carriers are marked SAMPLE wherever they are shown; `drivers_door` is the chat that drivers use; `waits`
    are the wait times that a job keeps, `promises` what was measured of brokers, by their id; `carm` are CARM's rules,
    `carm_seen` verdicts on importers that still hold, `carm_read` the records of a carrier that were read last;
    `machine` reads the machine's clock, which is never virtual (house rule 7); `asked` is when a person last asked, by
    that clock."""

    carriers: Mapping[str, Carrier]
    crossings: Crossings
    machine: Callable[[], datetime]
    ears: dict[str, Ear] = field(default_factory=dict)
    outages: frozenset[str] = frozenset()
    sample: frozenset[str] = frozenset()
    drivers_door: str = "telegram"
    waits: Waits = field(default_factory=Waits)
    promises: dict[str, tuple[Fixed, ...]] = field(default_factory=dict)
    asked: datetime | None = None
    carm: CarmRules = field(default_factory=shipped_rules)
    carm_read: dict[str, Records] = field(default_factory=dict)
    carm_seen: dict[tuple[str, Subject, Plan, datetime], Remembered] = field(default_factory=dict)
    _plain: dict[tuple[str, Track, Direction], tuple[str, ...]] = field(default_factory=dict)

    def covering(self, carrier: str, load: Load, shipment: Shipment | None, track: Track) -> tuple[str, ...]:
        """Feeds that would bring news on this track; the answer is kept where no feed asks for codes or brokers."""
        known = self._plain.get((carrier, track, load.direction))
        if known is not None:
            return known
        covers = self.carriers[carrier].feeds
        found = covering(load, shipment, track, covers)
        if not any(cover.codes or cover.brokers for cover in covers):
            self._plain[carrier, track, load.direction] = found
        return found
