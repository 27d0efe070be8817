"""Settings of a queue that is emptied by reading: taken, or refused by a sentence that says what to write."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config, SettingsError, read_config
from bot.feeds.registry import SOURCES

GOOD = {
    "source": "borderconnect",
    "arrival": "socket",
    "url": "wss://borderconnect.com/api/sockets/sample",
    "secret": "SAMPLE-key",
}


def config(folder: Path, **changed: str | None) -> Config:
    lines = [f'{name} = "{text}"' for name, text in (GOOD | changed).items() if text is not None]
    path = folder / "holdwatch.toml"
    path.write_text("\n".join(["[feeds.bc]", *lines]), "utf-8")
    return read_config(path, folder, SOURCES)


@pytest.mark.parametrize("arrival", ["socket", "poll"])
def test_a_queue_is_a_feed_of_four_lines(tmp_path: Path, arrival: str) -> None:
    url = GOOD["url"] if arrival == "socket" else "https://borderconnect.com/api/receive/sample"
    (feed,) = config(tmp_path, arrival=arrival, url=url, company_key="c-9000-SAMPLE").feeds
    assert feed.queue and feed.secret == "SAMPLE-key" and feed.zone == ZoneInfo("UTC")
    assert feed.reader.fields == {"company_key": "c-9000-SAMPLE"}
    assert "SAMPLE-key" not in repr(feed)


def test_the_key_is_blanked_in_the_log_and_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "bc.key").write_text("SAMPLE-key-in-a-file\n")
    found = config(tmp_path, secret=None, secret_file="bc.key")
    assert found.secrets == ("SAMPLE-key-in-a-file",)


def test_a_zone_that_is_written_stands(tmp_path: Path) -> None:
    assert config(tmp_path, zone="America/Toronto").feeds[0].zone == ZoneInfo("America/Toronto")


def test_the_same_messages_may_lie_in_a_folder(tmp_path: Path) -> None:
    (feed,) = config(tmp_path, arrival="folder", url=None, secret=None).feeds
    assert not feed.queue


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": "https://borderconnect.com/api/receive/sample"}, "feeds.bc.url is the wss:// address of the queue"),
        ({"arrival": "poll"}, "feeds.bc.url is the https:// address of the queue"),
        ({"url": None}, "feeds.bc.url is the wss:// address of the queue"),
        ({"url": "ws://borderconnect.com/api/sockets/sample"}, "feeds.bc.url is ws: our key would be read on the way"),
        ({"url": "wss://me@borderconnect.com/sample"}, "a password does not belong before the host"),
        ({"url": "wss://[borderconnect"}, "feeds.bc.url is the wss:// address of the queue"),
        ({"secret": None}, "feeds.bc has no key: put your API key into secret"),
        ({"secret": "SAMPLE-kéy"}, "feeds.bc: the secret holds characters"),
        ({"secret_file": "missing.key", "secret": None}, "feeds.bc.secret_file: missing.key can't be read"),
        ({"arrival": "folder"}, "feeds.bc has a url, which is read only where arrival is poll or socket"),
        ({"source": "cbsa_rns"}, "no line can be opened to cbsa_rns, only to borderconnect"),
        ({"source": "cbsa_rns", "arrival": "folder", "url": None, "company_key": "c"}, "feeds.bc.company_key is for"),
        ({"every": "0s", "arrival": "poll", "url": "https://borderconnect.com/a"}, "every is at least 1s"),
    ],
)
def test_settings_that_can_t_work_are_refused_by_name(
    tmp_path: Path, changed: dict[str, str | None], said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        config(tmp_path, **changed)
    assert said in str(refused.value)
    assert "SAMPLE-key" not in str(refused.value)
