"""The bodies Slack sends, built from the state of the stand-in."""

import time

from tests.standins.slack_state import APP, BOT_USER, TEAM, Json, Message, State
from tests.standins.slack_web import wire


def slash(state: State, command: str, text: str, *, user: str, channel: str, response_url: str) -> Json:
    """A slash command (form fields)."""
    at = state.channels[channel]
    return {
        "token": "sample-verification",
        "team_id": TEAM,
        "team_domain": "sample",
        "channel_id": channel,
        "channel_name": "directmessage" if at.im_of else at.name,
        "user_id": user,
        "user_name": state.users[user].name,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": state.new_trigger(user),
    }


def interaction(state: State, user: str) -> Json:
    """What every interactive payload holds."""
    person = state.users[user]
    return {
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team},
        "api_app_id": APP,
        "token": "sample-verification",
        "team": {"id": TEAM, "domain": "sample"},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": state.new_trigger(user),
    }


def press(state: State, message: Message, button: Json, *, user: str, response_url: str) -> Json:
    """A tap on a button of a message."""
    channel = state.channels[message.channel]
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    container["is_ephemeral"] = bool(message.only_for)
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    block = next(b for b in message.blocks if button in b.get("elements", []))
    action = {
        "action_id": button.get("action_id", "auto"),
        "block_id": block.get("block_id", "auto"),
        "text": button["text"],
        "value": button.get("value", ""),
        "type": "button",
        "action_ts": f"{time.time():.6f}",
    }
    body = {"type": "block_actions", "container": container, "channel": {"id": channel.id, "name": channel.name}}
    if not message.only_for:
        body["message"] = wire(message)
    state_of = {"state": {"values": {}}, "response_url": response_url, "actions": [action]}
    return interaction(state, user) | body | state_of


def submission(state: State, view: Json, values: Json, *, user: str) -> Json:
    """A modal that was sent off."""
    kept = view | {
        "state": {"values": values},
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": "B0SAMPLE01",
        "root_view_id": view["id"],
        "previous_view_id": None,
        "external_id": "",
    }
    return interaction(state, user) | {"type": "view_submission", "view": kept, "response_urls": []}


def event(state: State, inner: Json) -> Json:
    """An Events API envelope with its own event id."""
    return {
        "token": "sample-verification",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": inner,
        "type": "event_callback",
        "event_id": state.next_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        "is_ext_shared_channel": False,
        "event_context": "sample-context",
    }


def message_event(kind: str, message: Message, **more: str) -> Json:
    """An app_mention or message event about a message."""
    inner = wire(message) | {"type": kind, "channel": message.channel, "event_ts": message.ts} | more
    inner["client_msg_id"] = f"sample-{message.ts}"
    return inner
