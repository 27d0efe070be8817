"""What a run through the past needs: a clock, messages whose turn is planned, and sources that read each once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.load import Direction
from bot.domain.status import Authority, Track
from bot.feeds.protocol import Arrived, Reader, Reading, Source

#: Before everything.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Of the job that looks at many loads together.
_BEAT = timedelta(seconds=30)


@dataclass(slots=True)
class Time:
    """The virtual clock, civil and machine."""

    now: datetime = EPOCH

    def civil(self) -> datetime:
        """What it shows."""
        return self.now


@dataclass
class Known:
    """A source that knows what messages say whose turn is still to come: each is read once."""

    source: Source
    name: str = ""
    version: int = 0
    authority: Authority = Authority.BROKER
    covers: frozenset[Track] = frozenset()
    directions: frozenset[Direction] = frozenset()
    readings: dict[tuple[bytes, datetime], Reading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = self.source
        self.name, self.version, self.authority = source.name, source.version, source.authority
        self.covers, self.directions = source.covers, source.directions

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        """What a message says."""
        known = self.readings.get((body, received))
        return known if known is not None else self.source.read(body, reader, received)


@dataclass(frozen=True, slots=True)
class Pending:
    """A message whose turn is planned."""

    arrived: Arrived
    reading: Reading

    @property
    def keys(self) -> Iterator[str]:
        """Keys of the numbers that it names."""
        return (r.key for r in self.reading.reports)

    @property
    def alive_at(self) -> datetime | None:
        """When it proves that its gateway lived: when it was made, not when it came (C2)."""
        made, received = self.reading.made, self.arrived.received
        if made is None and self.reading.beat:
            made = received
        made = made or max((r.prepared for r in self.reading.reports if r.prepared), default=None)
        return min(made, received) if made is not None else None


def beat(at: datetime) -> datetime:
    """When the job that looks at many loads together runs next, at this moment or after it."""
    return EPOCH + -((EPOCH - at) // _BEAT) * _BEAT
