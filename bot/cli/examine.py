"""What `doctor` looks at in settings and memory, and in which order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import machine
from bot.config import Arrival, Config, Feed
from bot.domain.coverage import Liveness
from bot.domain.times import age
from bot.feeds.registry import SOURCES
from bot.settings import Environment
from bot.watch.life import fails
from bot.watch.waits import troubles
from storage.database import Database
from storage.errors import AlreadyRunning, StorageError
from storage.feeds import FeedState
from storage.work import Work


class Grade(StrEnum):
    """How a thing stands."""

    OK = "OK"
    WARN = "WARN"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, and what to do about it ('' when nothing)."""

    grade: Grade
    about: str
    what: str
    todo: str = ""


_DROPPED_LATELY = timedelta(days=30)

#: What no published document proves, and how we take it until somebody shows better.
UNPROVEN = (
    ("groups of crossings", "which stand in for each other is read from a map: set group of a crossing where wrong"),
    ("formats of wait times", "read as public programs read them; what differs is shown as it came"),
    ("times of customs", "no document of the CBSA names the zone of the times in RNS and D4 messages"),
    ("code 9 of RNS", "it may also acknowledge a cancellation that the broker asked for; we read it as accepted"),
    ("code 01 of RNS", "that it means 'cargo control number not on file' was seen in practice, not in a document"),
    ("CUSRES and D4 layout", "read as seen in messages of gateways; what differs is kept and shown as a problem"),
)


async def examine(environment: Environment, config: Config) -> list[Line]:
    """Everything, in the order in which one would mend it."""
    from bot.cli.outside import outside

    lines = [_settings(environment, config), _sources(config)]
    if environment.database_url or (environment.var / "holdwatch.db").exists():
        database = Database(environment.database)
        try:
            lines += [*await _memory(environment, config, database), *_running(environment, database)]
        finally:
            await database.close()
    else:
        todo = "start holdwatch run: it makes it"
        lines.append(Line(Grade.WARN, "database", f"there is none in {environment.var} yet", todo))
    lines += [*_folders(config), *await outside(environment), _assumed(config)]
    return lines + [
        Line(Grade.OK, "not proven", f"{name}: {why}") for name, why in (*UNPROVEN, *_weak(config), *_carm(config))
    ]


def _weak(config: Config) -> list[tuple[str, str]]:
    """What the sources in use take for true and no document proves."""
    found: list[tuple[str, str]] = []
    for name in dict.fromkeys(feed.source for feed in config.feeds):
        told: Mapping[str, str] = getattr(SOURCES[name], "weak", {})
        found += [(f"{key} of {name}", why) for key, why in told.items()]
    return found


def _carm(config: Config) -> list[tuple[str, str]]:
    """What is taken for true of importers' accounts and nobody has proven."""
    told = (entry for entry in config.carm.entries.values() if entry.proof == "unverified")
    return [(f"carm.{one.name}", f"{one.says} ({one.source})") for one in told]


def _settings(environment: Environment, config: Config) -> Line:
    file = f"from {config.path}" if config.path else "built in, there is no holdwatch.toml"
    what = f"{len(config.carriers)} carrier(s), {len(config.feeds)} feed(s), {file}"
    if not environment.chats:
        todo = "set SLACK_BOT_TOKEN or TELEGRAM_BOT_TOKEN: without a chat only the terminal and the board tell"
        return Line(Grade.WARN, "settings", f"{what}; no chat is set up", todo)
    return Line(Grade.OK, "settings", what)


def _sources(config: Config) -> Line:
    open_ = [c.id for c in config.carriers if not (c.codes or c.scacs)]
    if open_:
        todo = "write codes and scacs in holdwatch.toml: then numbers of other carriers are noticed"
        return Line(
            Grade.WARN, "carriers", f"no codes are set for {', '.join(open_)}, so any number may be its own", todo
        )
    return Line(
        Grade.OK, "carriers", ", ".join(f"{c.name} ({', '.join(sorted(c.codes | c.scacs))})" for c in config.carriers)
    )


async def _memory(environment: Environment, config: Config, database: Database) -> list[Line]:
    try:
        await database.ready()
        return [
            Line(Grade.OK, "database", "it answers and its schema is current"),
            *await _stored(environment, config, database),
        ]
    except (StorageError, SQLAlchemyError, OSError) as why:
        todo = "check HOLDWATCH_DATABASE_URL and that its server runs; for another schema: holdwatch migrate"
        return [Line(Grade.BAD, "database", str(why).splitlines()[0], todo)]


async def _stored(environment: Environment, config: Config, database: Database) -> list[Line]:
    lines: list[Line] = []
    async with database.dock(machine()) as dock:
        states = await dock.feeds.all()
        problems = await dock.problems.counts()
        counts = await dock.counts()
        waits = await troubles(dock)
        unsaid = await dock.unsaid([c.id for c in config.carriers], machine() - _DROPPED_LATELY)
    lines += [_unsaid(carrier, *messages) for carrier, messages in sorted(unsaid.items())]
    lines += [_feed(feed, states.get(feed.name), problems.get(feed.name, 0)) for feed in config.feeds]
    todo = "answers and alerts do not need it; set its address, or off, under [waits]"
    lines += [Line(Grade.WARN, f"waits of {t.source}", f"no answer since {t.since}: {t.why}", todo) for t in waits]
    for carrier in config.carriers:
        async with database.work(carrier.id, machine()) as work:
            about = "" if len(config.carriers) == 1 else f" of {carrier.id}"
            lines += [await _places(work, about, chats=environment.chats), *await _people(work, about)]
    if counts["outbox_dead"]:
        what = f"{counts['outbox_dead']} messages were given up"
        lines.append(
            Line(Grade.WARN, "messages", what, "/load NUMBER log says which and why; /route test tries each place")
        )
    return lines


def _unsaid(carrier: str, waiting: int, dropped: int) -> Line:
    what = f"it is not in the settings: {waiting} messages wait for it, {dropped} were dropped in the last 30 days"
    todo = "put it back into holdwatch.toml if it was left out by mistake; else what waits is dropped after a day"
    return Line(Grade.WARN, f"carrier {carrier}", what, todo if waiting else "")


async def _places(work: Work, of: str, *, chats: bool) -> Line:
    routes = [r for r in await work.routes.all() if r.door != "console"]
    on = [r.name or r.external for r in routes if r.off_at is None]
    off = [f"{r.name or r.external} ({r.off_why})" for r in routes if r.off_at is not None]
    if not on:
        grade = Grade.BAD if chats else Grade.WARN
        what = "NO PLACE HEARS ALERTS: nobody is told of a hold" + (f"; off: {', '.join(off)}" if off else "")
        return Line(grade, f"places{of}", what, "in the channel or group that should hear, type: /route here")
    if off:
        todo = "where that was not meant, type /route here there again"
        return Line(Grade.WARN, f"places{of}", f"{', '.join(on)} hear; off: {', '.join(off)}", todo)
    return Line(Grade.OK, f"places{of}", f"{', '.join(on)} hear")


async def _people(work: Work, of: str) -> list[Line]:
    people = await work.people.all()
    accounts = await work.people.accounts([p.id for p in people])
    admins = [p.name for p in people if p.role == "admin"]
    lines = [
        Line(Grade.OK, f"admins{of}", ", ".join(admins))
        if admins
        else Line(
            Grade.WARN, f"admins{of}", "there is none", "send the code that holdwatch run prints to the bot, once"
        )
    ]
    alone = [p.name for p in people if p.role == "driver" and not accounts.get(p.id)]
    if alone:
        names = ", ".join(alone[:10]) + (f" and {len(alone) - 10} more" if len(alone) > 10 else "")
        lines.append(Line(Grade.WARN, f"drivers{of}", f"without Telegram: {names}", "/driver NAME invite makes a link"))
    return lines


def _feed(feed: Feed, state: FeedState | None, problems: int) -> Line:
    about = f"feed {feed.name}"
    if state is None:
        return Line(Grade.WARN, about, "it was not heard yet", "start holdwatch run")
    now = machine()
    last = f"last word {age(now - state.last_word)} ago" if state.last_word else "no word yet"
    what = f"{state.state} for {age(now - state.since)}, {last}, {state.messages} messages"
    if state.state == Liveness.DEAD:
        if feed.arrival in (Arrival.POLL, Arrival.SOCKET):
            why = state.last_error or "it was not reached"
            return Line(Grade.BAD, about, f"{what}; {why}", "check url, secret and the way there")
        return Line(Grade.BAD, about, what, f"see why {feed.heartbeat_file or feed.folder} is not touched any more")
    if fails(state):
        what = f"{what}; it failed {age(now - (state.last_error_at or now))} ago: {state.last_error}"
    if problems:
        return Line(Grade.WARN, about, f"{what}, {problems} problems", "/feed problems lists them; nothing is lost")
    if state.state == Liveness.CANT_TELL and feed.arrival is Arrival.FOLDER:
        return Line(Grade.OK, about, f"{what}; with a heartbeat_file we would know whether it lives")
    return Line(Grade.OK, about, what)


def _folders(config: Config) -> list[Line]:
    shut = [f for f in config.feeds if f.arrival is Arrival.FOLDER and f.folder.exists() and not _usable(f.folder)]
    todo = "let the user that runs holdwatch read and write there"
    return [Line(Grade.BAD, f"folder of {f.name}", f"{f.folder} can't be read and written", todo) for f in shut]


def _usable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _running(environment: Environment, database: Database) -> list[Line]:
    if environment.database.startswith("postgresql"):
        return []
    try:
        with database.single_run():
            return [Line(Grade.WARN, "run", "the bot does not run", "start it: holdwatch run")]
    except AlreadyRunning:
        return [Line(Grade.OK, "run", "the bot runs")]
    except OSError as why:
        return [Line(Grade.BAD, "run", f"its folder can't be written ({why.strerror})", "check HOLDWATCH_VAR")]


def _assumed(config: Config) -> Line:
    zones = ", ".join(f"{f.name} {f.zone.key}" for f in config.feeds if SOURCES[f.source].authority.name != "PERSON")
    edited = [f"{f.name} {code}={status}" for f in config.feeds for code, status in f.overrides.items()]
    what = f"times without a zone are taken as: {zones}"
    return Line(Grade.OK, "assumed", what + (f"; code overrides: {', '.join(edited)}" if edited else ""))
