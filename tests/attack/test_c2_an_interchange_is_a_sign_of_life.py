"""C2: an interchange that was made just now shows that its gateway lives, as a heartbeat does; a backlog does not."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.coverage import Liveness
from bot.feeds.protocol import Reader
from bot.feeds.sources import broker_json, cbsa_rns
from bot.watch.ingest import Ear, Ingest
from bot.watch.life import Life, Pulse
from storage.database import Database
from tests.attack.ground import HOME, Ground

MINUTE = timedelta(minutes=1)
ALIVE, DEAD, CANT_TELL = Liveness.ALIVE, Liveness.DEAD, Liveness.CANT_TELL


class Gateways(Ground):
    """`rns` has a heartbeat file, which is not there; `pcb` and `rns2` have none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        ears = {n: Ear(n, cbsa_rns.SOURCE, Reader(HOME), ("home",), by_interchange=n == "rns") for n in ("rns", "rns2")}
        ears["pcb"] = Ear("pcb", broker_json.SOURCE, Reader(HOME), ("home",))
        self.ingest = Ingest(self.db, self.world, ears, lambda: self.now, self._wake)
        nowhere = Path("/nonexistent/heartbeat")
        pulses = [Pulse(n, ("home",), nowhere if n == "rns" else None) for n in ears]
        self.life = Life(self.db, self.world, pulses, lambda: self.now)

    async def lives(self, feed: str, after: timedelta = timedelta()) -> Liveness:
        self.now += after
        await self.life.look()
        return self.world.ears[feed].liveness

    async def beat(self, **body: object) -> None:
        await self.bytes("pcb", json.dumps(body).encode())


@pytest.fixture
async def gateways(sqlite_db: Database) -> Gateways:
    ground = Gateways(sqlite_db)
    assert [await ground.lives(f) for f in ("rns", "rns2", "pcb")] == [DEAD, CANT_TELL, CANT_TELL]
    return ground


async def test_an_interchange_made_just_now_revives_a_feed_whose_file_is_not_touched(gateways: Gateways) -> None:
    await gateways.rns("9", at=gateways.now - 3 * MINUTE)
    assert await gateways.lives("rns") is ALIVE
    assert await gateways.lives("rns", 6 * MINUTE) is ALIVE
    assert await gateways.lives("rns", 2 * MINUTE) is DEAD


async def test_a_backlog_and_the_same_message_again_prove_nothing(gateways: Gateways) -> None:
    made = gateways.now
    gateways.now += 3 * 60 * MINUTE
    await gateways.rns("9", at=made)
    assert await gateways.lives("rns") is DEAD
    body = b"UNH+1+CUSRES:D:96A:UN'GIS+9'RFF+XC:SMPLPARS100123'UNT+4+1'"
    await gateways.bytes("rns", body)
    await gateways.bytes("rns", body)
    assert await gateways.lives("rns") is DEAD


async def test_an_older_message_takes_nothing_from_a_later_sign(gateways: Gateways) -> None:
    await gateways.rns("9", at=gateways.now)
    await gateways.rns("4", at=gateways.now - 8 * MINUTE)
    assert await gateways.lives("rns", 9 * MINUTE) is ALIVE


async def test_a_message_of_a_clock_ahead_is_good_no_longer_than_from_its_arrival(gateways: Gateways) -> None:
    await gateways.rns("9", at=gateways.now + 5 * 60 * MINUTE)
    assert await gateways.lives("rns", 9 * MINUTE) is ALIVE
    assert await gateways.lives("rns", 2 * MINUTE) is DEAD


async def test_a_message_of_now_about_a_release_of_last_night_is_one_of_now(gateways: Gateways) -> None:
    times = "DTM+9:202611240858:203'DTM+58:202611232100:203'"
    body = f"UNH+1+CUSRES:D:96A:UN'{times}GIS+4'RFF+XC:SMPLPARS100123'UNT+6+1'"
    await gateways.bytes("rns", body.encode())
    assert await gateways.lives("rns") is ALIVE


async def test_a_plain_feed_stays_one_that_can_not_be_told(gateways: Gateways) -> None:
    await gateways.rns("9", feed="rns2")
    assert await gateways.lives("rns2") is CANT_TELL


@pytest.mark.parametrize("body", [{"heartbeat": 1}, {"heartbeat": None}, {"statuses": []}])
async def test_a_brokers_heartbeat_counts_each_time_it_comes(gateways: Gateways, body: dict[str, object]) -> None:
    await gateways.beat(**body)
    assert await gateways.lives("pcb") is ALIVE
    assert await gateways.lives("pcb", 11 * MINUTE) is CANT_TELL
    await gateways.beat(**body)
    assert await gateways.lives("pcb") is ALIVE


async def test_a_brokers_heartbeat_of_this_morning_proves_nothing_now(gateways: Gateways) -> None:
    await gateways.beat(heartbeat=1, sent_at=(gateways.now - 60 * MINUTE).isoformat())
    assert await gateways.lives("pcb") is CANT_TELL


async def test_what_happened_long_ago_and_says_no_time_of_its_own_is_a_backlog(gateways: Gateways) -> None:
    ear = Ear("rns", broker_json.SOURCE, Reader(HOME), ("home",), by_interchange=True)
    gateways.ingest = Ingest(gateways.db, gateways.world, {"rns": ear}, lambda: gateways.now, gateways._wake)
    item = {"number": "SMPLPARS100123", "status": "rejected", "at": (gateways.now - 60 * MINUTE).isoformat()}
    await gateways.bytes("rns", json.dumps({"statuses": [item]}).encode())
    assert await gateways.lives("rns") is DEAD
    await gateways.bytes("rns", json.dumps({"statuses": [item], "sent_at": gateways.now.isoformat()}).encode())
    assert await gateways.lives("rns") is ALIVE
