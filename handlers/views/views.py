"""Desk, load page and suggestions; every question names its carrier, and a screen sees only the ones it may."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.brief import Brief
from bot.domain.carrier import Carrier
from bot.domain.coverage import Liveness
from bot.domain.errors import HoldwatchError
from bot.domain.load import Life
from bot.domain.numbers import key_of
from bot.watch.query import brief, briefs
from bot.watch.world import World
from handlers.announce import status, why
from handlers.announce.scene import Times, cut
from handlers.commands.load_log import log_of
from handlers.nouns import Role
from handlers.reply import Reply
from handlers.words import _
from storage.database import Database
from storage.loads import LoadRecord
from storage.work import Work

_LOG = 200
_SEES = (Role.VIEWER, Role.DISPATCHER, Role.ADMIN)


class NotYours(HoldwatchError):
    """A screen that is not for whoever looks; whether there is such a thing it does not tell."""


@dataclass(frozen=True, slots=True)
class Seer:
    """Whoever looks at a screen: a role, and the carriers that they may see."""

    role: Role
    carriers: frozenset[str]

    def check(self, carrier: str) -> None:
        """NotYours, in the same words, for a carrier that is not theirs and one that there is not."""
        if self.role not in _SEES or carrier not in self.carriers:
            raise NotYours(_("There is nothing of that here for you."))


@dataclass(frozen=True, slots=True)
class FeedView:
    """How a feed stands."""

    name: str
    liveness: Liveness
    since: datetime | None = None
    last_word: datetime | None = None
    problems: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """One carrier's open loads, worst first, and its feeds. `counts` is by answer over all, `more` counts loads left
    out, `alerts` the open alerts; times are UTC, `zone` is the carrier's own."""

    carrier: str
    name: str
    zone: str
    now: datetime
    loads: Sequence[Brief]
    feeds: Sequence[FeedView]
    counts: Mapping[str, int]
    alerts: int
    more: int
    outage: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class LoadPage:
    """All about one load, each part under its heading ('' for the page's own)."""

    number: str
    parts: tuple[tuple[str, Reply], ...]
    sample: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A load to choose: `subject` is what a line names it by."""

    label: str
    subject: str


async def desk(database: Database, world: World, carrier: str, now: datetime, limit: int = 200) -> Desk:
    """A carrier's desk as it stands now, in a constant number of statements."""
    own = _carrier(world, carrier)
    async with database.work(carrier, now) as work:
        records = await work.finder.listed(limit=limit)
        loads = tuple(await briefs(work, world, records))
        stored = await work.loads.counts()
        # What is shown was looked at just now, and may have another answer than the one stored: that one counts.
        counts = Counter(stored)
        counts.subtract(record.answer for record in records)
        counts.update(one.found.answer.value for one in loads)
        alerts = await work.alerts.open(1000)
        return Desk(
            carrier=carrier,
            name=own.name,
            zone=own.home,
            now=now,
            loads=loads,
            feeds=await _feeds(work, world),
            counts=counts,
            alerts=len(alerts),
            more=max(0, sum(stored.values()) - len(records)),
            outage=carrier in world.outages,
            sample=carrier in world.sample,
        )


def _carrier(world: World, carrier: str) -> Carrier:
    found = world.carriers.get(carrier)
    if found is None:
        raise NotYours(_("There is nothing of that here for you."))
    return found


async def _feeds(work: Work, world: World) -> tuple[FeedView, ...]:
    names = [c.feed for c in world.carriers[work.carrier].feeds]
    states = await work.feeds.of(names)
    problems = await work.problems.counts()
    found = []
    for name in names:
        state = states.get(name)
        ear = world.ears.get(name)
        life = ear.liveness if ear else Liveness(state.state) if state else Liveness.CANT_TELL
        since = state.since if state else None
        found.append(FeedView(name, life, since, state.last_word if state else None, problems.get(name, 0)))
    return tuple(found)


async def load_page(database: Database, world: World, carrier: str, key: str, now: datetime) -> LoadPage | None:
    """A load by its short key, with or without the `~`; None when the carrier has none."""
    own = _carrier(world, carrier)
    async with database.work(carrier, now) as work:
        hits = await work.finder.search("~" + key.removeprefix("~"))
        if not hits:
            return None
        record = hits[0].load
        told = await brief(work, world, record)
        times = Times(told.zone, now)
        parts = (
            ("", status(told, now)),
            (_("Why"), why(told, now, own.policy)),
            (_("Log"), await log_of(work, record, times, _LOG)),
        )
        return LoadPage(record.number, parts, told.sample)


async def suggestions(
    database: Database, world: World, carrier: str, text: str, now: datetime, limit: int = 20
) -> list[Suggestion]:
    """Open loads that a half-typed number may mean, worst first."""
    own = _carrier(world, carrier)
    wanted = key_of(text.lstrip("#"))
    async with database.work(carrier, now) as work:
        found = {h.load.id: h.load for h in await work.finder.search(wanted)} if wanted else {}
        for record in await work.finder.listed(limit=1000):
            if wanted in record.number_key:
                found.setdefault(record.id, record)
    times = Times(own.home, now)
    return [_suggestion(r, times) for r in found.values() if r.life is Life.OPEN][:limit]


def _suggestion(record: LoadRecord, times: Times) -> Suggestion:
    parts = [f"{cut(record.number, 30)} → {record.direction.value}", cut(record.crossing, 30), record.answer]
    if record.eta:
        parts.append(_("ETA {time}").format(time=times.at(record.eta)))
    return Suggestion(", ".join(p for p in parts if p)[:75], record.key)


class Views:
    """The same questions, asked by somebody."""

    def __init__(self, database: Database, world: World, civil: Callable[[], datetime]) -> None:
        self._database = database
        self._world = world
        self._civil = civil

    async def desks(self, who: Seer, limit: int = 200) -> list[Desk]:
        """The desks of all carriers that they may see."""
        seen = [c for c in self._world.carriers if c in who.carriers]
        return [await self.desk(who, c, limit) for c in seen]

    async def desk(self, who: Seer, carrier: str, limit: int = 200) -> Desk:
        """One carrier's desk; NotYours when it is not theirs."""
        who.check(carrier)
        return await desk(self._database, self._world, carrier, self._civil(), limit)

    async def load_page(self, who: Seer, carrier: str, key: str) -> LoadPage | None:
        """One load's page; NotYours when the carrier is not theirs."""
        who.check(carrier)
        return await load_page(self._database, self._world, carrier, key, self._civil())

    async def suggestions(self, who: Seer, carrier: str, text: str, limit: int = 20) -> list[Suggestion]:
        """Open loads for a half-typed number; NotYours when the carrier is not theirs."""
        who.check(carrier)
        return await suggestions(self._database, self._world, carrier, text, self._civil(), limit)
