"""What becomes of posts and edits, for every fault Telegram has."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.domain.delivery import Barred, Gone, Malformed, Outcome, Retry, Sent
from bot.domain.route import Account, Place
from handlers.reply import Button
from handlers.telegram.door import TelegramDoor
from handlers.telegram.errors import NOT_THERE, narrow
from handlers.telegram.happenings import Migrated
from tests.handlers.telegram.rig import FAST, Ear, card, place, running
from tests.standins.telegram import Flood, TelegramStandIn


@pytest.fixture
async def door(tg: TelegramStandIn) -> AsyncIterator[TelegramDoor]:
    async with running(tg) as rig:
        yield rig.door


Bare = Callable[..., TelegramDoor]


@pytest.fixture
async def bare(tg: TelegramStandIn) -> AsyncIterator[Bare]:
    """Doors that send without listening."""
    made: list[TelegramDoor] = []

    def make(**options: Any) -> TelegramDoor:
        made.append(TelegramDoor(tg.token, Ear(), **{"api_url": tg.url, "pace": FAST, **options}))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(7), Retry),
        (RetryAfter(timedelta(seconds=7)), Retry),
        (ChatMigrated(-1001), Retry),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone),
        (InvalidToken("Unauthorized"), Barred),
        (BadRequest("Message is not modified: x"), Sent),
        (BadRequest("Message to edit not found"), Malformed),
        (BadRequest("Chat not found"), Gone),
        (BadRequest("Can't parse entities: x"), Malformed),
        (BadRequest("Something never seen"), Malformed),
        (Conflict("Conflict: terminated"), Retry),
        (TimedOut(), Retry),
        (NetworkError("httpx.ConnectError: "), Retry),
        (TelegramError("Telegram's answer was not JSON"), Retry),
    ],
)
def test_each_error_of_the_library_has_one_outcome(error: TelegramError, outcome: type[Outcome]) -> None:
    assert isinstance(narrow(error, "5"), outcome)


@pytest.mark.parametrize("seconds", [RetryAfter(7), RetryAfter(timedelta(seconds=7))])
def test_the_wait_telegram_asks_for_is_kept(seconds: RetryAfter) -> None:
    narrowed = narrow(seconds)
    assert isinstance(narrowed, Retry)
    assert narrowed.after == timedelta(seconds=7)


def test_an_old_library_that_says_seconds_as_a_number_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "0")
    with pytest.warns(DeprecationWarning, match="retry_after"):
        narrowed = narrow(RetryAfter(7))
    assert isinstance(narrowed, Retry)
    assert narrowed.after == timedelta(seconds=7)


async def test_a_post_and_its_edit_stand_in_the_chat(tg: TelegramStandIn, door: TelegramDoor) -> None:
    group = tg.group("Dispatch", tg.user("Maria"))
    sent = await door.post(place(group), card("one", buttons=(Button("Got it", "/load ~k got it"),)))
    assert isinstance(sent, Sent)
    assert tg.seen(group)[0].labels == ["Got it"]
    assert await door.edit(place(group), sent.ref, card("two")) == sent
    assert await door.edit(place(group), sent.ref, card("two")) == sent
    assert tg.texts(group) == ["two"]
    assert tg.seen(group)[0].labels == []
    assert [r.description.split(":")[1] for r in tg.refused] == [" message is not modified"]


async def test_a_message_that_is_no_longer_there_asks_to_be_posted_anew(
    tg: TelegramStandIn, door: TelegramDoor
) -> None:
    group = tg.group("Dispatch", tg.user("Maria"))
    sent = await door.post(place(group), card("one"))
    assert isinstance(sent, Sent)
    tg.seen(group)[0].deleted = True
    for ref in (sent.ref, "99999", "not a ref"):
        assert await door.edit(place(group), ref, card("two")) == Malformed(NOT_THERE)


async def test_words_of_a_thread_are_quiet_in_a_group_and_survive_a_deleted_post(
    tg: TelegramStandIn, door: TelegramDoor
) -> None:
    group, singh = tg.group("Dispatch", tg.user("Maria")), tg.user("Singh")
    await door.post(place(group), card("card"))
    post = tg.seen(group)[0]
    await door.post(place(group), card("word"), thread=str(post.id))
    await door.post(place(group), card("broadcast"), thread=str(post.id), broadcast=True)
    post.deleted = True
    await door.post(place(group), card("late word"), thread=str(post.id))
    await door.post(place(singh), card("to the driver"), thread="1")
    shown = [(m.text, m.reply_to, m.silent) for m in [*tg.seen(group), *tg.seen(singh)]]
    assert shown == [
        ("word", post, True), ("broadcast", post, False), ("late word", None, True), ("to the driver", None, False),
    ]  # fmt: skip
    assert not tg.refused


async def test_places_that_are_no_more_are_gone(tg: TelegramStandIn, door: TelegramDoor) -> None:
    maria, shy, cross = tg.user("Maria"), tg.user("Shy", started=False), tg.user("Cross")
    kicked, silent = tg.group("Kicked", maria), tg.group("Muted", maria)
    tg.remove_bot(kicked, maria)
    silent.muted = True
    tg.block(cross)
    places = [
        place(kicked),
        place(silent),
        place(shy),
        place(cross),
        Place("telegram", "", "-5"),
        Place("telegram", "", "@x"),
    ]
    for one in places:
        assert isinstance(await door.post(one, card()), Gone), one


async def test_a_group_that_became_a_supergroup_is_followed(tg: TelegramStandIn) -> None:
    group = tg.group("Dispatch", tg.user("Maria"))
    async with running(tg) as rig:
        new = tg.upgrade(group, told=False)
        first = await rig.door.post(place(group), card())
        assert isinstance(first, Retry)
        assert first.after == timedelta(0)
        assert rig.happened == [Migrated(place(group), place(new))]
        assert isinstance(await rig.door.post(place(group), card("after")), Sent)
        assert await rig.door.edit(place(group), "1", card("x")) == Malformed(NOT_THERE)
    assert tg.texts(new) == ["after"]


async def test_a_line_in_a_group_that_just_migrated_is_answered_there(tg: TelegramStandIn) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    tg.message(maria, group, "/hold")
    new = tg.upgrade(group)
    async with running(tg):
        assert await tg.answered(new) == ["heard /hold"]


async def test_more_than_twenty_a_minute_in_a_group_is_told_to_wait(tg: TelegramStandIn, door: TelegramDoor) -> None:
    group, singh = tg.group("Dispatch", tg.user("Maria")), tg.user("Singh")
    tg.limit(Flood(every=0.0, group=20, window=60.0))
    outcomes = [await door.post(place(group), card(f"{n}")) for n in range(21)]
    assert all(isinstance(outcome, Sent) for outcome in outcomes[:20])
    last = outcomes[20]
    assert isinstance(last, Retry)
    assert last.after is not None
    assert timedelta(seconds=55) < last.after <= timedelta(seconds=60)
    assert isinstance(await door.post(place(singh), card()), Sent)
    assert isinstance(outcomes[0], Sent)
    assert isinstance(await door.edit(place(group), outcomes[0].ref, card("edit")), Retry)


async def test_two_messages_a_second_in_a_chat_are_told_to_wait(tg: TelegramStandIn, door: TelegramDoor) -> None:
    singh = tg.user("Singh")
    tg.limit(Flood())
    assert isinstance(await door.post(place(singh), card()), Sent)
    assert await door.post(place(singh), card()) == Retry(
        timedelta(seconds=1), "Flood control exceeded. Retry in 0:00:01"
    )


@pytest.mark.parametrize("fault", ["500", "reset", "lost", "slow"])
async def test_trouble_on_the_way_is_a_retry_for_posts_and_edits(tg: TelegramStandIn, bare: Bare, fault: str) -> None:
    singh = tg.user("Singh")
    door = bare(pace=replace(FAST, read=0.2))
    sent = await door.post(place(singh), card("one"))
    assert isinstance(sent, Sent)
    tg.fail(fault, 2, seconds=0.5)
    for outcome in (await door.post(place(singh), card("two")), await door.edit(place(singh), sent.ref, card("new"))):
        assert isinstance(outcome, Retry)
        assert outcome.after is None
    assert isinstance(await door.edit(place(singh), sent.ref, card("newer")), Sent)


async def test_a_server_that_is_not_there_is_a_retry(tg: TelegramStandIn, bare: Bare) -> None:
    door = bare(api_url="http://127.0.0.1:9")
    assert isinstance(await door.post(place(tg.user("Singh")), card()), Retry)
    assert isinstance(await door.probe(), Retry)


async def test_a_revoked_token_bars_the_door_without_printing_it(
    tg: TelegramStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    singh = tg.user("Singh")
    async with running(tg) as rig:
        assert await rig.door.probe() == Sent("HoldwatchBot")
        tg.token, old = "700100200:another-SAMPLE", tg.token
        outcome = await rig.door.post(place(singh), card())
        assert isinstance(outcome, Barred)
        assert "TELEGRAM_BOT_TOKEN" in outcome.why
        await tg.until(lambda: "TELEGRAM_BOT_TOKEN" in rig.door.trouble)
        assert old not in outcome.why + rig.door.trouble + caplog.text
        tg.token = old
        await tg.until(lambda: not rig.door.trouble)
        assert isinstance(await rig.door.post(place(singh), card()), Sent)


async def test_a_wrong_token_at_the_start_is_trouble_and_not_a_crash(
    tg: TelegramStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "700100200:wrong-SAMPLE-token"
    tg.token, right = secret, tg.token
    async with running(tg) as rig:
        tg.token = right
        outcome = await rig.door.probe()
    assert isinstance(outcome, Barred)
    assert secret not in outcome.why + caplog.text


async def test_markup_that_telegram_refuses_goes_as_plain_text(
    tg: TelegramStandIn, door: TelegramDoor, caplog: pytest.LogCaptureFixture
) -> None:
    singh = tg.user("Singh")
    tg.fail("markup", 2)
    reply = card("Load <1>", "why", buttons=(Button("Got it", "/load ~k got it"),))
    sent = await door.post(place(singh), reply)
    assert isinstance(sent, Sent)
    assert tg.texts(singh) == ["Load <1>\nwhy\nGot it: /load ~k got it"]
    assert tg.seen(singh)[0].labels == []
    assert "refused, going as plain text" in caplog.text
    assert isinstance(await door.edit(place(singh), sent.ref, card("Load <2>")), Sent)
    assert tg.texts(singh) == ["Load <2>"]


@pytest.mark.parametrize("suffix", ["", "/", "/bot", "/bot/"])
async def test_the_address_of_the_api_is_taken_in_every_form(tg: TelegramStandIn, bare: Bare, suffix: str) -> None:
    door = bare(api_url=tg.url + suffix)
    assert await door.probe() == Sent("HoldwatchBot")


async def test_the_token_is_in_no_log_at_any_level(tg: TelegramStandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram", "telegram.Bot"):
        caplog.set_level(logging.DEBUG, logger=name)
    maria = tg.user("Maria")
    async with running(tg) as rig:
        tg.message(maria, maria, "/hold")
        await tg.answered(maria)
        tg.fail("reset")
        tg.fail("500")
        for _ in range(2):
            await rig.door.post(place(maria), card())
    assert caplog.records
    assert tg.token not in caplog.text
    assert "SAMPLE-token" not in caplog.text


async def test_membership_is_asked_of_telegram(tg: TelegramStandIn, door: TelegramDoor) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")
    group = tg.group("Dispatch", maria)
    found = [await door.member(place(group), Account("telegram", "", str(u.id))) for u in (maria, otto)]
    assert found == [True, False]
    assert await door.member(Place("telegram", "", "-9"), Account("telegram", "", str(maria.id))) is None
