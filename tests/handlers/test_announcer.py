"""What the outbox sends is worded at the last moment, from the load as it stands then."""

from datetime import timedelta

import pytest

from bot.domain.coverage import Liveness
from bot.domain.route import Account
from bot.domain.status import Status
from bot.watch.tell import tell_feed
from handlers.announcer import Announcer
from handlers.console import plain
from storage.database import Database
from storage.ids import new_id
from storage.posts import PostRecord
from tests.handlers.commands.desk import HOUR, MARIA, PARS, Desk, held


@pytest.fixture
async def desk(sqlite_db: Database) -> Desk:
    return await Desk(sqlite_db).opened()


async def cards(desk: Desk, number: str = "1234") -> dict[str, str]:
    """What stands in each place about a load, by the place's door."""
    record = await desk.load(number)
    found = {}
    async with desk.db.work("home", desk.now) as work:
        for post in await work.posts.of_loads([record.id]):
            reply = await Announcer(desk.world).card(work, post)
            assert reply is not None
            found[post.door] = plain(reply)
    return found


async def with_driver(desk: Desk) -> None:
    """Singh drives 1234 and is bound to a chat."""
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, Account("telegram", "", "7001"), "Singh", "driver")
    await desk.say("/load 1234 driver Singh")


async def test_a_card_shows_the_load_as_it_stands_when_it_is_sent(desk: Desk) -> None:
    await held(desk)
    assert "URGENT 1234 HOLD" in (await cards(desk))["slack"]
    await desk.say("1234 got it")
    assert "Owner: Maria until" in (await cards(desk))["slack"]


async def test_a_drivers_card_says_stop_and_never_why(desk: Desk) -> None:
    await desk.add(more="eta=13:00 papers=06:00")
    await with_driver(desk)
    await desk.pass_(2 * HOUR)
    shown = await cards(desk)
    assert shown["telegram"].startswith("STOP. Wait for dispatch before the border.")
    assert "not matched" not in shown["telegram"] and "not matched" in shown["slack"]
    await desk.say("/load 1234 manifest accepted now")
    await desk.hears(PARS, Status.RELEASED)
    shown = await cards(desk)
    assert "not your problem any more" in shown["telegram"] and "GO" not in shown["telegram"]


async def test_a5_cleared_is_shown_while_it_is_so_and_a_new_reason_opens_the_card_again(desk: Desk) -> None:
    await held(desk)
    await desk.say("/load 1234 manifest accepted now")
    await desk.hears(PARS, Status.READY)
    alert = await desk.alert()
    assert alert is not None and alert.state == "cleared"
    assert "1234 CLEARED" in (await cards(desk))["slack"]
    assert (await desk.ask("1234")).title.startswith("1234 GO")
    await desk.hears(PARS, Status.REJECTED, prepared=desk.now + timedelta(minutes=1))
    assert "1234 HOLD" in (await cards(desk))["slack"] and "refused" in (await cards(desk))["slack"]


async def test_c3_a_dead_feeds_card_names_the_loads_it_blinds(desk: Desk) -> None:
    await desk.add()
    async with desk.db.dock(desk.now, write=True) as dock:
        await dock.feeds.ensure("rns", Liveness.ALIVE.value, desk.now)
        await dock.feeds.turn("rns", Liveness.ALIVE.value, Liveness.DEAD.value, desk.now)
        before = (await dock.feeds.of(["rns"]))["rns"]
        await tell_feed(dock.work("home"), desk.world, "rns", Liveness.DEAD, before)
    async with desk.db.work("home", desk.now) as work:
        (post,) = (await work.posts.of_topics(["feed:rns"]))["feed:rns"]
        reply = await Announcer(desk.world).card(work, post)
    assert reply is not None and "Feed rns is dead since 09:00" in reply.title and "1 load is blind" in reply.title
    back = {"feed": "rns", "blind_from": desk.now.isoformat(), "blind_until": (desk.now + HOUR).isoformat()}
    word = Announcer(desk.world).words([back], desk.now + HOUR)
    assert word.title == "Feed rns is back. I was blind from 09:00 to 10:00."


async def test_words_that_waited_are_told_as_one_line(desk: Desk) -> None:
    await held(desk)
    await desk.say("1234 got it")
    await desk.say("/load 1234 manifest accepted now")
    await desk.hears(PARS, Status.READY)
    record = await desk.load()
    async with desk.db.work("home", desk.now) as work:
        rows = [r for r in await work.outbox.of_loads([record.id]) if r.kind == "word"]
    said = Announcer(desk.world).words([r.content for r in rows], desk.now)
    assert said.title.startswith("1234 CLEARED") and "Before that:" in said.title and "Maria" in said.title
    alone = Announcer(desk.world).words([rows[0].content], desk.now)
    assert "Maria" in alone.title and MARIA.name in alone.title


async def test_a_topic_that_nobody_knows_shows_nothing(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        for topic in ("feed:gone", "outage:cbsa", "weather"):
            post = PostRecord(new_id(), "slack", "T1", "CDESK", topic=topic)
            assert await Announcer(desk.world).card(work, post) is None
