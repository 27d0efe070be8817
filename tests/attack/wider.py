"""Ground with BorderConnect and a broker's page that is polled beside the other feeds (SAMPLE data)."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.carrier import FeedCover, Way
from bot.domain.coverage import Ear as Heard
from bot.domain.coverage import Liveness
from bot.domain.status import Authority, Track
from bot.feeds.asked import wrap
from bot.feeds.protocol import Arrived, Places, Reader
from bot.feeds.sources import borderconnect, json_poll
from bot.watch.ingest import Ear, Ingest
from tests.attack.ground import HOME, PARS, Ground

MINUTE = timedelta(minutes=1)
PAPS = "SMPLPAPS1234"
TRIPS = {"CA": "8SMPTRIP1", "US": "SMPLTRIP1"}
CA = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30 trip={TRIPS["CA"]}'
US = f'/load 1234 add to=US port="Ambassador Bridge" paps={PAPS} broker=PCB eta=13:00 papers=08:30 trip={TRIPS["US"]}'
_WORDS = {"accepted": "READY", "rejected": "REJECTED"}


@dataclass
class Wider(Ground):
    """Two feeds more: `bc`, and `page`, which says what stands at the places given; it `asks` if it is to be asked."""

    places: Places = field(default_factory=lambda: Places(status="status", time="at", note="note"))
    asks: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        page = Reader(HOME, words=_WORDS, places=self.places)
        ears = {
            "bc": Ear("bc", borderconnect.SOURCE, Reader(HOME), self.ids),
            "page": Ear("page", json_poll.SOURCE, page, self.ids),
        }
        self.wide = Ingest(self.db, self.world, ears, lambda: self.now, self._wake)
        if self.asks:
            cover = FeedCover("page", frozenset({Track.RELEASE}), authority=Authority.BROKER, asks=Way.POLL)
            whose = {i: replace(c, feeds=(*c.feeds, cover)) for i, c in self.world.carriers.items()}
            self.world.carriers = whose
            self.world.ears = {**self.world.ears, "page": Heard("page", Liveness.ALIVE, self.now, self.now)}

    @property
    def clock(self) -> str:
        """Now, as customs writes it."""
        return self.now.astimezone(HOME).strftime("%Y-%m-%dT%H:%M:%S")

    async def bc(self, data: str, *, timed: bool = True, **item: object) -> None:
        """BorderConnect relays something; a time of its own stands in it if `timed`."""
        body = {"data": data, **({"dateTime": self.clock} if timed else {}), **item}
        await self.wide.keep([Arrived("bc", json.dumps(body).encode(), "socket", self.now)])

    async def page(self, about: str, **item: str) -> None:
        """The broker's page is polled about a number (`ccn SMPLPARS1`) and shows this."""
        body = wrap(about, json.dumps(item).encode())
        await self.wide.keep([Arrived("page", body, "poll", self.now, observation=True)])

    async def taken(self, trip: str) -> None:
        """Customs takes a trip's manifest."""
        if trip == TRIPS["CA"]:
            await self.bc("ACI_RESPONSE", type="ACCEPT", tripNumber=trip)
        else:
            done = {"shipmentsAccepted": 1, "shipmentsRejected": 0}
            await self.bc("ACE_RESPONSE", tripNumber=trip, processingResponse=done)

    async def filed(self) -> None:
        """US customs has the entry of the shipment."""
        said = {"shipmentControlNumber": PAPS, "code": "02", "entryNumber": "9AB12345678"}
        await self.bc("ACE_RESPONSE", tripNumber=TRIPS["US"], shipmentStatusList=[said])
