"""A desk, customs and brokers for attacks: real bytes through ingest, lines through the entry (SAMPLE data)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.config import world_crossings
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.carrier import Carrier, FeedCover
from bot.domain.coverage import Ear as Heard
from bot.domain.coverage import Liveness
from bot.domain.status import Track
from bot.feeds.protocol import Arrived, Kept, Reader, Source
from bot.feeds.sources import broker_json, cbsa_notices, cbsa_rns
from bot.watch.gather import gather
from bot.watch.ingest import Ear, Ingest
from bot.watch.look import reassess
from bot.watch.world import World
from handlers.entry import Entry
from storage.alerts import AlertRecord
from tests.handlers.commands.desk import NOW, OPERATOR, PARS, Desk
from tests.standins import customs

HOME = ZoneInfo("America/Toronto")
TRANSACTION = "12345000067897"
LATER_TRANSACTION = "12345000067905"
_FEEDS: dict[str, tuple[Source, frozenset[Track]]] = {
    "rns": (cbsa_rns.SOURCE, frozenset({Track.RELEASE})),
    "rns2": (cbsa_rns.SOURCE, frozenset({Track.RELEASE})),
    "d4": (cbsa_notices.SOURCE, frozenset({Track.MATCH})),
    "pcb": (broker_json.SOURCE, frozenset({Track.RELEASE, Track.MANIFEST})),
}


@dataclass(frozen=True)
class _Configured:
    carriers: Sequence[Carrier]


@dataclass
class Ground(Desk):
    """A desk whose news come as bytes through four feeds: `rns`, `rns2`, `d4` and the broker's `pcb`."""

    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _refs: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        super().__post_init__()
        whose = {name: self.shared.get(name, self.ids) for name in _FEEDS}
        covers = {n: FeedCover(n, tracks) for n, (_source, tracks) in _FEEDS.items()}
        carriers = [
            Carrier(i, f"SAMPLE {i}", codes=frozenset({"SMPL" if n == 0 else "NRTH"}),
                    feeds=tuple(covers[f] for f in _FEEDS if i in whose[f]))
            for n, i in enumerate(self.ids)
        ]  # fmt: skip
        self.world = World({c.id: c for c in carriers}, world_crossings(), lambda: self.now)
        self.world.ears = {n: Heard(n, Liveness.ALIVE, self.now, self.now) for n in _FEEDS}
        self.entry = Entry(self.db, self.world, _Configured(carriers), lambda: self.now, self._wake, lambda: self.bot)
        ears = {n: Ear(n, source, Reader(HOME), whose[n]) for n, (source, _tracks) in _FEEDS.items()}
        self.ingest = Ingest(self.db, self.world, ears, lambda: self.now, self._wake)

    async def types(self, text: str) -> str:
        """The operator types; the first sentence of the answer."""
        return (await self.ask(text, OPERATOR)).title

    async def bytes(self, feed: str, body: bytes, received: datetime | None = None) -> Kept:
        """A body arrives."""
        return await self.ingest.keep([Arrived(feed, body, "file", received or self.now)])

    async def rns(
        self,
        code: str = "9",
        pars: str = PARS,
        *,
        at: datetime | str | None = None,
        transaction: str = TRANSACTION,
        feed: str = "rns",
        received: datetime | None = None,
    ) -> None:
        """A release message: `9`, `4`, `14+01` (an error and its code); `at` as its own clock writes it."""
        stamp = at if isinstance(at, str) else (at or self.now).astimezone(HOME).strftime("%Y%m%d%H%M")
        body = customs.rns(code, pars, transaction, stamp, sub="", ref=next(self._refs))
        await self.bytes(feed, body, received)

    async def d4(self, code: str, pars: str = PARS, at: datetime | None = None) -> None:
        """A notice: 0001 matched, 0002 not matched, 0003 complete."""
        stamp = (at or self.now).astimezone(HOME).strftime("%Y%m%d%H%M")
        ref = next(self._refs)
        parts = [f"BGM+23:::911+{pars}:1:1+11", f"DTM+9:{stamp}:203", f"STS++2:::{code}"]
        body = f"UNH+{ref}+GOVCBR:D:13A:UN+ECRD40'" + "".join(f"{p}'" for p in parts) + f"UNT+{len(parts) + 2}+{ref}'"
        await self.bytes("d4", body.encode())

    async def broker(self, number: str, status: str, *, stamped: bool = True, **more: str) -> None:
        """A broker's status."""
        item = {"number": number, "status": status, **more}
        body: dict[str, object] = {"sender": "PCB", "statuses": [item]}
        if stamped:
            sent = item.pop("sent_at", self.now.isoformat())
            body |= {"message_id": str(next(self._refs)), "sent_at": sent}
        await self.bytes("pcb", json.dumps(body).encode())

    async def manifest(self, trip: str, status: str = "cargo complete") -> None:
        """The trip's manifest is accepted or refused."""
        await self.broker(trip, status, kind="trip", track="manifest")

    async def found(self, number: str = "1234", carrier: str = "") -> Assessment:
        """The load as a look from nothing finds it now, after what is due was looked at."""
        await self.pass_(timedelta())
        whose = carrier or self.ids[0]
        record = await self.load(number, whose)
        async with self.db.work(whose, self.now) as work:
            (case,) = await gather(work, self.world, [record.id])
            return assess(case.load, case.facts, self.world.carriers[whose].policy, self.now)

    async def kinds(self, number: str = "1234", carrier: str = "") -> set[str]:
        """What stands."""
        return {h.kind.value for h in (await self.found(number, carrier)).standing}

    async def state(self, number: str = "1234", carrier: str = "") -> AlertRecord | None:
        """The last alert."""
        return await self.alert(number, carrier)

    async def look(self) -> None:
        """Looks at every open load."""
        for carrier in self.ids:
            async with self.db.work(carrier, self.now, write=True) as work:
                await reassess(work, self.world, await work.loads.open_ids())


__all__ = ["HOME", "LATER_TRANSACTION", "NOW", "PARS", "TRANSACTION", "UTC", "Ground"]
