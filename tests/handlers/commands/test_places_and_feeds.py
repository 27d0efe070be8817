"""Places that hear alerts; feeds, problems, reading again, outages (RULES C2, C4)."""

import json

import pytest

from bot.domain.coverage import Liveness
from bot.domain.route import Account, Place
from bot.watch.replay import setting_of
from handlers.announcer import Announcer
from handlers.console import plain
from handlers.reply import Result
from storage.ids import new_id
from storage.outbox import CARD
from storage.problems import ProblemRecord
from tests.handlers.commands.desk import BOSS, CONSOLE, DESK, HOUR, MARIA, Desk, held

NIGHT = Place("slack", "T1", "CNIGHT", "night")


async def sent(desk: Desk) -> list[tuple[str, str]]:
    """Sends what waits: (place, what stands there) of each card."""
    found = []
    async with desk.db.dock(desk.now, write=True) as dock:
        claimed = await dock.claim_outbox(desk.now, desk.now + HOUR, new_id(), ["slack", "telegram"], 100)
    for one in claimed:
        async with desk.db.work(one.carrier, desk.now, write=True) as work:
            (row,) = (await work.outbox.of([one.id])).values()
            (post,) = (await work.posts.of([row.post_id or ""])).values()
            reply = await Announcer(desk.world).card(work, post)
            assert await work.outbox.sent(row, f"{new_id()}", desk.now, post.wanted_version)
        assert reply is not None
        if row.kind == CARD:
            found.append((row.external, plain(reply)))
    return found


async def test_a_new_place_gets_the_cards_of_open_alerts_at_once(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await held(desk)
    await sent(desk)
    said = await desk.say("/route here", BOSS, NIGHT, workspace_admin=True)
    assert "night hears all loads from now on." in said and "The card of 1 open alert follows." in said
    (card,) = [text for place, text in await sent(desk) if place == "CNIGHT"]
    assert "1234 HOLD" in card
    assert "2 places hear alerts." in await desk.say("/route list")


async def test_a_place_hears_what_it_asked_for(desk: Desk) -> None:
    await desk.say("/broker PCB set phone=555-0142")
    said = await desk.say("/route here to=CA port=Windsor broker=PCB", BOSS, NIGHT, workspace_admin=True)
    assert "direction: CA" in said and "Ambassador Bridge" in said and "broker: PCB" in said


@pytest.mark.parametrize("more", ["to=MX", "port=Atlantis", "broker=Nobody", "level=warn", "language=fr"])
async def test_a_matcher_that_means_nothing_is_refused(desk: Desk, more: str) -> None:
    reply = await desk.ask(f"/route here {more}", BOSS, NIGHT, workspace_admin=True)
    assert reply.result is not Result.OK
    assert "1 place hears alerts." in await desk.say("/route list")


async def test_only_an_admin_changes_places(desk: Desk) -> None:
    for line in ("/route here", "/route off", "/route test"):
        reply = await desk.ask(line, MARIA, NIGHT)
        assert reply.result is Result.REFUSED and "takes admin" in reply.title
    reply = await desk.ask("/route here", await desk.entry.account_of(""), CONSOLE)
    assert "The console hears everything anyway" in reply.title


async def test_somebody_hears_of_carm_though_every_place_said_no(desk: Desk) -> None:
    said = await desk.say("/route here carm=no", BOSS, DESK, workspace_admin=True)
    assert "No place wants CARM's messages, so they are told in dispatch" in said
    assert "No place wants CARM's messages" in await desk.say("/route list", BOSS, workspace_admin=True)
    assert "No place wants" not in await desk.say("/route here carm=only", BOSS, NIGHT, workspace_admin=True)
    assert "No place wants" not in await desk.say("/route list", BOSS, workspace_admin=True)


async def test_a_place_that_is_off_hears_no_more_and_the_last_one_warns(desk: Desk) -> None:
    said = await desk.say("/route off", BOSS, DESK, workspace_admin=True)
    assert "hears no more alerts" in said and "No place is left" in said
    assert (await desk.ask("/route off", BOSS, DESK, workspace_admin=True)).result is Result.REFUSED
    assert "off: turned off by Bo" in await desk.say("/route list", BOSS, workspace_admin=True)


async def test_a_test_message_goes_to_every_place(desk: Desk) -> None:
    await sent(desk)
    said = await desk.say("/route test", BOSS, workspace_admin=True)
    assert "on its way to 1 place" in said and "dispatch" in said
    ((place, card),) = await sent(desk)
    assert place == "CDESK" and "A test from Holdwatch: this place hears all loads of SAMPLE home." in card


async def test_members_of_a_telegram_group_that_hears_are_dispatchers(desk: Desk) -> None:
    group, ann = Place("telegram", "", "-500", "Night desk"), Account("telegram", "", "801", "Ann")
    await desk.add()
    assert (await desk.ask("1234", ann, group)).title.startswith("I don't know you here")
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, Account("telegram", "", "800", "Zoe"), "Zoe")
    assert "Night desk hears all loads" in await desk.say("/route here", Account("telegram", "", "800", "Zoe"), group)
    assert (await desk.ask("1234 got it", ann, group)).title.startswith("There is no open alert")
    assert (await desk.ask("1234", ann, Place("telegram", "", "801"), private=True)).result is Result.REFUSED


async def test_c2_feeds_are_listed_with_their_life_and_last_word(desk: Desk) -> None:
    async with desk.db.dock(desk.now - HOUR, write=True) as dock:
        await dock.feeds.ensure("rns", Liveness.ALIVE.value, desk.now - HOUR)
        await dock.feeds.heard("rns", desk.now - HOUR, 3, 1)
    said = await desk.say("/feed list")
    assert "1 feed, 0 dead." in said and "1 h ago" in said
    async with desk.db.dock(desk.now, write=True) as dock:
        await dock.feeds.turn("rns", Liveness.ALIVE.value, Liveness.DEAD.value, desk.now)
    assert "DEAD since 09:00" in await desk.say("/feed")


async def test_what_could_not_be_read_is_shown_with_its_code(desk: Desk) -> None:
    assert "Everything that came could be read." in await desk.say("/feed problems")
    async with desk.db.dock(desk.now, write=True) as dock:
        await dock.problems.add(
            [ProblemRecord(new_id(), None, "rns", "message 3, GIS", "unknown code", "99X", desk.now)]
        )
    said = await desk.say("/feed problems")
    assert "1 place could not be read." in said and "message 3, GIS" in said and "99X" in said


async def test_replay_is_wished_for_by_name_and_done_by_a_job(desk: Desk) -> None:
    reply = await desk.ask("/feed xyz replay", BOSS, workspace_admin=True)
    assert reply.result is Result.REFUSED and "There is no feed" in reply.title
    said = await desk.say("/feed rns replay since=08:00", BOSS, workspace_admin=True)
    assert "The messages of rns since 08:00 (1 h ago) are read again now." in said
    async with desk.db.dock(desk.now) as dock:
        wish = json.loads(await dock.settings.find(setting_of("rns")) or "{}")
    assert wish["by"] == "Bo" and wish["since"].startswith("2026-11-24T13:00")


async def test_c4_a_declared_outage_hides_silence_shows_a_card_and_ends(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await held(desk)
    await sent(desk)
    said = await desk.say("/feed outage cbsa on")
    assert "CBSA is down" in said and "1 open load is looked at again." in said
    assert desk.world.outages == {"home"}
    assert (await desk.ask("/feed outage cbsa on")).result is Result.REFUSED
    await desk.pass_(HOUR / 60)
    assert any("CBSA is reported down since 11:00" in card for _place, card in await sent(desk))
    assert "not matched" not in (await desk.ask("1234")).title
    assert "CBSA is back" in await desk.say("/feed outage cbsa off")
    assert desk.world.outages == set()
    await desk.pass_(HOUR / 60)
    assert any("The outage of CBSA is over" in card for _place, card in await sent(desk))
    assert "not matched" in (await desk.ask("1234")).title


@pytest.mark.parametrize("line", ["/feed outage", "/feed outage cbp on", "/feed outage cbsa", "/feed outage cbsa off"])
async def test_an_outage_that_is_none_is_refused(desk: Desk, line: str) -> None:
    assert (await desk.ask(line)).result is Result.REFUSED


async def test_a_port_shows_all_crossings_of_a_town_and_the_loads_on_the_way(desk: Desk) -> None:
    await desk.add()
    said = await desk.say("/port Windsor")
    assert "1 load on the way." in said and "CBSA 0453, 0454" in said and "1234" in said
    assert "crossings." in (await desk.ask("/port list")).title
    assert (await desk.ask("/port Atlantis")).result is Result.REFUSED


async def test_help_says_every_noun_and_every_line_of_one(desk: Desk) -> None:
    said = await desk.say("/help")
    assert all(f"/{noun}" in said for noun in ("load", "hold", "shipper", "broker", "driver", "port", "route", "feed"))
    assert "/load 1234 accepted by=Maria/PCB" in await desk.say("/help load")
    assert (await desk.ask("/help unicorns")).result is Result.REFUSED


async def cards(desk: Desk, place: str) -> list[str]:
    return [text for external, text in await sent(desk) if external == place]


async def test_a_place_for_carm_alone_hears_no_loads_and_its_cards_end(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await desk.say("/route here", BOSS, NIGHT, workspace_admin=True)
    await held(desk)
    assert len(await cards(desk, "CNIGHT")) == 1
    said = await desk.say("/route here carm=only", BOSS, NIGHT, workspace_admin=True)
    assert "night hears CARM's messages and no loads from now on." in said
    assert "Holds and all else of loads are told in: dispatch" in said
    await desk.say("1234 got it")
    assert {place for place, _card in await sent(desk)} == {"CDESK"}
    assert "CARM's messages and no loads" in await desk.say("/route list")


async def test_where_all_places_are_for_carm_alone_loads_are_told_in_all_of_them(desk: Desk) -> None:
    said = await desk.say("/route here carm=only", BOSS, DESK, workspace_admin=True)
    assert "No other place hears loads, so they are told here too" in said
    await held(desk)
    assert any("1234 HOLD" in card for card in await cards(desk, "CDESK"))
    await desk.say("/route here", BOSS, NIGHT, workspace_admin=True)
    assert any("1234 HOLD" in card for card in await cards(desk, "CNIGHT"))
    await desk.say("1234 got it")
    assert {place for place, _card in await sent(desk)} == {"CNIGHT"}, "there is a place for loads again"


@pytest.mark.parametrize("more", ["carm=maybe", "carm=only to=CA", "carm=only broker=PCB"])
async def test_what_cannot_be_heard_of_carm_is_refused(desk: Desk, more: str) -> None:
    await desk.say("/broker PCB set phone=555-0142")
    reply = await desk.ask(f"/route here {more}", BOSS, DESK, workspace_admin=True)
    assert reply.result is Result.REFUSED and "Nothing was changed." in plain(reply)


async def test_a_place_for_some_loads_says_what_it_hears_of_carm(desk: Desk) -> None:
    said = await desk.say("/route here to=CA carm=yes", BOSS, NIGHT, workspace_admin=True)
    assert "night hears loads of direction: CA and CARM's messages from now on." in said
    said = await desk.say("/route here carm=no", BOSS, NIGHT, workspace_admin=True)
    assert "night hears all loads, and nothing of CARM's messages from now on." in said
