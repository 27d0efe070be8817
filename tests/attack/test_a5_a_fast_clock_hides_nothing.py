"""A5, F1: an acceptance that is dated ahead of its own arrival hides no exam, in a list or over two messages."""

import json
from datetime import timedelta

import pytest

from bot.feeds.asked import wrap
from bot.feeds.protocol import Arrived, Places, Reader
from bot.feeds.sources import candata
from bot.watch.ingest import Ear, Ingest
from storage.database import Database
from tests.attack.ground import HOME, PARS, TRANSACTION
from tests.attack.wider import CA, MINUTE, TRIPS, Wider

ABOUT = f"ccn {PARS}"
LISTED = Places(items="list[*]", status="status", time="at")
AHEAD = [timedelta(minutes=20), timedelta(hours=5), timedelta(hours=23)]


async def candata_says(ground: Wider, *notices: tuple[str, timedelta]) -> None:
    """Candata's page lists indicators, each processed so long after now."""
    rows = "".join(
        f'<rns processing_ind="{code}" port="0453" transaction_num="{TRANSACTION}"'
        f' process_date="{(ground.now + off).astimezone(HOME):%Y-%m-%dT%H:%M:%S}"/>'
        for code, off in notices
    )
    ear = Ear("page", candata.SOURCE, Reader(HOME), ground.ids)
    page = Ingest(ground.db, ground.world, {"page": ear}, lambda: ground.now, ground._wake)
    body = wrap(ABOUT, f"<list>{rows}</list>".encode())
    await page.keep([Arrived("page", body, "poll", ground.now, observation=True)])


async def page_lists(ground: Wider, *items: tuple[str, timedelta]) -> None:
    """The broker's page lists words, each of so long after now."""
    told = [
        {"status": word, "at": (ground.now + off).astimezone(HOME).strftime("%Y-%m-%dT%H:%M:%S")} for word, off in items
    ]
    body = wrap(ABOUT, json.dumps({"list": told}).encode())
    await ground.wide.keep([Arrived("page", body, "poll", ground.now, observation=True)])


@pytest.mark.parametrize("ahead", AHEAD)
async def test_f1_an_acceptance_dated_ahead_hides_no_exam_of_the_same_answer(
    sqlite_db: Database, ahead: timedelta
) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    ground.now += 30 * MINUTE
    await candata_says(ground, ("4", ahead), ("5", -2 * MINUTE))
    assert await ground.kinds() == {"exam"}


@pytest.mark.parametrize("ahead", AHEAD)
async def test_f1_an_acceptance_dated_ahead_hides_no_refusal_of_the_same_list(
    sqlite_db: Database, ahead: timedelta
) -> None:
    ground = Wider(sqlite_db, places=LISTED)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    ground.now += 30 * MINUTE
    await page_lists(ground, ("accepted", ahead), ("rejected", -2 * MINUTE))
    assert await ground.kinds() == {"rejected"}


async def test_f1_an_acceptance_dated_ahead_hides_no_refusal_of_the_same_item(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db, places=Places(dated={"accepted": "READY", "refused": "REJECTED"}))
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    ground.now += 30 * MINUTE
    later = (ground.now + timedelta(hours=5)).astimezone(HOME).strftime("%Y-%m-%dT%H:%M:%S")
    await ground.page(ABOUT, accepted=later, refused=(ground.now - MINUTE).astimezone(HOME).isoformat())
    assert await ground.kinds() == {"rejected"}


async def test_f1_a_clock_that_is_a_little_fast_ends_a_refusal_all_the_same(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db, places=LISTED)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    ground.now += 30 * MINUTE
    await page_lists(ground, ("rejected", -10 * MINUTE), ("accepted", 2 * MINUTE))
    assert (await ground.found()).is_go


async def test_f1_an_acceptance_dated_ahead_hides_no_exam_that_is_told_after_it(sqlite_db: Database) -> None:
    ground = Wider(sqlite_db)
    await ground.types(CA)
    await ground.taken(TRIPS["CA"])
    ground.now += 30 * MINUTE
    await ground.rns("4", at=ground.now + timedelta(hours=6))
    ground.now += 2 * MINUTE
    await ground.rns("5", at=ground.now - 4 * MINUTE)
    assert await ground.kinds() == {"exam"}
    ground.now += 2 * MINUTE
    await ground.rns("4", at=ground.now)
    assert (await ground.found()).is_go
