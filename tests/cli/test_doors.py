"""Chats made from the environment: what they tell that nobody typed, and what is said when they are shut."""

from pathlib import Path

import aiohttp
import pytest

from bot.app import opened
from bot.cli.health import faults_of
from bot.clock import Clock
from bot.config import read_config
from bot.domain.errors import HoldwatchError
from bot.domain.route import Place
from bot.doors import Chats, kept, line_of
from bot.feeds.registry import SOURCES
from handlers.grammar import Command, parse
from handlers.slack.form import Filled
from storage.ids import new_id
from storage.posts import PostRecord
from storage.routes import RouteRecord
from tests.cli.house import House, living, settings
from tests.patience import until
from tests.standins.slack import BOT_USER, TEAM, slack_stand_in
from tests.standins.telegram import telegram_stand_in


async def hear(house: House, place: Place) -> None:
    """Makes a place hear."""
    async with house.work(write=True) as work:
        await work.routes.save(
            RouteRecord(new_id(), place.door, place.workspace, place.external, "dispatch", "sam", work.now)
        )


async def members(house: House, place: Place) -> list[str]:
    async with house.work() as work:
        return await work.members.of(place)


async def ready(house: House) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(house.url + "/readyz") as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_members_of_a_slack_place_are_known_soon_and_follow_comings_and_goings(
    tmp_path: Path, sqlite_url: str, transport: str
) -> None:
    async with slack_stand_in() as slack:
        sam, guest = slack.user("sam"), slack.user("guest", guest=True)
        channel = slack.channel("dispatch", sam, guest)
        place = Place("slack", TEAM, channel)
        secret = (
            {"slack_app_token": slack.app_token}
            if transport == "socket"
            else {"slack_signing_secret": slack.signing_secret}
        )
        async with living(
            tmp_path, sqlite_url, slack_bot_token=slack.bot_token, slack_api_url=slack.api_url, **secret
        ) as house:
            if transport == "http":
                slack.http.url = house.url + "/slack/events"

            async def open_() -> bool:
                return (await ready(house))[0] == 200

            await until(open_)
            await hear(house, place)
            await house.chats.look_at_members()
            assert await members(house, place) == [sam]
            lee = slack.user("lee")
            await slack.join(lee, channel)
            await until(lambda: _has(house, place, lee, True))
            await slack.join(lee, channel, left=True)
            await until(lambda: _has(house, place, lee, False))
        assert slack.refused == []


async def _has(house: House, place: Place, who: str, there: bool) -> bool:
    return (who in await members(house, place)) is there


async def test_a_channel_that_the_bot_left_hears_no_more_and_that_is_written_down(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with slack_stand_in() as slack:
        channel = slack.channel("dispatch", slack.user("sam"))
        place = Place("slack", TEAM, channel)
        tokens = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token}
        async with living(tmp_path, sqlite_url, slack_api_url=slack.api_url, **tokens) as house:
            await until(lambda: _open(house))
            await hear(house, place)
            await slack.join(BOT_USER, channel, left=True)

            async def off() -> bool:
                async with house.work() as work:
                    route = await work.routes.find(place)
                return route is not None and route.off_at is not None and "taken out" in route.off_why

            await until(off)


async def _open(house: House) -> bool:
    return (await ready(house))[0] == 200


async def test_a_barred_door_makes_readyz_fail_and_says_which(tmp_path: Path, sqlite_url: str) -> None:
    async with slack_stand_in() as slack:
        tokens = {"slack_bot_token": "xoxb-SAMPLE-revoked", "slack_app_token": slack.app_token}
        async with living(tmp_path, sqlite_url, slack_api_url=slack.api_url, **tokens) as house:

            async def refused() -> bool:
                status, text = await ready(house)
                return status == 503 and "Slack: " in text and "not answered yet" not in text

            await until(refused)
            assert "xoxb" not in (await ready(house))[1]


async def test_a_group_that_moved_keeps_hearing_and_its_cards_are_posted_anew(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_stand_in() as telegram:
        sam = telegram.user("sam")
        group = telegram.group("dispatch", sam)
        old = Place("telegram", "", str(group.id))
        async with living(
            tmp_path, sqlite_url, telegram_bot_token=telegram.token, telegram_api_url=telegram.url
        ) as house:
            await until(lambda: _open(house))
            assert house.app.doors.telegram_name() == telegram.bot.username
            await hear(house, old)
            async with house.work(write=True) as work:
                (post,) = await work.posts.ensure([PostRecord(new_id(), "telegram", "", old.external, topic="test")])
                await work.outbox.cards([post], house.app.world.machine())
            house.app.wake()
            await telegram.answered(group)
            moved = telegram.upgrade(group)
            await telegram.answered(moved)
            async with house.work() as work:
                route = await work.routes.find(Place("telegram", "", str(moved.id)))
                assert route is not None
                assert route.off_at is None
                assert await work.routes.find(old) is None
            telegram.remove_bot(moved, sam)

            async def off() -> bool:
                async with house.work() as work:
                    return not await work.routes.on()

            await until(off)
        assert telegram.refused == []


async def test_people_who_come_into_a_telegram_group_are_members_until_they_leave(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_stand_in() as telegram:
        sam, lee = telegram.user("sam"), telegram.user("lee")
        group = telegram.group("dispatch", sam)
        place = Place("telegram", "", str(group.id))
        async with living(
            tmp_path, sqlite_url, telegram_bot_token=telegram.token, telegram_api_url=telegram.url
        ) as house:
            await until(lambda: _open(house))
            await hear(house, place)
            telegram.join(group, lee)
            await until(lambda: _has(house, place, str(lee.id), True))
            telegram.leave(group, lee)
            await until(lambda: _has(house, place, str(lee.id), False))


async def test_readyz_names_what_is_not_well(tmp_path: Path, sqlite_url: str) -> None:
    async with opened(read_config(None, tmp_path, SOURCES), sqlite_url, Clock(), tmp_path) as app:
        assert await faults_of(app, None) == ["the first sweep is not done yet"]
        app.jobs.last_sweep = app.world.machine()
        assert await faults_of(app, None) == []
        app.deliver.barred["slack"] = "token_revoked"
        assert await faults_of(app, None) == ["slack does not let us in: token_revoked"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"slack_bot_token": "xoxb-SAMPLE"}, "SLACK_APP_TOKEN"),
        ({"telegram_bot_token": "1:SAMPLE", "telegram_webhook_secret": "not allowed!"}, "TELEGRAM_WEBHOOK_SECRET"),
    ],
)
async def test_half_a_setup_is_refused_by_name(
    tmp_path: Path, sqlite_url: str, values: dict[str, str], why: str
) -> None:
    async with opened(read_config(None, tmp_path, SOURCES), sqlite_url, Clock(), tmp_path) as app:
        with pytest.raises(HoldwatchError, match=why):
            Chats(app, settings(tmp_path, **values))


def test_a_form_is_a_command_and_not_glued_text() -> None:
    filled = Filled("load", "add", 'list" cancel', (("to", "CA"), ("note", 'say "hi" to=US'), ("eta", "")))
    expected = Command("load", 'list" cancel', "add", pairs=(("to", "CA"), ("note", 'say "hi" to=US')))
    assert parse(line_of(filled)) == expected


@pytest.mark.parametrize("form", [("load", "vanish", ""), ("cargo", "add", ""), ("load", "add", "1234")])
def test_a_form_of_another_version_is_refused(form: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        line_of(Filled(*form, values=(("shoe_size", "44"),)))


async def test_a_chat_that_breaks_begins_again_and_ends_when_it_ends() -> None:
    tries = []

    async def chat() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("SAMPLE")

    await kept("slack", chat, pause=0.001)()
    assert len(tries) == 3
