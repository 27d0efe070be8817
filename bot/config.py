"""What an operator decides in `holdwatch.toml`: carriers, feeds, policy and crossings, read and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from bot.domain.carrier import Carrier, FeedCover
from bot.domain.crossings import Crossings
from bot.domain.crossings import zone as zone_of
from bot.domain.errors import HoldwatchError
from bot.domain.load import Direction
from bot.domain.policy import Policy, duration
from bot.domain.status import Authority, Status, Track
from bot.domain.waits import addresses
from bot.feeds.protocol import Reader, Source

_MIN_SECRET = 16

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Length = Annotated[timedelta, BeforeValidator(lambda v: duration(v) if isinstance(v, str) else v)]


class Arrival(StrEnum):
    """How a feed's bytes reach us."""

    FOLDER = "folder"
    WEBHOOK = "webhook"


class SettingsError(HoldwatchError):
    """Settings that can't be used; `problems` are sentences, one a wrong key."""

    def __init__(self, where: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {p}" for p in problems)
        super().__init__(f"{where} can't be used, nothing was started or changed:\n{lines}")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CarrierTable(_Table):
    """[carriers.<id>]"""

    name: str = Field("My carrier", description="how people call it")
    codes: list[str] = Field(
        [], description="its CBSA carrier codes, first 4 characters of its PARS numbers; none: any"
    )
    scacs: list[str] = Field([], description="its SCACs, first letters of its PAPS numbers; none: any")
    home: str = Field("America/Toronto", description="zone of its own clock")
    policy: dict[str, object] = Field({}, description="values of [policy] for this carrier only")


class CoversTable(_Table):
    """[feeds.<feed>.covers]"""

    tracks: list[Track] = Field([], description="what it would tell about; none: all that its source can")
    directions: list[Direction] = Field([], description="loads into CA, US; none: all that its source can")
    codes: list[str] = Field([], description="carrier codes it would tell about; none: any")
    brokers: list[str] = Field([], description="brokers it would tell about; none: any")


class FeedTable(_Table):
    """[feeds.<feed>]"""

    source: str = Field(description="whose messages these are: cbsa_rns, cbsa_notices, broker_json, load_csv")
    arrival: Arrival = Field(Arrival.FOLDER, description="folder (files dropped) or webhook (POST /hooks/<feed>)")
    carriers: list[str] = Field([], description="carriers it may speak for; needed when there are several")
    covers: CoversTable = Field(default_factory=CoversTable, description="what silence of this feed means")
    zone: str = Field("America/Toronto", description="zone of times that carry none; CBSA does not say its own")
    folder: Path | None = Field(None, description="the drop folder, else var/feeds/<feed>")
    secret: SecretStr | None = Field(None, description="what the sender signs with, at least 16 characters")
    secret_file: Path | None = Field(None, description="a file that holds the secret")
    bearer: bool = Field(False, description="also take the secret as Authorization: Bearer")
    heartbeat_file: Path | None = Field(None, description="a file that the gateway touches while it lives")
    heartbeat_max_age: Length = Field(timedelta(minutes=10), description="older than this, the feed is dead")
    settle: Length = Field(timedelta(seconds=2), description="a file is read when it was left alone this long")
    max_megabytes: float = Field(5, gt=0, le=100, description="larger messages are refused")
    overrides: dict[str, Status] = Field({}, description='meanings of codes that differ, as "24" = "MATCHED"')


class FileTables(_Table):
    """The whole file."""

    carriers: dict[Slug, CarrierTable] = {}
    feeds: dict[Slug, FeedTable] | None = None
    policy: dict[str, object] = {}
    crossings: dict[str, dict[str, object]] = {}
    waits: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Feed:
    """A configured source, ready for use."""

    name: str
    source: str
    arrival: Arrival
    carriers: tuple[str, ...]
    cover: FeedCover
    zone: ZoneInfo
    folder: Path
    secret: str = field(default="", repr=False)
    bearer: bool = False
    heartbeat_file: Path | None = None
    heartbeat_max_age: timedelta = timedelta(minutes=10)
    settle: timedelta = timedelta(seconds=2)
    max_bytes: int = 5_000_000
    overrides: Mapping[str, str] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """What its source needs to know of it."""
        return Reader(self.zone, self.overrides)


@dataclass(frozen=True, slots=True)
class Config:
    """All that `holdwatch.toml` decides; `path` is None when there is no file."""

    carriers: tuple[Carrier, ...]
    feeds: tuple[Feed, ...]
    crossings: Crossings
    path: Path | None = None
    waits: Mapping[str, str] = field(default_factory=dict)

    def carrier(self, id_: str) -> Carrier:
        """The carrier of that id; KeyError when there is none."""
        return {c.id: c for c in self.carriers}[id_]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the log to blank."""
        return tuple(f.secret for f in self.feeds if f.secret)


_DEFAULT_CARRIERS = {"home": CarrierTable()}
_DEFAULT_FEEDS = {
    "rns": FeedTable(source="cbsa_rns"),
    "notices": FeedTable(source="cbsa_notices"),
    "broker": FeedTable(source="broker_json"),
}


def read_config(path: Path | None, var: Path, sources: Mapping[str, Source]) -> Config:
    """The configuration of a file, or the default one; SettingsError with a sentence for each wrong key."""
    if path is None:
        return _Build(FileTables(), Path(), var, sources).config(None)
    try:
        tables = FileTables.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as why:
        raise SettingsError(str(path), [f"it can't be read: {why.strerror or why}"]) from None
    except UnicodeDecodeError:
        raise SettingsError(str(path), ["it is not text in UTF-8: save it as plain text"]) from None
    except tomllib.TOMLDecodeError as why:
        raise SettingsError(str(path), [f"it is not TOML: {why}"]) from None
    except ValidationError as why:
        raise SettingsError(str(path), _sentences(why)) from None
    return _Build(tables, path.parent, var, sources).config(path)


def world_crossings() -> Crossings:
    """The table of crossings that comes with Holdwatch."""
    return Crossings.parse(files("bot.domain").joinpath("crossings.csv").read_text("utf-8"))


class _Build:
    """Puts tables together and collects what is wrong with them."""

    def __init__(self, tables: FileTables, base: Path, var: Path, sources: Mapping[str, Source]) -> None:
        self.tables, self.base, self.var, self.sources = tables, base, var, sources
        self.problems: list[str] = []

    def config(self, path: Path | None) -> Config:
        policy = self._policy("", Policy(), self.tables.policy)
        carrier_tables = self.tables.carriers or _DEFAULT_CARRIERS
        feed_tables = _DEFAULT_FEEDS if self.tables.feeds is None else self.tables.feeds
        feeds = tuple(self._feed(name, table, tuple(carrier_tables)) for name, table in feed_tables.items())
        carriers = tuple(self._carrier(id_, table, policy, feeds) for id_, table in carrier_tables.items())
        try:
            crossings = world_crossings().with_edits(self.tables.crossings)
            waits = addresses(self.tables.waits)
        except ValueError as why:
            self.problems.append(str(why))
        if self.problems:
            raise SettingsError(str(path), self.problems)
        return Config(carriers, feeds, crossings, path, waits)

    def _policy(self, where: str, base: Policy, table: Mapping[str, object]) -> Policy:
        try:
            return base.with_overrides(table)
        except ValueError as why:
            self.problems.append(f"{where}{why}")
            return base

    def _carrier(self, id_: str, table: CarrierTable, policy: Policy, feeds: tuple[Feed, ...]) -> Carrier:
        self._zone(table.home, f"carriers.{id_}.home")
        for code in (*table.codes, *table.scacs):
            if not 2 <= len(code.strip()) <= 4:
                self.problems.append(f"carriers.{id_}: {code!r} is not a carrier code of 2 to 4 characters")
        own = self._policy(f"carriers.{id_}.", policy, table.policy)
        covers = tuple(f.cover for f in feeds if id_ in f.carriers)
        codes, scacs = (frozenset(c.strip().upper() for c in which) for which in (table.codes, table.scacs))
        return Carrier(id_, table.name, codes, scacs, table.home, own, covers)

    def _feed(self, name: str, table: FeedTable, carriers: tuple[str, ...]) -> Feed:
        where = f"feeds.{name}"
        source = self.sources.get(table.source)
        if source is None:
            known = ", ".join(self.sources)
            self.problems.append(f"{where}.source: '{table.source}' is not a source, there are {known}")
        tracks = frozenset(table.covers.tracks) or (source.covers if source else frozenset())
        directions = frozenset(table.covers.directions) or (source.directions if source else frozenset(Direction))
        authority = source.authority if source else Authority.CUSTOMS
        codes = frozenset(c.strip().upper() for c in table.covers.codes)
        return Feed(
            name=name,
            source=table.source,
            arrival=table.arrival,
            carriers=self._speaks_for(where, table, carriers),
            cover=FeedCover(name, tracks, codes, frozenset(table.covers.brokers), directions, authority),
            zone=self._zone(table.zone, f"{where}.zone"),
            folder=self.base / table.folder if table.folder else self.var / "feeds" / name,
            secret=self._secret(where, table),
            bearer=table.bearer,
            heartbeat_file=self.base / table.heartbeat_file if table.heartbeat_file else None,
            heartbeat_max_age=table.heartbeat_max_age,
            settle=table.settle,
            max_bytes=int(table.max_megabytes * 1_000_000),
            overrides={code: status.value for code, status in table.overrides.items()},
        )

    def _speaks_for(self, where: str, table: FeedTable, carriers: tuple[str, ...]) -> tuple[str, ...]:
        strangers = [c for c in table.carriers if c not in carriers]
        if strangers:
            self.problems.append(f"{where}.carriers: there is no carrier '{strangers[0]}', only {', '.join(carriers)}")
        if not table.carriers and len(carriers) > 1:
            self.problems.append(f"{where}.carriers is missing: say which of {', '.join(carriers)} it may speak for")
        return tuple(table.carriers) or carriers

    def _secret(self, where: str, table: FeedTable) -> str:
        secret = table.secret.get_secret_value() if table.secret else ""
        if table.secret_file:
            if secret:
                self.problems.append(f"{where} has secret and secret_file: keep one")
            try:
                secret = (self.base / table.secret_file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                self.problems.append(f"{where}.secret_file: {table.secret_file} can't be read")
                return ""
        if table.arrival is Arrival.WEBHOOK and len(secret) < _MIN_SECRET:
            self.problems.append(f"{where} is a webhook: it needs a secret of at least {_MIN_SECRET} characters")
        return secret

    def _zone(self, name: str, where: str) -> ZoneInfo:
        try:
            return zone_of(name, where)
        except ValueError as why:
            self.problems.append(str(why))
            return ZoneInfo("UTC")


def _known(loc: tuple[str | int, ...]) -> list[str]:
    if len(loc) == 1:
        return list(FileTables.model_fields)
    model = CarrierTable if loc[0] == "carriers" else CoversTable if "covers" in loc[2:-1] else FeedTable
    return list(model.model_fields)


def _sentences(error: ValidationError) -> list[str]:
    found = []
    for fault in error.errors():
        loc = tuple(part for part in fault["loc"] if part != "[key]")
        key = ".".join(map(str, loc))
        match fault["type"]:
            case "extra_forbidden":
                near = get_close_matches(str(loc[-1]), _known(loc), 1)
                found.append(f"{key} is not a setting" + (f", did you mean {near[0]}?" if near else ""))
            case "missing":
                found.append(f"{key} is missing")
            case "string_pattern_mismatch":
                found.append(f"{key}: a name is small letters, digits, - and _, at most 32")
            case "value_error":
                found.append(f"{key}: {fault['msg'].removeprefix('Value error, ')}")
            case _:
                found.append(f"{key}: {fault['msg'][:1].lower()}{fault['msg'][1:]}")
    return found
