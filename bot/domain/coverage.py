"""Whether somebody listens: what a feed would have told us about, and whether it is alive (RULES C)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.carrier import FeedCover
from bot.domain.load import Direction, Load, Shipment
from bot.domain.quick import quick
from bot.domain.status import Track


class Liveness(StrEnum):
    """State of a feed; never derived from the age of its last news (C2)."""

    ALIVE = "alive"
    CANT_TELL = "can't tell"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Ear:
    """A feed as it stands: `since` is when this liveness began, `last_word` its last news."""

    feed: str
    liveness: Liveness
    since: datetime | None = None
    last_word: datetime | None = None


@quick
@dataclass(frozen=True, slots=True)
class Hearing:
    """The best of the feeds that cover something; `ear` None when none does."""

    ear: Ear | None

    @property
    def deaf(self) -> bool:
        """Nobody would have told us: no feed, or every one dead."""
        return self.ear is None or self.ear.liveness is Liveness.DEAD


_BEST = {Liveness.ALIVE: 0, Liveness.CANT_TELL: 1, Liveness.DEAD: 2}
UNCOVERED = Hearing(None)


def hears(cover: FeedCover, track: Track, direction: Direction, number: str, broker: str) -> bool:
    """Whether news on this track about this number would come through the feed; no codes or brokers mean any."""
    if track not in cover.tracks or direction not in cover.directions:
        return False
    if cover.codes and not number.startswith(tuple(cover.codes)):
        return False
    return not cover.brokers or broker in cover.brokers


def covering(load: Load, shipment: Shipment | None, track: Track, covers: Iterable[FeedCover]) -> tuple[str, ...]:
    """Names of the feeds that would bring news on this track of a shipment, or of the load's trip."""
    number = shipment.ccn if shipment else (load.trips[0] if load.trips else "")
    broker = shipment.broker if shipment else ""
    return tuple(c.feed for c in covers if hears(c, track, load.direction, number, broker))


def hearing(feeds: Sequence[str], ears: Mapping[str, Ear]) -> Hearing:
    """What these feeds amount to now; a feed that was taken away is dead for the loads it covered (C1)."""
    if not feeds:
        return UNCOVERED
    found = [ears.get(feed) or Ear(feed, Liveness.DEAD) for feed in feeds]
    return Hearing(found[0] if len(found) == 1 else min(found, key=lambda e: (_BEST[e.liveness], e.feed)))
