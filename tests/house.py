"""The import law: who may import whom, between second-level packages, and why."""

import sys
from dataclasses import dataclass

EVERYTHING = ("*",)
#: Every package but the domain may log by the standard library and count.
_NOT_IN_DOMAIN = frozenset({"logging"})
_COUNTING = "prometheus_client"


@dataclass(frozen=True)
class Law:
    """One row: `ours` and `outside` are what it may import besides itself and the standard library."""

    package: str
    ours: tuple[str, ...]
    outside: tuple[str, ...]
    why: str
    but: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What of ours it may import, in words."""
        return ", ".join(self.ours or ("nothing",)) + (f" but not {', '.join(self.but)}" if self.but else "")

    def allows_ours(self, name: str) -> bool:
        if any(_within(name, package) for package in self.but):
            return False
        return self.ours == EVERYTHING or any(_within(name, p) for p in (self.package, *self.ours))

    def allows_outside(self, top: str) -> bool:
        if self.package == "bot.domain" and top in _NOT_IN_DOMAIN:
            return False
        if top in sys.stdlib_module_names or self.outside == EVERYTHING or top in self.outside:
            return True
        return top == _COUNTING and self.package != "bot.domain"


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


_MIDDLE = ("handlers.entry", "handlers.commands", "handlers.views", "handlers.announcer")
_DOORS = ("handlers.slack", "handlers.telegram", "handlers.board", "handlers.console", "handlers.web")


def _middle(package: str) -> Law:
    why = "commands and views stand between words and memory; no chat library is known here"
    return Law(package, ("bot.domain", "storage", "bot.watch", "handlers"), (), why, but=_DOORS)


def _door(package: str, *outside: str) -> Law:
    why = "a door turns a platform into lines and replies, and knows neither memory nor another door"
    others = tuple(door for door in _DOORS if door != package)
    return Law(package, ("bot.domain", "handlers"), outside, why, but=("handlers.commands", *others))


LAWS = (
    Law("bot.domain", (), ("stdnum", "rapidfuzz"), "the rules are pure: no I/O, no clock, no log, nobody above them"),
    Law("storage", ("bot.domain",), ("sqlalchemy", "alembic"), "memory keeps facts and decides nothing"),
    Law(
        "bot.feeds",
        ("bot.domain",),
        ("httpx", "aiohttp", "defusedxml", "jsonschema", "x12"),
        "ears hear and read; they neither store nor decide",
    ),
    Law(
        "bot.watch",
        ("bot.domain", "storage", "bot.feeds.protocol"),
        ("apscheduler",),
        "the bot's own work knows the protocol of feeds, not a vendor, and no face",
        but=("bot.feeds.sources",),
    ),
    *(_middle(package) for package in _MIDDLE),
    _door("handlers.slack", "slack_bolt", "slack_sdk", "aiohttp"),
    _door("handlers.telegram", "telegram", "httpx", "aiohttp"),
    _door("handlers.board", "aiohttp", "jinja2"),
    _door("handlers.console", "rich"),
    _door("handlers.web", "aiohttp"),
    Law(
        "handlers",  # grammar, reply, announce and what they are made of: all the rest of handlers
        ("bot.domain",),
        ("rapidfuzz",),
        "words are turned into commands and facts into words without asking anybody",
        but=(*_MIDDLE, *_DOORS),
    ),
    *(
        Law(module, ("bot.domain", "bot.feeds.protocol", *ours), ("pydantic",), "what a table says is checked here")
        for module, ours in (("bot.feedtables", ()), ("bot.feedbuild", ("bot.feedtables",)))
    ),
    Law(
        "bot.config",
        ("bot.domain", "bot.feeds.protocol", "bot.feedtables", "bot.feedbuild"),
        ("pydantic",),
        "the file is checked before anything else is made",
    ),
    Law(
        "bot.settings",
        ("bot.domain", "bot.config", "bot.feedtables"),
        ("pydantic", "pydantic_core", "pydantic_settings"),
        "settings are read before anything else is made",
    ),
    Law("bot.logs", (), ("structlog",), "structlog is set up here only"),
    Law("bot.clock", (), (), "the two clocks need nothing but the machine"),
    Law("bot.feedparts", EVERYTHING, EVERYTHING, "part of the composition root: what a feed is to others"),
    Law("bot.lines", EVERYTHING, EVERYTHING, "part of the composition root: which queues are read"),
    Law("bot.asking", EVERYTHING, EVERYTHING, "part of the composition root: which feeds are asked"),
    Law("bot.doors", EVERYTHING, EVERYTHING, "part of the composition root: which chats there are"),
    Law("bot.app", EVERYTHING, EVERYTHING, "the composition root wires everything once"),
    Law("bot.cli", EVERYTHING, EVERYTHING, "a subcommand starts what it needs"),
    Law("bot.__main__", ("bot.cli",), (), "the command itself: loads the program and hands it the line"),
    Law("bot.sample", EVERYTHING, EVERYTHING, "the sample day drives the whole house"),
)

#: Dependencies that no import names, and the text in our code that shows their use.
SPOKEN_OF_ELSEWHERE = {
    "aiosqlite": "sqlite+aiosqlite",
    "asyncpg": "postgresql+asyncpg",
    "tzdata": "ZoneInfo(",  # Windows has no zones of its own
}


def law_of(name: str) -> Law | None:
    """The row for a module; None when the law does not know it."""
    return next((law for law in LAWS if _within(name, law.package)), None)
