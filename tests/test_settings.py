"""Settings say what is wrong in a sentence, secrets never show, and every setting is described."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Arrival, Config, SettingsError, read_config
from bot.domain.load import Direction
from bot.domain.status import Authority, Track
from bot.feeds.protocol import Reader, Reading, Source
from bot.feeds.registry import SOURCES as REAL
from bot.settings import Environment, Listen, describe, read_environment

ROOT = Path(__file__).parents[1]


class SilentSource:
    """A source that knows nothing, for settings to name."""

    version = 1
    authority = Authority.CUSTOMS

    def __init__(self, name: str, *covers: Track, directions: frozenset[Direction] = frozenset(Direction)) -> None:
        self.name = name
        self.directions = directions
        self.covers = frozenset(covers)

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        return Reading()


SOURCES: Mapping[str, Source] = {
    s.name: s
    for s in (
        SilentSource("cbsa_rns", Track.RELEASE, directions=frozenset({Direction.CA})),
        SilentSource("cbsa_notices", Track.MATCH),
        SilentSource("broker_json", Track.RELEASE, Track.AGENCY),
        SilentSource("json_poll", Track.RELEASE),
        SilentSource("email_drop", Track.RELEASE),
    )
}
Write = Callable[[str], Config]
#: A feed that is asked, in pieces for tests to leave out.
_POLL = "[feeds.x]\nsource = 'json_poll'\narrival = 'poll'\n"
_URL = "url = 'https://b.example/?n={number}'\n"
_WORDS = "words = { A = 'READY' }\nanswer = { status = 's' }"


@pytest.fixture
def config(tmp_path: Path) -> Write:
    def write(text: str) -> Config:
        path = tmp_path / "holdwatch.toml"
        path.write_text(text, "utf-8")
        return read_config(path, Path("var"), SOURCES)

    return write


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Environment]:
    for setting in describe():
        if setting.where == "environment":
            monkeypatch.delenv(setting.name, raising=False)
            monkeypatch.delenv(f"{setting.name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)

    def with_(**values: str) -> Environment:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return read_environment()

    return with_


def test_an_empty_environment_has_working_defaults(environment: Callable[..., Environment]) -> None:
    env = environment()
    assert env.http == Listen("127.0.0.1", 8080)
    assert env.http.loopback
    assert env.database == "sqlite+aiosqlite:///var/holdwatch.db"
    assert env.config_path is None
    assert (env.chats, env.secrets) == (False, ())


def test_an_empty_value_is_the_same_as_none(environment: Callable[..., Environment]) -> None:
    env = environment(SLACK_BOT_TOKEN="", HOLDWATCH_HTTP="", HOLDWATCH_DATABASE_URL="")
    assert (env.slack_bot_token, env.http.port, env.chats) == (None, 8080, False)


def test_every_variable_can_come_from_a_file(environment: Callable[..., Environment], tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-SAMPLE\n")
    (tmp_path / "http").write_text("[::1]:9000\n")
    env = environment(SLACK_BOT_TOKEN_FILE=str(tmp_path / "token"), HOLDWATCH_HTTP_FILE=str(tmp_path / "http"))
    assert env.slack_bot_token is not None
    assert env.slack_bot_token.get_secret_value() == "xoxb-SAMPLE"
    assert env.http == Listen("::1", 9000)
    assert env.chats
    assert env.secrets == ("xoxb-SAMPLE",)


def test_a_secret_does_not_show_when_settings_are_printed(environment: Callable[..., Environment]) -> None:
    env = environment(TELEGRAM_BOT_TOKEN="12345:SAMPLE", HOLDWATCH_BOARD_TOKEN="board-SAMPLE")
    assert "SAMPLE" not in f"{env!r} {env}"
    assert set(env.secrets) == {"12345:SAMPLE", "board-SAMPLE"}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"HOLDWATCH_HTTP": "8080"}, "HOLDWATCH_HTTP: '8080' is not host:port"),
        ({"HOLDWATCH_HTTP": "localhost:99999"}, "HOLDWATCH_HTTP: 'localhost:99999' is not host:port"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL: 'slack.com' is not an http:// or https:// address"),
        ({"HOLDWATCH_DATABASE_URL": "mysql://x"}, "HOLDWATCH_DATABASE_URL: it begins with sqlite+aiosqlite:///"),
        ({"SLACK_BOT_TOKEN_FILE": "nowhere"}, "SLACK_BOT_TOKEN_FILE names nowhere, which can't be read"),
        (
            {"SLACK_BOT_TOKEN": "a", "SLACK_BOT_TOKEN_FILE": "b"},
            "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set",
        ),
    ],
)
def test_a_wrong_variable_is_named(environment: Callable[..., Environment], values: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        environment(**values)
    assert says in str(caught.value)
    assert "nothing was started" in str(caught.value)


def test_a_named_configuration_file_must_be_there(environment: Callable[..., Environment]) -> None:
    env = environment(HOLDWATCH_CONFIG="mine.toml")
    with pytest.raises(SettingsError, match=r"mine\.toml can't be used"):
        read_config(env.config_path, env.var, SOURCES)


def test_without_a_file_there_is_one_carrier_and_three_folders() -> None:
    config = read_config(None, Path("var"), SOURCES)
    (carrier,) = config.carriers
    assert (carrier.id, carrier.codes, carrier.zone.key) == ("home", frozenset(), "America/Toronto")
    assert [(f.name, f.source, f.arrival, f.carriers, str(f.folder)) for f in config.feeds] == [
        ("rns", "cbsa_rns", Arrival.FOLDER, ("home",), "var/feeds/rns"),
        ("notices", "cbsa_notices", Arrival.FOLDER, ("home",), "var/feeds/notices"),
        ("broker", "broker_json", Arrival.FOLDER, ("home",), "var/feeds/broker"),
    ]
    assert carrier.feeds[0].tracks == frozenset({Track.RELEASE})
    assert [f.directions for f in carrier.feeds] == [
        frozenset({Direction.CA}),
        frozenset(Direction),
        frozenset(Direction),
    ]
    assert config.carrier("home") == carrier


def test_a_file_that_names_no_feeds_keeps_the_three_folders(config: Write) -> None:
    read = config('[policy]\nwarn_before = "5h"\n')
    assert len(read.feeds) == 3
    assert read.carriers[0].policy.warn_before == timedelta(hours=5)


def test_a_feed_speaks_only_for_its_carriers_and_covers_what_it_says(config: Write, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("SAMPLE-long-enough-key\n")
    read = config("""
        [carriers.a]
        codes = ["8smp"]
        [carriers.b]
        policy = { warn_before = "6h" }
        [feeds.in]
        source = "broker_json"
        arrival = "webhook"
        carriers = ["b"]
        secret_file = "key"
        covers = { tracks = ["release"], brokers = ["PCB"], directions = ["CA"] }
        overrides = { OK = "READY" }
    """)
    (feed,) = read.feeds
    assert feed.secret == "SAMPLE-long-enough-key"
    assert feed.reader.overrides == {"OK": "READY"}
    assert read.secrets == ("SAMPLE-long-enough-key",)
    assert "SAMPLE-long" not in repr(read)
    a, b = read.carriers
    assert (a.feeds, a.codes) == ((), frozenset({"8SMP"}))
    assert b.feeds[0].brokers == frozenset({"PCB"})
    assert b.feeds[0].directions == frozenset({Direction.CA})
    assert b.policy.warn_before == timedelta(hours=6)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("polcy = 1", "polcy is not a setting, did you mean policy?"),
        ("[carriers.home]\ncode = []", "carriers.home.code is not a setting, did you mean codes?"),
        ("[carriers.Home]", "carriers.Home: a name is small letters"),
        ("[carriers.home]\ncodes = ['TOOLONG']", "'TOOLONG' is not a carrier code"),
        ("[carriers.home]\nhome = 'Eastern'", "carriers.home.home: 'Eastern' is not a time zone"),
        ("[carriers.home.policy]\nwarn_befor = '4h'", "carriers.home.policy.warn_befor is not a setting, did you mean"),
        ("[policy]\nwarn_before = 4", "policy.warn_before is a length of time in quotes"),
        ("[feeds.x]", "feeds.x.source is missing"),
        ("[feeds.x]\nsource = 'rns'", "feeds.x.source: 'rns' is not a source, there are cbsa_rns, cbsa_notices"),
        ("[feeds.x]\nsource = 'cbsa_rns'\nzone = 'EST5'", "feeds.x.zone: 'EST5' is not a time zone"),
        ("[feeds.x]\nsource = 'cbsa_rns'\nsettle = 'soon'", "feeds.x.settle: 'soon' is not a length of time"),
        ("[feeds.x]\nsource = 'cbsa_rns'\ncarriers = ['y']", "feeds.x.carriers: there is no carrier 'y', only home"),
        ("[feeds.x]\nsource = 'cbsa_rns'\narrival = 'webhook'", "feeds.x is a webhook: it needs a secret"),
        ("[feeds.x]\nsource = 'cbsa_rns'\nsecret_file = 'none'", "feeds.x.secret_file: none can't be read"),
        ("[feeds.x]\nsource = 'cbsa_rns'\nsecret = 'a'\nsecret_file = 'b'", "has secret and secret_file: keep one"),
        (
            "[feeds.x]\nsource = 'cbsa_rns'\ncovers.track = []",
            "feeds.x.covers.track is not a setting, did you mean tracks?",
        ),
        ("[feeds.x]\nsource = 'cbsa_rns'\noverrides = {1 = 'FINE'}", "feeds.x.overrides.1: input should be"),
        (
            "[carriers.a]\n[carriers.b]\n[feeds.x]\nsource = 'cbsa_rns'",
            "feeds.x.carriers is missing: say which of a, b",
        ),
        ("[crossings.New]\noffices = ['0499']", 'crossings."New" is a new crossing'),
        ("[feeds.x\n", "it is not TOML"),
        (_POLL + "url = 'http://b.example/{number}'\n" + _WORDS, "feeds.x.url is http: our key would be read"),
        (_POLL + _WORDS, "feeds.x.url is the https:// address to ask"),
        (_POLL + "url = 'https://{number}.example/'\n" + _WORDS, "feeds.x.url: neither a number nor a password"),
        (_POLL + "url = 'https://me:pw@b.example/{number}'\n" + _WORDS, "feeds.x.url: neither a number nor a password"),
        (_POLL + "url = 'https://b.example/{numbr}'\n" + _WORDS, "feeds.x.url is the https:// address to ask"),
        (_POLL + _URL + "secret = 'SAMPLE'\n" + _WORDS, "feeds.x has a secret that is sent nowhere"),
        (_POLL + _URL + "headers = { K = '{secret}' }\n" + _WORDS, "but there is neither secret nor secret_file"),
        (_POLL + _URL + "headers = { 'K y' = '1' }\n" + _WORDS, "feeds.x.headers.K y is not a header of HTTP"),
        (_POLL + _URL + "per_minute = 0\n" + _WORDS, "feeds.x.per_minute: input should be greater than 0"),
        (_POLL + _URL + "answer = { status = 's' }", "feeds.x.words is missing: what do its words mean?"),
        (_POLL + _URL + "words = { A = 'READY' }", "feeds.x.answer.status is missing"),
        (_POLL + _URL + "words = { A = 'GREEN' }", "feeds.x.words.A: input should be"),
        (_POLL + _URL + "answer = { stats = 's' }", "feeds.x.answer.stats is not a setting, did you mean status?"),
        (_POLL + _URL + "answer = { status = 'a[0].b' }\n" + "words = { A = 'READY' }", "'a[0].b' is not a path"),
        (_POLL + "url = 'https://b.example/'\n" + _WORDS, "feeds.x.answer.number is missing"),
        ("[feeds.x]\nsource = 'cbsa_rns'\nurl = 'https://b.example'", "feeds.x has a url, which is asked only where"),
        ("[feeds.x]\nsource = 'email_drop'\nmail = { numbers = ['('] }", "'(' is not a regular expression"),
    ],
)
def test_a_wrong_key_is_named_with_what_it_should_be(config: Write, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        config(text)
    assert says in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(config: Write) -> None:
    with pytest.raises(SettingsError) as caught:
        config("[policy]\nx = 1\n[carriers.home]\nhome = 'x'\n[feeds.y]\nsource = 'z'\nzone = 'w'")
    assert len(caught.value.problems) == 4


def test_a_wrong_secret_is_not_repeated_in_the_complaint(config: Write) -> None:
    with pytest.raises(SettingsError) as caught:
        config("[feeds.x]\nsource = 'cbsa_rns'\nsecret = ['SAMPLE-secret']")
    assert "SAMPLE-secret" not in str(caught.value)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holdwatch.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="it is not text in UTF-8"):
        read_config(path, Path("var"), SOURCES)


def test_the_example_names_every_key_and_can_be_used() -> None:
    path = ROOT / "holdwatch.example.toml"
    config = read_config(path, Path("var"), REAL)
    assert {"rns", "notices", "broker"} < {f.name for f in config.feeds}
    assert config.crossings.find("Sampletown").one is not None
    text = path.read_text("utf-8")
    unnamed = [s.name for s in describe() if s.where == "file" and f"{s.name.rpartition('.')[2]}" not in text]
    assert unnamed == []


def test_the_example_shows_the_defaults_of_the_policy() -> None:
    table = tomllib.loads((ROOT / "holdwatch.example.toml").read_text("utf-8"))["policy"]
    wrong = {
        s.name: (s.default, shown)
        for s in describe()
        if s.name.startswith("policy.") and s.default
        for shown in [table.get(s.name.removeprefix("policy."))]
        if str(shown).lower() != s.default
    }
    assert wrong == {}


def test_the_example_and_the_defaults_name_real_sources() -> None:
    for path in (None, ROOT / "holdwatch.example.toml"):
        assert {f.source for f in read_config(path, Path("var"), REAL).feeds} <= set(REAL)
    (source,) = (s for s in describe() if s.name == "feeds.<feed>.source")
    assert [name for name in REAL if name not in source.help] == []


def test_every_setting_has_a_help() -> None:
    settings = describe()
    assert [s.name for s in settings if not s.help] == []
    assert len({s.name for s in settings}) == len(settings)
