"""What `assess` is told besides the load: each fact that changes by itself comes with its `until` (RULES T8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from bot.domain.carm.rules import CarmRules
from bot.domain.carm.telling import said_of_importer, telling
from bot.domain.carm.verdict import Readiness
from bot.domain.clearance import NOTHING_HEARD, Clearance
from bot.domain.coverage import UNCOVERED, Hearing
from bot.domain.crossings import Crossing, Crossings
from bot.domain.journey import NO_WORD, Journey
from bot.domain.manifest import UNSEEN, Manifest
from bot.domain.promise import Fixed, OpenHours
from bot.domain.quick import quick


@dataclass(frozen=True, slots=True)
class BrokerFacts:
    """What the rules need of a broker: name for words, the time it takes, its week, the filer codes it is known by.

    `promise` is what a person set for it, `measured` what was measured day by day.
    """

    name: str
    promise: timedelta | None = None
    hours: OpenHours | None = None
    filers: frozenset[str] = frozenset()
    measured: tuple[Fixed, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The question to customs that counts for a shipment: the first that is open, else the last, which was answered.

    `again` is when it was last asked, if later; `of` names a feed that is not customs' own word.
    """

    at: datetime
    feed: str
    answered: datetime | None = None
    again: datetime | None = None
    of: str = ""

    @property
    def last(self) -> datetime:
        """When customs was last asked."""
        return self.again or self.at


@dataclass(frozen=True, slots=True)
class Sticker:
    """What a person read on the sticker: our number, or the `other` one that it was held against."""

    ours: bool
    other: str
    at: datetime
    who: str = ""


@dataclass(frozen=True)
class CarmFacts:
    """How a shipment's importer stands with its broker, with the end of that by time alone in it (RULES T8), and the
    rules by which it is told."""

    readiness: Readiness
    rules: CarmRules

    @cached_property
    def said(self) -> Mapping[str, str]:
        """What the words need of an importer that is not CARM OK; nothing of one that is."""
        return said_of_importer(self.readiness, telling(self.readiness)) if self.readiness.reasons else {}


@quick
@dataclass(frozen=True, slots=True)
class About:
    """Facts of one shipment. `filer_ok` holds transactions whose filer a person confirmed; `near` a confusable
    number, `sticker` the answer that still counts to which is on the sticker; `earlier` the load that claimed the
    number before; `asked` the last question to customs, `can_ask` whether one is possible; `carm` how its importer
    stands, None where nobody asks: into the US, on paper, or accepted already."""

    clearance: Clearance = NOTHING_HEARD
    hearing: Hearing = UNCOVERED
    broker: BrokerFacts | None = None
    filer_ok: frozenset[str] = frozenset()
    agency_ok: bool = False
    near: str = ""
    earlier: str = ""
    asked: Question | None = None
    can_ask: bool = False
    sticker: Sticker | None = None
    carm: CarmFacts | None = None


@quick
@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one load. `journey` is what customs said of the trip itself; `amended` is our own last amendment of the
    load (F7); `outage_on` whether an outage stands (C4)."""

    about: Mapping[str, About] = field(default_factory=dict)
    manifest: Manifest = UNSEEN
    manifest_hearing: Hearing = UNCOVERED
    journey: Journey = NO_WORD
    crossing: Crossing | None = None
    crossings: Crossings | None = None
    amended: datetime | None = None
    outage_on: bool = False
