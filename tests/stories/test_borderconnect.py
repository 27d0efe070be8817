"""BorderConnect and the real program: killed in mid-stream, the database away, the same told twice (SAMPLE data)."""

import asyncio
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.started import free_port
from tests.standins.borderconnect import KEY, BorderConnect, borderconnect, notice, rns
from tests.stories.house import HOME
from tests.stories.real import Real

CONFIG = """
[carriers.home]
name = "SAMPLE Carrier"

[feeds.bc]
source = "borderconnect"
arrival = "{arrival}"
url = "{url}"
secret = "{key}"
every = "1s"
per_minute = 6000
"""
REPORTS = "SELECT n.key, r.status, count(*) FROM report r JOIN number n ON n.id = r.number_id GROUP BY 1, 2"


class Program(Real):
    """The program with a line to the stand-in."""

    def __init__(self, var: Path, vendor: BorderConnect, arrival: str) -> None:
        url = vendor.socket_url if arrival == "socket" else vendor.receive_url
        super().__init__(var, CONFIG.format(arrival=arrival, url=url, key=vendor.key), free_port())

    @property
    def stored(self) -> Counter[str]:
        """Messages of the feed by body."""
        return Counter(bytes(body).decode() for (body,) in self.rows("SELECT body FROM raw WHERE feed = 'bc'"))  # type: ignore[call-overload]


@asynccontextmanager
async def running(var: Path, vendor: BorderConnect, arrival: str = "socket") -> AsyncIterator[Program]:
    program = Program(var, vendor, arrival)
    await program.start()
    try:
        yield program
    finally:
        await program.end()


def stamp() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def loads(var: Path, numbers: list[str]) -> None:
    now = datetime.now(HOME)
    eta, papers = now + timedelta(minutes=90), now - timedelta(hours=5)
    rows = [
        f"{5000 + n},CA,Ambassador Bridge,{eta:%Y-%m-%d %H:%M},PCB,{papers:%Y-%m-%d %H:%M},{pars},8SMPTRIP{n:04}"
        for n, pars in enumerate(numbers)
    ]
    folder = var / "loads"
    folder.mkdir(parents=True)
    head = "number,direction,crossing,eta,broker,papers_sent,pars,trip"
    (folder / "a.csv").write_text("\n".join([head, *rows, ""]), "utf-8")


async def test_kill_9_in_mid_stream_loses_and_doubles_nothing(tmp_path: Path) -> None:
    numbers = [f"8SMPPARS{n:06}" for n in range(150)]
    vendor = BorderConnect(lose_after=40, twice=9, slow=0.002)
    loads(tmp_path, numbers[:30])
    async with borderconnect(vendor):
        said = [rns(pars, at=stamp()) for pars in numbers]
        said += [notice(pars, word) for pars in numbers[:20] for word in ("MATCHED", "NOT_MATCHED")]
        said += [{"data": "ACI_RESPONSE", "type": "ACCEPT", "tripNumber": "8SMPTRIP0025", "cbsaDateTime": stamp()}]
        vendor.say(*said)
        async with running(tmp_path, vendor) as program:
            for kept in (10, 100):
                await program.until(lambda kept=kept: len(program.stored) >= kept)
                await program.end()
                await program.start()
            await program.until(lambda: vendor.quiet and len(program.stored) == len(said))
            await program.until(lambda: not list((tmp_path / "loads").glob("*.csv")))
            assert program.stored == Counter(json.dumps(one) for one in said)
            told = {(key, status): count for key, status, count in program.rows(REPORTS)}
            # A line that dies may bring a match behind its loss: then the loss that comes again is news, and safe.
            lost = {(pars, "NOT_MATCHED") for pars in numbers[:20]}
            assert {of for of, count in told.items() if count != 1} <= lost
            assert set(told) == lost | {(pars, "MATCHED") for pars in numbers[:20]} | {
                *((pars, "READY") for pars in numbers),
                ("8SMPTRIP0025", "ON_FILE"),
            }
            assert (await program.ask("/load 5025 status"))[1].startswith("5025 GO:")
            assert "8SMPPARS000003 lost its match" in (await program.ask("/load 5003 status"))[1]
            assert vendor.connects >= 5 and KEY not in program.output
        spool = tmp_path / "spool" / "bc" / "0.spool"
        assert spool.stat().st_size == 0


async def test_what_a_strict_vendor_forgot_is_lost_only_where_it_never_reached_us(tmp_path: Path) -> None:
    """Their queue forgets on sending: a kill may cost what was on the wire, and nothing that had arrived."""
    vendor = BorderConnect(careful=False, slow=0.003)
    async with borderconnect(vendor):
        vendor.say(*[rns(f"8SMPPARS{n:06}", at=stamp()) for n in range(150)])
        async with running(tmp_path, vendor) as program:
            await program.until(lambda: len(program.stored) >= 30)
            await program.end()
            await program.start()
            await program.until(lambda: not vendor.queue and vendor.handed[-1] in program.stored)
        lost = [n for n, frame in enumerate(vendor.handed) if frame not in program.stored]
        # One piece of the stream, the end of what the killed one had been sent: how long it is, the machine decides.
        assert not lost or (lost[0] >= 30 and lost == list(range(lost[0], lost[-1] + 1)))
        assert set(program.stored.values()) == {1}


async def test_a_stop_and_a_new_start_lose_nothing_of_a_strict_vendor_s_handed_answers(tmp_path: Path) -> None:
    vendor = BorderConnect(slow=0.01, twice=7, lose_after=11, at_once=2)
    async with borderconnect(vendor):
        said = [rns(f"8SMPPARS{n:06}", at=stamp()) for n in range(60)]
        vendor.say(*said)
        async with running(tmp_path, vendor, "poll") as program:
            await program.until(lambda: len(program.stored) >= 12)
            vendor.slow = 0.0
            await program.until(lambda: not vendor.queue and _told(program) >= {json.dumps(one) for one in said})
            state = "SELECT state, alive_until IS NOT NULL FROM feed_state WHERE feed = 'bc'"
            await program.until(lambda: program.rows(state) == [("alive", 1)])
        assert vendor.refused == []


def _told(program: Program) -> set[str]:
    return {json.dumps(one) for body in program.stored for one in json.loads(body)}


async def test_c2_a_line_is_alive_while_it_is_up_and_dead_at_once_where_the_key_is_not_taken(tmp_path: Path) -> None:
    state = "SELECT state FROM feed_state WHERE feed = 'bc'"
    vendor = BorderConnect()
    async with borderconnect(vendor):
        async with running(tmp_path, vendor) as program:
            await program.until(lambda: vendor.connects == 1)
            await program.until(lambda: program.rows(state) == [("alive",)])
            await program.end(signal.SIGTERM)
            vendor.key = "SAMPLE-another-key"
            await program.start()
            await program.until(lambda: bool(vendor.refused))
            await program.until(lambda: program.rows(state) == [("dead",)])
            why = program.rows("SELECT last_error FROM feed_state WHERE feed = 'bc'")
            assert why == [("it does not take our key: see secret and url of this feed",)]
            await asyncio.sleep(0.5)
        assert vendor.refused == ["wrong key"]
