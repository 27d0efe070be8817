"""Events to rows of the outbox: which places hear them, as a card or as words (RULES N1)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain.alert import ALOUD, ENDED, Alert, Event, Said
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.brief import Brief, Told, told_to_text
from bot.domain.coverage import Liveness
from bot.domain.kinds import Level
from bot.domain.load import Life
from bot.domain.quick import quick
from bot.domain.route import Place, hear_loads, matches
from bot.watch.briefs import brief_of
from bot.watch.duty import NOBODY, Called, heard, on_duty
from bot.watch.gather import Case, alert_from, gather
from bot.watch.stops import stops_again, stops_driver
from bot.watch.world import World
from storage.alerts import AlertRecord
from storage.feeds import FeedState
from storage.ids import new_id
from storage.journal import JournalRecord
from storage.outbox import WORD, OutboxRecord
from storage.posts import PostRecord
from storage.routes import RouteRecord
from storage.types import Written
from storage.work import Work

#: Topic of the post in a driver's own chat.
DRIVER = "driver"
#: What a driver is asked himself; the rest is asked of dispatch.
_OF_DRIVER = ("papers", "arrived", "crossed")
_OF_DISPATCH = ("word", "crossed")
_ENDS = frozenset({Event.CLEARED, Event.CLOSED})


@quick
@dataclass(frozen=True, slots=True)
class Telling:
    """One load's news: what to say, and whether its cards show something older than this."""

    case: Case
    found: Assessment
    alert: Alert | None
    record: AlertRecord | None
    said: tuple[Said, ...]
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Desk:
    """What telling several loads shares."""

    work: Work
    world: World
    routes: list[RouteRecord]
    drivers: dict[str, Place]
    posts: dict[str, list[PostRecord]]
    called: Mapping[str, Called]


async def tell(work: Work, world: World, tellings: list[Telling], turn: Callable[[str], None] | None = None) -> None:
    """Writes outbox rows and journal entries for these loads, in a constant number of statements.

    Where each is told as of a moment of its own, `turn` sets clock and ears to that of a load.
    """
    called = await on_duty(work, (s for t in tellings for s in t.said))
    tellings = [replace(t, said=heard(t.said, called)) for t in tellings] if called else tellings
    loud = [t for t in tellings if t.record is not None and (t.said or (t.fresh and _stands(t)))]
    asked = [t for t in tellings if _unasked(t)]
    if not loud and not asked:
        return
    desk = await _desk(work, world, loud, [*loud, *asked], called)
    await _ensure(desk, loud)
    cards: dict[int, list[PostRecord]] = {}
    words: list[OutboxRecord] = []
    entries: list[JournalRecord] = []
    for one in loud:
        if one.record is None:
            continue
        if turn is not None:
            turn(one.case.record.id)
        entries += [_entry(work, one, said) for said in one.said]
        urgency = int(one.alert.level) if one.alert else 0
        posts = desk.posts.get(one.record.id, [])
        cards.setdefault(urgency, []).extend(posts)
        words += [*_words(desk, one, posts), *_stops_again(desk, one, posts)]
    for one in asked:
        if turn is not None:
            turn(one.case.record.id)
        words += await _questions(desk, one)
    for urgency, posts in cards.items():
        await work.outbox.cards(posts, world.machine(), urgency)
    await work.outbox.words(words)
    await work.log.add(entries)


def _stands(one: Telling) -> bool:
    """Whether the conversation goes on: the card of one that ended stays as it is."""
    return one.alert is not None and one.alert.state not in ENDED


async def _desk(
    work: Work, world: World, loud: list[Telling], all_: list[Telling], called: Mapping[str, Called]
) -> _Desk:
    drivers = {t.case.record.driver_id for t in all_ if t.case.record.driver_id}
    places: dict[str, Place] = {}
    if drivers:
        for person, accounts in (await work.people.accounts(d for d in drivers if d)).items():
            for account in accounts:
                if account.door == world.drivers_door:
                    places[person] = Place(account.door, account.workspace, account.external)
    posts: dict[str, list[PostRecord]] = {}
    for post in await work.posts.of_alerts([t.record.id for t in loud if t.record]):
        if post.ended_at is None:  # else its place is gone
            posts.setdefault(post.alert_id or "", []).append(post)
    return _Desk(work, world, await work.routes.on(), places, posts, called)


async def _ensure(desk: _Desk, loud: list[Telling]) -> None:
    """Makes the posts that are missing: a place that hears the load, and the driver once he must stop."""
    missing: list[PostRecord] = []
    for one in loud:
        if one.record is None or one.alert is None or one.alert.state in ENDED:
            continue
        there = {p.place for p in desk.posts.get(one.record.id, ())}
        missing += [_post(one, place, "") for place in _places(desk.routes, one.case) if place not in there]
        driver = desk.drivers.get(one.case.record.driver_id or "")
        if driver and driver not in there and stops_driver(one.found, one.alert, desk.world, desk.work.carrier):
            missing.append(_post(one, driver, DRIVER))
    for post in await desk.work.posts.ensure(missing) if missing else ():
        desk.posts.setdefault(post.alert_id or "", []).append(post)


def _post(one: Telling, place: Place, topic: str) -> PostRecord:
    alert = one.record.id if one.record else None
    return PostRecord(
        new_id(), place.door, place.workspace, place.external, alert, one.case.record.id, topic, wanted_version=0
    )


def _places(routes: Iterable[RouteRecord], case: Case) -> list[Place]:
    """Places that hear a load; one that nobody asked for is heard by all that hear any (a silent miss is worse)."""
    record = case.record
    brokers = [s.broker for s in case.load.shipments if s.broker]
    on = hear_loads(routes)
    asked = [
        r
        for r in on
        if matches(r.matchers, direction=record.direction.value, crossing=record.crossing, brokers=brokers)
    ]
    return [replace(r.place, name="") for r in asked or on]


def _words(desk: _Desk, one: Telling, posts: list[PostRecord]) -> list[OutboxRecord]:
    """Each event as a word in each place; the raise is the card itself."""
    if one.record is None or not one.said:
        return []
    brief = brief_of(desk.work.carrier, desk.world, one.case, one.found, one.alert, desk.work.now)
    rows = []
    for said in one.said:
        for post in posts:
            if said.event is Event.RAISED or (post.topic == DRIVER and said.event not in _ENDS):
                continue
            more = {"topic": post.topic} if post.topic else _calls(desk, said, post.place)
            content = _content(_told(said, brief, desk.work, more))
            rows.append(_row(desk, post.place, f"post:{post.id}", one, said, content, post))
        if said.event is Event.ESCALATED:
            here = [post.place for post in posts if not post.topic]
            for _person, place in desk.called.get(said.why, NOBODY).elsewhere(here):
                content = _content(_told(said, brief, desk.work, _calls(desk, said, place)))
                rows.append(_row(desk, place, f"call:{one.record.id}:{place.external}", one, said, content, None))
    return rows


def _stops_again(desk: _Desk, one: Telling, posts: list[PostRecord]) -> list[OutboxRecord]:
    """A card that stands in a driver's chat is only edited: that he must stop again is said there."""
    place = desk.drivers.get(one.case.record.driver_id or "")
    stands = [p for p in posts if p.topic == DRIVER and p.ref and p.place == place]
    if not stands or not stops_again(one.case, one.found, one.alert, desk.world, desk.work.carrier):
        return []
    said = Said(Event.REOPENED, one.found.level or Level.URGENT)
    brief = brief_of(desk.work.carrier, desk.world, one.case, one.found, one.alert, desk.work.now)
    content = _content(_told(said, brief, desk.work, {"topic": DRIVER}))
    return [_row(desk, post.place, f"post:{post.id}", one, said, content, post) for post in stands]


def _calls(desk: _Desk, said: Said, place: Place) -> dict[str, str]:
    """Whom an escalation calls in a place, and by what names."""
    called = desk.called.get(said.why, NOBODY) if said.event is Event.ESCALATED else NOBODY
    return {"names": called.names, "calls": called.at(place)} if called.people else {}


def _content(told: Told) -> Written:
    return Written(told_to_text(told))


def _told(said: Said, brief: Brief, work: Work, more: dict[str, str]) -> Told:
    return Told(said.event.value, int(said.level), work.now, brief, said.about, said.why, more)


def _row(
    desk: _Desk, place: Place, lane: str, one: Telling, said: Said, content: Written, post: PostRecord | None
) -> OutboxRecord:
    now = desk.world.machine()
    return OutboxRecord(
        id=new_id(),
        kind=WORD,
        door=place.door,
        workspace=place.workspace,
        external=place.external,
        lane=lane,
        made_at=now,
        next_at=now,
        post_id=post.id if post else None,
        alert_id=one.record.id if one.record else None,
        load_id=one.case.record.id,
        urgency=int(said.level),
        content=content,
        broadcast=said.event in ALOUD,
    )


def _asks(one: Telling) -> dict[str, str]:
    """Questions that stand, by a name that is new when the ETA moved: each is asked once."""
    return {f"{ask}@{one.found.eta.isoformat()}": ask for ask in one.found.asks if ask != "eta"}


def _unasked(one: Telling) -> bool:
    asked = one.case.record.extra.get("asked", ())
    return one.case.record.life is Life.OPEN and not one.found.ended and any(k not in asked for k in _asks(one))


async def _questions(desk: _Desk, one: Telling) -> list[OutboxRecord]:
    """Asks the driver and dispatch what only they know (T1, T7, F4), and remembers that it was asked."""
    asked = list(one.case.record.extra.get("asked", ()))
    brief = brief_of(desk.work.carrier, desk.world, one.case, one.found, one.alert, desk.work.now)
    driver = desk.drivers.get(one.case.record.driver_id or "")
    rows = []
    for key, ask in _asks(one).items():
        if key in asked:
            continue
        asked.append(key)
        what, _, shipment = ask.partition(":")
        said = Said(Event.ASKED, one.found.level or Level.LATE, why=what)
        more = {"ask": what, "shipment": shipment}
        places = [(driver, DRIVER)] if driver and what in _OF_DRIVER else []
        places += [(p, "") for p in _places(desk.routes, one.case)] if what in _OF_DISPATCH else []
        for place, topic in places:
            if place is not None:
                content = _content(_told(said, brief, desk.work, more | {"topic": topic}))
                lane = f"ask:{one.case.record.id}:{place.external}"
                rows.append(_row(desk, place, lane, one, said, content, None))
    await desk.work.loads.change(one.case.record.id, extra={**one.case.record.extra, "asked": asked[-20:]})
    return rows


def _entry(work: Work, one: Telling, said: Said) -> JournalRecord:
    kinds = sorted({h.kind.value for h in one.found.standing})
    words = {"level": int(said.level), "kinds": kinds, "why": said.why, "answer": one.found.answer.value}
    return JournalRecord(new_id(), one.case.record.id, work.now, "holdwatch", said.event.value, words)


async def post_open(work: Work, world: World) -> int:
    """Has the card of every open alert stand in every place that hears its load; how many alerts there are."""
    loads = [a.load_id for a in await work.alerts.open(1000)]
    tellings = []
    for case in await gather(work, world, loads):
        found = assess(case.load, case.facts, world.carriers[work.carrier].policy, work.now)
        tellings.append(Telling(case, found, alert_from(case.alert), case.alert, (), fresh=True))
    await tell(work, world, tellings)
    return len(tellings)


async def tell_feed(work: Work, world: World, feed: str, standing: Liveness, before: FeedState) -> None:
    """A dead feed posts one card of its own in every place; its return edits it and is told once (C3)."""
    topic = f"feed:{feed}"
    posts = (await work.posts.of_topics([topic])).get(topic, [])
    if standing is Liveness.DEAD:
        places = {replace(r.place, name="") for r in hear_loads(await work.routes.on())}
        fresh = [PostRecord(new_id(), p.door, p.workspace, p.external, topic=topic, wanted_version=0) for p in places]
        posts = await work.posts.ensure(fresh) if fresh else []
    await work.outbox.cards(posts, world.machine(), int(Level.URGENT))
    if standing is not Liveness.DEAD:
        await work.outbox.words(_feed_word(world, work, post, feed, before) for post in posts)
        await work.posts.end([p.id for p in posts], work.now)
    words = {"feed": feed, "state": standing.value}
    await work.log.add([JournalRecord(new_id(), None, work.now, "holdwatch", "feed", words)])


def _feed_word(world: World, work: Work, post: PostRecord, feed: str, before: FeedState) -> OutboxRecord:
    now = world.machine()
    content = {"feed": feed, "blind_from": before.since.isoformat(), "blind_until": work.now.isoformat()}
    return OutboxRecord(
        new_id(), WORD, post.door, post.workspace, post.external, f"post:{post.id}", now, now, post.id,
        urgency=int(Level.WARN), content=content, broadcast=True,
    )  # fmt: skip
