"""Once a day, at an hour of the carrier's home, one message of importers: questions, ends of bonds, CARM's own days."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime

from bot.domain.kinds import Level
from bot.watch.carm_digest import Topic, asks, cbsa_day, due_on, review_of, review_of_day, today_of
from bot.watch.carm_learn import Learning
from bot.watch.world import World
from storage.database import Database
from storage.errors import GONE
from storage.ids import new_id
from storage.posts import PostRecord
from storage.reminders import ReminderRecord
from storage.routes import RouteRecord
from storage.work import Work

log = logging.getLogger(__name__)

_TOPIC = "carm:"
_EVERY_SECONDS = 60.0


def topic_of(topic: Topic, day: date) -> str:
    """The topic of the post of a day's message (`carm:digest-2026-11-24`), or of a review's card."""
    return f"{_TOPIC}{topic.value}-{day.isoformat()}"


def read_topic(name: str) -> tuple[Topic, date]:
    """What stands behind the colon of such a topic."""
    topic, _dash, day = name.partition("-")
    return Topic(topic), date.fromisoformat(day)


class Reminding:
    """Reads what customs' words prove, then tells what is due: importers that are proven need not be asked about."""

    def __init__(
        self,
        database: Database,
        world: World,
        civil: Callable[[], datetime],
        wake: Callable[[], None],
        learning: Learning,
    ) -> None:
        self._database, self._world, self._civil, self._wake, self._learning = database, world, civil, wake, learning
        self._done: dict[str, date] = {}

    async def look(self) -> int:
        """Tells what is due now; how many messages were made or renewed."""
        count = 0
        for carrier in self._world.carriers:
            day = today_of(self._world, carrier, self._civil())
            if day is None or self._done.get(carrier) == day:
                continue
            told = await remind(self._database, self._world, carrier, self._civil(), day, self._wake)
            if told is not None:
                self._done[carrier] = day
                count += told
        return count

    async def run(self) -> None:
        """Looks every minute until cancelled; a database that is gone is waited for."""
        while True:
            try:
                await self._learning.look()
                await self.look()
            except GONE as why:
                log.warning("reminders wait for the database", extra={"action": "carm.database", "why": str(why)})
            except Exception:  # a message of importers is no reason to stop the watch
                log.exception("nobody was reminded of importers", extra={"action": "carm.failed"})
            await asyncio.sleep(_EVERY_SECONDS)


async def remind(
    database: Database, world: World, carrier: str, now: datetime, day: date, wake: Callable[[], None]
) -> int | None:
    """Takes up what is due on a day and has it told, once however many processes try; how many messages were written.

    Nothing is said on a day without a matter; None, and nothing is taken up, while no place hears anything.
    """
    async with database.work(carrier, now) as work:
        today = cbsa_day(world, now)
        due = await due_on(work, world, today)
        asked = await asks(work, world, now)
        before = await work.reminders.due_from(min((d.due for d in due), default=day))
        deadline = review_of_day(today, world.carm)
        review = await review_of(work, world, deadline) if deadline is not None else None
        heard = bool(await work.routes.on())
    if not heard:
        return None
    known = {(r.topic, r.importer, r.due) for r in before}
    fresh = [d for d in due if (d.topic.value, d.importer, d.due) not in known]
    async with database.work(carrier, now, write=True) as work:
        first = await work.reminders.add([_row(Topic.DIGEST, "", day, day, now)]) > 0
        await work.reminders.add(_row(d.topic, d.importer, d.due, day, now) for d in fresh)
        told = 0
        if first and (fresh or asked):
            told += await _post(work, world, topic_of(Topic.DIGEST, day))
        if first and deadline is not None and review is not None and review.importers:
            told += await _post(work, world, topic_of(Topic.REVIEW, deadline))
        await _end_older(work, day, deadline)
        work.after_commit(wake)
    log.info("reminded of importers", extra={"action": "carm.reminded", "carrier": carrier, "messages": told})
    return told


def _row(topic: Topic, importer: str, due: date, day: date, now: datetime) -> ReminderRecord:
    return ReminderRecord(new_id(), topic.value, importer, due, day, now)


async def _post(work: Work, world: World, topic: str) -> int:
    """Has one message stand in each place of dispatch; one that stands is edited."""
    fresh = [
        PostRecord(new_id(), r.door, r.workspace, r.external, topic=topic, wanted_version=0)
        for r in places(await work.routes.on())
    ]
    posts = await work.posts.ensure(fresh) if fresh else []
    await work.outbox.cards(posts, world.machine(), int(Level.WARN))
    return len(posts)


def places(routes: Iterable[RouteRecord]) -> list[RouteRecord]:
    """The places that hear all loads, else all that hear any."""
    on = list(routes)
    return [route for route in on if not any(route.matchers.values())] or on


async def _end_older(work: Work, day: date, deadline: date | None) -> None:
    """Messages of other days stay as they stand, and are edited no more."""
    over = []
    for topic, posts in (await work.posts.standing(_TOPIC)).items():
        what, of = read_topic(topic.removeprefix(_TOPIC))
        if of != (deadline if what is Topic.REVIEW else day):
            over += [post.id for post in posts]
    if over:
        await work.posts.end(over, work.now)
