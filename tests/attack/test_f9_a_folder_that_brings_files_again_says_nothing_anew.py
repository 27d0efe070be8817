"""F9, house rule 1: files that were stored when the database went away are brought again, and are no news (SAMPLE)."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.feeds.folder import Drop, Folder
from bot.feeds.protocol import Arrived
from storage.database import Database
from storage.errors import Away
from tests.attack.ground import PARS, Ground

LINE = f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30'


async def test_f9_a_refusal_and_its_end_brought_twice_by_a_folder_leave_the_go(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ground = Ground(sqlite_db)
    await ground.types(LINE)
    place, lost = tmp_path / "feed", [True]
    place.mkdir()

    async def keep(arrivals: list[Arrived]) -> None:
        await ground.ingest.keep(arrivals)
        if lost:
            lost.pop()
            raise Away("SAMPLE: the line broke behind the first of them")

    def now() -> datetime:
        ground.now += timedelta(seconds=1)
        return ground.now

    folder = Folder(Drop("pcb", place, settle=0), keep, now, lambda: 0.0)
    for name, status in (("1", "rejected"), ("2", "accepted")):
        body = {"sender": "PCB", "statuses": [{"number": PARS, "status": status}]}
        (place / f"{name}.json").write_text(json.dumps(body))
    with pytest.raises(Away):
        await folder.look()
    ground.now += timedelta(minutes=5)
    before = await ground.kinds()
    assert "rejected" not in before
    assert await folder.look() == 2
    assert await ground.kinds() == before
