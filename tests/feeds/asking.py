"""What tests of polling stand on: a store, notes of how the feed fared, numbers to ask about, and a clock."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.feeds.protocol import Arrived, Kept, Request


@dataclass
class Store:
    """Keeps what arrives, unless told to fail."""

    kept: list[Arrived] = field(default_factory=list)
    fail: int = 0

    async def keep(self, arrived: list[Arrived]) -> Kept:
        if self.fail:
            self.fail -= 1
            raise ConnectionError("the database is away")
        self.kept += arrived
        return Kept(len(arrived))

    @property
    def about(self) -> list[str]:
        return [one.name for one in self.kept]


@dataclass
class Notes:
    """How the feed fared."""

    said: list[str] = field(default_factory=list)
    barred: dict[str, float] = field(default_factory=dict)

    async def answered(self, feed: str) -> None:
        self.said.append("answered")

    async def failed(self, feed: str, why: str) -> None:
        self.said.append(f"failed: {why}")

    async def refused(self, feed: str, why: str, fingerprint: str, seconds: float) -> None:
        self.said.append(f"refused: {why}")
        self.barred[fingerprint] = seconds

    async def refusal(self, feed: str, fingerprint: str) -> float:
        return self.barred.get(fingerprint, 0.0)


@dataclass
class Numbers:
    """Asks about numbers until each was answered."""

    url: str
    numbers: list[str]
    asked_: list[tuple[str, bool]] = field(default_factory=list)

    async def due(self) -> Sequence[Request]:
        return [Request(self.url.format(number=n), f"ccn {n}") for n in self.numbers]

    def asked(self, request: Request, *, answered: bool) -> None:
        number = request.about.split()[1]
        self.asked_.append((number, answered))
        if answered:
            self.numbers.remove(number)


@dataclass
class Clock:
    """Monotonic seconds that pass only by sleeping."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)
