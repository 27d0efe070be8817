"""Settings of feeds that take questions to customs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Config, SettingsError, read_config
from bot.domain.carrier import Way
from bot.feeds.protocol import Envelope
from bot.feeds.registry import SOURCES

_ASK = "[feeds.x]\nsource = 'cbsa_rns'\nask = 'folder'\n"
_POLL = "[feeds.x]\nsource = 'json_poll'\narrival = 'poll'\nurl = 'https://b.example/?n={number}'\n"
_WORDS = "words = { A = 'READY' }\nanswer = { status = 's' }\n"

Write = Callable[[str], Config]


@pytest.fixture
def config(tmp_path: Path) -> Write:
    def write(text: str) -> Config:
        path = tmp_path / "holdwatch.toml"
        path.write_text(text)
        return read_config(path, Path("var"), SOURCES)

    return write


def test_a_feed_is_asked_by_file_where_that_is_said_and_by_its_url_where_that_names_a_number(config: Write) -> None:
    by_file, by_url, not_asked = config(
        _ASK
        + "envelope = { sender = 'SMPL:ZZ', recipient = 'VAN', test = true }\n"
        + _POLL.replace("feeds.x", "feeds.y")
        + _WORDS
        + "[feeds.z]\nsource = 'cbsa_rns'\n"
    ).feeds
    assert [f.cover.asks for f in (by_file, by_url, not_asked)] == [Way.FILE, Way.POLL, None]
    assert by_file.envelope == Envelope("SMPL:ZZ", "VAN", test=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_ASK, "feeds.x.envelope.sender is missing: write it in capitals as your gateway gave it, SMPL or SMPL:ZZ"),
        (_ASK + "envelope = { sender = 'SMPL' }", "feeds.x.envelope.recipient is missing"),
        (_ASK + "envelope = { sender = 'smpl', recipient = 'VAN' }", "feeds.x.envelope.sender is not an id of an"),
        (_ASK + "envelope = { sender = 'SMPL:ZZ', recipient = 'A:B:C' }", "feeds.x.envelope.recipient is not an id"),
        (_ASK + "envelope = { sendr = 'SMPL' }", "feeds.x.envelope.sendr is not a setting"),
        (_ASK.replace("folder", "fax"), "feeds.x.ask: input should be 'folder'"),
        (_ASK.replace("ask = 'folder'", "envelope = { sender = 'A' }"), "feeds.x.envelope is for questions: write ask"),
        (_ASK.replace("cbsa_rns", "cbsa_notices"), 'feeds.x.ask = "folder" is for cbsa_rns by folder or webhook'),
        (_POLL + "ask = 'folder'\n" + _WORDS, 'feeds.x.ask = "folder" is for cbsa_rns by folder or webhook'),
    ],
)
def test_a_question_that_could_not_be_asked_is_refused_with_what_to_write(config: Write, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        config(text)
    assert says in str(caught.value)
