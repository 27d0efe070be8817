"""A question to customs outlives `kill -9` wherever it strikes: it is handed over at least once, and asked once."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import opened
from bot.clock import Clock
from bot.config import read_config
from bot.feeds.cusrep import status_query
from bot.feeds.protocol import Envelope
from bot.feeds.registry import SOURCES
from bot.watch.asker import Asker, Tray
from bot.watch.jobs import sweep
from storage.database import Database
from storage.questions import QuestionRecord
from tests.patience import PATIENCE
from tests.watch.ground import HOUR, MINUTE, NOW, PARS, Feeds, add, carrier, person, rns, row
from tests.watch.test_questions import TWELVE, asking

NUMBERS = ("SMPLPARS100123", "SMPLPARS100124")


def tray(out: Path, deadly: bool = False) -> Tray:
    """A gateway's folder; in a deadly one the second question kills whoever writes it."""
    count = 0

    def written(asked: QuestionRecord) -> bytes:
        nonlocal count
        count += 1
        if deadly and count == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        said = (asked.id, asked.key, asked.transaction, asked.eta, asked.asked_at)
        return status_query(Envelope("SMPL", "VAN"), *said, carrier().zone)

    return Tray(out, written)


def asker(db: Database, out: Path, now: datetime, deadly: bool = False) -> Asker:
    return Asker(db, {"rns": tray(out, deadly)}, lambda: now)


async def begin(db: Database) -> None:
    """Two loads at the bridge at 14:00, both accepted at 09:00."""
    the_world = asking()
    for n, number in enumerate(NUMBERS):
        cells = {"direction": "CA", "pars": number, "eta": "2026-11-24 14:00", "kind": "loaded"}
        await add(db, the_world, row(str(1234 + n), **cells, papers_sent="2026-11-24 07:30"), by=person())
    await Feeds(db, the_world).hears(*(rns(pars=number) for number in NUMBERS))


async def lives(url: str, out: Path, where: str) -> None:
    """The life of a program that is killed `before` it hands anything over, or `between` two questions."""
    db = Database(url)
    while await sweep(db, asking(), TWELVE):
        pass
    if where == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    await asker(db, out, TWELVE, deadly=True).look()


@pytest.mark.parametrize(("where", "written"), [("before", 0), ("between", 1)])
async def test_no_kill_loses_a_question_or_has_it_asked_anew(
    sqlite_db: Database, sqlite_url: str, tmp_path: Path, where: str, written: int
) -> None:
    await begin(sqlite_db)
    await sqlite_db.close()
    out = tmp_path / "out"
    said = f"import asyncio; from pathlib import Path; from {__name__} import lives; "
    said += f"asyncio.run(lives({sqlite_url!r}, Path({str(out)!r}), {where!r}))"
    killed = subprocess.run([sys.executable, "-c", said], cwd=Path(__file__).parents[2], timeout=PATIENCE, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(out.glob("*.edi"))) == written

    again = TWELVE + MINUTE
    while await sweep(sqlite_db, asking(), again):
        pass
    assert await asker(sqlite_db, out, again).look() == 2
    assert await asker(sqlite_db, out, again).look() == 0
    bodies = [p.read_text() for p in out.glob("*.edi")]
    assert sorted(number for number in NUMBERS for body in bodies if f"RFF+ABT:{number}'" in body) == sorted(NUMBERS)
    async with sqlite_db.work("home", NOW) as work:
        found = await work.questions.of_loads(await work.loads.open_ids())
    assert [[q.asked_at for q in own] for own in found.values()] == [[TWELVE], [TWELVE]]
    assert all(q.sent_at == again for own in found.values() for q in own)


async def test_the_program_hands_questions_into_the_folder_of_their_feed(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "holdwatch.toml"
    said = '[feeds.van]\nsource = "cbsa_rns"\nask = "folder"\n'
    file.write_text(said + '[feeds.van.envelope]\nsender = "SMPL:ZZ"\nrecipient = "VAN"\n')
    async with opened(read_config(file, tmp_path / "var", SOURCES), sqlite_url, Clock(), tmp_path / "var") as app:
        now = app.clock.civil()
        cells = {"direction": "CA", "pars": PARS, "eta": (now + HOUR).isoformat(), "kind": "loaded"}
        await add(app.database, app.world, row(**cells), by=person(), now=now - 3 * MINUTE)
        while await sweep(app.database, app.world, now):
            pass
        assert await app.asker.look() == 1
    (question,) = (tmp_path / "var" / "feeds" / "van" / "out").glob("*.edi")
    assert b"UNB+UNOA:3+SMPL:ZZ+VAN+" in question.read_bytes()
