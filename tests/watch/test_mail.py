"""Mails on their way to a load: the lowest voice, and papers sent at the date of the mail."""

from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

import pytest

from bot.feeds.protocol import Places
from bot.feeds.sources.email_drop import SOURCE
from storage.database import Database
from tests.watch.ground import HOUR, MINUTE, NOW, PARS, Feeds, add, held, person, row, the_load, world

PLACES = Places(codes=("SMPL",), ours=("dispatch@carrier.example",), brokers=("@broker.example",))


def mail(text: str, at: datetime, subject: str = PARS, to: str = "dispatch@carrier.example") -> bytes:
    head = f"From: desk@broker.example\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(at)}\r\n\r\n"
    return (head + text).encode()


class Desk(Feeds):
    """A folder of mails."""

    async def papers(self) -> datetime | None:
        load = await the_load(self.db)
        async with self.db.work("home", self.now) as work:
            (shipment,) = (await work.shipments.of_loads([load.id]))[load.id]
        return shipment.papers_sent


@pytest.fixture
async def desk(db: Database) -> Desk:
    found = Desk(db, world(), more={"mail": SOURCE})
    ear = found.ears["mail"]
    words = {"On hold": "HELD", "Released": "RELEASED"}
    found.ears["mail"] = replace(ear, reader=replace(ear.reader, words=words, places=PLACES))
    await add(db, found.world, row(direction="CA", pars=PARS, eta="2026-11-24 12:30", kind="loaded"), by=person())
    return found


TO_BROKER = "pars@broker.example, dispatch@carrier.example"


async def test_a_mail_to_the_broker_with_us_in_copy_says_when_papers_went(desk: Desk) -> None:
    await desk.hears(mail("papers", NOW - 2 * HOUR, to=TO_BROKER), feed="mail")
    assert await desk.papers() == NOW - 2 * HOUR
    assert await desk.problems() == []


async def test_a_later_mail_to_the_broker_does_not_move_when_papers_went(desk: Desk) -> None:
    await desk.hears(mail("papers", NOW - 2 * HOUR, to=TO_BROKER), feed="mail")
    await desk.hears(mail("how does it stand?", NOW - HOUR, to=TO_BROKER), feed="mail")
    assert await desk.papers() == NOW - 2 * HOUR


async def test_papers_of_a_number_that_no_load_has_are_a_problem(desk: Desk) -> None:
    await desk.hears(mail("papers", NOW, "SMPLPARS999999", TO_BROKER), feed="mail")
    assert [p.split(",")[0] for p in await desk.problems()] == ["no open load has the number SMPLPARS999999 yet"]
    assert await desk.papers() is None


async def test_a_hold_by_mail_is_heard(desk: Desk) -> None:
    await desk.hears(mail("Status: On hold", NOW - MINUTE), feed="mail")
    assert await held(desk.db) == {"exam"}


async def test_a_mail_about_a_paps_is_about_the_number_that_the_load_claims(desk: Desk) -> None:
    cells = {"direction": "US", "paps": "SMPL777124", "eta": "2026-11-24 12:30", "kind": "loaded"}
    await add(desk.db, desk.world, row("77", "line 3", **cells), by=person())
    await desk.hears(mail("papers", NOW - HOUR, "SMPL777124", TO_BROKER), feed="mail")
    load = await the_load(desk.db, "77")
    async with desk.db.work("home", NOW) as work:
        (shipment,) = (await work.shipments.of_loads([load.id]))[load.id]
    assert (shipment.papers_sent, shipment.type) == (NOW - HOUR, "paps")
    assert await desk.problems() == []
