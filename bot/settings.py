"""Settings of the environment, and one list of every setting there is with its default and help."""

import os
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config import CarrierTable, SettingsError
from bot.domain.carm.rules import shipped_rules
from bot.domain.crossings import Crossing
from bot.domain.policy import Policy, spelled
from bot.domain.waits import SOURCES as WAITS
from bot.feedtables import AnswerTable, CoversTable, EnvelopeTable, FeedTable, MailTable

_WHERE = "The environment"
_CROSSING = {
    "zone": "zone of times at this crossing; a crossing of your own needs it",
    "also": "towns and short names by which people call it",
    "offices": "its CBSA office codes",
    "ports": "its CBP port codes",
    "province": "the Canadian side",
    "state": "the US side",
    "latitude": "degrees north",
    "longitude": "degrees east",
    "trucks": "yes, limited, no or unknown",
    "paps": "yes, limited, no or unknown",
    "wait_id": "its number in CBP's wait times",
    "wait_names": "what CBP's and CBSA's wait times call it",
    "group": "crossings of one group may stand in for each other: the quicker one is named",
    "note": "shown to people",
}
#: Tables within the table of a feed.
_INNER: dict[str, type[BaseModel]] = {
    "covers": CoversTable,
    "answer": AnswerTable,
    "mail": MailTable,
    "envelope": EnvelopeTable,
}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Listen(NamedTuple):
    """Where the one HTTP server listens."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in _LOOPBACK


def _listen(text: object) -> object:
    if isinstance(text, Listen):
        return text
    host, _, port = str(text).rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65_535:
        raise ValueError(f"'{text}' is not host:port, write 127.0.0.1:8080")
    return Listen(host.strip("[]"), int(port))


def _url(text: object) -> object:
    if not str(text).startswith(("http://", "https://")):
        raise ValueError(f"'{text}' is not an http:// or https:// address")
    return text


def _database(text: object) -> object:
    if text and not str(text).startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("it begins with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return text


class _Files(PydanticBaseSettingsSource):
    """Reads `NAME_FILE`, a path to a file that holds the value, for every setting."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = str(field.alias)
        path = os.environ.get(f"{name}_FILE", "")
        if not path:
            return None, name, False
        if os.environ.get(name):
            raise SettingsError(_WHERE, [f"{name} and {name}_FILE are both set: keep one"])
        try:
            return Path(path).read_text("utf-8").strip(), name, False
        except (OSError, UnicodeDecodeError):
            raise SettingsError(_WHERE, [f"{name}_FILE names {path}, which can't be read"]) from None

    def __call__(self) -> dict[str, Any]:
        found = (self.get_field_value(f, n) for n, f in self.settings_cls.model_fields.items())
        return {name: value for value, name, _ in found if value}


class Environment(BaseSettings):
    """What the environment says; an empty value is the same as none."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = Field(None, alias="SLACK_BOT_TOKEN", description="bot token, xoxb-…")
    slack_app_token: SecretStr | None = Field(
        None, alias="SLACK_APP_TOKEN", description="app token, xapp-…: Socket Mode, no address of your own needed"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, alias="SLACK_SIGNING_SECRET", description="instead of the app token: Slack posts to /slack/events"
    )
    slack_api_url: Annotated[str, BeforeValidator(_url)] = Field(
        "https://slack.com/api/", alias="SLACK_API_URL", description="where Slack's Web API is"
    )
    telegram_bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN", description="token from @BotFather")
    telegram_api_url: Annotated[str, BeforeValidator(_url)] = Field(
        "https://api.telegram.org", alias="TELEGRAM_API_URL", description="where Telegram's Bot API is"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, alias="TELEGRAM_WEBHOOK_SECRET", description="when set, Telegram posts to /telegram/webhook; else polling"
    )
    var: Path = Field(Path("var"), alias="HOLDWATCH_VAR", description="folder of the database and the drop folders")
    config: Path = Field(Path("holdwatch.toml"), alias="HOLDWATCH_CONFIG", description="carriers, feeds and policy")
    http: Annotated[Listen, NoDecode, BeforeValidator(_listen)] = Field(
        Listen("127.0.0.1", 8080), alias="HOLDWATCH_HTTP", description="where board and webhooks listen"
    )
    database_url: Annotated[str, BeforeValidator(_database)] = Field(
        "", alias="HOLDWATCH_DATABASE_URL", description="another database; empty: holdwatch.db in HOLDWATCH_VAR"
    )
    board_token: SecretStr | None = Field(
        None, alias="HOLDWATCH_BOARD_TOKEN", description="opens board and metrics from other machines"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Files(settings_cls)

    @property
    def database(self) -> str:
        """The database's address, the SQLite file in `var` when none was set."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'holdwatch.db'}"

    @property
    def config_path(self) -> Path | None:
        """The configuration file to read; None when none was named and the usual one is not there."""
        return self.config if "config" in self.model_fields_set or self.config.exists() else None

    @property
    def chats(self) -> bool:
        """Whether a chat is set up: then it is the real thing and no sample day."""
        return bool(self.slack_bot_token or self.telegram_bot_token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the log to blank."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(v.get_secret_value() for v in values if isinstance(v, SecretStr))


def read_environment() -> Environment:
    """The environment's settings; SettingsError with a sentence for each wrong one."""
    try:
        return Environment()
    except ValidationError as why:
        raise SettingsError(
            _WHERE, [f"{f['loc'][0]}: {f['msg'].removeprefix('Value error, ')}" for f in why.errors()]
        ) from None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `where` is `environment` or `file`, `default` as one would write it, '' for none."""

    name: str
    where: str
    default: str
    help: str


def describe() -> tuple[Setting, ...]:
    """Every setting, in the order of the documentation."""
    return (
        *_from_model(Environment, "environment", ""),
        *_from_model(CarrierTable, "file", "carriers.<id>."),
        *(s for s in _from_model(FeedTable, "file", "feeds.<feed>.") if s.name.rpartition(".")[2] not in _INNER),
        *(s for name, model in _INNER.items() for s in _from_model(model, "file", f"feeds.<feed>.{name}.")),
        *(
            Setting(f"policy.{f.name}", "file", "" if f.default is MISSING else _shown(f.default), f.metadata["help"])
            for f in fields(Policy)
        ),
        *(Setting(f"carm.{e.name}", "file", _shown(e.value), e.says) for e in shipped_rules().entries.values()),
        *(Setting(f"waits.{name}", "file", url, help_) for name, (url, help_) in WAITS.items()),
        *(Setting(f"crossings.<name>.{f.name}", "file", "", _CROSSING[f.name]) for f in fields(Crossing)[1:]),
    )


def _from_model(model: type[BaseModel], where: str, prefix: str) -> list[Setting]:
    return [
        Setting(f"{prefix}{f.alias or name}", where, _shown(f.default), f.description or "")
        for name, f in model.model_fields.items()
    ]


def _shown(default: object) -> str:
    match default:
        case None | "" | [] | {}:
            return ""
        case _ if default is PydanticUndefined:
            return ""
        case bool():
            return str(default).lower()
        case Listen():
            return f"{default.host}:{default.port}"
        case timedelta():
            return spelled(default)
        case Enum():
            return str(default.value)
        case _:
            return str(default)
