"""What an operator decides in `holdwatch.toml`: carriers, feeds, policy and crossings, read and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, ValidationError

from bot.domain.carm.rules import CarmRules, shipped_rules
from bot.domain.carrier import Carrier
from bot.domain.crossings import Crossings
from bot.domain.crossings import zone as zone_of
from bot.domain.errors import HoldwatchError
from bot.domain.policy import Policy
from bot.domain.waits import addresses
from bot.feedbuild import FeedBuild
from bot.feeds.protocol import Source
from bot.feedtables import AnswerTable, Arrival, CoversTable, EnvelopeTable, Feed, FeedTable, MailTable, Table

__all__ = ["Arrival", "Config", "Feed", "SettingsError", "read_config", "world_crossings"]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]


class SettingsError(HoldwatchError):
    """Settings that can't be used; `problems` are sentences, one a wrong key."""

    def __init__(self, where: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {p}" for p in problems)
        super().__init__(f"{where} can't be used, nothing was started or changed:\n{lines}")


class CarrierTable(Table):
    """[carriers.<id>]"""

    name: str = Field("My carrier", description="how people call it")
    codes: list[str] = Field(
        [], description="its CBSA carrier codes, first 4 characters of its PARS numbers; none: any"
    )
    scacs: list[str] = Field([], description="its SCACs, first letters of its PAPS numbers; none: any")
    home: str = Field("America/Toronto", description="zone of its own clock")
    policy: dict[str, object] = Field({}, description="values of [policy] for this carrier only")


class FileTables(Table):
    """The whole file."""

    carriers: dict[Slug, CarrierTable] = Field(default_factory=dict)
    feeds: dict[Slug, FeedTable] | None = None
    policy: dict[str, object] = Field(default_factory=dict)
    crossings: dict[str, dict[str, object]] = Field(default_factory=dict)
    waits: dict[str, str] = Field(default_factory=dict)
    carm: dict[str, object] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """All that `holdwatch.toml` decides; `path` is None when there is no file."""

    carriers: tuple[Carrier, ...]
    feeds: tuple[Feed, ...]
    crossings: Crossings
    path: Path | None = None
    waits: Mapping[str, str] = field(default_factory=dict)
    carm: CarmRules = field(default_factory=shipped_rules)

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
    return config_of(read_tables(path), path, var, sources)


def read_tables(path: Path) -> dict[str, Any]:
    """The tables of a file, unchecked; SettingsError when it can't be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as why:
        raise SettingsError(str(path), [f"it can't be read: {why.strerror or why}"]) from None
    except UnicodeDecodeError:
        raise SettingsError(str(path), ["it is not text in UTF-8: save it as plain text"]) from None
    except tomllib.TOMLDecodeError as why:
        raise SettingsError(str(path), [f"it is not TOML: {why}"]) from None


def config_of(tables: Mapping[str, Any], path: Path, var: Path, sources: Mapping[str, Source]) -> Config:
    """The configuration of these tables, which are as those of the file `path`."""
    try:
        checked = FileTables.model_validate(tables)
    except ValidationError as why:
        raise SettingsError(str(path), _sentences(why)) from None
    return _Build(checked, path.parent, var, sources).config(path)


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
        codes = {id_: {c.strip().upper() for c in (*t.codes, *t.scacs)} for id_, t in carrier_tables.items()}
        build = FeedBuild(self.base, self.var, self.sources, codes, self.problems)
        feeds = tuple(build.feed(name, table) for name, table in feed_tables.items())
        carriers = tuple(self._carrier(id_, table, policy, feeds) for id_, table in carrier_tables.items())
        try:
            crossings = world_crossings().with_edits(self.tables.crossings)
            waits = addresses(self.tables.waits)
            carm = shipped_rules().with_overrides(self.tables.carm)
        except ValueError as why:
            self.problems.append(str(why))
        if self.problems:
            raise SettingsError(str(path), self.problems)
        return Config(carriers, feeds, crossings, path, waits, carm)

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

    def _zone(self, name: str, where: str) -> ZoneInfo:
        try:
            return zone_of(name, where)
        except ValueError as why:
            self.problems.append(str(why))
            return ZoneInfo("UTC")


def _known(loc: tuple[str | int, ...]) -> list[str]:
    if len(loc) == 1:
        return list(FileTables.model_fields)
    inner: dict[str, type[Table]] = {
        "covers": CoversTable,
        "answer": AnswerTable,
        "mail": MailTable,
        "envelope": EnvelopeTable,
    }
    model = CarrierTable if loc[0] == "carriers" else inner.get(str(loc[2]), FeedTable) if loc[3:] else FeedTable
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
