"""/feed NAME: last good, last word, last error, counts; and what an admin is told once."""

from bot.domain.coverage import Liveness
from bot.watch.gone import tell_admins
from bot.watch.vitals import Vitals
from handlers.announce.places import refused_word
from storage.dock import Dock
from tests.handlers.commands.desk import BOSS, HOUR, Desk


async def failing(desk: Desk) -> None:
    async with desk.db.dock(desk.now - HOUR, write=True) as dock:
        await dock.feeds.ensure("rns", Liveness.ALIVE.value, desk.now - HOUR)
        await dock.feeds.heard("rns", desk.now - HOUR, 3, 1)
        await dock.feeds.failed("rns", "it answers 502", desk.now - HOUR / 2)


async def test_a_feed_is_shown_with_its_last_good_word_and_error_and_counts(desk: Desk) -> None:
    await failing(desk)
    said = await desk.say("/feed RNS")
    assert "Feed rns is alive since 08:00" in said
    for part in ("Last good", "Last word", "Last error", "it answers 502", "Messages", "30 min ago"):
        assert part in said, part


async def test_the_list_names_feeds_whose_last_try_failed(desk: Desk) -> None:
    await failing(desk)
    assert "rns failed 08:30 (30 min ago): it answers 502" in await desk.say("/feed list")
    async with desk.db.dock(desk.now, write=True) as dock:
        await dock.feeds.heard("rns", desk.now)
    assert "failed" not in await desk.say("/feed list")


async def test_a_feed_that_is_not_there_is_refused_with_those_that_are(desk: Desk) -> None:
    said = await desk.say("/feed xyz")
    assert "There is no feed “xyz”" in said
    assert "rns" in said


async def test_an_admin_is_asked_once_to_mend_a_refused_key(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, BOSS, "Bo")
    machine = desk.world.machine

    async def ask(dock: Dock, feed: str, why: str) -> None:
        await tell_admins(dock.work("home"), desk.world, {"refused": feed, "why": why})

    vitals = Vitals(desk.db, lambda: desk.now, machine, ask=ask)
    async with desk.db.dock(desk.now, write=True) as dock:
        await dock.feeds.ensure("rns", Liveness.ALIVE.value, desk.now)
    for _ in range(3):
        await vitals.refused("rns", "it does not take our key (401)", "mark", 3600)
    assert 3500 < await vitals.refusal("rns", "mark") <= 3600
    assert await vitals.refusal("rns", "another") == 0
    async with desk.db.dock(desk.now) as dock:
        assert (await dock.counts())["outbox_waiting"] == 1
    await vitals.answered("rns")
    assert await vitals.refusal("rns", "mark") == 0
    await vitals.refused("rns", "it does not take our key (401)", "mark", 3600)
    async with desk.db.dock(desk.now) as dock:
        assert (await dock.counts())["outbox_waiting"] == 2


def test_an_admin_reads_what_happened_that_nothing_is_lost_and_what_to_do() -> None:
    reply = refused_word({"refused": "acme", "why": "it does not take our key (401)"})
    text = str(reply)
    assert "Feed acme is deaf: it does not take our key (401)." in reply.title
    assert "Nothing is lost" in text
    assert "holdwatch.toml" in text
