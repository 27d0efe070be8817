"""The Slack app manifest to paste, for Socket Mode or for HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from handlers.slack.http import PATH

# What each scope is for, so that whoever pastes this can say yes to it.
SCOPES = {
    "app_mentions:read": "hears @holdwatch in a channel",
    "channels:history": "hears a picture posted in a thread that asks about an importer, and looks at nothing else",
    "channels:read": "who is in the dispatch channels",
    "chat:write": "posts and edits cards",
    "commands": "slash commands",
    "files:read": "keeps a picture of the CARM portal that is sent to it as evidence",
    "groups:history": "the same in private channels",
    "groups:read": "who is in private dispatch channels",
    "im:history": "hears direct messages",
    "im:read": "knows a direct conversation",
    "im:write": "opens a direct conversation",
    "reactions:read": "eyes on a card take it",
    "users:read": "workspace admins and guests",
}
EVENTS = (
    "app_mention",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "user_change",
)
#: Without these all works but for pictures in threads, which then need a mention.
OPTIONAL = frozenset({"channels:history", "groups:history"})
_LONGEST, _MOST = 2000, 25


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """`command` with its slash, what it does, and what may follow it."""

    command: str
    description: str
    usage_hint: str = ""


def manifest(commands: Sequence[SlashCommand], *, request_url: str = "", name: str = "Holdwatch") -> str:
    """The manifest as YAML: Socket Mode without `request_url`, else HTTP at that address (its path may be left out)."""
    url = _address(request_url) if request_url else ""
    lines = [
        "display_information:",
        f"  name: {_text(name, 35)}",
        f"  description: {_text('Says before the truck is at the border that a load will be held', 140)}",
        "features:",
        "  app_home:",
        "    home_tab_enabled: false",
        "    messages_tab_enabled: true",
        "    messages_tab_read_only_enabled: false",
        "  bot_user:",
        f"    display_name: {_text(name.lower(), 80)}",
        "    always_online: true",
        "  slash_commands:",
    ]
    for one in _checked(commands):
        lines += _command(one, url)
    lines += ["oauth_config:", "  scopes:", "    bot:", *(f"      - {scope}  # {why}" for scope, why in SCOPES.items())]
    lines += ["settings:", "  event_subscriptions:", *_url(url, 4), "    bot_events:"]
    lines += [f"      - {event}" for event in EVENTS]
    lines += ["  interactivity:", "    is_enabled: true", *_url(url, 4)]
    lines += [
        "  org_deploy_enabled: false",
        f"  socket_mode_enabled: {_yes(not url)}",
        "  token_rotation_enabled: false",
    ]
    return "\n".join(lines) + "\n"


def _checked(commands: Sequence[SlashCommand]) -> Sequence[SlashCommand]:
    if len(commands) > _MOST:
        raise ValueError(f"Slack takes {_MOST} slash commands, here are {len(commands)}")
    for one in commands:
        if not one.command.startswith("/") or len(one.command) > 32 or " " in one.command:
            raise ValueError(f"{one.command!r} is no slash command")
    return commands


def _command(one: SlashCommand, url: str) -> list[str]:
    lines = [f"    - command: {_text(one.command, 32)}", f"      description: {_text(one.description, _LONGEST)}"]
    if one.usage_hint:
        lines.append(f"      usage_hint: {_text(one.usage_hint, 1000)}")
    # People are named as <@U…> in what arrives, so that `/person @sam allow dispatcher` finds them.
    return [*lines, "      should_escape: true", *_url(url, 6, name="url")]


def _url(url: str, indent: int, *, name: str = "request_url") -> list[str]:
    return [f"{' ' * indent}{name}: {_text(url, 2000)}"] if url else []


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc:
        raise ValueError(f"Slack reaches only https addresses, not {url!r}")
    return url if parts.path.strip("/") else f"https://{parts.netloc}{PATH}"


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _text(text: str, most: int) -> str:
    # A JSON string is a YAML string, whatever is in it.
    return json.dumps(text[:most], ensure_ascii=False)
