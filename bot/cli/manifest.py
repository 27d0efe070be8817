"""`holdwatch manifest`: what to paste when the Slack app is made."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import HoldwatchError
from handlers.nouns import BY_NAME, NOUNS, Noun

if TYPE_CHECKING:
    from handlers.slack.manifest import SlashCommand

#: These belong to Slack itself or to other apps; they are typed as /holdwatch feed, /holdwatch help.
UNDER_HOLDWATCH = frozenset({"feed", "help"})


def manifest(
    chat: Annotated[str, typer.Argument(help="which chat: slack")] = "slack",
    url: Annotated[
        str, typer.Option(help="your own https address, for Slack over HTTP; without it Socket Mode is used")
    ] = "",
) -> None:
    """Prints the manifest to paste at api.slack.com/apps, Create New App, From a manifest."""
    if chat != "slack":
        raise HoldwatchError(f"there is a manifest for slack only, not for '{chat}'; Telegram needs none")
    # The libraries of a chat are loaded by what needs them: every other command starts quicker.
    from handlers.slack.manifest import manifest as slack_manifest

    try:
        text = slack_manifest(commands(), request_url=url)
    except ValueError as why:
        raise HoldwatchError(f"{why}; nothing was printed") from None
    typer.echo(text, nl=False)


def commands() -> "list[SlashCommand]":
    """The slash commands: one a noun, and /holdwatch under which every line can be typed."""
    from handlers.slack.manifest import SlashCommand

    own = [_command(noun) for noun in NOUNS if noun.name not in UNDER_HOLDWATCH]
    under = " · ".join(f"{BY_NAME[name].name}" for name in sorted(UNDER_HOLDWATCH))
    return [*own, SlashCommand("/holdwatch", "Any line of Holdwatch", f"load 1234 status · hold · {under}")]


def _command(noun: Noun) -> "SlashCommand":
    from handlers.slack.manifest import SlashCommand

    examples = [verb.example.removeprefix(f"/{noun.name}").strip() for verb in noun.verbs[:3]]
    return SlashCommand(f"/{noun.name}", noun.help, " · ".join(e for e in examples if e))
