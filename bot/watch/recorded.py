"""What would have been told, line by line (DESIGN 6, backtest): from the outbox, and from answers that changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.domain.assessment import Answer, Assessment, from_json
from bot.domain.brief import told_from_json
from bot.domain.kinds import Level
from bot.watch.calls import call_topic, waiting_for
from bot.watch.deliver import Announcer
from bot.watch.many import NO_PART, Part, part_of
from bot.watch.tell import DRIVER
from storage.loads import LoadRecord
from storage.outbox import CARD
from storage.scratch import Scratch, ToSay, Turned
from storage.work import Work

M = TypeVar("M")

#: Names of places.
DISPATCH = "dispatch"
_GO = frozenset({Answer.GO.value, Answer.GO_BUT.value})
#: An owner who lets go is a word in the thread.
_CALLED = {"unowned": "said"}


@dataclass(frozen=True, slots=True)
class Event:
    """One line: what was told of a load, or only listed (`posted` false: nobody was sent anything)."""

    at: datetime
    load: str | None
    direction: str | None
    known_at: datetime | None
    shipment: str | None
    event: str
    posted: bool
    level: str | None
    kinds: tuple[str, ...]
    cause: str | None
    but: str | None
    guess: bool
    place: str | None
    text: str

    def to_json(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "at": self.at.isoformat(),
            "load": self.load,
            "direction": self.direction,
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "shipment": self.shipment,
            "event": self.event,
            "posted": self.posted,
            "level": self.level,
            "kinds": list(self.kinds),
            "cause": self.cause,
            "but": self.but,
            "guess": self.guess,
            "place": self.place,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one step: lines, and what each load that changed adds to the looks at many."""

    events: list[Event]
    parts: list[tuple[datetime, str, str, Part]]


def _level(level: int | None) -> str | None:
    return Level(level).name.lower() if level else None


def _event(load: LoadRecord, at: datetime, what: str, found: Assessment, **more: Any) -> Event:
    standing = found.standing
    event = Event(
        at=at,
        load=load.number,
        direction=load.direction.value,
        known_at=load.known_at,
        shipment=None,
        event=what,
        posted=False,
        level=_level(found.level),
        kinds=tuple(dict.fromkeys(h.kind.value for h in standing)),
        cause=standing[0].cause.value if standing else None,
        but=found.buts[0].kind.value if found.buts else None,
        guess=any("guess" in (h.detail or {}) for h in standing),
        place=None,
        text="",
    )
    return replace(event, **more)


def _of_feed(at: datetime, place: str, text: str, level: str | None = None) -> Event:
    return Event(at, None, None, None, None, "feed", True, level, (), None, None, False, place, text)


class Recorder(Generic[M]):
    """Takes what the outbox holds as said at once, and turns it into lines."""

    def __init__(self, database: Scratch, announcer: Announcer[M], plain: Callable[[M], str]) -> None:
        self._database = database
        self._announcer = announcer
        self._plain = plain
        self._asks: dict[str, frozenset[str]] = {}
        self._called: dict[str, frozenset[str]] = {}
        self._before: list[tuple[str, frozenset[str] | None]] = []

    def keep(self) -> None:
        """What was taken since stays."""
        self._before.clear()

    def undo(self) -> None:
        """Forgets the questions that were noted since `keep`."""
        for load, asks in reversed(self._before):
            if asks is None:
                self._asks.pop(load, None)
            else:
                self._asks[load] = asks
        self._before.clear()

    async def take(self, at_of: Callable[[str], datetime | None], now: datetime) -> Step:
        """Lines of what happened since; `at_of` is when a load was looked at, None for one that was not."""
        rows = [_as_of(row, at_of(row.load_id or "")) for row in self._database.to_say()]
        turned = _joined(self._database.turned())
        step = Step([], [])
        if not rows and not turned:
            return step
        carriers = {r.carrier for r in rows} | {t.carrier for t in turned}
        async with self._database.dock(now) as dock:
            for carrier in sorted(carriers):
                work = dock.work(carrier)
                told = [r for r in rows if r.carrier == carrier]
                await self._one(work, told, [t for t in turned if t.carrier == carrier], at_of, step)
        return step

    async def _one(
        self, work: Work, rows: list[ToSay], turned: list[Turned], at_of: Callable[[str], datetime | None], step: Step
    ) -> None:
        now = work.unit.now
        seen = [t for t in turned if self._matters(t)]
        wanted = {t.load for t in seen} | {r.load_id for r in rows if r.load_id}
        loads = await work.loads.of(wanted) if wanted else {}
        many = [t.load for t in seen if t.level and t.answer == Answer.HOLD.value]
        shipments = await work.shipments.of_loads(many) if many else {}
        merged = await work.parties.merged() if many else {}
        told: set[str] = set()
        asked: set[tuple[str, str]] = set()
        for row in rows:
            work.unit.now = row.at
            step.events.extend(await self._said(work, row, loads.get(row.load_id or "")))
            told.add(row.load_id or "")
            asked.add((row.load_id or "", str(row.content.get("more", {}).get("ask", ""))))
        for one in seen:
            load, at = loads[one.load], at_of(one.load) or now
            step.events.extend(self._listed(one, load, at, told=one.load in told))
            step.events.extend(self._unasked(one, load, at, asked))
            part = part_of(load, shipments[one.load], merged) if one.load in shipments else NO_PART
            step.parts.append((at, work.carrier, one.load, part))

    def _matters(self, one: Turned) -> bool:
        known = self._asks.get(one.load, frozenset())
        return one.was != one.answer or one.low != one.level or bool(one.level) or not known.issuperset(one.asks)

    def _listed(self, one: Turned, load: LoadRecord, at: datetime, *, told: bool) -> Iterator[Event]:
        """What a list shows and nobody was sent: a late load, and the answers themselves."""
        if (one.was in _GO) == (one.answer in _GO) and (told or one.level <= one.low):
            return
        found = from_json(load.assessment)
        if one.was in _GO and one.answer not in _GO:
            yield _event(load, at, "go_withdrawn", found)
        if one.answer in _GO and one.was not in _GO:
            yield _event(load, at, "go", found)
        if not told and one.level > one.low:
            yield _event(load, at, "level" if one.low else "raised", found)

    def _unasked(self, one: Turned, load: LoadRecord, at: datetime, asked: set[tuple[str, str]]) -> Iterator[Event]:
        """Questions that stand on the list only."""
        known, now = self._asks.get(one.load), frozenset(one.asks)
        if now == (known or frozenset()):
            return
        self._before.append((one.load, known))
        self._asks[one.load] = now
        for ask in sorted(now - (known or frozenset())):
            if (one.load, ask.partition(":")[0]) not in asked:
                yield _event(load, at, "asked", from_json(load.assessment))

    async def _said(self, work: Work, row: ToSay, load: LoadRecord | None) -> list[Event]:
        place = DRIVER if row.topic == DRIVER or row.external != DISPATCH else DISPATCH
        if row.kind == CARD:
            return await self._card(work, row, load, place)
        text = self._plain(self._announcer.words([row.content], row.at))
        if load is None:
            return [_of_feed(row.at, place, text)]
        if "event" not in row.content:
            return [_event(load, row.at, "said", from_json(load.assessment), posted=True, place=place, text=text)]
        told = told_from_json(row.content)
        labels = {p.id: p.label for p in told.brief.papers}
        about = {f.partition("|")[0] for f in told.about} | {told.more.get("shipment", "")}
        about.discard("")
        label = labels.get(about.pop()) if len(about) == 1 else None
        what = _CALLED.get(told.event, told.event)
        level = _level(told.level)
        return [
            _event(
                load, row.at, what, told.brief.found, posted=True, level=level, shipment=label, place=place, text=text
            )
        ]

    async def _card(self, work: Work, row: ToSay, load: LoadRecord | None, place: str) -> list[Event]:
        """A card that is posted; one that is edited in place disturbs nobody."""
        call = row.topic.startswith(call_topic(""))
        if not (row.first or call) or row.post_id is None:
            return []
        post = (await work.posts.of([row.post_id]))[row.post_id]
        reply = await self._announcer.card(work, post)
        if reply is None:
            return []
        text = self._plain(reply)
        if call:
            return await self._call(work, row, place, text)
        if load is None:
            return [_of_feed(row.at, place, text, "urgent")]
        found = from_json(load.assessment)
        labels = {s.id: s.text or s.ccn for s in (await work.shipments.of_loads([load.id])).get(load.id, [])}
        about = {h.shipment for h in found.standing if (h.level or 0) >= Level.WARN and h.shipment}
        label = labels.get(about.pop()) if len(about) == 1 else None
        return [_event(load, row.at, "raised", found, posted=True, shipment=label, place=place, text=text)]

    async def _call(self, work: Work, row: ToSay, place: str, text: str) -> list[Event]:
        """A call post: a line for each of its loads that it did not name before."""
        asked = (await waiting_for(work)).get(row.topic.removeprefix(call_topic("")), [])
        known = frozenset() if row.first else self._called.get(row.topic, frozenset())
        self._called[row.topic] = frozenset(w.key for w in asked)
        loads = {r.key: r for r in (await work.loads.of([a.load_id for a in await work.alerts.open(1000)])).values()}
        return [
            _event(
                loads[w.key], row.at, "said", from_json(loads[w.key].assessment), posted=True, level=_level(w.level),
                shipment=w.label, place=place, text=text,
            )
            for w in asked
            if w.key not in known and w.key in loads
        ]  # fmt: skip


def _as_of(row: ToSay, at: datetime | None) -> ToSay:
    """A row with the moment of its load: cards of several loads are written together."""
    return row if at is None or row.at == at else replace(row, at=at)


def _joined(turned: Sequence[Turned]) -> list[Turned]:
    """One entry a load: from what it was first to what it is last."""
    found: dict[str, Turned] = {}
    for one in turned:
        first = found.get(one.load)
        found[one.load] = replace(one, was=first.was, low=first.low) if first else one
    return list(found.values())
