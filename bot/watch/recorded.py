"""What would have been told, line by line (DESIGN 6, backtest): from the outbox, and from answers that changed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.domain.assessment import Answer, Assessment
from bot.domain.brief import told_from_json
from bot.domain.kinds import Level
from bot.domain.quick import altered
from bot.watch.answers import answer_of
from bot.watch.calls import call_topic, waiting_for
from bot.watch.deliver import Announcer
from bot.watch.eventlines import Event, event_of, level_name, of_feed
from bot.watch.many import Change, part_of
from bot.watch.moments import Moment
from bot.watch.tell import DRIVER
from storage.loads import LoadRecord
from storage.outbox import CARD
from storage.scratch import Scratch, ToSay, Turned
from storage.shipments import ShipmentRecord
from storage.work import Work

M = TypeVar("M")

#: Names of places.
DISPATCH = "dispatch"
_GO = frozenset({Answer.GO.value, Answer.GO_BUT.value})
#: An owner who lets go is a word in the thread.
_CALLED = {"unowned": "said"}


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one step: lines, and what each load that changed adds to the looks at many."""

    events: list[Event]
    parts: list[Change]


@dataclass(frozen=True, slots=True)
class _Load:
    """A load as lines speak of it, and where it stands."""

    record: LoadRecord
    found: Assessment | None
    labels: Mapping[str, str]


class Recorder(Generic[M]):
    """Takes what the outbox holds as said at once, and turns it into lines; without `plain` nobody reads their text."""

    def __init__(self, database: Scratch, announcer: Announcer[M], plain: Callable[[M], str] | None) -> None:
        self._database = database
        self._announcer = announcer
        self._plain = plain
        self._asks: dict[str, frozenset[str]] = {}
        self._called: dict[str, frozenset[str]] = {}
        self._carded: set[str] = set()

    async def take(self, now: datetime) -> Step:
        """What was done at a moment, whatever it was."""
        rows, turned = self._database.to_say(), _joined(self._database.turned())
        step = Step([], [])
        if not rows and not turned:
            return step
        async with self._database.dock(now) as dock:
            for carrier in sorted({r.carrier for r in rows} | {t.carrier for t in turned}):
                work = dock.work(carrier)
                told = [r for r in rows if r.carrier == carrier]
                await self._one(work, told, [t for t in turned if t.carrier == carrier], step)
        return step

    async def _one(self, work: Work, rows: list[ToSay], turned: list[Turned], step: Step) -> None:
        wanted = {t.load for t in turned} | {r.load_id for r in rows if r.load_id}
        records = await work.loads.of(wanted) if wanted else {}
        shipments = await work.shipments.of_loads(list(records)) if records else {}
        merged = await work.parties.merged() if turned else {}
        loads = {
            id_: _Load(record, answer_of(record), _labels(shipments.get(id_, ()))) for id_, record in records.items()
        }
        now = work.unit.now
        for row in rows:
            work.unit.now = row.at
            step.events.extend(await self._said(work, row, loads.get(row.load_id or "")))
        told, asked = self._heard(rows)
        for one in turned:
            change = _Change(now, one.was, one.answer, one.low, one.level, frozenset(one.asks))
            step.events.extend(self._listed(loads[one.load], change, asked, told=one.load in told))
            record = records[one.load]
            step.parts.append((now, work.carrier, one.load, part_of(record, shipments.get(one.load, ()), merged)))

    async def of_moments(self, work: Work, wave: Mapping[str, Sequence[Moment]]) -> list[Event]:
        """Lines of what looks told, the last of each load's having been written just now."""
        events: list[Event] = []
        self._database.forget()
        rows = self._database.to_say()
        for row in rows:
            own = wave.get(row.load_id or "")
            last = own[-1] if own else None
            load = _Load(last.case.record, last.found, _labels(last.case.shipments)) if last else None
            work.unit.now = last.at if last else row.at
            events += await self._said(work, altered(row, at=work.unit.now), load)
        told, asked = self._heard(rows)
        for id_, moments in wave.items():
            for one in moments:
                change = _Change.of(one)
                if not change.matters and self._asks.get(id_, _NOTHING) == change.asks:
                    continue
                written = one is moments[-1]
                edited = one.fresh and one.stands and id_ in self._carded
                load, heard = _Load(one.case.record, one.found, {}), asked if written else ()
                events += self._listed(load, change, heard, told=edited or (written and id_ in told))
        return events

    def _heard(self, rows: Iterable[ToSay]) -> tuple[set[str], set[tuple[str, str]]]:
        """Loads of which something was told, and the questions asked."""
        told: set[str] = set()
        asked: set[tuple[str, str]] = set()
        for row in rows:
            told.add(row.load_id or "")
            asked.add((row.load_id or "", str(row.content.get("more", {}).get("ask", ""))))
            if row.kind == CARD:
                self._carded.add(row.load_id or "")
        return told, asked

    def _listed(
        self, load: _Load, change: "_Change", asked: Collection[tuple[str, str]], *, told: bool
    ) -> Iterator[Event]:
        """What a list shows and nobody was sent: a late load, the answers themselves, and questions."""
        found, at = load.found, change.at
        if found is None:
            return
        if change.was in _GO and change.answer not in _GO:
            yield event_of(load.record, at, "go_withdrawn", found)
        if change.answer in _GO and change.was not in _GO:
            yield event_of(load.record, at, "go", found)
        if not told and change.level > change.low:
            yield event_of(load.record, at, "level" if change.low else "raised", found)
        id_ = load.record.id
        for ask in sorted(change.asks - self._asks.get(id_, _NOTHING)):
            if (id_, ask.partition(":")[0]) not in asked:
                yield event_of(load.record, at, "asked", found)
        self._asks[id_] = change.asks

    async def _said(self, work: Work, row: ToSay, load: _Load | None) -> list[Event]:
        place = DRIVER if row.topic == DRIVER or row.external != DISPATCH else DISPATCH
        if row.kind == CARD:
            return await self._card(work, row, load, place)
        text = self._plain(self._announcer.words([row.content], row.at)) if self._plain else ""
        if load is None or load.found is None:
            return [of_feed(row.at, place, text)]
        if "event" not in row.content:
            return [event_of(load.record, row.at, "said", load.found, posted=True, place=place, text=text)]
        told = told_from_json(row.content)
        labels = {p.id: p.label for p in told.brief.papers}
        about = {f.partition("|")[0] for f in told.about} | {told.more.get("shipment", "")}
        about.discard("")
        label = labels.get(about.pop()) if len(about) == 1 else None
        what, level = _CALLED.get(told.event, told.event), level_name(told.level)
        more: dict[str, Any] = {"posted": True, "level": level, "shipment": label, "place": place, "text": text}
        return [event_of(load.record, row.at, what, told.brief.found, **more)]

    async def _card(self, work: Work, row: ToSay, load: _Load | None, place: str) -> list[Event]:
        """A card that is posted; one that is edited in place disturbs nobody."""
        call = row.topic.startswith(call_topic(""))
        if not (row.first or call) or row.post_id is None:
            return []
        text = ""
        if self._plain or call or load is None:
            post = (await work.posts.of([row.post_id]))[row.post_id]
            reply = await self._announcer.card(work, post)
            if reply is None:
                return []
            text = self._plain(reply) if self._plain else ""
        if call:
            return await self._call(work, row, place, text)
        if load is None or load.found is None:
            return [of_feed(row.at, place, text, "urgent")]
        about = {h.shipment for h in load.found.standing if (h.level or 0) >= Level.WARN and h.shipment}
        label = load.labels.get(about.pop()) if len(about) == 1 else None
        more: dict[str, Any] = {"posted": True, "shipment": label, "place": place, "text": text}
        return [event_of(load.record, row.at, "raised", load.found, **more)]

    async def _call(self, work: Work, row: ToSay, place: str, text: str) -> list[Event]:
        """A call post: a line for each of its loads that it did not name before."""
        asked = (await waiting_for(work)).get(row.topic.removeprefix(call_topic("")), [])
        known = frozenset() if row.first else self._called.get(row.topic, frozenset())
        self._called[row.topic] = frozenset(w.key for w in asked)
        loads = {r.key: r for r in (await work.loads.of([a.load_id for a in await work.alerts.open(1000)])).values()}
        more: dict[str, Any] = {"posted": True, "place": place, "text": text}
        events = []
        for one in asked:
            load = loads.get(one.key)
            found = answer_of(load) if load is not None and one.key not in known else None
            if load is not None and found is not None:
                level = level_name(one.level)
                events.append(event_of(load, row.at, "said", found, level=level, shipment=one.label, **more))
        return events


_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Change:
    """An answer and a level, and what they were before; `asks` are questions that stand."""

    at: datetime
    was: str
    answer: str
    low: int
    level: int
    asks: frozenset[str]

    @classmethod
    def of(cls, one: Moment) -> "_Change":
        """That of a look."""
        found = one.found
        return cls(one.at, one.was, found.answer.value, one.low, int(found.level or 0), frozenset(found.asks))

    @property
    def matters(self) -> bool:
        """Whether a list shows anything else than before."""
        return self.was != self.answer or self.level > self.low


def _stored(record: LoadRecord, shipments: Iterable[ShipmentRecord]) -> _Load:
    return _Load(record, answer_of(record), _labels(shipments))


def _labels(shipments: Iterable[ShipmentRecord]) -> dict[str, str]:
    return {s.id: s.text or s.ccn for s in shipments}


def _joined(turned: Sequence[Turned]) -> list[Turned]:
    """One entry a load: from what it was first to what it is last."""
    found: dict[str, Turned] = {}
    for one in turned:
        first = found.get(one.load)
        found[one.load] = replace(one, was=first.was, low=first.low) if first else one
    return list(found.values())
