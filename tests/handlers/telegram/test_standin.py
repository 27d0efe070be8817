"""The stand-in refuses what Telegram refuses; tested by a plain HTTP client, not by the library that the door uses."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.standins.telegram import Flood, TelegramStandIn


class Client:
    """Calls the API in any of the forms it takes."""

    def __init__(self, tg: TelegramStandIn, http: aiohttp.ClientSession) -> None:
        self._tg = tg
        self._http = http

    async def __call__(self, method: str, how: str = "json", token: str = "", **params: Any) -> dict[str, Any]:
        url = f"{self._tg.url}/bot{token or self._tg.token}/{method}"
        flat = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        if how == "query":
            sent = self._http.get(url, params=flat)
        elif how == "form":
            sent = self._http.post(url, data=flat)
        elif how == "multipart":
            body = aiohttp.FormData(default_to_multipart=True)
            for name, value in flat.items():
                body.add_field(name, value)
            sent = self._http.post(url, data=body)
        else:
            sent = self._http.post(url, json=params)
        async with sent as answer:
            shown: dict[str, Any] = await answer.json()
            assert shown.get("error_code", 200) == answer.status
            return shown


@pytest.fixture
async def api(tg: TelegramStandIn) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(tg, http)


def board(*buttons: dict[str, Any], width: int = 1) -> dict[str, Any]:
    rows = [list(buttons[n : n + width]) for n in range(0, len(buttons), width)]
    return {"inline_keyboard": rows}


@pytest.mark.parametrize("how", ["json", "form", "multipart", "query"])
@pytest.mark.parametrize("method", ["sendMessage", "sendmessage", "SENDMESSAGE"])
async def test_every_body_and_spelling_is_taken(tg: TelegramStandIn, api: Client, how: str, method: str) -> None:
    maria = tg.user("Maria")
    markup = board({"text": "Got it", "callback_data": "/load 1 got it"})
    await api(method, how, chat_id=maria.id, text="<b>hi</b> &amp; bye", parse_mode="HTML", reply_markup=markup)
    message = tg.seen(maria)[0]
    assert (message.text, message.labels) == ("hi & bye", ["Got it"])
    assert message.entities == [{"type": "bold", "offset": 0, "length": 2}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "message text is empty"),
        ("   ", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("<b>x", "can't parse entities: Can't find end tag"),
        ("x</b>", "can't parse entities: Unexpected end tag"),
        ("<b><i>x</b></i>", "can't parse entities: Unmatched end tag"),
        ("<h1>x</h1>", "can't parse entities: Unsupported start tag"),
        ("1 < 2", "can't parse entities"),
        ("<span>x</span>", "can't parse entities"),
    ],
)
async def test_bad_text_is_refused_and_recorded(tg: TelegramStandIn, api: Client, text: str, why: str) -> None:
    maria = tg.user("Maria")
    told = await api("sendMessage", chat_id=maria.id, text=text, parse_mode="HTML")
    assert told["description"].startswith(f"Bad Request: {why}")
    assert [(r.method, r.code) for r in tg.refused] == [("sendmessage", 400)]
    assert tg.seen(maria) == []


async def test_length_counts_after_entities(tg: TelegramStandIn, api: Client) -> None:
    maria = tg.user("Maria")
    assert (await api("sendMessage", chat_id=maria.id, text="&lt;" * 4096, parse_mode="HTML"))["ok"]
    assert (await api("sendMessage", chat_id=maria.id, text="<b>plain</b>"))["result"]["text"] == "<b>plain</b>"


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (board({"text": "x", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
        (board({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (board({"text": "x"}), "BUTTON_DATA_INVALID"),
        (board({"text": " ", "callback_data": "a"}), "text buttons are unallowed"),
        (board(*[{"text": "x", "callback_data": "a"}] * 9, width=9), "BUTTONS_ROW_TOO_LONG"),
        (board(*[{"text": "x", "callback_data": "a"}] * 101), "reply markup is too long"),
        (board({"text": "x", "callback_data": "a", "style": "green"}), "invalid button style"),
        ({"keyboard": []}, "object expected"),
    ],
)
async def test_bad_keyboards_are_refused(tg: TelegramStandIn, api: Client, markup: Any, why: str) -> None:
    told = await api("sendMessage", chat_id=tg.user("Maria").id, text="x", reply_markup=markup)
    assert why in told["description"]


async def test_tokens_methods_and_chats_that_are_not_known(tg: TelegramStandIn, api: Client) -> None:
    assert (await api("getMe", token="1:wrong"))["error_code"] == 401
    assert (await api("getMee"))["error_code"] == 404
    assert (await api("sendMessage", chat_id=5, text="x"))["description"] == "Bad Request: chat not found"
    assert (await api("getChat", chat_id=5))["description"] == "Bad Request: chat not found"
    assert (await api("getMe"))["result"]["username"] == "HoldwatchBot"
    assert [r.code for r in tg.refused] == [401, 404, 400, 400]


async def test_edits_and_deletes_know_what_is_there(tg: TelegramStandIn, api: Client) -> None:
    maria = tg.user("Maria")
    typed = tg.message(maria, maria, "hello")
    markup = board({"text": "x", "callback_data": "a"})
    ref = (await api("sendMessage", chat_id=maria.id, text="one"))["result"]["message_id"]
    where = {"chat_id": maria.id, "message_id": ref}
    assert "not modified" in (await api("editMessageText", **where, text="one"))["description"]
    assert (await api("editMessageText", **where, text="two", reply_markup=markup))["ok"]
    assert "not modified" in (await api("editMessageReplyMarkup", **where, reply_markup=markup))["description"]
    assert (await api("editMessageReplyMarkup", **where))["ok"]
    missing = await api("editMessageText", chat_id=maria.id, message_id=999_999, text="x")
    assert missing["description"] == "Bad Request: message to edit not found"
    theirs = await api("editMessageText", chat_id=maria.id, message_id=typed.id, text="x")
    assert theirs["description"] == "Bad Request: message can't be edited"
    assert tg.seen(maria)[0].history == ["one", "two"]
    assert (await api("deleteMessage", **where))["ok"]
    assert not (await api("deleteMessage", **where))["ok"]
    assert tg.seen(maria) == []


async def test_a_tap_is_answered_once_and_in_time(tg: TelegramStandIn, api: Client) -> None:
    maria = tg.user("Maria")
    markup = board({"text": "Got it", "callback_data": "/load 1 got it"})
    await api("sendMessage", chat_id=maria.id, text="card", reply_markup=markup)
    tap = tg.press(tg.seen(maria)[0], "Got it")
    assert not (await api("answerCallbackQuery", callback_query_id=tap.id, text="x" * 201))["ok"]
    assert (await api("answerCallbackQuery", callback_query_id=tap.id, text="fine", show_alert=True))["ok"]
    assert "too old" in (await api("answerCallbackQuery", callback_query_id=tap.id))["description"]
    assert "too old" in (await api("answerCallbackQuery", callback_query_id="?"))["description"]
    tg.tap_patience = 0.0
    late = tg.press(tg.seen(maria)[0], "Got it")
    assert "too old" in (await api("answerCallbackQuery", callback_query_id=late.id))["description"]
    assert (tap.text, tap.alert, late.answered) == ("fine", True, False)
    with pytest.raises(AssertionError, match="no button"):
        tg.press(tg.seen(maria)[0], "Other")


async def test_updates_are_confirmed_by_offset_and_ids_are_never_used_twice(tg: TelegramStandIn, api: Client) -> None:
    maria = tg.user("Maria")
    for text in ("a", "b", "c"):
        tg.message(maria, maria, text)
    first = (await api("getUpdates"))["result"]
    again = (await api("getUpdates", limit=2))["result"]
    assert [u["message"]["text"] for u in first] == ["a", "b", "c"]
    assert again == first[:2]
    rest = (await api("getUpdates", offset=first[1]["update_id"]))["result"]
    assert rest == first[1:]
    assert (await api("getUpdates", offset=first[2]["update_id"] + 1))["result"] == []
    tg.message(maria, maria, "d")
    assert (await api("getUpdates"))["result"][0]["update_id"] == first[2]["update_id"] + 1


async def test_a_long_poll_ends_with_news_and_a_second_poller_ends_the_first(tg: TelegramStandIn, api: Client) -> None:
    maria = tg.user("Maria")
    waiting = asyncio.create_task(api("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    tg.message(maria, maria, "news")
    found = (await waiting)["result"]
    assert [u["message"]["text"] for u in found] == ["news"]
    offset = found[0]["update_id"] + 1
    waiting = asyncio.create_task(api("getUpdates", timeout=5, offset=offset))
    await asyncio.sleep(0.05)
    assert (await api("getUpdates", offset=offset))["ok"]
    assert (await waiting)["error_code"] == 409


async def test_only_the_types_asked_for_arrive_and_the_wish_is_remembered(tg: TelegramStandIn, api: Client) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    await api("getUpdates", allowed_updates=["chat_member"])
    tg.message(maria, maria, "dropped")
    tg.join(group, tg.user("Otto"))
    assert [set(u) - {"update_id"} for u in (await api("getUpdates"))["result"]] == [{"chat_member"}]
    await api("getUpdates", allowed_updates=[])
    tg.message(maria, maria, "kept")
    tg.leave(group, maria)
    assert "message" in (await api("getUpdates"))["result"][-1]


async def test_webhook_and_polling_exclude_each_other(tg: TelegramStandIn, api: Client) -> None:
    hook = "http://127.0.0.1:9/x"
    assert not (await api("setWebhook", url="http://example.com/x"))["ok"]
    assert not (await api("setWebhook", url=hook, secret_token="no spaces"))["ok"]
    assert (await api("setWebhook", url=hook, secret_token="SAMPLE"))["ok"]
    assert (await api("getUpdates"))["error_code"] == 409
    maria = tg.user("Maria")
    tg.message(maria, maria, "kept")
    await tg.until(lambda: tg.updates.last_error)
    info = (await api("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == (hook, 1)
    assert "last_error_message" in info
    assert (await api("deleteWebhook"))["ok"]
    assert [u["message"]["text"] for u in (await api("getUpdates"))["result"]] == ["kept"]


async def test_groups_hear_only_what_is_said_to_the_bot(tg: TelegramStandIn, api: Client) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")
    group = tg.group("Dispatch", maria)
    await api("sendMessage", chat_id=group.id, text="card")
    tg.message(maria, group, "coffee?")
    tg.message(maria, group, "/hold")
    tg.message(maria, group, "hey @HoldwatchBot")
    tg.message(maria, group, "got it", reply_to=tg.seen(group)[0])
    heard = [u["message"] for u in (await api("getUpdates"))["result"]]
    assert [m["text"] for m in heard] == ["/hold", "hey @HoldwatchBot", "got it"]
    assert heard[1]["entities"] == [{"type": "mention", "offset": 4, "length": 13}]
    assert heard[2]["reply_to_message"]["text"] == "card"
    with pytest.raises(AssertionError, match="Otto is not in"):
        tg.message(otto, group, "/hold")


async def test_the_flood_limits_are_telegrams_and_switchable(tg: TelegramStandIn, api: Client) -> None:
    group = tg.group("Dispatch", tg.user("Maria"))
    tg.limit(Flood(every=0.0, group=2, window=30.0))
    for _ in range(2):
        assert (await api("sendMessage", chat_id=group.id, text="x"))["ok"]
    told = await api("sendMessage", chat_id=group.id, text="x")
    assert (told["error_code"], told["parameters"]) == (429, {"retry_after": 30})
    tg.limit(None)
    assert (await api("sendMessage", chat_id=group.id, text="x"))["ok"]
    tg.fail("429", seconds=9)
    assert (await api("sendMessage", chat_id=group.id, text="x"))["parameters"] == {"retry_after": 9}
    assert (await api("sendMessage", chat_id=group.id, text="x"))["ok"]
    assert len(tg.refused) == 1


async def test_an_upgraded_group_names_its_new_id(tg: TelegramStandIn, api: Client) -> None:
    group = tg.group("Dispatch", tg.user("Maria"))
    new = tg.upgrade(group)
    told = await api("sendMessage", chat_id=group.id, text="x")
    assert (told["error_code"], told["parameters"]) == (400, {"migrate_to_chat_id": new.id})
    assert (await api("sendMessage", chat_id=new.id, text="x"))["ok"]


async def test_members_and_administrators(tg: TelegramStandIn, api: Client) -> None:
    maria, otto = tg.user("Maria"), tg.user("Otto")
    group = tg.group("Dispatch", maria)
    admins = (await api("getChatAdministrators", chat_id=group.id))["result"]
    assert [(a["status"], a["user"]["first_name"]) for a in admins] == [("creator", "Maria")]
    assert (await api("getChatMember", chat_id=group.id, user_id=otto.id))["result"]["status"] == "left"
    assert not (await api("getChatMember", chat_id=group.id, user_id=1))["ok"]
    assert not (await api("getChatAdministrators", chat_id=maria.id))["ok"]


@pytest.mark.parametrize("name", ["Load", "a-b", "", "x" * 33])
async def test_bad_menus_are_refused(tg: TelegramStandIn, api: Client, name: str) -> None:
    assert not (await api("setMyCommands", commands=[{"command": name, "description": "x"}]))["ok"]
    assert not (await api("setMyCommands", commands=[{"command": "load", "description": "x" * 257}]))["ok"]
    assert (await api("setMyCommands", commands=[{"command": "load", "description": "x"}]))["ok"]
    assert (await api("getMyCommands"))["result"] == [{"command": "load", "description": "x"}]
