"""Once a day, at an hour of the carrier's home, one message of importers: questions, ends of bonds, CARM's own days."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.kinds import Level
from bot.domain.route import hear_carm
from bot.watch.carm_digest import Due, Topic, asks, cbsa_day, due_on, review_of, review_of_day, today_of
from bot.watch.carm_learn import Learning
from bot.watch.world import World
from storage.database import Database
from storage.errors import GONE
from storage.ids import new_id
from storage.posts import PostRecord
from storage.reminders import ReminderRecord
from storage.work import Work

log = logging.getLogger(__name__)

_TOPIC = "carm:"
_EVERY_SECONDS = 60.0
#: So long after there was nothing to say it is asked again whether there is.
_AGAIN = timedelta(minutes=10)


def topic_of(topic: Topic, day: date) -> str:
    """The topic of the post of a day's message (`carm:digest-2026-11-24`), or of a review's card."""
    return f"{_TOPIC}{topic.value}-{day.isoformat()}"


def read_topic(name: str) -> tuple[Topic, date]:
    """What stands behind the colon of such a topic."""
    topic, _dash, day = name.partition("-")
    return Topic(topic), date.fromisoformat(day)


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many messages were made or renewed, and whether the day's message was told, now or before."""

    messages: int
    over: bool


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
        self._nothing: dict[str, datetime] = {}

    async def look(self) -> int:
        """Tells what is due now; how many messages were made or renewed."""
        count = 0
        for carrier in self._world.carriers:
            now = self._civil()
            day = today_of(self._world, carrier, now)
            if day is None or self._done.get(carrier) == day or self._waits(carrier, now):
                continue
            told = await remind(self._database, self._world, carrier, now, day, self._wake)
            if told is None:
                continue
            count += told.messages
            if told.over:
                self._done[carrier] = day
            else:
                self._nothing[carrier] = now
        return count

    def _waits(self, carrier: str, now: datetime) -> bool:
        """Whether there was nothing to say only just; a clock that was set back makes nobody wait."""
        last = self._nothing.get(carrier)
        return last is not None and timedelta() <= now - last < _AGAIN

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
) -> Reminded | None:
    """Takes up what is due on a day and has it told, once however many processes try.

    A day without a matter is not over: importers may be entered yet. None, and nothing is taken up, while no place
    hears of CARM.
    """
    async with database.work(carrier, now) as work:
        plan = await _plan(work, world, day)
        heard = bool(hear_carm(await work.routes.on()))
        older = await _older(work, day, plan.deadline)
    if not heard:
        return None
    if not (plan.digest or plan.review or older):
        return Reminded(0, plan.over)
    async with database.work(carrier, now, write=True) as work:
        messages = 0
        if plan.digest and await work.reminders.add([_row(Topic.DIGEST, "", day, day, now)]) > 0:
            await work.reminders.add(_row(d.topic, d.importer, d.due, day, now) for d in plan.fresh)
            messages += await _post(work, world, topic_of(Topic.DIGEST, day))
        if plan.review and plan.deadline and await work.reminders.add([_row(Topic.REVIEW, "", day, day, now)]) > 0:
            messages += await _post(work, world, topic_of(Topic.REVIEW, plan.deadline))
        if older:
            await work.posts.end(older, now)
        work.after_commit(wake)
    log.info("reminded of importers", extra={"action": "carm.reminded", "carrier": carrier, "messages": messages})
    return Reminded(messages, plan.over or plan.digest)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a day has to say yet: whether its message was told (`over`), the matters to take up, whether there is a
    message to tell, and whether the card of the review of a `deadline` is to be renewed."""

    over: bool
    fresh: tuple[Due, ...]
    digest: bool
    review: bool
    deadline: date | None


async def _plan(work: Work, world: World, day: date) -> _Plan:
    told = {r.topic for r in await work.reminders.of_day(day)}
    today, over = cbsa_day(world, work.now), Topic.DIGEST.value in told
    deadline = review_of_day(today, world.carm)
    reviewed = deadline is None or Topic.REVIEW.value in told
    review = not reviewed and deadline is not None and bool((await review_of(work, world, deadline)).importers)
    if over:
        return _Plan(True, (), False, review, deadline)
    due = await due_on(work, world, today)
    before = await work.reminders.due_from(min((d.due for d in due), default=day))
    known = {(r.topic, r.importer, r.due) for r in before}
    fresh = tuple(d for d in due if (d.topic.value, d.importer, d.due) not in known)
    return _Plan(False, fresh, bool(fresh) or bool(await asks(work, world, work.now)), review, deadline)


def _row(topic: Topic, importer: str, due: date, day: date, now: datetime) -> ReminderRecord:
    return ReminderRecord(new_id(), topic.value, importer, due, day, now)


async def _post(work: Work, world: World, topic: str) -> int:
    """Has one message stand in each place of dispatch; one that stands is edited."""
    fresh = [
        PostRecord(new_id(), r.door, r.workspace, r.external, topic=topic, wanted_version=0)
        for r in hear_carm(await work.routes.on())
    ]
    posts = await work.posts.ensure(fresh) if fresh else []
    await work.outbox.cards(posts, world.machine(), int(Level.WARN))
    return len(posts)


async def _older(work: Work, day: date, deadline: date | None) -> list[str]:
    """Posts of other days' messages: they stay as they stand, and are edited no more."""
    over = []
    for topic, posts in (await work.posts.standing(_TOPIC)).items():
        what, of = read_topic(topic.removeprefix(_TOPIC))
        if of != (deadline if what is Topic.REVIEW else day):
            over += [post.id for post in posts]
    return over
