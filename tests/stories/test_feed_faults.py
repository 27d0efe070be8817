"""When a feed fails, repeats itself or says what nobody knows: never cleared by silence, never silent about it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.rig import Story, story

OTHER = "SMPLPARS100124"


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Story]:
    """A Slack desk with load 1234 whose promise ended and which is told at warn."""
    async with story(tmp_path, sqlite_url) as it:
        await it.opens()
        await it.adds()
        await it.at("11:30")
        assert it.cards()[0].startswith("🟡 WARN 1234 HOLD")
        yield it


def never_cleared(it: Story) -> None:
    """Nobody was told that anything is cleared or may go."""
    for one in it.sees():
        assert "CLEARED" not in one.text, one.text
        assert "1234 GO" not in one.text, one.text


async def test_a_dead_feed_names_the_loads_it_blinds_and_nothing_falls_or_ends(desk: Story) -> None:
    await desk.lives(False)
    (feed,) = desk.cards("Feed rns")
    assert feed.startswith("🟠 Feed rns is dead since 11:30 (now)"), feed
    assert "1 load is blind" in feed
    assert "1234" in feed
    assert desk.cards()[0].startswith("🟡 WARN 1234"), desk.cards()
    assert "nobody tells us" in desk.cards()[0] or "by phone" in desk.cards()[0], desk.cards()[0]
    await desk.at("12:00")
    assert desk.cards()[0].startswith("🟠 URGENT 1234"), desk.cards()[0]
    await desk.at("12:40")
    await desk.lives(True)
    (feed,) = desk.cards("Feed rns")
    assert "is alive" in feed
    assert any("Feed rns is back. I was blind from 11:30 to 12:40." in word for word in desk.words()), desk.words()
    assert desk.cards()[0].startswith("🟠 URGENT 1234"), desk.cards()[0]
    never_cleared(desk)
    await desk.hears("9", at="12:20")
    assert "CLEARED" in desk.cards()[0]
    await desk.checked()


async def test_an_outage_hides_silence_only_and_clears_nothing(desk: Story) -> None:
    await desk.adds("1300", OTHER)
    assert "CBSA is down" in await desk.dispatcher.types("/feed outage cbsa on")
    await desk.at("12:30")
    assert desk.cards()[0].startswith("1234 UNKNOWN"), desk.cards()
    assert "customs' system is reported down" in desk.cards()[0].splitlines()[0]
    assert "An outage hides 2 reasons" in desk.cards("CBSA is reported down")[0]
    never_cleared(desk)
    await desk.hears("14+531", pars=OTHER)
    assert any("1300 HOLD" in card for card in desk.cards("1300"))
    assert "CBSA is back" in await desk.dispatcher.types("/feed outage cbsa off")
    await desk.settled()
    assert desk.cards()[0].startswith("🟠 URGENT 1234"), desk.cards()
    never_cleared(desk)
    await desk.checked()


async def test_a_number_taken_off_closes_with_the_name_of_who_did_it(desk: Story) -> None:
    await desk.dispatcher.types(f"/load 1234 pars {OTHER}")
    await desk.dispatcher.types("/load 1234 pars -SMPLPARS100123")
    await desk.hears("9", pars=OTHER)
    await desk.at("11:45")
    text = "\n".join(one.text for one in desk.sees())
    assert "CLEARED" in text
    await desk.checked()


async def test_the_only_number_taken_off_is_never_cleared(desk: Story) -> None:
    await desk.dispatcher.types("/load 1234 pars -SMPLPARS100123")
    await desk.at("11:45")
    await desk.at("12:30")
    never_cleared(desk)
    assert "HOLD" in desk.cards()[-1], desk.cards()
    await desk.checked()


async def test_a_feed_taken_out_of_the_settings_is_dead_for_its_loads_and_clears_nothing(desk: Story) -> None:
    assert await desk.house.app.database.data_version() is not None
    desk.house.config = desk.house.config.replace("[feeds.rns]", "[feeds.other]").replace("rns.alive", "other.alive")
    desk.house.var.joinpath("other.alive").touch()
    await desk.house.kill()
    await desk.house.open()
    await desk.settled()
    assert desk.cards()[-1].startswith("🟡 WARN 1234"), desk.cards()
    await desk.at("12:00")
    assert desk.cards()[-1].startswith("🟠 URGENT 1234"), desk.cards()
    never_cleared(desk)
    await desk.checked()


async def test_a_code_that_nobody_knows_is_loud_and_no_go(desk: Story) -> None:
    await desk.hears("9", at="11:31")
    assert "CLEARED" in desk.cards()[0]
    await desk.at("11:40")
    await desk.hears("77")
    assert "cannot read" in desk.cards()[-1] or "can't read" in desk.cards()[-1], desk.cards()[-1]
    status = await desk.dispatcher.types("/load 1234 status")
    assert "GO" not in status.splitlines()[0].split(), status
    problems = await desk.dispatcher.types("/holdwatch feed problems")
    assert "'77' is not known" in problems, problems
    await desk.checked()


async def test_the_same_message_again_says_nothing_new(desk: Story) -> None:
    body = desk.rns("14+01")
    for _ in range(3):
        desk.drops(body)
        await desk.settled()
    before = desk.final()
    desk.drops(body)
    await desk.settled()
    assert desk.final() == before
    log = await desk.dispatcher.types("/load 1234 log")
    assert log.count("no release request") == 1, log
    await desk.checked()


async def test_one_bad_message_among_good_ones_keeps_nobody_from_being_heard(desk: Story) -> None:
    await desk.adds("1300", OTHER)
    desk.drops(b"\x00\xff SAMPLE no message at all")
    desk.drops(desk.rns("9")[:60])
    desk.drops(desk.rns("9", pars=OTHER) + desk.rns("9").replace(b"UNH+1", b"UNH+2").replace(b"+1'", b"+2'"))
    await desk.settled()
    assert "CLEARED" in desk.cards()[0]
    assert "GO" in (await desk.dispatcher.types("/load 1300 status")).splitlines()[0]
    assert "could not be read" in await desk.dispatcher.types("/holdwatch feed problems")
    await desk.checked()
