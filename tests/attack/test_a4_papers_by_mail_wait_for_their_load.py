"""A4, T1: a mail that says when papers went reaches the load that is entered after it (house rule 8)."""

from datetime import datetime
from email.utils import format_datetime

import pytest

from bot.domain.load import Hand
from bot.feeds.protocol import Arrived, Places, Reader
from bot.feeds.sources import email_drop
from bot.watch.ingest import Ear, Ingest
from storage.database import Database
from tests.attack.ground import HOME, NOW, PARS, Ground
from tests.attack.wider import MINUTE, PAPS

PLACES = Places(codes=("SMPL",), ours=("dispatch@carrier.example",), brokers=("@broker.example",))
CA = '/load 1234 add to=CA port="Ambassador Bridge" broker=PCB eta=13:00'
US = '/load 1234 add to=US port="Ambassador Bridge" broker=PCB eta=13:00'


async def mailed(ground: Ground, number: str, at: datetime) -> None:
    """Papers go to the broker by mail, with us in copy."""
    head = "From: shipper@acme.example\r\nTo: pars@broker.example, dispatch@carrier.example\r\n"
    text = f"{head}Subject: {number}\r\nDate: {format_datetime(at)}\r\n\r\npapers"
    ear = Ear("mail", email_drop.SOURCE, Reader(HOME, places=PLACES), ground.ids, Hand.FEED)
    mails = Ingest(ground.db, ground.world, {"mail": ear}, lambda: ground.now, ground._wake)
    await mails.keep([Arrived("mail", text.encode(), "file", ground.now)])


async def papers(ground: Ground, number: str = "1234") -> list[datetime | None]:
    load = await ground.load(number)
    async with ground.db.work(ground.ids[0], ground.now) as work:
        return [s.papers_sent for s in (await work.shipments.of_loads([load.id]))[load.id]]


@pytest.mark.parametrize(("add", "number"), [(f"{CA} pars={PARS}", PARS), (f"{US} paps={PAPS}", PAPS)])
@pytest.mark.parametrize("mail_first", [True, False])
async def test_papers_by_mail_reach_the_load_in_either_order(
    db: Database, add: str, number: str, mail_first: bool
) -> None:
    ground = Ground(db)
    if mail_first:
        await mailed(ground, number, NOW - 40 * MINUTE)
        ground.now += 10 * MINUTE
    await ground.types(add)
    if not mail_first:
        await mailed(ground, number, NOW - 40 * MINUTE)
    assert await papers(ground) == [NOW - 40 * MINUTE]


async def test_papers_by_mail_reach_a_load_that_gets_its_number_later(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(CA)
    await mailed(ground, PARS, NOW - 40 * MINUTE)
    await mailed(ground, PARS, NOW - 20 * MINUTE)
    await ground.types(f"/load 1234 pars {PARS}")
    assert await papers(ground) == [NOW - 40 * MINUTE]


async def test_a_persons_word_stands_before_that_of_an_early_mail(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await mailed(ground, PARS, NOW - 40 * MINUTE)
    await ground.types(f"{CA} pars={PARS} papers=08:30")
    said = await papers(ground)
    assert said != [NOW - 40 * MINUTE] and said != [None]
    await ground.types("/load 1234 papers -")
    await ground.types("/load 1234 trip 8SMPTRIP1")
    assert NOW - 40 * MINUTE not in await papers(ground)


async def test_what_waits_for_its_load_is_shown_until_then(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await mailed(ground, PARS, NOW - 40 * MINUTE)
    async with ground.db.dock(ground.now) as dock:
        (problem,) = await dock.problems.of_feeds(["mail"])
    assert problem.why.startswith(f"no open load has the number {PARS} yet")
    async with ground.db.work("home", ground.now) as work:
        assert [n.key for n in await work.numbers.orphans()] == [PARS]
    await ground.types(f"{CA} pars={PARS}")
    async with ground.db.work("home", ground.now) as work:
        assert await work.numbers.orphans() == []


async def test_an_early_mail_says_nothing_of_what_customs_or_the_broker_did(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await mailed(ground, PARS, NOW - 40 * MINUTE)
    await ground.types(f"{CA} pars={PARS}")
    judged = (await ground.found()).shipments[0]
    assert judged.rests_on is None and not judged.guess
