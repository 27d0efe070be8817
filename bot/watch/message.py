"""One arrival on its way into the database, and how arrivals make batches."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.load import Hand
from bot.domain.report import Report
from bot.feeds.protocol import Reader, Reading, Source
from storage.raws import RawRecord

#: Messages of one unit (house rule 4); a message with more reports than that is written in several units.
BATCH = 500
#: The same while people ask: rows are read and written a unit at a time, and nobody has a turn meanwhile.
BATCH_WHILE_ASKED = 125


@dataclass(frozen=True, slots=True)
class Ear:
    """A feed as ingest needs it: who reads it, how, and for which carriers it may speak (house rule 8).

    A sign of life is good for `max_age`; with `by_interchange` every interchange is one (C2).
    """

    name: str
    source: Source
    reader: Reader
    carriers: tuple[str, ...]
    hand: Hand = Hand.FEED
    max_age: timedelta = timedelta(minutes=10)
    by_interchange: bool = False


@dataclass(slots=True)
class Message:
    """One arrival on its way: what it says, and the row it is kept as."""

    ear: Ear
    reading: Reading
    raw: RawRecord
    new: bool = False
    observation: bool = False
    held: bool = False

    @property
    def weight(self) -> int:
        """How much of a batch it takes."""
        return max(1, len(self.reading.reports) + len(self.reading.loads))

    @property
    def reports(self) -> list[Report]:
        """What it says, with where and when it came from."""
        feed, authority, received = self.ear.name, self.ear.source.authority, self.raw.received
        told = [r.heard(received, feed, authority, self.observation) for r in self.reading.reports]
        seen = self.raw.seen_last or received
        return [replace(r, observed=seen) for r in told] if self.observation and seen != received else told

    @property
    def alive_until(self) -> datetime | None:
        """Until when it proves that its gateway lives: by when it was made, for a backlog is read long after that."""
        made = self.reading.made
        if self.reading.beat:
            made = made or self.raw.received
        elif not self.ear.by_interchange:
            return None
        made = made or max((r.prepared for r in self.reading.reports if r.prepared), default=None)
        return min(made, self.raw.received) + self.ear.max_age if made is not None else None


def groups(messages: list[Message], most: int = BATCH) -> list[list[Message]]:
    """Messages in order, in groups of one unit each; a long message, and one that brings loads, stands alone.

    Numbers are locked before loads: the numbers of a second list would be locked behind the loads of the first.
    """
    found: list[list[Message]] = []
    weight = most
    for message in messages:
        if message.reading.loads or weight + message.weight > most:
            found.append([])
            weight = 0
        found[-1].append(message)
        weight = most if message.reading.loads else weight + message.weight
    return found
