"""Whose trucks: a carrier, its codes, and what its feeds would have told about."""

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.load import Direction
from bot.domain.policy import Policy
from bot.domain.status import Authority, Track


class Way(StrEnum):
    """How a feed takes a question: as a file that its gateway fetches, or by being polled."""

    FILE = "file"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class FeedCover:
    """What a feed declares it would tell about (C1), who speaks there, and how it takes questions, if it does (`asks`).

    No codes means any carrier code, no brokers any broker.
    """

    feed: str
    tracks: frozenset[Track]
    codes: frozenset[str] = frozenset()
    brokers: frozenset[str] = frozenset()
    directions: frozenset[Direction] = frozenset(Direction)
    authority: Authority = Authority.CUSTOMS
    asks: Way | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier. `codes` are its CBSA carrier codes (none means any), `scacs` its US ones, `home` its zone."""

    id: str
    name: str
    codes: frozenset[str] = frozenset()
    scacs: frozenset[str] = frozenset()
    home: str = "America/Toronto"
    policy: Policy = field(default_factory=Policy)
    feeds: tuple[FeedCover, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the carrier's own clock."""
        return ZoneInfo(self.home)
