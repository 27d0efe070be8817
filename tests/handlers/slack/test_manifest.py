"""The manifest that people paste into Slack."""

import pytest

from handlers.slack.manifest import EVENTS, SCOPES, SlashCommand, manifest

COMMANDS = [
    SlashCommand("/load", "Loads: status, why, got it", "1234 status"),
    SlashCommand("/holdwatch", 'Everything: "help" # tells more'),
]


def test_the_manifest_for_socket_mode_is_this() -> None:
    text = manifest(COMMANDS)
    assert text.startswith('display_information:\n  name: "Holdwatch"\n')
    assert (
        '  slash_commands:\n    - command: "/load"\n      description: "Loads: status, why, got it"\n'
        '      usage_hint: "1234 status"\n      should_escape: true\n'
        '    - command: "/holdwatch"\n      description: "Everything: \\"help\\" # tells more"\n'
        "      should_escape: true\noauth_config:\n"
    ) in text
    assert "socket_mode_enabled: true" in text
    assert "url:" not in text
    for word in (*SCOPES, *EVENTS):
        assert f"      - {word}" in text


def test_the_manifest_for_http_names_the_address_everywhere() -> None:
    text = manifest(COMMANDS, request_url="https://holdwatch.example")
    assert text.count('"https://holdwatch.example/slack/events"') == 4
    assert "socket_mode_enabled: false" in text
    assert 'request_url: "https://x.example/other"' in manifest(COMMANDS, request_url="https://x.example/other")


def test_what_slack_would_refuse_is_refused_here() -> None:
    with pytest.raises(ValueError, match="https"):
        manifest(COMMANDS, request_url="http://holdwatch.example")
    with pytest.raises(ValueError, match="25"):
        manifest(COMMANDS * 13)
    with pytest.raises(ValueError, match="no slash command"):
        manifest([SlashCommand("load", "x")])
