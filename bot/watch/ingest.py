"""Raw to reports in batches: what arrived is kept and read, and every load it speaks of is looked at, in one unit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from prometheus_client import Counter

from bot.domain.report import Report
from bot.domain.status import Authority
from bot.feeds.protocol import Ahead, Arrived, Kept, Problem, Reading
from bot.watch.anew import may_be_anew, said_anew, seen_again
from bot.watch.faults import listed
from bot.watch.intake import Hands, add_rows
from bot.watch.look import reassess
from bot.watch.message import BATCH, BATCH_WHILE_ASKED, Ear, Message, groups
from bot.watch.named import named
from bot.watch.questions import answered
from bot.watch.reads import in_place, messages_of
from bot.watch.turns import people_ask
from bot.watch.whose import hear, whose
from bot.watch.world import World
from storage.database import Database
from storage.dock import Dock
from storage.errors import GONE, Again, Away, Clash, StorageError
from storage.ids import new_id
from storage.problems import ProblemRecord
from storage.raws import Kept as Row
from storage.raws import RawRecord
from storage.work import Work

__all__ = ["BATCH", "Ear", "Ingest"]

log = logging.getLogger(__name__)

#: What is done about loads that messages are about.
Look = Callable[[Work, World, set[str]], Awaitable[object]]

#: How often a batch is written that clashed with another unit's rows.
_TRIES = 3

_MESSAGES = Counter("holdwatch_messages", "Messages kept", ["feed"])
_PROBLEMS = Counter("holdwatch_problems", "Places in messages that could not be understood", ["feed"])


class Ingest:
    """Takes arrivals from any number of ears and writes them in batches, in order."""

    def __init__(
        self,
        database: Database,
        world: World,
        ears: Mapping[str, Ear],
        civil: Callable[[], datetime],
        wake: Callable[[], None],
        look: Look = reassess,
        ahead: Ahead = in_place,
    ) -> None:
        self._look = look
        self._ahead = ahead
        self._database = database
        self._world = world
        self._ears = ears
        self._civil = civil
        self._wake = wake
        self._waiting: list[tuple[list[Message], asyncio.Future[Kept]]] = []
        self._writing = asyncio.Lock()

    async def keep(self, arrivals: list[Arrived]) -> Kept:
        """Keeps and reads what arrived; returns when it is committed, raises when it was not all kept.

        Arrivals that come while a batch is written wait together and make the next one.
        """
        kept = repeated = 0
        async with aclosing(messages_of(arrivals, self._ears, self._world, self._ahead)) as pieces:
            async for messages in pieces:
                one = await self._put(messages)
                kept, repeated = kept + one.kept, repeated + one.repeated
        return Kept(kept, repeated)

    async def _put(self, messages: list[Message]) -> Kept:
        """Has messages written, alone or in the batch of somebody else's; returns when they are committed."""
        done: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((messages, done))
        try:
            async with self._writing:
                while not done.done():
                    await self._next_batch()
        finally:
            if not done.done():  # whoever brought it was cancelled, and will bring it again
                self._waiting = [one for one in self._waiting if one[1] is not done]
        return done.result()

    async def again(self, raw: RawRecord) -> None:
        """Reads a kept message once more: in one unit its reports and problems are replaced, and loads looked at."""
        if not raw.body:
            return  # what came could not be taken; that problem stays
        ear = self._ears[raw.feed]
        reading = await asyncio.to_thread(ear.source.read, raw.body, ear.reader, raw.received)
        async with self._writing, self._database.dock(self._civil(), write=True) as dock:
            observed = await dock.raws.observed(raw.id)
            gone = await dock.raws.reread(raw.id, ear.source.version)
            await dock.problems.drop_of_raw(raw.id)
            seen = replace(raw, seen_last=observed or raw.seen_last)
            await self._speak(dock, [Message(ear, reading, seen, new=True, observation=observed is not None)])
            for carrier in {carrier for carrier, _ in gone}:
                work = dock.work(carrier)
                claims = await work.claims.loads_of(number for whose, number in gone if whose == carrier)
                await reassess(work, self._world, {c.load_id for c in claims})
            dock.after_commit(self._wake)

    async def _next_batch(self) -> None:
        taken: list[tuple[list[Message], asyncio.Future[Kept]]] = []
        weight = 0
        while self._waiting and (not taken or weight < BATCH):
            taken.append(self._waiting.pop(0))
            weight += sum(m.weight for m in taken[-1][0])
        try:
            most = BATCH_WHILE_ASKED if people_ask(self._world) else BATCH
            for group in groups([m for messages, _ in taken for m in messages], most):
                await self._write(group)
        except Exception as why:  # whoever handed a message over is told that it was not kept
            for _, done in taken:
                done.set_exception(why)
            return
        except asyncio.CancelledError:
            # Only the one who writes was cancelled: the others' messages wait for the next who does.
            self._waiting[:0] = taken
            raise
        for messages, done in taken:
            new = sum(m.new for m in messages)
            done.set_result(Kept(new, len(messages) - new))

    async def _write(self, group: list[Message]) -> None:
        """Writes a batch; one that fails is halved until the culprit stands alone, kept unread (house rule 4)."""
        try:
            if len(group) == 1 and group[0].weight > BATCH:
                await self._in_parts(group[0])
            else:
                await self._commit(group)
        except GONE:
            raise
        except Exception as why:  # any fault of one message must not lose the others
            if len(group) > 1:
                middle = len(group) // 2
                await self._write(group[:middle])
                await self._write(group[middle:])
                return
            (one,) = group
            log.exception("a message was kept unread", extra={"action": "ingest.unread", "feed": one.ear.name})
            fault = Problem("whole message", f"kept, and not taken in: {type(why).__name__}: {why}")
            unread = replace(one.raw, reader=0)
            culprit = Message(one.ear, Reading(problems=(fault,), ref=one.reading.ref), unread)
            await self._commit([culprit])
            one.new = culprit.new

    async def _in_parts(self, message: Message) -> None:
        """Writes a long message in several units; it counts as read only after the last, so a kill repeats it."""
        reading, raw = message.reading, message.raw
        first = Reading(reading.reports[:BATCH], (), reading.problems, reading.ref)
        parts = [Reading(reading.reports[i : i + BATCH]) for i in range(BATCH, len(reading.reports), BATCH)]
        parts += [Reading(loads=reading.loads[i : i + BATCH]) for i in range(0, len(reading.loads), BATCH)]
        observes = message.observation
        opening = Message(message.ear, first, replace(raw, reader=0), observation=observes)
        await self._commit([opening])
        message.new = opening.new
        if not opening.new:
            return
        for part in parts:
            async with self._database.dock(self._civil(), write=True) as dock:
                await self._speak(dock, [Message(message.ear, part, opening.raw, True, observes)])
                dock.after_commit(self._wake)
        async with self._database.dock(self._civil(), write=True) as dock:
            await dock.raws.finish(opening.raw.id, raw.reader)

    async def _commit(self, messages: list[Message]) -> None:
        """Writes messages in one unit; what clashed with another unit's rows, or stood in its way, once more: whoever
        sent it by HTTP would else have to send it again."""
        for attempt in range(_TRIES):
            try:
                return await self._commit_once(messages)
            except Clash:
                continue
            except Again as why:
                if isinstance(why, Away) or attempt == _TRIES - 1:
                    raise
        raise StorageError("its rows are there already, each time")

    async def _commit_once(self, messages: list[Message]) -> None:
        async with self._database.dock(self._civil(), write=True) as dock:
            kept = await dock.raws.keep([m.raw for m in messages])
            unread = await _take_up(dock, messages, kept)
            await self._speak(dock, [m for m in messages if m.new] + await self._anew(dock, messages))
            for carrier, due in (await seen_again(dock, self._world, messages)).items():
                await self._look(dock.work(carrier), self._world, due)
            for id_, version in unread.items():
                await dock.raws.finish(id_, version)
            await self._count(dock, messages)
            dock.after_commit(self._wake)

    async def _anew(self, dock: Dock, messages: list[Message]) -> list[Message]:
        """Of repeats without reference or time, the bad news that came after better of the same feed."""
        found = []
        fresh = [report for m in messages if m.new for report in m.reading.reports]
        for message in messages:
            told_apart = message.new or message.observation or message.held or message.reading.ref
            if not told_apart and any(map(may_be_anew, message.reading.reports)):
                told = await said_anew(dock, self._world, message.ear.carriers, message.reports, fresh)
                if told:
                    found.append(
                        Message(message.ear, Reading(tuple(told), problems=(Problem("message", _ANEW),)), message.raw)
                    )
        return found

    async def _speak(self, dock: Dock, messages: list[Message]) -> None:
        """Gives each carrier what was said of its numbers, and looks at the loads concerned."""
        told: dict[str, list[tuple[Report, str]]] = {}
        loads: dict[str, list[Message]] = {}
        problems: list[tuple[Message, Problem]] = [(m, p) for m in messages for p in listed(m.reading.problems)]
        for message in messages:
            for carrier, report in await whose(dock, self._world, message.ear.carriers, message.reports):
                told.setdefault(carrier, []).append((report, message.raw.id))
            if message.reading.loads and len(message.ear.carriers) > 1:
                why = "loads were not taken: this feed speaks for several carriers, give each its own feed"
                problems.append((message, Problem("loads", why)))
            elif message.reading.loads:
                loads.setdefault(message.ear.carriers[0], []).append(message)
        for carrier in sorted({*told, *loads}):
            work = dock.work(carrier)
            due = await hear(work, told.get(carrier, []))
            await answered(work, self._world, [report for report, _ in told.get(carrier, [])])
            for message in loads.get(carrier, []):
                by = Hands(message.ear.hand, message.ear.name, message.raw.id)
                nameless = message.ear.source.authority is Authority.EMAIL
                given = message.reading.loads
                rows, lost = await named(work, given, by, message.raw.received) if nameless else (given, [])
                problems += [(message, Problem(row.where, why)) for row, why in lost]
                for row in await add_rows(work, self._world, rows, by) if rows else ():
                    problems += [(message, Problem(row.where, s)) for s in row.sentences if row.outcome == "refused"]
            await self._look(work, self._world, due)
        await dock.problems.add(
            ProblemRecord(new_id(), m.raw.id, m.ear.name, p.where, p.why, p.code, dock.now) for m, p in problems
        )

    async def _count(self, dock: Dock, messages: list[Message]) -> None:
        for name in {m.ear.name for m in messages}:
            of_feed = [m for m in messages if m.ear.name == name and (m.new or not m.observation)]
            if not of_feed:  # the same answer to a poll again is no word; that it proves life its poller notes
                continue
            faults = sum(len(m.reading.problems) for m in of_feed)
            await dock.feeds.heard(name, dock.now, len(of_feed), faults)
            until = max((u for m in of_feed if (u := m.alive_until) is not None), default=dock.now)
            if until > dock.now:
                await dock.feeds.beats(name, until)
            _MESSAGES.labels(name).inc(len(of_feed))
            _PROBLEMS.labels(name).inc(faults)


async def _take_up(dock: Dock, messages: list[Message], kept: list[Row]) -> dict[str, int]:
    """Makes room for those that came before and were not read to their end: they are read now, once, as of the time
    they first came. Their ids, and the versions that read them."""
    known = [k.id for k in kept if not k.new]
    again = {r.id: r for r in await dock.raws.of(known) if r.reader == 0} if known else {}
    versions: dict[str, int] = {}
    for message, one in zip(messages, kept, strict=True):
        before = again.pop(one.id, None)
        message.new = one.new or before is not None
        message.held = message.held and one.brought
        if not one.new:
            message.raw = replace(message.raw, id=one.id, received=before.received if before else message.raw.received)
        if before is not None:
            versions[one.id] = message.raw.reader
            await dock.raws.reread(one.id, 0)
            await dock.problems.drop_of_raw(one.id)
        if one.reused and one.new and not message.observation:
            message.reading = _with_problem(message.reading, _REUSED.format(message.reading.ref))
    return versions


_ANEW = "the same message again, with no time of its own, after other news: counted as bad news said anew"
_REUSED = "control reference {} came before with another content; both are kept and read"


def _with_problem(reading: Reading, why: str) -> Reading:
    return replace(reading, problems=(*reading.problems, Problem("interchange", why)))
