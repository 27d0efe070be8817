"""Messages of a recording: those of a time are taken in together, and which loads heard of it when is told after."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from bot.domain.numbers import NumberKind, blur
from bot.domain.status import Authority
from bot.feeds.protocol import Arrived
from bot.watch.ingest import Ear, Ingest
from bot.watch.past import Known, Pending, Time
from bot.watch.world import World
from storage.scratch import Scratch
from storage.work import Work

#: Carrier and load.
Whose = tuple[str, str]
_FILED = frozenset({NumberKind.CCN, NumberKind.SCN})


class Inbox:
    """Messages whose turn is still to come, and what is remembered of the others."""

    def __init__(self, database: Scratch, world: World, ears: Mapping[str, Ear], time: Time) -> None:
        self._database, self._world, self._ears, self._time = database, world, ears, time
        self._ingest = Ingest(database, world, ears, time.civil, lambda: None, self._note)
        self._pending: list[Pending] = []
        self._spoken: set[str] = set()
        self._due: dict[str, set[str]] = {}
        self._seen: set[bytes] = set()
        self._words: dict[str, list[datetime]] = {}
        #: Numbers of goods that were heard of when no load had them, and blurred.
        self.strange: set[str] = set()
        self.blurs: set[str] = set()

    def __len__(self) -> int:
        return len(self._pending)

    def read(self, arrived: Arrived) -> Pending:
        """A message, read."""
        ear = self._ears[arrived.feed]
        return Pending(arrived, ear.source.read(arrived.body, ear.reader, arrived.received))

    def alone(self, one: Pending) -> bool:
        """Whether it must be taken in at its own moment: it brings loads, it repeats another, or it names only a
        transaction, so that only what was told before shows which loads it concerns."""
        digest = sha256(one.arrived.body).digest()
        again = digest in self._seen
        self._seen.add(digest)
        if again or one.reading.loads:
            return True
        return any(r.kind is NumberKind.TRANSACTION for r in one.reading.reports)

    def add(self, one: Pending) -> None:
        """Plans a message's turn."""
        source = self._ears[one.arrived.feed].source
        if isinstance(source, Known):
            source.readings[one.arrived.body, one.arrived.received] = one.reading
        self._pending.append(one)
        self._spoken |= set(map(blur, one.keys))
        self._words.setdefault(one.arrived.feed, []).append(one.arrived.received)

    async def now(self, ingest: Ingest, one: Pending) -> None:
        """Takes a message in at this moment, as it would be live."""
        self._words.setdefault(one.arrived.feed, []).append(one.arrived.received)
        self._are_strange(_filed([one]))
        await ingest.keep([one.arrived])

    def speaks_of(self, keys: set[str]) -> bool:
        """Whether a message that is still to be taken in names one of these numbers, or one that looks like it."""
        return not self._spoken.isdisjoint(map(blur, keys))

    def last(self, feed: str, at: datetime) -> datetime | None:
        """The last word of a feed up to a moment."""
        words = self._words.get(feed, [])
        place = bisect_right(words, at)
        return words[place - 1] if place else None

    def customs(self, carrier: str, at: datetime) -> datetime | None:
        """The last word of a carrier's customs up to a moment."""
        covers = self._world.carriers[carrier].feeds
        words = (self.last(c.feed, at) for c in covers if c.authority is Authority.CUSTOMS)
        return max((word for word in words if word is not None), default=None)

    def say_last(self, at: datetime) -> None:
        """Has the database know the last word of each feed up to a moment."""
        self._database.heard({feed: self.last(feed, at) for feed in self._words})

    def forsaken(self) -> None:
        """Numbers may have been taken off their loads."""
        self._are_strange(self._database.left_numbers())

    async def take_in(self, end: datetime) -> tuple[dict[Whose, Sequence[datetime]], list[datetime]]:
        """Stores what came before a moment: which loads heard of it when, none for those whose number may be a slip
        for one of its numbers, and when all of it came."""
        taken = [one for one in self._pending if one.arrived.received < end]
        if not taken:
            return {}, []
        self._due.clear()
        self._time.now = taken[-1].arrived.received
        await self._ingest.keep([one.arrived for one in taken])
        self._pending = self._pending[len(taken) :]
        self._spoken = {blur(key) for one in self._pending for key in one.keys}
        for one in taken:
            source = self._ears[one.arrived.feed].source
            if isinstance(source, Known):
                source.readings.pop((one.arrived.body, one.arrived.received), None)
        return await self._whose(taken), [one.arrived.received for one in taken]

    async def _whose(self, taken: Sequence[Pending]) -> dict[Whose, Sequence[datetime]]:
        at: dict[str, set[datetime]] = {}
        for one in taken:
            for key in one.keys:
                at.setdefault(key, set()).add(one.arrived.received)
        found: dict[Whose, Sequence[datetime]] = {}
        strange = _filed(taken)
        async with self._database.dock(self._time.now) as dock:
            for carrier, loads in self._due.items():
                work = dock.work(carrier)
                claims = await work.claims.of_loads(loads)
                keys = {id_: n.key for id_, n in (await work.numbers.of({c.number_id for c in claims})).items()}
                strange -= set(keys.values())
                own: dict[str, set[datetime]] = {load: set() for load in loads}
                for claim in claims:
                    own[claim.load_id] |= at.get(keys.get(claim.number_id, ""), set())
                found |= {(carrier, load): sorted(times) for load, times in own.items()}
        self._are_strange(strange)
        return found

    async def _note(self, work: Work, world: World, loads: set[str]) -> None:
        self._due.setdefault(work.carrier, set()).update(loads)

    def _are_strange(self, keys: set[str]) -> None:
        self.strange |= keys
        self.blurs |= set(map(blur, keys))


def _filed(messages: Sequence[Pending]) -> set[str]:
    """Numbers of goods in messages."""
    return {r.key for one in messages for r in one.reading.reports if r.kind in _FILED}
