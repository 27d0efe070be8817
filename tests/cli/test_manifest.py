"""`holdwatch manifest`: what Slack is given fits what can be typed."""

import json
import re

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.cli.manifest import UNDER_HOLDWATCH, commands
from bot.domain.errors import HoldwatchError
from handlers.nouns import NOUNS


def printed(*args: str) -> str:
    result = CliRunner().invoke(cli, ["manifest", *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_every_noun_is_a_slash_command_or_is_named_under_holdwatch() -> None:
    found = {one.command: one for one in commands()}
    assert set(found) == {f"/{n.name}" for n in NOUNS if n.name not in UNDER_HOLDWATCH} | {"/holdwatch"}
    assert all(name in found["/holdwatch"].usage_hint for name in UNDER_HOLDWATCH)
    assert all(one.description for one in found.values())


def test_the_manifest_is_printed_for_socket_mode_and_for_http() -> None:
    assert "socket_mode_enabled: true" in printed("slack")
    http = printed("slack", "--url", "https://holdwatch.example")
    assert "socket_mode_enabled: false" in http
    assert "https://holdwatch.example/slack/events" in http
    names = [json.loads(text) for text in re.findall(r"- command: (.+)", http)]
    assert names == [one.command for one in commands()]


@pytest.mark.parametrize("args", [("teams",), ("slack", "--url", "http://plain.example")])
def test_what_cannot_be_is_refused_in_a_sentence(args: tuple[str, ...]) -> None:
    with pytest.raises(HoldwatchError):
        CliRunner().invoke(cli, ["manifest", *args], catch_exceptions=False)
