"""What `/load N status` answers to each row of border-formats 8.2; `python -m tests.feeds.every_row` writes it anew."""

import asyncio
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.config import world_crossings
from bot.domain.carrier import Carrier, FeedCover
from bot.domain.coverage import Ear as Heard
from bot.domain.coverage import Liveness
from bot.domain.load import LoadRow
from bot.domain.status import Track
from bot.feeds.protocol import Arrived, Reader, Reading
from bot.feeds.registry import SOURCES
from bot.watch.ingest import Ear, Ingest
from bot.watch.look import reassess
from bot.watch.world import World
from handlers.console import plain
from handlers.entry import Entry
from handlers.reply import Line
from storage.database import Database
from tests.feeds.rows import ROWS, Row
from tests.fuzz.corpus import FIXTURES, PLAIN, RECEIVED, reader
from tests.handlers.commands.desk import CONSOLE, OPERATOR
from tests.watch.ground import add

GOLDEN = Path(__file__).with_name("every_row.txt")
_SETTINGS = {"control": replace(PLAIN, fields={"control": "trip"}), "355": replace(PLAIN, fields={"355": "trip"})}
#: What a load has beside the number that the messages are about.
_USUAL = {
    "number": "1234", "crossing": "Ambassador Bridge", "eta": "2026-01-15 18:30", "broker": "PCB", "kind": "loaded",
    "papers_sent": "2026-01-15 08:00",
}  # fmt: skip
#: What of an answer belongs to the message: its other lines are about the load.
_SHOWN = re.compile(r"\s*(?:Last word|Manifest):\s+(?!nothing heard)\S")
#: What the carrier's feeds would tell; of manifests only where the row is about one.
_TRACKS = frozenset({Track.RELEASE, Track.MATCH, Track.MANIFEST})
_COLUMNS = {"ccn": "pars", "scn": "paps", "trip": "trip"}


@dataclass(frozen=True)
class _Configured:
    carriers: Sequence[Carrier]


def path_of(row: Row, case: str) -> Path:
    """The fixture of a case."""
    source, _, name = case.rpartition("/")
    found = [p for p in (FIXTURES / (source or row.source)).glob(f"{name}.*") if ".expected." not in p.name]
    assert len(found) == 1, f"{row.name}: tests/fixtures/{source or row.source}/{name}.* is {found}"
    return found[0]


def _settings(row: Row, source: str) -> Reader:
    """How the feed of a source is read."""
    if row.settings:
        return _SETTINGS[row.settings]
    return reader(source) if source in ("json_poll", "borderconnect") else PLAIN


def read(row: Row) -> list[Reading]:
    """What the messages of a row say."""
    paths = [path_of(row, case) for case in row.cases]
    return [SOURCES[p.parent.name].read(p.read_bytes(), _settings(row, p.parent.name), RECEIVED) for p in paths]


def _load(row: Row) -> LoadRow:
    """The load that the messages are about."""
    first = read(row)[0].reports[0]
    column = "inbond" if row.load == "inbond" else _COLUMNS[first.kind.value]
    southbound = first.kind == "scn" or "ace" in row.source or row.cases[0].startswith(("ace", "355", "display_ace"))
    own = {} if column != "trip" else {"paps": "SMPLPAPS900001"} if southbound else {"pars": "SMPLPARS900001"}
    return LoadRow("line 2", _USUAL | own | {"direction": "US" if southbound else "CA", column: first.key})


async def answer(row: Row, database: Database, place: int) -> str:
    """From bytes through ingest to what the operator reads; each row has a carrier and feeds of its own."""
    own, now = f"c{place}", RECEIVED + timedelta(minutes=5)
    paths = [path_of(row, case) for case in row.cases]
    sources = {f"{p.parent.name}-{place}": SOURCES[p.parent.name] for p in paths}
    tracks = _TRACKS if read(row)[0].reports[0].kind == "trip" else _TRACKS - {Track.MANIFEST}
    covers = [FeedCover(name, tracks, authority=source.authority) for name, source in sources.items()]
    carrier = Carrier(own, "SAMPLE Carrier", feeds=tuple(covers))
    world = World({own: carrier}, world_crossings(), lambda: now)
    world.ears = {name: Heard(name, Liveness.ALIVE, RECEIVED, now) for name in sources}
    await add(database, world, _load(row), now=RECEIVED, whose=own)
    ears = {name: Ear(name, source, _settings(row, source.name), (own,)) for name, source in sources.items()}
    ingest = Ingest(database, world, ears, lambda: RECEIVED, lambda: None)
    for path in paths:
        await ingest.keep([Arrived(f"{path.parent.name}-{place}", path.read_bytes(), path.name, RECEIVED)])
    async with database.work(own, now, write=True) as work:
        await reassess(work, world, await work.loads.open_ids())
    entry = Entry(database, world, _Configured((carrier,)), lambda: now, lambda: None)
    reply = await entry(Line("/load 1234 status", OPERATOR, CONSOLE, f"row:{place}"))
    lines = plain(replace(reply, buttons=())).replace(f"-{place} ", " ").splitlines()
    return "\n".join(line.strip() for line in (lines[0], *filter(_SHOWN.match, lines[1:])))


async def answers(path: Path) -> dict[str, str]:
    """The answer to every row, by its name, from a database of their own."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    try:
        await database.migrate()
        return {row.name: await answer(row, database, place) for place, row in enumerate(ROWS)}
    finally:
        await database.close()


def _write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(answers(Path(folder) / "rows.db"))
    GOLDEN.write_text("\n".join(f"## {name}\n{text}\n" for name, text in found.items()), "utf-8")


def goldens() -> dict[str, str]:
    """The answer of each row, by the row's name."""
    blocks = GOLDEN.read_text("utf-8").split("## ")[1:]
    return {name: text.rstrip("\n") for name, _, text in (block.partition("\n") for block in blocks)}


if __name__ == "__main__":
    _write()
