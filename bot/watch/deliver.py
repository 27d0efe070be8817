"""The outbox to the chats: claim, render at the last moment, send, and record only what was sent."""

import asyncio
import logging
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from prometheus_client import Counter

from bot.domain.delivery import Barred, Gone, Malformed, Outcome, Retry, Sent
from bot.domain.retry import wait
from bot.domain.route import Place
from bot.watch.gone import carrier_gone, turn_off, unreached
from bot.watch.patience import patiently
from bot.watch.world import World
from storage.claiming import Claimed
from storage.database import Database
from storage.errors import GONE
from storage.ids import new_id
from storage.outbox import CARD, OutboxRecord
from storage.posts import PostRecord
from storage.work import Work

log = logging.getLogger(__name__)

M = TypeVar("M")
Shown = TypeVar("Shown", contravariant=True)
Made = TypeVar("Made", covariant=True)

_LEASE = timedelta(minutes=2)
_BARRED_FOR = timedelta(minutes=1)
#: Messages under way at a time, of one door and of one place: who is slow holds up nobody else.
_AT_ONCE = 20
_PER_PLACE = 1
_GIVE_UP = 400
_REMEMBERED = 500

_POSTED = Counter("holdwatch_posted", "Messages that were posted or edited", ["door", "outcome"])


class Door(Protocol[Shown]):
    """A chat as delivery needs it: every failure comes back as an `Outcome`, none is raised.

    What a platform calls malformed the door has already tried as plain text; `Malformed` from `edit` means
    that the message cannot be edited any more.
    """

    async def post(self, place: Place, reply: Shown, *, thread: str = "", broadcast: bool = False) -> Outcome: ...

    async def edit(self, place: Place, ref: str, reply: Shown) -> Outcome: ...

    def pace(self, place: Place) -> timedelta:
        """How long the platform wants between two messages to one place."""
        ...


class Announcer(Protocol[Made]):
    """Who words cards and events; None for a card means that nothing is to be shown any more.

    Contents are those of `told_to_text`, or of a feed: feed, blind_from, blind_until.
    """

    async def card(self, work: Work, post: PostRecord) -> Made | None: ...

    def words(self, contents: Sequence[Mapping[str, Any]], now: datetime) -> Made: ...


@dataclass(slots=True)
class _Lane:
    """One place: messages go one after the other, at the platform's pace, also when a lease ran out meanwhile."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: datetime | None = None


class Deliver(Generic[M]):
    """Sends what waits, by any number of processes at once."""

    def __init__(
        self,
        database: Database,
        world: World,
        doors: Mapping[str, Door[M]],
        announcer: Announcer[M],
        civil: Callable[[], datetime],
        interval: Callable[[Place], timedelta] | None = None,
    ) -> None:
        self._database = database
        self._world = world
        self._interval = interval or (lambda place: doors[place.door].pace(place))
        self._doors = doors
        self._announcer = announcer
        self._civil = civil
        self.holder = new_id()
        self._wake = asyncio.Event()
        self._lanes: dict[Place, _Lane] = {}
        self._flying: dict[asyncio.Task[None], Claimed] = {}
        #: Rows that this process knows it holds, until when. One that was sent and could not be noted stays among them.
        self._known: dict[str, datetime] = {}
        #: What this process showed last, by post: ref, version, content. Another's edit has another version.
        self._shown: dict[str, tuple[str, int, M]] = {}
        self.barred: dict[str, str] = {}
        self._barred_until: dict[str, datetime] = {}

    def wake(self) -> None:
        """Something was committed that waits to be said."""
        self._wake.set()

    async def run(self) -> None:
        """Delivers until cancelled; a database that is gone for a while is waited for."""
        while True:
            self._wake.clear()
            try:
                busy = await self.round()
            except GONE as why:
                log.warning("delivery waits for the database", extra={"action": "deliver.database", "why": str(why)})
                busy = False
            if not busy:
                with suppress(TimeoutError):  # not wait_for: on Python 3.11 it loses a stop that comes with a wake
                    async with asyncio.timeout(0.5):
                        await self._wake.wait()

    async def drain(self) -> None:
        """Delivers what can go now and returns when nothing is left to send (for `ask`, tests and a clean stop)."""
        while await self.round():
            await asyncio.gather(*self._flying, return_exceptions=True)  # a fault is logged where it lands

    async def land(self, within: timedelta) -> None:
        """Lets what is being sent arrive, for a clean stop."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=within.total_seconds())

    async def round(self) -> bool:
        """Claims what is due and starts sending it; whether there was any."""
        now = self._world.machine()
        doors = [d for d in self._doors if self._barred_until.get(d, now) <= now]
        flying = Tally(one.place.door for one in self._flying.values())
        room = {d: _AT_ONCE - flying[d] for d in doors if flying[d] < _AT_ONCE}
        if not room:
            await asyncio.wait(self._flying, timeout=0.5, return_when=asyncio.FIRST_COMPLETED) if self._flying else None
            return bool(doors)
        sending = {one.id for one in self._flying.values()}
        self._known = {id_: until for id_, until in self._known.items() if until > now or id_ in sending}
        async with self._database.dock(self._civil()) as dock:
            due = await dock.outbox_due(self.holder, self._known)
        if due is None or due > now:
            return False
        async with self._database.dock(self._civil(), write=True) as dock:
            limit, until = min(room.values()), now + _LEASE
            claimed = await dock.claim_outbox(now, until, self.holder, [*room], limit, _PER_PLACE, self._known)
        for one in claimed:
            self._known[one.id] = until
            task = asyncio.create_task(self._send(one))
            self._flying[task] = one
            task.add_done_callback(self._landed)
        return bool(claimed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        one = self._flying.pop(task)
        self._wake.set()
        if task.cancelled() or task.exception() is None:
            self._known.pop(one.id, None)
        else:
            log.error("a message was not sent", exc_info=task.exception(), extra={"action": "deliver.failed"})

    async def _send(self, one: Claimed) -> None:
        if one.carrier not in self._world.carriers:
            await self._to_nobody(one)
            return
        lane = self._lanes.setdefault(one.place, _Lane())
        async with lane.lock:
            if lane.free_at is not None:
                pause = (lane.free_at - self._world.machine()).total_seconds()
                await asyncio.sleep(min(max(pause, 0.0), 10.0))
            door = self._doors[one.place.door]
            outcome = await (self._card(one, door) if one.kind == CARD else self._word(one, door))
            lane.free_at = self._world.machine() + self._interval(one.place)
        if outcome is not None:
            _POSTED.labels(one.place.door, type(outcome).__name__.lower()).inc()

    async def _to_nobody(self, one: Claimed) -> None:
        async with self._database.work(one.carrier, self._civil(), write=True) as work:
            for row in (await work.outbox.of([one.id])).values():
                await carrier_gone(work, row, self._world.machine())

    async def _card(self, one: Claimed, door: Door[M]) -> Outcome | None:
        row, post, reply = await patiently(lambda: self._read_card(one))
        if row is None:
            return None
        if post is None or reply is None:
            async with self._database.work(one.carrier, self._civil(), write=True) as work:
                await work.outbox.dropped(row, "nothing to show any more", self._world.machine())
            return None
        outcome = await self._show(door, post, reply)
        if isinstance(outcome, Sent):
            self._remember(post.id, (outcome.ref, post.wanted_version, reply))
        return await self._record(one.carrier, row, outcome, post.wanted_version)

    async def _read_card(self, one: Claimed) -> tuple[OutboxRecord | None, PostRecord | None, M | None]:
        async with self._database.work(one.carrier, self._civil()) as work:
            row = await work.outbox.held(one.id, self.holder)
            post = (await work.posts.of([row.post_id])).get(row.post_id) if row and row.post_id else None
            return row, post, await self._announcer.card(work, post) if post else None

    def _remember(self, post: str, shown: tuple[str, int, M]) -> None:
        self._shown.pop(post, None)
        self._shown[post] = shown
        if len(self._shown) > _REMEMBERED:
            del self._shown[next(iter(self._shown))]

    async def _show(self, door: Door[M], post: PostRecord, reply: M) -> Outcome:
        """Edits the card where it stands, else posts it; one that reads the same already is left alone."""
        if post.ref and self._shown.get(post.id) == (post.ref, post.shown_version, reply):
            return Sent(post.ref)
        if post.ref:
            outcome = await door.edit(post.place, post.ref, reply)
            if not isinstance(outcome, Malformed):
                return outcome
        return await door.post(post.place, reply)

    async def _word(self, one: Claimed, door: Door[M]) -> Outcome | None:
        """Sends a word; words of its lane that waited with it are told as one line."""
        row, post, waiting = await patiently(lambda: self._read_word(one))
        if row is None:
            return None
        together = [w for w in waiting if w.id >= row.id] or [row]
        reply = self._announcer.words([w.content for w in together], self._civil())
        thread = post.ref if post else ""
        loud = any(w.broadcast for w in together)
        outcome = await door.post(row.place, reply, thread=thread, broadcast=loud)
        rest = [w.id for w in together if w.id != row.id] if isinstance(outcome, Sent) else []
        return await self._record(one.carrier, row, outcome, 0, rest)

    async def _read_word(self, one: Claimed) -> tuple[OutboxRecord | None, PostRecord | None, Sequence[OutboxRecord]]:
        async with self._database.work(one.carrier, self._civil()) as work:
            row = await work.outbox.held(one.id, self.holder)
            post = (await work.posts.of([row.post_id])).get(row.post_id) if row and row.post_id else None
            return row, post, await work.outbox.waiting([one.lane])

    async def _record(
        self, carrier: str, row: OutboxRecord, outcome: Outcome, version: int, rest: Sequence[str] = ()
    ) -> Outcome:
        """Notes what became of a row; a busy database is tried again, or what stands there would be sent twice."""
        await patiently(lambda: self._note(carrier, row, outcome, version, rest))
        return outcome

    async def _note(self, carrier: str, row: OutboxRecord, outcome: Outcome, version: int, rest: Sequence[str]) -> None:
        now = self._world.machine()
        async with self._database.work(carrier, self._civil(), write=True) as work:
            match outcome:
                case Sent(ref):
                    self.barred.pop(row.door, None)
                    await work.outbox.sent(row, ref, now, version)
                    if rest:
                        await work.outbox.drop(rest, f"told in one line with {row.id}")
                case Retry(after, why):
                    await work.outbox.retry(row, now + wait(row.attempts, after), why)
                case Barred(why):
                    self._bar(row.door, why, now)
                    await work.outbox.retry(row, now + _BARRED_FOR, why)
                case Gone(why):
                    await self._gone(work, row, why, now)
                case Malformed(why):
                    log.error("a message was refused as text too", extra={"action": "deliver.malformed", "why": why})
                    await self._malformed(work, row, why, now)

    async def _malformed(self, work: Work, row: OutboxRecord, why: str, now: datetime) -> None:
        if row.attempts >= _GIVE_UP:
            await self._dead(work, row, why, now)
        else:
            await work.outbox.retry(row, now + wait(row.attempts), why)

    async def _dead(self, work: Work, row: OutboxRecord, why: str, now: datetime) -> None:
        """Gives a row up; words that would hang on a card that never stood are dropped, or they would wait for ever."""
        await work.outbox.dead(row, why, now)
        post = (await work.posts.of([row.post_id])).get(row.post_id) if row.kind == CARD and row.post_id else None
        if post is not None and not post.ref:
            words = await work.outbox.waiting([f"post:{post.id}"])
            await work.outbox.drop([w.id for w in words], f"its card never stood: {why}")

    def _bar(self, door: str, why: str, now: datetime) -> None:
        self.barred[door] = why
        self._barred_until[door] = now + _BARRED_FOR
        log.error("a chat does not let us in", extra={"action": "deliver.barred", "door": door, "why": why})

    async def _gone(self, work: Work, row: OutboxRecord, why: str, now: datetime) -> None:
        """A place that is no more is turned off, and its loads are told elsewhere; dispatch hears of a person's."""
        log.error("a place is gone", extra={"action": "deliver.gone", "place": row.external, "why": why})
        turned_off = await turn_off(work, self._world, row.place, why)
        await self._dead(work, row, why, now)
        if not turned_off and await work.routes.find(row.place) is None:
            await unreached(work, self._world, row, why)
